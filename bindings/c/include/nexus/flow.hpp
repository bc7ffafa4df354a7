/* Flows: creates, submissions and waits for an HTTP library of the caller's own. nexus.h (nexus_flow) says what a driver owes.
 */
#ifndef NEXUS_FLOW_HPP
#define NEXUS_FLOW_HPP

#include "flow_options.hpp"

#include <random>

namespace nexus {

/* A flow. One thread at a time drives it. The makers throw InvalidInput for values and options that break a rule; what reports
 * a result throws InvalidInput where no step asks for it, and BoundaryError. */
class Flow {
public:
    [[nodiscard]] static Flow verify(std::string_view guid, Amount first, Amount second, const FlowOptions &options = {})
    {
        return try_verify(guid, first, second, options).value();
    }
    [[nodiscard]] static Flow create(const CreateInput &input, const FlowOptions &options = {})
    {
        return try_create(input, options).value();
    }
    [[nodiscard]] static Flow preinitiate(const PersonInput &person, const FlowOptions &options = {})
    {
        return try_preinitiate(person, options).value();
    }
    /* What `wait.on_progress` throws comes out of `next`. */
    [[nodiscard]] static Flow wait(std::string_view guid, const WaitOptions &wait = {}, const FlowOptions &options = {})
    {
        return try_wait(guid, wait, options).value();
    }
    [[nodiscard]] static Flow read(std::string_view guid, const FlowOptions &options = {})
    {
        return try_read(guid, options).value();
    }
    [[nodiscard]] static Flow list(const FlowOptions &options = {}) { return try_list(options).value(); }
    [[nodiscard]] static Flow session(std::string_view client_id, std::string_view user_id, const FlowOptions &options = {})
    {
        return try_session(client_id, user_id, options).value();
    }
    [[nodiscard]] static Result<Flow> try_verify(std::string_view guid, Amount first, Amount second,
                                                 const FlowOptions &options = {});
    [[nodiscard]] static Result<Flow> try_create(const CreateInput &input, const FlowOptions &options = {});
    [[nodiscard]] static Result<Flow> try_preinitiate(const PersonInput &person, const FlowOptions &options = {});
    [[nodiscard]] static Result<Flow> try_wait(std::string_view guid, const WaitOptions &wait = {},
                                               const FlowOptions &options = {});
    [[nodiscard]] static Result<Flow> try_read(std::string_view guid, const FlowOptions &options = {});
    [[nodiscard]] static Result<Flow> try_list(const FlowOptions &options = {});
    [[nodiscard]] static Result<Flow> try_session(std::string_view client_id, std::string_view user_id,
                                                  const FlowOptions &options = {});

    /* Takes a handle of C over. */
    explicit Flow(nexus_flow *flow) noexcept : handle_(flow) {}

    /* What is to be done next. Throws what the callback of a wait threw, and BoundaryError. */
    [[nodiscard]] Step next(Moment at = Moment::now()) & { return try_next(at).value(); }
    [[nodiscard]] Step next(Moment at, double chance) & { return try_next(at, chance).value(); }
    [[nodiscard]] Result<Step> try_next(Moment at = Moment::now()) & { return try_next(at, chance()); }
    [[nodiscard]] Result<Step> try_next(Moment at, double chance) &;
    /* A step's texts are the flow's. */
    template <typename... Given>
    Step next(Given &&...) && = delete;
    template <typename... Given>
    Result<Step> try_next(Given &&...) && = delete;

