/*
 * Everything that a careless or hostile program does short of lying about memory. Each gets an error; the
 * process lives. Ends with 0 when all was as expected.
 */
#include "hostile.h"

#include <pthread.h>
#include <string.h>

static nexus_sandbox *sandbox;
static nexus_sandbox_view other_side;

static nexus_client *connect_to_sandbox(void)
{
    nexus_client_builder *builder;
    nexus_client *client;
    CHECK(nexus_client_builder_new(other_side.url.data, &builder, NULL) == NEXUS_OK);
    CHECK(nexus_client_builder_sso(builder, other_side.client_id.data, other_side.user_id.data,
                                   other_side.api_key.data, NULL) == NEXUS_OK);
    CHECK(nexus_client_builder_build(builder, &client, NULL) == NEXUS_OK);
    /* Used up: a second client cannot be built, and nothing more can be set. */
    {
        nexus_client *second = client;
        CHECK(nexus_client_builder_build(builder, &second, NULL) == NEXUS_ERROR_INVALID_INPUT && second == NULL);
        CHECK(nexus_client_builder_proxy(builder, "http://localhost:1", NULL) == NEXUS_ERROR_INVALID_INPUT);
    }
    CHECK(nexus_client_builder_free(builder) == NEXUS_OK);
    CHECK(nexus_client_builder_free(builder) == NEXUS_ERROR_BAD_HANDLE);
    return client;
}

static nexus_microdeposit *create(nexus_client *client, const char *email, const char *account)
{
    nexus_created made = {7, NULL};
    nexus_create_input input = {NEXUS_ACCOUNT_TYPE_SAVINGS, "Josh", "James", email, "091000019", account, NULL};
    CHECK(nexus_client_create(client, &input, sizeof input, &made, sizeof made, NULL) == NEXUS_OK && made.record != NULL);
    CHECK(made.assumed == NEXUS_ASSUMPTION_NONE);
    return made.record;
}

static void freed_and_foreign(nexus_client *client)
{
    nexus_microdeposit *record = create(client, "a@example.com", "333300001"), *copy = record;
    nexus_microdeposit_view view;
    nexus_error_view error_view;
    nexus_list *list;
    nexus_str text;
    size_t count;
    uintptr_t number;

    /* Another kind of handle, in both directions. */
    CHECK(nexus_list_len((nexus_list *)record, &count) == NEXUS_ERROR_BAD_HANDLE && count == 0);
    CHECK(nexus_microdeposit_view_of((nexus_microdeposit *)client, &view, sizeof view) == NEXUS_ERROR_BAD_HANDLE);
    CHECK(view.guid.data == NULL && view.status == NEXUS_NONE);
    CHECK(nexus_client_free((nexus_client *)record) == NEXUS_ERROR_BAD_HANDLE);
    CHECK(nexus_error_view_of((nexus_error *)record, &error_view, sizeof error_view) == NEXUS_ERROR_BAD_HANDLE);
    CHECK(nexus_microdeposit_view_of(record, &view, sizeof view) == NEXUS_OK && view.guid.data != NULL);

    /* Freed, twice freed, used after. */
    CHECK(nexus_microdeposit_free(record) == NEXUS_OK);
    CHECK(nexus_microdeposit_free(copy) == NEXUS_ERROR_BAD_HANDLE);
    CHECK(nexus_microdeposit_view_of(copy, &view, sizeof view) == NEXUS_ERROR_BAD_HANDLE && view.guid.data == NULL);
    CHECK(nexus_microdeposit_expose(copy, NEXUS_FIELD_EMAIL, &text) == NEXUS_ERROR_BAD_HANDLE && text.data == NULL);

    /* Addresses, small numbers, every single bit. */
    CHECK(nexus_client_list((nexus_client *)&number, &list, NULL) == NEXUS_ERROR_BAD_HANDLE && list == NULL);
    CHECK(nexus_client_free((nexus_client *)&number) == NEXUS_ERROR_BAD_HANDLE);
    for (number = 1; number != 0; number <<= 1) {
        CHECK(nexus_client_free((nexus_client *)number) == NEXUS_ERROR_BAD_HANDLE);
        CHECK(nexus_client_free((nexus_client *)((uintptr_t)client ^ number)) == NEXUS_ERROR_BAD_HANDLE);
    }

    /* A record outlives its list; an index beyond it gives nothing. */
    CHECK(nexus_client_list(client, &list, NULL) == NEXUS_OK && nexus_list_len(list, &count) == NEXUS_OK && count == 1);
    CHECK(nexus_list_get(list, 1, &record) == NEXUS_ERROR_INVALID_INPUT && record == NULL);
    CHECK(nexus_list_get(list, SIZE_MAX, &record) == NEXUS_ERROR_INVALID_INPUT && record == NULL);
    CHECK(nexus_list_get(list, 0, &record) == NEXUS_OK && nexus_list_free(list) == NEXUS_OK);
    CHECK(nexus_microdeposit_view_of(record, &view, sizeof view) == NEXUS_OK && strlen(view.guid.data) == view.guid.len);
    CHECK(nexus_microdeposit_expose(record, -1, &text) == NEXUS_ERROR_INVALID_INPUT);
    /* Far from every field, within the type of their numbers and beyond it. */
    CHECK(nexus_microdeposit_expose(record, 250, &text) == NEXUS_ERROR_INVALID_INPUT && text.data == NULL);
    CHECK(nexus_microdeposit_expose(record, 0x100, &text) == NEXUS_ERROR_INVALID_INPUT && text.data == NULL);
    CHECK(nexus_microdeposit_expose(record, NEXUS_FIELD_ACCOUNT_NUMBER, &text) == NEXUS_OK);
    CHECK(strcmp(text.data, "333300001") == 0 && strcmp(view.account_number.data, "*****0001") == 0);
    CHECK(nexus_microdeposit_free(record) == NEXUS_OK);
}

