/* Failures, and the groups of the exceptions that carry them. */
#ifndef NEXUS_ERROR_HPP
#define NEXUS_ERROR_HPP

#include "outcome.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

namespace nexus {

/* Everything that is known about a failure. It holds no account number, token, name or e-mail. Copies share it. */
class Failure {
public:
    /* Takes what C gives over; the handle may be null. */
    Failure(nexus_code code, nexus_error *error) : code_(code), handle_(error, nexus_error_free)
    {
        nexus_error_view_of(error, &view_, sizeof view_);
        /* Without a handle nothing is known but the code: input (100s) and misuse (600s) come before anything is sent. */
        if (error == nullptr)
            view_.outcome_unknown = code / 100 >= 2 && code / 100 <= 5;
    }
    /* No move: what was moved from is as good as before. */
    Failure(const Failure &) noexcept = default;
    Failure &operator=(const Failure &) noexcept = default;
    ~Failure() = default;

    [[nodiscard]] nexus_code code() const noexcept { return code_; }
    /* Such as "not_found". */
    [[nodiscard]] std::string_view name() const noexcept { return nexus_code_name(code_); }
    /* All of it in one line, for logs. */
    [[nodiscard]] std::string_view message() const & noexcept
    {
        return view_.message.data ? detail::plain(view_.message) : name();
    }
    std::string_view message() const && = delete;
    /* What may safely be done next, in words for a person. */
    [[nodiscard]] std::string_view advice() const & noexcept { return detail::plain(view_.advice); }
    std::string_view advice() const && = delete;
    /* The field, setting, argument or path that it is about. */
    [[nodiscard]] std::optional<std::string_view> field() const & noexcept { return detail::maybe(view_.field); }
    std::optional<std::string_view> field() const && = delete;
    /* The rule that the field breaks. */
    [[nodiscard]] std::optional<std::string_view> rule() const & noexcept { return detail::maybe(view_.rule); }
    std::optional<std::string_view> rule() const && = delete;
    [[nodiscard]] std::optional<std::string_view> guid() const & noexcept { return detail::maybe(view_.guid); }
    std::optional<std::string_view> guid() const && = delete;
    /* What was being done, such as "verify". */
    [[nodiscard]] std::optional<std::string_view> operation() const & noexcept { return detail::maybe(view_.operation_name); }
    std::optional<std::string_view> operation() const && = delete;
    [[nodiscard]] std::optional<int> http_status() const noexcept
    {
        return view_.http_status == 0 ? std::nullopt : std::optional<int>{view_.http_status};
    }
    /* The server's own numeric code, such as 4011. */
    [[nodiscard]] std::optional<std::int64_t> server_code() const noexcept { return detail::maybe(view_.server_code); }
    /* How many requests went out for the call. */
    [[nodiscard]] unsigned attempts() const noexcept { return view_.attempts; }
    /* How long the server asked to be left alone. */
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry_after() const noexcept
    {
        if (view_.retry_after_ms == NEXUS_NONE)
            return std::nullopt;
        return std::chrono::milliseconds{view_.retry_after_ms};
    }
    /* Whether the server may have acted although no usable response came. Look before anything is sent again. */
    [[nodiscard]] bool outcome_unknown() const noexcept { return view_.outcome_unknown; }
    /* Whether the same call may be made again, later and as it is: nothing was changed, and what failed may pass. */
    [[nodiscard]] bool retryable() const noexcept { return nexus_error_retryable(handle_.get()); }
    /* Why no usable response came, where that is known. */
    [[nodiscard]] std::optional<TransportCause> cause() const noexcept { return detail::one<TransportCause>(view_.cause); }
    /* The same by name, such as "certificate_expired". */
    [[nodiscard]] std::optional<std::string_view> cause_name() const & noexcept { return detail::maybe(view_.cause_name); }
    std::optional<std::string_view> cause_name() const && = delete;
    /* What "not carried out" presumes, where the response alone does not prove it. */
    [[nodiscard]] std::optional<Assumption> assumption() const noexcept { return detail::one<Assumption>(view_.assumption); }
    /* After a wait, or a look for an outcome: how the last read that failed did, as a nexus_code. */
    [[nodiscard]] std::optional<int> last_failure() const noexcept { return detail::one<int>(view_.last_failure); }
    /* The handle of C, for its functions; this keeps it. */
    [[nodiscard]] const nexus_error *get() const noexcept { return handle_.get(); }
    /* The last record that was seen during the call. */
    [[nodiscard]] std::optional<Microdeposit> last_seen() const
    {
        nexus_microdeposit *record = nullptr;
        if (nexus_error_last_seen(handle_.get(), &record) != NEXUS_OK || record == nullptr)
            return std::nullopt;
        return Microdeposit{record};
    }
    /* After a create whose outcome is unknown: the new records that fit it, where there are several. */
    [[nodiscard]] std::vector<std::string> candidates() const
    {
        std::vector<std::string> out;
        nexus_str guid;
        for (std::size_t at = 0; nexus_error_candidate(handle_.get(), at, &guid) == NEXUS_OK; ++at)
            out.emplace_back(detail::plain(guid));
        return out;
    }
    /* Throws the exception of its code; without exceptions, ends the process by std::abort(). */
    [[noreturn]] void raise() const;

    /* Equal are those of the same code and message. */
    friend bool operator==(const Failure &one, const Failure &other) noexcept
    {
        return one.code_ == other.code_ && one.message() == other.message();
    }
    friend bool operator!=(const Failure &one, const Failure &other) noexcept { return !(one == other); }

private:
    nexus_code code_;
    std::shared_ptr<nexus_error> handle_;
    nexus_error_view view_{};
};

/* The base of all exceptions. */
class Error : public std::runtime_error {
public:
    explicit Error(Failure failure) : std::runtime_error(std::string{failure.message()}), failure_(std::move(failure)) {}
    /* What is known. */
    [[nodiscard]] const Failure &failure() const & noexcept { return failure_; }
    [[nodiscard]] Failure failure() const && noexcept { return failure_; }
    const Failure *operator->() const & noexcept { return &failure_; }
    const Failure *operator->() const && = delete;

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

/* The microdeposit is not, or did not come, where it is wanted. */
class StateError : public Error {
public:
    using Error::Error;
};

/* No usable response arrived. */
class TransportError : public Error {
public:
    using Error::Error;
};

/* The interface was used in a way that it must not be. */
class BoundaryError : public Error {
public:
    using Error::Error;
};

} // namespace nexus

#endif
