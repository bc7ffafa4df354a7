/*
 * The part of the hostile program that drives flows: wrong options, steps in the wrong order, many threads, wrong ends.
 */
#include "hostile.h"

#include <pthread.h>
#include <string.h>

/* A reader that shuts itself off from the world: what a wait tells while nothing can be read. */
static bool on_failure(const nexus_progress *progress, void *user)
{
    nexus_flow **flow = user;
    nexus_step step;
    CHECK(progress->record == NULL && progress->failure == NEXUS_ERROR_CONNECT && progress->cause == NEXUS_CAUSE_REFUSED);
    CHECK(progress->requests_sent > 0 && progress->reads == 0);
    /* A flow is not driven from within itself. */
    CHECK(nexus_flow_next(*flow, 1, 1, 0.5, &step, sizeof step) == NEXUS_ERROR_INVALID_INPUT && step.kind == NEXUS_STEP_DONE);
    *flow = NULL;
    return true;
}

/* Drives a flow that others drive too, until somebody has freed it. Only what comes back is looked at, not the texts. */
static void *drive_until_freed(void *argument)
{
    nexus_flow *flow = argument;
    nexus_step step;
    nexus_code code;
    do {
        code = nexus_flow_next(flow, 1, 1, 0.5, &step, sizeof step);
        CHECK(code == NEXUS_OK || code == NEXUS_ERROR_INVALID_INPUT || code == NEXUS_ERROR_BAD_HANDLE);
        code = nexus_flow_maybe_sent(flow, 1, 1, NEXUS_ERROR_IO, 0);
        CHECK(code == NEXUS_OK || code == NEXUS_ERROR_INVALID_INPUT || code == NEXUS_ERROR_BAD_HANDLE);
    } while (code != NEXUS_ERROR_BAD_HANDLE);
    return NULL;
}

void flows_of_many(void)
{
    enum { MANY = 4 };
    pthread_t thread[MANY];
    nexus_flow *flow;
    nexus_outcome outcome;
    int i;
    CHECK(nexus_flow_verify("MIC-1", 1, 2, NULL, 0, &flow, NULL) == NEXUS_OK);
    for (i = 0; i < MANY; i++)
        CHECK(pthread_create(&thread[i], NULL, drive_until_freed, flow) == 0);
    for (i = 0; i < 1000; i++)
        CHECK(nexus_flow_take_outcome(flow, &outcome, sizeof outcome, NULL) != NEXUS_OK && outcome.record == NULL);
    CHECK(nexus_flow_free(flow) == NEXUS_OK);
    for (i = 0; i < MANY; i++)
        CHECK(pthread_join(thread[i], NULL) == 0);
}

