// What the library promises under failure, seen through the interface: the sandbox fails on purpose, and counts.
// Usage: failures FILE, where FILE is that of a journal to be made.
#include <nexus.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

using namespace std::chrono_literals;
using nexus::Amount;

#define CHECK(condition)                                                                    \
    do {                                                                                    \
        if (!(condition)) {                                                                 \
            std::cerr << __FILE__ << ":" << __LINE__ << ": " #condition "\n";               \
            std::exit(1);                                                                   \
        }                                                                                   \
    } while (false)

static nexus::CreateInput input(const char *email, const char *account)
{
    return {"Josh", "James", email, "091000019", account};
}

static std::size_t count(const std::string &text, const std::string &what)
{
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
        ++found;
    return found;
}

static void fault(const nexus::Sandbox &sandbox, const std::string &json)
{
    const auto [status, body] = sandbox.call("POST", "/_sandbox/faults", json);
    if (status != 200)
        std::cerr << body << "\n";
    CHECK(status == 200);
}

/* How many requests of this operation came. */
static std::size_t received(const nexus::Sandbox &sandbox, const std::string &operation)
{
    return count(sandbox.call("GET", "/_sandbox/requests").second, "\"operation\":\"" + operation + "\"");
}

int main(int, char **arguments)
{
    const nexus::Sandbox sandbox;
    const nexus::Client client = nexus::Client::at(sandbox.url())
                                     .sso(sandbox.client_id(), sandbox.user_id(), sandbox.api_key())
                                     .timeout(10s)
                                     .look_timeout(500ms)
                                     .late(1ms)
                                     .build();

    // A verify whose answer never comes, although it was counted: one PUT, and the outcome found by reading.
    const auto made = client.create(input("a@example.com", "333300001"));
    sandbox.advance(2min);
    fault(sandbox, R"({"operation":"verify","nth":1,"effect":"reset_after"})");
    CHECK(client.verify(made.guid(), Amount::from_cents(9), Amount::from_cents(9)).status() == nexus::Stage::Verified);
    CHECK(received(sandbox, "verify") == 1);

    // One that was not carried out: nobody can know, nothing is sent again, and the last record is told.
    const auto other = client.create(input("b@example.com", "333300002"));
    sandbox.advance(2min);
    fault(sandbox, R"({"operation":"verify","nth":1,"effect":"reset_before"})");
    const auto unknown = client.try_verify(other.guid(), Amount::from_cents(9), Amount::from_cents(9));
    CHECK(!unknown && unknown.error().outcome_unknown() && received(sandbox, "verify") == 2);
    CHECK(unknown.error().last_seen()->status() == nexus::Stage::Deposited);
    CHECK(unknown.error().advice().find("Read the microdeposit") != std::string_view::npos);

    // The journal: one key, one microdeposit, whatever happened to the answer.
    const std::string path = arguments[1], key = "a key of many bytes";
    const nexus::Journal journal{path, key};
    fault(sandbox, R"({"operation":"create","nth":1,"effect":"reset_after"})");
    const auto first = client.create_once(journal, "application 7", input("c@example.com", "333300003"));
    const auto again = client.create_once(journal, "application 7", input("c@example.com", "333300003"));
    CHECK(first.guid() == again.guid() && client.list().size() == 3);
    const auto different = client.try_create_once(journal, "application 7", input("c@example.com", "333300004"));
    CHECK(!different && different.error().field() == "key" && client.list().size() == 3);
    const auto stranger = [&] { return nexus::Journal{path, "another key of many bytes"}; };
    try {
        (void)stranger();
        return 1;
    } catch (const nexus::InvalidInput &error) {
        CHECK(error->field() == "journal");
    }
    std::ifstream file{path};
    const std::string written{std::istreambuf_iterator<char>{file}, {}};
    CHECK(!written.empty() && written.find("333300003") == std::string::npos);
    CHECK(written.find("application 7") == std::string::npos && written.find(key) == std::string::npos);

    std::cout << "as promised\n";
}