static void bad_text(nexus_client *client)
{
    nexus_error *error = NULL;
    nexus_error_view view;
    nexus_created made = {7, (nexus_microdeposit *)&view};
    nexus_microdeposit *record;
    char *long_text = malloc(1 << 20);
    nexus_create_input input = {NEXUS_ACCOUNT_TYPE_CHECKING, "Josh", "\xff\xfe", "a@example.com", "091000019", "1", NULL};

    CHECK(nexus_client_create(client, &input, sizeof input, &made, sizeof made, &error) == NEXUS_ERROR_BAD_UTF8);
    CHECK(made.record == NULL && made.assumed == 0);
    CHECK(nexus_error_view_of(error, &view, sizeof view) == NEXUS_OK && view.code == NEXUS_ERROR_BAD_UTF8 && !view.outcome_unknown);
    CHECK(strstr(view.message.data, "last_name") != NULL && view.operation == 0 && view.attempts == 0);
    CHECK(nexus_error_free(error) == NEXUS_OK && nexus_error_free(error) == NEXUS_ERROR_BAD_HANDLE);
    CHECK(nexus_error_view_of(error, &view, sizeof view) == NEXUS_ERROR_BAD_HANDLE && view.message.data == NULL);

    input.last_name = NULL;
    CHECK(nexus_client_create(client, &input, sizeof input, &made, sizeof made, NULL) == NEXUS_ERROR_NULL_POINTER);
    input.last_name = "James";
    input.account_type = 77;
    CHECK(nexus_client_create(client, &input, sizeof input, &made, sizeof made, NULL) == NEXUS_ERROR_INVALID_INPUT);

    CHECK(long_text != NULL);
    memset(long_text, 'a', (1 << 20) - 1);
    long_text[(1 << 20) - 1] = '\0';
    CHECK(nexus_client_read(client, long_text, &record, &error) == NEXUS_ERROR_INVALID_INPUT && record == NULL);
    nexus_error_free(error);
    free(long_text);

    /* Lengths that no memory has are not believed; nothing is read. */
    {
        nexus_webhook *event;
        nexus_request *request;
        nexus_list *list;
        char body[2] = "[]";
        CHECK(nexus_webhook_parse(body, SIZE_MAX, &event, NULL) == NEXUS_ERROR_INVALID_INPUT && event == NULL);
        CHECK(nexus_webhook_parse(NULL, 7, &event, NULL) == NEXUS_ERROR_NULL_POINTER);
        CHECK(nexus_webhook_parse(NULL, 0, &event, NULL) == NEXUS_ERROR_NOT_JSON);
        CHECK(nexus_request_list(&request, NULL) == NEXUS_OK);
        CHECK(nexus_request_parse_list(request, 200, body, SIZE_MAX / 2, &list, NULL) == NEXUS_ERROR_INVALID_INPUT);
        CHECK(nexus_request_parse_list(request, -1, body, 2, &list, NULL) == NEXUS_ERROR_INVALID_INPUT);
        CHECK(nexus_request_parse_list(request, 70000, body, 2, &list, NULL) == NEXUS_ERROR_INVALID_INPUT);
        /* A response of another kind than the request's. */
        CHECK(nexus_request_parse_microdeposit(request, 200, body, 2, &record, NULL) == NEXUS_ERROR_INVALID_INPUT);
        CHECK(nexus_request_free(request) == NEXUS_OK);
        CHECK(nexus_routing_number_check("091000019", NULL, 3, NULL) == NEXUS_ERROR_NULL_POINTER);
        CHECK(nexus_routing_number_check("091000019", NULL, SIZE_MAX, NULL) == NEXUS_ERROR_INVALID_INPUT);
    }
}