void flows(void)
{
    nexus_flow *flow;
    nexus_step step, again;
    nexus_outcome outcome;
    nexus_created created;
    nexus_microdeposit *record;
    nexus_list *list;
    nexus_text *text;
    nexus_error *error;
    nexus_error_view told;
    nexus_budget *budget;
    const char body[] = "{\"micro_deposit\":{\"guid\":\"MIC-1\",\"status\":2,\"status_name\":\"DEPOSITED\"}}";
    nexus_flow_options options = {.call_ms = 6000, .retry_attempts = 1};
    uint64_t now = 5000;

    /* Options that cannot be kept. */
    options.reconcile_ms = 86400001;
    CHECK(nexus_flow_list(&options, sizeof options, &flow, NULL) == NEXUS_ERROR_INVALID_INPUT && flow == NULL);
    options.reconcile_ms = 0;
    options.no_refusals = (const int32_t[]){400, 409};
    options.no_refusals_count = 2;
    CHECK(nexus_flow_list(&options, sizeof options, &flow, NULL) == NEXUS_ERROR_INVALID_INPUT);
    options.no_refusals = NULL;
    CHECK(nexus_flow_list(&options, sizeof options, &flow, NULL) == NEXUS_ERROR_NULL_POINTER);
    options.no_refusals_count = 0;
    options.key = "application 7";
    CHECK(nexus_flow_list(&options, sizeof options, &flow, NULL) == NEXUS_ERROR_INVALID_INPUT);
    CHECK(nexus_flow_verify("MIC-1", 1, 2, &options, sizeof options, &flow, NULL) == NEXUS_ERROR_NULL_POINTER);
    options.environment = "https://example.com";
    CHECK(nexus_flow_verify("MIC-1", 1, 2, &options, sizeof options, &flow, NULL) == NEXUS_ERROR_NULL_POINTER);
    options.key = NULL;
    options.budget = (nexus_budget *)&flow;
    CHECK(nexus_flow_list(&options, sizeof options, &flow, NULL) == NEXUS_ERROR_BAD_HANDLE);
    CHECK(nexus_budget_new(&budget, NULL) == NEXUS_OK);
    options.budget = budget;

    /* What is sent once is handed out once; a caller who says nothing of it is told that nobody knows. */
    CHECK(nexus_flow_verify("MIC-1", 1, 2, &options, sizeof options, &flow, NULL) == NEXUS_OK);
    CHECK(nexus_budget_free(budget) == NEXUS_OK);
    CHECK(nexus_flow_take_outcome(flow, &outcome, sizeof outcome, NULL) == NEXUS_ERROR_INVALID_INPUT && outcome.record == NULL);
    CHECK(nexus_flow_next(flow, now, 1000, 1.0, &step, sizeof step) == NEXUS_ERROR_INVALID_INPUT);
    CHECK(nexus_flow_next(flow, now, 1000, 0.5, &step, sizeof step) == NEXUS_OK && step.kind == NEXUS_STEP_SEND);
    CHECK(nexus_flow_next(flow, now, 1000, 0.5, &again, sizeof again) == NEXUS_OK && again.kind == NEXUS_STEP_SEND);
    CHECK(again.number == 1 && again.purpose == NEXUS_PURPOSE_BEFORE && again.operation == NEXUS_OPERATION_READ);
    CHECK(again.until_ms > now && again.until_ms <= now + 6000 && again.timeout_ms <= 6000 && again.not_after == NEXUS_NONE);
    CHECK(strcmp(again.method.data, "GET") == 0 && again.body.data == NULL && again.secret.data == NULL && !again.to_sso);
    CHECK(nexus_flow_response(flow, now, 1000, 0, NULL, NULL, 0) == NEXUS_ERROR_INVALID_INPUT);
    CHECK(nexus_flow_response(flow, now, 1000, 200, NULL, NULL, 7) == NEXUS_ERROR_NULL_POINTER);
    CHECK(nexus_flow_response(flow, now, 1000, 200, "\xff", body, sizeof body - 1) == NEXUS_OK);
    CHECK(nexus_flow_next(flow, now + 9, INT64_MIN, 0, &step, sizeof step) == NEXUS_OK && step.kind == NEXUS_STEP_SEND_ONCE);
    CHECK(strcmp(step.method.data, "PUT") == 0 && step.body.len > 0 && strlen(step.body.data) == step.body.len);
    CHECK(nexus_flow_take_outcome(flow, &outcome, sizeof outcome, &error) == NEXUS_ERROR_CANCELLED);
    CHECK(nexus_error_view_of(error, &told, sizeof told) == NEXUS_OK && told.outcome_unknown && strcmp(told.guid.data, "MIC-1") == 0);
    CHECK(nexus_error_free(error) == NEXUS_OK);
    /* A clock that goes back, and one that is at its end. */
    CHECK(nexus_flow_next(flow, 0, INT64_MAX, 0, &step, sizeof step) == NEXUS_OK && step.kind == NEXUS_STEP_SEND);
    CHECK(step.purpose == NEXUS_PURPOSE_RECONCILE);
    CHECK(nexus_flow_not_sent(flow, now, 1000, -1, 999) == NEXUS_OK);
    CHECK(nexus_flow_next(flow, UINT64_MAX, INT64_MAX, 0.9, &step, sizeof step) == NEXUS_OK && step.kind == NEXUS_STEP_DONE);
    CHECK(nexus_flow_next(flow, UINT64_MAX, INT64_MAX, 0.9, &step, sizeof step) == NEXUS_OK && step.kind == NEXUS_STEP_DONE);
    CHECK(nexus_flow_take_record(flow, &record, NULL) == NEXUS_ERROR_IO && record == NULL);
    CHECK(nexus_flow_take_outcome(flow, &outcome, sizeof outcome, NULL) == NEXUS_ERROR_IO);
    CHECK(nexus_flow_take_outcome(flow, &outcome, sizeof outcome, &error) == NEXUS_ERROR_IO && outcome.record == NULL);
    CHECK(nexus_error_view_of(error, &told, sizeof told) == NEXUS_OK && told.outcome_unknown && told.last_failure == NEXUS_ERROR_IO);
    CHECK(nexus_error_free(error) == NEXUS_OK && nexus_flow_free(flow) == NEXUS_OK);
    CHECK(nexus_flow_elapsed(flow, 0, 0) == NEXUS_ERROR_BAD_HANDLE && nexus_flow_free(flow) == NEXUS_ERROR_BAD_HANDLE);

    /* An end is taken once, by the function of its kind. */
    CHECK(nexus_flow_read("MIC-1", NULL, 0, &flow, NULL) == NEXUS_OK);
    CHECK(nexus_flow_next(flow, 0, 0, 0, &step, sizeof step) == NEXUS_OK && step.kind == NEXUS_STEP_SEND);
    CHECK(nexus_flow_renewed(flow, 0, 0) == NEXUS_OK && nexus_flow_not_renewable(flow, 0, 0) == NEXUS_OK);
    CHECK(nexus_flow_response(flow, 1, 0, 200, NULL, body, sizeof body - 1) == NEXUS_OK);
    CHECK(nexus_flow_next(flow, 1, 0, 0, &step, sizeof step) == NEXUS_OK && step.kind == NEXUS_STEP_DONE);
    CHECK(nexus_flow_take_list(flow, &list, NULL) == NEXUS_ERROR_INVALID_INPUT && list == NULL);
    CHECK(nexus_flow_take_text(flow, &text, NULL) == NEXUS_ERROR_INVALID_INPUT && text == NULL);
    CHECK(nexus_flow_take_created(flow, &created, sizeof created, NULL) == NEXUS_ERROR_INVALID_INPUT && created.record == NULL);
    CHECK(nexus_flow_take_record(flow, &record, NULL) == NEXUS_OK && nexus_microdeposit_free(record) == NEXUS_OK);
    CHECK(nexus_flow_take_record(flow, &record, NULL) == NEXUS_ERROR_INVALID_INPUT && record == NULL);
    CHECK(nexus_flow_free(flow) == NEXUS_OK);

    /* A session: the one-time token is the flow's own. */
    CHECK(nexus_flow_session("acme", "user", NULL, 0, &flow, NULL) == NEXUS_OK);
    CHECK(nexus_flow_next(flow, 0, 0, 0, &step, sizeof step) == NEXUS_OK && step.to_sso && step.secret.data == NULL);
    CHECK(nexus_flow_no_session(flow, 0, 0, NULL) == NEXUS_OK);
    CHECK(nexus_flow_next(flow, 0, 0, 0, &step, sizeof step) == NEXUS_OK && step.kind == NEXUS_STEP_DONE);
    CHECK(nexus_flow_take_text(flow, &text, NULL) == NEXUS_ERROR_INVALID_INPUT && nexus_flow_free(flow) == NEXUS_OK);

    /* A wait tells of failures too. */
    {
        nexus_flow *within = NULL;
        int times = 0;
        nexus_wait_options once = {.poll_every_ms = 1000, .on_progress = only_once, .user = &times};
        nexus_wait_options wait = {.poll_every_ms = 1000, .on_progress = on_failure, .user = &within};
        CHECK(nexus_flow_wait("MIC-1", &wait, sizeof wait, &options, sizeof options, &flow, NULL) == NEXUS_ERROR_BAD_HANDLE);
        options.budget = NULL;
        CHECK(nexus_flow_wait("MIC-1", &wait, sizeof wait, &options, sizeof options, &flow, NULL) == NEXUS_OK);
        CHECK(nexus_flow_next(flow, now, 0, 0, &step, sizeof step) == NEXUS_OK && step.kind == NEXUS_STEP_SEND);
        CHECK(nexus_flow_not_sent(flow, now, 0, NEXUS_ERROR_CONNECT, NEXUS_CAUSE_REFUSED) == NEXUS_OK);
        within = flow;
        CHECK(nexus_flow_next(flow, now, 0, 0, &step, sizeof step) == NEXUS_OK && step.kind == NEXUS_STEP_SLEEP && within == NULL);
        CHECK(step.purpose == NEXUS_PURPOSE_POLL && step.until_ms == now + 1000);
        CHECK(nexus_flow_cancelled(flow, now, 0) == NEXUS_OK);
        CHECK(nexus_flow_next(flow, now, 0, 0, &step, sizeof step) == NEXUS_OK && step.kind == NEXUS_STEP_DONE);
        CHECK(nexus_flow_take_record(flow, &record, &error) == NEXUS_ERROR_CANCELLED);
        CHECK(nexus_error_view_of(error, &told, sizeof told) == NEXUS_OK && told.cause == 0);
        CHECK(told.last_failure == NEXUS_ERROR_CONNECT && nexus_error_free(error) == NEXUS_OK);
        CHECK(nexus_flow_free(flow) == NEXUS_OK);
        CHECK(nexus_flow_wait("MIC-1", &once, sizeof once, &options, sizeof options, &flow, NULL) == NEXUS_OK);
        CHECK(nexus_flow_next(flow, now, 0, 0, &step, sizeof step) == NEXUS_OK && step.kind == NEXUS_STEP_SEND && times == 0);
        CHECK(nexus_flow_not_sent(flow, now, 0, NEXUS_ERROR_CONNECT, NEXUS_CAUSE_REFUSED) == NEXUS_OK);
        CHECK(nexus_flow_next(flow, now, 0, 0, &step, sizeof step) == NEXUS_OK && step.kind == NEXUS_STEP_DONE && times == 1);
        CHECK(nexus_flow_take_record(flow, &record, NULL) == NEXUS_ERROR_CANCELLED && nexus_flow_free(flow) == NEXUS_OK);
    }
}
