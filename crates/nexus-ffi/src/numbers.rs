//! The numbers of C.
//!
//! Generated from the core's lists; a test compares it with them. To generate it again: NEXUS_REWRITE=1 cargo test -p
//! nexus-ffi --test header

/// The known statuses, by the API's own numbers.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)]
pub enum nexus_status {
    /// The verification process has started.
    NEXUS_STATUS_INITIATED = 0,
    /// The deposits have been requested from the microdeposit provider.
    NEXUS_STATUS_REQUESTED = 1,
    /// The deposits are in the account and ready to be verified.
    NEXUS_STATUS_DEPOSITED = 2,
    /// The right amounts were submitted: the account is verified.
    NEXUS_STATUS_VERIFIED = 3,
    /// The deposits could not be made, typically because of an ACH error at the provider.
    NEXUS_STATUS_ERRORED = 4,
    /// The amounts that were submitted are wrong; submissions are left.
    NEXUS_STATUS_DENIED = 5,
    /// Too many wrong submissions: this microdeposit is locked.
    NEXUS_STATUS_PREVENTED = 6,
    /// There is already a microdeposit for this account.
    NEXUS_STATUS_CONFLICTED = 7,
    /// Validation at MX failed, or the provider refused something.
    NEXUS_STATUS_REJECTED = 8,
    /// Names and e-mail are known; the account details are not yet.
    NEXUS_STATUS_PREINITIATED = 9,
}

/// The types of account, by the API's own numbers.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)]
pub enum nexus_account_type {
    /// A checking account: `CHECKING`.
    NEXUS_ACCOUNT_TYPE_CHECKING = 1,
    /// A savings account: `SAVINGS`.
    NEXUS_ACCOUNT_TYPE_SAVINGS = 2,
}

/// The operations of the API. Numbers are never reused.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)]
pub enum nexus_operation {
    /// `POST /micro_deposits` with account details.
    NEXUS_OPERATION_CREATE = 1,
    /// `POST /micro_deposits` with the person only.
    NEXUS_OPERATION_PREINITIATE = 2,
    /// `GET /micro_deposits`, of later pages with `?page=n`.
    NEXUS_OPERATION_LIST = 3,
    /// `GET /micro_deposits/{guid}`.
    NEXUS_OPERATION_READ = 4,
    /// `PUT /micro_deposits/{guid}`.
    NEXUS_OPERATION_VERIFY = 5,
    /// `POST /sessions`.
    NEXUS_OPERATION_OPEN_SESSION = 6,
    /// `GET /{client_id}/users/{user_id}/api_token.json` (SSO).
    NEXUS_OPERATION_API_TOKEN = 7,
    /// `POST /{client_id}/users/{user_id}/urls.json` (SSO).
    NEXUS_OPERATION_WIDGET_URL = 8,
}

/// What can happen to a microdeposit. Numbers are never reused.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)]
pub enum nexus_event {
    /// Created with all account details.
    NEXUS_EVENT_CREATED = 1,
    /// Created with the person only.
    NEXUS_EVENT_PREINITIATED = 2,
    /// Created, or given account details in the widget, and refused in the same response.
    NEXUS_EVENT_CREATE_REJECTED = 3,
    /// Created, or given account details in the widget, beside another one for the same account.
    NEXUS_EVENT_CREATE_CONFLICTED = 4,
    /// Created, or given account details in the widget, and failed in the same response.
    NEXUS_EVENT_CREATE_ERRORED = 5,
    /// The person gave account details in the widget.
    NEXUS_EVENT_ACCOUNT_SUBMITTED = 6,
    /// The person chose an institution that supports IAV.
    NEXUS_EVENT_IAV_CHOSEN = 7,
    /// The provider accepted the request.
    NEXUS_EVENT_REQUESTED = 8,
    /// The deposits arrived.
    NEXUS_EVENT_LANDED = 9,
    /// The deposits could not be made.
    NEXUS_EVENT_FAILED = 10,
    /// MX or the provider refused it after creation.
    NEXUS_EVENT_REJECTED = 11,
    /// The right amounts were submitted.
    NEXUS_EVENT_AMOUNTS_RIGHT = 12,
    /// Wrong amounts were submitted.
    NEXUS_EVENT_AMOUNTS_WRONG = 13,
    /// Wrong amounts were submitted and no submission is left.
    NEXUS_EVENT_LOCKED_OUT = 14,
    /// 21 days passed in INITIATED, REQUESTED or DEPOSITED.
    NEXUS_EVENT_EXPIRED = 15,
}

