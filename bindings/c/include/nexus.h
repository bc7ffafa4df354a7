/*
 * libnexus: verify bank accounts through MX's Nexus microdeposits.
 *
 * This file is made from crates/nexus-ffi; do not edit it. bindings/c/README.md says on one screen how to use it.
 *
 * Handles (nexus_client and the like) are made by functions that give one out, and ended by the _free of their type. What
 * is freed, of another type or made up gives NEXUS_ERROR_BAD_HANDLE. A handle is no address.
 *
 * What changes something is sent at most once, and what became of it is told truly: by nexus_client, which carries its own
 * HTTP, and by nexus_flow, which the caller's HTTP library carries. nexus_request is the bare request.
 *
 * Functions return NEXUS_OK (0) or the kind of error. Those that take `nexus_error **error` fill it on failure with all
 * that is known, to be freed; it may be NULL. Outputs are cleared on entry and filled on success only.
 *
 * Texts come in as UTF-8 ended by a NUL, at most 65,536 bytes, and are copied before the call returns. Texts go out as
 * views (nexus_str) that live as long as the handle that they were taken from.
 *
 * Structures may get fields at their end in later versions, so functions that take or fill one are told its size: always
 * sizeof of the structure. Set all of a structure that goes in: begin with `= {0}`, where 0 is every field's default.
 *
 * Threads: all functions may be called from any thread, on the same handle too. What is not allowed is to read a view, or
 * to write an output, while another thread frees its handle. Do not call any function from a signal handler, nor in the
 * child of a fork before exec. Callbacks must return: no exception, no longjmp.
 */

#ifndef NEXUS_H
#define NEXUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * The data API of MX's integration environment, for nexus_client_builder_new.
 */
#define NEXUS_INTEGRATION_URL "https://int-data.moneydesktop.com"

/**
 * The data API of MX's production environment, for nexus_client_builder_new.
 */
#define NEXUS_PRODUCTION_URL "https://data.moneydesktop.com"

/* On Windows, NEXUS_SHARED says that functions come from nexus.dll; the CMake target Nexus::nexus sets it. */
#ifndef NEXUS_API
#if defined(_WIN32) && defined(NEXUS_SHARED)
#define NEXUS_API __declspec(dllimport)
#else
#define NEXUS_API
#endif
#endif

/**
 * The number of this interface, and of the soname. It changes when a function, a field or a number goes or changes. What comes
 * anew leaves it: functions and numbers are added, structures get fields at their end. So a program runs with the library that
 * it was compiled for and with every later one of the same number.
 */
#define NEXUS_ABI_VERSION 1

/**
 * The header's version: the first part of "1.2.3".
 */
#define NEXUS_VERSION_MAJOR 0

/**
 * The second part.
 */
#define NEXUS_VERSION_MINOR 1

/**
 * The third part.
 */
#define NEXUS_VERSION_PATCH 0

/**
 * The header's version as one number, for `#if`: 1002003 for "1.2.3". nexus_version_number gives the library's: a program
 * needs one that is not smaller.
 */
#define NEXUS_VERSION_NUMBER (((NEXUS_VERSION_MAJOR * 1000000) + (NEXUS_VERSION_MINOR * 1000)) + NEXUS_VERSION_PATCH)

/**
 * "There is no such number": in place of a status, account type or instant that a record does not have.
 */
#define NEXUS_NONE INT64_MIN

/**
 * Where a microdeposit is when it has no status: not created yet.
 */
#define NEXUS_POSITION_NOTHING -1

/**
 * Where a microdeposit is when it has no status any more: deleted.
 */
#define NEXUS_POSITION_DELETED -2

/**
 * "No time is long enough", in place of a time in milliseconds.
 */
#define NEXUS_NEVER UINT64_MAX

/**
 * The result of a function: 0, or the kind of error. The hundreds are the group: 1 input, 2 the server's refusal, 3 an
 * unreadable response, 4 status, 5 transport, 6 misuse of this interface. Numbers are never reused; new ones may come.
 */
enum nexus_code
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Success: outputs are filled.
     */
    NEXUS_OK = 0,
    /**
     * A value or setting breaks a rule.
     */
    NEXUS_ERROR_INVALID_INPUT = 101,
    /**
     * 400, 422 and every other 4xx without an entry of its own.
     */
    NEXUS_ERROR_BAD_REQUEST = 201,
    /**
     * 401: the session (or, at the SSO host, the key) is not usable. Proves that the request was not carried out.
     */
    NEXUS_ERROR_UNAUTHORIZED = 202,
    /**
     * 403: not allowed from here or for this client.
     */
    NEXUS_ERROR_FORBIDDEN = 203,
    /**
     * 404: unknown, deleted, or not this user's.
     */
    NEXUS_ERROR_NOT_FOUND = 204,
    /**
     * 409: the microdeposit is in a status that does not admit this.
     */
    NEXUS_ERROR_CONFLICT = 205,
    /**
     * 429: too many requests.
     */
    NEXUS_ERROR_RATE_LIMITED = 206,
    /**
     * 5xx: the server failed.
     */
    NEXUS_ERROR_SERVER = 207,
    /**
     * 3xx: a redirect, which is never followed.
     */
    NEXUS_ERROR_REDIRECT = 208,
    /**
     * Any other status, such as 1xx.
     */
    NEXUS_ERROR_UNEXPECTED_STATUS = 209,
    /**
     * 404 of the session or SSO API: Nexus is not enabled for this client, or the user is unknown there.
     */
    NEXUS_ERROR_NOT_ENABLED = 210,
    /**
     * The body is not JSON, or was cut short.
     */
    NEXUS_ERROR_NOT_JSON = 301,
    /**
     * A value has a JSON type that cannot be read.
     */
    NEXUS_ERROR_WRONG_SHAPE = 302,
    /**
     * A required part is absent.
     */
    NEXUS_ERROR_MISSING_FIELD = 303,
    /**
     * It holds another microdeposit than the requested one.
     */
    NEXUS_ERROR_ANOTHER_RECORD = 304,
    /**
     * A status from which nothing can be concluded about the submission: an early one, an unknown one, or a number and
     * a name that contradict each other.
     */
    NEXUS_ERROR_UNFORESEEN_STATUS = 305,
    /**
     * The list shows a sign that there is more of it, and the rest could not be fetched.
     */
    NEXUS_ERROR_INCOMPLETE_LIST = 306,
    /**
     * Its status admits no submission.
     */
    NEXUS_ERROR_NOT_VERIFIABLE = 401,
    /**
     * The wait's own time limit was reached.
     */
    NEXUS_ERROR_WAIT_TIMED_OUT = 402,
    /**
     * It reached a status from which the wanted one cannot follow.
     */
    NEXUS_ERROR_WAIT_ENDED = 403,
    /**
     * No such move from its present status.
     */
    NEXUS_ERROR_NOT_ALLOWED = 404,
    /**
     * The microdeposit itself failed (ERRORED, CONFLICTED or REJECTED); the amounts were not judged.
     */
    NEXUS_ERROR_MICRODEPOSIT_FAILED = 405,
    /**
     * Another submission for the same microdeposit may still be acted on.
     */
    NEXUS_ERROR_SUBMISSION_OPEN = 406,
    /**
     * An earlier request with the same key got no usable response, and its outcome is still unknown.
     */
    NEXUS_ERROR_UNSETTLED = 407,
    /**
     * The journal cannot be read or written.
     */
    NEXUS_ERROR_JOURNAL_UNUSABLE = 408,
    /**
     * No connection was made, so nothing was sent.
     */
    NEXUS_ERROR_CONNECT = 501,
    /**
     * A time limit was reached.
     */
    NEXUS_ERROR_TIMEOUT = 502,
    /**
     * The connection broke.
     */
    NEXUS_ERROR_IO = 503,
    /**
     * TLS could not be established or the certificate was not accepted; nothing was sent.
     */
    NEXUS_ERROR_TLS = 504,
    /**
     * The response is larger than the limit.
     */
    NEXUS_ERROR_TOO_LARGE = 505,
    /**
     * The caller cancelled.
     */
    NEXUS_ERROR_CANCELLED = 506,
    /**
     * The peer does not speak HTTP as agreed.
     */
    NEXUS_ERROR_PROTOCOL = 507,
    /**
     * A pointer that must not be NULL is.
     */
    NEXUS_ERROR_NULL_POINTER = 601,
    /**
     * A handle that was never given out, is of another type, or is freed.
     */
    NEXUS_ERROR_BAD_HANDLE = 602,
    /**
     * Text that is not UTF-8.
     */
    NEXUS_ERROR_BAD_UTF8 = 603,
    /**
     * A defect in this library; it was caught at the border.
     */
    NEXUS_ERROR_PANIC = 604,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_code nexus_code;
#else
typedef int32_t nexus_code;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What an observer can say of two sightings of the same microdeposit.
 */
enum nexus_sighting
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The same status. (In DENIED there may have been another wrong submission.)
     */
    NEXUS_SIGHTING_SAME = 0,
    /**
     * The table leads from one to the other.
     */
    NEXUS_SIGHTING_MOVED = 1,
    /**
     * The table has no path between the two. The server's status holds all the same.
     */
    NEXUS_SIGHTING_UNFORESEEN = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_sighting nexus_sighting;
#else
typedef int32_t nexus_sighting;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The known statuses, by the API's own numbers.
 */
enum nexus_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The verification process has started.
     */
    NEXUS_STATUS_INITIATED = 0,
    /**
     * The deposits have been requested from the microdeposit provider.
     */
    NEXUS_STATUS_REQUESTED = 1,
    /**
     * The deposits are in the account and ready to be verified.
     */
    NEXUS_STATUS_DEPOSITED = 2,
    /**
     * The right amounts were submitted: the account is verified.
     */
    NEXUS_STATUS_VERIFIED = 3,
    /**
     * The deposits could not be made, typically because of an ACH error at the provider.
     */
    NEXUS_STATUS_ERRORED = 4,
    /**
     * The amounts that were submitted are wrong; submissions are left.
     */
    NEXUS_STATUS_DENIED = 5,
    /**
     * Too many wrong submissions: this microdeposit is locked.
     */
    NEXUS_STATUS_PREVENTED = 6,
    /**
     * There is already a microdeposit for this account.
     */
    NEXUS_STATUS_CONFLICTED = 7,
    /**
     * Validation at MX failed, or the provider refused something.
     */
    NEXUS_STATUS_REJECTED = 8,
    /**
     * Names and e-mail are known; the account details are not yet.
     */
    NEXUS_STATUS_PREINITIATED = 9,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_status nexus_status;
#else
typedef int32_t nexus_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The types of account, by the API's own numbers.
 */
enum nexus_account_type
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * A checking account: `CHECKING`.
     */
    NEXUS_ACCOUNT_TYPE_CHECKING = 1,
    /**
     * A savings account: `SAVINGS`.
     */
    NEXUS_ACCOUNT_TYPE_SAVINGS = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_account_type nexus_account_type;
#else
typedef int32_t nexus_account_type;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The operations of the API. Numbers are never reused.
 */
enum nexus_operation
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * `POST /micro_deposits` with account details.
     */
    NEXUS_OPERATION_CREATE = 1,
    /**
     * `POST /micro_deposits` with the person only.
     */
    NEXUS_OPERATION_PREINITIATE = 2,
    /**
     * `GET /micro_deposits`, of later pages with `?page=n`.
     */
    NEXUS_OPERATION_LIST = 3,
    /**
     * `GET /micro_deposits/{guid}`.
     */
    NEXUS_OPERATION_READ = 4,
    /**
     * `PUT /micro_deposits/{guid}`.
     */
    NEXUS_OPERATION_VERIFY = 5,
    /**
     * `POST /sessions`.
     */
    NEXUS_OPERATION_OPEN_SESSION = 6,
    /**
     * `GET /{client_id}/users/{user_id}/api_token.json` (SSO).
     */
    NEXUS_OPERATION_API_TOKEN = 7,
    /**
     * `POST /{client_id}/users/{user_id}/urls.json` (SSO).
     */
    NEXUS_OPERATION_WIDGET_URL = 8,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_operation nexus_operation;
#else
typedef int32_t nexus_operation;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What can happen to a microdeposit. Numbers are never reused.
 */
enum nexus_event
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Created with all account details.
     */
    NEXUS_EVENT_CREATED = 1,
    /**
     * Created with the person only.
     */
    NEXUS_EVENT_PREINITIATED = 2,
    /**
     * Created, or given account details in the widget, and refused in the same response.
     */
    NEXUS_EVENT_CREATE_REJECTED = 3,
    /**
     * Created, or given account details in the widget, beside another one for the same account.
     */
    NEXUS_EVENT_CREATE_CONFLICTED = 4,
    /**
     * Created, or given account details in the widget, and failed in the same response.
     */
    NEXUS_EVENT_CREATE_ERRORED = 5,
    /**
     * The person gave account details in the widget.
     */
    NEXUS_EVENT_ACCOUNT_SUBMITTED = 6,
    /**
     * The person chose an institution that supports IAV.
     */
    NEXUS_EVENT_IAV_CHOSEN = 7,
    /**
     * The provider accepted the request.
     */
    NEXUS_EVENT_REQUESTED = 8,
    /**
     * The deposits arrived.
     */
    NEXUS_EVENT_LANDED = 9,
    /**
     * The deposits could not be made.
     */
    NEXUS_EVENT_FAILED = 10,
    /**
     * MX or the provider refused it after creation.
     */
    NEXUS_EVENT_REJECTED = 11,
    /**
     * The right amounts were submitted.
     */
    NEXUS_EVENT_AMOUNTS_RIGHT = 12,
    /**
     * Wrong amounts were submitted.
     */
    NEXUS_EVENT_AMOUNTS_WRONG = 13,
    /**
     * Wrong amounts were submitted and no submission is left.
     */
    NEXUS_EVENT_LOCKED_OUT = 14,
    /**
     * 21 days passed in INITIATED, REQUESTED or DEPOSITED.
     */
    NEXUS_EVENT_EXPIRED = 15,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_event nexus_event;
#else
typedef int32_t nexus_event;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The fields of a record, by the numbers that nexus_microdeposit_expose takes. Numbers are never reused.
 */
