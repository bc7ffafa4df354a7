// A program without exceptions and without run-time types: every failure is a Result. With an argument, it asks for the value
// of a failure, and ends there.
#include <nexus.hpp>

#include <chrono>
#include <cstdio>
#include <cstring>

#if NEXUS_EXCEPTIONS
#error "to be compiled with -fno-exceptions"
#endif

using namespace std::chrono_literals;

#define CHECK(condition)                                                        \
    do {                                                                        \
        if (!(condition)) {                                                     \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            return 1;                                                           \
        }                                                                       \
    } while (false)

int main(int count, char **)
{
    const auto wrong = nexus::Amount::try_parse("1.00");
    CHECK(!wrong && wrong.error().name() == "invalid_input");
    if (count > 1)
        return static_cast<int>(wrong->cents());

    const auto sandbox = nexus::Sandbox::try_start();
    CHECK(sandbox);
    int seen = 0;
    const auto client = nexus::Client::at(sandbox->url())
                            .session_token(sandbox->session_token())
                            .observer([&](const nexus::Observation &) { ++seen; })
                            .try_build();
    CHECK(client);
    const auto made = client->try_create({"Josh", "James", "a@example.com", "091000019", "333300001"});
    CHECK(made && seen > 0);
    CHECK(sandbox->try_advance(2min));
    int reads = 0;
    nexus::WaitOptions options;
    options.on_progress = [&](const nexus::Progress &) { return ++reads > 0; };
    const auto ready = client->try_wait(made->record.guid(), options);
    CHECK(ready && ready->may_verify() && reads > 0);
    const auto deposits = sandbox->try_deposits(ready->guid());
    CHECK(deposits);
    const auto outcome = client->try_verify(ready->guid(), deposits->first, deposits->second);
    CHECK(outcome && outcome->verdict == nexus::Verdict::Verified);
    const auto list = client->try_list();
    CHECK(!client->try_read("MIC-unknown") && list && list->size() == 1 && !list->try_at(1));

    auto flow = nexus::Flow::try_read(ready->guid());
    CHECK(flow && flow->try_next()->kind() == nexus::StepKind::Send && flow->try_cancelled());
    const auto request = nexus::Request::try_list();
    CHECK(request && !request->try_parse_list(500, ""));
    std::puts("as expected");
    return 0;
}