typedef struct shared {
    nexus_client *client;
    const char *guid;
    int responded, refused;
} shared;

/* Uses a client until another thread has freed it. */
static void *use_until_freed(void *argument)
{
    shared *with = argument;
    for (;;) {
        nexus_microdeposit *record;
        nexus_code code = nexus_client_read(with->client, with->guid, &record, NULL);
        CHECK(code == NEXUS_OK || code == NEXUS_ERROR_BAD_HANDLE);
        if (code == NEXUS_ERROR_BAD_HANDLE)
            break;
        with->responded++;
        CHECK(nexus_microdeposit_free(record) == NEXUS_OK);
    }
    with->refused = 1;
    return NULL;
}

static void *free_from_elsewhere(void *argument)
{
    CHECK(nexus_microdeposit_free(argument) == NEXUS_OK);
    return NULL;
}

static void threads(nexus_client *client)
{
    enum { MANY = 8 };
    pthread_t thread[MANY];
    shared with[MANY];
    nexus_microdeposit *record = create(client, "b@example.com", "333300002"), *again;
    nexus_microdeposit_view view;
    nexus_client *used;
    int i;

    CHECK(nexus_microdeposit_view_of(record, &view, sizeof view) == NEXUS_OK);
    CHECK(nexus_client_with_timeout(client, 20000, &used, NULL) == NEXUS_OK);
    for (i = 0; i < MANY; i++) {
        shared one = {used, view.guid.data, 0, 0};
        with[i] = one;
        CHECK(pthread_create(&thread[i], NULL, use_until_freed, &with[i]) == 0);
    }
    for (i = 0; i < 20; i++) {
        CHECK(nexus_client_read(used, view.guid.data, &again, NULL) == NEXUS_OK);
        CHECK(nexus_microdeposit_free(again) == NEXUS_OK);
    }
    /* In the middle of their calls. */
    CHECK(nexus_client_free(used) == NEXUS_OK);
    for (i = 0; i < MANY; i++) {
        CHECK(pthread_join(thread[i], NULL) == 0);
        CHECK(with[i].refused);
    }
    CHECK(pthread_create(&thread[0], NULL, free_from_elsewhere, record) == 0 && pthread_join(thread[0], NULL) == 0);
    CHECK(nexus_microdeposit_free(record) == NEXUS_ERROR_BAD_HANDLE);
}

typedef struct watch {
    nexus_canceller *canceller;
    const nexus_microdeposit *lent;
    int reads;
} watch;

static bool on_progress(const nexus_progress *progress, void *user)
{
    watch *with = user;
    nexus_microdeposit_view view;
    CHECK(nexus_microdeposit_view_of(progress->record, &view, sizeof view) == NEXUS_OK);
    CHECK(progress->failure == 0 && progress->cause == 0 && progress->requests_sent >= progress->reads);
    CHECK(view.status == NEXUS_STATUS_INITIATED || view.status == NEXUS_STATUS_REQUESTED);
    with->reads++;
    with->lent = progress->record;
    /* What is lent may even be freed by mistake. */
    if (with->reads == 2) {
        CHECK(nexus_microdeposit_free((nexus_microdeposit *)progress->record) == NEXUS_OK);
        CHECK(nexus_canceller_cancel(with->canceller) == NEXUS_OK);
    }
    return true;
}

bool only_once(const nexus_progress *progress, void *user)
{
    CHECK(progress->reads + (progress->failure != 0) == 1);
    ++*(int *)user;
    return false;
}

