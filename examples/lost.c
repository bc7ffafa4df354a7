/*
 * A submission whose response is lost, and how its outcome is found. Prints lost.transcript, the same as the examples in Rust,
 * C++ and Python do.
 *
 *   cc -DNEXUS_SANDBOX examples/lost.c $(pkg-config --cflags --libs nexus)
 */
#include <nexus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program where a step fails that must not. */
static void must(nexus_code code)
{
    if (code == NEXUS_OK)
        return;
    fprintf(stderr, "%s\n", nexus_code_name(code));
    exit(1);
}

int main(void)
{
    static const char fault[] = "{\"effect\":\"later\",\"milliseconds\":60000,\"operation\":\"verify\",\"times\":1}";
    nexus_error *error = NULL;
    nexus_error_view what;
    nexus_sandbox *sandbox;
    nexus_sandbox_view other_side;
    nexus_client_builder *builder;
    nexus_client *client;
    nexus_created created;
    nexus_microdeposit *record;
    nexus_microdeposit_view view, later;
    nexus_outcome outcome;
    nexus_text *body;
    int32_t http_status;
    const nexus_create_input input = {
        .first_name = "Josh",
        .last_name = "James",
        .email = "example@example.com",
        .routing_number = "091000019",
        .account_number = "333312345",
        .account_type = NEXUS_ACCOUNT_TYPE_CHECKING,
    };

    must(nexus_sandbox_new(NULL, 0, &sandbox, NULL));
    must(nexus_sandbox_view_of(sandbox, &other_side, sizeof other_side));
    must(nexus_client_builder_new(other_side.url.data, &builder, NULL));
    must(nexus_client_builder_sso(builder, other_side.client_id.data, other_side.user_id.data,
                                  other_side.api_key.data, NULL));
    must(nexus_client_builder_build(builder, &client, NULL));
    nexus_client_builder_free(builder);
    must(nexus_client_create(client, &input, sizeof input, &created, sizeof created, NULL));
    must(nexus_microdeposit_view_of(created.record, &view, sizeof view));
    must(nexus_sandbox_advance(sandbox, 120));

    /* The connection breaks, and the server acts on the request a minute later. */
    must(nexus_sandbox_call(sandbox, "POST", "/_sandbox/faults", fault, strlen(fault), &http_status, &body, NULL));
    nexus_text_free(body);
    if (nexus_client_verify_text(client, view.guid.data, "0.09", "0.09", &outcome, sizeof outcome, &error) != NEXUS_OK) {
        must(nexus_error_view_of(error, &what, sizeof what));
        printf("submitted: %s, outcome unknown: %s\n  %s\n", nexus_code_name(what.code),
               what.outcome_unknown ? "yes" : "no", what.advice.data);
        nexus_error_free(error);
    }

    /* Look, and look again later. Reading changes nothing. */
    must(nexus_sandbox_advance(sandbox, 60));
    must(nexus_client_read(client, view.guid.data, &record, NULL));
    must(nexus_microdeposit_view_of(record, &later, sizeof later));
    printf("a minute later: %s\n", later.status_name.data);

    nexus_microdeposit_free(record);
    nexus_microdeposit_free(created.record);
    nexus_client_free(client);
    nexus_sandbox_free(sandbox);
    return 0;
}
