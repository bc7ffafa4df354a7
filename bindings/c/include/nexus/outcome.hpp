/* The outcomes of submissions and creates, the assumptions behind them, and the causes of failed exchanges. */
#ifndef NEXUS_OUTCOME_HPP
#define NEXUS_OUTCOME_HPP

#include "record.hpp"

namespace nexus {

/* The verdict on the two amounts. Every other outcome is an error. */
enum class Verdict : std::int32_t {
    /* The account is the person's. */
    Verified = NEXUS_VERDICT_VERIFIED,
    /* These amounts were judged wrong, and submissions are left. */
    Denied = NEXUS_VERDICT_DENIED,
    /* Judged wrong, and no submission is left. */
    Locked = NEXUS_VERDICT_LOCKED,
    /* Taken and not judged yet: do not ask the person again; read the microdeposit later, or wait. */
    Pending = NEXUS_VERDICT_PENDING,
};

/* Such as "denied". */
[[nodiscard]] inline std::string_view name(Verdict verdict) noexcept
{
    return nexus_verdict_name(static_cast<std::int32_t>(verdict));
}
/* What may be done next, in words for a person. */
[[nodiscard]] inline std::string_view advice(Verdict verdict) noexcept
{
    return nexus_verdict_advice(static_cast<std::int32_t>(verdict));
}

/* What a result can presume about MX's server, which MX has not documented. A later library may know more of them. */
enum class Assumption : std::int32_t {
    RefusedBeforeActing = NEXUS_ASSUMPTION_REFUSED_BEFORE_ACTING,
    UpdatedAtShowsDenial = NEXUS_ASSUMPTION_UPDATED_AT_SHOWS_DENIAL,
    JudgedWithin = NEXUS_ASSUMPTION_JUDGED_WITHIN,
    ListsShowAll = NEXUS_ASSUMPTION_LISTS_SHOW_ALL,
    ServerGrace = NEXUS_ASSUMPTION_SERVER_GRACE,
};

/* Such as "judged_within". */
[[nodiscard]] inline std::string_view name(Assumption assumption) noexcept
{
    return nexus_assumption_name(static_cast<std::int32_t>(assumption));
}
/* What is assumed, in a sentence. */
[[nodiscard]] inline std::string_view text(Assumption assumption) noexcept
{
    return nexus_assumption_text(static_cast<std::int32_t>(assumption));
}

/* Why no usable response came, where that is known. A later library may know more of them. */
enum class TransportCause : std::int32_t {
    NameNotFound = NEXUS_CAUSE_NAME_NOT_FOUND,
    NameServiceSilent = NEXUS_CAUSE_NAME_SERVICE_SILENT,
    Refused = NEXUS_CAUSE_REFUSED,
    Unreachable = NEXUS_CAUSE_UNREACHABLE,
    Reset = NEXUS_CAUSE_RESET,
    Closed = NEXUS_CAUSE_CLOSED,
    NoFiles = NEXUS_CAUSE_NO_FILES,
    NoResources = NEXUS_CAUSE_NO_RESOURCES,
    NotPermitted = NEXUS_CAUSE_NOT_PERMITTED,
    ProxyRefused = NEXUS_CAUSE_PROXY_REFUSED,
    CertificateExpired = NEXUS_CAUSE_CERTIFICATE_EXPIRED,
    CertificateNotYetValid = NEXUS_CAUSE_CERTIFICATE_NOT_YET_VALID,
    UnknownIssuer = NEXUS_CAUSE_UNKNOWN_ISSUER,
    NameMismatch = NEXUS_CAUSE_NAME_MISMATCH,
    CertificateInvalid = NEXUS_CAUSE_CERTIFICATE_INVALID,
    ClientCertificate = NEXUS_CAUSE_CLIENT_CERTIFICATE,
    TlsOther = NEXUS_CAUSE_TLS_OTHER,
    TooLate = NEXUS_CAUSE_TOO_LATE,
    Internal = NEXUS_CAUSE_INTERNAL,
};

/* Such as "certificate_expired". */
[[nodiscard]] inline std::string_view name(TransportCause cause) noexcept
{
    return nexus_transport_cause_name(static_cast<std::int32_t>(cause));
}

inline std::ostream &operator<<(std::ostream &out, Verdict verdict) { return out << name(verdict); }
inline std::ostream &operator<<(std::ostream &out, Assumption assumption) { return out << name(assumption); }
inline std::ostream &operator<<(std::ostream &out, TransportCause cause) { return out << name(cause); }

namespace detail {

/* One of a closed list, where 0 is none. */
template <typename Enum>
std::optional<Enum> one(std::int32_t number) noexcept
{
    return number == 0 ? std::nullopt : std::optional<Enum>{static_cast<Enum>(number)};
}

} // namespace detail

/* How a submission ended, as far as anybody can know it. */
struct Outcome {
    /* Takes what C gives over. */
    explicit Outcome(const nexus_outcome &raw)
        : verdict(static_cast<Verdict>(raw.verdict)), record(raw.record), assumed(detail::one<Assumption>(raw.assumed))
    {
    }
    Verdict verdict;
    /* The record that the verdict rests on. */
    Microdeposit record;
    /* What the verdict presumes beside the record. */
    std::optional<Assumption> assumed;
};

/* A record that a create or pre-initiate has made. It may stand in one of the failed statuses at once. */
struct Created {
    /* Takes what C gives over. */
    explicit Created(const nexus_created &raw) : record(raw.record), assumed(detail::one<Assumption>(raw.assumed)) {}
    Microdeposit record;
    /* What presumes that it is this call's; none where the server's own response brought it. */
    std::optional<Assumption> assumed;
};

} // namespace nexus

#endif