enum nexus_field
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The name of the account.
     */
    NEXUS_FIELD_ACCOUNT_NAME = 0,
    /**
     * The account number.
     */
    NEXUS_FIELD_ACCOUNT_NUMBER = 1,
    /**
     * 1 for CHECKING, 2 for SAVINGS.
     */
    NEXUS_FIELD_ACCOUNT_TYPE = 2,
    /**
     * `CHECKING` or `SAVINGS`.
     */
    NEXUS_FIELD_ACCOUNT_TYPE_NAME = 3,
    /**
     * When it was created.
     */
    NEXUS_FIELD_CREATED_AT = 4,
    /**
     * The person's e-mail address.
     */
    NEXUS_FIELD_EMAIL = 5,
    /**
     * A code, where something failed.
     */
    NEXUS_FIELD_ERROR_CODE = 6,
    /**
     * A message, where something failed. It may repeat what it complains of, so it is private.
     */
    NEXUS_FIELD_ERROR_MESSAGE = 7,
    /**
     * The person's first name.
     */
    NEXUS_FIELD_FIRST_NAME = 8,
    /**
     * The identifier.
     */
    NEXUS_FIELD_GUID = 9,
    /**
     * The bank's name.
     */
    NEXUS_FIELD_INSTITUTION_NAME = 10,
    /**
     * The person's last name.
     */
    NEXUS_FIELD_LAST_NAME = 11,
    /**
     * The routing number.
     */
    NEXUS_FIELD_ROUTING_NUMBER = 12,
    /**
     * Where it stands.
     */
    NEXUS_FIELD_STATUS = 13,
    /**
     * The name of the status as it came. None where it contradicts the number or itself: status is contradictory then,
     * and keeps what came.
     */
    NEXUS_FIELD_STATUS_NAME = 14,
    /**
     * When it last changed.
     */
    NEXUS_FIELD_UPDATED_AT = 15,
    /**
     * When it went from DEPOSITED to VERIFIED. MX's examples carry it in other statuses too, so it proves nothing.
     */
    NEXUS_FIELD_VERIFIED_AT = 16,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_field nexus_field;
#else
typedef int32_t nexus_field;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The kind of an observation.
 */
enum nexus_observed
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Something that this version of the header does not know.
     */
    NEXUS_OBSERVED_OTHER = 0,
    /**
     * A request is being sent.
     */
    NEXUS_OBSERVED_SENDING = 1,
    /**
     * A response arrived.
     */
    NEXUS_OBSERVED_RESPONDED = 2,
    /**
     * No usable response arrived.
     */
    NEXUS_OBSERVED_FAILED = 3,
    /**
     * The same request will be sent again after a pause.
     */
    NEXUS_OBSERVED_RETRYING = 4,
    /**
     * A new session is being opened, for all threads that need one.
     */
    NEXUS_OBSERVED_RENEWING = 5,
    /**
     * The outcome of a create or verify is unknown; the client reconciles: it reads or lists at the server.
     */
    NEXUS_OBSERVED_RECONCILING = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_observed nexus_observed;
#else
typedef int32_t nexus_observed;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Why no usable response came, if it is known. Numbers are never reused; new ones may come.
 */
enum nexus_transport_cause
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Not known, or a response came.
     */
    NEXUS_CAUSE_NONE = 0,
    /**
     * The name service gave no address for the host.
     */
    NEXUS_CAUSE_NAME_NOT_FOUND = 1,
    /**
     * The name service had not responded when the time was up.
     */
    NEXUS_CAUSE_NAME_SERVICE_SILENT = 2,
    /**
     * No process listens at the address, or a firewall refused the connection.
     */
    NEXUS_CAUSE_REFUSED = 3,
    /**
     * No route leads to the address.
     */
    NEXUS_CAUSE_UNREACHABLE = 4,
    /**
     * The peer or a device in between reset the connection.
     */
    NEXUS_CAUSE_RESET = 5,
    /**
     * The peer closed the connection before the response was complete.
     */
    NEXUS_CAUSE_CLOSED = 6,
    /**
     * No file descriptor is left to this process or this machine.
     */
    NEXUS_CAUSE_NO_FILES = 7,
    /**
     * No memory, thread or port is left on this machine.
     */
    NEXUS_CAUSE_NO_RESOURCES = 8,
    /**
     * This machine does not permit the connection.
     */
    NEXUS_CAUSE_NOT_PERMITTED = 9,
    /**
     * The proxy refused or failed to connect.
     */
    NEXUS_CAUSE_PROXY_REFUSED = 10,
    /**
     * The server's certificate has expired, or this machine's clock is wrong.
     */
    NEXUS_CAUSE_CERTIFICATE_EXPIRED = 11,
    /**
     * The server's certificate is not valid yet, or this machine's clock is wrong.
     */
    NEXUS_CAUSE_CERTIFICATE_NOT_YET_VALID = 12,
    /**
     * The server's certificate chain ends at no trusted root.
     */
    NEXUS_CAUSE_UNKNOWN_ISSUER = 13,
    /**
     * The server's certificate is for another host.
     */
    NEXUS_CAUSE_NAME_MISMATCH = 14,
    /**
     * Anything else about the server's certificate.
     */
    NEXUS_CAUSE_CERTIFICATE_INVALID = 15,
    /**
     * The server requires a client certificate, or refused the one it got.
     */
    NEXUS_CAUSE_CLIENT_CERTIFICATE = 16,
    /**
     * Anything else in TLS: no version or cipher in common, or a peer that does not speak it.
     */
    NEXUS_CAUSE_TLS_OTHER = 17,
    /**
     * The latest moment for sending had passed, by the wall clock, before anything was sent.
     */
    NEXUS_CAUSE_TOO_LATE = 18,
    /**
     * A panic in this library or in one that it uses, which was caught.
     */
    NEXUS_CAUSE_INTERNAL = 19,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_transport_cause nexus_transport_cause;
#else
typedef int32_t nexus_transport_cause;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The outcome of a submission. Every other result is an error.
 */
enum nexus_verdict
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The account is the person's: the status is VERIFIED.
     */
    NEXUS_VERDICT_VERIFIED = 1,
    /**
     * These amounts were judged wrong, and submissions are left: the status is DENIED, by this submission.
     */
    NEXUS_VERDICT_DENIED = 2,
    /**
     * Judged wrong, and no submission is left: the status is PREVENTED.
     */
    NEXUS_VERDICT_LOCKED = 3,
    /**
     * The server has accepted the amounts and has not judged them yet.
     */
    NEXUS_VERDICT_PENDING = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_verdict nexus_verdict;
#else
typedef int32_t nexus_verdict;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * An assumption about MX's server, not documented by MX, that a result rests on; nexus_assumptions can switch each
 * off. Numbers are never reused; new ones may come.
 */
enum nexus_assumption
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * None: the response proves the result.
     */
    NEXUS_ASSUMPTION_NONE = 0,
    /**
     * A refusal of this HTTP status is given before anything is done.
     */
    NEXUS_ASSUMPTION_REFUSED_BEFORE_ACTING = 1,
    /**
     * A wrong submission moves updated_at, and nothing else does.
     */
    NEXUS_ASSUMPTION_UPDATED_AT_SHOWS_DENIAL = 2,
    /**
     * A submission that was taken is judged within this time.
     */
    NEXUS_ASSUMPTION_JUDGED_WITHIN = 3,
    /**
     * A list without a sign of more shows every microdeposit, new ones at once.
     */
    NEXUS_ASSUMPTION_LISTS_SHOW_ALL = 4,
    /**
     * A server does not act on a request later than this after its sender gave up.
     */
    NEXUS_ASSUMPTION_SERVER_GRACE = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_assumption nexus_assumption;
#else
typedef int32_t nexus_assumption;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The next step.
 */
enum nexus_step_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Send this; it may be repeated. Report nexus_flow_response, _not_sent, _maybe_sent, _no_session or _cancelled.
     */
    NEXUS_STEP_SEND = 1,
    /**
     * Send this once, on a new connection. Report the same events as for NEXUS_STEP_SEND. It is returned once: a flow that
     * is asked again treats the response as lost.
     */
    NEXUS_STEP_SEND_ONCE = 2,
    /**
     * Do nothing until `until_ms`. Report nexus_flow_elapsed or _cancelled.
     */
    NEXUS_STEP_SLEEP = 3,
    /**
     * The session was refused: open another, by `until_ms`. Report nexus_flow_renewed, _not_renewable, _no_session or
     * _cancelled.
     */
    NEXUS_STEP_RENEW = 4,
    /**
     * The flow is over: take its result.
     */
    NEXUS_STEP_DONE = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_step_kind nexus_step_kind;
#else
typedef int32_t nexus_step_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The purpose of a request or a sleep.
 */
enum nexus_purpose
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Something that this version of the header does not know.
     */
    NEXUS_PURPOSE_OTHER = 0,
    /**
     * The call itself: a read, a list, a session.
     */
    NEXUS_PURPOSE_CALL = 1,
    /**
     * A read or list before a change.
     */
    NEXUS_PURPOSE_BEFORE = 2,
    /**
     * The change.
     */
    NEXUS_PURPOSE_CHANGE = 3,
    /**
     * A read or list that reconciles a change without a usable response; a sleep between two of them.
     */
    NEXUS_PURPOSE_RECONCILE = 4,
    /**
     * A read of a wait; a sleep between two of them.
     */
    NEXUS_PURPOSE_POLL = 5,
    /**
     * A sleep before the same request is sent again.
     */
    NEXUS_PURPOSE_RETRY = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_purpose nexus_purpose;
#else
typedef int32_t nexus_purpose;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The types of handles. Numbers are never reused.
 */
enum nexus_handle
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * All of them together.
     */
    NEXUS_HANDLE_ANY = 0,
    /**
     * nexus_text
     */
    NEXUS_HANDLE_TEXT = 1,
    /**
     * nexus_error
     */
    NEXUS_HANDLE_ERROR = 2,
    /**
     * nexus_microdeposit
     */
    NEXUS_HANDLE_MICRODEPOSIT = 3,
    /**
     * nexus_list
     */
    NEXUS_HANDLE_LIST = 4,
    /**
     * nexus_webhook
     */
    NEXUS_HANDLE_WEBHOOK = 5,
    /**
     * nexus_request
     */
    NEXUS_HANDLE_REQUEST = 6,
    /**
     * nexus_client_builder
     */
    NEXUS_HANDLE_CLIENT_BUILDER = 7,
    /**
     * nexus_client
     */
    NEXUS_HANDLE_CLIENT = 8,
    /**
     * nexus_canceller
     */
    NEXUS_HANDLE_CANCELLER = 9,
    /**
     * nexus_sandbox
     */
    NEXUS_HANDLE_SANDBOX = 10,
    /**
     * nexus_journal
     */
    NEXUS_HANDLE_JOURNAL = 11,
    /**
     * nexus_flow
     */
    NEXUS_HANDLE_FLOW = 12,
    /**
     * nexus_budget
     */
    NEXUS_HANDLE_BUDGET = 13,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_handle nexus_handle;
#else
typedef int32_t nexus_handle;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The retries that the flows of one service share, so that an outage is not met with several times the load. Any number
 * of flows and threads may use one.
 *
 * Functions: nexus_budget_free. One is made by nexus_budget_new, and used by flows (nexus_flow_options).
 */
typedef struct nexus_budget nexus_budget;

/**
 * Ends the calls and waits of the client that it was made with, from any thread. Once cancelled, always cancelled.
 *
 * Functions: nexus_canceller_cancel, nexus_canceller_is_cancelled, nexus_canceller_free. One is made by
 * nexus_client_cancellable.
 */
typedef struct nexus_canceller nexus_canceller;

/**
 * A blocking client. Any number of threads may use one at once; they share its session, connections and retry budget.
 * Every call ends within the client's limits. Freeing it while calls are under way is safe: they end on their own.
 *
 * Functions: nexus_client_create, nexus_client_create_once, nexus_client_preinitiate, nexus_client_preinitiate_once,
 * nexus_client_list, nexus_client_read, nexus_client_verify, nexus_client_verify_text, nexus_client_verify_and_wait,
 * nexus_client_verify_once, nexus_client_wait, nexus_client_session, nexus_client_widget_url, nexus_client_with_timeout,
 * nexus_client_cancellable, nexus_client_free. One is made by nexus_client_builder_build.
 */
typedef struct nexus_client nexus_client;

/**
 * A client to be. It is built once; one thread at a time changes it, though several may try.
 *
 * Functions: nexus_client_builder_session_token, nexus_client_builder_sso, nexus_client_builder_sso_url,
 * nexus_client_builder_limits, nexus_client_builder_assume_refusal, nexus_client_builder_assume_updated_at_shows_denial,
 * nexus_client_builder_assume_judged_within_ms, nexus_client_builder_assume_lists_show_all,
 * nexus_client_builder_assume_server_grace_ms, nexus_client_builder_retry, nexus_client_builder_production,
 * nexus_client_builder_proxy, nexus_client_builder_root_certificates, nexus_client_builder_client_certificate,
 * nexus_client_builder_product, nexus_client_builder_observer, nexus_client_builder_build, nexus_client_builder_free. One is
 * made by nexus_client_builder_new.
 */
typedef struct nexus_client_builder nexus_client_builder;

/**
 * What went wrong, with everything that is known about it. It holds no account number, token, name or e-mail.
 *
 * Functions fill an output `nexus_error **error` where one is given (it may be NULL) and fail; the caller frees it. Any
 * thread may use it.
 *
 * Functions: nexus_error_view_of, nexus_error_retryable, nexus_error_last_seen, nexus_error_candidate, nexus_error_free.
 */
typedef struct nexus_error nexus_error;

/**
 * A create, a submission, a wait or a read as a state machine. nexus_flow_next returns the next step; the caller carries
 * it out and reports the result. A flow reads before, sends once, reconciles an unknown outcome and judges as nexus_client
 * does. Sockets, clocks and sleeping are the caller's.
 *
 * The duties of the caller:
 * 1. Carry out each step, then report its event, with the time at which it happened. One step, one event.
 * 2. NEXUS_STEP_SEND_ONCE: on a new connection, once. No redirects, and no retries by the HTTP library: several repeat a PUT
 *    by themselves when a kept connection turns out to be closed.
 * 3. nexus_flow_not_sent needs positive evidence: no connection was made, or no byte of the body left. Everything
 *    uncertain is nexus_flow_maybe_sent.
 * 4. Keep the limit of time of each request.
 * 5. Join the secret that `auth_header` asks for. Without a session open one (nexus_flow_session); if that fails, report
 *    nexus_flow_no_session.
 *
 * A caller who forgets to report is safe too: a flow that is asked for the next step while a request that is sent once is
 * out treats its response as lost. One thread at a time drives a flow; another that tries meanwhile gets
 * NEXUS_ERROR_INVALID_INPUT.
 *
 * Functions: nexus_flow_verify, nexus_flow_create, nexus_flow_preinitiate, nexus_flow_wait, nexus_flow_read, nexus_flow_list
 * and nexus_flow_session make one; nexus_flow_next; nexus_flow_response, nexus_flow_not_sent, nexus_flow_maybe_sent,
 * nexus_flow_no_session, nexus_flow_elapsed, nexus_flow_cancelled, nexus_flow_renewed and nexus_flow_not_renewable report;
 * nexus_flow_take_outcome, nexus_flow_take_created, nexus_flow_take_record, nexus_flow_take_list and nexus_flow_take_text
 * give its end; nexus_flow_free.
 */