static void callbacks(nexus_client *client)
{
    nexus_microdeposit *record = create(client, "c@example.com", "333300003"), *none;
    nexus_microdeposit_view view;
    nexus_error *error;
    nexus_error_view told;
    nexus_client *waiting;
    watch with = {NULL, NULL, 0};
    bool cancelled;
    nexus_str view_guid;
    int times = 0;
    nexus_wait_options options = {.poll_every_ms = 10, .on_progress = on_progress, .user = &with};

    CHECK(nexus_microdeposit_view_of(record, &view, sizeof view) == NEXUS_OK);
    view_guid = view.guid;
    CHECK(nexus_client_cancellable(client, &waiting, NULL, NULL) == NEXUS_ERROR_NULL_POINTER && waiting == NULL);
    CHECK(nexus_client_cancellable(client, &waiting, &with.canceller, NULL) == NEXUS_OK);
    CHECK(nexus_client_wait(waiting, view.guid.data, &options, sizeof options, &none, &error) == NEXUS_ERROR_CANCELLED && none == NULL);
    CHECK(with.reads == 2 && nexus_microdeposit_view_of(with.lent, &view, sizeof view) == NEXUS_ERROR_BAD_HANDLE);
    CHECK(nexus_error_view_of(error, &told, sizeof told) == NEXUS_OK && told.has_last_seen && told.guid.len == view_guid.len);
    CHECK(nexus_error_last_seen(error, &none) == NEXUS_OK && none != NULL && nexus_microdeposit_free(none) == NEXUS_OK);
    CHECK(nexus_error_free(error) == NEXUS_OK);
    CHECK(nexus_canceller_is_cancelled(with.canceller, &cancelled) == NEXUS_OK && cancelled);

    /* A callback ends its own wait; the client is as good as before. */
    CHECK(nexus_microdeposit_view_of(record, &view, sizeof view) == NEXUS_OK);
    options.on_progress = only_once;
    options.user = &times;
    CHECK(nexus_client_wait(client, view.guid.data, &options, sizeof options, &none, &error) == NEXUS_ERROR_CANCELLED);
    CHECK(times == 1 && nexus_error_view_of(error, &told, sizeof told) == NEXUS_OK && told.has_last_seen && told.guid.data);
    CHECK(nexus_error_free(error) == NEXUS_OK);
    CHECK(nexus_client_read(client, view.guid.data, &none, NULL) == NEXUS_OK && nexus_microdeposit_free(none) == NEXUS_OK);

    options.until = "NOWHERE";
    CHECK(nexus_client_wait(client, view.guid.data, &options, sizeof options, &none, NULL) == NEXUS_ERROR_INVALID_INPUT);
    options.until = NULL;
    options.poll_every_ms = 9;
    CHECK(nexus_client_wait(client, view.guid.data, &options, sizeof options, &none, &error) == NEXUS_ERROR_INVALID_INPUT);
    CHECK(nexus_error_view_of(error, &told, sizeof told) == NEXUS_OK && strcmp(told.field.data, "poll_every") == 0);
    CHECK(nexus_error_free(error) == NEXUS_OK);
    CHECK(nexus_canceller_free(with.canceller) == NEXUS_OK && nexus_client_free(waiting) == NEXUS_OK);
    CHECK(nexus_microdeposit_free(record) == NEXUS_OK);
}

/* What is no sizeof is refused before anything is read or written. */
static void sizes(nexus_client *client)
{
    static const size_t odd[] = {0, 1, sizeof(void *), 4097, SIZE_MAX};
    nexus_microdeposit *record = create(client, "sizes@example.com", "333300008");
    nexus_microdeposit_view view;
    nexus_create_input input = {.first_name = "Josh"};
    nexus_created made;
    nexus_flow *flow;
    nexus_flow_options options = {0};
    size_t i;

    for (i = 0; i < sizeof odd / sizeof *odd; i++) {
        memset(&view, 0x5a, sizeof view);
        CHECK(nexus_microdeposit_view_of(record, &view, odd[i]) == NEXUS_ERROR_INVALID_INPUT);
        CHECK(*(unsigned char *)&view == 0x5a && ((unsigned char *)&view)[sizeof view - 1] == 0x5a);
        CHECK(nexus_client_create(client, &input, odd[i], &made, sizeof made, NULL) == NEXUS_ERROR_INVALID_INPUT);
        CHECK(nexus_client_create(client, &input, sizeof input, &made, odd[i], NULL) == NEXUS_ERROR_INVALID_INPUT);
        CHECK(nexus_flow_list(&options, odd[i], &flow, NULL) == NEXUS_ERROR_INVALID_INPUT && flow == NULL);
        /* A size without a structure is nobody's. */
        CHECK(nexus_flow_list(NULL, odd[i], &flow, NULL) == NEXUS_OK && nexus_flow_free(flow) == NEXUS_OK);
    }
    CHECK(nexus_microdeposit_free(record) == NEXUS_OK);
}

