/* The definitions for client.hpp. */
#ifndef NEXUS_CLIENT_IMPL_HPP
#define NEXUS_CLIENT_IMPL_HPP

#include "client.hpp"

namespace nexus {
namespace detail {

/* The progress of a wait from its C structure, with the lent record. */
inline Progress progress_of(const nexus_progress &progress)
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

/* A running wait: the data for the C callback. */
struct Waiting {
    const WaitOptions &options;
    std::exception_ptr thrown = nullptr;
};

/* No exception may pass through C: it is kept, and ends the wait. */
inline bool progressed(const nexus_progress *progress, void *user) noexcept
{
    Waiting &waiting = *static_cast<Waiting *>(user);
    try {
        return waiting.options.on_progress(progress_of(*progress));
    } catch (...) {
        waiting.thrown = std::current_exception();
        return false;
    }
}

/* The C structure, without the callback. */
inline nexus_wait_options raw(const WaitOptions &options)
{
    nexus_wait_options out{};
    out.until = options.until ? nexus_status_name(static_cast<std::int64_t>(*options.until)) : nullptr;
    out.timeout_ms = millis(options.timeout);
    out.poll_every_ms = millis(options.poll_every);
    return out;
}

} // namespace detail

inline Result<Microdeposit> Client::try_wait(std::string_view guid, const WaitOptions &options) const
{
    const detail::CText which{guid};
    nexus_wait_options raw = detail::raw(options);
    detail::Waiting waiting{options};
    if (options.on_progress) {
        raw.on_progress = detail::progressed;
        raw.user = &waiting;
    }
    Result<Microdeposit> result = record([&](auto *out, auto *error) {
        return nexus_client_wait(get(), which.get(), &raw, sizeof raw, out, error);
    });
    if (waiting.thrown)
        std::rethrow_exception(waiting.thrown);
    return result;
}

inline ClientBuilder Client::at(std::string_view base_url) { return ClientBuilder{base_url}; }

inline void ClientBuilder::observed(const nexus_observation *observation, void *user) noexcept
{
    try {
        (*static_cast<const std::function<void(const Observation &)> *>(user))(*observation);
    } catch (...) {
        /* An exception of the observer is ignored: it cannot change a call. */
    }
}

inline Result<Client> ClientBuilder::try_build() const
{
    nexus_client_builder *raw = nullptr;
    nexus_error *error = nullptr;
    nexus_code code = nexus_client_builder_new(detail::CText{base_url_}.get(), &raw, &error);
    const detail::Owned<nexus_client_builder, nexus_client_builder_free> builder{raw};
    const auto step = [&](auto &&call) {
        if (code == NEXUS_OK)
            code = call();
    };
    const auto text = [&](const Maybe &given, auto function) {
        if (given)
            step([&] { return function(raw, detail::CText{*given}.get(), &error); });
    };
    text(token_, nexus_client_builder_session_token);
    if (api_key_) {
        step([&] {
            const detail::CText client{client_id_}, user{user_id_}, key{*api_key_};
            return nexus_client_builder_sso(raw, client.get(), user.get(), key.get(), &error);
        });
    }
    text(sso_url_, nexus_client_builder_sso_url);
    text(proxy_, nexus_client_builder_proxy);
    text(product_, nexus_client_builder_product);
    step([&] { return nexus_client_builder_limits(raw, &limits_, sizeof limits_, &error); });
    step([&] { return nexus_client_builder_retry(raw, &retry_, sizeof retry_, &error); });
    for (const Switch &one : switches_)
        step([&] { return one(raw, &error); });
    if (production_)
        step([&] { return nexus_client_builder_production(raw, *production_, &error); });
    if (roots_)
        step([&] { return nexus_client_builder_root_certificates(raw, roots_->data(), roots_->size(), &error); });
    if (chain_ && key_) {
        step([&] {
            return nexus_client_builder_client_certificate(raw, chain_->data(), chain_->size(), key_->data(),
                                                           key_->size(), &error);
        });
    }
    std::shared_ptr<void> keep;
    if (observer_) {
        keep = std::make_shared<std::function<void(const Observation &)>>(observer_);
        step([&] { return nexus_client_builder_observer(raw, observed, keep.get(), &error); });
    }
    nexus_client *client = nullptr;
    step([&] { return nexus_client_builder_build(raw, &client, &error); });
    if (code != NEXUS_OK)
        return Failure{code, error};
    return Client{client, std::move(keep)};
}

} // namespace nexus

#endif