typedef struct nexus_flow nexus_flow;

/**
 * A journal of creates and submissions in a file. It holds keyed hashes and the last four digits of an account number, but
 * no full account number, amount or name. Any number of threads, clients, flows and processes may share one.
 *
 * Functions: nexus_journal_free. One is made by nexus_journal_open, and used by nexus_client_create_once,
 * nexus_client_preinitiate_once, nexus_client_verify_once, and by flows (nexus_flow_options).
 */
typedef struct nexus_journal nexus_journal;

/**
 * The records of one response, in the server's order. Any thread may use it.
 *
 * Functions: nexus_list_len, nexus_list_get, nexus_list_free.
 */
typedef struct nexus_list nexus_list;

/**
 * One microdeposit as the server described it. It does not change; read again for news. Any thread may use it.
 *
 * Functions: nexus_microdeposit_view_of, nexus_microdeposit_status, nexus_microdeposit_expose, nexus_microdeposit_to_json,
 * nexus_microdeposit_free.
 */
typedef struct nexus_microdeposit nexus_microdeposit;

/**
 * One request, for an HTTP library of the caller's own; it also reads the response. Any thread may use it.
 *
 * Send `method` and `path` to the host, with the headers Accept and, where there is a body, Content-Type (both are
 * `media_type`), and with the secret in the header `auth_header`. Follow no redirects, and send one that is not
 * `repeatable` once only, on a new connection: see nexus_operation_repeatable.
 *
 * **Unguarded**: the library neither reads before a create or submission that is sent this way, nor reconciles it after, and the
 * caller must judge its response. nexus_flow does all of this with another HTTP library.
 *
 * Functions: nexus_request_view_of, nexus_request_parse_microdeposit, nexus_request_parse_list, nexus_request_parse_text,
 * nexus_request_free. One is made by nexus_request_create, nexus_request_preinitiate, nexus_request_list,
 * nexus_request_read, nexus_request_verify, nexus_request_open_session, nexus_request_api_token and
 * nexus_request_widget_url.
 */
typedef struct nexus_request nexus_request;

/**
 * A sandbox that imitates the API on loopback, on a clock of its own. For tests; only in a library that was built with the
 * feature `sandbox`. Any number of threads may use one.
 *
 * Functions: nexus_sandbox_view_of, nexus_sandbox_advance, nexus_sandbox_deposits, nexus_sandbox_call,
 * nexus_sandbox_free. One is made by nexus_sandbox_new.
 */
typedef struct nexus_sandbox nexus_sandbox;

/**
 * A text of its own, such as a session token or JSON. It is wiped when it is freed. Any thread may use it.
 *
 * Functions: nexus_text_view, nexus_text_free.
 */
typedef struct nexus_text nexus_text;

/**
 * One webhook event. It is a hint, unsigned: read the microdeposit before trusting it. Any thread may use it.
 *
 * Functions: nexus_webhook_view_of, nexus_webhook_record, nexus_webhook_free. One is made by nexus_webhook_parse.
 */
typedef struct nexus_webhook nexus_webhook;

/**
 * A view of UTF-8 text inside a handle: valid until that handle is freed, not to be freed or written to. `data` ends with
 * a NUL that `len` does not count; text from a server may hold further ones. Absent text has `data` NULL and `len` 0.
 * The size of this structure does not change.
 */
typedef struct nexus_str {
    /**
     * The first byte, or NULL.
     */
    const char *data;
    /**
     * How many bytes, the NUL at the end not counted.
     */
    size_t len;
} nexus_str;

/**
 * What is known about an error. Its texts live as long as the error.
 */
typedef struct nexus_error_view {
    /**
     * The code that the function returned.
     */
    nexus_code code;
    /**
     * Whether the server may have acted although no usable response came. Then nothing may be sent again before somebody
     * has looked: see `advice`.
     */
    bool outcome_unknown;
    /**
     * Whether nexus_error_last_seen gives a record.
     */
    bool has_last_seen;
    /**
     * What was being done: a NEXUS_OPERATION number, or 0.
     */
    int32_t operation;
    /**
     * The HTTP status, or 0 where no response came.
     */
    int32_t http_status;
    /**
     * How many requests went out for the call.
     */
    uint32_t attempts;
    /**
     * The server's own numeric code, such as 4011, or NEXUS_NONE. Informational.
     */
    int64_t server_code;
    /**
     * How long the server asked to be left alone, in milliseconds, or NEXUS_NONE.
     */
    int64_t retry_after_ms;
    /**
     * Line in the response's body, from 1; 0 where there is no position.
     */
    uint64_t line;
    /**
     * Column in that line, from 1; 0 where there is no position.
     */
    uint64_t column;
    /**
     * Why no usable response came, where that is known: a NEXUS_CAUSE number, or 0.
     */
    int32_t cause;
    /**
     * The assumption behind "not carried out", if the response alone does not prove it: a NEXUS_ASSUMPTION number, or 0.
     */
    int32_t assumption;
    /**
     * After a wait or a reconcile: the failure of the last read that failed, a nexus_code, or 0.
     */
    int32_t last_failure;
    /**
     * After a create whose outcome is unknown: how many new records fit it; see nexus_error_candidate.
     */
    size_t candidates;
    /**
     * The code's name, such as "not_found".
     */
    struct nexus_str name;
    /**
     * All of it in one line, for logs. English.
     */
    struct nexus_str message;
    /**
     * What the caller may safely do next, in words for a person. English.
     */
    struct nexus_str advice;
    /**
     * The field, setting, argument or path in the response that it is about; absent where there is none.
     */
    struct nexus_str field;
    /**
     * The rule that the field breaks; absent but for NEXUS_ERROR_INVALID_INPUT.
     */
    struct nexus_str rule;
    /**
     * The microdeposit that the call was about; absent where there is none.
     */
    struct nexus_str guid;
    /**
     * The name of the operation, such as "verify"; absent where there is none.
     */
    struct nexus_str operation_name;
    /**
     * Why no usable response came, where that is known: the name of `cause`, such as "certificate_expired"; absent otherwise.
     */
    struct nexus_str cause_name;
} nexus_error_view;

/**
 * What a microdeposit is created with. All texts are UTF-8, ended by a NUL, and copied before the call returns. Set what
 * is not used to NULL or 0: `nexus_create_input input = {.first_name = "Josh", ...};`
 */
typedef struct nexus_create_input {
    /**
     * A NEXUS_ACCOUNT_TYPE number.
     */
    int32_t account_type;
    /**
     * 1 to 50 characters.
     */
    const char *first_name;
    /**
     * 1 to 50 characters.
     */
    const char *last_name;
    /**
     * An e-mail address.
     */
    const char *email;
    /**
     * Nine digits with a right check digit.
     */
    const char *routing_number;
    /**
     * 1 to 17 characters.
     */
    const char *account_number;
    /**
     * The partner's own name for the account, or NULL.
     */
    const char *account_name;
} nexus_create_input;

/**
 * The true state of a microdeposit, as the server has it. Its size does not change.
 */
typedef struct nexus_authority {
    /**
     * A NEXUS_STATUS number, NEXUS_POSITION_NOTHING or NEXUS_POSITION_DELETED. Begin with NEXUS_POSITION_NOTHING.
     */
    int32_t position;
    /**
     * Submissions counted so far, right ones included: 0 to 3. Begin with 0.
     */
    int32_t attempts;
} nexus_authority;

/**
 * A record, fit to be shown: account and routing number as their last four, personal text as its first character. What is
 * masked is given in full by nexus_microdeposit_expose alone. Its texts live as long as the record.
 */
typedef struct nexus_microdeposit_view {
    /**
     * The identifier.
     */
    struct nexus_str guid;
    /**
     * The number of the status, a NEXUS_STATUS number for the known ones; NEXUS_NONE where there was none.
     */
    int64_t status;
    /**
     * Whether the status is an end.
     */
    bool is_terminal;
    /**
     * Whether amounts may be submitted now.
     */
    bool may_verify;
    /**
     * The name of the status; "UNKNOWN" for one that has none.
     */
    struct nexus_str status_name;
    /**
     * 1 checking, 2 savings, any other number as it came, NEXUS_NONE where there was none.
     */
    int64_t account_type;
    /**
     * "CHECKING" or "SAVINGS"; absent otherwise.
     */
    struct nexus_str account_type_name;
    /**
     * Masked: "*****2345".
     */
    struct nexus_str account_number;
    /**
     * Masked: "*****0019".
     */
    struct nexus_str routing_number;
    /**
     * Masked.
     */
    struct nexus_str account_name;
    /**
     * Masked.
     */
    struct nexus_str first_name;
    /**
     * Masked.
     */
    struct nexus_str last_name;
    /**
     * Masked.
     */
    struct nexus_str email;
    /**
     * The bank's name.
     */
    struct nexus_str institution_name;
    /**
     * The provider's code of a failure, such as an ACH return code.
     */
    struct nexus_str error_code;
    /**
     * Masked.
     */
    struct nexus_str error_message;
    /**
     * When it was created, as it came.
     */
    struct nexus_str created_at;
    /**
     * When it last changed, as it came.
     */
    struct nexus_str updated_at;
    /**
     * When it was verified, as it came.
     */
    struct nexus_str verified_at;
    /**
     * `created_at` in milliseconds since 1970, UTC; NEXUS_NONE where it says no instant.
     */
    int64_t created_at_ms;
    /**
     * `updated_at` in milliseconds since 1970, UTC; NEXUS_NONE where it says no instant.
     */
    int64_t updated_at_ms;
    /**
     * `verified_at` in milliseconds since 1970, UTC; NEXUS_NONE where it says no instant.
     */
    int64_t verified_at_ms;
} nexus_microdeposit_view;

/**
 * Limits of a client. 0 leaves a limit at its default.
 */
typedef struct nexus_limits {
    /**
     * For name, connection and TLS together, in milliseconds. Default 10,000.
     */
    uint64_t connect_ms;
    /**
     * For one request and its response, in milliseconds. Default 30,000.
     */
    uint64_t attempt_ms;
    /**
     * For a call in all: retries, pauses, session renewal and reconciling, in milliseconds. Default
     * 60,000.
     */
    uint64_t call_ms;
    /**
     * How long to reconcile a create or verify that got no usable response, in milliseconds. Default 5,000.
     */
    uint64_t reconcile_ms;
    /**
     * The largest response, in bytes. Default 64 MiB.
     */
    uint64_t body_bytes;
} nexus_limits;

/**
 * How safe requests are repeated; creates and verifies never are. 0 leaves a number at its default.
 */
typedef struct nexus_retry {
    /**
     * Attempts in all, the first included; 1 turns retries off. Default 3.
     */
    uint32_t attempts;
    /**
     * The longest pause before the second attempt, in milliseconds; it doubles with each further one. Default 200.
     */
    uint64_t base_ms;
    /**
     * The longest pause of its own choosing, in milliseconds. Default 5,000.
     */
    uint64_t cap_ms;
    /**
     * The longest pause that a server may ask for, in milliseconds; a longer wish ends the call. Default 30,000.
     */
    uint64_t retry_after_cap_ms;
} nexus_retry;

/**
 * One thing that a client did. Nothing in it is secret.
 */
typedef struct nexus_observation {
    /**
     * A NEXUS_OBSERVED number.
     */
    int32_t what;
    /**
     * A NEXUS_OPERATION number, or 0.
     */
    int32_t operation;
    /**
     * Sending: which request of the call it is, from 1. Otherwise 0.
     */
    uint32_t attempt;
    /**
     * Responded: the HTTP status. Otherwise 0.
     */
    int32_t http_status;
    /**
     * Failed: a nexus_code. Otherwise 0.
     */
    int32_t code;
    /**
     * Responded, failed: how long it took. Retrying: the pause. In milliseconds; otherwise 0.
     */
    uint64_t milliseconds;
    /**
     * Sending, responded, failed, reconciling: the microdeposit that the request names; absent where it names none. Masked where
     * it can be none. Valid during the call.
     */
    struct nexus_str guid;
} nexus_observation;

/**
 * Called for everything that a client does, in the thread of the call, by several threads at once where several use the
 * client. It must return: no exception, no longjmp. It must not use the client.
 *
 * @param observation What happened; valid during the call.
 * @param user        The pointer given with the callback.
 */
typedef void (*nexus_observer)(const struct nexus_observation *observation, void *user);

/**
 * A record that a create or pre-initiate has made.
 */
typedef struct nexus_created {
    /**
     * A NEXUS_ASSUMPTION number: the assumption by which the record is this call's; 0 if the response itself holds it.
     */
    int32_t assumed;
    /**
     * The new record: the caller's own, to be freed; NULL on failure. It may stand in one of the failed statuses at once.
     */
    struct nexus_microdeposit *record;
} nexus_created;

/**
 * The outcome of a submission.
 */
typedef struct nexus_outcome {
    /**
     * A NEXUS_VERDICT number; 0 on failure.
     */
    int32_t verdict;
    /**
     * A NEXUS_ASSUMPTION number: the assumption that the verdict rests on; 0 for none.
     */
    int32_t assumed;
    /**
     * The record that the verdict rests on: the caller's own, to be freed; NULL on failure.
     */
    struct nexus_microdeposit *record;
} nexus_outcome;

/**
 * Where a wait stands.
 */
typedef struct nexus_progress {
    /**
     * The record as it was seen last; NULL before a read has succeeded, and where no handle is left for it. It is the
     * library's and ends with the callback: do not free it.
     */
    const struct nexus_microdeposit *record;
    /**
     * How long the wait has taken, in milliseconds.
     */
    uint64_t elapsed_ms;
    /**
     * When the next read comes, in milliseconds; NEXUS_NONE after the last.
     */
    int64_t next_read_ms;
    /**
     * How many reads have succeeded.
     */
    uint32_t reads;
    /**
     * How many requests went out.
     */
    uint32_t requests_sent;
    /**
     * How the read that was just made failed: a nexus_code; 0 if it succeeded.
     */
    int32_t failure;
    /**
     * Why, where that is known: a NEXUS_CAUSE number, or 0.
     */
    int32_t cause;
} nexus_progress;

