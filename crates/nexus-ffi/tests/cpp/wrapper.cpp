// The wrapper's own ways: owning, throwing, results, callbacks that throw. Ends with 0 when all was as expected.
#include "support.hpp"

#include <atomic>
#include <cstring>
#include <iostream>
#include <thread>
#include <type_traits>
#include <vector>

using namespace std::chrono_literals;
using nexus::Amount;

static_assert(!std::is_copy_constructible_v<nexus::Client> && std::is_nothrow_move_constructible_v<nexus::Client>);
static_assert(!std::is_copy_constructible_v<nexus::Microdeposit> && std::is_move_assignable_v<nexus::Microdeposit>);
static_assert(std::is_copy_constructible_v<nexus::Error>, "exceptions are copied");
static_assert(std::is_base_of_v<nexus::ApiError, nexus::NotFound> && std::is_base_of_v<std::runtime_error, nexus::Error>);

template <typename Exception, typename Call>
static void throws(Call &&call, const char *name)
{
    try {
        call();
    } catch (const Exception &error) {
        CHECK(error->name() == name && !error->advice().empty() && std::strlen(error.what()) > 0);
        return;
    }
    const bool thrown = false;
    CHECK(thrown);
}

static nexus::CreateInput create_input(const char *email, const char *account)
{
    return {"Josh", "James", email, "091000019", account, nexus::AccountType::Savings, "My account"};
}

static void records(const nexus::Sandbox &sandbox, const nexus::Client &client)
{
    nexus::Created created = client.create(create_input("a@example.com", "333300001"));
    CHECK(!created.assumed);
    nexus::Microdeposit made = std::move(created.record);
    const std::string guid{made.guid()};
    const std::string_view view = made.guid();
    nexus::Microdeposit moved = std::move(made);
    CHECK(moved.guid() == guid && view.data() == moved.guid().data());
    CHECK(moved.status() == nexus::KnownStatus::Initiated && moved.status() != nexus::KnownStatus::Denied);
    CHECK(moved.account_number() == "*****0001" && moved.expose(nexus::Field::AccountNumber) == "333300001");
    CHECK(moved.created_at() && !moved.verified_at() && !moved.error_code());
    CHECK(moved.to_json().find("333300001") == std::string::npos);
    CHECK(moved.to_json(true).find("333300001") != std::string::npos);

    const nexus::List list = client.list();
    std::vector<nexus::Microdeposit> kept;
    for (nexus::Microdeposit one : list)
        kept.push_back(std::move(one));
    CHECK(list.size() == 1 && kept.size() == 1 && kept.front().guid() == guid);

    sandbox.advance(2min);
    CHECK(client.read(guid).may_verify());
    const auto [first, second] = sandbox.deposits(guid);
    const nexus::Outcome outcome = client.verify_and_wait(guid, first, second);
    CHECK(outcome.verdict == nexus::Verdict::Verified && !outcome.assumed);
    CHECK(outcome.record.status() == nexus::KnownStatus::Verified && name(outcome.verdict) == "verified");
    const auto [status, body] = sandbox.call("GET", "/_sandbox/state");
    CHECK(status == 200 && body.find("333300001") == std::string::npos);
    CHECK(client.session().size() > 10 && client.widget_url(guid).find("http") == 0);
}

static void failures(const nexus::Client &client)
{
    throws<nexus::NotFound>([&] { (void)client.read("MIC-unknown"); }, "not_found");
    throws<nexus::ApiError>([&] { (void)client.read("MIC-unknown"); }, "not_found");
    throws<nexus::InvalidInput>([&] { (void)Amount::parse("1.00"); }, "invalid_input");
    throws<nexus::InvalidInput>([&] { (void)Amount::from_cents(100); }, "invalid_input");
    throws<nexus::InvalidInput>([&] { nexus::check_routing_number("123456789"); }, "invalid_input");
    throws<nexus::NotJson>([&] { (void)nexus::WebhookEvent::parse(""); }, "not_json");
    // A NUL inside is refused, not cut off.
    throws<nexus::BoundaryError>([&] { (void)client.read(std::string_view("MIC-1\0x", 7)); }, "bad_utf8");

    const auto refused = client.try_create(create_input("not an address", "1"));
    CHECK(!refused && refused.error().field() == "email" && !refused.error().http_status());
    auto amount = Amount::try_parse("0.09");
    CHECK(amount && amount->cents() == 9 && (*amount).str() == "0.09" && *amount == Amount::from_cents(9));

    const auto made = client.create(create_input("b@example.com", "333300002")).record;
    const auto early = client.try_verify(made.guid(), Amount::from_cents(9), Amount::from_cents(9));
    CHECK(!early && early.error().code() == NEXUS_ERROR_NOT_VERIFIABLE && !early.error().outcome_unknown());
    const auto seen = early.error().last_seen();
    CHECK(seen && seen->guid() == made.guid() && early.error().candidates().empty());
    CHECK(early.error().guid() == made.guid() && early.error().operation() == "verify");
    // A failure outlives what it came from, and may be copied.
    const nexus::Failure copy = early.error();
    CHECK(copy.message() == early.error().message());

    const auto unbuilt = nexus::Client::at("http://example.com").session_token("secret-token").try_build();
    CHECK(!unbuilt && unbuilt.error().field() == "base_url");
    CHECK(unbuilt.error().message().find("secret-token") == std::string_view::npos);
}

