/* What the other headers share; not for callers. */
#ifndef NEXUS_DETAIL_HPP
#define NEXUS_DETAIL_HPP

#include "numbers.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/* 1 where exceptions are thrown. 0 (-fno-exceptions) where what would throw one ends the process by std::abort(). */
#if defined(__cpp_exceptions)
#define NEXUS_EXCEPTIONS 1
#else
#define NEXUS_EXCEPTIONS 0
#endif

namespace nexus {
namespace detail {

/* Owns a handle. */
template <typename T, nexus_code (*FREE)(T *)>
struct Free {
    void operator()(T *handle) const noexcept { FREE(handle); }
};
template <typename T, nexus_code (*FREE)(T *)>
using Owned = std::unique_ptr<T, Free<T, FREE>>;

/* Owns a handle and keeps the view of it. What was moved from has neither. */
template <typename T, typename View, nexus_code (*FREE)(T *), nexus_code (*LOOK)(const T *, View *, std::size_t)>
class Viewed {
public:
    explicit Viewed(T *handle) noexcept : handle_(handle) { LOOK(handle, &view_, sizeof view_); }
    Viewed(Viewed &&other) noexcept : handle_(std::move(other.handle_)), view_(std::exchange(other.view_, View{})) {}
    Viewed &operator=(Viewed &&other) noexcept
    {
        handle_ = std::move(other.handle_);
        view_ = std::exchange(other.view_, View{});
        return *this;
    }
    ~Viewed() = default;
    [[nodiscard]] T *get() const noexcept { return handle_.get(); }
    const View *operator->() const noexcept { return &view_; }

private:
    Owned<T, FREE> handle_;
    View view_{};
};

using Text = Owned<nexus_text, nexus_text_free>;

/* Text for C, ended by a NUL. One with a NUL inside would be cut short there without a word, so it is made text that the
 * library refuses. */
class CText {
public:
    explicit CText(std::string_view text) : text_(text.find('\0') == std::string_view::npos ? text : "\xff") {}
    ~CText() { wipe(); }
    CText(const CText &) = delete;
    CText &operator=(const CText &) = delete;
    [[nodiscard]] const char *get() const noexcept { return text_.c_str(); }

private:
    /* It may be an account number. */
    void wipe() noexcept
    {
        volatile char *byte = text_.data();
        for (std::size_t left = text_.size(); left > 0; --left)
            *byte++ = 0;
    }
    std::string text_;
};

inline std::string_view plain(nexus_str text) noexcept
{
    return text.data == nullptr ? std::string_view{} : std::string_view{text.data, text.len};
}

inline std::optional<std::string_view> maybe(nexus_str text) noexcept
{
    if (text.data == nullptr)
        return std::nullopt;
    return std::string_view{text.data, text.len};
}

inline std::optional<std::int64_t> maybe(std::int64_t number) noexcept
{
    if (number == NEXUS_NONE)
        return std::nullopt;
    return number;
}

/* What is in a text, which ends here. */
inline std::string taken(nexus_text *raw)
{
    const Text text{raw};
    nexus_str view{};
    nexus_text_view(raw, &view);
    return std::string{plain(view)};
}

/* One of a closed list, where 0 is none. */
template <typename Enum>
std::optional<Enum> one(std::int32_t number) noexcept
{
    return number == 0 ? std::nullopt : std::optional<Enum>{static_cast<Enum>(number)};
}

/* Runs a caller's callback under C, through which nothing may be thrown: what it throws is kept, and makes it false. */
template <typename Call>
bool guarded(std::exception_ptr &thrown, Call &&call) noexcept
{
#if NEXUS_EXCEPTIONS
    try {
        return std::forward<Call>(call)();
    } catch (...) {
        thrown = std::current_exception();
        return false;
    }
#else
    (void)thrown;
    return std::forward<Call>(call)();
#endif
}

using Instant = std::chrono::system_clock::time_point;

inline std::optional<Instant> instant(std::int64_t millis) noexcept
{
    if (millis == NEXUS_NONE)
        return std::nullopt;
    return Instant{std::chrono::milliseconds{millis}};
}

/* A time as the interface takes it. 0 is the default there, so that a negative time is the shortest one: a deadline that has passed
   does not become a long one. */
inline std::uint64_t millis(std::chrono::milliseconds time) noexcept
{
    return time.count() < 0 ? 1 : static_cast<std::uint64_t>(time.count());
}

} // namespace detail
} // namespace nexus

#endif