/**
 * Called after each read of a wait, whether it succeeded or failed, in the thread of the wait. It must return: no exception,
 * no longjmp.
 *
 * @param progress Where the wait stands; valid during the call.
 * @param user     The pointer given with the callback.
 * @return true to go on; false ends the wait, which returns NEXUS_ERROR_CANCELLED with the last record seen.
 */
typedef bool (*nexus_on_progress)(const struct nexus_progress *progress, void *user);

/**
 * How to wait. All zero is the default.
 */
typedef struct nexus_wait_options {
    /**
     * The name of the status to wait for, such as "VERIFIED". NULL: until something can be done, or nothing more:
     * DEPOSITED, DENIED, or an end.
     */
    const char *until;
    /**
     * How long at most, in milliseconds; 0 for three days. More than a year counts as a year.
     */
    uint64_t timeout_ms;
    /**
     * A fixed time between two reads, in milliseconds, at least 10; 0 to read when the status can have changed.
     */
    uint64_t poll_every_ms;
    /**
     * Called after each read; may be NULL.
     */
    nexus_on_progress on_progress;
    /**
     * Handed to `on_progress`.
     */
    void *user;
} nexus_wait_options;

/**
 * The options of a flow. All zero is the default: `nexus_flow_options options = {.call_ms = 6000};`
 */
typedef struct nexus_flow_options {
    /**
     * For one request and its response, in milliseconds; 0 for 30,000.
     */
    uint64_t attempt_ms;
    /**
     * For the whole flow (a wait has its own time), in milliseconds, at most a day; 0 for 60,000.
     */
    uint64_t call_ms;
    /**
     * How long to reconcile a create or verify that got no usable response, in milliseconds; 0 for 5,000.
     */
    uint64_t reconcile_ms;
    /**
     * Attempts of a repeatable request in all, the first included; 1 turns retries off. 0 for 3.
     */
    uint32_t retry_attempts;
    /**
     * The longest pause before the second attempt, in milliseconds; it doubles with each further one. 0 for 200.
     */
    uint64_t retry_base_ms;
    /**
     * The longest pause of its own choosing, in milliseconds. 0 for 5,000.
     */
    uint64_t retry_cap_ms;
    /**
     * The longest pause that a server may ask for, in milliseconds; a longer wish ends the flow. 0 for 30,000.
     */
    uint64_t retry_after_cap_ms;
    /**
     * Assumptions: see nexus_client_builder_assume_judged_within_ms. 0 for 18,000; NEXUS_NEVER.
     */
    uint64_t judged_within_ms;
    /**
     * Assumptions: see nexus_client_builder_assume_server_grace_ms. 0 for 120,000; NEXUS_NEVER.
     */
    uint64_t server_grace_ms;
    /**
     * Assumptions: HTTP statuses that are not to be taken for refusals given before anything was done, of 400, 403, 404, 413,
     * 415, 422 and 429; see nexus_client_builder_assume_refusal. NULL for none.
     */
    const int32_t *no_refusals;
    /**
     * How many they are.
     */
    size_t no_refusals_count;
    /**
     * true: deposits take about two minutes, as in MX's integration environment. false: 12 to 36 hours.
     */
    bool integration;
    /**
     * Assumptions: true: updated_at does not show a denial; see nexus_client_builder_assume_updated_at_shows_denial.
     */
    bool updated_at_is_no_sign;
    /**
     * Assumptions: true: a list may lack records; see nexus_client_builder_assume_lists_show_all.
     */
    bool lists_may_lack;
    /**
     * Verify: waits for the verdict if the server judges later, within `call_ms`.
     */
    bool wait;
    /**
     * Verify: an earlier submission for this microdeposit may still be judged, so that a denial may belong to it. A flow
     * with a key finds this in the journal.
     */
    bool earlier_open;
    /**
     * The caller's own name for this create or submission, or NULL; see nexus_client_create_once and
     * nexus_client_verify_once.
     */
    const char *key;
    /**
     * With `key`: the journal. The flow keeps it alive.
     */
    const struct nexus_journal *journal;
    /**
     * With `key`: scheme, host and port of the data API, such as NEXUS_INTEGRATION_URL, in lower case and without a path:
     * an entry of one environment never fits another.
     */
    const char *environment;
    /**
     * With `key`: the client's id, or NULL if the session's user is unknown.
     */
    const char *client_id;
    /**
     * With `key`: the user's id, or NULL if the session's user is unknown.
     */
    const char *user_id;
    /**
     * The retry budget that several flows share; NULL: this flow has its own. The flow keeps it alive.
     */
    const struct nexus_budget *budget;
} nexus_flow_options;

/**
 * A step. Its texts live until the flow is asked for the next one, or freed. What does not belong to its kind is 0 or absent.
 */
typedef struct nexus_step {
    /**
     * A NEXUS_STEP number.
     */
    int32_t kind;
    /**
     * A NEXUS_PURPOSE number.
     */
    int32_t purpose;
    /**
     * Send: a NEXUS_OPERATION number.
     */
    int32_t operation;
    /**
     * Send: the number of the request within the flow, from 1.
     */
    uint32_t number;
    /**
     * Send: whether it is for the SSO API's host instead of the data API's.
     */
    bool to_sso;
    /**
     * Send: the time limit for all of it, from the name lookup to the last byte of the response.
     */
    uint64_t timeout_ms;
    /**
     * Sleep: its end. Send and renew: the deadline. On the clock of `elapsed_ms`.
     */
    uint64_t until_ms;
    /**
     * Send once: the latest second, by the wall clock, at which the first byte of the body may leave. After it, do not
     * send and report nexus_flow_not_sent with NEXUS_CAUSE_TOO_LATE. NEXUS_NONE if there is no such limit.
     */
    int64_t not_after;
    /**
     * Send: "GET", "POST" or "PUT".
     */
    struct nexus_str method;
    /**
     * Send: absolute path, percent-encoded, perhaps with a query.
     */
    struct nexus_str path;
    /**
     * Send: the value of Accept, and of Content-Type where there is a body.
     */
    struct nexus_str media_type;
    /**
     * Send: the header that carries the secret: MD-SESSION-TOKEN, MD-API-TOKEN or MD-API-KEY.
     */
    struct nexus_str auth_header;
    /**
     * Send: the secret, where the flow has it itself; absent where the caller joins the session token or API key.
     */
    struct nexus_str secret;
    /**
     * Send: the JSON body; absent where there is none. It may hold an account number.
     */
    struct nexus_str body;
} nexus_step;

/**
 * What to send. Its texts live as long as the request.
 */
typedef struct nexus_request_view {
    /**
     * A NEXUS_OPERATION number.
     */
    int32_t operation;
    /**
     * Whether it may be sent again when its response is lost.
     */
    bool repeatable;
    /**
     * Whether it is for the SSO API's host instead of the data API's.
     */
    bool to_sso;
    /**
     * "GET", "POST" or "PUT".
     */
    struct nexus_str method;
    /**
     * Absolute path, percent-encoded; no query.
     */
    struct nexus_str path;
    /**
     * The value of Accept, and of Content-Type where there is a body.
     */
    struct nexus_str media_type;
    /**
     * The header that carries the secret: MD-SESSION-TOKEN, MD-API-TOKEN or MD-API-KEY.
     */
    struct nexus_str auth_header;
    /**
     * The JSON body; absent where there is none. It may hold an account number.
     */
    struct nexus_str body;
    /**
     * The microdeposit that the request is about; absent where it names none.
     */
    struct nexus_str guid;
} nexus_request_view;

/**
 * What is known of an event beside its record. Its texts live as long as the event.
 */
typedef struct nexus_webhook_view {
    /**
     * "created", "updated", or another as it came; empty where there was none.
     */
    struct nexus_str action;
    /**
     * The version of the form; 1 is the known one. NEXUS_NONE where there was none.
     */
    int64_t version;
    /**
     * MX's identifier of the institution; may be absent.
     */
    struct nexus_str institution_guid;
    /**
     * MX's identifier of the user; may be absent.
     */
    struct nexus_str user_guid;
    /**
     * The partner's identifier of the user; may be absent.
     */
    struct nexus_str user_id;
} nexus_webhook_view;

/**
 * How a sandbox begins. All zero is the default.
 */
typedef struct nexus_sandbox_options {
    /**
     * The port on 127.0.0.1; 0 takes a free one.
     */
    uint16_t port;
    /**
     * Not 0: production is imitated (deposits after 12 to 36 hours, random amounts) instead of integration.
     */
    int32_t production;
    /**
     * Not 0: the sandbox's clock also runs by itself.
     */
    int32_t real_time;
    /**
     * All chance comes from it: guids, tokens, amounts, delays.
     */
    uint64_t seed;
    /**
     * The sandbox's clock at the beginning, in seconds since 1970, UTC; 0 for 2026-01-05T09:00:00Z.
     */
    int64_t start_unix_seconds;
} nexus_sandbox_options;

/**
 * Where a sandbox is and who may ask. Its texts live as long as the sandbox.
 */
typedef struct nexus_sandbox_view {
    /**
     * The base address, for the data API and the SSO API alike.
     */
    struct nexus_str url;
    /**
     * The client's id.
     */
    struct nexus_str client_id;
    /**
     * The first user's id.
     */
    struct nexus_str user_id;
    /**
     * The client's API key. It opens nothing but this sandbox.
     */
    struct nexus_str api_key;
    /**
     * A session of the first user, open from the beginning.
     */
    struct nexus_str session_token;
} nexus_sandbox_view;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The number of the interface that the library has. A program that was compiled against another one must not use it.
 *
 * @return The library's NEXUS_ABI_VERSION. Any thread.
 */
NEXUS_API
uint32_t nexus_abi_version(void);

/**
 * The version of the library.
 *
 * @return Such as "0.1.0"; static, never NULL. Any thread.
 */
NEXUS_API const char *nexus_version(void);

/**
 * The version of the library as one number.
 *
 * @return Such as 1002003 for "1.2.3"; compare it with NEXUS_VERSION_NUMBER. Any thread.
 */
NEXUS_API uint32_t nexus_version_number(void);

/**
 * The name of a code, fit for logs.
 *
 * @param code Any number.
 * @return Such as "not_found"; "ok" for 0, "unknown" for a number that this version does not know. Static, never NULL.
 *         Any thread.
 */
NEXUS_API
const char *nexus_code_name(int32_t code);

/**
 * The name of a cause.
 *
 * @param cause A NEXUS_CAUSE number.
 * @return Such as "certificate_expired"; "unknown" for any other number. Static, never NULL. Any thread.
 */
NEXUS_API const char *nexus_transport_cause_name(int32_t cause);

/**
 * Looks at a text.
 *
 * @param text The text.
 * @param out  Receives the view; it lives as long as `text`.
 * @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
 */
NEXUS_API nexus_code nexus_text_view(const struct nexus_text *text, struct nexus_str *out);

/**
 * Frees a text and wipes it.
 *
 * @param text The text, or NULL.
 * @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live text. Any thread.
 */
NEXUS_API nexus_code nexus_text_free(struct nexus_text *text);

/**
 * Looks at an error.
 *
 * @param error The error.
 * @param out   Receives what is known; its texts live as long as `error`.
 * @param size  sizeof *out.
 * @return NEXUS_OK; NEXUS_ERROR_INVALID_INPUT for a size that is none; NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE.
 *         Any thread.
 */
NEXUS_API
nexus_code nexus_error_view_of(const struct nexus_error *error,
                               struct nexus_error_view *out,
                               size_t size);

/**
 * Whether the same call may be made again, later and as it is: nothing was changed, and what failed may pass. Not after an
 * unknown outcome, nor for what another call would meet again.
 *
 * @param error The error.
 * @return false for NULL and for what is no live error, too. Any thread.
 */
NEXUS_API
bool nexus_error_retryable(const struct nexus_error *error);

/**
 * The last record of the microdeposit that was seen during the call.
 *
 * @param error The error.
 * @param out   Receives a record of the caller's own, to be freed; NULL where none was seen.
 * @return NEXUS_OK (also where none was seen), NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
 */
NEXUS_API
nexus_code nexus_error_last_seen(const struct nexus_error *error,
                                 struct nexus_microdeposit **out);

/**
 * After a create whose outcome is unknown: the guid of one of the new records that fit it.
 *
 * @param error The error.
 * @param index From 0; below `candidates` of the view.
 * @param out   Receives the guid; it lives as long as `error`.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT for an index that is too large, NEXUS_ERROR_NULL_POINTER or
 *         NEXUS_ERROR_BAD_HANDLE. Any thread.
 */
NEXUS_API
nexus_code nexus_error_candidate(const struct nexus_error *error,
                                 size_t index,
                                 struct nexus_str *out);

/**
 * Frees an error.
 *
 * @param error The error, or NULL.
 * @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live error. Any thread.
 */
NEXUS_API nexus_code nexus_error_free(struct nexus_error *error);

/**
 * The name of a status.
 *
 * @param status Any number.
 * @return Such as "DEPOSITED"; "UNKNOWN" for a number of no known status. Static, never NULL. Any thread.
 */
NEXUS_API const char *nexus_status_name(int64_t status);

/**
 * What a status means.
 *
 * @param status Any number.
 * @return A sentence. Static, never NULL. Any thread.
 */
NEXUS_API const char *nexus_status_definition(int64_t status);

/**
 * What may be done next in a status, in words that a person can act on.
 *
 * @param status Any number.
 * @return A sentence. Static, never NULL. Any thread.
 */
NEXUS_API const char *nexus_status_next_step(int64_t status);

/**
 * Whether a status is an end, from which no other comes.
 *
 * @param status Any number.
 * @return true for VERIFIED, ERRORED, PREVENTED, CONFLICTED and REJECTED; false for unknown ones. Any thread.
 */
NEXUS_API bool nexus_status_is_terminal(int64_t status);

/**
 * Whether amounts may be submitted in a status.
 *
 * @param status Any number.
 * @return true for DEPOSITED and DENIED; false for unknown ones. Any thread.
 */
NEXUS_API bool nexus_status_may_verify(int64_t status);

/**
 * The number of a status by its name.
 *
 * @param name Such as "DEPOSITED".
 * @param out  Receives the number; NEXUS_NONE on failure.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT for a name of no known status, NEXUS_ERROR_NULL_POINTER or
 *         NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API nexus_code nexus_status_from_name(const char *name, int64_t *out);

/**
 * The number of a type of account by its name.
 *
 * @param name "CHECKING" or "SAVINGS", in any case.
 * @param out  Receives the number; 0 on failure.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT for another name, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any
 *         thread.
 */
NEXUS_API
nexus_code nexus_account_type_from_name(const char *name,
                                        int32_t *out);

/**
 * The name of an operation.
 *
 * @param operation A NEXUS_OPERATION number.
 * @return Such as "verify"; "unknown" for any other number. Static, never NULL. Any thread.
 */