    /* Reports the result of the step. */
    void response(int http_status, std::string_view body, std::optional<std::string_view> retry_after = std::nullopt,
                  Moment at = Moment::now())
    {
        try_response(http_status, body, retry_after, at).value();
    }
    [[nodiscard]] Result<void> try_response(int http_status, std::string_view body,
                                            std::optional<std::string_view> retry_after = std::nullopt,
                                            Moment at = Moment::now())
    {
        const detail::CText wait{retry_after.value_or("")};
        return detail::coded(nexus_flow_response(get(), millis(at), at.unix_seconds, http_status,
                                                 retry_after ? wait.get() : nullptr, body.data(), body.size()));
    }
    /* Only with positive evidence that no byte of the body left. `problem`: a nexus_code of the 500s. */
    void not_sent(nexus_code problem, std::optional<TransportCause> cause = std::nullopt, Moment at = Moment::now())
    {
        try_not_sent(problem, cause, at).value();
    }
    [[nodiscard]] Result<void> try_not_sent(nexus_code problem, std::optional<TransportCause> cause = std::nullopt,
                                            Moment at = Moment::now())
    {
        return detail::coded(nexus_flow_not_sent(get(), millis(at), at.unix_seconds, problem, number(cause)));
    }
    void maybe_sent(nexus_code problem, std::optional<TransportCause> cause = std::nullopt, Moment at = Moment::now())
    {
        try_maybe_sent(problem, cause, at).value();
    }
    [[nodiscard]] Result<void> try_maybe_sent(nexus_code problem, std::optional<TransportCause> cause = std::nullopt,
                                              Moment at = Moment::now())
    {
        return detail::coded(nexus_flow_maybe_sent(get(), millis(at), at.unix_seconds, problem, number(cause)));
    }
    void no_session(const Failure *reason = nullptr, Moment at = Moment::now()) { try_no_session(reason, at).value(); }
    [[nodiscard]] Result<void> try_no_session(const Failure *reason = nullptr, Moment at = Moment::now())
    {
        return detail::coded(nexus_flow_no_session(get(), millis(at), at.unix_seconds, reason ? reason->get() : nullptr));
    }
    void elapsed(Moment at = Moment::now()) { try_elapsed(at).value(); }
    [[nodiscard]] Result<void> try_elapsed(Moment at = Moment::now())
    {
        return detail::coded(nexus_flow_elapsed(get(), millis(at), at.unix_seconds));
    }
    void cancelled(Moment at = Moment::now()) { try_cancelled(at).value(); }
    [[nodiscard]] Result<void> try_cancelled(Moment at = Moment::now())
    {
        return detail::coded(nexus_flow_cancelled(get(), millis(at), at.unix_seconds));
    }
    void renewed(Moment at = Moment::now()) { try_renewed(at).value(); }
    [[nodiscard]] Result<void> try_renewed(Moment at = Moment::now())
    {
        return detail::coded(nexus_flow_renewed(get(), millis(at), at.unix_seconds));
    }
    void not_renewable(Moment at = Moment::now()) { try_not_renewable(at).value(); }
    [[nodiscard]] Result<void> try_not_renewable(Moment at = Moment::now())
    {
        return detail::coded(nexus_flow_not_renewable(get(), millis(at), at.unix_seconds));
    }

    /* What it ended with, once; each fits the flows that end so. Throws what it failed with, InvalidInput where it does not end
     * so, or was taken. */
    [[nodiscard]] Outcome take_outcome() { return try_take_outcome().value(); }
    [[nodiscard]] Created take_created() { return try_take_created().value(); }
    [[nodiscard]] Microdeposit take_record() { return try_take_record().value(); }
    [[nodiscard]] List take_list() { return try_take_list().value(); }
    /* The session token: a secret. */
    [[nodiscard]] std::string take_text() { return try_take_text().value(); }
    [[nodiscard]] Result<Outcome> try_take_outcome()
    {
        return detail::attempt<Outcome, nexus_outcome>(
            [&](auto *out, auto *error) { return nexus_flow_take_outcome(get(), out, sizeof *out, error); });
    }
    [[nodiscard]] Result<Created> try_take_created()
    {
        return detail::attempt<Created, nexus_created>(
            [&](auto *out, auto *error) { return nexus_flow_take_created(get(), out, sizeof *out, error); });
    }
    [[nodiscard]] Result<Microdeposit> try_take_record()
    {
        return detail::attempt<Microdeposit, nexus_microdeposit *>(
            [&](auto *out, auto *error) { return nexus_flow_take_record(get(), out, error); });
    }
    [[nodiscard]] Result<List> try_take_list()
    {
        return detail::attempt<List, nexus_list *>(
            [&](auto *out, auto *error) { return nexus_flow_take_list(get(), out, error); });
    }
    [[nodiscard]] Result<std::string> try_take_text()
    {
        return detail::text([&](auto *out, auto *error) { return nexus_flow_take_text(get(), out, error); });
    }

private:
    template <typename Call>
    static Result<Flow> make(const FlowOptions &options, Call &&call);
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
    std::shared_ptr<detail::Waiting> waiting_;
    detail::Owned<nexus_flow, nexus_flow_free> handle_;
};

} // namespace nexus

#include "flow_impl.hpp"

#endif
