/* The header with which number 1 of the interface began, without its comments. Tests compile programs with it. */
#ifndef NEXUS_H
#define NEXUS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#define NEXUS_INTEGRATION_URL "https://int-data.moneydesktop.com"
#define NEXUS_PRODUCTION_URL "https://data.moneydesktop.com"
#ifndef NEXUS_API
#if defined(_WIN32) && defined(NEXUS_SHARED)
#define NEXUS_API __declspec(dllimport)
#else
#define NEXUS_API
#endif
#endif
#define NEXUS_ABI_VERSION 1
#define NEXUS_VERSION_MAJOR 0
#define NEXUS_VERSION_MINOR 1
#define NEXUS_VERSION_PATCH 0
#define NEXUS_VERSION_NUMBER (((NEXUS_VERSION_MAJOR * 1000000) + (NEXUS_VERSION_MINOR * 1000)) + NEXUS_VERSION_PATCH)
#define NEXUS_NONE INT64_MIN
#define NEXUS_POSITION_NOTHING -1
#define NEXUS_POSITION_DELETED -2
#define NEXUS_NEVER UINT64_MAX
enum nexus_code
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    NEXUS_OK = 0,
    NEXUS_ERROR_INVALID_INPUT = 101,
    NEXUS_ERROR_BAD_REQUEST = 201,
    NEXUS_ERROR_UNAUTHORIZED = 202,
    NEXUS_ERROR_FORBIDDEN = 203,
    NEXUS_ERROR_NOT_FOUND = 204,
    NEXUS_ERROR_CONFLICT = 205,
    NEXUS_ERROR_RATE_LIMITED = 206,
    NEXUS_ERROR_SERVER = 207,
    NEXUS_ERROR_REDIRECT = 208,
    NEXUS_ERROR_UNEXPECTED_STATUS = 209,
    NEXUS_ERROR_NOT_ENABLED = 210,
    NEXUS_ERROR_NOT_JSON = 301,
    NEXUS_ERROR_WRONG_SHAPE = 302,
    NEXUS_ERROR_MISSING_FIELD = 303,
    NEXUS_ERROR_ANOTHER_RECORD = 304,
    NEXUS_ERROR_UNFORESEEN_STATUS = 305,
    NEXUS_ERROR_INCOMPLETE_LIST = 306,
    NEXUS_ERROR_NOT_VERIFIABLE = 401,
    NEXUS_ERROR_WAIT_TIMED_OUT = 402,
    NEXUS_ERROR_WAIT_ENDED = 403,
    NEXUS_ERROR_NOT_ALLOWED = 404,
    NEXUS_ERROR_MICRODEPOSIT_FAILED = 405,
    NEXUS_ERROR_SUBMISSION_OPEN = 406,
    NEXUS_ERROR_UNSETTLED = 407,
    NEXUS_ERROR_JOURNAL_UNUSABLE = 408,
    NEXUS_ERROR_CONNECT = 501,
    NEXUS_ERROR_TIMEOUT = 502,
    NEXUS_ERROR_IO = 503,
    NEXUS_ERROR_TLS = 504,
    NEXUS_ERROR_TOO_LARGE = 505,
    NEXUS_ERROR_CANCELLED = 506,
    NEXUS_ERROR_PROTOCOL = 507,
    NEXUS_ERROR_NULL_POINTER = 601,
    NEXUS_ERROR_BAD_HANDLE = 602,
    NEXUS_ERROR_BAD_UTF8 = 603,
    NEXUS_ERROR_PANIC = 604,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_code nexus_code;
#else
typedef int32_t nexus_code;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus
enum nexus_sighting
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    NEXUS_SIGHTING_SAME = 0,
    NEXUS_SIGHTING_MOVED = 1,
    NEXUS_SIGHTING_UNFORESEEN = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_sighting nexus_sighting;
#else
typedef int32_t nexus_sighting;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus
enum nexus_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    NEXUS_STATUS_INITIATED = 0,
    NEXUS_STATUS_REQUESTED = 1,
    NEXUS_STATUS_DEPOSITED = 2,
    NEXUS_STATUS_VERIFIED = 3,
    NEXUS_STATUS_ERRORED = 4,
    NEXUS_STATUS_DENIED = 5,
    NEXUS_STATUS_PREVENTED = 6,
    NEXUS_STATUS_CONFLICTED = 7,
    NEXUS_STATUS_REJECTED = 8,
    NEXUS_STATUS_PREINITIATED = 9,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_status nexus_status;
