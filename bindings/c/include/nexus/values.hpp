/* The values that a caller passes. */
#ifndef NEXUS_VALUES_HPP
#define NEXUS_VALUES_HPP

#include "error.hpp"

namespace nexus {

/* A deposit's amount: 1 to 99 whole cents. */
class Amount {
public:
    /* From exact decimal text in dollars: "0.09". */
    static Result<Amount> try_parse(std::string_view text)
    {
        const detail::CText given{text};
        return detail::attempt<Amount, std::uint32_t>(
            [&](std::uint32_t *cents, nexus_error **error) { return nexus_amount_parse(given.get(), cents, error); });
    }
    static Amount parse(std::string_view text) { return try_parse(text).value(); }
    /* From cents; throws InvalidInput for a number outside 1 to 99. */
    static Amount from_cents(std::uint32_t cents)
    {
        nexus_error *error = nullptr;
        const nexus_code code = nexus_amount_check(cents, &error);
        if (code != NEXUS_OK)
            Failure{code, error}.raise();
        return Amount{cents};
    }

    /* For the library's own use: takes a checked value. */
    explicit Amount(std::uint32_t checked) noexcept : cents_(checked) {}
    [[nodiscard]] std::uint32_t cents() const noexcept { return cents_; }
    /* Such as "0.09". */
    [[nodiscard]] std::string_view str() const noexcept
    {
        nexus_str text{};
        nexus_amount_text(cents_, &text);
        return detail::plain(text);
    }
    friend bool operator==(Amount one, Amount other) noexcept { return one.cents_ == other.cents_; }
    friend bool operator!=(Amount one, Amount other) noexcept { return one.cents_ != other.cents_; }
    friend std::ostream &operator<<(std::ostream &out, Amount amount) { return out << amount.str(); }

private:
    std::uint32_t cents_;
};

/* The input of a create. */
struct CreateInput {
    std::string first_name;
    std::string last_name;
    std::string email;
    std::string routing_number;
    std::string account_number;
    AccountType account_type = AccountType::Checking;
    std::optional<std::string> account_name = std::nullopt;
};

/* The person, for a microdeposit whose account details come later. */
struct PersonInput {
    std::string first_name;
    std::string last_name;
    std::string email;
};

namespace detail {

/* The C structure of the input; its texts are valid as long as this object. */
class CInput {
public:
    explicit CInput(const CreateInput &input)
        : first_(input.first_name), last_(input.last_name), email_(input.email), routing_(input.routing_number),
          account_(input.account_number), name_(input.account_name.value_or(std::string{})),
          raw_{static_cast<std::int32_t>(input.account_type), first_.get(), last_.get(), email_.get(), routing_.get(),
               account_.get(), input.account_name ? name_.get() : nullptr}
    {
    }
    [[nodiscard]] const nexus_create_input *get() const noexcept { return &raw_; }

private:
    CText first_, last_, email_, routing_, account_, name_;
    nexus_create_input raw_;
};

} // namespace detail

/* Checks a routing number: nine digits with a correct check digit. Throws InvalidInput. */
inline void check_routing_number(std::string_view number)
{
    const detail::CText given{number};
    nexus_error *error = nullptr;
    const nexus_code code = nexus_routing_number_check(given.get(), nullptr, 0, &error);
    if (code != NEXUS_OK)
        Failure{code, error}.raise();
}

/* One webhook event. It is unsigned: read the microdeposit before you act on it. */
class WebhookEvent {
public:
    static Result<WebhookEvent> try_parse(std::string_view body)
    {
        return detail::attempt<WebhookEvent, nexus_webhook *>([&](nexus_webhook **out, nexus_error **error) {
            return nexus_webhook_parse(body.data(), body.size(), out, error);
        });
    }
    static WebhookEvent parse(std::string_view body) { return try_parse(body).value(); }

    explicit WebhookEvent(nexus_webhook *event) : handle_(event) { nexus_webhook_view_of(event, &view_, sizeof view_); }
    /* "created", "updated", or another value as received. */
    [[nodiscard]] std::string_view action() const noexcept { return detail::plain(view_.action); }
    [[nodiscard]] std::optional<std::int64_t> version() const noexcept { return detail::maybe(view_.version); }
    [[nodiscard]] std::optional<std::string_view> institution_guid() const noexcept { return detail::maybe(view_.institution_guid); }
    [[nodiscard]] std::optional<std::string_view> user_guid() const noexcept { return detail::maybe(view_.user_guid); }
    [[nodiscard]] std::optional<std::string_view> user_id() const noexcept { return detail::maybe(view_.user_id); }
    [[nodiscard]] Microdeposit record() const
    {
        nexus_microdeposit *record = nullptr;
        detail::must(nexus_webhook_record(handle_.get(), &record));
        return Microdeposit{record};
    }

private:
    detail::Owned<nexus_webhook, nexus_webhook_free> handle_;
    nexus_webhook_view view_{};
};

} // namespace nexus

#endif
