/*
 * The core carried by an HTTP library of the caller's own, here libcurl: libnexus says what to send and reads what came.
 *
 *   cc -DNEXUS_SANDBOX examples/own_http.c $(pkg-config --cflags --libs nexus libcurl)
 */
#include <curl/curl.h>
#include <nexus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct answer {
    char *body;
    size_t len;
    long status;
} answer;

static size_t keep(char *data, size_t size, size_t count, void *user)
{
    answer *to = user;
    char *more = realloc(to->body, to->len + size * count);
    if (more == NULL)
        return 0;
    memcpy(more + to->len, data, size * count);
    to->body = more;
    to->len += size * count;
    return size * count;
}

static struct curl_slist *header(struct curl_slist *list, const char *name, const char *value)
{
    char line[512];
    snprintf(line, sizeof line, "%s: %s", name, value);
    return curl_slist_append(list, line);
}

/*
 * Sends one request: once. No redirects, a limit of time, and a new connection for what must not be repeated, since curl
 * would send it again by itself where a connection that was kept turns out to be closed.
 */
static answer carry(CURL *curl, const nexus_request *request, const char *base, const char *secret)
{
    answer got = {NULL, 0, 0};
    nexus_request_view view;
    struct curl_slist *headers = NULL;
    char url[1024];

    if (nexus_request_view_of(request, &view) != NEXUS_OK)
        exit(1);
    snprintf(url, sizeof url, "%s%s", base, view.path.data);
    headers = header(headers, "Accept", view.media_type.data);
    headers = header(headers, view.auth_header.data, secret);
    curl_easy_reset(curl);
    if (view.body.data != NULL) {
        headers = header(headers, "Content-Type", view.media_type.data);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)view.body.len);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, view.body.data);
    }
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, view.method.data);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, view.repeatable ? 0L : 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &got);
    if (curl_easy_perform(curl) != CURLE_OK) {
        fprintf(stderr, "no answer; %s\n", view.repeatable ? "call again" : "the outcome is unknown: look first");
        exit(1);
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &got.status);
    curl_slist_free_all(headers);
    return got;
}

int main(void)
{
    CURL *curl = curl_easy_init();
    nexus_sandbox *sandbox;
    nexus_sandbox_view other_side;
    nexus_request *preinitiate, *list;
    nexus_microdeposit *record;
    nexus_microdeposit_view view;
    nexus_list *records;
    nexus_error *error = NULL;
    nexus_code code;
    size_t count = 0;
    answer got;

    if (curl == NULL || nexus_sandbox_new(NULL, &sandbox, NULL) != NEXUS_OK
        || nexus_sandbox_view_of(sandbox, &other_side) != NEXUS_OK
        || nexus_request_preinitiate("Josh", "James", "example@example.com", &preinitiate, NULL) != NEXUS_OK
        || nexus_request_list(&list, NULL) != NEXUS_OK)
        return 1;

    got = carry(curl, preinitiate, other_side.url.data, other_side.session_token.data);
    code = nexus_request_parse_microdeposit(preinitiate, (int)got.status, got.body, got.len, &record, &error);
    free(got.body);
    if (code != NEXUS_OK || nexus_microdeposit_view_of(record, &view) != NEXUS_OK)
        return 1;
    printf("pre-initiated %s: %s\n", view.guid.data, view.status_name.data);
    nexus_microdeposit_free(record);

    got = carry(curl, list, other_side.url.data, other_side.session_token.data);
    code = nexus_request_parse_list(list, (int)got.status, got.body, got.len, &records, &error);
    free(got.body);
    if (code != NEXUS_OK || nexus_list_len(records, &count) != NEXUS_OK)
        return 1;
    printf("listed %zu\n", count);
    nexus_list_free(records);

    /* A session that is none: the answer's error is the library's to tell. */
    got = carry(curl, list, other_side.url.data, "no-session");
    code = nexus_request_parse_list(list, (int)got.status, got.body, got.len, &records, &error);
    free(got.body);
    printf("without a session: %s (%d)\n", nexus_code_name(code), (int)code);

    nexus_error_free(error);
    nexus_request_free(preinitiate);
    nexus_request_free(list);
    nexus_sandbox_free(sandbox);
    curl_easy_cleanup(curl);
    return 0;
}
