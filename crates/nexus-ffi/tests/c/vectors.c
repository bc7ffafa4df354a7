/*
 * Carries out the shared test cases: a word says what, its fields follow, the outcome is told back. A field is "length
 * newline bytes newline" on standard input and output; -1 is NULL. Allocations are exact, so that a tool which watches
 * memory sees every byte read too far.
 */
#include <nexus.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct field {
    char *data; /* NULL, or ended by a NUL */
    size_t len;
} field;

/* Reads one field; 0 at the end. */
static int take(field *out)
{
    long len;
    out->data = NULL;
    out->len = 0;
    if (scanf("%ld", &len) != 1 || getchar() != '\n')
        return 0;
    if (len < 0)
        return 1;
    out->data = malloc((size_t)len + 1);
    if (out->data == NULL || fread(out->data, 1, (size_t)len, stdin) != (size_t)len || getchar() != '\n')
        exit(3);
    out->data[len] = '\0';
    out->len = (size_t)len;
    return 1;
}

static field need(void)
{
    field out;
    if (!take(&out))
        exit(4);
    return out;
}

static long long need_number(void)
{
    field text = need();
    long long number = text.data == NULL ? 0 : strtoll(text.data, NULL, 10);
    free(text.data);
    return number;
}

static void tell(nexus_str text)
{
    if (text.data == NULL) {
        puts("-1");
        return;
    }
    if (text.data[text.len] != '\0')
        exit(5);
    printf("%zu\n", text.len);
    fwrite(text.data, 1, text.len, stdout);
    putchar('\n');
}

static void tell_text(const char *text)
{
    nexus_str view = {text, strlen(text)};
    tell(view);
}

static void tell_number(long long number)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", number);
    tell_text(text);
}

/* The code, then what an error says of itself. A pointer to the error, since C does not say which argument comes first. */
static int outcome(nexus_code code, nexus_error **error)
{
    nexus_error_view view;
    tell_number(code);
    if (code == NEXUS_OK)
        return 1;
    if (nexus_error_view_of(*error, &view, sizeof view) != NEXUS_OK || view.code != code)
        exit(6);
    tell(view.name);
    tell(view.field);
    tell(view.message);
    tell_number(view.outcome_unknown);
    tell_number(view.server_code == NEXUS_NONE ? -1 : view.server_code);
    tell_number(view.http_status);
    nexus_error_free(*error);
    return 0;
}

/* Status, all fields in full, and the masked form. */
static void record(nexus_microdeposit *one)
{
    nexus_microdeposit_view view;
    nexus_text *json;
    nexus_str text;
    int number;
    if (nexus_microdeposit_view_of(one, &view, sizeof view) != NEXUS_OK)
        exit(7);
    tell(view.status_name);
    tell(view.account_number);
    tell(view.routing_number);
    tell_number(view.created_at_ms);
    for (number = 0; nexus_microdeposit_expose(one, number, &text) == NEXUS_OK; number++)
        tell(text);
    if (nexus_microdeposit_to_json(one, false, &json, NULL) != NEXUS_OK || nexus_text_view(json, &text) != NEXUS_OK)
        exit(9);
    tell(text);
    nexus_text_free(json);
    nexus_microdeposit_free(one);
}

/* Makes the request that the fields describe. */
static nexus_code make(nexus_request **out, nexus_error **error)
{
    field word = need(), first = need(), last = need(), email = need(), name = need(), account = need();
    long long type = need_number();
    field routing = need(), guid = need(), client = need(), user = need();
    unsigned one = (unsigned)need_number(), two = (unsigned)need_number();
    nexus_create_input input = {(int)type, first.data, last.data, email.data, routing.data, account.data, name.data};
    nexus_code code = NEXUS_ERROR_INVALID_INPUT;
    if (strcmp(word.data, "create") == 0)
        code = nexus_request_create(&input, sizeof input, out, error);
    else if (strcmp(word.data, "preinitiate") == 0)
        code = nexus_request_preinitiate(first.data, last.data, email.data, out, error);
    else if (strcmp(word.data, "list") == 0)
        code = nexus_request_list(out, error);
    else if (strcmp(word.data, "read") == 0)
        code = nexus_request_read(guid.data, out, error);
    else if (strcmp(word.data, "verify") == 0)
        code = nexus_request_verify(guid.data, one, two, out, error);
    else if (strcmp(word.data, "open_session") == 0)
        code = nexus_request_open_session(out, error);
    else if (strcmp(word.data, "api_token") == 0)
        code = nexus_request_api_token(client.data, user.data, out, error);
    else if (strcmp(word.data, "widget_url") == 0)
        code = nexus_request_widget_url(client.data, user.data, guid.data, out, error);
    else
        exit(10);
    /* What went in was copied: it may go now. */
    free(word.data), free(first.data), free(last.data), free(email.data), free(name.data), free(account.data);
    free(routing.data), free(guid.data), free(client.data), free(user.data);
    return code;
}

