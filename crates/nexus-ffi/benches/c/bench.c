/*
 * Measured inside C; times are CPU time of this thread, in nanoseconds, a measurement a line.
 *
 *   bench name ROUNDS          the name of a status, a call
 *   bench list ROUNDS FILE     a list's response in FILE, read and freed; and with a view of every record between
 *   bench peak URL             a list over HTTP: bytes by which the peak of memory rises; and with a view of every record kept
 *   bench read ROUNDS URL CA   a read over a kept connection, in turns with libcurl (where compiled with it) and a small JSON
 *                              search; CA is a file of root certificates, or -
 *   bench verify ROUNDS URL CA a read and a submission over a new connection, in turns with libcurl
 */
#define _POSIX_C_SOURCE 200809L
#include <nexus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef WITH_CURL
#include <curl/curl.h>
#endif

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

#define must(fine)                                             \
    do {                                                       \
        if (!(fine)) {                                         \
            fprintf(stderr, "%d: %s failed\n", __LINE__, #fine); \
            exit(1);                                           \
        }                                                      \
    } while (0)

static void name(long rounds)
{
    const long calls = 1000000;
    while (rounds-- > 0) {
        size_t sum = 0;
        double began = now();
        long i;
        for (i = 0; i < calls; i++)
            sum += (size_t)nexus_status_name(i % 10)[0];
        printf("%f\n", (now() - began) / (double)calls);
        must(sum > 0);
    }
}

static void list(long rounds, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *body;
    long len;
    nexus_request *request;
    must(file != NULL && fseek(file, 0, SEEK_END) == 0 && (len = ftell(file)) > 0);
    rewind(file);
    body = malloc((size_t)len);
    must(body != NULL && fread(body, 1, (size_t)len, file) == (size_t)len);
    fclose(file);
    must(nexus_request_list(&request, NULL) == NEXUS_OK);
    while (rounds-- > 0) {
        nexus_list *records;
        size_t count, i, letters = 0;
        double began = now(), whole;
        must(nexus_request_parse_list(request, 200, body, (size_t)len, &records, NULL) == NEXUS_OK);
        must(nexus_list_len(records, &count) == NEXUS_OK);
        whole = now() - began;
        for (i = 0; i < count; i++) {
            nexus_microdeposit *record;
            nexus_microdeposit_view view;
            must(nexus_list_get(records, i, &record) == NEXUS_OK);
            must(nexus_microdeposit_view_of(record, &view, sizeof view) == NEXUS_OK);
            letters += view.guid.len + view.status_name.len;
            nexus_microdeposit_free(record);
        }
        {
            double freeing = now();
            nexus_list_free(records);
            whole += now() - freeing;
        }
        printf("%f %f\n", whole, now() - began);
        must(letters > count);
    }
    nexus_request_free(request);
    free(body);
}

/* The most memory that this process has had, in bytes. */
static double peak(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    double kilobytes = 0;
    must(file != NULL);
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "VmHWM:", 6) == 0)
            kilobytes = strtod(line + 6, NULL);
    fclose(file);
    return kilobytes * 1024;
}

static nexus_client *client_at(const char *url, const char *authority)
{
    nexus_client_builder *builder;
    nexus_client *client;
    must(nexus_client_builder_new(url, &builder, NULL) == NEXUS_OK);
    must(nexus_client_builder_session_token(builder, "token", NULL) == NEXUS_OK);
    if (authority[0] != '-') {
        char pem[8192];
        FILE *file = fopen(authority, "rb");
        size_t len;
        must(file != NULL && (len = fread(pem, 1, sizeof pem, file)) > 0);
        fclose(file);
        must(nexus_client_builder_root_certificates(builder, pem, len, NULL) == NEXUS_OK);
    }
    must(nexus_client_builder_build(builder, &client, NULL) == NEXUS_OK);
    nexus_client_builder_free(builder);
    return client;
}

/* By how much a list over HTTP raises it, and with a masked view of every record taken and kept. */
static void list_peak(const char *url)
{
    nexus_client *client = client_at(url, "-");
    nexus_list *records;
    nexus_microdeposit **kept;
    nexus_microdeposit_view view;
    size_t count, i;
    double before, whole;
    before = peak();
    must(nexus_client_list(client, &records, NULL) == NEXUS_OK && nexus_list_len(records, &count) == NEXUS_OK);
    whole = peak() - before;
    kept = malloc(count * sizeof *kept);
    must(kept != NULL);
    for (i = 0; i < count; i++) {
        must(nexus_list_get(records, i, &kept[i]) == NEXUS_OK);
        must(nexus_microdeposit_view_of(kept[i], &view, sizeof view) == NEXUS_OK);
    }
    printf("%f %f\n", whole, peak() - before);
    for (i = 0; i < count; i++)
        nexus_microdeposit_free(kept[i]);
    free(kept);
    nexus_list_free(records);
    nexus_client_free(client);
}

#ifdef WITH_CURL
typedef struct response {
    char data[8192];
    size_t len;
} response;

