/*
 * A bank account verified from end to end, against a sandbox inside this process. Prints verify.transcript, the same as the
 * examples in Rust, C++ and Python do.
 *
 *   cc -DNEXUS_SANDBOX examples/verify.c $(pkg-config --cflags --libs nexus)
 */
#include <nexus.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Ends the program where a step fails that must not. It takes a pointer to the error: C does not say whether a call in one
 * argument comes before the value of another.
 */
static void must(nexus_code code, nexus_error **error)
{
    nexus_error_view view;
    if (code == NEXUS_OK)
        return;
    if (error != NULL && nexus_error_view_of(*error, &view, sizeof view) == NEXUS_OK)
        fprintf(stderr, "%s\n  %s\n", view.message.data, view.advice.data);
    else
        fprintf(stderr, "%s\n", nexus_code_name(code));
    exit(1);
}

/* Prints a record's status and what to do next, and gives the record back to the library. */
static void tell(const char *what, nexus_microdeposit *record)
{
    nexus_microdeposit_view view;
    must(nexus_microdeposit_view_of(record, &view, sizeof view), NULL);
    printf("%s: %s\n  %s\n", what, view.status_name.data, nexus_status_next_step(view.status));
    nexus_microdeposit_free(record);
}

/* Prints a verdict and what to do next, and gives its record back to the library. */
static void tell_outcome(const char *what, nexus_outcome outcome)
{
    printf("%s: %s\n  %s\n", what, nexus_verdict_name(outcome.verdict), nexus_verdict_advice(outcome.verdict));
    nexus_microdeposit_free(outcome.record);
}

int main(void)
{
    nexus_error *error = NULL;
    nexus_sandbox *sandbox;
    nexus_sandbox_view other_side;
    nexus_client_builder *builder;
    nexus_client *client;
    nexus_created created;
    nexus_microdeposit *record;
    nexus_microdeposit_view view;
    nexus_outcome outcome;
    nexus_code code;
    const nexus_create_input input = {
        .first_name = "Josh",
        .last_name = "James",
        .email = "example@example.com",
        .routing_number = "091000019",
        .account_number = "333312345",
        .account_type = NEXUS_ACCOUNT_TYPE_CHECKING,
    };

    if (nexus_abi_version() != NEXUS_ABI_VERSION) {
        fprintf(stderr, "compiled against another libnexus\n");
        return 1;
    }
    must(nexus_sandbox_new(NULL, 0, &sandbox, &error), &error);
    must(nexus_sandbox_view_of(sandbox, &other_side, sizeof other_side), NULL);

    must(nexus_client_builder_new(other_side.url.data, &builder, &error), &error);
    must(nexus_client_builder_sso(builder, other_side.client_id.data, other_side.user_id.data,
                                  other_side.api_key.data, &error), &error);
    must(nexus_client_builder_build(builder, &client, &error), &error);
    nexus_client_builder_free(builder);

    must(nexus_client_create(client, &input, sizeof input, &created, sizeof created, &error), &error);
    must(nexus_microdeposit_view_of(created.record, &view, sizeof view), NULL);
    printf("created %s: %s\n  %s\n", view.guid.data, view.status_name.data, nexus_status_next_step(view.status));

    /* Two minutes of the sandbox's own time; a real bank takes 12 to 36 hours. */
    must(nexus_sandbox_advance(sandbox, 120), NULL);
    must(nexus_client_wait(client, view.guid.data, NULL, 0, &record, &error), &error);
    tell("deposits landed", record);

    must(nexus_client_verify_and_wait(client, view.guid.data, 2, 2, &outcome, sizeof outcome, &error), &error);
    tell_outcome("submitted 0.02 and 0.02", outcome);

    must(nexus_client_verify_text(client, view.guid.data, "0.09", "0.09", &outcome, sizeof outcome, &error), &error);
    tell_outcome("submitted 0.09 and 0.09", outcome);

    /* A verified microdeposit admits no submission, and none is sent. */
    code = nexus_client_verify(client, view.guid.data, 9, 9, &outcome, sizeof outcome, &error);
    printf("submitted again: %s (%d)\n", nexus_code_name(code), (int)code);

    nexus_error_free(error);
    nexus_microdeposit_free(created.record);
    nexus_client_free(client);
    nexus_sandbox_free(sandbox);
    return 0;
}
