/* Waits: how to wait, where a wait stands, and what ends it. */
#ifndef NEXUS_WAIT_HPP
#define NEXUS_WAIT_HPP

#include "result.hpp"

#include <functional>

namespace nexus {

/* Where a wait stands. The record's texts live until the callback returns. */
struct Progress {
    /* As it was seen last; none before a read has succeeded. */
    std::optional<nexus_microdeposit_view> record;
    std::chrono::milliseconds elapsed;
    std::optional<std::chrono::milliseconds> next_read;
    /* How many reads have succeeded, and how many requests went out. */
    unsigned reads, requests_sent;
    /* How the read that was just made failed, as a nexus_code, and why. */
    std::optional<int> failure;
    std::optional<TransportCause> cause;

    [[nodiscard]] std::optional<nexus::Status> status() const
    {
        if (!record)
            return std::nullopt;
        return nexus::Status{record->status, detail::plain(record->status_name)};
    }
};

/* How to wait; by default until something can be done, three days at most. */
struct WaitOptions {
    std::optional<KnownStatus> until = std::nullopt;
    std::chrono::milliseconds timeout{0};
    /* A fixed time between two reads, at least 10 ms; 0 to read when the status can have changed. */
    std::chrono::milliseconds poll_every{0};
    /* Called after each read, whether it succeeded or failed. true goes on; false ends the wait with Cancelled. What it throws
       ends the wait and comes out of it. */
    std::function<bool(const Progress &)> on_progress = nullptr;
};

/* Ends the calls and waits of the client that it was made with, from any thread. Copies are the same canceller. */
class Canceller {
public:
    /* Takes a handle of C over. */
    explicit Canceller(nexus_canceller *canceller) : handle_(canceller, nexus_canceller_free) {}
    /* Once cancelled, always cancelled. */
    void cancel() const noexcept { nexus_canceller_cancel(handle_.get()); }
    [[nodiscard]] bool is_cancelled() const noexcept
    {
        bool out = false;
        nexus_canceller_is_cancelled(handle_.get(), &out);
        return out;
    }

private:
    std::shared_ptr<nexus_canceller> handle_;
};

namespace detail {

/* What C says of a wait, with the record that it lends. */
inline Progress told(const nexus_progress &progress)
{
    Progress out{};
    nexus_microdeposit_view view{};
    if (progress.record != nullptr && nexus_microdeposit_view_of(progress.record, &view, sizeof view) == NEXUS_OK)
        out.record = view;
    out.elapsed = std::chrono::milliseconds{progress.elapsed_ms};
    if (progress.next_read_ms != NEXUS_NONE)
        out.next_read = std::chrono::milliseconds{progress.next_read_ms};
    out.reads = progress.reads;
    out.requests_sent = progress.requests_sent;
    out.failure = one<int>(progress.failure);
    out.cause = one<TransportCause>(progress.cause);
    return out;
}

/* A wait under way: what the callback of C needs, and what it threw. */
struct Waiting {
    std::function<bool(const Progress &)> on_progress;
    std::exception_ptr thrown = nullptr;
};

inline bool progressed(const nexus_progress *progress, void *user) noexcept
{
    Waiting &waiting = *static_cast<Waiting *>(user);
    return guarded(waiting.thrown, [&] { return waiting.on_progress(told(*progress)); });
}

/* As C takes it, without the callback. */
inline nexus_wait_options raw(const WaitOptions &options)
{
    nexus_wait_options out{};
    out.until = options.until ? nexus_status_name(static_cast<std::int64_t>(*options.until)) : nullptr;
    out.timeout_ms = millis(options.timeout);
    out.poll_every_ms = millis(options.poll_every);
    return out;
}

} // namespace detail
} // namespace nexus

#endif
