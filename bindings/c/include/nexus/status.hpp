/* Statuses. */
#ifndef NEXUS_STATUS_HPP
#define NEXUS_STATUS_HPP

#include "detail.hpp"

#include <functional>
#include <ostream>
#if defined(__cpp_impl_three_way_comparison) && __has_include(<compare>)
#include <compare>
#endif

namespace nexus {

/* A record's status; unknown ones are kept. Its number says which it is, and its name where it has no number. */
class Status {
public:
    Status(std::int64_t number, std::string_view name) : number_(number), name_(name) {}
    Status(KnownStatus status)
        : Status(static_cast<std::int64_t>(status), nexus_status_name(static_cast<std::int64_t>(status)))
    {
    }

    /* Absent where the server gave none. */
    [[nodiscard]] std::optional<std::int64_t> number() const noexcept { return detail::maybe(number_); }
    /* Absent where it is not among those that this version knows; for `switch`. */
    [[nodiscard]] std::optional<KnownStatus> known() const noexcept
    {
        constexpr auto last = static_cast<std::int64_t>(detail::LAST_STATUS);
        return number_ < 0 || number_ > last ? std::nullopt : std::optional{static_cast<KnownStatus>(number_)};
    }
    /* Such as "DEPOSITED"; "UNKNOWN" where there is none. */
    [[nodiscard]] const std::string &name() const & noexcept { return name_; }
    [[nodiscard]] std::string name() const && { return name_; }
    [[nodiscard]] bool is_terminal() const noexcept { return nexus_status_is_terminal(number_); }
    /* Whether amounts may be submitted now. */
    [[nodiscard]] bool may_verify() const noexcept { return nexus_status_may_verify(number_); }
    [[nodiscard]] std::string_view definition() const noexcept { return nexus_status_definition(number_); }
    /* What may be done next, in words that a person can act on. */
    [[nodiscard]] std::string_view next_step() const noexcept { return nexus_status_next_step(number_); }

    friend bool operator==(const Status &one, const Status &other) noexcept { return one.against(other) == 0; }
#if defined(__cpp_lib_three_way_comparison)
    friend std::weak_ordering operator<=>(const Status &one, const Status &other) noexcept { return one.against(other) <=> 0; }
#else
    friend bool operator!=(const Status &one, const Status &other) noexcept { return one.against(other) != 0; }
    friend bool operator<(const Status &one, const Status &other) noexcept { return one.against(other) < 0; }
    friend bool operator>(const Status &one, const Status &other) noexcept { return one.against(other) > 0; }
    friend bool operator<=(const Status &one, const Status &other) noexcept { return one.against(other) <= 0; }
    friend bool operator>=(const Status &one, const Status &other) noexcept { return one.against(other) >= 0; }
#endif
    friend std::ostream &operator<<(std::ostream &out, const Status &status) { return out << status.name_; }

private:
    friend struct std::hash<Status>;
    /* By number; those without one first, by name. */
    [[nodiscard]] int against(const Status &other) const noexcept
    {
        if (number_ != other.number_)
            return number_ < other.number_ ? -1 : 1;
        return number_ == NEXUS_NONE ? name_.compare(other.name_) : 0;
    }
    std::int64_t number_;
    std::string name_;
};

} // namespace nexus

template <>
struct std::hash<nexus::Status> {
    std::size_t operator()(const nexus::Status &status) const noexcept
    {
        if (status.number_ == NEXUS_NONE)
            return std::hash<std::string>{}(status.name_);
        return std::hash<std::int64_t>{}(status.number_);
    }
};

#endif