static void waits(const nexus::Sandbox &sandbox)
{
    std::atomic<int> seen{0}, about{0};
    const nexus::Client client = nexus::Client::at(sandbox.url())
                                     .session_token(sandbox.session_token())
                                     .timeout(20s)
                                     .product("wrapper-test/1")
                                     .observer([&](const nexus::Observation &one) {
                                         ++seen;
                                         CHECK(one.guid.data == nullptr || std::strncmp(one.guid.data, "MIC-", 4) == 0);
                                         about += one.guid.len > 0;
                                     })
                                     .build();
    const auto made = client.create(create_input("c@example.com", "333300003")).record;
    CHECK(seen.load() > 0 && about.load() == 0);
    CHECK(client.read(made.guid()).may_verify() == made.may_verify() && about.load() == 2);

    int reads = 0;
    nexus::WaitOptions options;
    options.poll_every = 10ms;
    options.on_progress = [&](const nexus::Progress &progress) {
        CHECK(progress.record && !progress.failure && !progress.cause && progress.requests_sent >= progress.reads);
        CHECK(progress.status() == nexus::KnownStatus::Initiated || progress.status() == nexus::KnownStatus::Requested);
        if (++reads == 3)
            throw std::logic_error("enough");
        return true;
    };
    try {
        client.wait(made.guid(), options);
        const bool lost = true;
        CHECK(!lost);
    } catch (const std::logic_error &error) {
        CHECK(std::strcmp(error.what(), "enough") == 0 && reads == 3);
    }
    options.on_progress = [](const nexus::Progress &) { return false; };
    for (const auto past : {-1ms, std::chrono::milliseconds::min()}) {
        nexus::WaitOptions over;
        over.timeout = past;
        const auto ended = client.try_wait(made.guid(), over);
        CHECK(!ended && ended.error().code() == NEXUS_ERROR_WAIT_TIMED_OUT);
    }
    const auto stopped = client.try_wait(made.guid(), options);
    CHECK(!stopped && stopped.error().code() == NEXUS_ERROR_CANCELLED && stopped.error().last_seen());
    // The client is as good as before.
    const auto same = client.read(made.guid());
    CHECK(same.guid() == made.guid());

    const auto pair = client.cancellable();
    const nexus::Client &waiting = pair.first;
    for (const bool watched : {false, true}) {
        options.on_progress = nullptr;
        if (watched)
            options.on_progress = [](const nexus::Progress &) { return true; };
        options.timeout = 1h;
        std::thread ender([&] {
            std::this_thread::sleep_for(20ms);
            pair.second.cancel();
        });
        const auto ended = waiting.try_wait(made.guid(), options);
        ender.join();
        CHECK(!ended && ended.error().code() == NEXUS_ERROR_CANCELLED);
    }
    options.timeout = 5ms;
    options.on_progress = nullptr;
    throws<nexus::WaitTimedOut>([&] { client.wait(made.guid(), options); }, "wait_timed_out");
    const auto other = client.with_timeout(5s);
    std::vector<std::thread> threads;
    for (int at = 0; at < 4; ++at)
        threads.emplace_back([&] {
            const auto one = other.read(made.guid());
            CHECK(one.guid() == made.guid());
        });
    for (std::thread &thread : threads)
        thread.join();
}

static void own_http()
{
    const auto request = nexus::Request::verify("MIC-1", Amount::parse("0.03"), Amount::parse("0.05"));
    CHECK(request.method() == "PUT" && request.path() == "/micro_deposits/MIC-1" && !request.repeatable());
    CHECK(request.body() == R"({"deposit_amount_1":0.03,"deposit_amount_2":0.05})");
    CHECK(request.auth_header() == "MD-SESSION-TOKEN" && !request.to_sso());
    const auto read = nexus::Request::read("MIC-1");
    CHECK(!read.body() && read.repeatable());
    CHECK(read.parse(200, R"({"micro_deposit":{"guid":"MIC-1","status":2}})").status() == nexus::KnownStatus::Deposited);
    const auto lost = request.try_parse(502, "");
    CHECK(!lost && lost.error().outcome_unknown() && lost.error().http_status() == 502);
    CHECK(nexus::Request::list().parse_list(200, R"({"micro_deposits":[]})").empty());
    throws<nexus::MissingField>([] { (void)nexus::Request::open_session().parse_text(200, "{}"); }, "missing_field");
}

