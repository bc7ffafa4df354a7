/* Records. */
#ifndef NEXUS_RECORD_HPP
#define NEXUS_RECORD_HPP

#include "status.hpp"

namespace nexus {

/* One microdeposit as the server described it. What is personal is masked but in `expose` and `to_json(true)`. Its views live
 * as long as it, so a temporary lends none: give it a name first. */
class Microdeposit {
public:
    /* Takes a handle of C over. */
    explicit Microdeposit(nexus_microdeposit *record) noexcept : view_(record) {}

    [[nodiscard]] std::string_view guid() const & noexcept { return detail::plain(view_->guid); }
    std::string_view guid() const && = delete;
    [[nodiscard]] nexus::Status status() const { return {view_->status, detail::plain(view_->status_name)}; }
    /* 1 checking, 2 savings. */
    [[nodiscard]] std::optional<std::int64_t> account_type() const noexcept { return detail::maybe(view_->account_type); }
    [[nodiscard]] std::optional<std::string_view> account_type_name() const & noexcept
    {
        return detail::maybe(view_->account_type_name);
    }
    std::optional<std::string_view> account_type_name() const && = delete;
    /* Masked: "*****2345". */
    [[nodiscard]] std::optional<std::string_view> account_number() const & noexcept
    {
        return detail::maybe(view_->account_number);
    }
    std::optional<std::string_view> account_number() const && = delete;
    /* Masked. */
    [[nodiscard]] std::optional<std::string_view> routing_number() const & noexcept
    {
        return detail::maybe(view_->routing_number);
    }
    std::optional<std::string_view> routing_number() const && = delete;
    /* Masked. */
    [[nodiscard]] std::optional<std::string_view> account_name() const & noexcept { return detail::maybe(view_->account_name); }
    std::optional<std::string_view> account_name() const && = delete;
    /* Masked. */
    [[nodiscard]] std::optional<std::string_view> first_name() const & noexcept { return detail::maybe(view_->first_name); }
    std::optional<std::string_view> first_name() const && = delete;
    /* Masked. */
    [[nodiscard]] std::optional<std::string_view> last_name() const & noexcept { return detail::maybe(view_->last_name); }
    std::optional<std::string_view> last_name() const && = delete;
    /* Masked. */
    [[nodiscard]] std::optional<std::string_view> email() const & noexcept { return detail::maybe(view_->email); }
    std::optional<std::string_view> email() const && = delete;
    [[nodiscard]] std::optional<std::string_view> institution_name() const & noexcept
    {
        return detail::maybe(view_->institution_name);
    }
    std::optional<std::string_view> institution_name() const && = delete;
    /* The provider's code of a failure, such as an ACH return code. */
    [[nodiscard]] std::optional<std::string_view> error_code() const & noexcept { return detail::maybe(view_->error_code); }
    std::optional<std::string_view> error_code() const && = delete;
    /* Masked. */
    [[nodiscard]] std::optional<std::string_view> error_message() const & noexcept
    {
        return detail::maybe(view_->error_message);
    }
    std::optional<std::string_view> error_message() const && = delete;
    /* Absent where there is none, and where it says no instant (see Field::CreatedAt then). */
    [[nodiscard]] std::optional<detail::Instant> created_at() const noexcept { return detail::instant(view_->created_at_ms); }
    [[nodiscard]] std::optional<detail::Instant> updated_at() const noexcept { return detail::instant(view_->updated_at_ms); }
    [[nodiscard]] std::optional<detail::Instant> verified_at() const noexcept { return detail::instant(view_->verified_at_ms); }
    [[nodiscard]] bool is_terminal() const noexcept { return view_->is_terminal; }
    [[nodiscard]] bool may_verify() const noexcept { return view_->may_verify; }

    /* A field in full, as it came. Handle it with care. */
    [[nodiscard]] std::optional<std::string_view> expose(Field field) const & noexcept
    {
        nexus_str text{};
        nexus_microdeposit_expose(view_.get(), static_cast<std::int32_t>(field), &text);
        return detail::maybe(text);
    }
    std::optional<std::string_view> expose(Field) const && = delete;
    /* JSON in the API's own shape, masked unless `reveal`. */
    [[nodiscard]] std::string to_json(bool reveal = false) const
    {
        nexus_text *raw = nullptr;
        nexus_microdeposit_to_json(view_.get(), reveal, &raw, nullptr);
        return detail::taken(raw);
    }

private:
    detail::Viewed<nexus_microdeposit, nexus_microdeposit_view, nexus_microdeposit_free, nexus_microdeposit_view_of> view_;
};

} // namespace nexus

#endif
