/* A program that was compiled with the first header of this interface: the library may know more, and must neither read nor
   write more than the program has. */
#include <nexus.h>

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

/* What stands behind each structure, and has to stay. */
typedef struct guard {
    unsigned char bytes[64];
} guard;

static guard fresh(void)
{
    guard out;
    memset(&out, 0x5a, sizeof out);
    return out;
}

static void unharmed(const guard *one)
{
    const guard other = fresh();
    CHECK(memcmp(one, &other, sizeof other) == 0);
}

static const char webhook[] = "{\"action\":\"updated\",\"version\":1,\"micro_deposit\":{\"guid\":\"MIC-1\",\"status\":2}}";

static bool progressed(const nexus_progress *progress, void *user)
{
    *(uint32_t *)user = progress->reads;
    return true;
}

static nexus_client *client_of(const nexus_sandbox_view *side)
{
    struct { nexus_limits it; guard behind; } limits = {{.call_ms = 20000}, fresh()};
    struct { nexus_retry it; guard behind; } retry = {{.attempts = 2}, fresh()};
    nexus_client_builder *builder;
    nexus_client *client;
    CHECK(nexus_client_builder_new(side->url.data, &builder, NULL) == NEXUS_OK);
    CHECK(nexus_client_builder_session_token(builder, side->session_token.data, NULL) == NEXUS_OK);
    CHECK(nexus_client_builder_limits(builder, &limits.it, sizeof limits.it, NULL) == NEXUS_OK);
    CHECK(nexus_client_builder_retry(builder, &retry.it, sizeof retry.it, NULL) == NEXUS_OK);
    CHECK(nexus_client_builder_build(builder, &client, NULL) == NEXUS_OK);
    CHECK(nexus_client_builder_free(builder) == NEXUS_OK);
    unharmed(&limits.behind);
    unharmed(&retry.behind);
    return client;
}

static void deposits(nexus_sandbox *sandbox, nexus_client *client)
{
    struct { nexus_create_input it; guard behind; } input = {{.account_type = NEXUS_ACCOUNT_TYPE_CHECKING,
        .first_name = "Josh", .last_name = "James", .email = "a@example.com", .routing_number = "091000019",
        .account_number = "333300001"}, fresh()};
    struct { nexus_created it; guard behind; } made = {.behind = fresh()};
    struct { nexus_microdeposit_view it; guard behind; } view = {.behind = fresh()};
    struct { nexus_outcome it; guard behind; } outcome = {.behind = fresh()};
    struct { nexus_error_view it; guard behind; } what = {.behind = fresh()};
    uint32_t reads = 0;
    struct { nexus_wait_options it; guard behind; } wait = {{.poll_every_ms = 10, .on_progress = progressed, .user = &reads},
        fresh()};
    nexus_microdeposit *record;
    nexus_error *error;

    CHECK(nexus_client_create(client, &input.it, sizeof input.it, &made.it, sizeof made.it, NULL) == NEXUS_OK);
    CHECK(nexus_microdeposit_view_of(made.it.record, &view.it, sizeof view.it) == NEXUS_OK);
    CHECK(view.it.status == NEXUS_STATUS_INITIATED && strcmp(view.it.account_number.data, "*****0001") == 0);
    CHECK(nexus_sandbox_advance(sandbox, 120) == NEXUS_OK);
    CHECK(nexus_client_wait(client, view.it.guid.data, &wait.it, sizeof wait.it, &record, NULL) == NEXUS_OK && reads == 1);
    CHECK(nexus_microdeposit_free(record) == NEXUS_OK);
    CHECK(nexus_client_verify(client, view.it.guid.data, 9, 9, &outcome.it, sizeof outcome.it, NULL) == NEXUS_OK);
    CHECK(outcome.it.verdict == NEXUS_VERDICT_VERIFIED && nexus_microdeposit_free(outcome.it.record) == NEXUS_OK);
    CHECK(nexus_client_verify(client, view.it.guid.data, 9, 9, &outcome.it, sizeof outcome.it, &error) != NEXUS_OK);
    CHECK(nexus_error_view_of(error, &what.it, sizeof what.it) == NEXUS_OK && what.it.code == NEXUS_ERROR_NOT_VERIFIABLE);
    CHECK(what.it.guid.len == view.it.guid.len && what.it.has_last_seen);
    CHECK(nexus_error_free(error) == NEXUS_OK && nexus_microdeposit_free(made.it.record) == NEXUS_OK);
    unharmed(&input.behind);
    unharmed(&made.behind);
    unharmed(&view.behind);
    unharmed(&outcome.behind);
    unharmed(&what.behind);
    unharmed(&wait.behind);
}

static void flows(void)
{
    struct { nexus_flow_options it; guard behind; } options = {{.call_ms = 6000}, fresh()};
    struct { nexus_step it; guard behind; } step = {.behind = fresh()};
    struct { nexus_request_view it; guard behind; } view = {.behind = fresh()};
    struct { nexus_webhook_view it; guard behind; } event = {.behind = fresh()};
    nexus_flow *flow;
    nexus_request *request;
    nexus_webhook *hook;

    CHECK(nexus_flow_read("MIC-1", &options.it, sizeof options.it, &flow, NULL) == NEXUS_OK);
    CHECK(nexus_flow_next(flow, 0, 0, 0, &step.it, sizeof step.it) == NEXUS_OK && step.it.kind == NEXUS_STEP_SEND);
    CHECK(strcmp(step.it.path.data, "/micro_deposits/MIC-1") == 0 && step.it.until_ms == 6000);
    CHECK(nexus_flow_free(flow) == NEXUS_OK);
    CHECK(nexus_request_read("MIC-1", &request, NULL) == NEXUS_OK);
    CHECK(nexus_request_view_of(request, &view.it, sizeof view.it) == NEXUS_OK && strcmp(view.it.method.data, "GET") == 0);
    CHECK(nexus_request_free(request) == NEXUS_OK);
    CHECK(nexus_webhook_parse(webhook, sizeof webhook - 1, &hook, NULL) == NEXUS_OK);
    CHECK(nexus_webhook_view_of(hook, &event.it, sizeof event.it) == NEXUS_OK && strcmp(event.it.action.data, "updated") == 0);
    CHECK(nexus_webhook_free(hook) == NEXUS_OK);
    unharmed(&options.behind);
    unharmed(&step.behind);
    unharmed(&view.behind);
    unharmed(&event.behind);
}

int main(void)
{
    struct { nexus_sandbox_options it; guard behind; } options = {{.seed = 7}, fresh()};
    struct { nexus_sandbox_view it; guard behind; } side = {.behind = fresh()};
    nexus_sandbox *sandbox;
    nexus_client *client;

    CHECK(nexus_abi_version() == NEXUS_ABI_VERSION && nexus_version_number() >= NEXUS_VERSION_NUMBER);
    CHECK(nexus_sandbox_new(&options.it, sizeof options.it, &sandbox, NULL) == NEXUS_OK);
    CHECK(nexus_sandbox_view_of(sandbox, &side.it, sizeof side.it) == NEXUS_OK);
    client = client_of(&side.it);
    deposits(sandbox, client);
    flows();
    CHECK(nexus_client_free(client) == NEXUS_OK && nexus_sandbox_free(sandbox) == NEXUS_OK);
    unharmed(&options.behind);
    unharmed(&side.behind);
    printf("fits\n");
    return 0;
}