/// The fields of a record, by the numbers that nexus_microdeposit_expose takes. Numbers are never reused.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)]
pub enum nexus_field {
    /// The name of the account.
    NEXUS_FIELD_ACCOUNT_NAME = 0,
    /// The account number.
    NEXUS_FIELD_ACCOUNT_NUMBER = 1,
    /// 1 for CHECKING, 2 for SAVINGS.
    NEXUS_FIELD_ACCOUNT_TYPE = 2,
    /// `CHECKING` or `SAVINGS`.
    NEXUS_FIELD_ACCOUNT_TYPE_NAME = 3,
    /// When it was created.
    NEXUS_FIELD_CREATED_AT = 4,
    /// The person's e-mail address.
    NEXUS_FIELD_EMAIL = 5,
    /// A code, where something failed.
    NEXUS_FIELD_ERROR_CODE = 6,
    /// A message, where something failed. It may repeat what it complains of, so it is private.
    NEXUS_FIELD_ERROR_MESSAGE = 7,
    /// The person's first name.
    NEXUS_FIELD_FIRST_NAME = 8,
    /// The identifier.
    NEXUS_FIELD_GUID = 9,
    /// The bank's name.
    NEXUS_FIELD_INSTITUTION_NAME = 10,
    /// The person's last name.
    NEXUS_FIELD_LAST_NAME = 11,
    /// The routing number.
    NEXUS_FIELD_ROUTING_NUMBER = 12,
    /// Where it stands.
    NEXUS_FIELD_STATUS = 13,
    /// The name of the status as it came. None where it contradicts the number or itself: status is contradictory then,
    /// and keeps what came.
    NEXUS_FIELD_STATUS_NAME = 14,
    /// When it last changed.
    NEXUS_FIELD_UPDATED_AT = 15,
    /// When it went from DEPOSITED to VERIFIED. MX's examples carry it in other statuses too, so it proves nothing.
    NEXUS_FIELD_VERIFIED_AT = 16,
}

/// The outcome of a submission. Every other result is an error.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)]
pub enum nexus_verdict {
    /// The account is the person's: the status is VERIFIED.
    NEXUS_VERDICT_VERIFIED = 1,
    /// These amounts were judged wrong, and submissions are left: the status is DENIED, by this submission.
    NEXUS_VERDICT_DENIED = 2,
    /// Judged wrong, and no submission is left: the status is PREVENTED.
    NEXUS_VERDICT_LOCKED = 3,
    /// The server has accepted the amounts and has not judged them yet.
    NEXUS_VERDICT_PENDING = 4,
}

/// An assumption about MX's server, not documented by MX, that a result rests on; nexus_assumptions can switch each
/// off. Numbers are never reused; new ones may come.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)]
pub enum nexus_assumption {
    /// None: the response proves the result.
    NEXUS_ASSUMPTION_NONE = 0,
    /// A refusal of this HTTP status is given before anything is done.
    NEXUS_ASSUMPTION_REFUSED_BEFORE_ACTING = 1,
    /// A wrong submission moves updated_at, and nothing else does.
    NEXUS_ASSUMPTION_UPDATED_AT_SHOWS_DENIAL = 2,
    /// A submission that was taken is judged within this time.
    NEXUS_ASSUMPTION_JUDGED_WITHIN = 3,
    /// A list without a sign of more shows every microdeposit, new ones at once.
    NEXUS_ASSUMPTION_LISTS_SHOW_ALL = 4,
    /// A server does not act on a request later than this after its sender gave up.
    NEXUS_ASSUMPTION_SERVER_GRACE = 5,
}

