// A bank account verified from end to end, against a sandbox inside this process. Prints verify.transcript, the same as the
// examples in Rust, C and Python do.
//
//   c++ -std=c++17 -DNEXUS_SANDBOX examples/verify.cpp $(pkg-config --cflags --libs nexus)
#include <nexus.hpp>

#include <chrono>
#include <iostream>
#include <string>

static void tell(const std::string &what, const nexus::Microdeposit &record)
{
    std::cout << what << ": " << record.status() << "\n  " << record.status().next_step() << "\n";
}

static void tell(const std::string &what, const nexus::Outcome &outcome)
{
    std::cout << what << ": " << outcome.verdict << "\n  " << advice(outcome.verdict) << "\n";
}

int main()
try {
    const nexus::Sandbox sandbox = nexus::Sandbox::start();
    const nexus::Client client = sandbox.client();

    const auto made = client.create({"Josh", "James", "example@example.com", "091000019", "333312345"}).record;
    tell("created " + std::string{made.guid()}, made);

    // Two minutes of the sandbox's own time; a real bank takes 12 to 36 hours.
    sandbox.advance(std::chrono::minutes{2});
    tell("deposits landed", client.wait(made.guid()));

    const auto wrong = nexus::Amount::from_cents(2), right = nexus::Amount::parse("0.09");
    tell("submitted 0.02 and 0.02", client.verify_and_wait(made.guid(), wrong, wrong));
    tell("submitted 0.09 and 0.09", client.verify_and_wait(made.guid(), right, right));

    // A verified microdeposit admits no submission, and none is sent.
    const auto again = client.try_verify(made.guid(), right, right);
    if (!again)
        std::cout << "submitted again: " << again.error().name() << " (" << again.error().code() << ")\n";
    return again ? 1 : 0;
} catch (const nexus::Error &error) {
    std::cerr << error.what() << "\n  " << error->advice() << "\n";
    return 1;
}
