// Statuses are sorted and hashed, cancellers copied, options written by name; failures and the library tell the rest.
#include "support.hpp"

#include <map>
#include <set>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>
#if __cplusplus >= 202002L
#include <compare>
#endif

using namespace std::chrono_literals;
using nexus::KnownStatus;
using nexus::Status;

static_assert(std::is_copy_constructible_v<nexus::Canceller> && std::is_copy_assignable_v<nexus::Canceller>);
static_assert(std::is_aggregate_v<nexus::WaitOptions> && std::is_aggregate_v<nexus::FlowOptions>);
static_assert(std::is_aggregate_v<nexus::CreateInput> && std::is_aggregate_v<nexus::PersonInput>);
static_assert(std::is_aggregate_v<nexus::Retry> && std::is_aggregate_v<nexus::SandboxOptions>);
static_assert(!std::is_constructible_v<nexus::Amount, std::uint32_t>, "an amount has been checked");
static_assert(std::is_same_v<decltype(std::declval<const Status &>().name()), const std::string &>);
static_assert(std::is_same_v<decltype(std::declval<Status>().name()), std::string>);
#if __cplusplus >= 202002L
static_assert(std::three_way_comparable<Status> && std::totally_ordered<Status>);
static_assert(std::totally_ordered_with<Status, KnownStatus>);
#endif

static void statuses()
{
    const Status deposited = KnownStatus::Deposited, denied{5, "DENIED"}, later{42, "LATER"};
    const Status named{NEXUS_NONE, "A"}, other{NEXUS_NONE, "B"};
    CHECK(deposited == KnownStatus::Deposited && KnownStatus::Deposited == deposited && deposited != KnownStatus::Denied);
    CHECK(KnownStatus::Denied != deposited && KnownStatus::Initiated < deposited && deposited < KnownStatus::Denied);
    CHECK(deposited < denied && denied > deposited && deposited <= denied && denied >= KnownStatus::Denied && denied < later);
    CHECK(named < other && other < deposited && !(named < named) && named != other && !(named == other));
    // The number says what it is; its name beside it does not count.
    CHECK(denied == Status(5, "denied") && !(denied < Status(5, "Z")) && !(Status(5, "Z") < denied));
    CHECK(std::hash<Status>{}(denied) == std::hash<Status>{}(Status(5, "denied")));
    for (std::int64_t number = 0; number < 32; ++number)
        CHECK(Status(number, "").known().has_value() == (std::string{nexus_status_name(number)} != "UNKNOWN"));
    CHECK(denied.known() == KnownStatus::Denied && !later.known() && !named.known());
    const std::set<Status> sorted{later, denied, deposited, other, named};
    CHECK(sorted.size() == 5 && *sorted.begin() == named && *sorted.rbegin() == later);
    const std::unordered_set<Status> hashed{later, denied, Status(5, "denied"), named, other, named};
    CHECK(hashed.size() == 4 && hashed.count(KnownStatus::Denied) == 1);
#if __cplusplus >= 202002L
    CHECK((deposited <=> denied) < 0 && (denied <=> Status(5, "denied")) == 0 && (deposited <=> KnownStatus::Initiated) > 0);
#endif
}

static void failures()
{
    const auto nobody = nexus::Client::at("http://127.0.0.1:1").session_token("token").timeout(1s).build();
    const auto unreachable = nobody.try_list();
    CHECK(!unreachable && unreachable.error().retryable() && unreachable.error().cause_name() == "refused");
    const auto invalid = nexus::Amount::try_parse("1.00");
    CHECK(!invalid && !invalid.error().retryable() && !invalid.error().cause_name() && !invalid.error().rule()->empty());
    CHECK(!nexus::Failure(NEXUS_ERROR_IO, nullptr).retryable());
    // What was moved from a failure is still there.
    nexus::Failure first = invalid.error();
    const nexus::Failure second = std::move(first);
    CHECK(first == second && first.message() == second.message()); // NOLINT: that is what is tested
}

static void options(const nexus::Sandbox &sandbox)
{
    const nexus::WaitOptions braced{KnownStatus::Deposited, 1s, 10ms};
    CHECK(braced.until == KnownStatus::Deposited && braced.timeout == 1s && !braced.on_progress);
    const nexus::Retry retry{2, 1ms, 5ms};
    CHECK(nexus::Client::at(sandbox.url()).session_token("token").retry(retry).try_build());
    CHECK(!nexus::Request::create({"Josh", "James", "a@example.com", "091000019", "333300001"}).repeatable());
#if __cplusplus >= 202002L
    const nexus::FlowOptions named{.call = 6s, .retry = {.attempts = 2}, .wait = true, .key = "key"};
    CHECK(named.call == 6s && named.retry.attempts == 2 && named.wait && !named.journal && named.attempt == 0ms);
    const nexus::WaitOptions wait{.timeout = 1h, .on_progress = [](const nexus::Progress &) { return true; }};
    CHECK(wait.timeout == 1h && wait.on_progress && !wait.until);
    const nexus::CreateInput create{.first_name = "Josh", .last_name = "James", .email = "a@example.com",
                                    .routing_number = "091000019", .account_number = "333300001"};
    CHECK(!nexus::Request::create(create).repeatable());
    CHECK(nexus::Sandbox::start({.production = true, .seed = 7}).client().try_list());
#endif
}

static void cancelling(const nexus::Client &client)
{
    const auto [waiting, canceller] = client.cancellable();
    const nexus::Canceller copy = canceller;
    const std::vector<nexus::Canceller> many(3, copy);
    CHECK(!canceller.is_cancelled());
    many[1].cancel();
    CHECK(copy.is_cancelled() && canceller.is_cancelled() && !waiting.try_list() && client.try_list());
}

static void library()
{
    CHECK(nexus::version() == nexus_version() && nexus::version_number() == nexus_version_number());
    CHECK(nexus::live_handles() == 0 && nexus::live_handles_text().empty());
    const auto request = nexus::Request::list();
    const auto failure = nexus::Amount::try_parse("x");
    CHECK(nexus::live_handles() == 2 && nexus::live_handles(nexus::HandleKind::Error) == 1);
    CHECK(nexus::live_handles_text() == "1 nexus_error, 1 nexus_request");
}

int main()
{
    statuses();
    failures();
    {
        const nexus::Sandbox sandbox = nexus::Sandbox::start();
        const nexus::Client client = sandbox.client();
        options(sandbox);
        cancelling(client);
    }
    library();
    std::cout << "as expected\n";
}
