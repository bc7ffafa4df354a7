// One key is one microdeposit or submission, whatever happens: the sandbox fails on purpose, and counts.
// Usage: journal FILE, where FILE is that of a journal to be made.
#include "support.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

using namespace std::chrono_literals;
using nexus::Amount;

int main(int, char **arguments)
{
    const nexus::Sandbox sandbox = nexus::Sandbox::start();
    const nexus::Client client = nexus::Client::at(sandbox.url())
                                     .sso(sandbox.client_id(), sandbox.user_id(), sandbox.api_key())
                                     .timeout(10s)
                                     .reconcile_timeout(500ms)
                                     .build();
    const std::string path = arguments[1], key = "a key of many bytes";
    const nexus::Journal journal = nexus::Journal::open(path, key);

    // A create whose response never comes, although the record was made: found, and found again.
    fault(sandbox, R"({"operation":"create","nth":1,"effect":"reset_after"})");
    const auto first = client.create_once(journal, "application 7", input("c@example.com", "333300003")).record;
    const auto again = client.create_once(journal, "application 7", input("c@example.com", "333300003")).record;
    CHECK(first.guid() == again.guid() && client.list().size() == 1 && received(sandbox, "create") == 1);
    const auto different = client.try_create_once(journal, "application 7", input("c@example.com", "333300004"));
    CHECK(!different && different.error().field() == "key" && client.list().size() == 1);
    const auto person = client.preinitiate_once(journal, "person 7", {"Josh", "James", "c@example.com"}).record;
    const auto known = client.preinitiate_once(journal, "person 7", {"Josh", "James", "c@example.com"}).record;
    CHECK(person.guid() == known.guid());

    // A submission under a key is sent once, and told again as often as it is asked for.
    sandbox.advance(2min);
    const auto submit = [&] {
        return client.verify_once(journal, "application 7, try 1", first.guid(), Amount::from_cents(9), Amount::from_cents(9));
    };
    CHECK(submit().verdict == nexus::Verdict::Verified && submit().verdict == nexus::Verdict::Verified);
    CHECK(received(sandbox, "verify") == 1);

    // A flow under the same key, of the same user, asks the same journal and sends nothing any more.
    nexus::FlowOptions options;
    options.key = "application 7, try 1";
    options.journal = &journal;
    options.environment = sandbox.url();
    options.client_id = sandbox.client_id();
    options.user_id = sandbox.user_id();
    nexus::Flow flow = nexus::Flow::verify(first.guid(), Amount::from_cents(9), Amount::from_cents(9), options);
    const nexus::Step step = flow.next();
    CHECK(step.kind() == nexus::StepKind::Send && step.operation() == "read");

    const auto stranger = [&] { return nexus::Journal::open(path, "another key of many bytes"); };
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
