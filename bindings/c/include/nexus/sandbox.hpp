/* The sandbox inside the caller's process, for tests; where the library was built with it. */
#ifndef NEXUS_SANDBOX_HPP
#define NEXUS_SANDBOX_HPP

#include "builder.hpp"

namespace nexus {

/* How a sandbox begins; see nexus_sandbox_options. */
struct SandboxOptions {
    /* On 127.0.0.1; 0 takes a free one. */
    std::uint16_t port = 0;
    /* Whether production is imitated, and whether the clock also runs by itself. */
    bool production = false, real_time = false;
    /* All chance comes from it. */
    std::uint64_t seed = 0;
    /* The clock at the beginning; by default 2026-01-05T09:00:00Z. */
    std::optional<std::chrono::system_clock::time_point> start = std::nullopt;
};

/* An imitation server on loopback. It ends with this object. */
class Sandbox {
public:
    /* Throws InvalidInput where the port cannot be had. */
    [[nodiscard]] static Sandbox start(const SandboxOptions &options = {}) { return try_start(options).value(); }
    [[nodiscard]] static Result<Sandbox> try_start(const SandboxOptions &options = {})
    {
        nexus_sandbox_options raw{};
        raw.port = options.port;
        raw.production = options.production;
        raw.real_time = options.real_time;
        raw.seed = options.seed;
        if (options.start)
            raw.start_unix_seconds = std::chrono::floor<std::chrono::seconds>(*options.start).time_since_epoch().count();
        return detail::attempt<Sandbox, nexus_sandbox *>(
            [&](nexus_sandbox **out, nexus_error **error) { return nexus_sandbox_new(&raw, sizeof raw, out, error); });
    }

    /* Takes a handle of C over. */
    explicit Sandbox(nexus_sandbox *sandbox) noexcept : view_(sandbox) {}

    [[nodiscard]] std::string_view url() const & noexcept { return detail::plain(view_->url); }
    std::string_view url() const && = delete;
    [[nodiscard]] std::string_view client_id() const & noexcept { return detail::plain(view_->client_id); }
    std::string_view client_id() const && = delete;
    [[nodiscard]] std::string_view user_id() const & noexcept { return detail::plain(view_->user_id); }
    std::string_view user_id() const && = delete;
    [[nodiscard]] std::string_view api_key() const & noexcept { return detail::plain(view_->api_key); }
    std::string_view api_key() const && = delete;
    [[nodiscard]] std::string_view session_token() const & noexcept { return detail::plain(view_->session_token); }
    std::string_view session_token() const && = delete;

    /* A client of its first user. Throws as ClientBuilder::build. */
    [[nodiscard]] Client client() const { return try_client().value(); }
    [[nodiscard]] Result<Client> try_client() const
    {
        return Client::at(url()).sso(client_id(), user_id(), api_key()).try_build();
    }

    /* Moves its clock. Throws BoundaryError where this was moved from, as do the others. */
    void advance(std::chrono::seconds time) const { try_advance(time).value(); }
    [[nodiscard]] Result<void> try_advance(std::chrono::seconds time) const
    {
        const std::uint64_t seconds = time.count() > 0 ? static_cast<std::uint64_t>(time.count()) : 0;
        return detail::coded(nexus_sandbox_advance(view_.get(), seconds));
    }

    /* The two deposits on the imaginary bank statement. Throws InvalidInput where there are none. */
    [[nodiscard]] std::pair<Amount, Amount> deposits(std::string_view guid) const { return try_deposits(guid).value(); }
    [[nodiscard]] Result<std::pair<Amount, Amount>> try_deposits(std::string_view guid) const
    {
        std::uint32_t first = 0, second = 0;
        const detail::CText which{guid};
        return detail::coded(nexus_sandbox_deposits(view_.get(), which.get(), &first, &second)).transform([&] {
            return std::pair{Amount{first}, Amount{second}};
        });
    }

    /* Asks the admin interface under /_sandbox/; gives the HTTP status and the body. */
    std::pair<int, std::string> call(std::string_view method, std::string_view path, std::string_view body = {}) const
    {
        return try_call(method, path, body).value();
    }
    [[nodiscard]] Result<std::pair<int, std::string>> try_call(std::string_view method, std::string_view path,
                                                               std::string_view body = {}) const
    {
        const detail::CText how{method}, where{path};
        std::int32_t status = 0;
        return detail::text([&](nexus_text **out, nexus_error **error) {
                   return nexus_sandbox_call(view_.get(), how.get(), where.get(), body.data(), body.size(), &status, out,
                                             error);
               })
            .transform([&](std::string said) { return std::pair<int, std::string>{status, std::move(said)}; });
    }

private:
    detail::Viewed<nexus_sandbox, nexus_sandbox_view, nexus_sandbox_free, nexus_sandbox_view_of> view_;
};

} // namespace nexus

#endif
