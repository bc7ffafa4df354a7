// A create and a submission under keys, with a journal. The same key later goes on where the earlier call stopped, and sends
// nothing twice: in another process too. Prints keys.transcript, the same as the examples in Rust and Python do.
//
//   c++ -std=c++17 -DNEXUS_SANDBOX examples/keys.cpp $(pkg-config --cflags --libs nexus)
//   ./a.out FILE       (a new journal each time, since each run has another sandbox)
#include <nexus.hpp>

#include <chrono>
#include <iostream>
#include <set>

int main(int count, char **arguments)
try {
    if (count != 2) {
        std::cerr << "usage: keys FILE, where FILE is a journal to be made\n";
        return 2;
    }
    const nexus::Sandbox sandbox = nexus::Sandbox::start();
    const nexus::Client client = sandbox.client();
    const nexus::Journal journal = nexus::Journal::open(arguments[1], "a secret of the program's own");

    const nexus::CreateInput input{"Josh", "James", "example@example.com", "091000019", "333312345"};
    const auto made = client.create_once(journal, "application-7", input).record;
    const auto again = client.create_once(journal, "application-7", input).record;
    std::cout << "created twice under one key, records: " << std::set{made.guid(), again.guid()}.size() << "\n";

    sandbox.advance(std::chrono::minutes{2});
    const auto right = nexus::Amount::parse("0.09");
    for (int time = 0; time < 2; ++time) {
        const auto outcome = client.verify_once(journal, "application-7, first try", made.guid(), right, right);
        std::cout << "submitted under one key: " << outcome.verdict << "\n";
    }
    return 0;
} catch (const nexus::Error &error) {
    std::cerr << error.what() << "\n  " << error->advice() << "\n";
    return 1;
}
