/*
 * A driver of flows over libcurl: libnexus decides what is sent, when and how often; libcurl carries it.
 *
 *   cc -std=c11 examples/drivers/libcurl.c -o libcurl $(pkg-config --cflags --libs nexus libcurl)
 *   ./libcurl BASE_URL SESSION_TOKEN create | wait GUID | verify GUID AMOUNT1 AMOUNT2
 */
#define _POSIX_C_SOURCE 200809L
#include <curl/curl.h>
#include <nexus.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct driver {
    CURL *curl; /* one handle, so that connections are kept for reads */
    const char *base, *session_token;
} driver;

/* A request on its way: what is left of its body, and what came. */
typedef struct exchange {
    const nexus_step *step;
    size_t given;
    bool asked;
    char *body;
    size_t len;
} exchange;

static const size_t LARGEST = 64u << 20;

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* libcurl asks for the body here. Where it has never asked, no byte of it has left: that is the evidence for "not sent". */
static size_t give(char *to, size_t size, size_t count, void *user)
{
    exchange *own = user;
    size_t left = own->step->body.len - own->given, room = size * count, some = left < room ? left : room;
    if (!own->asked && own->step->not_after != NEXUS_NONE && (int64_t)time(NULL) > own->step->not_after)
        return CURL_READFUNC_ABORT;
    own->asked = true;
    memcpy(to, own->step->body.data + own->given, some);
    own->given += some;
    return some;
}

static size_t keep(char *data, size_t size, size_t count, void *user)
{
    exchange *own = user;
    char *more = own->len + size * count > LARGEST ? NULL : realloc(own->body, own->len + size * count);
    if (more == NULL)
        return 0;
    own->body = more;
    memcpy(own->body + own->len, data, size * count);
    own->len += size * count;
    return size * count;
}

static struct curl_slist *header(struct curl_slist *list, const char *name, const char *value)
{
    char line[4096];
    snprintf(line, sizeof line, "%s: %s", name, value);
    return curl_slist_append(list, line);
}

/* What the results of libcurl mean; all others, that the connection broke. */
static const struct {
    CURLcode result;
    int code, cause;
} meanings[] = {
    {CURLE_COULDNT_RESOLVE_HOST, NEXUS_ERROR_CONNECT, NEXUS_CAUSE_NAME_NOT_FOUND},
    {CURLE_COULDNT_RESOLVE_PROXY, NEXUS_ERROR_CONNECT, NEXUS_CAUSE_NAME_NOT_FOUND},
    {CURLE_COULDNT_CONNECT, NEXUS_ERROR_CONNECT, NEXUS_CAUSE_NONE},
    {CURLE_SSL_CONNECT_ERROR, NEXUS_ERROR_TLS, NEXUS_CAUSE_NONE},
    {CURLE_PEER_FAILED_VERIFICATION, NEXUS_ERROR_TLS, NEXUS_CAUSE_CERTIFICATE_INVALID},
    {CURLE_OPERATION_TIMEDOUT, NEXUS_ERROR_TIMEOUT, NEXUS_CAUSE_NONE},
    {CURLE_ABORTED_BY_CALLBACK, NEXUS_ERROR_TIMEOUT, NEXUS_CAUSE_TOO_LATE},
    {CURLE_WRITE_ERROR, NEXUS_ERROR_TOO_LARGE, NEXUS_CAUSE_NONE},
    {CURLE_WEIRD_SERVER_REPLY, NEXUS_ERROR_PROTOCOL, NEXUS_CAUSE_NONE},
    {CURLE_GOT_NOTHING, NEXUS_ERROR_IO, NEXUS_CAUSE_CLOSED},
    {CURLE_PARTIAL_FILE, NEXUS_ERROR_IO, NEXUS_CAUSE_CLOSED},
};

/* Carries one request, and tells the flow what came of it. */
static void carry(driver *with, nexus_flow *flow, const nexus_step *step)
{
    exchange own = {step, 0, false, NULL, 0};
    long once = step->kind == NEXUS_STEP_SEND_ONCE, status = 0;
    curl_off_t wait = 0;
    char url[4096], retry_after[32];
    struct curl_slist *headers = header(NULL, "Accept", step->media_type.data);
    CURL *curl = with->curl;
    CURLcode result;

    headers = header(headers, step->auth_header.data, step->secret.data != NULL ? step->secret.data : with->session_token);
    curl_easy_reset(curl); /* the options; connections stay */
    if (step->body.data != NULL) {
        headers = header(headers, "Content-Type", step->media_type.data);
        headers = curl_slist_append(headers, "Expect:");
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)step->body.len);
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
        curl_easy_setopt(curl, CURLOPT_READDATA, &own);
    }
    snprintf(url, sizeof url, "%s%s", with->base, step->path.data);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, step->method.data);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, step->timeout_ms < 86400000 ? (long)step->timeout_ms : 86400000L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    /* A new connection for what goes once: on a kept one libcurl may send it again by itself; and so it may by HTTP/2. */
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, once);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, once);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &own);
    result = curl_easy_perform(curl);
    curl_slist_free_all(headers);

    if (result == CURLE_OK) {
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait);
        snprintf(retry_after, sizeof retry_after, "%lld", (long long)wait);
        nexus_flow_response(flow, now_ms(), time(NULL), (int)status, wait > 0 ? retry_after : NULL, own.body, own.len);
    } else {
        int code = NEXUS_ERROR_IO, cause = NEXUS_CAUSE_NONE;
        bool not_sent;
        size_t at;
        for (at = 0; at < sizeof meanings / sizeof *meanings; at++)
            if (meanings[at].result == result)
                code = meanings[at].code, cause = meanings[at].cause;
        not_sent = code == NEXUS_ERROR_CONNECT || (step->body.data != NULL && !own.asked);
        (not_sent ? nexus_flow_not_sent : nexus_flow_maybe_sent)(flow, now_ms(), time(NULL), code, cause);
    }
    free(own.body);
}

