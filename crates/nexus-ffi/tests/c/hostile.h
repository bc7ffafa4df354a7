/*
 * Shared by the parts of the hostile program.
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <nexus.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                  \
            exit(1);                                                                                         \
        }                                                                                                    \
    } while (0)

/* Ends the wait after the first read; `user` is an int that counts the calls. */
bool only_once(const nexus_progress *progress, void *user);

/* hostile_flows.c */
void flows(void);
void flows_of_many(void);

/* Made from the header by a test: every function with NULL everywhere and with every wrong handle. */
void every_function(const void *const wrong[], size_t count);

#endif
