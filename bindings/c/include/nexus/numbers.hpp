/* The numbers of C, as types.
 *
 * Generated from the core's lists; a test compares it with them. To generate it again: NEXUS_REWRITE=1 cargo test -p
 * nexus-ffi --test header
 */
#ifndef NEXUS_NUMBERS_HPP
#define NEXUS_NUMBERS_HPP

#include <nexus.h>

#include <cstdint>

namespace nexus {

/* The known statuses, by the API's own numbers. */
enum class KnownStatus : std::int32_t {
    /* The verification process has started. */
    Initiated = NEXUS_STATUS_INITIATED,
    /* The deposits have been requested from the microdeposit provider. */
    Requested = NEXUS_STATUS_REQUESTED,
    /* The deposits are in the account and ready to be verified. */
    Deposited = NEXUS_STATUS_DEPOSITED,
    /* The right amounts were submitted: the account is verified. */
    Verified = NEXUS_STATUS_VERIFIED,
    /* The deposits could not be made, typically because of an ACH error at the provider. */
    Errored = NEXUS_STATUS_ERRORED,
    /* The amounts that were submitted are wrong; submissions are left. */
    Denied = NEXUS_STATUS_DENIED,
    /* Too many wrong submissions: this microdeposit is locked. */
    Prevented = NEXUS_STATUS_PREVENTED,
    /* There is already a microdeposit for this account. */
    Conflicted = NEXUS_STATUS_CONFLICTED,
    /* Validation at MX failed, or the provider refused something. */
    Rejected = NEXUS_STATUS_REJECTED,
    /* Names and e-mail are known; the account details are not yet. */
    Preinitiated = NEXUS_STATUS_PREINITIATED,
};

/* The types of account, by the API's own numbers. */
enum class AccountType : std::int32_t {
    /* A checking account: `CHECKING`. */
    Checking = NEXUS_ACCOUNT_TYPE_CHECKING,
    /* A savings account: `SAVINGS`. */
    Savings = NEXUS_ACCOUNT_TYPE_SAVINGS,
};

/* The fields of a record, by the numbers that Microdeposit::expose takes. Numbers are never reused. */
enum class Field : std::int32_t {
    /* The name of the account. */
    AccountName = NEXUS_FIELD_ACCOUNT_NAME,
    /* The account number. */
    AccountNumber = NEXUS_FIELD_ACCOUNT_NUMBER,
    /* 1 for CHECKING, 2 for SAVINGS. */
    AccountType = NEXUS_FIELD_ACCOUNT_TYPE,
    /* `CHECKING` or `SAVINGS`. */
    AccountTypeName = NEXUS_FIELD_ACCOUNT_TYPE_NAME,
    /* When it was created. */
    CreatedAt = NEXUS_FIELD_CREATED_AT,
    /* The person's e-mail address. */
    Email = NEXUS_FIELD_EMAIL,
    /* A code, where something failed. */
    ErrorCode = NEXUS_FIELD_ERROR_CODE,
    /* A message, where something failed. It may repeat what it complains of, so it is private. */
    ErrorMessage = NEXUS_FIELD_ERROR_MESSAGE,
    /* The person's first name. */
    FirstName = NEXUS_FIELD_FIRST_NAME,
    /* The identifier. */
    Guid = NEXUS_FIELD_GUID,
    /* The bank's name. */
    InstitutionName = NEXUS_FIELD_INSTITUTION_NAME,
    /* The person's last name. */
    LastName = NEXUS_FIELD_LAST_NAME,
    /* The routing number. */
    RoutingNumber = NEXUS_FIELD_ROUTING_NUMBER,
    /* Where it stands. */
    Status = NEXUS_FIELD_STATUS,
    /* The name of the status as it came. None where it contradicts the number or itself: status is contradictory
     * then, and keeps what came. */
    StatusName = NEXUS_FIELD_STATUS_NAME,
    /* When it last changed. */
    UpdatedAt = NEXUS_FIELD_UPDATED_AT,
    /* When it went from DEPOSITED to VERIFIED. MX's examples carry it in other statuses too, so it proves nothing. */
    VerifiedAt = NEXUS_FIELD_VERIFIED_AT,
};

/* The outcome of a submission. Every other result is an error. */
enum class Verdict : std::int32_t {
    /* The account is the person's: the status is VERIFIED. */
    Verified = NEXUS_VERDICT_VERIFIED,
    /* These amounts were judged wrong, and submissions are left: the status is DENIED, by this submission. */
    Denied = NEXUS_VERDICT_DENIED,
    /* Judged wrong, and no submission is left: the status is PREVENTED. */
    Locked = NEXUS_VERDICT_LOCKED,
    /* The server has accepted the amounts and has not judged them yet. */
    Pending = NEXUS_VERDICT_PENDING,
};

/* An assumption about MX's server, not documented by MX, that a result rests on; Assumptions can switch each off.
 * Numbers are never reused; new ones may come. */
enum class Assumption : std::int32_t {
    /* A refusal of this HTTP status is given before anything is done. */
    RefusedBeforeActing = NEXUS_ASSUMPTION_REFUSED_BEFORE_ACTING,
    /* A wrong submission moves updated_at, and nothing else does. */
    UpdatedAtShowsDenial = NEXUS_ASSUMPTION_UPDATED_AT_SHOWS_DENIAL,
    /* A submission that was taken is judged within this time. */
    JudgedWithin = NEXUS_ASSUMPTION_JUDGED_WITHIN,
    /* A list without a sign of more shows every microdeposit, new ones at once. */
    ListsShowAll = NEXUS_ASSUMPTION_LISTS_SHOW_ALL,
    /* A server does not act on a request later than this after its sender gave up. */
    ServerGrace = NEXUS_ASSUMPTION_SERVER_GRACE,
};

/* Why no usable response came, if it is known. Numbers are never reused; new ones may come. */
enum class TransportCause : std::int32_t {
    /* The name service gave no address for the host. */
    NameNotFound = NEXUS_CAUSE_NAME_NOT_FOUND,
    /* The name service had not responded when the time was up. */
    NameServiceSilent = NEXUS_CAUSE_NAME_SERVICE_SILENT,
    /* No process listens at the address, or a firewall refused the connection. */
    Refused = NEXUS_CAUSE_REFUSED,
    /* No route leads to the address. */
    Unreachable = NEXUS_CAUSE_UNREACHABLE,
    /* The peer or a device in between reset the connection. */
    Reset = NEXUS_CAUSE_RESET,
    /* The peer closed the connection before the response was complete. */
    Closed = NEXUS_CAUSE_CLOSED,
    /* No file descriptor is left to this process or this machine. */
    NoFiles = NEXUS_CAUSE_NO_FILES,
    /* No memory, thread or port is left on this machine. */
    NoResources = NEXUS_CAUSE_NO_RESOURCES,
    /* This machine does not permit the connection. */
    NotPermitted = NEXUS_CAUSE_NOT_PERMITTED,
    /* The proxy refused or failed to connect. */
    ProxyRefused = NEXUS_CAUSE_PROXY_REFUSED,
    /* The server's certificate has expired, or this machine's clock is wrong. */
    CertificateExpired = NEXUS_CAUSE_CERTIFICATE_EXPIRED,
    /* The server's certificate is not valid yet, or this machine's clock is wrong. */
    CertificateNotYetValid = NEXUS_CAUSE_CERTIFICATE_NOT_YET_VALID,
    /* The server's certificate chain ends at no trusted root. */
    UnknownIssuer = NEXUS_CAUSE_UNKNOWN_ISSUER,
    /* The server's certificate is for another host. */
    NameMismatch = NEXUS_CAUSE_NAME_MISMATCH,
    /* Anything else about the server's certificate. */
    CertificateInvalid = NEXUS_CAUSE_CERTIFICATE_INVALID,
    /* The server requires a client certificate, or refused the one it got. */
    ClientCertificate = NEXUS_CAUSE_CLIENT_CERTIFICATE,
    /* Anything else in TLS: no version or cipher in common, or a peer that does not speak it. */
    TlsOther = NEXUS_CAUSE_TLS_OTHER,
    /* The latest moment for sending had passed, by the wall clock, before anything was sent. */
    TooLate = NEXUS_CAUSE_TOO_LATE,
    /* A panic in this library or in one that it uses, which was caught. */
    Internal = NEXUS_CAUSE_INTERNAL,
};

namespace detail {

/* The last of the known statuses, which are numbered from 0 without a gap. */
constexpr KnownStatus LAST_STATUS = KnownStatus::Preinitiated;

} // namespace detail

} // namespace nexus

#endif