/* Drives a flow to its end. */
static void drive(driver *with, nexus_flow *flow)
{
    nexus_step step;
    while (nexus_flow_next(flow, now_ms(), time(NULL), rand() / (RAND_MAX + 1.0), &step, sizeof step) == NEXUS_OK) {
        uint64_t now = now_ms(), left = step.until_ms > now ? step.until_ms - now : 0;
        struct timespec sleep = {(time_t)(left / 1000), (long)(left % 1000) * 1000000};
        switch (step.kind) {
        case NEXUS_STEP_SEND:
        case NEXUS_STEP_SEND_ONCE:
            carry(with, flow, &step);
            break;
        case NEXUS_STEP_SLEEP:
            nanosleep(&sleep, NULL);
            nexus_flow_elapsed(flow, now_ms(), time(NULL));
            break;
        case NEXUS_STEP_RENEW: /* This session was given from outside; who has an API key drives nexus_flow_session here. */
            nexus_flow_not_renewable(flow, now_ms(), time(NULL));
            break;
        default:
            return;
        }
    }
}

static int failed(nexus_error *error)
{
    nexus_error_view view;
    if (nexus_error_view_of(error, &view, sizeof view) == NEXUS_OK)
        printf("error %s %s\n", view.name.data, view.outcome_unknown ? "unknown" : "known");
    nexus_error_free(error);
    return 1;
}

/* Prints a record's guid and status, as far as they are asked for, and frees it. */
static int print(const char *before, bool guid, nexus_microdeposit *record)
{
    nexus_microdeposit_view view;
    if (nexus_microdeposit_view_of(record, &view, sizeof view) == NEXUS_OK)
        printf("%s%s%s%s\n", before, guid ? view.guid.data : "", guid ? " " : "", view.status_name.data);
    return nexus_microdeposit_free(record) == NEXUS_OK ? 0 : 1;
}

static int create(driver *with, const nexus_flow_options *options)
{
    nexus_create_input input = {.first_name = "Josh", .last_name = "James", .email = "josh@example.com",
                                .routing_number = "091000019", .account_number = "333312345",
                                .account_type = NEXUS_ACCOUNT_TYPE_CHECKING};
    nexus_flow *flow;
    nexus_created created;
    nexus_error *error = NULL;
    if (nexus_flow_create(&input, sizeof input, options, sizeof *options, &flow, &error) != NEXUS_OK)
        return failed(error);
    drive(with, flow);
    if (nexus_flow_take_created(flow, &created, sizeof created, &error) != NEXUS_OK)
        return nexus_flow_free(flow), failed(error);
    nexus_flow_free(flow);
    return print("made ", true, created.record);
}

static int wait_for(driver *with, const nexus_flow_options *options, const char *guid)
{
    nexus_wait_options wait = {.timeout_ms = 20000};
    nexus_flow *flow;
    nexus_microdeposit *record;
    nexus_error *error = NULL;
    if (nexus_flow_wait(guid, &wait, sizeof wait, options, sizeof *options, &flow, &error) != NEXUS_OK)
        return failed(error);
    drive(with, flow);
    if (nexus_flow_take_record(flow, &record, &error) != NEXUS_OK)
        return nexus_flow_free(flow), failed(error);
    nexus_flow_free(flow);
    return print("", false, record);
}

static int verify(driver *with, const nexus_flow_options *options, const char *guid, const char *one, const char *two)
{
    uint32_t first = 0, second = 0;
    nexus_flow *flow;
    nexus_outcome outcome;
    nexus_error *error = NULL;
    if (nexus_amount_parse(one, &first, &error) != NEXUS_OK || nexus_amount_parse(two, &second, &error) != NEXUS_OK
        || nexus_flow_verify(guid, first, second, options, sizeof *options, &flow, &error) != NEXUS_OK)
        return failed(error);
    drive(with, flow);
    if (nexus_flow_take_outcome(flow, &outcome, sizeof outcome, &error) != NEXUS_OK)
        return nexus_flow_free(flow), failed(error);
    nexus_flow_free(flow);
    puts(nexus_verdict_name(outcome.verdict));
    return nexus_microdeposit_free(outcome.record) == NEXUS_OK ? 0 : 1;
}

int main(int count, char **words)
{
    nexus_flow_options options = {.attempt_ms = 2000, .call_ms = 6000, .reconcile_ms = 1000, .integration = true, .wait = true};
    driver with = {curl_easy_init(), count > 1 ? words[1] : "", count > 2 ? words[2] : ""};
    const char *what = count > 3 ? words[3] : "";
    int result = 2;

    srand((unsigned)time(NULL));
    signal(SIGPIPE, SIG_IGN); /* CURLOPT_NOSIGNAL leaves it to us, and TLS can raise it in the middle of a submission */
    if (with.curl == NULL || nexus_abi_version() != NEXUS_ABI_VERSION)
        return 2;
    if (strcmp(what, "create") == 0 && count == 4)
        result = create(&with, &options);
    else if (strcmp(what, "wait") == 0 && count == 5)
        result = wait_for(&with, &options, words[4]);
    else if (strcmp(what, "verify") == 0 && count == 7)
        result = verify(&with, &options, words[4], words[5], words[6]);
    else
        fputs("libcurl BASE_URL SESSION_TOKEN create | wait GUID | verify GUID AMOUNT1 AMOUNT2\n", stderr);
    curl_easy_cleanup(with.curl);
    return result;
}