static void request(void)
{
    nexus_error *error;
    nexus_request *made;
    nexus_request_view view;
    if (!outcome(make(&made, &error), &error))
        return;
    if (nexus_request_view_of(made, &view, sizeof view) != NEXUS_OK)
        exit(11);
    tell_text(nexus_operation_name(view.operation));
    tell_number(view.repeatable == nexus_operation_repeatable(view.operation));
    tell_number(view.to_sso);
    tell(view.method);
    tell(view.path);
    tell(view.media_type);
    tell(view.auth_header);
    tell(view.body);
    tell(view.guid);
    nexus_request_free(made);
}

static void parse(void)
{
    nexus_error *error;
    nexus_request *made;
    nexus_request_view view;
    long long http;
    field body;
    if (make(&made, &error) != NEXUS_OK || nexus_request_view_of(made, &view, sizeof view) != NEXUS_OK)
        exit(12);
    http = need_number();
    body = need();
    if (view.operation == NEXUS_OPERATION_LIST) {
        nexus_list *list;
        if (outcome(nexus_request_parse_list(made, (int)http, body.data, body.len, &list, &error), &error)) {
            size_t count, index;
            nexus_microdeposit *one;
            if (nexus_list_len(list, &count) != NEXUS_OK)
                exit(13);
            tell_number((long long)count);
            for (index = 0; index < count; index++) {
                if (nexus_list_get(list, index, &one) != NEXUS_OK)
                    exit(14);
                record(one);
            }
            if (nexus_list_get(list, count, &one) != NEXUS_ERROR_INVALID_INPUT || one != NULL)
                exit(15);
            nexus_list_free(list);
        }
    } else if (view.operation >= NEXUS_OPERATION_OPEN_SESSION) {
        nexus_text *text;
        nexus_str plain;
        if (outcome(nexus_request_parse_text(made, (int)http, body.data, body.len, &text, &error), &error)) {
            if (nexus_text_view(text, &plain) != NEXUS_OK)
                exit(16);
            tell(plain);
            nexus_text_free(text);
        }
    } else {
        nexus_microdeposit *one;
        if (outcome(nexus_request_parse_microdeposit(made, (int)http, body.data, body.len, &one, &error), &error)) {
            tell_number(1);
            record(one);
        }
    }
    free(body.data);
    nexus_request_free(made);
}

static void webhook(void)
{
    nexus_error *error;
    nexus_webhook *event;
    nexus_webhook_view view;
    nexus_microdeposit *one;
    field body = need();
    if (outcome(nexus_webhook_parse(body.data, body.len, &event, &error), &error)) {
        if (nexus_webhook_view_of(event, &view, sizeof view) != NEXUS_OK || nexus_webhook_record(event, &one) != NEXUS_OK)
            exit(17);
        tell(view.action);
        tell_number(view.version == NEXUS_NONE ? -1 : view.version);
        tell(view.institution_guid);
        tell(view.user_guid);
        tell(view.user_id);
        nexus_webhook_free(event);
        record(one);
    }
    free(body.data);
}

static void routing(void)
{
    nexus_error *error;
    field number = need();
    size_t count = (size_t)need_number(), index;
    const char **refused = calloc(count + 1, sizeof *refused);
    for (index = 0; index < count; index++)
        refused[index] = need().data;
    outcome(nexus_routing_number_check(number.data, refused, count, &error), &error);
    for (index = 0; index < count; index++)
        free((void *)refused[index]);
    free(refused);
    free(number.data);
}

