/* A machine that has no room for a file: the journal is unusable, which is not the caller's mistake. Usage: full FILE, new. */
#include <nexus.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

int main(int count, char **words)
{
    static const char key[] = "a key of sixteen bytes or more";
    const struct rlimit nothing = {0, 0};
    nexus_journal *journal;
    nexus_error *error;
    CHECK(count == 2);
    CHECK(nexus_journal_open("/nowhere/journal", key, sizeof key, &journal, NULL) == NEXUS_ERROR_INVALID_INPUT);
    CHECK(nexus_journal_open(words[1], key, 3, &journal, NULL) == NEXUS_ERROR_INVALID_INPUT);
    CHECK(signal(SIGXFSZ, SIG_IGN) != SIG_ERR && setrlimit(RLIMIT_FSIZE, &nothing) == 0);
    CHECK(nexus_journal_open(words[1], key, sizeof key, &journal, &error) == NEXUS_ERROR_JOURNAL_UNUSABLE && journal == NULL);
    CHECK(!nexus_error_retryable(error) && nexus_error_free(error) == NEXUS_OK);
    puts("as expected");
    return 0;
}
