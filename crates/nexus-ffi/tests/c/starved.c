/* No thread can be started any more once the amounts have left: the outcome is unknown all the same, and said so. Linux. */
#define _GNU_SOURCE
#include <nexus.h>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

typedef int start(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

static atomic_int starved, refused, puts_seen;

/* Takes the place of the system's, for the library too. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument)
{
    void *next = dlsym(RTLD_NEXT, "pthread_create");
    start *real;
    if (starved) {
        refused++;
        return EAGAIN;
    }
    memcpy(&real, &next, sizeof real);
    return real(thread, attributes, body, argument);
}

/* Shows one microdeposit, DEPOSITED; takes the amounts, and is gone. */
static void *serve(void *argument)
{
    static const char body[] = "{\"micro_deposit\":{\"guid\":\"MIC-1\",\"status\":2,\"status_name\":\"DEPOSITED\"}}";
    int listener = *(int *)argument;
    for (;;) {
        char request[8192], response[512];
        size_t length = 0, needed = 0;
        int peer = accept(listener, NULL, NULL);
        while (peer >= 0 && length + 1 < sizeof request) {
            char *end;
            ssize_t got = read(peer, request + length, sizeof request - 1 - length);
            if (got <= 0)
                break;
            length += (size_t)got;
            request[length] = '\0';
            end = strstr(request, "\r\n\r\n");
            if (end == NULL)
                continue;
            if (needed == 0) {
                char *announced = strcasestr(request, "content-length:");
                needed = (size_t)(end + 4 - request) + (announced ? strtoul(announced + 15, NULL, 10) : 0);
            }
            if (length >= needed)
                break;
        }
        if (strncmp(request, "PUT", 3) == 0) {
            puts_seen++;
            starved = 1;
            close(listener);
            close(peer);
            return NULL;
        }
        snprintf(response, sizeof response,
                 "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
                 sizeof body - 1, body);
        CHECK(write(peer, response, strlen(response)) > 0);
        close(peer);
    }
}

int main(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    nexus_limits limits = {.call_ms = 20000, .reconcile_ms = 8000};
    nexus_client_builder *builder;
    nexus_client *client;
    nexus_outcome outcome;
    nexus_error *error;
    nexus_error_view what;
    pthread_t server;
    char url[64];

    CHECK(bind(listener, (struct sockaddr *)&at, sizeof at) == 0 && listen(listener, 8) == 0);
    CHECK(getsockname(listener, (struct sockaddr *)&at, &size) == 0);
    CHECK(pthread_create(&server, NULL, serve, &listener) == 0);
    snprintf(url, sizeof url, "http://localhost:%d", ntohs(at.sin_port));
    CHECK(nexus_client_builder_new(url, &builder, NULL) == NEXUS_OK);
    CHECK(nexus_client_builder_session_token(builder, "token", NULL) == NEXUS_OK);
    CHECK(nexus_client_builder_limits(builder, &limits, sizeof limits, NULL) == NEXUS_OK);
    CHECK(nexus_client_builder_build(builder, &client, NULL) == NEXUS_OK);

    CHECK(nexus_client_verify(client, "MIC-1", 3, 5, &outcome, sizeof outcome, &error) != NEXUS_OK);
    CHECK(nexus_error_view_of(error, &what, sizeof what) == NEXUS_OK);
    CHECK(puts_seen == 1 && what.outcome_unknown && strcmp(what.guid.data, "MIC-1") == 0);
    CHECK(what.code / 100 == 5 && !nexus_error_retryable(error));
    printf("unknown, %s\n", refused > 0 ? "without a thread" : "and no thread was asked for");

    CHECK(nexus_error_free(error) == NEXUS_OK && nexus_client_free(client) == NEXUS_OK);
    CHECK(nexus_client_builder_free(builder) == NEXUS_OK && pthread_join(server, NULL) == 0);
    CHECK(nexus_live_handles(NEXUS_HANDLE_ANY) == 0);
    return 0;
}
