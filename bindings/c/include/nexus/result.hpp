/* Result<T>: a value, or why there is none. */
#ifndef NEXUS_RESULT_HPP
#define NEXUS_RESULT_HPP

#include "result_void.hpp"

#include <variant>

namespace nexus {

/* A value or a Failure, as std::expected<T, Failure>; but to ask for the value of a failure throws the failure's exception, in
 * every way of asking, and a temporary gives its value away rather than a reference to it. */
template <typename T>
class [[nodiscard]] Result {
    static_assert(std::is_object_v<T> && !std::is_same_v<std::remove_cv_t<T>, Failure>, "a value that is no failure");

public:
    using value_type = T;
    using error_type = Failure;
    template <typename Other>
    using rebind = Result<Other>;

    Result(T value) noexcept(std::is_nothrow_move_constructible_v<T>) : content_(std::in_place_index<0>, std::move(value)) {}
    Result(const Failure &failure) : content_(std::in_place_index<1>, failure) {}

    [[nodiscard]] bool has_value() const noexcept { return content_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    /* The value; throws the failure where there is none, as do `*` and `->`. */
    [[nodiscard]] T &value() & { return own(*this); }
    [[nodiscard]] const T &value() const & { return own(*this); }
    [[nodiscard]] T value() && { return own(std::move(*this)); }
    [[nodiscard]] const T &&value() const && { return own(std::move(*this)); }
    [[nodiscard]] T &operator*() & { return own(*this); }
    [[nodiscard]] const T &operator*() const & { return own(*this); }
    [[nodiscard]] T operator*() && { return own(std::move(*this)); }
    [[nodiscard]] const T &&operator*() const && { return own(std::move(*this)); }
    T *operator->() & { return &own(*this); }
    const T *operator->() const & { return &own(*this); }
    /* On a temporary, for values that own nothing: what another one lends would end with it. */
    template <typename U = T, std::enable_if_t<std::is_trivially_copyable_v<U>, int> = 0>
    U *operator->() &&
    {
        return &own(*this);
    }
    template <typename U = T, std::enable_if_t<!std::is_trivially_copyable_v<U>, int> = 0>
    U *operator->() && = delete;
    const T *operator->() const && = delete;

    template <typename Other>
    [[nodiscard]] T value_or(Other &&other) const &
    {
        return has_value() ? own(*this) : static_cast<T>(std::forward<Other>(other));
    }
    template <typename Other>
    [[nodiscard]] T value_or(Other &&other) &&
    {
        return has_value() ? own(std::move(*this)) : static_cast<T>(std::forward<Other>(other));
    }

    /* The failure. Where there is a value instead, the process ends by std::abort(). */
    [[nodiscard]] const Failure &error() const & noexcept { return detail::needed(std::get_if<1>(&content_)); }
    [[nodiscard]] Failure error() const && noexcept { return detail::needed(std::get_if<1>(&content_)); }

    /* `call(value)`, which gives a Result; or the failure. */
    template <typename Call>
    auto and_then(Call &&call) &
    {
        return chained(*this, std::forward<Call>(call));
    }
    template <typename Call>
    auto and_then(Call &&call) const &
    {
        return chained(*this, std::forward<Call>(call));
    }
    template <typename Call>
    auto and_then(Call &&call) &&
    {
        return chained(std::move(*this), std::forward<Call>(call));
    }

    /* A Result of `call(value)`, which may give nothing; or the failure. */
    template <typename Call>
    auto transform(Call &&call) &
    {
        return mapped(*this, std::forward<Call>(call));
    }
    template <typename Call>
    auto transform(Call &&call) const &
    {
        return mapped(*this, std::forward<Call>(call));
    }
    template <typename Call>
    auto transform(Call &&call) &&
    {
        return mapped(std::move(*this), std::forward<Call>(call));
    }

    /* The value; or `call(failure)`, which gives a Result of the same type. */
    template <typename Call>
    Result or_else(Call &&call) const &
    {
        if (has_value())
            return *this;
        return std::invoke(std::forward<Call>(call), *std::get_if<1>(&content_));
    }
    template <typename Call>
    Result or_else(Call &&call) &&
    {
        if (has_value())
            return std::move(*this);
        return std::invoke(std::forward<Call>(call), *std::get_if<1>(&content_));
    }

    /* Equal are two values that are, or two failures; with `Result`, a value or a failure on the other side. */
    template <typename U = T, typename = decltype(std::declval<const U &>() == std::declval<const U &>())>
    friend bool operator==(const Result &one, const Result &other)
    {
        if (one.has_value() && other.has_value())
            return *one == *other;
        return one.has_value() == other.has_value() && one.error() == other.error();
    }
    template <typename U = T, typename = decltype(std::declval<const U &>() == std::declval<const U &>())>
    friend bool operator==(const Result &one, const T &value)
    {
        return one.has_value() && *one == value;
    }
    friend bool operator==(const Result &one, const Failure &failure) { return !one.has_value() && one.error() == failure; }
    template <typename U = T, typename = decltype(std::declval<const U &>() == std::declval<const U &>())>
    friend bool operator!=(const Result &one, const Result &other)
    {
        return !(one == other);
    }
    template <typename U = T, typename = decltype(std::declval<const U &>() == std::declval<const U &>())>
    friend bool operator!=(const Result &one, const T &value)
    {
        return !(one == value);
    }
    friend bool operator!=(const Result &one, const Failure &failure) { return !(one == failure); }

private:
    /* The value of a Result as it is given: a reference to it, of the same kind. */
    template <typename Self>
    static decltype(auto) own(Self &&self)
    {
        if (const Failure *failure = std::get_if<1>(&self.content_))
            failure->raise();
        if constexpr (std::is_lvalue_reference_v<Self>)
            return *std::get_if<0>(&self.content_);
        else
            return std::move(*std::get_if<0>(&self.content_));
    }
    template <typename Self, typename Call>
    static auto chained(Self &&self, Call &&call)
    {
        using Next = detail::Bare<std::invoke_result_t<Call, decltype(own(std::forward<Self>(self)))>>;
        static_assert(detail::IsResult<Next>::value, "what and_then calls gives a Result");
        if (self.has_value())
            return Next{std::invoke(std::forward<Call>(call), own(std::forward<Self>(self)))};
        return Next{*std::get_if<1>(&self.content_)};
    }
    template <typename Self, typename Call>
    static auto mapped(Self &&self, Call &&call)
    {
        using Next = decltype(detail::transformed(std::forward<Call>(call), own(std::forward<Self>(self))));
        if (self.has_value())
            return detail::transformed(std::forward<Call>(call), own(std::forward<Self>(self)));
        return Next{*std::get_if<1>(&self.content_)};
    }
    std::variant<T, Failure> content_;
};

namespace detail {

/* Calls a function of C that gives nothing but an error: `f(&error)`. */
template <typename Call>
Result<void> done(Call &&call)
{
    nexus_error *error = nullptr;
    const nexus_code code = std::forward<Call>(call)(&error);
    return code == NEXUS_OK ? Result<void>{} : Result<void>{Failure{code, error}};
}

/* For functions without an error handle. */
inline Result<void> coded(nexus_code code)
{
    return code == NEXUS_OK ? Result<void>{} : Result<void>{Failure{code, nullptr}};
}

/* Calls a function of C and wraps what it gives: `f(&out, &error)`. */
template <typename Wrapped, typename Raw, typename Call>
Result<Wrapped> attempt(Call &&call)
{
    Raw out{};
    return done([&](nexus_error **error) { return std::forward<Call>(call)(&out, error); })
        .transform([&] { return Wrapped{out}; });
}

/* The same for text. */
template <typename Call>
Result<std::string> text(Call &&call)
{
    nexus_text *out = nullptr;
    return done([&](nexus_error **error) { return std::forward<Call>(call)(&out, error); })
        .transform([&] { return taken(out); });
}

} // namespace detail
} // namespace nexus

#endif