#else
typedef int32_t nexus_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus
enum nexus_account_type
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    NEXUS_ACCOUNT_TYPE_CHECKING = 1,
    NEXUS_ACCOUNT_TYPE_SAVINGS = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_account_type nexus_account_type;
#else
typedef int32_t nexus_account_type;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus
enum nexus_operation
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    NEXUS_OPERATION_CREATE = 1,
    NEXUS_OPERATION_PREINITIATE = 2,
    NEXUS_OPERATION_LIST = 3,
    NEXUS_OPERATION_READ = 4,
    NEXUS_OPERATION_VERIFY = 5,
    NEXUS_OPERATION_OPEN_SESSION = 6,
    NEXUS_OPERATION_API_TOKEN = 7,
    NEXUS_OPERATION_WIDGET_URL = 8,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_operation nexus_operation;
#else
typedef int32_t nexus_operation;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus
enum nexus_event
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    NEXUS_EVENT_CREATED = 1,
    NEXUS_EVENT_PREINITIATED = 2,
    NEXUS_EVENT_CREATE_REJECTED = 3,
    NEXUS_EVENT_CREATE_CONFLICTED = 4,
    NEXUS_EVENT_CREATE_ERRORED = 5,
    NEXUS_EVENT_ACCOUNT_SUBMITTED = 6,
    NEXUS_EVENT_IAV_CHOSEN = 7,
    NEXUS_EVENT_REQUESTED = 8,
    NEXUS_EVENT_LANDED = 9,
    NEXUS_EVENT_FAILED = 10,
    NEXUS_EVENT_REJECTED = 11,
    NEXUS_EVENT_AMOUNTS_RIGHT = 12,
    NEXUS_EVENT_AMOUNTS_WRONG = 13,
    NEXUS_EVENT_LOCKED_OUT = 14,
    NEXUS_EVENT_EXPIRED = 15,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_event nexus_event;
#else
typedef int32_t nexus_event;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus
enum nexus_field
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    NEXUS_FIELD_ACCOUNT_NAME = 0,
    NEXUS_FIELD_ACCOUNT_NUMBER = 1,
    NEXUS_FIELD_ACCOUNT_TYPE = 2,
    NEXUS_FIELD_ACCOUNT_TYPE_NAME = 3,
    NEXUS_FIELD_CREATED_AT = 4,
    NEXUS_FIELD_EMAIL = 5,
    NEXUS_FIELD_ERROR_CODE = 6,
    NEXUS_FIELD_ERROR_MESSAGE = 7,
    NEXUS_FIELD_FIRST_NAME = 8,
    NEXUS_FIELD_GUID = 9,
    NEXUS_FIELD_INSTITUTION_NAME = 10,
    NEXUS_FIELD_LAST_NAME = 11,
    NEXUS_FIELD_ROUTING_NUMBER = 12,
    NEXUS_FIELD_STATUS = 13,
    NEXUS_FIELD_STATUS_NAME = 14,
    NEXUS_FIELD_UPDATED_AT = 15,
    NEXUS_FIELD_VERIFIED_AT = 16,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_field nexus_field;
#else
typedef int32_t nexus_field;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus
enum nexus_observed
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    NEXUS_OBSERVED_OTHER = 0,
    NEXUS_OBSERVED_SENDING = 1,
    NEXUS_OBSERVED_RESPONDED = 2,
    NEXUS_OBSERVED_FAILED = 3,
    NEXUS_OBSERVED_RETRYING = 4,
    NEXUS_OBSERVED_RENEWING = 5,
    NEXUS_OBSERVED_RECONCILING = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_observed nexus_observed;
#else
typedef int32_t nexus_observed;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus
enum nexus_transport_cause
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    NEXUS_CAUSE_NONE = 0,
    NEXUS_CAUSE_NAME_NOT_FOUND = 1,
    NEXUS_CAUSE_NAME_SERVICE_SILENT = 2,
    NEXUS_CAUSE_REFUSED = 3,
    NEXUS_CAUSE_UNREACHABLE = 4,
    NEXUS_CAUSE_RESET = 5,
    NEXUS_CAUSE_CLOSED = 6,
    NEXUS_CAUSE_NO_FILES = 7,
    NEXUS_CAUSE_NO_RESOURCES = 8,
    NEXUS_CAUSE_NOT_PERMITTED = 9,
    NEXUS_CAUSE_PROXY_REFUSED = 10,
    NEXUS_CAUSE_CERTIFICATE_EXPIRED = 11,
    NEXUS_CAUSE_CERTIFICATE_NOT_YET_VALID = 12,
    NEXUS_CAUSE_UNKNOWN_ISSUER = 13,
    NEXUS_CAUSE_NAME_MISMATCH = 14,
    NEXUS_CAUSE_CERTIFICATE_INVALID = 15,
    NEXUS_CAUSE_CLIENT_CERTIFICATE = 16,
    NEXUS_CAUSE_TLS_OTHER = 17,
    NEXUS_CAUSE_TOO_LATE = 18,
    NEXUS_CAUSE_INTERNAL = 19,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_transport_cause nexus_transport_cause;
