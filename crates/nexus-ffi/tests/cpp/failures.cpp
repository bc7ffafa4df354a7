// What the library promises under failure, seen through the interface: the sandbox fails on purpose, and counts.
#include "support.hpp"

#include <iostream>
#include <string>

using namespace std::chrono_literals;
using nexus::Amount;

static nexus::ClientBuilder at(const nexus::Sandbox &sandbox)
{
    nexus::ClientBuilder builder = nexus::Client::at(sandbox.url());
    builder.sso(sandbox.client_id(), sandbox.user_id(), sandbox.api_key()).timeout(10s).reconcile_timeout(500ms);
    return builder;
}

int main()
{
    const nexus::Sandbox sandbox = nexus::Sandbox::start();
    const nexus::Client client = at(sandbox).build();

    // A verify whose response never comes, although it was counted: one PUT, and the outcome found by reading.
    const auto made = client.create(input("a@example.com", "333300001")).record;
    sandbox.advance(2min);
    fault(sandbox, R"({"operation":"verify","nth":1,"effect":"reset_after"})");
    CHECK(client.verify(made.guid(), Amount::from_cents(9), Amount::from_cents(9)).verdict == nexus::Verdict::Verified);
    CHECK(received(sandbox, "verify") == 1);

    // One that was not carried out: nobody can know, nothing is sent again, and the last record is told.
    const auto other = client.create(input("b@example.com", "333300002")).record;
    sandbox.advance(2min);
    fault(sandbox, R"({"operation":"verify","nth":1,"effect":"reset_before"})");
    const auto unknown = client.try_verify(other.guid(), Amount::from_cents(9), Amount::from_cents(9));
    CHECK(!unknown && unknown.error().outcome_unknown() && received(sandbox, "verify") == 2);
    CHECK(unknown.error().last_seen()->status() == nexus::KnownStatus::Deposited);
    CHECK(unknown.error().advice().find("Read the microdeposit") != std::string_view::npos);

    // What is assumed can be switched off: then a refusal proves nothing, until the outcome shows.
    const auto third = client.create(input("c@example.com", "333300003")).record;
    sandbox.advance(2min);
    for (const bool on : {true, false}) {
        fault(sandbox, R"({"operation":"verify","nth":1,"effect":"status","status":422})");
        const auto careful = at(sandbox).assume_refusal(422, on).assume_judged_within(std::nullopt).build();
        const auto refused = careful.try_verify(third.guid(), Amount::from_cents(9), Amount::from_cents(9));
        CHECK(!refused && refused.error().code() == NEXUS_ERROR_BAD_REQUEST && refused.error().outcome_unknown() == !on);
        const auto because = on ? std::optional{nexus::Assumption::RefusedBeforeActing} : std::nullopt;
        CHECK(refused.error().assumption() == because);
    }
    const auto odd = at(sandbox).assume_refusal(409, false).try_build();
    CHECK(!odd && odd.error().field() == "http_status");
    CHECK(!at(sandbox).assume_server_grace(25h).try_build());

    // A wrong address has a cause.
    const auto nobody = nexus::Client::at("http://127.0.0.1:1").session_token("token").timeout(1s).build();
    const auto unreachable = nobody.try_list();
    CHECK(!unreachable && unreachable.error().cause() == nexus::TransportCause::Refused);
    CHECK(name(*unreachable.error().cause()) == "refused");

    std::cout << "as promised\n";
}