static void account(void)
{
    nexus_error *error;
    nexus_text *masked;
    nexus_str view;
    field number = need();
    nexus_code code = nexus_account_number_check(number.data, NULL);
    if (outcome(nexus_account_number_masked(number.data, &masked, &error), &error)) {
        if (code != NEXUS_OK || nexus_text_view(masked, &view) != NEXUS_OK)
            exit(18);
        tell(view);
        nexus_text_free(masked);
    }
    free(number.data);
}

static void name(void)
{
    nexus_error *error;
    field which = need(), text = need();
    const char *first = "Josh", *last = "James", *email = "example@example.com";
    nexus_code code;
    if (strcmp(which.data, "account_name") == 0) {
        code = nexus_account_name_check(text.data, &error);
    } else {
        if (strcmp(which.data, "first_name") == 0)
            first = text.data;
        else if (strcmp(which.data, "last_name") == 0)
            last = text.data;
        else
            email = text.data;
        code = nexus_person_check(first, last, email, &error);
    }
    outcome(code, &error);
    free(which.data);
    free(text.data);
}

static void guid(void)
{
    nexus_error *error;
    field text = need();
    outcome(nexus_guid_check(text.data, &error), &error);
    free(text.data);
}

static void amount(void)
{
    nexus_error *error;
    nexus_str text;
    uint32_t cents;
    field given = need();
    if (outcome(nexus_amount_parse(given.data, &cents, &error), &error)) {
        tell_number(cents);
        if (nexus_amount_text(cents, &text) != NEXUS_OK)
            exit(19);
        tell(text);
    }
    free(given.data);
}

static void cents(void)
{
    nexus_str text;
    tell_number(nexus_amount_text((uint32_t)need_number(), &text));
}

static void moment(void)
{
    field text = need();
    int64_t millis;
    tell_number(nexus_timestamp_parse(text.data, &millis));
    tell_number(millis);
    free(text.data);
}

static void retry_after(void)
{
    field text = need();
    long long now = need_number();
    int64_t wait;
    tell_number(nexus_retry_after_parse(text.data, now, &wait));
    tell_number(wait);
    free(text.data);
}

static void status(void)
{
    long long number = need_number();
    field text = need();
    int64_t found;
    tell_text(nexus_status_name(number));
    tell_number(nexus_status_is_terminal(number));
    tell_number(nexus_status_may_verify(number));
    tell_number(nexus_status_from_name(text.data, &found));
    tell_number(found);
    free(text.data);
}

/* Events by number, one after the other, until one is refused. */
static void sequence(void)
{
    nexus_authority state = {NEXUS_POSITION_NOTHING, 0};
    long long count = need_number(), refused = 0;
    while (count-- > 0) {
        int event = (int)need_number();
        if (refused == 0 && nexus_authority_apply(&state, event) != NEXUS_OK)
            refused = event;
    }
    tell_number(state.position);
    tell_number(state.attempts);
    tell_text(nexus_event_name((int)refused));
}

static void sighting(void)
{
    long long from = need_number(), to = need_number();
    nexus_sighting says;
    int32_t events[16];
    size_t count;
    tell_number(nexus_sighting_of(from, to, &says, events, 16, &count));
    tell_number(says);
    tell_number((long long)count);
}

int main(void)
{
    static const struct {
        const char *word;
        void (*carry_out)(void);
    } table[] = {
        {"request", request}, {"parse", parse}, {"webhook", webhook}, {"routing", routing}, {"account", account},
        {"name", name}, {"guid", guid}, {"amount", amount}, {"cents", cents}, {"moment", moment},
        {"retry_after", retry_after}, {"status", status}, {"sequence", sequence}, {"sighting", sighting},
    };
    field word;
    while (take(&word)) {
        size_t place;
        for (place = 0; place < sizeof table / sizeof *table; place++)
            if (strcmp(word.data, table[place].word) == 0)
                break;
        if (place == sizeof table / sizeof *table)
            return 2;
        free(word.data);
        table[place].carry_out();
        tell_text("done");
    }
    return 0;
}