/* One rule for a limit, when a client is built and later. */
static void timeouts(nexus_client *client)
{
    static const uint64_t odd[] = {0, 86400001, UINT64_MAX};
    nexus_client *other;
    nexus_error *error;
    nexus_error_view what;
    size_t i;
    for (i = 0; i < sizeof odd / sizeof *odd; i++) {
        CHECK(nexus_client_with_timeout(client, odd[i], &other, &error) == NEXUS_ERROR_INVALID_INPUT && other == NULL);
        CHECK(nexus_error_view_of(error, &what, sizeof what) == NEXUS_OK && strcmp(what.field.data, "timeout") == 0);
        CHECK(nexus_error_free(error) == NEXUS_OK);
    }
    CHECK(nexus_client_with_timeout(client, 86400000, &other, NULL) == NEXUS_OK && nexus_client_free(other) == NEXUS_OK);
}

static void settings(void)
{
    static const struct {
        const char *url, *field;
    } bad[] = {{"http://example.com", "base_url"}, {"", "base_url"}, {"ftp://x", "base_url"}};
    size_t i;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        nexus_client_builder *builder;
        nexus_client *client;
        nexus_error *error;
        nexus_error_view view;
        CHECK(nexus_client_builder_new(bad[i].url, &builder, NULL) == NEXUS_OK);
        CHECK(nexus_client_builder_session_token(builder, "a-token", NULL) == NEXUS_OK);
        CHECK(nexus_client_builder_build(builder, &client, &error) == NEXUS_ERROR_INVALID_INPUT && client == NULL);
        CHECK(nexus_error_view_of(error, &view, sizeof view) == NEXUS_OK && strcmp(view.field.data, bad[i].field) == 0);
        CHECK(view.rule.data != NULL && strstr(view.message.data, "a-token") == NULL);
        nexus_error_free(error);
        nexus_client_builder_free(builder);
    }
}

/* What was not freed is counted by its type: here an error that a second failure has replaced. */
static void leaks(void)
{
    nexus_error *error, *first;
    nexus_text *text;
    nexus_str words;
    CHECK(nexus_live_handles(NEXUS_HANDLE_ANY) == 0 && nexus_live_handles(99) == 0);
    CHECK(nexus_amount_check(0, &error) == NEXUS_ERROR_INVALID_INPUT);
    first = error;
    CHECK(nexus_amount_check(100, &error) == NEXUS_ERROR_INVALID_INPUT && error != first);
    CHECK(nexus_live_handles(NEXUS_HANDLE_ERROR) == 2 && nexus_live_handles(NEXUS_HANDLE_TEXT) == 0);
    CHECK(nexus_live_handles_text(&text, NULL) == NEXUS_OK && nexus_text_view(text, &words) == NEXUS_OK);
    CHECK(strcmp(words.data, "2 nexus_error") == 0);
    CHECK(nexus_text_free(text) == NEXUS_OK && nexus_error_free(error) == NEXUS_OK && nexus_error_free(first) == NEXUS_OK);
    CHECK(nexus_live_handles(NEXUS_HANDLE_ANY) == 0);
}

int main(void)
{
    nexus_client *client;
    nexus_microdeposit *freed;
    CHECK(nexus_abi_version() == NEXUS_ABI_VERSION);
    CHECK(nexus_sandbox_new(NULL, 0, &sandbox, NULL) == NEXUS_OK);
    CHECK(nexus_sandbox_view_of(sandbox, &other_side, sizeof other_side) == NEXUS_OK);
    client = connect_to_sandbox();

    freed_and_foreign(client);
    bad_text(client);
    threads(client);
    sizes(client);
    timeouts(client);
    callbacks(client);
    settings();
    flows();
    flows_of_many();

    freed = create(client, "d@example.com", "333300004");
    CHECK(nexus_microdeposit_free(freed) == NEXUS_OK);
    {
        static int somewhere;
        const void *wrong[] = {(void *)1, &somewhere, freed, (void *)UINTPTR_MAX, "text", (void *)(uintptr_t)0x4100000000000000u};
        every_function(wrong, sizeof wrong / sizeof *wrong);
    }
    CHECK(nexus_client_free(client) == NEXUS_OK);
    CHECK(nexus_sandbox_free(sandbox) == NEXUS_OK && nexus_sandbox_free(sandbox) == NEXUS_ERROR_BAD_HANDLE);
    leaks();
    puts("as expected");
    return 0;
}
