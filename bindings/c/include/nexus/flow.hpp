/* Flows: creates, submissions and waits with another HTTP library. nexus.h (nexus_flow) lists the duties of a driver. */
#ifndef NEXUS_FLOW_HPP
#define NEXUS_FLOW_HPP

#include "client.hpp"

#include <random>

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
    Budget()
    {
        nexus_budget *raw = nullptr;
        detail::must(nexus_budget_new(&raw, nullptr));
        handle_.reset(raw);
    }
    [[nodiscard]] const nexus_budget *get() const noexcept { return handle_.get(); }

private:
    detail::Owned<nexus_budget, nexus_budget_free> handle_;
};

/* The options of a flow; see nexus_flow_options. */
struct FlowOptions {
    std::chrono::milliseconds attempt{0}, call{0}, reconcile{0};
    nexus_retry retry{};
    /* What is not assumed about MX's server: HTTP statuses that are no refusals, and the switches of nexus_flow_options. */
    std::vector<std::int32_t> no_refusals{};
    bool updated_at_is_no_sign = false, lists_may_lack = false;
    /* 0 for the default; `std::chrono::milliseconds::max()`: no time is long enough. */
    std::chrono::milliseconds judged_within{0}, server_grace{0};
    bool integration = false;
    /* For verify: waits for the outcome if the server judges later. */
    bool wait = false;
    bool earlier_open = false;
    /* Your key for this create or submission, with the journal and the environment that it belongs to. */
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

/* The next step of a flow. Its texts are valid until the flow is asked for the next step. */
class Step {
public:
    explicit Step(const nexus_step &raw) : raw_(raw) {}
    [[nodiscard]] StepKind kind() const noexcept { return static_cast<StepKind>(raw_.kind); }
    [[nodiscard]] std::string_view method() const noexcept { return detail::plain(raw_.method); }
    [[nodiscard]] std::string_view path() const noexcept { return detail::plain(raw_.path); }
    /* The value of Accept, and of Content-Type if there is a body. */
    [[nodiscard]] std::string_view media_type() const noexcept { return detail::plain(raw_.media_type); }
    /* The header that carries the secret, and the secret, if the flow itself has it. */
    [[nodiscard]] std::string_view auth_header() const noexcept { return detail::plain(raw_.auth_header); }
    [[nodiscard]] std::optional<std::string_view> secret() const noexcept { return detail::maybe(raw_.secret); }
    [[nodiscard]] std::optional<std::string_view> body() const noexcept { return detail::maybe(raw_.body); }
    [[nodiscard]] bool to_sso() const noexcept { return raw_.to_sso; }
    [[nodiscard]] std::string_view operation() const noexcept { return nexus_operation_name(raw_.operation); }
    /* The time limit for the whole request. */
    [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return time(raw_.timeout_ms); }
    /* The end of a sleep, or the deadline of a renewal, on the clock of Moment::elapsed. */
    [[nodiscard]] std::chrono::milliseconds until() const noexcept { return time(raw_.until_ms); }
    /* The last second at which sending of the body may begin. */
    [[nodiscard]] std::optional<std::int64_t> not_after() const noexcept { return detail::maybe(raw_.not_after); }
    /* The C structure, with the purpose, the number and the other fields. */
    [[nodiscard]] const nexus_step &raw() const noexcept { return raw_; }

private:
    static std::chrono::milliseconds time(std::uint64_t millis) noexcept
    {
        constexpr std::uint64_t most = static_cast<std::uint64_t>(std::chrono::milliseconds::max().count());
        return std::chrono::milliseconds{static_cast<std::int64_t>(millis < most ? millis : most)};
    }
    nexus_step raw_;
};

/* A flow. One thread at a time drives it. */
class Flow {
public:
    static Flow verify(std::string_view guid, Amount first, Amount second, const FlowOptions &options = {});
    static Flow create(const CreateInput &input, const FlowOptions &options = {});
    static Flow preinitiate(const PersonInput &person, const FlowOptions &options = {});
    /* `next` throws what `wait.on_progress` throws. */
    static Flow wait(std::string_view guid, const WaitOptions &wait = {}, const FlowOptions &options = {});
    static Flow read(std::string_view guid, const FlowOptions &options = {});
    static Flow list(const FlowOptions &options = {});
    static Flow session(std::string_view client_id, std::string_view user_id, const FlowOptions &options = {});