static size_t keep(char *data, size_t size, size_t count, void *user)
{
    response *to = user;
    size_t len = size * count;
    must(to->len + len < sizeof to->data);
    memcpy(to->data + to->len, data, len);
    to->len += len;
    return len;
}
#endif

#ifdef WITH_CURL
static CURL *curl_at(const char *url, const char *authority, response *got)
{
    static struct curl_slist *headers;
    CURL *curl = curl_easy_init();
    char text[1024];
    headers = curl_slist_append(headers, "MD-SESSION-TOKEN: token");
    headers = curl_slist_append(headers, "Accept: application/vnd.mx.nexus.v1+json");
    headers = curl_slist_append(headers, "Content-Type: application/vnd.mx.nexus.v1+json");
    snprintf(text, sizeof text, "%s/micro_deposits/MIC-1", url);
    curl_easy_setopt(curl, CURLOPT_URL, text);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, got);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    if (authority[0] != '-')
        curl_easy_setopt(curl, CURLOPT_CAINFO, authority);
    return curl;
}

static void get_with(CURL *curl, response *got)
{
    got->len = 0;
    must(curl_easy_perform(curl) == CURLE_OK);
    got->data[got->len] = '\0';
    must(strstr(got->data, "\"guid\":\"") != NULL && strstr(got->data, "\"status\":") != NULL);
}
#endif

/* Two numbers a line: ours, and libcurl's (0 without it), each per read of a kept connection. */
static void read_of(long rounds, const char *url, const char *authority)
{
    enum { READS = 200 };
    nexus_client *client = client_at(url, authority);
#ifdef WITH_CURL
    response got;
    CURL *curl = curl_at(url, authority, &got);
#endif
    while (rounds-- > 0) {
        double began = now(), ours, theirs = 0;
        int i;
        for (i = 0; i < READS; i++) {
            nexus_microdeposit *record;
            nexus_microdeposit_view seen;
            must(nexus_client_read(client, "MIC-1", &record, NULL) == NEXUS_OK);
            must(nexus_microdeposit_view_of(record, &seen, sizeof seen) == NEXUS_OK && seen.guid.len == 5);
            nexus_microdeposit_free(record);
        }
        ours = (now() - began) / READS;
#ifdef WITH_CURL
        began = now();
        for (i = 0; i < READS; i++)
            get_with(curl, &got);
        theirs = (now() - began) / READS;
#endif
        printf("%f %f\n", ours, theirs);
    }
#ifdef WITH_CURL
    curl_easy_cleanup(curl);
#endif
    nexus_client_free(client);
}

/* The same of a verify: a read over a kept connection, and the amounts over a new one. */
static void verify_of(long rounds, const char *url, const char *authority)
{
    enum { VERIFIES = 50 };
    nexus_client *client = client_at(url, authority);
#ifdef WITH_CURL
    static const char amounts[] = "{\"micro_deposit\":{\"deposit_amount_1\":0.03,\"deposit_amount_2\":0.05}}";
    response got;
    CURL *reads = curl_at(url, authority, &got), *puts = curl_at(url, authority, &got);
    curl_easy_setopt(puts, CURLOPT_CUSTOMREQUEST, "PUT");
    curl_easy_setopt(puts, CURLOPT_POSTFIELDS, amounts);
    curl_easy_setopt(puts, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(puts, CURLOPT_FORBID_REUSE, 1L);
#endif
    while (rounds-- > 0) {
        double began = now(), ours, theirs = 0;
        int i;
        for (i = 0; i < VERIFIES; i++) {
            nexus_outcome outcome;
            must(nexus_client_verify(client, "MIC-1", 3, 5, &outcome, sizeof outcome, NULL) == NEXUS_OK);
            must(outcome.verdict == NEXUS_VERDICT_VERIFIED && nexus_microdeposit_free(outcome.record) == NEXUS_OK);
        }
        ours = (now() - began) / VERIFIES;
#ifdef WITH_CURL
        began = now();
        for (i = 0; i < VERIFIES; i++) {
            get_with(reads, &got);
            get_with(puts, &got);
        }
        theirs = (now() - began) / VERIFIES;
#endif
        printf("%f %f\n", ours, theirs);
    }
#ifdef WITH_CURL
    curl_easy_cleanup(reads);
    curl_easy_cleanup(puts);
#endif
    nexus_client_free(client);
}

int main(int count, char **words)
{
    long rounds = count > 2 ? strtol(words[2], NULL, 10) : 0;
    if (count > 2 && strcmp(words[1], "peak") == 0) {
        list_peak(words[2]);
        return 0;
    }
    must(rounds > 0);
    if (strcmp(words[1], "name") == 0)
        name(rounds);
    else if (strcmp(words[1], "list") == 0 && count > 3)
        list(rounds, words[3]);
    else if (strcmp(words[1], "read") == 0 && count > 4)
        read_of(rounds, words[3], words[4]);
    else if (strcmp(words[1], "verify") == 0 && count > 4)
        verify_of(rounds, words[3], words[4]);
    else
        must(0);
    return 0;
}