/// Why no usable response came, if it is known. Numbers are never reused; new ones may come.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)]
pub enum nexus_transport_cause {
    /// Not known, or a response came.
    NEXUS_CAUSE_NONE = 0,
    /// The name service gave no address for the host.
    NEXUS_CAUSE_NAME_NOT_FOUND = 1,
    /// The name service had not responded when the time was up.
    NEXUS_CAUSE_NAME_SERVICE_SILENT = 2,
    /// No process listens at the address, or a firewall refused the connection.
    NEXUS_CAUSE_REFUSED = 3,
    /// No route leads to the address.
    NEXUS_CAUSE_UNREACHABLE = 4,
    /// The peer or a device in between reset the connection.
    NEXUS_CAUSE_RESET = 5,
    /// The peer closed the connection before the response was complete.
    NEXUS_CAUSE_CLOSED = 6,
    /// No file descriptor is left to this process or this machine.
    NEXUS_CAUSE_NO_FILES = 7,
    /// No memory, thread or port is left on this machine.
    NEXUS_CAUSE_NO_RESOURCES = 8,
    /// This machine does not permit the connection.
    NEXUS_CAUSE_NOT_PERMITTED = 9,
    /// The proxy refused or failed to connect.
    NEXUS_CAUSE_PROXY_REFUSED = 10,
    /// The server's certificate has expired, or this machine's clock is wrong.
    NEXUS_CAUSE_CERTIFICATE_EXPIRED = 11,
    /// The server's certificate is not valid yet, or this machine's clock is wrong.
    NEXUS_CAUSE_CERTIFICATE_NOT_YET_VALID = 12,
    /// The server's certificate chain ends at no trusted root.
    NEXUS_CAUSE_UNKNOWN_ISSUER = 13,
    /// The server's certificate is for another host.
    NEXUS_CAUSE_NAME_MISMATCH = 14,
    /// Anything else about the server's certificate.
    NEXUS_CAUSE_CERTIFICATE_INVALID = 15,
    /// The server requires a client certificate, or refused the one it got.
    NEXUS_CAUSE_CLIENT_CERTIFICATE = 16,
    /// Anything else in TLS: no version or cipher in common, or a peer that does not speak it.
    NEXUS_CAUSE_TLS_OTHER = 17,
    /// The latest moment for sending had passed, by the wall clock, before anything was sent.
    NEXUS_CAUSE_TOO_LATE = 18,
    /// A panic in this library or in one that it uses, which was caught.
    NEXUS_CAUSE_INTERNAL = 19,
}

/// The result of a function: 0, or the kind of error. The hundreds are the group: 1 input, 2 the server's refusal, 3 an
/// unreadable response, 4 status, 5 transport, 6 misuse of this interface. Numbers are never reused; new ones may come.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)]
pub enum nexus_code {
    /// Success: outputs are filled.
    NEXUS_OK = 0,
    /// A value or setting breaks a rule.
    NEXUS_ERROR_INVALID_INPUT = 101,
    /// 400, 422 and every other 4xx without an entry of its own.
    NEXUS_ERROR_BAD_REQUEST = 201,
    /// 401: the session (or, at the SSO host, the key) is not usable. Proves that the request was not carried out.
    NEXUS_ERROR_UNAUTHORIZED = 202,
    /// 403: not allowed from here or for this client.
    NEXUS_ERROR_FORBIDDEN = 203,
    /// 404: unknown, deleted, or not this user's.
    NEXUS_ERROR_NOT_FOUND = 204,
    /// 409: the microdeposit is in a status that does not admit this.
    NEXUS_ERROR_CONFLICT = 205,
    /// 429: too many requests.
    NEXUS_ERROR_RATE_LIMITED = 206,
    /// 5xx: the server failed.
    NEXUS_ERROR_SERVER = 207,
    /// 3xx: a redirect, which is never followed.
    NEXUS_ERROR_REDIRECT = 208,
    /// Any other status, such as 1xx.
    NEXUS_ERROR_UNEXPECTED_STATUS = 209,
    /// 404 of the session or SSO API: Nexus is not enabled for this client, or the user is unknown there.
    NEXUS_ERROR_NOT_ENABLED = 210,
    /// The body is not JSON, or was cut short.
    NEXUS_ERROR_NOT_JSON = 301,
    /// A value has a JSON type that cannot be read.
    NEXUS_ERROR_WRONG_SHAPE = 302,
    /// A required part is absent.
    NEXUS_ERROR_MISSING_FIELD = 303,
    /// It holds another microdeposit than the requested one.
    NEXUS_ERROR_ANOTHER_RECORD = 304,
    /// A status from which nothing can be concluded about the submission: an early one, an unknown one, or a number and
    /// a name that contradict each other.
    NEXUS_ERROR_UNFORESEEN_STATUS = 305,
    /// The list shows a sign that there is more of it, and the rest could not be fetched.
    NEXUS_ERROR_INCOMPLETE_LIST = 306,
    /// Its status admits no submission.
    NEXUS_ERROR_NOT_VERIFIABLE = 401,
    /// The wait's own time limit was reached.
    NEXUS_ERROR_WAIT_TIMED_OUT = 402,
    /// It reached a status from which the wanted one cannot follow.
    NEXUS_ERROR_WAIT_ENDED = 403,
    /// No such move from its present status.
    NEXUS_ERROR_NOT_ALLOWED = 404,
    /// The microdeposit itself failed (ERRORED, CONFLICTED or REJECTED); the amounts were not judged.
    NEXUS_ERROR_MICRODEPOSIT_FAILED = 405,
    /// Another submission for the same microdeposit may still be acted on.
    NEXUS_ERROR_SUBMISSION_OPEN = 406,
    /// An earlier request with the same key got no usable response, and its outcome is still unknown.
    NEXUS_ERROR_UNSETTLED = 407,
    /// The journal cannot be read or written.
    NEXUS_ERROR_JOURNAL_UNUSABLE = 408,
    /// No connection was made, so nothing was sent.
    NEXUS_ERROR_CONNECT = 501,
    /// A time limit was reached.
    NEXUS_ERROR_TIMEOUT = 502,
    /// The connection broke.
    NEXUS_ERROR_IO = 503,
    /// TLS could not be established or the certificate was not accepted; nothing was sent.
    NEXUS_ERROR_TLS = 504,
    /// The response is larger than the limit.
    NEXUS_ERROR_TOO_LARGE = 505,
    /// The caller cancelled.
    NEXUS_ERROR_CANCELLED = 506,
    /// The peer does not speak HTTP as agreed.
    NEXUS_ERROR_PROTOCOL = 507,
    /// A pointer that must not be NULL is.
    NEXUS_ERROR_NULL_POINTER = 601,
    /// A handle that was never given out, is of another type, or is freed.
    NEXUS_ERROR_BAD_HANDLE = 602,
    /// Text that is not UTF-8.
    NEXUS_ERROR_BAD_UTF8 = 603,
    /// A defect in this library; it was caught at the border.
    NEXUS_ERROR_PANIC = 604,
}

