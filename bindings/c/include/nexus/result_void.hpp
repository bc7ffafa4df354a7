/* Result<void>: of what gives nothing, or why it could not be done. */
#ifndef NEXUS_RESULT_VOID_HPP
#define NEXUS_RESULT_VOID_HPP

#include "exceptions.hpp"

#include <cstdlib>
#include <functional>
#include <type_traits>

namespace nexus {

template <typename T>
class Result;

namespace detail {

template <typename>
struct IsResult : std::false_type {};
template <typename T>
struct IsResult<Result<T>> : std::true_type {};

template <typename T>
using Bare = std::remove_cv_t<std::remove_reference_t<T>>;

/* The failure of what has no value, for who asks for it; who asks where there is a value ends the process. */
inline const Failure &needed(const Failure *failure) noexcept
{
    if (failure == nullptr)
        std::abort();
    return *failure;
}

template <typename Call, typename... Value>
auto transformed(Call &&call, Value &&...value);

} // namespace detail

/* Success, or a Failure: as std::expected<void, Failure>. */
template <>
class [[nodiscard]] Result<void> {
public:
    using value_type = void;
    using error_type = Failure;
    template <typename Other>
    using rebind = Result<Other>;

    Result() noexcept = default;
    Result(const Failure &failure) : failure_(failure) {}

    [[nodiscard]] bool has_value() const noexcept { return !failure_.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }
    /* Throws the failure where there is one. */
    void value() const
    {
        if (failure_)
            failure_->raise();
    }
    void operator*() const { value(); }
    /* The failure. Where there is none, the process ends by std::abort(). */
    [[nodiscard]] const Failure &error() const & noexcept { return detail::needed(failure_ ? &*failure_ : nullptr); }
    [[nodiscard]] Failure error() const && noexcept { return detail::needed(failure_ ? &*failure_ : nullptr); }

    /* `call()`, which gives a Result; or the failure. */
    template <typename Call>
    auto and_then(Call &&call) const
    {
        using Next = detail::Bare<std::invoke_result_t<Call>>;
        static_assert(detail::IsResult<Next>::value, "what and_then calls gives a Result");
        return has_value() ? Next{std::invoke(std::forward<Call>(call))} : Next{*failure_};
    }
    /* A Result of `call()`, which may give nothing; or the failure. */
    template <typename Call>
    auto transform(Call &&call) const
    {
        using Next = decltype(detail::transformed(std::forward<Call>(call)));
        if (has_value())
            return detail::transformed(std::forward<Call>(call));
        return Next{*failure_};
    }
    /* Success; or `call(failure)`, which gives another Result<void>. */
    template <typename Call>
    Result or_else(Call &&call) const
    {
        return has_value() ? Result{} : std::invoke(std::forward<Call>(call), *failure_);
    }

    friend bool operator==(const Result &one, const Result &other) noexcept { return one.failure_ == other.failure_; }
    friend bool operator!=(const Result &one, const Result &other) noexcept { return !(one == other); }
    friend bool operator==(const Result &one, const Failure &failure) noexcept { return one.failure_ == failure; }
    friend bool operator!=(const Result &one, const Failure &failure) noexcept { return !(one == failure); }

private:
    std::optional<Failure> failure_;
};

namespace detail {

/* What `transform` makes of a value that is there. */
template <typename Call, typename... Value>
auto transformed(Call &&call, Value &&...value)
{
    using Made = std::remove_cv_t<std::invoke_result_t<Call, Value...>>;
    if constexpr (std::is_void_v<Made>) {
        std::invoke(std::forward<Call>(call), std::forward<Value>(value)...);
        return Result<void>{};
    } else {
        return Result<Made>{std::invoke(std::forward<Call>(call), std::forward<Value>(value)...)};
    }
}

} // namespace detail
} // namespace nexus

#endif