#else
typedef int32_t nexus_transport_cause;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus
enum nexus_verdict
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    NEXUS_VERDICT_VERIFIED = 1,
    NEXUS_VERDICT_DENIED = 2,
    NEXUS_VERDICT_LOCKED = 3,
    NEXUS_VERDICT_PENDING = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_verdict nexus_verdict;
#else
typedef int32_t nexus_verdict;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus
enum nexus_assumption
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    NEXUS_ASSUMPTION_NONE = 0,
    NEXUS_ASSUMPTION_REFUSED_BEFORE_ACTING = 1,
    NEXUS_ASSUMPTION_UPDATED_AT_SHOWS_DENIAL = 2,
    NEXUS_ASSUMPTION_JUDGED_WITHIN = 3,
    NEXUS_ASSUMPTION_LISTS_SHOW_ALL = 4,
    NEXUS_ASSUMPTION_SERVER_GRACE = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_assumption nexus_assumption;
#else
typedef int32_t nexus_assumption;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus
enum nexus_step_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    NEXUS_STEP_SEND = 1,
    NEXUS_STEP_SEND_ONCE = 2,
    NEXUS_STEP_SLEEP = 3,
    NEXUS_STEP_RENEW = 4,
    NEXUS_STEP_DONE = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_step_kind nexus_step_kind;
#else
typedef int32_t nexus_step_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus
enum nexus_purpose
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    NEXUS_PURPOSE_OTHER = 0,
    NEXUS_PURPOSE_CALL = 1,
    NEXUS_PURPOSE_BEFORE = 2,
    NEXUS_PURPOSE_CHANGE = 3,
    NEXUS_PURPOSE_RECONCILE = 4,
    NEXUS_PURPOSE_POLL = 5,
    NEXUS_PURPOSE_RETRY = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum nexus_purpose nexus_purpose;
