/* The definitions for flow.hpp. */
#ifndef NEXUS_FLOW_IMPL_HPP
#define NEXUS_FLOW_IMPL_HPP

#include "flow.hpp"

namespace nexus {

template <typename Call>
Flow Flow::make(const FlowOptions &options, Call &&call)
{
    const auto text = [](const std::optional<std::string> &given) { return detail::CText{given.value_or("")}; };
    const detail::CText key = text(options.key), environment = text(options.environment);
    const detail::CText client = text(options.client_id), user = text(options.user_id);
    nexus_flow_options raw{};
    raw.attempt_ms = detail::millis(options.attempt);
    raw.call_ms = detail::millis(options.call);
    raw.reconcile_ms = detail::millis(options.reconcile);
    raw.retry_attempts = options.retry.attempts;
    raw.retry_base_ms = options.retry.base_ms;
    raw.retry_cap_ms = options.retry.cap_ms;
    raw.retry_after_cap_ms = options.retry.retry_after_cap_ms;
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
    nexus_flow *out = nullptr;
    nexus_error *error = nullptr;
    const nexus_code code = std::forward<Call>(call)(&raw, &out, &error);
    if (code != NEXUS_OK)
        Failure{code, error}.raise();
    return Flow{out};
}

inline Flow Flow::verify(std::string_view guid, Amount first, Amount second, const FlowOptions &options)
{
    const detail::CText which{guid};
    return make(options, [&](auto *how, auto *out, auto *error) {
        return nexus_flow_verify(which.get(), first.cents(), second.cents(), how, sizeof *how, out, error);
    });
}

inline Flow Flow::create(const CreateInput &input, const FlowOptions &options)
{
    const detail::CInput given{input};
    return make(options, [&](auto *how, auto *out, auto *error) { return nexus_flow_create(given.get(), sizeof *given.get(), how, sizeof *how, out, error); });
}

inline Flow Flow::preinitiate(const PersonInput &person, const FlowOptions &options)
{
    const detail::CText first{person.first_name}, last{person.last_name}, email{person.email};
    return make(options, [&](auto *how, auto *out, auto *error) {
        return nexus_flow_preinitiate(first.get(), last.get(), email.get(), how, sizeof *how, out, error);
    });
}

/* No exception may pass through C: it is kept until `next` returns. */
inline bool Flow::watched(const nexus_progress *progress, void *user) noexcept
{
    Watch &watch = *static_cast<Watch *>(user);
    try {
        return watch.on_progress(detail::progress_of(*progress));
    } catch (...) {
        watch.thrown = std::current_exception();
        return false;
    }
}

inline Flow Flow::wait(std::string_view guid, const WaitOptions &wait, const FlowOptions &options)
{
    const detail::CText which{guid};
    nexus_wait_options raw = detail::raw(wait);
    auto watch = std::make_shared<Watch>();
    if (wait.on_progress) {
        watch->on_progress = wait.on_progress;
        raw.on_progress = watched;
        raw.user = watch.get();
    }
    Flow flow = make(options, [&](auto *how, auto *out, auto *error) {
        return nexus_flow_wait(which.get(), &raw, sizeof raw, how, sizeof *how, out, error);
    });
    flow.watch_ = std::move(watch);
    return flow;
}

inline Flow Flow::read(std::string_view guid, const FlowOptions &options)
{
    const detail::CText which{guid};
    return make(options, [&](auto *how, auto *out, auto *error) { return nexus_flow_read(which.get(), how, sizeof *how, out, error); });
}

inline Flow Flow::list(const FlowOptions &options)
{
    return make(options, [&](auto *how, auto *out, auto *error) { return nexus_flow_list(how, sizeof *how, out, error); });
}

inline Flow Flow::session(std::string_view client_id, std::string_view user_id, const FlowOptions &options)
{
    const detail::CText client{client_id}, user{user_id};
    return make(options, [&](auto *how, auto *out, auto *error) {
        return nexus_flow_session(client.get(), user.get(), how, sizeof *how, out, error);
    });
}

inline Step Flow::next(Moment at, double chance)
{
    nexus_step step{};
    const nexus_code code = nexus_flow_next(get(), millis(at), at.unix_seconds, chance, &step, sizeof step);
    if (watch_ && watch_->thrown)
        std::rethrow_exception(std::exchange(watch_->thrown, nullptr));
    detail::must(code);
    return Step{step};
}

inline std::string Flow::text()
{
    nexus_text *out = nullptr;
    nexus_error *error = nullptr;
    const nexus_code code = nexus_flow_take_text(get(), &out, &error);
    if (code != NEXUS_OK)
        Failure{code, error}.raise();
    return detail::taken(out);
}

} // namespace nexus

#endif