NEXUS_API const char *nexus_operation_name(int32_t operation);

/**
 * Whether sending an operation twice does no more than sending it once. One that is not repeatable must not be sent again
 * when its response is lost: look at the server's state first.
 *
 * @param operation A NEXUS_OPERATION number.
 * @return true for LIST, READ and API_TOKEN; false for any other number. Any thread.
 */
NEXUS_API
bool nexus_operation_repeatable(int32_t operation);

/**
 * Reads the HTTP header Retry-After in both its forms.
 *
 * @param text    The header's value.
 * @param now     Seconds since 1970, UTC.
 * @param wait_ms Receives the wait in milliseconds; NEXUS_NONE where the value is no wait.
 * @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API nexus_code nexus_retry_after_parse(const char *text, int64_t now, int64_t *wait_ms);

/**
 * How long to wait before the next read is worth making, for callers who poll by themselves.
 *
 * @param production Whether deposits take 12 to 36 hours (true) or about two minutes (false).
 * @param status     The status last seen; any number.
 * @param now        Seconds since 1970, UTC.
 * @param created    When the microdeposit was created, seconds since 1970, UTC; NEXUS_NONE where that is unknown.
 * @param reads      How many reads were made so far.
 * @return Seconds, or NEXUS_NONE where waiting alone brings nothing new: the status is an end, or waits for the person's
 *         submission. Any thread.
 */
NEXUS_API
int64_t nexus_next_read(bool production,
                        int64_t status,
                        int64_t now,
                        int64_t created,
                        uint32_t reads);

/**
 * Checks everything that a microdeposit would be created with. Sends nothing.
 *
 * @param input      The values.
 * @param input_size sizeof *input.
 * @param error      Receives the error on failure, with the field's name and rule; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API
nexus_code nexus_create_input_check(const struct nexus_create_input *input,
                                    size_t input_size,
                                    struct nexus_error **error);

/**
 * Checks a person's names and e-mail.
 *
 * @param first_name 1 to 50 characters.
 * @param last_name  1 to 50 characters.
 * @param email      An e-mail address.
 * @param error      Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API
nexus_code nexus_person_check(const char *first_name,
                              const char *last_name,
                              const char *email,
                              struct nexus_error **error);

/**
 * Checks a routing number: nine digits with a right check digit, and none of a list of the caller's.
 *
 * @param routing_number The number.
 * @param refused        Numbers to refuse; NULL for none.
 * @param refused_count  How many there are.
 * @param error          Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API
nexus_code nexus_routing_number_check(const char *routing_number,
                                      const char *const *refused,
                                      size_t refused_count,
                                      struct nexus_error **error);

/**
 * The routing numbers that MX's test page calls invalid although their check digits are right, for
 * nexus_routing_number_check.
 *
 * @param index From 0.
 * @return The number; NULL where there are no more. Static. Any thread.
 */
NEXUS_API const char *nexus_mx_test_refused(size_t index);

/**
 * Checks an account number: 1 to 17 characters.
 *
 * @param account_number The number.
 * @param error          Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API nexus_code nexus_account_number_check(const char *account_number, struct nexus_error **error);

/**
 * An account number as it may be shown: its last four, and stars.
 *
 * @param account_number The number.
 * @param out            Receives a text of the caller's own, to be freed.
 * @param error          Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API
nexus_code nexus_account_number_masked(const char *account_number,
                                       struct nexus_text **out,
                                       struct nexus_error **error);

/**
 * Checks an account's name.
 *
 * @param account_name The name.
 * @param error        Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API nexus_code nexus_account_name_check(const char *account_name, struct nexus_error **error);

/**
 * Checks a microdeposit's guid.
 *
 * @param guid  The guid.
 * @param error Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API nexus_code nexus_guid_check(const char *guid, struct nexus_error **error);

/**
 * Reads an amount from exact decimal text in dollars: "0.09", ".09", "0.090".
 *
 * @param amount The text. No sign, exponent, currency or space.
 * @param cents  Receives 1 to 99; 0 on failure.
 * @param error  Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API nexus_code nexus_amount_parse(const char *amount, uint32_t *cents, struct nexus_error **error);

/**
 * Checks an amount.
 *
 * @param cents Should be 1 to 99.
 * @param error Receives the error on failure; may be NULL.
 * @return NEXUS_OK or NEXUS_ERROR_INVALID_INPUT. Any thread.
 */
NEXUS_API nexus_code nexus_amount_check(uint32_t cents, struct nexus_error **error);

/**
 * An amount as decimal text in dollars.
 *
 * @param cents 1 to 99.
 * @param out   Receives such as "0.09". Static.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT for other numbers, or NEXUS_ERROR_NULL_POINTER. Any thread.
 */
NEXUS_API nexus_code nexus_amount_text(uint32_t cents, struct nexus_str *out);

/**
 * Reads a timestamp in any of the forms that MX writes.
 *
 * @param timestamp The text.
 * @param millis    Receives milliseconds since 1970, UTC; NEXUS_NONE where the text says no instant.
 * @return NEXUS_OK (also where the text says no instant), NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API
nexus_code nexus_timestamp_parse(const char *timestamp,
                                 int64_t *millis);

/**
 * Applies an event to a microdeposit, as the side that decides. A third wrong submission locks, however it is named.
 *
 * @param authority Where it is; changed on success only.
 * @param event     A NEXUS_EVENT number.
 * @return NEXUS_OK; NEXUS_ERROR_NOT_ALLOWED where the table has no such transition; NEXUS_ERROR_INVALID_INPUT for numbers that
 *         mean nothing; NEXUS_ERROR_NULL_POINTER. Any thread.
 */
NEXUS_API
nexus_code nexus_authority_apply(struct nexus_authority *authority,
                                 int32_t event);

/**
 * What can have happened between two sightings, since steps may be missed.
 *
 * @param from     The status seen first; any number.
 * @param to       The status seen later; any number.
 * @param out      Receives the result.
 * @param events   Receives a shortest history as NEXUS_EVENT numbers, as many as fit; may be NULL.
 * @param capacity How many numbers `events` has room for; 0 where it is NULL.
 * @param count    Receives the length of that history, which may be more than `capacity`; may be NULL.
 * @return NEXUS_OK or NEXUS_ERROR_NULL_POINTER. Any thread.
 */
NEXUS_API
nexus_code nexus_sighting_of(int64_t from,
                             int64_t to,
                             nexus_sighting *out,
                             int32_t *events,
                             size_t capacity,
                             size_t *count);

/**
 * The name of an event.
 *
 * @param event A NEXUS_EVENT number.
 * @return Such as "amounts_wrong"; "unknown" for any other number. Static, never NULL. Any thread.
 */
NEXUS_API const char *nexus_event_name(int32_t event);

/**
 * Looks at a record.
 *
 * @param record The record.
 * @param out    Receives the view; its texts live as long as `record`.
 * @param size   sizeof *out.
 * @return NEXUS_OK; NEXUS_ERROR_INVALID_INPUT for a size that is none; NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE.
 *         Any thread.
 */
NEXUS_API
nexus_code nexus_microdeposit_view_of(const struct nexus_microdeposit *record,
                                      struct nexus_microdeposit_view *out,
                                      size_t size);

/**
 * The status alone, where nothing else of a record is needed.
 *
 * @param record The record.
 * @return Its number, for the known ones a NEXUS_STATUS number such as NEXUS_STATUS_DEPOSITED; NEXUS_NONE where there was none, and for
 *         NULL and what is no live record. Any thread.
 */
NEXUS_API
int64_t nexus_microdeposit_status(const struct nexus_microdeposit *record);

/**
 * One field in full, as it came: the one way to an account number, a name or an e-mail. Handle it with care.
 *
 * @param record The record.
 * @param field  A NEXUS_FIELD number.
 * @param out    Receives the text (of a number, its digits), absent for null; it lives as long as `record` and is wiped
 *               when `record` is freed.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT for another number, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any
 *         thread.
 */
NEXUS_API
nexus_code nexus_microdeposit_expose(const struct nexus_microdeposit *record,
                                     int32_t field,
                                     struct nexus_str *out);

/**
 * The record as JSON in the API's own shape: every field in the documented order, absent ones null.
 *
 * @param record The record.
 * @param reveal false: masked as in the view. true: everything in full; only for a place that may hold it.
 * @param out    Receives a text of the caller's own, to be freed.
 * @param error  Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
 */
NEXUS_API
nexus_code nexus_microdeposit_to_json(const struct nexus_microdeposit *record,
                                      bool reveal,
                                      struct nexus_text **out,
                                      struct nexus_error **error);

/**
 * Frees a record; its texts end with it.
 *
 * @param record The record, or NULL.
 * @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live record. Any thread.
 */
NEXUS_API nexus_code nexus_microdeposit_free(struct nexus_microdeposit *record);

/**
 * How many records a list has.
 *
 * @param list The list.
 * @param out  Receives the number; 0 on failure.
 * @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
 */
NEXUS_API nexus_code nexus_list_len(const struct nexus_list *list, size_t *out);

/**
 * One record of a list. It outlives the list.
 *
 * @param list  The list.
 * @param index From 0.
 * @param out   Receives a record of the caller's own, to be freed.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT for an index that is too large, NEXUS_ERROR_NULL_POINTER or
 *         NEXUS_ERROR_BAD_HANDLE. Any thread.
 */
NEXUS_API
nexus_code nexus_list_get(const struct nexus_list *list,
                          size_t index,
                          struct nexus_microdeposit **out);

/**
 * Frees a list. Records taken from it live on.
 *
 * @param list The list, or NULL.
 * @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live list. Any thread.
 */
NEXUS_API nexus_code nexus_list_free(struct nexus_list *list);

/**
 * The name of a verdict.
 *
 * @param verdict A NEXUS_VERDICT number.
 * @return Such as "denied"; "unknown" for any other number. Static, never NULL. Any thread.
 */
NEXUS_API const char *nexus_verdict_name(int32_t verdict);

/**
 * What may be done next, in words for a person.
 *
 * @param verdict A NEXUS_VERDICT number.
 * @return A sentence or two; empty for any other number. Static, never NULL. Any thread.
 */
NEXUS_API const char *nexus_verdict_advice(int32_t verdict);

/**
 * The name of an assumption.
 *
 * @param assumption A NEXUS_ASSUMPTION number.
 * @return Such as "judged_within"; "unknown" for any other number. Static, never NULL. Any thread.
 */
NEXUS_API const char *nexus_assumption_name(int32_t assumption);

/**
 * What is assumed.
 *
 * @param assumption A NEXUS_ASSUMPTION number.
 * @return A sentence; empty for any other number. Static, never NULL. Any thread.
 */
NEXUS_API const char *nexus_assumption_text(int32_t assumption);

/**
 * Begins a client.
 *
 * @param base_url NEXUS_INTEGRATION_URL, NEXUS_PRODUCTION_URL, or another address of the data API. https, or http to
 *                 loopback.
 * @param out      Receives a builder of the caller's own, to be freed.
 * @param error    Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_new(const char *base_url,
                                    struct nexus_client_builder **out,
                                    struct nexus_error **error);

/**
 * Uses a session that was opened elsewhere. When it expires, calls end with NEXUS_ERROR_UNAUTHORIZED.
 *
 * @param builder       The builder.
 * @param session_token The token; copied.
 * @param error         Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_session_token(struct nexus_client_builder *builder,
                                              const char *session_token,
                                              struct nexus_error **error);

/**
 * Opens, keeps and renews sessions of this user.
 *
 * @param builder   The builder.
 * @param client_id The partner's client id.
 * @param user_id   The partner's id of the user.
 * @param api_key   The partner's API key; copied.
 * @param error     Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_sso(struct nexus_client_builder *builder,
                                    const char *client_id,
                                    const char *user_id,
                                    const char *api_key,
                                    struct nexus_error **error);

/**
 * The address of the SSO API. Known for MX's two environments; for any other base address, that address itself.
 *
 * @param builder The builder.
 * @param sso_url https, or http to loopback; checked when the client is built.
 * @param error   Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_sso_url(struct nexus_client_builder *builder,
                                        const char *sso_url,
                                        struct nexus_error **error);

/**
 * Sets limits.
 *
 * @param builder The builder.
 * @param limits  The limits; copied.
 * @param size    sizeof *limits.
 * @param error   Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_limits(struct nexus_client_builder *builder,
                                       const struct nexus_limits *limits,
                                       size_t size,
                                       struct nexus_error **error);

/**
 * Sets how safe requests are repeated.
 *
 * @param builder The builder.
 * @param retry   The numbers; copied.
 * @param size    sizeof *retry.
 * @param error   Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_retry(struct nexus_client_builder *builder,
                                      const struct nexus_retry *retry,
                                      size_t size,
                                      struct nexus_error **error);

/**
 * Says how long deposits take there, and so how often a wait reads. By default production, but not for MX's integration
 * address and for loopback.
 *
 * @param builder    The builder.
 * @param production true: 12 to 36 hours. false: about two minutes.
 * @param error      Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_production(struct nexus_client_builder *builder,
                                           bool production,
                                           struct nexus_error **error);

/**
 * Sends through a proxy. Without it no proxy is used, whatever the environment variables say.
 *
 * @param builder   The builder.
 * @param proxy_url Such as "http://host:port"; checked when the client is built.
 * @param error     Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_proxy(struct nexus_client_builder *builder,
                                      const char *proxy_url,
                                      struct nexus_error **error);

/**
 * Trusts these root certificates instead of the built-in ones of Mozilla.
 *
 * @param builder The builder.
 * @param pem     Certificates in PEM form; copied, and checked when the client is built.
 * @param len     Their length in bytes.
 * @param error   Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_root_certificates(struct nexus_client_builder *builder,
                                                  const void *pem,
                                                  size_t len,
                                                  struct nexus_error **error);

/**
 * Presents a client certificate where a server asks for one.
 *
 * @param builder   The builder.
 * @param chain_pem The certificate chain in PEM form; copied, and checked when the client is built.
 * @param chain_len Its length in bytes.
 * @param key_pem   The private key in PEM form; copied.
 * @param key_len   Its length in bytes.
 * @param error     Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_client_certificate(struct nexus_client_builder *builder,
                                                   const void *chain_pem,
                                                   size_t chain_len,
                                                   const void *key_pem,
                                                   size_t key_len,
                                                   struct nexus_error **error);

/**
 * Names the calling program in the header User-Agent, before this library.
 *
 * @param builder The builder.
 * @param product Such as "acme-onboarding/2.1"; 1 to 200 visible ASCII characters.
 * @param error   Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_product(struct nexus_client_builder *builder,
                                        const char *product,
                                        struct nexus_error **error);

/**
 * Has everything that the client does observed.
 *
 * @param builder  The builder.
 * @param observer Called for each thing; see nexus_observer.
 * @param user     Handed to it. It must be good for use by several threads, until the client and all clients made from it
 *                 are freed and their calls have returned.
 * @param error    Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_observer(struct nexus_client_builder *builder,
                                         nexus_observer observer,
                                         void *user,
                                         struct nexus_error **error);

/**
 * Checks everything and builds the client. Sends nothing. The builder is used up, whatever the outcome: only
 * nexus_client_builder_free is left for it.
 *
 * @param builder The builder.
 * @param out     Receives a client of the caller's own, to be freed.
 * @param error   Receives the error on failure, with the setting's name and rule; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_build(struct nexus_client_builder *builder,
                                      struct nexus_client **out,
                                      struct nexus_error **error);

/**
 * Frees a builder. A client that was built lives on.
 *
 * @param builder The builder, or NULL.
 * @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live builder. Any thread.
 */