static nexus::Moment at(std::int64_t millis) { return {std::chrono::milliseconds{millis}, 1'700'000'000}; }

/* Flows by hand: every request and response is the test's own. */
static void flows()
{
    using nexus::StepKind;
    const std::string_view deposited = R"({"micro_deposit":{"guid":"MIC-1","status":2,"status_name":"DEPOSITED"}})";
    const nexus::Budget budget = nexus::Budget::make();
    nexus::FlowOptions options;
    options.call = 6s;
    options.budget = &budget;
    nexus::Flow verify = nexus::Flow::verify("MIC-1", Amount::from_cents(9), Amount::from_cents(9), options);
    CHECK(verify.next(at(70), 0.5).kind() == StepKind::Send);
    verify.response(200, deposited, std::nullopt, at(80));
    const nexus::Step once = verify.next(at(80), 0.5);
    CHECK(once.kind() == StepKind::SendOnce && once.method() == "PUT" && once.body() && once.timeout() > 1s);
    CHECK(once.operation() == "verify" && once.auth_header() == "MD-SESSION-TOKEN" && !once.secret() && !once.to_sso());
    CHECK(once.until() > 80ms && !once.not_after() && once.raw().number == 2);
    verify.maybe_sent(NEXUS_ERROR_TIMEOUT, nexus::TransportCause::Reset, at(90));
    CHECK(verify.next(at(90), 0.5).kind() == StepKind::Send);
    verify.response(200, R"({"micro_deposit":{"guid":"MIC-1","status":3,"status_name":"VERIFIED"}})", "1", at(91));
    CHECK(verify.next(at(91), 0.5).kind() == StepKind::Done);
    const nexus::Outcome outcome = verify.take_outcome();
    CHECK(outcome.verdict == nexus::Verdict::Verified && outcome.record.guid() == "MIC-1");
    throws<nexus::InvalidInput>([&] { (void)verify.take_outcome(); }, "invalid_input");

    nexus::Flow create = nexus::Flow::create(create_input("a@example.com", "333300001"));
    CHECK(create.next(at(0), 0).kind() == StepKind::Send);
    create.response(401, "", std::nullopt, at(1));
    CHECK(create.next(at(1), 0).kind() == StepKind::Renew);
    create.not_renewable(at(2));
    CHECK(create.next(at(2), 0).kind() == StepKind::Done);
    const auto refused = create.try_take_created();
    CHECK(!refused && refused.error().code() == NEXUS_ERROR_UNAUTHORIZED && !refused.error().outcome_unknown());

    nexus::Flow list = nexus::Flow::list();
    CHECK(list.next().kind() == StepKind::Send);
    list.no_session(&refused.error());
    CHECK(list.next().kind() == StepKind::Done && list.try_take_list().error().code() == NEXUS_ERROR_UNAUTHORIZED);

    nexus::WaitOptions wait;
    wait.on_progress = [](const nexus::Progress &progress) -> bool {
        CHECK(!progress.record && !progress.status() && progress.failure == NEXUS_ERROR_CONNECT);
        CHECK(progress.cause == nexus::TransportCause::NameNotFound);
        throw std::logic_error("enough");
    };
    nexus::Flow waiting = nexus::Flow::wait("MIC-1", wait);
    /* Its retries first, then what the callback throws. */
    for (int time = 0;; time += 1000) {
        try {
            const nexus::Step step = waiting.next(at(time), 0);
            CHECK(time < 10'000);
            if (step.kind() == StepKind::Send)
                waiting.not_sent(NEXUS_ERROR_CONNECT, nexus::TransportCause::NameNotFound, at(time));
            else
                waiting.elapsed(at(time));
        } catch (const std::logic_error &) {
            break;
        }
    }
    waiting.cancelled(at(20'000));
    nexus::Flow session = nexus::Flow::session("acme", "user");
    CHECK(session.next(at(0), 0).to_sso());
    session.response(200, R"({"api_token":{"token":"one-time"}})", std::nullopt, at(1));
    const nexus::Step open = session.next(at(1), 0);
    CHECK(open.kind() == StepKind::SendOnce && open.secret() == "one-time" && open.auth_header() == "MD-API-TOKEN");
}

int main()
{
    const nexus::Sandbox sandbox = nexus::Sandbox::start();
    const nexus::Client client = sandbox.client();
    records(sandbox, client);
    failures(client);
    waits(sandbox);
    own_http();
    flows();
    std::cout << "as expected\n";
}