    /* The next step. */
    [[nodiscard]] Step next(Moment at = Moment::now()) { return next(at, chance()); }
    [[nodiscard]] Step next(Moment at, double chance);

    /* Reports the result of the step. */
    void response(int http_status, std::string_view body, std::optional<std::string_view> retry_after = std::nullopt,
                  Moment at = Moment::now())
    {
        const detail::CText wait{retry_after.value_or("")};
        detail::must(nexus_flow_response(get(), millis(at), at.unix_seconds, http_status, retry_after ? wait.get() : nullptr,
                                         body.data(), body.size()));
    }
    /* Only if it is certain that no byte of the body left. `problem`: a nexus_code of the 500s. */
    void not_sent(nexus_code problem, std::optional<TransportCause> cause = std::nullopt, Moment at = Moment::now())
    {
        detail::must(nexus_flow_not_sent(get(), millis(at), at.unix_seconds, problem, number(cause)));
    }
    void maybe_sent(nexus_code problem, std::optional<TransportCause> cause = std::nullopt, Moment at = Moment::now())
    {
        detail::must(nexus_flow_maybe_sent(get(), millis(at), at.unix_seconds, problem, number(cause)));
    }
    void no_session(const Failure *reason = nullptr, Moment at = Moment::now())
    {
        detail::must(nexus_flow_no_session(get(), millis(at), at.unix_seconds, reason ? reason->get() : nullptr));
    }
    void elapsed(Moment at = Moment::now()) { detail::must(nexus_flow_elapsed(get(), millis(at), at.unix_seconds)); }
    void cancelled(Moment at = Moment::now()) { detail::must(nexus_flow_cancelled(get(), millis(at), at.unix_seconds)); }
    void renewed(Moment at = Moment::now()) { detail::must(nexus_flow_renewed(get(), millis(at), at.unix_seconds)); }
    void not_renewable(Moment at = Moment::now())
    {
        detail::must(nexus_flow_not_renewable(get(), millis(at), at.unix_seconds));
    }

    /* The result; each function is for the flows with this kind of result. */
    [[nodiscard]] Result<Outcome> try_outcome() { return take<Outcome, nexus_outcome>(nexus_flow_take_outcome); }
    [[nodiscard]] Result<Created> try_created() { return take<Created, nexus_created>(nexus_flow_take_created); }
    [[nodiscard]] Result<Microdeposit> try_record()
    {
        return take<Microdeposit, nexus_microdeposit *>(nexus_flow_take_record);
    }
    [[nodiscard]] Result<List> try_list() { return take<List, nexus_list *>(nexus_flow_take_list); }
    [[nodiscard]] Outcome outcome() { return try_outcome().value(); }
    [[nodiscard]] Created created() { return try_created().value(); }
    [[nodiscard]] Microdeposit record() { return try_record().value(); }
    [[nodiscard]] List records() { return try_list().value(); }
    /* The session token: a secret. */
    [[nodiscard]] std::string text();

private:
    struct Watch {
        std::function<bool(const Progress &)> on_progress;
        std::exception_ptr thrown = nullptr;
    };
    static bool watched(const nexus_progress *progress, void *user) noexcept;

    explicit Flow(nexus_flow *flow) : handle_(flow) {}
    template <typename Call>
    static Flow make(const FlowOptions &options, Call &&call);
    template <typename Wrapped, typename Raw, typename Function>
    Result<Wrapped> take(Function function)
    {
        return detail::attempt<Wrapped, Raw>([&](Raw *out, nexus_error **error) {
            if constexpr (std::is_invocable_v<Function, nexus_flow *, Raw *, std::size_t, nexus_error **>)
                return function(get(), out, sizeof *out, error);
            else
                return function(get(), out, error);
        });
    }
    [[nodiscard]] nexus_flow *get() const noexcept { return handle_.get(); }
    static std::uint64_t millis(Moment at) noexcept { return detail::millis(at.elapsed); }
    static std::int32_t number(std::optional<TransportCause> cause) noexcept
    {
        return cause ? static_cast<std::int32_t>(*cause) : 0;
    }
    static double chance()
    {
        thread_local std::minstd_rand source{std::random_device{}()};
        return std::uniform_real_distribution<double>{0.0, 0.999}(source);
    }

    /* The callback of a wait, which lives longer than the flow that calls it. */
    std::shared_ptr<Watch> watch_;
    detail::Owned<nexus_flow, nexus_flow_free> handle_;
};

} // namespace nexus

#include "flow_impl.hpp"

#endif