NEXUS_API nexus_code nexus_client_builder_free(struct nexus_client_builder *builder);

/**
 * Assumes that a response of this HTTP status to a create or verify is given before anything is done. On by default for each.
 * 401 needs no assumption, and 406, 408, 409 and the 500s are never taken for a proof.
 *
 * @param builder     The builder.
 * @param http_status One of 400, 403, 404, 413, 415, 422 and 429.
 * @param on          false: after such a response the outcome is unknown until it shows.
 * @param error       Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_assume_refusal(struct nexus_client_builder *builder,
                                               int32_t http_status,
                                               bool on,
                                               struct nexus_error **error);

/**
 * Assumes that a second wrong submission moves updated_at, and nothing else does; it is taken only where two reads before the
 * submission have shown that reading does not move it. On by default: without it, every second wrong submission waits.
 *
 * @param builder The builder.
 * @param on      Whether it is assumed.
 * @param error   Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_assume_updated_at_shows_denial(struct nexus_client_builder *builder,
                                                               bool on,
                                                               struct nexus_error **error);

/**
 * Assumes that a submission that was taken is judged after this time at the latest. 18 seconds by default: so long MX's own
 * widget reads to find the outcome.
 *
 * @param builder      The builder.
 * @param milliseconds The time, at most a day; NEXUS_NEVER: no time is long enough.
 * @param error        Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_assume_judged_within_ms(struct nexus_client_builder *builder,
                                                        uint64_t milliseconds,
                                                        struct nexus_error **error);

/**
 * Assumes that a list without a sign of more shows every microdeposit that there is, new ones at once. On by default. Off: a
 * record found in a list is only ever a candidate, and a create under a key is never sent a second time.
 *
 * @param builder The builder.
 * @param on      Whether it is assumed.
 * @param error   Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_assume_lists_show_all(struct nexus_client_builder *builder,
                                                      bool on,
                                                      struct nexus_error **error);

/**
 * Assumes that a server acts on a request no later than this after its sender gave up. Two minutes by default: after that a
 * create under a key is sent again if no list shows its record.
 *
 * @param builder      The builder.
 * @param milliseconds The time, at most a day; NEXUS_NEVER: it is never sent again.
 * @param error        Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_builder_assume_server_grace_ms(struct nexus_client_builder *builder,
                                                       uint64_t milliseconds,
                                                       struct nexus_error **error);

/**
 * Creates a microdeposit. The record is INITIATED, or already has one of the failed statuses: check its status.
 *
 * Sends at most one POST that the server can have acted on. Lists before; holds the response to what was asked for; if no
 * usable response comes, lists after, and never sends a second one.
 *
 * @param client     The client.
 * @param input      The values; copied.
 * @param input_size sizeof *input.
 * @param out        Receives the record, to be freed by nexus_microdeposit_free, and the assumption by which it is this call's,
 *                   if any.
 * @param size       sizeof *out.
 * @param error      Receives the error on failure; may be NULL. Where `outcome_unknown` is set the record may exist: see its
 *                   advice and candidates. Where it is not, the record does not exist; `assumption` says what this rests on.
 * @return NEXUS_OK or any code but a status one (400s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_create(const struct nexus_client *client,
                               const struct nexus_create_input *input,
                               size_t input_size,
                               struct nexus_created *out,
                               size_t size,
                               struct nexus_error **error);

/**
 * Creates a microdeposit without account details, PREINITIATED; the person gives them in the Connect Widget. As careful
 * as nexus_client_create.
 *
 * @param client     The client.
 * @param first_name 1 to 50 characters.
 * @param last_name  1 to 50 characters.
 * @param email      An e-mail address.
 * @param out        Receives the record, to be freed, and the assumption by which it is this call's, if any.
 * @param size       sizeof *out.
 * @param error      Receives the error on failure; may be NULL.
 * @return NEXUS_OK or any code but a status one (400s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_preinitiate(const struct nexus_client *client,
                                    const char *first_name,
                                    const char *last_name,
                                    const char *email,
                                    struct nexus_created *out,
                                    size_t size,
                                    struct nexus_error **error);

/**
 * All microdeposits of the session's user.
 *
 * @param client The client.
 * @param out    Receives a list of the caller's own, to be freed.
 * @param error  Receives the error on failure; may be NULL.
 * @return NEXUS_OK or any code but a status one (400s); nothing is changed by a failure. Any thread.
 */
NEXUS_API
nexus_code nexus_client_list(const struct nexus_client *client,
                             struct nexus_list **out,
                             struct nexus_error **error);

/**
 * One microdeposit, its status as of now.
 *
 * @param client The client.
 * @param guid   Which one.
 * @param out    Receives a record of the caller's own, to be freed.
 * @param error  Receives the error on failure; may be NULL.
 * @return NEXUS_OK; NEXUS_ERROR_NOT_FOUND for an unknown, deleted or foreign one; any other code but a status one (400s).
 *         Any thread.
 */
NEXUS_API
nexus_code nexus_client_read(const struct nexus_client *client,
                             const char *guid,
                             struct nexus_microdeposit **out,
                             struct nexus_error **error);

/**
 * Submits the two amounts and returns the verdict: verified, denied, locked, or pending.
 *
 * Sends at most one PUT that the server can have acted on. Reads before, and sends nothing where the status admits no
 * submission; if no usable response comes, reads after, and never sends a second one.
 *
 * @param client       The client.
 * @param guid         Which microdeposit.
 * @param first_cents  1 to 99.
 * @param second_cents 1 to 99.
 * @param out          Receives the verdict, its assumption if any, and the record, to be freed by nexus_microdeposit_free.
 * @param size         sizeof *out.
 * @param error        Receives the error on failure; may be NULL. Where `outcome_unknown` is set the amounts may have been
 *                     counted: see its advice and last record. Where it is not, they were not; `assumption` says what this
 *                     rests on.
 * @return NEXUS_OK, whatever the verdict; NEXUS_ERROR_NOT_VERIFIABLE where nothing was sent because of the status;
 *         NEXUS_ERROR_MICRODEPOSIT_FAILED where the record says nothing about the amounts any more; any other code. Any
 *         thread.
 */
NEXUS_API
nexus_code nexus_client_verify(const struct nexus_client *client,
                               const char *guid,
                               uint32_t first_cents,
                               uint32_t second_cents,
                               struct nexus_outcome *out,
                               size_t size,
                               struct nexus_error **error);

/**
 * As nexus_client_verify, with the amounts as decimal text in dollars.
 *
 * @param client The client.
 * @param guid   Which microdeposit.
 * @param first  Such as "0.03".
 * @param second Such as "0.05".
 * @param out    Receives the verdict, its assumption if any, and the record, to be freed.
 * @param size   sizeof *out.
 * @param error  Receives the error on failure; may be NULL.
 * @return As nexus_client_verify. Any thread.
 */
NEXUS_API
nexus_code nexus_client_verify_text(const struct nexus_client *client,
                                    const char *guid,
                                    const char *first,
                                    const char *second,
                                    struct nexus_outcome *out,
                                    size_t size,
                                    struct nexus_error **error);

/**
 * As nexus_client_verify, and waits for the outcome where the server judges later; within the client's limit for a call.
 * The verdict is NEXUS_VERDICT_PENDING where none showed in time.
 *
 * @param client       The client.
 * @param guid         Which microdeposit.
 * @param first_cents  1 to 99.
 * @param second_cents 1 to 99.
 * @param out          Receives the verdict, its assumption if any, and the record, to be freed.
 * @param size         sizeof *out.
 * @param error        Receives the error on failure; may be NULL.
 * @return As nexus_client_verify. Any thread.
 */
NEXUS_API
nexus_code nexus_client_verify_and_wait(const struct nexus_client *client,
                                        const char *guid,
                                        uint32_t first_cents,
                                        uint32_t second_cents,
                                        struct nexus_outcome *out,
                                        size_t size,
                                        struct nexus_error **error);

/**
 * Returns the token of the session in use, and opens a session first if there is none. Whoever has the token has the
 * session.
 *
 * @param client The client.
 * @param out    Receives a text of the caller's own, to be freed.
 * @param error  Receives the error on failure; may be NULL.
 * @return NEXUS_OK or any code but a status one (400s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_session(const struct nexus_client *client,
                                struct nexus_text **out,
                                struct nexus_error **error);

/**
 * Returns an address of the Connect Widget in verification mode, for one use within ten minutes.
 *
 * @param client The client; it must have SSO credentials.
 * @param guid   The microdeposit that the person continues with, or NULL.
 * @param out    Receives a text of the caller's own, to be freed: a secret.
 * @param error  Receives the error on failure; may be NULL.
 * @return NEXUS_OK or any code but a status one (400s). Any thread.
 */
NEXUS_API
nexus_code nexus_client_widget_url(const struct nexus_client *client,
                                   const char *guid,
                                   struct nexus_text **out,
                                   struct nexus_error **error);

/**
 * The same client with another limit for each call in all. Session, connections and budget are shared.
 *
 * @param client  The client.
 * @param call_ms The limit in milliseconds, above 0 and at most a day.
 * @param out     Receives a client of the caller's own, to be freed.
 * @param error   Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT for another limit, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
 */
NEXUS_API
nexus_code nexus_client_with_timeout(const struct nexus_client *client,
                                     uint64_t call_ms,
                                     struct nexus_client **out,
                                     struct nexus_error **error);

/**
 * The same client with connections of its own, and what ends its calls and waits from another thread.
 *
 * @param client    The client. It is not ended by the canceller.
 * @param out       Receives a client of the caller's own, to be freed.
 * @param canceller Receives its canceller, to be freed.
 * @param error     Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
 */
NEXUS_API
nexus_code nexus_client_cancellable(const struct nexus_client *client,
                                    struct nexus_client **out,
                                    struct nexus_canceller **canceller,
                                    struct nexus_error **error);

/**
 * Frees a client. Calls that are under way go on and end on their own.
 *
 * @param client The client, or NULL.
 * @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live client. Any thread.
 */
NEXUS_API nexus_code nexus_client_free(struct nexus_client *client);

/**
 * Opens or creates the file. Waits up to ten seconds for another process's lock.
 *
 * @param path    The file. On Unix, a new one is readable by its owner only.
 * @param key     A secret of the caller's, at least 16 bytes; copied. Without it nobody can find out by trying whose
 *                account a hash stands for. Always the same one with the same file; another one is refused.
 * @param key_len Its length in bytes.
 * @param out     Receives a journal of the caller's own, to be freed.
 * @param error   Receives the error on failure; may be NULL.
 * @return NEXUS_OK; NEXUS_ERROR_INVALID_INPUT where there can be no such file or it is none with this key;
 *         NEXUS_ERROR_JOURNAL_UNUSABLE where this machine fails: no space is left, or another process keeps the lock; a code of
 *         misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_journal_open(const char *path,
                              const void *key,
                              size_t key_len,
                              struct nexus_journal **out,
                              struct nexus_error **error);

/**
 * As nexus_client_create, for a process that may be killed at any moment. The claim is written to the journal before the
 * request is sent, and a later call with the same key continues where the earlier one stopped. It returns the record, or
 * finds it if its response was lost. It sends again only after the time in which a server can act on the earlier request
 * (assumed; see nexus_client_builder_assume_server_grace_ms), and if no list shows a record that may be its.
 *
 * @param client     The client.
 * @param journal    The journal.
 * @param key        The caller's own name for this create, such as the number of an application. One key is one microdeposit,
 *                   for ever.
 * @param input      The values; copied.
 * @param input_size sizeof *input.
 * @param out        Receives the record, to be freed, and the assumption by which it is this call's, if any.
 * @param size       sizeof *out.
 * @param error      Receives the error on failure; may be NULL.
 * @return As nexus_client_create; NEXUS_ERROR_UNSETTLED while the outcome of an earlier call with the key is unknown;
 *         NEXUS_ERROR_JOURNAL_UNUSABLE; NEXUS_ERROR_INVALID_INPUT on `key` if the key is bound to another request. Any
 *         thread.
 */
NEXUS_API
nexus_code nexus_client_create_once(const struct nexus_client *client,
                                    const struct nexus_journal *journal,
                                    const char *key,
                                    const struct nexus_create_input *input,
                                    size_t input_size,
                                    struct nexus_created *out,
                                    size_t size,
                                    struct nexus_error **error);

/**
 * As nexus_client_preinitiate, under a key: see nexus_client_create_once.
 *
 * @param client     The client.
 * @param journal    The journal.
 * @param key        The caller's own name for this microdeposit.
 * @param first_name 1 to 50 characters.
 * @param last_name  1 to 50 characters.
 * @param email      An e-mail address.
 * @param out        Receives the record, to be freed, and the assumption by which it is this call's, if any.
 * @param size       sizeof *out.
 * @param error      Receives the error on failure; may be NULL.
 * @return As nexus_client_create_once. Any thread.
 */
NEXUS_API
nexus_code nexus_client_preinitiate_once(const struct nexus_client *client,
                                         const struct nexus_journal *journal,
                                         const char *key,
                                         const char *first_name,
                                         const char *last_name,
                                         const char *email,
                                         struct nexus_created *out,
                                         size_t size,
                                         struct nexus_error **error);

