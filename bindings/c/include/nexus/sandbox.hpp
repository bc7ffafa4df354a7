/* The sandbox inside the caller's process, for tests; only in a library that was built with it. */
#ifndef NEXUS_SANDBOX_HPP
#define NEXUS_SANDBOX_HPP

#include "client.hpp"

namespace nexus {

class Sandbox {
public:
    Sandbox() : Sandbox(nexus_sandbox_options{}) {}
    explicit Sandbox(const nexus_sandbox_options &options)
    {
        nexus_sandbox *raw = nullptr;
        nexus_error *error = nullptr;
        const nexus_code code = nexus_sandbox_new(&options, sizeof options, &raw, &error);
        if (code != NEXUS_OK)
            Failure{code, error}.raise();
        handle_.reset(raw);
        detail::must(nexus_sandbox_view_of(raw, &view_, sizeof view_));
    }

    [[nodiscard]] std::string_view url() const noexcept { return detail::plain(view_.url); }
    [[nodiscard]] std::string_view client_id() const noexcept { return detail::plain(view_.client_id); }
    [[nodiscard]] std::string_view user_id() const noexcept { return detail::plain(view_.user_id); }
    [[nodiscard]] std::string_view api_key() const noexcept { return detail::plain(view_.api_key); }
    [[nodiscard]] std::string_view session_token() const noexcept { return detail::plain(view_.session_token); }

    /* A client for its first user. */
    [[nodiscard]] Client client() const { return Client::at(url()).sso(client_id(), user_id(), api_key()).build(); }

    /* Moves its clock. */
    void advance(std::chrono::seconds time) const
    {
        detail::must(nexus_sandbox_advance(handle_.get(), time.count() > 0 ? static_cast<std::uint64_t>(time.count()) : 0));
    }

    /* The two deposits on the simulated bank statement. */
    [[nodiscard]] std::pair<Amount, Amount> deposits(std::string_view guid) const
    {
        std::uint32_t first = 0, second = 0;
        const detail::CText which{guid};
        detail::must(nexus_sandbox_deposits(handle_.get(), which.get(), &first, &second));
        return {Amount{first}, Amount{second}};
    }

    /* Sends a request to the admin interface under /_sandbox/; returns the HTTP status and the body. */
    std::pair<int, std::string> call(std::string_view method, std::string_view path, std::string_view body = {}) const
    {
        const detail::CText how{method}, where{path};
        std::int32_t status = 0;
        nexus_text *out = nullptr;
        detail::must(nexus_sandbox_call(handle_.get(), how.get(), where.get(), body.data(), body.size(), &status, &out, nullptr));
        return {status, detail::taken(out)};
    }

private:
    detail::Owned<nexus_sandbox, nexus_sandbox_free> handle_;
    nexus_sandbox_view view_{};
};

} // namespace nexus

#endif
