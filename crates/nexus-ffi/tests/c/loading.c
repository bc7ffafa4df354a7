/* Loads the library at run time, calls it in threads, and closes it while they still run: again and again. Linux.
   Usage: loading LIBRARY */
#include <nexus.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

enum { TIMES = 50, THREADS = 4 };

static pthread_barrier_t called, closed;
static void *library;

/* ISO C has no conversion from an object pointer to a function pointer; POSIX promises that this copy is one. */
#define FUNCTION(result, name, ...)                        \
    result (*name)(__VA_ARGS__);                           \
    void *name##_at = dlsym(library, "nexus_" #name);      \
    CHECK(name##_at != NULL && sizeof name == sizeof name##_at); \
    memcpy(&name, &name##_at, sizeof name)

/* Uses what keeps something for each thread: handles, errors, a client that looks for a server. */
static void *use(void *argument)
{
    FUNCTION(nexus_code, client_builder_new, const char *, nexus_client_builder **, nexus_error **);
    FUNCTION(nexus_code, client_builder_session_token, nexus_client_builder *, const char *, nexus_error **);
    FUNCTION(nexus_code, client_builder_build, nexus_client_builder *, nexus_client **, nexus_error **);
    FUNCTION(nexus_code, client_builder_free, nexus_client_builder *);
    FUNCTION(nexus_code, client_read, const nexus_client *, const char *, nexus_microdeposit **, nexus_error **);
    FUNCTION(nexus_code, client_free, nexus_client *);
    FUNCTION(nexus_code, error_free, nexus_error *);
    nexus_client_builder *builder;
    nexus_client *client;
    nexus_microdeposit *record;
    nexus_error *error;

    CHECK(client_builder_new("http://127.0.0.1:1", &builder, NULL) == NEXUS_OK);
    CHECK(client_builder_session_token(builder, "token", NULL) == NEXUS_OK);
    CHECK(client_builder_build(builder, &client, NULL) == NEXUS_OK && client_builder_free(builder) == NEXUS_OK);
    if (argument != NULL)
        CHECK(client_read(client, "MIC-1", &record, &error) == NEXUS_ERROR_CONNECT && error_free(error) == NEXUS_OK);
    CHECK(client_free(client) == NEXUS_OK);
    pthread_barrier_wait(&called);
    /* The library is closed now. What it keeps for this thread is destroyed behind this line. */
    pthread_barrier_wait(&closed);
    return NULL;
}

int main(int count, char **words)
{
    int time, thread;
    CHECK(count == 2);
    CHECK(pthread_barrier_init(&called, NULL, THREADS + 1) == 0 && pthread_barrier_init(&closed, NULL, THREADS + 1) == 0);
    for (time = 0; time < TIMES; time++) {
        pthread_t threads[THREADS];
        library = dlopen(words[1], RTLD_NOW | RTLD_LOCAL);
        CHECK(library != NULL);
        for (thread = 0; thread < THREADS; thread++)
            CHECK(pthread_create(&threads[thread], NULL, use, time == 0 ? words : NULL) == 0);
        pthread_barrier_wait(&called);
        CHECK(dlclose(library) == 0);
        pthread_barrier_wait(&closed);
        for (thread = 0; thread < THREADS; thread++)
            CHECK(pthread_join(threads[thread], NULL) == 0);
    }
    puts("as expected");
    return 0;
}