/**
 * As nexus_client_verify, with a key. Once the amounts may have been sent, a later call with the same key never sends them
 * again; it reconciles. While one key's submission for a microdeposit is open, no other key's is sent.
 *
 * @param client       The client.
 * @param journal      The journal.
 * @param key          The caller's own name for this submission, such as the number of an application and of the try.
 * @param guid         Which microdeposit.
 * @param first_cents  1 to 99.
 * @param second_cents 1 to 99.
 * @param wait         Whether to wait for the outcome where the server judges later; see nexus_client_verify_and_wait.
 * @param out          Receives the verdict, its assumption if any, and the record, to be freed.
 * @param size         sizeof *out.
 * @param error        Receives the error on failure; may be NULL.
 * @return As nexus_client_verify; NEXUS_ERROR_UNSETTLED while the outcome of an earlier call with the key is unknown;
 *         NEXUS_ERROR_SUBMISSION_OPEN while another key's is open; NEXUS_ERROR_JOURNAL_UNUSABLE; NEXUS_ERROR_INVALID_INPUT
 *         on `key` if the key is bound to another request. Any thread.
 */
NEXUS_API
nexus_code nexus_client_verify_once(const struct nexus_client *client,
                                    const struct nexus_journal *journal,
                                    const char *key,
                                    const char *guid,
                                    uint32_t first_cents,
                                    uint32_t second_cents,
                                    bool wait,
                                    struct nexus_outcome *out,
                                    size_t size,
                                    struct nexus_error **error);

/**
 * Closes a journal and frees it. The file stays.
 *
 * @param journal The journal, or NULL.
 * @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live journal. Any thread.
 */
NEXUS_API nexus_code nexus_journal_free(struct nexus_journal *journal);

/**
 * Reads repeatedly until the microdeposit has the wanted status. A read that fails does not end the wait, unless waiting
 * cannot help. A server's Retry-After is obeyed; the last read comes shortly before the end.
 *
 * @param client  The client. Cancel it from another thread with the canceller of nexus_client_cancellable.
 * @param guid    Which microdeposit.
 * @param options How to wait; NULL for the default.
 * @param size    sizeof *options.
 * @param out     Receives a record of the caller's own, to be freed.
 * @param error   Receives the error on failure, with the last record seen and how the last read failed; may be NULL.
 * @return NEXUS_OK; NEXUS_ERROR_WAIT_TIMED_OUT; NEXUS_ERROR_WAIT_ENDED where the wanted status cannot come any more;
 *         NEXUS_ERROR_CANCELLED; or what a read ends with for good. Any thread.
 */
NEXUS_API
nexus_code nexus_client_wait(const struct nexus_client *client,
                             const char *guid,
                             const struct nexus_wait_options *options,
                             size_t size,
                             struct nexus_microdeposit **out,
                             struct nexus_error **error);

/**
 * Ends every wait at once, and every request that is under way: its connection is closed. A name lookup or an attempt to connect
 * that is under way is given up within some 20 milliseconds. Each of these calls returns NEXUS_ERROR_CANCELLED; whether a create or
 * verify was carried out may be unknown then.
 *
 * @param canceller The canceller.
 * @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread; not from a signal handler.
 */
NEXUS_API
nexus_code nexus_canceller_cancel(const struct nexus_canceller *canceller);

/**
 * Whether nexus_canceller_cancel was called.
 *
 * @param canceller The canceller.
 * @param out       Receives the result; false on failure.
 * @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
 */
NEXUS_API nexus_code nexus_canceller_is_cancelled(const struct nexus_canceller *canceller, bool *out);

/**
 * Frees a canceller. Cancels nothing.
 *
 * @param canceller The canceller, or NULL.
 * @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live canceller. Any thread.
 */
NEXUS_API nexus_code nexus_canceller_free(struct nexus_canceller *canceller);

/**
 * Makes a budget of ten retries; a success gives a tenth of one back.
 *
 * @param out   Receives a budget of the caller's own, to be freed.
 * @param error Receives the error on failure; may be NULL.
 * @return NEXUS_OK or NEXUS_ERROR_NULL_POINTER. Any thread.
 */
NEXUS_API nexus_code nexus_budget_new(struct nexus_budget **out, struct nexus_error **error);

/**
 * Frees a budget. Flows that use it keep it.
 *
 * @param budget The budget, or NULL.
 * @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live budget. Any thread.
 */
NEXUS_API nexus_code nexus_budget_free(struct nexus_budget *budget);

/**
 * Submits the two amounts. Ends with what nexus_flow_take_outcome gives.
 *
 * @param guid         Which microdeposit.
 * @param first_cents  1 to 99.
 * @param second_cents 1 to 99.
 * @param options      How; NULL for the default. Copied.
 * @param options_size sizeof *options.
 * @param out          Receives a flow of the caller's own, to be freed.
 * @param error        Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_flow_verify(const char *guid,
                             uint32_t first_cents,
                             uint32_t second_cents,
                             const struct nexus_flow_options *options,
                             size_t options_size,
                             struct nexus_flow **out,
                             struct nexus_error **error);

/**
 * Creates a microdeposit. Ends with what nexus_flow_take_created gives.
 *
 * @param input        The values; copied.
 * @param input_size   sizeof *input.
 * @param options      How; NULL for the default. Copied.
 * @param options_size sizeof *options.
 * @param out          Receives a flow of the caller's own, to be freed.
 * @param error        Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_flow_create(const struct nexus_create_input *input,
                             size_t input_size,
                             const struct nexus_flow_options *options,
                             size_t options_size,
                             struct nexus_flow **out,
                             struct nexus_error **error);

/**
 * Creates a microdeposit without account details. Ends with what nexus_flow_take_created gives.
 *
 * @param first_name   1 to 50 characters.
 * @param last_name    1 to 50 characters.
 * @param email        An e-mail address.
 * @param options      How; NULL for the default. Copied.
 * @param options_size sizeof *options.
 * @param out          Receives a flow of the caller's own, to be freed.
 * @param error        Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_flow_preinitiate(const char *first_name,
                                  const char *last_name,
                                  const char *email,
                                  const struct nexus_flow_options *options,
                                  size_t options_size,
                                  struct nexus_flow **out,
                                  struct nexus_error **error);

/**
 * Waits for a status, for hours or days. Ends with what nexus_flow_take_record gives.
 *
 * @param guid         Which microdeposit.
 * @param wait         For what and how long; NULL for the default. Copied. Its `on_progress` is called within nexus_flow_next,
 *                     with `user`, until the flow is freed.
 * @param wait_size    sizeof *wait.
 * @param options      How; NULL for the default. Copied. `call_ms` is for each read.
 * @param options_size sizeof *options.
 * @param out          Receives a flow of the caller's own, to be freed.
 * @param error        Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_flow_wait(const char *guid,
                           const struct nexus_wait_options *wait,
                           size_t wait_size,
                           const struct nexus_flow_options *options,
                           size_t options_size,
                           struct nexus_flow **out,
                           struct nexus_error **error);

/**
 * Reads one microdeposit. Ends with what nexus_flow_take_record gives.
 *
 * @param guid         Which one.
 * @param options      How; NULL for the default. Copied.
 * @param options_size sizeof *options.
 * @param out          Receives a flow of the caller's own, to be freed.
 * @param error        Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_flow_read(const char *guid,
                           const struct nexus_flow_options *options,
                           size_t options_size,
                           struct nexus_flow **out,
                           struct nexus_error **error);

/**
 * Lists all microdeposits, across all pages. Ends with what nexus_flow_take_list gives.
 *
 * @param options      How; NULL for the default. Copied.
 * @param options_size sizeof *options.
 * @param out          Receives a flow of the caller's own, to be freed.
 * @param error        Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_flow_list(const struct nexus_flow_options *options,
                           size_t options_size,
                           struct nexus_flow **out,
                           struct nexus_error **error);

/**
 * Opens a session. Ends with what nexus_flow_take_text gives: the session token.
 *
 * @param client_id    The partner's client id.
 * @param user_id      The partner's id of the user.
 * @param options      How; NULL for the default. Copied.
 * @param options_size sizeof *options.
 * @param out          Receives a flow of the caller's own, to be freed.
 * @param error        Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_flow_session(const char *client_id,
                              const char *user_id,
                              const struct nexus_flow_options *options,
                              size_t options_size,
                              struct nexus_flow **out,
                              struct nexus_error **error);

/**
 * Frees a flow and wipes its texts. Freeing cancels no request: once a request that is sent once was handed out, drive the
 * flow to its end first.
 *
 * @param flow The flow, or NULL.
 * @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live flow. Any thread.
 */
NEXUS_API
nexus_code nexus_flow_free(struct nexus_flow *flow);

/**
 * Returns the next step. Without an event in between, a flow returns the same step again; but if a request that is sent
 * once is out, its response counts as lost.
 *
 * @param flow         The flow.
 * @param elapsed_ms   Now, in milliseconds, on a clock that never goes back; it may begin anywhere, the flow's time begins
 *                     with the first step.
 * @param unix_seconds Now, in seconds since 1970, UTC.
 * @param chance       An even number from 0 up to 1, for the lengths of pauses.
 * @param out          Receives the step.
 * @param size         sizeof *out.
 * @return NEXUS_OK; NEXUS_ERROR_INVALID_INPUT; a code of misuse (600s). After any failure nothing is to be sent;
 *         nexus_flow_take_outcome and its kind say what is known. Any thread, one at a time.
 */
NEXUS_API
nexus_code nexus_flow_next(struct nexus_flow *flow,
                           uint64_t elapsed_ms,
                           int64_t unix_seconds,
                           double chance,
                           struct nexus_step *out,
                           size_t size);

/**
 * Reports a whole HTTP response, of any status.
 *
 * @param flow         The flow.
 * @param elapsed_ms   Now, as in nexus_flow_next.
 * @param unix_seconds Now, as in nexus_flow_next.
 * @param http_status  The response's HTTP status.
 * @param retry_after  The value of its header Retry-After, or NULL.
 * @param body         Its whole body; may be NULL where `len` is 0.
 * @param len          Its length in bytes.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s); then the flow has not received the event. Any
 *         thread, one at a time.
 */
NEXUS_API
nexus_code nexus_flow_response(struct nexus_flow *flow,
                               uint64_t elapsed_ms,
                               int64_t unix_seconds,
                               int32_t http_status,
                               const char *retry_after,
                               const void *body,
                               size_t len);

/**
 * Reports that no response came and that certainly no byte of the request's body has left this machine. It needs positive
 * evidence.
 *
 * @param flow         The flow.
 * @param elapsed_ms   Now, as in nexus_flow_next.
 * @param unix_seconds Now, as in nexus_flow_next.
 * @param problem      NEXUS_ERROR_CONNECT or another code of the 500s; any other number counts as NEXUS_ERROR_IO.
 * @param cause        A NEXUS_CAUSE number, or 0.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread, one at a time.
 */
NEXUS_API
nexus_code nexus_flow_not_sent(struct nexus_flow *flow,
                               uint64_t elapsed_ms,
                               int64_t unix_seconds,
                               int32_t problem,
                               int32_t cause);

/**
 * Reports that no whole response came and that the server may have acted.
 *
 * @param flow         The flow.
 * @param elapsed_ms   Now, as in nexus_flow_next.
 * @param unix_seconds Now, as in nexus_flow_next.
 * @param problem      NEXUS_ERROR_TIMEOUT or another code of the 500s; any other number counts as NEXUS_ERROR_IO.
 * @param cause        A NEXUS_CAUSE number, or 0.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread, one at a time.
 */
NEXUS_API
nexus_code nexus_flow_maybe_sent(struct nexus_flow *flow,
                                 uint64_t elapsed_ms,
                                 int64_t unix_seconds,
                                 int32_t problem,
                                 int32_t cause);

/**
 * Reports that no session could be opened. Nothing was sent.
 *
 * @param flow         The flow.
 * @param elapsed_ms   Now, as in nexus_flow_next.
 * @param unix_seconds Now, as in nexus_flow_next.
 * @param reason       Why: the error of nexus_flow_session's flow; or NULL. It stays the caller's.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread, one at a time.
 */
NEXUS_API
nexus_code nexus_flow_no_session(struct nexus_flow *flow,
                                 uint64_t elapsed_ms,
                                 int64_t unix_seconds,
                                 const struct nexus_error *reason);

/**
 * Reports the end of a sleep.
 *
 * @param flow         The flow.
 * @param elapsed_ms   Now, as in nexus_flow_next.
 * @param unix_seconds Now, as in nexus_flow_next.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread, one at a time.
 */
NEXUS_API nexus_code nexus_flow_elapsed(struct nexus_flow *flow, uint64_t elapsed_ms, int64_t unix_seconds);

/**
 * Reports that the caller cancelled a sleep, or a request before it was sent. While a request that is sent once is out,
 * the request counts as maybe sent.
 *
 * @param flow         The flow.
 * @param elapsed_ms   Now, as in nexus_flow_next.
 * @param unix_seconds Now, as in nexus_flow_next.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread, one at a time.
 */
NEXUS_API
nexus_code nexus_flow_cancelled(struct nexus_flow *flow,
                                uint64_t elapsed_ms,
                                int64_t unix_seconds);

/**
 * Reports a new session.
 *
 * @param flow         The flow.
 * @param elapsed_ms   Now, as in nexus_flow_next.
 * @param unix_seconds Now, as in nexus_flow_next.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread, one at a time.
 */
NEXUS_API nexus_code nexus_flow_renewed(struct nexus_flow *flow, uint64_t elapsed_ms, int64_t unix_seconds);

/**
 * Reports that the session was given from outside and cannot be renewed.
 *
 * @param flow         The flow.
 * @param elapsed_ms   Now, as in nexus_flow_next.
 * @param unix_seconds Now, as in nexus_flow_next.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread, one at a time.
 */
NEXUS_API
nexus_code nexus_flow_not_renewable(struct nexus_flow *flow,
                                    uint64_t elapsed_ms,
                                    int64_t unix_seconds);

/**
 * Takes the verdict: the result of nexus_flow_verify. A result can be taken once, a failure any number of times.
 *
 * @param flow  The flow.
 * @param out   Receives the verdict, its assumption if any, and the record, to be freed by nexus_microdeposit_free.
 * @param size  sizeof *out.
 * @param error Receives the error on failure; may be NULL. Taken before the end, it says too whether the outcome is unknown.
 * @return As nexus_client_verify; NEXUS_ERROR_INVALID_INPUT where there is nothing to take, or nothing of this kind. Any
 *         thread, one at a time.
 */
NEXUS_API
nexus_code nexus_flow_take_outcome(struct nexus_flow *flow,
                                   struct nexus_outcome *out,
                                   size_t size,
                                   struct nexus_error **error);

/**
 * Takes the created record: the result of nexus_flow_create and nexus_flow_preinitiate. A result can be taken once, a
 * failure any number of times.
 *
 * @param flow  The flow.
 * @param out   Receives the record, to be freed by nexus_microdeposit_free, and the assumption by which it is this flow's,
 *              if any.
 * @param size  sizeof *out.
 * @param error Receives the error on failure; may be NULL. Taken before the end, it says too whether the outcome is unknown.
 * @return As nexus_client_create; NEXUS_ERROR_INVALID_INPUT where there is nothing to take, or nothing of this kind. Any
 *         thread, one at a time.
 */
