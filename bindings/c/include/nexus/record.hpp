/* Statuses and records. */
#ifndef NEXUS_RECORD_HPP
#define NEXUS_RECORD_HPP

#include "detail.hpp"

#include <ostream>

namespace nexus {

/* A record's status; unknown ones are kept. */
class Status {
public:
    Status(std::int64_t number, std::string_view name) : number_(number), name_(name) {}
    Status(KnownStatus known) : Status(static_cast<std::int64_t>(known), nexus_status_name(static_cast<std::int64_t>(known))) {}

    /* Absent if the server sent none. */
    [[nodiscard]] std::optional<std::int64_t> number() const noexcept { return detail::maybe(number_); }
    /* Such as "DEPOSITED"; "UNKNOWN" if there is no name. */
    [[nodiscard]] const std::string &name() const noexcept { return name_; }
    [[nodiscard]] bool is_terminal() const noexcept { return nexus_status_is_terminal(number_); }
    /* Whether amounts may be submitted now. */
    [[nodiscard]] bool may_verify() const noexcept { return nexus_status_may_verify(number_); }
    [[nodiscard]] std::string_view definition() const noexcept { return nexus_status_definition(number_); }
    /* What may be done next, as text for a person. */
    [[nodiscard]] std::string_view next_step() const noexcept { return nexus_status_next_step(number_); }

    friend bool operator==(const Status &one, const Status &other) noexcept
    {
        return one.number_ == other.number_ && (one.number_ != NEXUS_NONE || one.name_ == other.name_);
    }
    friend bool operator!=(const Status &one, const Status &other) noexcept { return !(one == other); }
    friend std::ostream &operator<<(std::ostream &out, const Status &status) { return out << status.name_; }

private:
    std::int64_t number_;
    std::string name_;
};

/* One microdeposit as the server sent it. Personal values are masked, except in `expose` and `to_json(true)`. */
class Microdeposit {
public:
    /* Takes ownership of a C handle. */
    explicit Microdeposit(nexus_microdeposit *record) : handle_(record) { nexus_microdeposit_view_of(record, &view_, sizeof view_); }

    [[nodiscard]] std::string_view guid() const noexcept { return detail::plain(view_.guid); }
    [[nodiscard]] nexus::Status status() const { return {view_.status, detail::plain(view_.status_name)}; }
    /* 1 checking, 2 savings. */
    [[nodiscard]] std::optional<std::int64_t> account_type() const noexcept { return detail::maybe(view_.account_type); }
    [[nodiscard]] std::optional<std::string_view> account_type_name() const noexcept { return detail::maybe(view_.account_type_name); }
    /* Masked: "*****2345". */
    [[nodiscard]] std::optional<std::string_view> account_number() const noexcept { return detail::maybe(view_.account_number); }
    /* Masked. */
    [[nodiscard]] std::optional<std::string_view> routing_number() const noexcept { return detail::maybe(view_.routing_number); }
    /* Masked. */
    [[nodiscard]] std::optional<std::string_view> account_name() const noexcept { return detail::maybe(view_.account_name); }
    /* Masked. */
    [[nodiscard]] std::optional<std::string_view> first_name() const noexcept { return detail::maybe(view_.first_name); }
    /* Masked. */
    [[nodiscard]] std::optional<std::string_view> last_name() const noexcept { return detail::maybe(view_.last_name); }
    /* Masked. */
    [[nodiscard]] std::optional<std::string_view> email() const noexcept { return detail::maybe(view_.email); }
    [[nodiscard]] std::optional<std::string_view> institution_name() const noexcept { return detail::maybe(view_.institution_name); }
    /* The provider's code of a failure, such as an ACH return code. */
    [[nodiscard]] std::optional<std::string_view> error_code() const noexcept { return detail::maybe(view_.error_code); }
    /* Masked. */
    [[nodiscard]] std::optional<std::string_view> error_message() const noexcept { return detail::maybe(view_.error_message); }
    /* Absent if the field is absent or is not a time; Field::CreatedAt gives its text then. */
    [[nodiscard]] std::optional<detail::Instant> created_at() const noexcept { return detail::instant(view_.created_at_ms); }
    [[nodiscard]] std::optional<detail::Instant> updated_at() const noexcept { return detail::instant(view_.updated_at_ms); }
    [[nodiscard]] std::optional<detail::Instant> verified_at() const noexcept { return detail::instant(view_.verified_at_ms); }
    [[nodiscard]] bool is_terminal() const noexcept { return view_.is_terminal; }
    [[nodiscard]] bool may_verify() const noexcept { return view_.may_verify; }

    /* A field, unmasked, as the server sent it. It may be personal: handle it with care. */
    [[nodiscard]] std::optional<std::string_view> expose(Field field) const noexcept
    {
        nexus_str text{};
        nexus_microdeposit_expose(handle_.get(), static_cast<std::int32_t>(field), &text);
        return detail::maybe(text);
    }
    /* JSON in the API's shape, masked unless `reveal` is true. */
    [[nodiscard]] std::string to_json(bool reveal = false) const
    {
        nexus_text *raw = nullptr;
        nexus_microdeposit_to_json(handle_.get(), reveal, &raw, nullptr);
        const detail::Text text{raw};
        nexus_str view{};
        nexus_text_view(raw, &view);
        return std::string{detail::plain(view)};
    }

private:
    detail::Owned<nexus_microdeposit, nexus_microdeposit_free> handle_;
    nexus_microdeposit_view view_{};
};

/* The records of one response: a range of Microdeposit, each made on access. */
class List {
public:
    explicit List(nexus_list *list) : handle_(list) { nexus_list_len(list, &size_); }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    /* `at` must be below `size()`. */
    [[nodiscard]] Microdeposit operator[](std::size_t at) const
    {
        nexus_microdeposit *record = nullptr;
        nexus_list_get(handle_.get(), at, &record);
        return Microdeposit{record};
    }

    class iterator {
    public:
        iterator(const List &list, std::size_t at) : list_(&list), at_(at) {}
        Microdeposit operator*() const { return (*list_)[at_]; }
        iterator &operator++()
        {
            ++at_;
            return *this;
        }
        bool operator!=(const iterator &other) const noexcept { return at_ != other.at_; }

    private:
        const List *list_;
        std::size_t at_;
    };
    [[nodiscard]] iterator begin() const { return {*this, 0}; }
    [[nodiscard]] iterator end() const { return {*this, size_}; }

private:
    detail::Owned<nexus_list, nexus_list_free> handle_;
    std::size_t size_ = 0;
};

} // namespace nexus

#endif