#else
typedef int32_t nexus_purpose;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus
typedef struct nexus_budget nexus_budget;
typedef struct nexus_canceller nexus_canceller;
typedef struct nexus_client nexus_client;
typedef struct nexus_client_builder nexus_client_builder;
typedef struct nexus_error nexus_error;
typedef struct nexus_flow nexus_flow;
typedef struct nexus_journal nexus_journal;
typedef struct nexus_list nexus_list;
typedef struct nexus_microdeposit nexus_microdeposit;
typedef struct nexus_request nexus_request;
typedef struct nexus_sandbox nexus_sandbox;
typedef struct nexus_text nexus_text;
typedef struct nexus_webhook nexus_webhook;
typedef struct nexus_str {
    const char *data;
    size_t len;
} nexus_str;
typedef struct nexus_error_view {
    nexus_code code;
    bool outcome_unknown;
    bool has_last_seen;
    int32_t operation;
    int32_t http_status;
    uint32_t attempts;
    int64_t server_code;
    int64_t retry_after_ms;
    uint64_t line;
    uint64_t column;
    int32_t cause;
    int32_t assumption;
    int32_t last_failure;
    size_t candidates;
    struct nexus_str name;
    struct nexus_str message;
    struct nexus_str advice;
    struct nexus_str field;
    struct nexus_str rule;
    struct nexus_str guid;
    struct nexus_str operation_name;
} nexus_error_view;
typedef struct nexus_create_input {
    int32_t account_type;
    const char *first_name;
    const char *last_name;
    const char *email;
    const char *routing_number;
    const char *account_number;
    const char *account_name;
} nexus_create_input;
typedef struct nexus_authority {
    int32_t position;
    int32_t attempts;
} nexus_authority;
typedef struct nexus_microdeposit_view {
    struct nexus_str guid;
    int64_t status;
    bool is_terminal;
    bool may_verify;
    struct nexus_str status_name;
    int64_t account_type;
    struct nexus_str account_type_name;
    struct nexus_str account_number;
    struct nexus_str routing_number;
    struct nexus_str account_name;
    struct nexus_str first_name;
    struct nexus_str last_name;
    struct nexus_str email;
    struct nexus_str institution_name;
    struct nexus_str error_code;
    struct nexus_str error_message;
    struct nexus_str created_at;
    struct nexus_str updated_at;
    struct nexus_str verified_at;
    int64_t created_at_ms;
    int64_t updated_at_ms;
    int64_t verified_at_ms;
} nexus_microdeposit_view;
typedef struct nexus_limits {
    uint64_t connect_ms;
    uint64_t attempt_ms;
    uint64_t call_ms;
    uint64_t reconcile_ms;
    uint64_t body_bytes;
} nexus_limits;
typedef struct nexus_retry {
    uint32_t attempts;
    uint64_t base_ms;
    uint64_t cap_ms;
    uint64_t retry_after_cap_ms;
} nexus_retry;
typedef struct nexus_observation {
    int32_t what;
    int32_t operation;
    uint32_t attempt;
    int32_t http_status;
    int32_t code;
    uint64_t milliseconds;
} nexus_observation;
typedef void (*nexus_observer)(const struct nexus_observation *observation, void *user);
typedef struct nexus_created {
    int32_t assumed;
    struct nexus_microdeposit *record;
} nexus_created;
typedef struct nexus_outcome {
    int32_t verdict;
    int32_t assumed;
    struct nexus_microdeposit *record;
} nexus_outcome;
typedef struct nexus_progress {
    const struct nexus_microdeposit *record;
    uint64_t elapsed_ms;
    int64_t next_read_ms;
    uint32_t reads;
    uint32_t requests_sent;
    int32_t failure;
    int32_t cause;
} nexus_progress;
typedef bool (*nexus_on_progress)(const struct nexus_progress *progress, void *user);
typedef struct nexus_wait_options {
    const char *until;
    uint64_t timeout_ms;
    uint64_t poll_every_ms;
    nexus_on_progress on_progress;
    void *user;
} nexus_wait_options;
typedef struct nexus_flow_options {
    uint64_t attempt_ms;
    uint64_t call_ms;
    uint64_t reconcile_ms;
    uint32_t retry_attempts;
    uint64_t retry_base_ms;
    uint64_t retry_cap_ms;
    uint64_t retry_after_cap_ms;
    uint64_t judged_within_ms;
    uint64_t server_grace_ms;
    const int32_t *no_refusals;
    size_t no_refusals_count;
    bool integration;
    bool updated_at_is_no_sign;
    bool lists_may_lack;
    bool wait;
    bool earlier_open;
    const char *key;
    const struct nexus_journal *journal;
    const char *environment;
    const char *client_id;
    const char *user_id;
    const struct nexus_budget *budget;
} nexus_flow_options;
typedef struct nexus_step {
    int32_t kind;
    int32_t purpose;
    int32_t operation;
    uint32_t number;
    bool to_sso;
    uint64_t timeout_ms;
    uint64_t until_ms;
    int64_t not_after;
    struct nexus_str method;
    struct nexus_str path;
    struct nexus_str media_type;
    struct nexus_str auth_header;
    struct nexus_str secret;
    struct nexus_str body;
} nexus_step;
typedef struct nexus_request_view {
    int32_t operation;
    bool repeatable;
    bool to_sso;
    struct nexus_str method;
    struct nexus_str path;
    struct nexus_str media_type;
    struct nexus_str auth_header;
    struct nexus_str body;
    struct nexus_str guid;
} nexus_request_view;
typedef struct nexus_webhook_view {
    struct nexus_str action;
    int64_t version;
    struct nexus_str institution_guid;
    struct nexus_str user_guid;
    struct nexus_str user_id;
} nexus_webhook_view;
typedef struct nexus_sandbox_options {
    uint16_t port;
    int32_t production;
    int32_t real_time;
    uint64_t seed;
} nexus_sandbox_options;
typedef struct nexus_sandbox_view {
    struct nexus_str url;
    struct nexus_str client_id;
    struct nexus_str user_id;
    struct nexus_str api_key;
    struct nexus_str session_token;
} nexus_sandbox_view;
#ifdef __cplusplus
extern "C" {
#endif // __cplusplus
/** */
NEXUS_API
uint32_t nexus_abi_version(void);
/** */
NEXUS_API const char *nexus_version(void);
/** */
NEXUS_API uint32_t nexus_version_number(void);
/** */
NEXUS_API
const char *nexus_code_name(int32_t code);
/** */
NEXUS_API const char *nexus_transport_cause_name(int32_t cause);
/** */
NEXUS_API nexus_code nexus_text_view(const struct nexus_text *text, struct nexus_str *out);
/** */
NEXUS_API nexus_code nexus_text_free(struct nexus_text *text);
/** */
NEXUS_API
nexus_code nexus_error_view_of(const struct nexus_error *error,
                               struct nexus_error_view *out,
                               size_t size);
/** */
NEXUS_API
nexus_code nexus_error_last_seen(const struct nexus_error *error,
                                 struct nexus_microdeposit **out);
/** */
NEXUS_API
nexus_code nexus_error_candidate(const struct nexus_error *error,
                                 size_t index,
                                 struct nexus_str *out);
/** */
NEXUS_API nexus_code nexus_error_free(struct nexus_error *error);
/** */
NEXUS_API
const char *nexus_status_name(int64_t status);
/** */
NEXUS_API const char *nexus_status_definition(int64_t status);
/** */
NEXUS_API const char *nexus_status_next_step(int64_t status);
/** */
NEXUS_API bool nexus_status_is_terminal(int64_t status);
/** */
NEXUS_API bool nexus_status_may_verify(int64_t status);
/** */
NEXUS_API nexus_code nexus_status_from_name(const char *name, int64_t *out);
/** */
NEXUS_API
nexus_code nexus_account_type_from_name(const char *name,
                                        int32_t *out);
/** */
NEXUS_API const char *nexus_operation_name(int32_t operation);
/** */
NEXUS_API
bool nexus_operation_repeatable(int32_t operation);
/** */
NEXUS_API nexus_code nexus_retry_after_parse(const char *text, int64_t now, int64_t *wait_ms);
/** */
NEXUS_API
int64_t nexus_next_read(bool production,
                        int64_t status,
                        int64_t now,
                        int64_t created,
                        uint32_t reads);
/** */
NEXUS_API
nexus_code nexus_create_input_check(const struct nexus_create_input *input,
                                    size_t input_size,
                                    struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_person_check(const char *first_name,
                              const char *last_name,
                              const char *email,
                              struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_routing_number_check(const char *routing_number,
                                      const char *const *refused,
                                      size_t refused_count,
                                      struct nexus_error **error);
/** */
NEXUS_API const char *nexus_mx_test_refused(size_t index);
/** */
NEXUS_API nexus_code nexus_account_number_check(const char *account_number, struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_account_number_masked(const char *account_number,
                                       struct nexus_text **out,
                                       struct nexus_error **error);
/** */
NEXUS_API nexus_code nexus_account_name_check(const char *account_name, struct nexus_error **error);
/** */
NEXUS_API nexus_code nexus_guid_check(const char *guid, struct nexus_error **error);
/** */
NEXUS_API nexus_code nexus_amount_parse(const char *amount, uint32_t *cents, struct nexus_error **error);
/** */
NEXUS_API nexus_code nexus_amount_check(uint32_t cents, struct nexus_error **error);
/** */
NEXUS_API nexus_code nexus_amount_text(uint32_t cents, struct nexus_str *out);
/** */
NEXUS_API
nexus_code nexus_timestamp_parse(const char *timestamp,
                                 int64_t *millis);
/** */
NEXUS_API
nexus_code nexus_authority_apply(struct nexus_authority *authority,
                                 int32_t event);
/** */
NEXUS_API
nexus_code nexus_sighting_of(int64_t from,
                             int64_t to,
                             nexus_sighting *out,
                             int32_t *events,
                             size_t capacity,
                             size_t *count);
/** */
NEXUS_API const char *nexus_event_name(int32_t event);
/** */
NEXUS_API
nexus_code nexus_microdeposit_view_of(const struct nexus_microdeposit *record,
                                      struct nexus_microdeposit_view *out,
                                      size_t size);
/** */
NEXUS_API
nexus_code nexus_microdeposit_expose(const struct nexus_microdeposit *record,
                                     int32_t field,
                                     struct nexus_str *out);
/** */
NEXUS_API
nexus_code nexus_microdeposit_to_json(const struct nexus_microdeposit *record,
                                      bool reveal,
                                      struct nexus_text **out,
                                      struct nexus_error **error);
/** */
NEXUS_API nexus_code nexus_microdeposit_free(struct nexus_microdeposit *record);
/** */
NEXUS_API nexus_code nexus_list_len(const struct nexus_list *list, size_t *out);
/** */
NEXUS_API
nexus_code nexus_list_get(const struct nexus_list *list,
                          size_t index,
                          struct nexus_microdeposit **out);
/** */
NEXUS_API nexus_code nexus_list_free(struct nexus_list *list);
/** */
NEXUS_API const char *nexus_verdict_name(int32_t verdict);
/** */
NEXUS_API const char *nexus_verdict_advice(int32_t verdict);
/** */
NEXUS_API const char *nexus_assumption_name(int32_t assumption);
/** */
NEXUS_API const char *nexus_assumption_text(int32_t assumption);
/** */
NEXUS_API
nexus_code nexus_client_builder_new(const char *base_url,
                                    struct nexus_client_builder **out,
                                    struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_session_token(struct nexus_client_builder *builder,
                                              const char *session_token,
                                              struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_sso(struct nexus_client_builder *builder,
                                    const char *client_id,
                                    const char *user_id,
                                    const char *api_key,
                                    struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_sso_url(struct nexus_client_builder *builder,
                                        const char *sso_url,
                                        struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_limits(struct nexus_client_builder *builder,
                                       const struct nexus_limits *limits,
                                       size_t size,
                                       struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_retry(struct nexus_client_builder *builder,
                                      const struct nexus_retry *retry,
                                      size_t size,
                                      struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_production(struct nexus_client_builder *builder,
                                           bool production,
                                           struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_proxy(struct nexus_client_builder *builder,
                                      const char *proxy_url,
                                      struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_root_certificates(struct nexus_client_builder *builder,
                                                  const void *pem,
                                                  size_t len,
                                                  struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_client_certificate(struct nexus_client_builder *builder,
                                                   const void *chain_pem,
                                                   size_t chain_len,
                                                   const void *key_pem,
                                                   size_t key_len,
                                                   struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_product(struct nexus_client_builder *builder,
                                        const char *product,
                                        struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_observer(struct nexus_client_builder *builder,
                                         nexus_observer observer,
                                         void *user,
                                         struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_build(struct nexus_client_builder *builder,
                                      struct nexus_client **out,
                                      struct nexus_error **error);
/** */
NEXUS_API nexus_code nexus_client_builder_free(struct nexus_client_builder *builder);
/** */
NEXUS_API
nexus_code nexus_client_builder_assume_refusal(struct nexus_client_builder *builder,
                                               int32_t http_status,
                                               bool on,
                                               struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_assume_updated_at_shows_denial(struct nexus_client_builder *builder,
                                                               bool on,
                                                               struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_assume_judged_within_ms(struct nexus_client_builder *builder,
                                                        uint64_t milliseconds,
                                                        struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_assume_lists_show_all(struct nexus_client_builder *builder,
                                                      bool on,
                                                      struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_builder_assume_server_grace_ms(struct nexus_client_builder *builder,
                                                       uint64_t milliseconds,
                                                       struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_create(const struct nexus_client *client,
                               const struct nexus_create_input *input,
                               size_t input_size,
                               struct nexus_created *out,
                               size_t size,
                               struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_preinitiate(const struct nexus_client *client,
                                    const char *first_name,
                                    const char *last_name,
                                    const char *email,
                                    struct nexus_created *out,
                                    size_t size,
                                    struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_list(const struct nexus_client *client,
                             struct nexus_list **out,
                             struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_read(const struct nexus_client *client,
                             const char *guid,
                             struct nexus_microdeposit **out,
                             struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_verify(const struct nexus_client *client,
                               const char *guid,
                               uint32_t first_cents,
                               uint32_t second_cents,
                               struct nexus_outcome *out,
                               size_t size,
                               struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_verify_text(const struct nexus_client *client,
                                    const char *guid,
                                    const char *first,
                                    const char *second,
                                    struct nexus_outcome *out,
                                    size_t size,
                                    struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_verify_and_wait(const struct nexus_client *client,
                                        const char *guid,
                                        uint32_t first_cents,
                                        uint32_t second_cents,
                                        struct nexus_outcome *out,
                                        size_t size,
                                        struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_session(const struct nexus_client *client,
                                struct nexus_text **out,
                                struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_widget_url(const struct nexus_client *client,
                                   const char *guid,
                                   struct nexus_text **out,
                                   struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_with_timeout(const struct nexus_client *client,
                                     uint64_t call_ms,
                                     struct nexus_client **out,
                                     struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_cancellable(const struct nexus_client *client,
                                    struct nexus_client **out,
                                    struct nexus_canceller **canceller,
                                    struct nexus_error **error);
/** */
NEXUS_API nexus_code nexus_client_free(struct nexus_client *client);
/** */
NEXUS_API
nexus_code nexus_journal_open(const char *path,
                              const void *key,
                              size_t key_len,
                              struct nexus_journal **out,
                              struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_client_create_once(const struct nexus_client *client,
                                    const struct nexus_journal *journal,
                                    const char *key,
                                    const struct nexus_create_input *input,
                                    size_t input_size,
                                    struct nexus_created *out,
                                    size_t size,
                                    struct nexus_error **error);
/** */
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
/** */
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
/** */
NEXUS_API nexus_code nexus_journal_free(struct nexus_journal *journal);
/** */
NEXUS_API
nexus_code nexus_client_wait(const struct nexus_client *client,
                             const char *guid,
                             const struct nexus_wait_options *options,
                             size_t size,
                             struct nexus_microdeposit **out,
                             struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_canceller_cancel(const struct nexus_canceller *canceller);
/** */
NEXUS_API nexus_code nexus_canceller_is_cancelled(const struct nexus_canceller *canceller, bool *out);
/** */
NEXUS_API nexus_code nexus_canceller_free(struct nexus_canceller *canceller);
/** */
NEXUS_API nexus_code nexus_budget_new(struct nexus_budget **out, struct nexus_error **error);
/** */
NEXUS_API nexus_code nexus_budget_free(struct nexus_budget *budget);
/** */
NEXUS_API
nexus_code nexus_flow_verify(const char *guid,
                             uint32_t first_cents,
                             uint32_t second_cents,
                             const struct nexus_flow_options *options,
                             size_t options_size,
                             struct nexus_flow **out,
                             struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_flow_create(const struct nexus_create_input *input,
                             size_t input_size,
                             const struct nexus_flow_options *options,
                             size_t options_size,
                             struct nexus_flow **out,
                             struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_flow_preinitiate(const char *first_name,
                                  const char *last_name,
                                  const char *email,
                                  const struct nexus_flow_options *options,
                                  size_t options_size,
                                  struct nexus_flow **out,
                                  struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_flow_wait(const char *guid,
                           const struct nexus_wait_options *wait,
                           size_t wait_size,
                           const struct nexus_flow_options *options,
                           size_t options_size,
                           struct nexus_flow **out,
                           struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_flow_read(const char *guid,
                           const struct nexus_flow_options *options,
                           size_t options_size,
                           struct nexus_flow **out,
                           struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_flow_list(const struct nexus_flow_options *options,
                           size_t options_size,
                           struct nexus_flow **out,
                           struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_flow_session(const char *client_id,
                              const char *user_id,
                              const struct nexus_flow_options *options,
                              size_t options_size,
                              struct nexus_flow **out,
                              struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_flow_free(struct nexus_flow *flow);
/** */
NEXUS_API
nexus_code nexus_flow_next(struct nexus_flow *flow,
                           uint64_t elapsed_ms,
                           int64_t unix_seconds,
                           double chance,
                           struct nexus_step *out,
                           size_t size);
/** */
NEXUS_API
nexus_code nexus_flow_response(struct nexus_flow *flow,
                               uint64_t elapsed_ms,
                               int64_t unix_seconds,
                               int32_t http_status,
                               const char *retry_after,
                               const void *body,
                               size_t len);
/** */
NEXUS_API
nexus_code nexus_flow_not_sent(struct nexus_flow *flow,
                               uint64_t elapsed_ms,
                               int64_t unix_seconds,
                               int32_t problem,
                               int32_t cause);
/** */
NEXUS_API
nexus_code nexus_flow_maybe_sent(struct nexus_flow *flow,
                                 uint64_t elapsed_ms,
                                 int64_t unix_seconds,
                                 int32_t problem,
                                 int32_t cause);
/** */
NEXUS_API
nexus_code nexus_flow_no_session(struct nexus_flow *flow,
                                 uint64_t elapsed_ms,
                                 int64_t unix_seconds,
                                 const struct nexus_error *reason);
/** */
NEXUS_API nexus_code nexus_flow_elapsed(struct nexus_flow *flow, uint64_t elapsed_ms, int64_t unix_seconds);
/** */
NEXUS_API
nexus_code nexus_flow_cancelled(struct nexus_flow *flow,
                                uint64_t elapsed_ms,
                                int64_t unix_seconds);
/** */
NEXUS_API nexus_code nexus_flow_renewed(struct nexus_flow *flow, uint64_t elapsed_ms, int64_t unix_seconds);
/** */
NEXUS_API
nexus_code nexus_flow_not_renewable(struct nexus_flow *flow,
                                    uint64_t elapsed_ms,
                                    int64_t unix_seconds);
/** */
NEXUS_API
nexus_code nexus_flow_take_outcome(struct nexus_flow *flow,
                                   struct nexus_outcome *out,
                                   size_t size,
                                   struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_flow_take_created(struct nexus_flow *flow,
                                   struct nexus_created *out,
                                   size_t size,
                                   struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_flow_take_record(struct nexus_flow *flow,
                                  struct nexus_microdeposit **out,
                                  struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_flow_take_list(struct nexus_flow *flow,
                                struct nexus_list **out,
                                struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_flow_take_text(struct nexus_flow *flow,
                                struct nexus_text **out,
                                struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_request_create(const struct nexus_create_input *input,
                                size_t input_size,
                                struct nexus_request **out,
                                struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_request_preinitiate(const char *first_name,
                                     const char *last_name,
                                     const char *email,
                                     struct nexus_request **out,
                                     struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_request_list(struct nexus_request **out,
                              struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_request_read(const char *guid,
                              struct nexus_request **out,
                              struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_request_verify(const char *guid,
                                uint32_t first_cents,
                                uint32_t second_cents,
                                struct nexus_request **out,
                                struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_request_open_session(struct nexus_request **out,
                                      struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_request_api_token(const char *client_id,
                                   const char *user_id,
                                   struct nexus_request **out,
                                   struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_request_widget_url(const char *client_id,
                                    const char *user_id,
                                    const char *guid,
                                    struct nexus_request **out,
                                    struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_request_view_of(const struct nexus_request *request,
                                 struct nexus_request_view *out,
                                 size_t size);
/** */
NEXUS_API
nexus_code nexus_request_parse_microdeposit(const struct nexus_request *request,
                                            int32_t http_status,
                                            const void *body,
                                            size_t len,
                                            struct nexus_microdeposit **out,
                                            struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_request_parse_list(const struct nexus_request *request,
                                    int32_t http_status,
                                    const void *body,
                                    size_t len,
                                    struct nexus_list **out,
                                    struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_request_parse_text(const struct nexus_request *request,
                                    int32_t http_status,
                                    const void *body,
                                    size_t len,
                                    struct nexus_text **out,
                                    struct nexus_error **error);
/** */
NEXUS_API nexus_code nexus_request_free(struct nexus_request *request);
/** */
NEXUS_API
nexus_code nexus_webhook_parse(const void *body,
                               size_t len,
                               struct nexus_webhook **out,
                               struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_webhook_view_of(const struct nexus_webhook *webhook,
                                 struct nexus_webhook_view *out,
                                 size_t size);
/** */
NEXUS_API
nexus_code nexus_webhook_record(const struct nexus_webhook *webhook,
                                struct nexus_microdeposit **out);
/** */
NEXUS_API nexus_code nexus_webhook_free(struct nexus_webhook *webhook);
/** */
NEXUS_API
nexus_code nexus_sandbox_new(const struct nexus_sandbox_options *options,
                             size_t size,
                             struct nexus_sandbox **out,
                             struct nexus_error **error);
/** */
NEXUS_API
nexus_code nexus_sandbox_view_of(const struct nexus_sandbox *sandbox,
                                 struct nexus_sandbox_view *out,
                                 size_t size);
/** */
NEXUS_API nexus_code nexus_sandbox_advance(const struct nexus_sandbox *sandbox, uint64_t seconds);
/** */
NEXUS_API
nexus_code nexus_sandbox_deposits(const struct nexus_sandbox *sandbox,
                                  const char *guid,
                                  uint32_t *first,
                                  uint32_t *second);
/** */
NEXUS_API
nexus_code nexus_sandbox_call(const struct nexus_sandbox *sandbox,
                              const char *method,
                              const char *path,
                              const void *body,
                              size_t len,
                              int32_t *http_status,
                              struct nexus_text **out,
                              struct nexus_error **error);
/** */
NEXUS_API nexus_code nexus_sandbox_free(struct nexus_sandbox *sandbox);
#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus
#endif