NEXUS_API
nexus_code nexus_flow_take_created(struct nexus_flow *flow,
                                   struct nexus_created *out,
                                   size_t size,
                                   struct nexus_error **error);

/**
 * Takes the record: the result of nexus_flow_wait and nexus_flow_read. A result can be taken once, a failure any number of
 * times.
 *
 * @param flow  The flow.
 * @param out   Receives a record of the caller's own, to be freed.
 * @param error Receives the error on failure; may be NULL.
 * @return As nexus_client_wait and nexus_client_read; NEXUS_ERROR_INVALID_INPUT where there is nothing to take, or nothing of
 *         this kind. Any thread, one at a time.
 */
NEXUS_API
nexus_code nexus_flow_take_record(struct nexus_flow *flow,
                                  struct nexus_microdeposit **out,
                                  struct nexus_error **error);

/**
 * Takes all microdeposits: the result of nexus_flow_list. A result can be taken once, a failure any number of times.
 *
 * @param flow  The flow.
 * @param out   Receives a list of the caller's own, to be freed.
 * @param error Receives the error on failure; may be NULL.
 * @return As nexus_client_list; NEXUS_ERROR_INVALID_INPUT where there is nothing to take, or nothing of this kind. Any thread,
 *         one at a time.
 */
NEXUS_API
nexus_code nexus_flow_take_list(struct nexus_flow *flow,
                                struct nexus_list **out,
                                struct nexus_error **error);

/**
 * Takes the session token: the result of nexus_flow_session. A result can be taken once, a failure any number of times.
 *
 * @param flow  The flow.
 * @param out   Receives a text of the caller's own, to be freed: a secret.
 * @param error Receives the error on failure; may be NULL.
 * @return As nexus_client_session; NEXUS_ERROR_INVALID_INPUT where there is nothing to take, or nothing of this kind. Any
 *         thread, one at a time.
 */
NEXUS_API
nexus_code nexus_flow_take_text(struct nexus_flow *flow,
                                struct nexus_text **out,
                                struct nexus_error **error);

/**
 * The request that creates a microdeposit with account details. Its response is read by nexus_request_parse_microdeposit.
 * Unguarded: if the response is lost, the library does not list to find the record. nexus_flow_create does.
 *
 * @param input The values.
 * @param input_size sizeof *input.
 * @param out   Receives a request of the caller's own, to be freed.
 * @param error Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API
nexus_code nexus_request_create(const struct nexus_create_input *input,
                                size_t input_size,
                                struct nexus_request **out,
                                struct nexus_error **error);

/**
 * The request that creates a microdeposit without account details. Its response is read by nexus_request_parse_microdeposit.
 * Unguarded, as nexus_request_create is: nexus_flow_preinitiate is the careful one.
 *
 * @param first_name 1 to 50 characters.
 * @param last_name 1 to 50 characters.
 * @param email An e-mail address.
 * @param out   Receives a request of the caller's own, to be freed.
 * @param error Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API
nexus_code nexus_request_preinitiate(const char *first_name,
                                     const char *last_name,
                                     const char *email,
                                     struct nexus_request **out,
                                     struct nexus_error **error);

/**
 * The request that lists all microdeposits of the session's user. Its response is read by nexus_request_parse_list.
 *
 * @param out   Receives a request of the caller's own, to be freed.
 * @param error Receives the error on failure; may be NULL.
 * @return NEXUS_OK or NEXUS_ERROR_NULL_POINTER. Any thread.
 */
NEXUS_API
nexus_code nexus_request_list(struct nexus_request **out,
                              struct nexus_error **error);

/**
 * The request that reads one microdeposit. Its response is read by nexus_request_parse_microdeposit.
 *
 * @param guid  Which one.
 * @param out   Receives a request of the caller's own, to be freed.
 * @param error Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API
nexus_code nexus_request_read(const char *guid,
                              struct nexus_request **out,
                              struct nexus_error **error);

/**
 * The request that submits the two amounts. Its response is read by nexus_request_parse_microdeposit. It spends one of three
 * submissions. Unguarded: the record in the response gives no verdict, and if the response is lost, the outcome is unknown.
 * nexus_flow_verify is the careful one.
 *
 * @param guid  Which microdeposit.
 * @param first_cents 1 to 99.
 * @param second_cents 1 to 99.
 * @param out   Receives a request of the caller's own, to be freed.
 * @param error Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API
nexus_code nexus_request_verify(const char *guid,
                                uint32_t first_cents,
                                uint32_t second_cents,
                                struct nexus_request **out,
                                struct nexus_error **error);

/**
 * The request that opens a session; its secret is an API token. Its response is read by nexus_request_parse_text: the session token.
 *
 * @param out   Receives a request of the caller's own, to be freed.
 * @param error Receives the error on failure; may be NULL.
 * @return NEXUS_OK or NEXUS_ERROR_NULL_POINTER. Any thread.
 */
NEXUS_API
nexus_code nexus_request_open_session(struct nexus_request **out,
                                      struct nexus_error **error);

/**
 * The request (to the SSO host) for a one-time API token. Its response is read by nexus_request_parse_text.
 *
 * @param client_id The partner's client id.
 * @param user_id The partner's id of the user.
 * @param out   Receives a request of the caller's own, to be freed.
 * @param error Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API
nexus_code nexus_request_api_token(const char *client_id,
                                   const char *user_id,
                                   struct nexus_request **out,
                                   struct nexus_error **error);

/**
 * The request (to the SSO host) for an address of the Connect Widget in verification mode. Its response is read by nexus_request_parse_text.
 *
 * @param client_id The partner's client id.
 * @param user_id The partner's id of the user.
 * @param guid  The microdeposit that the person continues with, or NULL.
 * @param out   Receives a request of the caller's own, to be freed.
 * @param error Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
 */
NEXUS_API
nexus_code nexus_request_widget_url(const char *client_id,
                                    const char *user_id,
                                    const char *guid,
                                    struct nexus_request **out,
                                    struct nexus_error **error);

/**
 * Looks at a request.
 *
 * @param request The request.
 * @param out     Receives the view; its texts live as long as `request`.
 * @param size    sizeof *out.
 * @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
 */
NEXUS_API
nexus_code nexus_request_view_of(const struct nexus_request *request,
                                 struct nexus_request_view *out,
                                 size_t size);

/**
 * Reads the response to a request for one microdeposit.
 *
 * @param request     The request that was sent: one of create, preinitiate, read and verify.
 * @param http_status The response's HTTP status.
 * @param body        The response's whole body; may be NULL where `len` is 0.
 * @param len         Its length in bytes.
 * @param out         Receives a record of the caller's own, to be freed.
 * @param error       Receives the error on failure, which says too whether the outcome is unknown; may be NULL.
 * @return NEXUS_OK; the code of the server's refusal (200s) or of what cannot be read (300s);
 *         NEXUS_ERROR_INVALID_INPUT for a request of another kind; NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE.
 *         Any thread.
 */
NEXUS_API
nexus_code nexus_request_parse_microdeposit(const struct nexus_request *request,
                                            int32_t http_status,
                                            const void *body,
                                            size_t len,
                                            struct nexus_microdeposit **out,
                                            struct nexus_error **error);

/**
 * Reads the response to a request for all microdeposits.
 *
 * @param request     The request that was sent: one of list.
 * @param http_status The response's HTTP status.
 * @param body        The response's whole body; may be NULL where `len` is 0.
 * @param len         Its length in bytes.
 * @param out         Receives a list of the caller's own, to be freed.
 * @param error       Receives the error on failure, which says too whether the outcome is unknown; may be NULL.
 * @return NEXUS_OK; the code of the server's refusal (200s) or of what cannot be read (300s);
 *         NEXUS_ERROR_INVALID_INPUT for a request of another kind; NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE.
 *         Any thread.
 */
NEXUS_API
nexus_code nexus_request_parse_list(const struct nexus_request *request,
                                    int32_t http_status,
                                    const void *body,
                                    size_t len,
                                    struct nexus_list **out,
                                    struct nexus_error **error);

/**
 * Reads the response to a request for a token or address.
 *
 * @param request     The request that was sent: one of open_session, api_token and widget_url.
 * @param http_status The response's HTTP status.
 * @param body        The response's whole body; may be NULL where `len` is 0.
 * @param len         Its length in bytes.
 * @param out         Receives a text of the caller's own, to be freed: a secret.
 * @param error       Receives the error on failure, which says too whether the outcome is unknown; may be NULL.
 * @return NEXUS_OK; the code of the server's refusal (200s) or of what cannot be read (300s);
 *         NEXUS_ERROR_INVALID_INPUT for a request of another kind; NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE.
 *         Any thread.
 */
NEXUS_API
nexus_code nexus_request_parse_text(const struct nexus_request *request,
                                    int32_t http_status,
                                    const void *body,
                                    size_t len,
                                    struct nexus_text **out,
                                    struct nexus_error **error);

/**
 * Frees a request and wipes its body.
 *
 * @param request The request, or NULL.
 * @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live request. Any thread.
 */
NEXUS_API nexus_code nexus_request_free(struct nexus_request *request);

/**
 * Reads the body of a webhook delivery.
 *
 * @param body  The body.
 * @param len   Its length in bytes.
 * @param out   Receives an event of the caller's own, to be freed.
 * @param error Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_NOT_JSON, NEXUS_ERROR_WRONG_SHAPE, NEXUS_ERROR_MISSING_FIELD or
 *         NEXUS_ERROR_NULL_POINTER. Any thread.
 */
NEXUS_API
nexus_code nexus_webhook_parse(const void *body,
                               size_t len,
                               struct nexus_webhook **out,
                               struct nexus_error **error);

/**
 * Looks at an event.
 *
 * @param webhook The event.
 * @param out     Receives the view; its texts live as long as `webhook`.
 * @param size    sizeof *out.
 * @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
 */
NEXUS_API
nexus_code nexus_webhook_view_of(const struct nexus_webhook *webhook,
                                 struct nexus_webhook_view *out,
                                 size_t size);

/**
 * The microdeposit as the event describes it. Fields that events do not carry are absent.
 *
 * @param webhook The event.
 * @param out     Receives a record of the caller's own, to be freed.
 * @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
 */
NEXUS_API
nexus_code nexus_webhook_record(const struct nexus_webhook *webhook,
                                struct nexus_microdeposit **out);

/**
 * Frees an event. Its record, where it was taken, lives on.
 *
 * @param webhook The event, or NULL.
 * @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live event. Any thread.
 */
NEXUS_API nexus_code nexus_webhook_free(struct nexus_webhook *webhook);

/**
 * Starts a sandbox.
 *
 * @param options How it begins; NULL for the default.
 * @param size    sizeof *options.
 * @param out     Receives a sandbox of the caller's own, to be freed.
 * @param error   Receives the error on failure; may be NULL.
 * @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT where the port cannot be had, or NEXUS_ERROR_NULL_POINTER. Any thread.
 */
NEXUS_API
nexus_code nexus_sandbox_new(const struct nexus_sandbox_options *options,
                             size_t size,
                             struct nexus_sandbox **out,
                             struct nexus_error **error);

/**
 * Looks at a sandbox.
 *
 * @param sandbox The sandbox.
 * @param out     Receives the view; its texts live as long as `sandbox`.
 * @param size    sizeof *out.
 * @return NEXUS_OK; NEXUS_ERROR_INVALID_INPUT for a size that is none; NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE.
 *         Any thread.
 */
NEXUS_API
nexus_code nexus_sandbox_view_of(const struct nexus_sandbox *sandbox,
                                 struct nexus_sandbox_view *out,
                                 size_t size);

/**
 * Moves the sandbox's clock.
 *
 * @param sandbox The sandbox.
 * @param seconds How far.
 * @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
 */
NEXUS_API nexus_code nexus_sandbox_advance(const struct nexus_sandbox *sandbox, uint64_t seconds);

/**
 * The two deposits on the imaginary bank statement.
 *
 * @param sandbox The sandbox.
 * @param guid    Which microdeposit.
 * @param first   Receives cents, 1 to 99; 0 on failure.
 * @param second  Receives cents, 1 to 99; 0 on failure.
 * @return NEXUS_OK; NEXUS_ERROR_INVALID_INPUT where there are none; a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_sandbox_deposits(const struct nexus_sandbox *sandbox,
                                  const char *guid,
                                  uint32_t *first,
                                  uint32_t *second);

/**
 * Asks the admin interface under /_sandbox/, without HTTP: events, faults, the requests received, the state, reset. Its
 * openapi.json describes all of it.
 *
 * @param sandbox     The sandbox.
 * @param method      "GET", "POST", "PUT" or "DELETE".
 * @param path        Such as "/_sandbox/state".
 * @param body        JSON; may be NULL where `len` is 0.
 * @param len         Its length in bytes.
 * @param http_status Receives the HTTP status; 0 on failure.
 * @param out         Receives the response's body, to be freed.
 * @param error       Receives the error on failure; may be NULL. A refusal by the sandbox is no failure: see
 *                    `http_status`.
 * @return NEXUS_OK or a code of misuse (600s). Any thread.
 */
NEXUS_API
nexus_code nexus_sandbox_call(const struct nexus_sandbox *sandbox,
                              const char *method,
                              const char *path,
                              const void *body,
                              size_t len,
                              int32_t *http_status,
                              struct nexus_text **out,
                              struct nexus_error **error);

/**
 * Ends a sandbox and frees it. Requests under way are completed.
 *
 * @param sandbox The sandbox, or NULL.
 * @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live sandbox. Any thread.
 */
NEXUS_API nexus_code nexus_sandbox_free(struct nexus_sandbox *sandbox);

/**
 * How many handles were given out and not freed yet, in the whole process. At the end of a test it should be 0: each one more
 * is an object that was not freed, such as an error that a second failure has replaced.
 *
 * @param handle A NEXUS_HANDLE number: which type; NEXUS_HANDLE_ANY for all.
 * @return The number; 0 for any other number. Any thread.
 */
NEXUS_API
size_t nexus_live_handles(int32_t handle);

/**
 * The live handles of all types in words, for a test's message. The text that is given out is not counted.
 *
 * @param out   Receives a text of the caller's own, to be freed: "2 nexus_error, 1 nexus_microdeposit"; empty for none.
 * @param error Receives the error on failure; may be NULL.
 * @return NEXUS_OK or NEXUS_ERROR_NULL_POINTER. Any thread.
 */
NEXUS_API
nexus_code nexus_live_handles_text(struct nexus_text **out,
                                   struct nexus_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* NEXUS_H */
