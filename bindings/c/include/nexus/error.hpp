/* Failures: as exceptions, and as values. */
#ifndef NEXUS_ERROR_HPP
#define NEXUS_ERROR_HPP

#include "outcome.hpp"

#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

namespace nexus {

/* A failure. It holds no account number, token, name or e-mail. Copies share its contents. */
class Failure {
public:
    Failure(nexus_code code, nexus_error *error) : code_(code), handle_(error, nexus_error_free)
    {
        nexus_error_view_of(error, &view_, sizeof view_);
        /* Without a handle only the code is known. Input (100s) and misuse (600s) are found before anything is sent. */
        if (error == nullptr)
            view_.outcome_unknown = code / 100 >= 2 && code / 100 <= 5;
    }

    [[nodiscard]] nexus_code code() const noexcept { return code_; }
    /* Such as "not_found". */
    [[nodiscard]] std::string_view name() const noexcept { return nexus_code_name(code_); }
    /* The whole message in one line, for logs. */
    [[nodiscard]] std::string_view message() const noexcept { return view_.message.data ? detail::plain(view_.message) : name(); }
    /* What may safely be done next, as text for a person. */
    [[nodiscard]] std::string_view advice() const noexcept { return detail::plain(view_.advice); }
    /* The field, setting, argument or path that the failure concerns. */
    [[nodiscard]] std::optional<std::string_view> field() const noexcept { return detail::maybe(view_.field); }
    [[nodiscard]] std::optional<std::string_view> guid() const noexcept { return detail::maybe(view_.guid); }
    /* The operation, such as "verify". */
    [[nodiscard]] std::optional<std::string_view> operation() const noexcept { return detail::maybe(view_.operation_name); }
    [[nodiscard]] std::optional<int> http_status() const noexcept
    {
        return view_.http_status == 0 ? std::nullopt : std::optional<int>{view_.http_status};
    }
    /* The server's own numeric code, such as 4011. */
    [[nodiscard]] std::optional<std::int64_t> server_code() const noexcept { return detail::maybe(view_.server_code); }
    /* How many requests the call sent. */
    [[nodiscard]] unsigned attempts() const noexcept { return view_.attempts; }
    /* How long the server asked to wait before another request. */
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry_after() const noexcept
    {
        if (view_.retry_after_ms == NEXUS_NONE)
            return std::nullopt;
        return std::chrono::milliseconds{view_.retry_after_ms};
    }
    /* Whether the server may have acted although no usable response came. Read or list before anything is sent again. */
    [[nodiscard]] bool outcome_unknown() const noexcept { return view_.outcome_unknown; }
    /* Why no usable response came, if it is known. */
    [[nodiscard]] std::optional<TransportCause> cause() const noexcept { return detail::one<TransportCause>(view_.cause); }
    /* The assumption behind "not carried out", if the response alone does not prove it. */
    [[nodiscard]] std::optional<Assumption> assumption() const noexcept { return detail::one<Assumption>(view_.assumption); }
    /* After a wait or a reconcile: the failure of the last read that failed, as a nexus_code. */
    [[nodiscard]] std::optional<int> last_failure() const noexcept { return detail::one<int>(view_.last_failure); }
    /* The C handle, for the C functions. This object owns it. */
    [[nodiscard]] const nexus_error *get() const noexcept { return handle_.get(); }
    /* The last record that was read during the call. */
    [[nodiscard]] std::optional<Microdeposit> last_seen() const
    {
        nexus_microdeposit *record = nullptr;
        if (nexus_error_last_seen(handle_.get(), &record) != NEXUS_OK || record == nullptr)
            return std::nullopt;
        return Microdeposit{record};
    }
    /* After a create whose outcome is unknown: the new records of which one may be this create's. */
    [[nodiscard]] std::vector<std::string> candidates() const
    {
        std::vector<std::string> out;
        nexus_str guid;
        for (std::size_t at = 0; nexus_error_candidate(handle_.get(), at, &guid) == NEXUS_OK; ++at)
            out.emplace_back(detail::plain(guid));
        return out;
    }
    /* Throws the exception for this code. */
    [[noreturn]] void raise() const;

private:
    nexus_code code_;
    std::shared_ptr<nexus_error> handle_;
    nexus_error_view view_{};
};

/* The base of all exceptions. */
class Error : public std::runtime_error {
public:
    explicit Error(Failure failure) : std::runtime_error(std::string{failure.message()}), failure_(std::move(failure)) {}
    /* The failure. */
    [[nodiscard]] const Failure &failure() const noexcept { return failure_; }
    const Failure *operator->() const noexcept { return &failure_; }

private:
    Failure failure_;
};

/* The caller's value or setting breaks a rule. Nothing was sent. */
class InputError : public Error {
public:
    using Error::Error;
};

/* The server responded, and the response is not a success. */
class ApiError : public Error {
public:
    using Error::Error;
};

/* The server reported success, but the response cannot be read. */
class DecodeError : public Error {
public:
    using Error::Error;
};

/* The microdeposit does not have, or did not reach, the required status. */
class StateError : public Error {
public:
    using Error::Error;
};

/* No usable response arrived. */
class TransportError : public Error {
public:
    using Error::Error;
};

/* The interface was used incorrectly. */
class BoundaryError : public Error {
public:
    using Error::Error;
};

} // namespace nexus

#include "exceptions.hpp"

namespace nexus {

/* A value or a failure, for callers who do not want exceptions. */
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    Result(Failure failure) : content_(std::in_place_index<1>, std::move(failure)) {}

    [[nodiscard]] bool has_value() const noexcept { return content_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    /* The value. Throws the failure if there is no value. */
    [[nodiscard]] T &value() &
    {
        check();
        return *std::get_if<0>(&content_);
    }
    [[nodiscard]] T value() &&
    {
        check();
        return std::move(*std::get_if<0>(&content_));
    }
    T &operator*() & { return value(); }
    T *operator->() { return &value(); }
    [[nodiscard]] const T &value() const &
    {
        check();
        return *std::get_if<0>(&content_);
    }
    const T &operator*() const & { return value(); }
    const T *operator->() const { return &value(); }
    /* The failure. Only if there is no value. */
    [[nodiscard]] const Failure &error() const { return std::get<1>(content_); }

private:
    void check() const
    {
        if (const Failure *failure = std::get_if<1>(&content_))
            failure->raise();
    }
    std::variant<T, Failure> content_;
};

namespace detail {

/* Calls a C function as `f(&out, &error)` and wraps its result. */
template <typename Wrapped, typename Raw, typename Call>
Result<Wrapped> attempt(Call &&call)
{
    Raw out{};
    nexus_error *error = nullptr;
    const nexus_code code = std::forward<Call>(call)(&out, &error);
    if (code != NEXUS_OK)
        return Failure{code, error};
    return Wrapped{out};
}

/* For functions without an error handle. */
inline void must(nexus_code code)
{
    if (code != NEXUS_OK)
        Failure{code, nullptr}.raise();
}

inline std::string taken(nexus_text *raw)
{
    const Text text{raw};
    nexus_str view{};
    must(nexus_text_view(raw, &view));
    return std::string{plain(view)};
}

} // namespace detail
} // namespace nexus

#endif
