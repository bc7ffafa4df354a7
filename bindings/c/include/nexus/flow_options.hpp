/* What flows are given, and the steps that they give. */
#ifndef NEXUS_FLOW_OPTIONS_HPP
#define NEXUS_FLOW_OPTIONS_HPP

#include "builder.hpp"

namespace nexus {

/* Now, on both clocks. */
struct Moment {
    /* On a clock that never goes back. */
    std::chrono::milliseconds elapsed;
    /* Seconds since 1970, UTC. */
    std::int64_t unix_seconds;

    static Moment now()
    {
        using namespace std::chrono;
        return {duration_cast<milliseconds>(steady_clock::now().time_since_epoch()),
                duration_cast<seconds>(system_clock::now().time_since_epoch()).count()};
    }
};

/* The retries that flows share. */
class Budget {
public:
    /* Ten retries; a success gives a tenth of one back. Throws InternalError where the library has a defect. */
    [[nodiscard]] static Budget make() { return try_make().value(); }
    [[nodiscard]] static Result<Budget> try_make()
    {
        return detail::attempt<Budget, nexus_budget *>(nexus_budget_new);
    }

    /* Takes a handle of C over. */
    explicit Budget(nexus_budget *budget) noexcept : handle_(budget) {}
    /* The handle of C, for its functions; this keeps it. */
    [[nodiscard]] const nexus_budget *get() const noexcept { return handle_.get(); }

private:
    detail::Owned<nexus_budget, nexus_budget_free> handle_;
};

/* How a flow goes; see nexus_flow_options. */
struct FlowOptions {
    std::chrono::milliseconds attempt{0}, call{0}, reconcile{0};
    Retry retry{};
    /* What is not assumed about MX's server: HTTP statuses that are no refusals, and the switches of nexus_flow_options. */
    std::vector<std::int32_t> no_refusals{};
    bool updated_at_is_no_sign = false, lists_may_lack = false;
    /* 0 for the default; `std::chrono::milliseconds::max()`: no time is long enough. */
    std::chrono::milliseconds judged_within{0}, server_grace{0};
    bool integration = false;
    /* Verify: waits for the outcome where the server judges later. */
    bool wait = false;
    bool earlier_open = false;
    /* Your own name for this create or submission, with the journal and the environment it belongs to. */
    std::optional<std::string> key = std::nullopt;
    const Journal *journal = nullptr;
    std::optional<std::string> environment = std::nullopt, client_id = std::nullopt, user_id = std::nullopt;
    const Budget *budget = nullptr;
};

enum class StepKind : std::int32_t {
    Send = NEXUS_STEP_SEND,
    SendOnce = NEXUS_STEP_SEND_ONCE,
    Sleep = NEXUS_STEP_SLEEP,
    Renew = NEXUS_STEP_RENEW,
    Done = NEXUS_STEP_DONE,
};

/* What is to be done next. Its texts live until the flow is asked for the next step. */
class Step {
public:
    explicit Step(const nexus_step &raw) : raw_(raw) {}
    [[nodiscard]] StepKind kind() const noexcept { return static_cast<StepKind>(raw_.kind); }
    [[nodiscard]] std::string_view method() const noexcept { return detail::plain(raw_.method); }
    [[nodiscard]] std::string_view path() const noexcept { return detail::plain(raw_.path); }
    /* Of Accept, and of Content-Type where there is a body. */
    [[nodiscard]] std::string_view media_type() const noexcept { return detail::plain(raw_.media_type); }
    /* The header that carries the secret; and the secret, where the flow has it itself. */
    [[nodiscard]] std::string_view auth_header() const noexcept { return detail::plain(raw_.auth_header); }
    [[nodiscard]] std::optional<std::string_view> secret() const noexcept { return detail::maybe(raw_.secret); }
    [[nodiscard]] std::optional<std::string_view> body() const noexcept { return detail::maybe(raw_.body); }
    [[nodiscard]] bool to_sso() const noexcept { return raw_.to_sso; }
    [[nodiscard]] std::string_view operation() const noexcept { return nexus_operation_name(raw_.operation); }
    /* How long the request may take in all. */
    [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return time(raw_.timeout_ms); }
    /* Until when to sleep, or by when to be done, on the clock of Moment::elapsed. */
    [[nodiscard]] std::chrono::milliseconds until() const noexcept { return time(raw_.until_ms); }
    /* The last second at which the body may begin to leave. */
    [[nodiscard]] std::optional<std::int64_t> not_after() const noexcept { return detail::maybe(raw_.not_after); }
    /* Purpose, number and the rest, as C has it. */
    [[nodiscard]] const nexus_step &raw() const & noexcept { return raw_; }
    [[nodiscard]] nexus_step raw() const && noexcept { return raw_; }

private:
    static std::chrono::milliseconds time(std::uint64_t millis) noexcept
    {
        constexpr std::uint64_t most = static_cast<std::uint64_t>(std::chrono::milliseconds::max().count());
        return std::chrono::milliseconds{static_cast<std::int64_t>(millis < most ? millis : most)};
    }
    nexus_step raw_;
};

} // namespace nexus

#endif
