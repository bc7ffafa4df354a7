/* What flow.hpp declares and does not define. */
#ifndef NEXUS_FLOW_IMPL_HPP
#define NEXUS_FLOW_IMPL_HPP

#include "flow.hpp"

namespace nexus {

template <typename Call>
Result<Flow> Flow::make(const FlowOptions &options, Call &&call)
{
    const auto text = [](const std::optional<std::string> &given) { return detail::CText{given.value_or("")}; };
    const detail::CText key = text(options.key), environment = text(options.environment);
    const detail::CText client = text(options.client_id), user = text(options.user_id);
    nexus_flow_options raw{};
    raw.attempt_ms = detail::millis(options.attempt);
    raw.call_ms = detail::millis(options.call);
    raw.reconcile_ms = detail::millis(options.reconcile);
    raw.retry_attempts = options.retry.attempts;
    raw.retry_base_ms = detail::millis(options.retry.base);
    raw.retry_cap_ms = detail::millis(options.retry.cap);
    raw.retry_after_cap_ms = detail::millis(options.retry.retry_after_cap);
    const auto within = [](std::chrono::milliseconds time) {
        return time == std::chrono::milliseconds::max() ? NEXUS_NEVER : detail::millis(time);
    };
    raw.judged_within_ms = within(options.judged_within);
    raw.server_grace_ms = within(options.server_grace);
    raw.no_refusals = options.no_refusals.data();
    raw.no_refusals_count = options.no_refusals.size();
    raw.updated_at_is_no_sign = options.updated_at_is_no_sign;
    raw.lists_may_lack = options.lists_may_lack;
    raw.integration = options.integration;
    raw.wait = options.wait;
    raw.earlier_open = options.earlier_open;
    raw.key = options.key ? key.get() : nullptr;
    raw.journal = options.journal ? options.journal->get() : nullptr;
    raw.environment = options.environment ? environment.get() : nullptr;
    raw.client_id = options.client_id ? client.get() : nullptr;
    raw.user_id = options.user_id ? user.get() : nullptr;
    raw.budget = options.budget ? options.budget->get() : nullptr;
    return detail::attempt<Flow, nexus_flow *>(
        [&](auto *out, auto *error) { return std::forward<Call>(call)(&raw, out, error); });
}

inline Result<Flow> Flow::try_verify(std::string_view guid, Amount first, Amount second, const FlowOptions &options)
{
    const detail::CText which{guid};
    return make(options, [&](auto *how, auto *out, auto *error) {
        return nexus_flow_verify(which.get(), first.cents(), second.cents(), how, sizeof *how, out, error);
    });
}

inline Result<Flow> Flow::try_create(const CreateInput &input, const FlowOptions &options)
{
    const detail::CInput given{input};
    return make(options, [&](auto *how, auto *out, auto *error) {
        return nexus_flow_create(given.get(), sizeof *given.get(), how, sizeof *how, out, error);
    });
}

inline Result<Flow> Flow::try_preinitiate(const PersonInput &person, const FlowOptions &options)
{
    const detail::CText first{person.first_name}, last{person.last_name}, email{person.email};
    return make(options, [&](auto *how, auto *out, auto *error) {
        return nexus_flow_preinitiate(first.get(), last.get(), email.get(), how, sizeof *how, out, error);
    });
}

inline Result<Flow> Flow::try_wait(std::string_view guid, const WaitOptions &wait, const FlowOptions &options)
{
    const detail::CText which{guid};
    nexus_wait_options raw = detail::raw(wait);
    auto waiting = std::make_shared<detail::Waiting>();
    if (wait.on_progress) {
        waiting->on_progress = wait.on_progress;
        raw.on_progress = detail::progressed;
        raw.user = waiting.get();
    }
    Result<Flow> flow = make(options, [&](auto *how, auto *out, auto *error) {
        return nexus_flow_wait(which.get(), &raw, sizeof raw, how, sizeof *how, out, error);
    });
    if (flow)
        flow->waiting_ = std::move(waiting);
    return flow;
}

inline Result<Flow> Flow::try_read(std::string_view guid, const FlowOptions &options)
{
    const detail::CText which{guid};
    return make(options, [&](auto *how, auto *out, auto *error) {
        return nexus_flow_read(which.get(), how, sizeof *how, out, error);
    });
}

inline Result<Flow> Flow::try_list(const FlowOptions &options)
{
    return make(options, [&](auto *how, auto *out, auto *error) { return nexus_flow_list(how, sizeof *how, out, error); });
}

inline Result<Flow> Flow::try_session(std::string_view client_id, std::string_view user_id, const FlowOptions &options)
{
    const detail::CText client{client_id}, user{user_id};
    return make(options, [&](auto *how, auto *out, auto *error) {
        return nexus_flow_session(client.get(), user.get(), how, sizeof *how, out, error);
    });
}

inline Result<Step> Flow::try_next(Moment at, double chance) &
{
    nexus_step step{};
    const nexus_code code = nexus_flow_next(get(), millis(at), at.unix_seconds, chance, &step, sizeof step);
    if (waiting_ && waiting_->thrown)
        std::rethrow_exception(std::exchange(waiting_->thrown, nullptr));
    return detail::coded(code).transform([&] { return Step{step}; });
}

} // namespace nexus

#endif
