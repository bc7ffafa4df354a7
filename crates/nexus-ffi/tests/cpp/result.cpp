// Result<T>: the ways of std::expected, with Failure in the error's place.
#include "support.hpp"

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

using nexus::Amount;
using nexus::Failure;
using nexus::Result;
using namespace std::string_literals;

static_assert(std::is_same_v<Result<Amount>::value_type, Amount> && std::is_same_v<Result<Amount>::error_type, Failure>);
static_assert(std::is_same_v<Result<void>::value_type, void>);
static_assert(std::is_same_v<decltype(std::declval<Result<std::string> &>().value()), std::string &>);
static_assert(std::is_same_v<decltype(std::declval<const Result<std::string> &>().value()), const std::string &>);
static_assert(std::is_same_v<decltype(*std::declval<const Result<std::string> &>()), const std::string &>);
static_assert(std::is_same_v<decltype(*std::declval<const Result<std::string>>()), const std::string &&>);
static_assert(std::is_same_v<decltype(std::declval<const Result<Amount> &>().operator->()), const Amount *>);
// What a temporary gives is a value, so that nothing refers to what has ended.
static_assert(std::is_same_v<decltype(std::declval<Result<std::string>>().value()), std::string>);
static_assert(std::is_same_v<decltype(*std::declval<Result<std::string>>()), std::string>);
static_assert(std::is_same_v<decltype(std::declval<Result<std::string>>().error()), Failure>);
static_assert(std::is_same_v<decltype(std::declval<const Result<std::string> &>().error()), const Failure &>);
static_assert(std::is_nothrow_move_constructible_v<Result<nexus::Microdeposit>>);
static_assert(!std::is_copy_constructible_v<Result<nexus::Microdeposit>> && std::is_copy_constructible_v<Result<Amount>>);
static_assert(!std::is_convertible_v<Result<Amount>, bool> && std::is_constructible_v<bool, Result<Amount>>);

template <typename Call>
static bool throws(Call &&call)
{
    try {
        (void)call();
    } catch (const nexus::InvalidInput &) {
        return true;
    }
    return false;
}

static void values()
{
    Result<std::string> text{"nine"s};
    const Result<std::string> fixed{"nine"s};
    CHECK(text && text.has_value() && *text == "nine" && text->size() == 4 && fixed->size() == 4 && *fixed == "nine");
    text->push_back('s');
    *text += "!";
    CHECK(text.value() == "nines!" && fixed.value_or("none") == "nine");
    CHECK(*Result<std::string>{"a"s} == "a" && Result<std::string>{"a"s}.value_or("b") == "a");
    CHECK(Amount::try_parse("0.09")->cents() == 9);
    CHECK(*std::move(text) == "nines!" && *std::move(fixed) == "nine");

    // What is only moved is moved out.
    Result<std::unique_ptr<int>> owner{std::make_unique<int>(7)};
    const std::unique_ptr<int> taken = *std::move(owner);
    CHECK(*taken == 7);
    const Result<void> done;
    CHECK(done && done.has_value());
    done.value();
    *done;
}

static void failures()
{
    Result<Amount> none = Amount::try_parse("1.00");
    const Result<Amount> fixed = none;
    CHECK(!none && !none.has_value() && none.error().code() == NEXUS_ERROR_INVALID_INPUT);
    CHECK(throws([&] { return none.value(); }) && throws([&] { return fixed.value(); }) && throws([&] { return *none; }));
    CHECK(throws([&] { return *fixed; }) && throws([&] { return fixed->cents(); }) && throws([&] { return none->cents(); }));
    CHECK(throws([&] { return std::move(none).value(); }) && throws([&] { return *std::move(fixed); }));
    CHECK(throws([] { return Amount::try_parse("1.00")->cents(); }));
    CHECK(fixed.value_or(Amount::from_cents(3)).cents() == 3);
    CHECK(Amount::try_parse("1.00").value_or(Amount::from_cents(3)).cents() == 3);
    CHECK(Amount::try_parse("1.00").error().code() == NEXUS_ERROR_INVALID_INPUT);
    const Result<void> wrong = nexus::try_check_routing_number("123456789");
    CHECK(!wrong && wrong.error().field() == "routing_number");
    CHECK(throws([&] { return wrong.value(), 0; }) && throws([&] { return *wrong, 0; }));
}

static void chains()
{
    const auto parsed = Amount::try_parse("0.09"), none = Amount::try_parse("nothing");
    const auto cents = [](Amount amount) { return amount.cents(); };
    const auto doubled = [](Amount amount) { return Amount::try_from_cents(2 * amount.cents()); };
    CHECK(parsed.transform(cents) == 9u && parsed.and_then(doubled)->cents() == 18);
    CHECK(Amount::try_parse("0.60").and_then(doubled).error().code() == NEXUS_ERROR_INVALID_INPUT);
    CHECK(none.transform(cents) == none.error() && none.and_then(doubled) == none.error());
    int seen = 0;
    const Result<void> counted = parsed.transform([&](Amount) { ++seen; });
    CHECK(counted && seen == 1);
    const auto three = [](const Failure &) { return Result<Amount>{Amount::from_cents(3)}; };
    CHECK(none.or_else(three) == Amount::from_cents(3) && parsed.or_else(three) == Amount::from_cents(9));
    CHECK(none.or_else([](Failure why) { return Result<Amount>{why}; }) == none.error());
    CHECK(Result<void>{}.transform([] { return 4; }) == 4 && Result<void>{}.and_then([] { return Result<int>{5}; }) == 5);
    CHECK(!Result<void>{none.error()}.transform([&] { ++seen; }) && seen == 1);
    CHECK(Result<void>{none.error()}.or_else([](const Failure &) { return Result<void>{}; }));

    // What is only moved goes through a chain of temporaries.
    const auto own = [](int number) { return Result<std::unique_ptr<int>>{std::make_unique<int>(number)}; };
    const auto more = [&](std::unique_ptr<int> one) { return own(*one + 1); };
    CHECK(own(7).and_then(more).transform([](std::unique_ptr<int> one) { return *one; }) == 8);
    CHECK(**own(7).or_else([&](const Failure &) { return own(0); }) == 7);
}

static void comparisons()
{
    const auto nine = Amount::try_parse("0.09"), three = Amount::try_parse("0.03");
    const auto none = Amount::try_parse("1.00"), other = Amount::try_parse("x");
    CHECK(nine == Amount::try_from_cents(9) && nine != three && nine != none && none == Amount::try_parse("1.00"));
    CHECK(nine == Amount::from_cents(9) && three != Amount::from_cents(9) && none != Amount::from_cents(9));
    CHECK(none == none.error() && nine != none.error() && none.error() == Amount::try_parse("1.00").error());
    CHECK(none != nine && (other == none) == (other.error().message() == none.error().message()));
    CHECK(Result<void>{} == Result<void>{} && Result<void>{} != Result<void>{none.error()});
    CHECK(Result<std::string>{"a"s} == "a");
}

int main()
{
    values();
    failures();
    chains();
    comparisons();
    CHECK(nexus::live_handles() == 0);
    std::cout << "as expected\n";
}