impl nexus_code {
    /// Every code but success.
    pub(crate) const ALL: &[nexus_code] = &[
        nexus_code::NEXUS_ERROR_INVALID_INPUT,
        nexus_code::NEXUS_ERROR_BAD_REQUEST,
        nexus_code::NEXUS_ERROR_UNAUTHORIZED,
        nexus_code::NEXUS_ERROR_FORBIDDEN,
        nexus_code::NEXUS_ERROR_NOT_FOUND,
        nexus_code::NEXUS_ERROR_CONFLICT,
        nexus_code::NEXUS_ERROR_RATE_LIMITED,
        nexus_code::NEXUS_ERROR_SERVER,
        nexus_code::NEXUS_ERROR_REDIRECT,
        nexus_code::NEXUS_ERROR_UNEXPECTED_STATUS,
        nexus_code::NEXUS_ERROR_NOT_ENABLED,
        nexus_code::NEXUS_ERROR_NOT_JSON,
        nexus_code::NEXUS_ERROR_WRONG_SHAPE,
        nexus_code::NEXUS_ERROR_MISSING_FIELD,
        nexus_code::NEXUS_ERROR_ANOTHER_RECORD,
        nexus_code::NEXUS_ERROR_UNFORESEEN_STATUS,
        nexus_code::NEXUS_ERROR_INCOMPLETE_LIST,
        nexus_code::NEXUS_ERROR_NOT_VERIFIABLE,
        nexus_code::NEXUS_ERROR_WAIT_TIMED_OUT,
        nexus_code::NEXUS_ERROR_WAIT_ENDED,
        nexus_code::NEXUS_ERROR_NOT_ALLOWED,
        nexus_code::NEXUS_ERROR_MICRODEPOSIT_FAILED,
        nexus_code::NEXUS_ERROR_SUBMISSION_OPEN,
        nexus_code::NEXUS_ERROR_UNSETTLED,
        nexus_code::NEXUS_ERROR_JOURNAL_UNUSABLE,
        nexus_code::NEXUS_ERROR_CONNECT,
        nexus_code::NEXUS_ERROR_TIMEOUT,
        nexus_code::NEXUS_ERROR_IO,
        nexus_code::NEXUS_ERROR_TLS,
        nexus_code::NEXUS_ERROR_TOO_LARGE,
        nexus_code::NEXUS_ERROR_CANCELLED,
        nexus_code::NEXUS_ERROR_PROTOCOL,
        nexus_code::NEXUS_ERROR_NULL_POINTER,
        nexus_code::NEXUS_ERROR_BAD_HANDLE,
        nexus_code::NEXUS_ERROR_BAD_UTF8,
        nexus_code::NEXUS_ERROR_PANIC,
    ];
}
