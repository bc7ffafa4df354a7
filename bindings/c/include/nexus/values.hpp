/* What a caller gives. */
#ifndef NEXUS_VALUES_HPP
#define NEXUS_VALUES_HPP

#include "result.hpp"

namespace nexus {

/* A deposit's amount: 1 to 99 whole cents. */
class Amount {
public:
    /* From exact decimal text in dollars: "0.09". Throws InvalidInput for any other, BadUtf8 for what is no text. */
    [[nodiscard]] static Amount parse(std::string_view text) { return try_parse(text).value(); }
    [[nodiscard]] static Result<Amount> try_parse(std::string_view text)
    {
        const detail::CText given{text};
        std::uint32_t cents = 0;
        return detail::done([&](nexus_error **error) { return nexus_amount_parse(given.get(), &cents, error); })
            .transform([&] { return Amount{cents}; });
    }
    /* From cents. Throws InvalidInput for another number than 1 to 99. */
    [[nodiscard]] static Amount from_cents(std::uint32_t cents) { return try_from_cents(cents).value(); }
    [[nodiscard]] static Result<Amount> try_from_cents(std::uint32_t cents)
    {
        return detail::done([&](nexus_error **error) { return nexus_amount_check(cents, error); })
            .transform([&] { return Amount{cents}; });
    }

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
    friend class Sandbox;
    /* Takes what was checked. */
    explicit Amount(std::uint32_t checked) noexcept : cents_(checked) {}
    std::uint32_t cents_;
};

/* What a microdeposit is created with. */
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

/* The input as C takes it; the texts live as long as this. */
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

/* Checks a routing number: nine digits with a right check digit. Throws InvalidInput. */
[[nodiscard]] inline Result<void> try_check_routing_number(std::string_view number)
{
    const detail::CText given{number};
    return detail::done([&](nexus_error **error) { return nexus_routing_number_check(given.get(), nullptr, 0, error); });
}
inline void check_routing_number(std::string_view number) { try_check_routing_number(number).value(); }

/* One webhook event. A hint, unsigned: read the microdeposit before trusting it. */
class WebhookEvent {
public:
    /* Throws NotJson, WrongShape or MissingField for what is no event. */
    [[nodiscard]] static WebhookEvent parse(std::string_view body) { return try_parse(body).value(); }
    [[nodiscard]] static Result<WebhookEvent> try_parse(std::string_view body)
    {
        return detail::attempt<WebhookEvent, nexus_webhook *>([&](nexus_webhook **out, nexus_error **error) {
            return nexus_webhook_parse(body.data(), body.size(), out, error);
        });
    }

    /* Takes a handle of C over. */
    explicit WebhookEvent(nexus_webhook *event) noexcept : view_(event) {}
    /* "created", "updated", or another as it came. */
    [[nodiscard]] std::string_view action() const & noexcept { return detail::plain(view_->action); }
    std::string_view action() const && = delete;
    [[nodiscard]] std::optional<std::int64_t> version() const noexcept { return detail::maybe(view_->version); }
    [[nodiscard]] std::optional<std::string_view> institution_guid() const & noexcept
    {
        return detail::maybe(view_->institution_guid);
    }
    std::optional<std::string_view> institution_guid() const && = delete;
    [[nodiscard]] std::optional<std::string_view> user_guid() const & noexcept { return detail::maybe(view_->user_guid); }
    std::optional<std::string_view> user_guid() const && = delete;
    [[nodiscard]] std::optional<std::string_view> user_id() const & noexcept { return detail::maybe(view_->user_id); }
    std::optional<std::string_view> user_id() const && = delete;
    /* The microdeposit as the event describes it. */
    [[nodiscard]] Microdeposit record() const noexcept
    {
        nexus_microdeposit *record = nullptr;
        nexus_webhook_record(view_.get(), &record);
        return Microdeposit{record};
    }

private:
    detail::Viewed<nexus_webhook, nexus_webhook_view, nexus_webhook_free, nexus_webhook_view_of> view_;
};

} // namespace nexus

#endif
