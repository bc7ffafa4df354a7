// A submission whose response is lost, and how its outcome is found. Prints lost.transcript, the same as the examples in Rust,
// C and Python do.
//
//   c++ -std=c++17 -DNEXUS_SANDBOX examples/lost.cpp $(pkg-config --cflags --libs nexus)
#include <nexus.hpp>

#include <chrono>
#include <iostream>

using namespace std::chrono_literals;

int main()
try {
    const nexus::Sandbox sandbox = nexus::Sandbox::start();
    const nexus::Client client = nexus::Client::at(sandbox.url())
                                     .sso(sandbox.client_id(), sandbox.user_id(), sandbox.api_key())
                                     .reconcile_timeout(200ms)
                                     .build();
    const auto made = client.create({"Josh", "James", "example@example.com", "091000019", "333312345"}).record;
    sandbox.advance(2min);

    // The connection breaks, and the server acts on the request a minute later.
    sandbox.call("POST", "/_sandbox/faults",
                 R"({"effect":"later","milliseconds":60000,"operation":"verify","times":1})");
    const auto right = nexus::Amount::parse("0.09");
    try {
        client.verify(made.guid(), right, right);
    } catch (const nexus::Error &error) {
        std::cout << "submitted: " << error->name() << ", outcome unknown: " << (error->outcome_unknown() ? "yes" : "no")
                  << "\n  " << error->advice() << "\n";
    }

    // Look, and look again later. Reading changes nothing.
    sandbox.advance(1min);
    std::cout << "a minute later: " << client.read(made.guid()).status() << "\n";
    return 0;
} catch (const nexus::Error &error) {
    std::cerr << error.what() << "\n  " << error->advice() << "\n";
    return 1;
}
