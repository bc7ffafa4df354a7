/* What a client is built from. */
#ifndef NEXUS_BUILDER_HPP
#define NEXUS_BUILDER_HPP

#include "client.hpp"

#include <vector>

namespace nexus {

/* One thing that a client did; see nexus_observation. Nothing in it is secret. */
using Observation = nexus_observation;

/* How safe requests are repeated; 0 is the default. */
struct Retry {
    unsigned attempts = 0;
    std::chrono::milliseconds base{0}, cap{0}, retry_after_cap{0};
};

namespace detail {

/* As C takes it. */
inline nexus_retry raw(const Retry &retry) noexcept
{
    nexus_retry out{};
    out.attempts = retry.attempts;
    out.base_ms = millis(retry.base);
    out.cap_ms = millis(retry.cap);
    out.retry_after_cap_ms = millis(retry.retry_after_cap);
    return out;
}

} // namespace detail

/* Gathers settings; checks them all when the client is built. */
class ClientBuilder {
public:
    explicit ClientBuilder(std::string_view base_url) : base_url_(base_url) {}

    /* Uses a session that was opened elsewhere. */
    ClientBuilder &session_token(std::string_view token) { return set(token_, token); }
    /* Opens, keeps and renews sessions of this user. */
    ClientBuilder &sso(std::string_view client_id, std::string_view user_id, std::string_view api_key)
    {
        client_id_ = client_id;
        user_id_ = user_id;
        return set(api_key_, api_key);
    }
    ClientBuilder &sso_url(std::string_view url) { return set(sso_url_, url); }
    /* For a call in all. */
    ClientBuilder &timeout(std::chrono::milliseconds time) { return limit(limits_.call_ms, time); }
    ClientBuilder &connect_timeout(std::chrono::milliseconds time) { return limit(limits_.connect_ms, time); }
    ClientBuilder &attempt_timeout(std::chrono::milliseconds time) { return limit(limits_.attempt_ms, time); }
    ClientBuilder &reconcile_timeout(std::chrono::milliseconds time) { return limit(limits_.reconcile_ms, time); }
    /* The largest response. */
    ClientBuilder &body_limit(std::uint64_t bytes)
    {
        limits_.body_bytes = bytes;
        return *this;
    }
    /* What is taken for true about MX's server: see nexus_client_builder_assume_refusal and its kind. */
    ClientBuilder &assume_refusal(int http_status, bool on)
    {
        return assume([=](auto *raw, auto *error) { return nexus_client_builder_assume_refusal(raw, http_status, on, error); });
    }
    ClientBuilder &assume_updated_at_shows_denial(bool on)
    {
        return assume([=](auto *raw, auto *error) {
            return nexus_client_builder_assume_updated_at_shows_denial(raw, on, error);
        });
    }
    /* None: no time is long enough. */
    ClientBuilder &assume_judged_within(std::optional<std::chrono::milliseconds> time)
    {
        const std::uint64_t within = time ? detail::millis(*time) : NEXUS_NEVER;
        return assume([=](auto *raw, auto *error) {
            return nexus_client_builder_assume_judged_within_ms(raw, within, error);
        });
    }
    ClientBuilder &assume_lists_show_all(bool on)
    {
        return assume([=](auto *raw, auto *error) { return nexus_client_builder_assume_lists_show_all(raw, on, error); });
    }
    /* None: a create under a key is never sent anew. */
    ClientBuilder &assume_server_grace(std::optional<std::chrono::milliseconds> time)
    {
        const std::uint64_t grace = time ? detail::millis(*time) : NEXUS_NEVER;
        return assume([=](auto *raw, auto *error) {
            return nexus_client_builder_assume_server_grace_ms(raw, grace, error);
        });
    }
    /* How safe requests are repeated. */
    ClientBuilder &retry(const Retry &retry)
    {
        retry_ = retry;
        return *this;
    }
    /* Whether deposits take 12 to 36 hours or about two minutes. */
    ClientBuilder &production(bool yes)
    {
        production_ = yes;
        return *this;
    }
    ClientBuilder &proxy(std::string_view url) { return set(proxy_, url); }
    /* PEM. */
    ClientBuilder &root_certificates(std::string_view pem) { return set(roots_, pem); }
    /* PEM. */
    ClientBuilder &client_certificate(std::string_view chain, std::string_view key)
    {
        chain_ = chain;
        return set(key_, key);
    }
    /* Names the calling program in User-Agent. */
    ClientBuilder &product(std::string_view product) { return set(product_, product); }
    /* Called for everything the client does, by every thread that uses it. It must not use the client; what it throws is
     * lost. */
    ClientBuilder &observer(std::function<void(const Observation &)> observer)
    {
        observer_ = std::move(observer);
        return *this;
    }

    /* The client. Throws InputError for settings that do not fit; nothing is sent. */
    [[nodiscard]] Result<Client> try_build() const;
    [[nodiscard]] Client build() const { return try_build().value(); }

private:
    using Maybe = std::optional<std::string>;
    ClientBuilder &set(Maybe &place, std::string_view text)
    {
        place = text;
        return *this;
    }
    ClientBuilder &limit(std::uint64_t &place, std::chrono::milliseconds time)
    {
        place = detail::millis(time);
        return *this;
    }
    using Switch = std::function<nexus_code(nexus_client_builder *, nexus_error **)>;
    ClientBuilder &assume(Switch one)
    {
        switches_.push_back(std::move(one));
        return *this;
    }
    static void observed(const nexus_observation *observation, void *user) noexcept;

    std::string base_url_, client_id_, user_id_;
    Maybe token_, api_key_, sso_url_, proxy_, roots_, chain_, key_, product_;
    nexus_limits limits_{};
    Retry retry_{};
    std::optional<bool> production_;
    std::vector<Switch> switches_;
    std::function<void(const Observation &)> observer_;
};

inline ClientBuilder Client::at(std::string_view base_url) { return ClientBuilder{base_url}; }

inline void ClientBuilder::observed(const nexus_observation *observation, void *user) noexcept
{
    /* An observer watches; it does not decide. */
    std::exception_ptr lost;
    detail::guarded(lost, [&] {
        (*static_cast<const std::function<void(const Observation &)> *>(user))(*observation);
        return true;
    });
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
    const nexus_retry retry = detail::raw(retry_);
    step([&] { return nexus_client_builder_retry(raw, &retry, sizeof retry, &error); });
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
