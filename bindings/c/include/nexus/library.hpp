/* The library itself: its version, and what a program has not freed yet. */
#ifndef NEXUS_LIBRARY_HPP
#define NEXUS_LIBRARY_HPP

#include "detail.hpp"

namespace nexus {

/* Of the library that is loaded, such as "0.1.0". */
[[nodiscard]] inline std::string_view version() noexcept { return nexus_version(); }
/* The same as a number, such as 1002003 for "1.2.3"; that of the headers is NEXUS_VERSION_NUMBER. */
[[nodiscard]] inline std::uint32_t version_number() noexcept { return nexus_version_number(); }

/* The types of handles, each of which an object here owns. */
enum class HandleKind : std::int32_t {
    /* All of them together. */
    Any = NEXUS_HANDLE_ANY,
    Text = NEXUS_HANDLE_TEXT,
    /* Of a Failure. */
    Error = NEXUS_HANDLE_ERROR,
    Microdeposit = NEXUS_HANDLE_MICRODEPOSIT,
    List = NEXUS_HANDLE_LIST,
    Webhook = NEXUS_HANDLE_WEBHOOK,
    Request = NEXUS_HANDLE_REQUEST,
    ClientBuilder = NEXUS_HANDLE_CLIENT_BUILDER,
    Client = NEXUS_HANDLE_CLIENT,
    Canceller = NEXUS_HANDLE_CANCELLER,
    Sandbox = NEXUS_HANDLE_SANDBOX,
    Journal = NEXUS_HANDLE_JOURNAL,
    Flow = NEXUS_HANDLE_FLOW,
    Budget = NEXUS_HANDLE_BUDGET,
};

/* How many handles are live in the whole process: at the end of a test, 0. */
[[nodiscard]] inline std::size_t live_handles(HandleKind kind = HandleKind::Any) noexcept
{
    return nexus_live_handles(static_cast<std::int32_t>(kind));
}
/* The same in words, for a test's message: "2 nexus_error, 1 nexus_microdeposit"; empty for none. */
[[nodiscard]] inline std::string live_handles_text()
{
    nexus_text *out = nullptr;
    nexus_live_handles_text(&out, nullptr);
    return detail::taken(out);
}

} // namespace nexus

#endif
