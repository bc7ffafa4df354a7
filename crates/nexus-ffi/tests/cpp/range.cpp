// A List is a range of random access, under C++17's rules and under those of C++20.
#include "support.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <set>
#include <string>
#include <type_traits>
#include <vector>
#if __cplusplus >= 202002L
#include <ranges>
#endif

using nexus::List;
using nexus::Microdeposit;
using Iterator = List::iterator;
using Traits = std::iterator_traits<Iterator>;

static_assert(std::is_same_v<Traits::iterator_category, std::input_iterator_tag>);
static_assert(std::is_same_v<Traits::reference, Microdeposit>);
static_assert(std::is_same_v<Traits::value_type, Microdeposit> && std::is_same_v<List::const_iterator, Iterator>);
static_assert(std::is_nothrow_default_constructible_v<Iterator> && std::is_trivially_copyable_v<Iterator>);
static_assert(std::is_same_v<List::value_type, Microdeposit> && std::is_same_v<List::size_type, std::size_t>);
static_assert(std::is_nothrow_move_constructible_v<List> && !std::is_copy_constructible_v<List>);

static std::string guid(const Microdeposit &record) { return std::string{record.guid()}; }

static void iterators(const List &list)
{
    CHECK(Iterator{} == Iterator{});
    const Iterator first = list.begin(), last = list.end();
    CHECK(last - first == 3 && first - last == -3 && first + 3 == last && 3 + first == last && last - 3 == first);
    CHECK(first < last && first <= last && last > first && last >= first && first != last && !(first == last));
    Iterator at = first;
    CHECK(at++ == first && at == first + 1 && ++at == first + 2 && at-- == first + 2 && --at == first);
    at += 2;
    CHECK(at - first == 2 && guid(*at) == guid(list[2]) && guid(first[2]) == guid(list[2]));
    at -= 1;
    CHECK(guid(*at) == guid(list[1]) && at->status() == nexus::KnownStatus::Initiated && !at->may_verify());
    CHECK(list.cbegin() == first && list.cend() == last);
    CHECK(std::distance(first, last) == 3 && guid(*std::next(first, 2)) == guid(list[2]));
}

static void algorithms(const List &list)
{
    std::vector<std::string> guids(list.size());
    std::transform(list.begin(), list.end(), guids.begin(), guid);
    CHECK(std::set<std::string>(guids.begin(), guids.end()).size() == 3);
    const auto found = std::find_if(list.begin(), list.end(), [&](const Microdeposit &one) { return one.guid() == guids[1]; });
    CHECK(found - list.begin() == 1);
    CHECK(std::count_if(list.begin(), list.end(), [](const Microdeposit &one) { return one.may_verify(); }) == 0);
    const nexus::Status initiated = nexus::KnownStatus::Initiated;
    CHECK(std::all_of(list.begin(), list.end(), [&](const Microdeposit &one) { return one.status() == initiated; }));
    const std::vector<Microdeposit> kept(list.begin(), list.end());
    CHECK(kept.size() == 3 && kept[2].guid() == guids[2]);
    const auto letters = [](std::size_t sum, const Microdeposit &one) { return sum + one.guid().size(); };
    CHECK(std::accumulate(list.begin(), list.end(), std::size_t{0}, letters) == 3 * guids[0].size());
    std::size_t at = 0;
    for (const Microdeposit &one : list)
        CHECK(one.guid() == guids[at++]);
    CHECK(at == 3);
}

static void members(List list)
{
    const Microdeposit first = list.front(), last = list.back();
    CHECK(guid(first) == guid(list[0]) && guid(last) == guid(list[2]) && guid(list.at(1)) == guid(list[1]));
    CHECK(list.try_at(2) && !list.try_at(3) && list.try_at(3).error().code() == NEXUS_ERROR_INVALID_INPUT);
    bool thrown = false;
    try {
        (void)list.at(3);
    } catch (const nexus::InvalidInput &) {
        thrown = true;
    }
    CHECK(thrown);
    // Iterators stay good where a list is moved, as a vector's do; what was moved from is empty.
    const Iterator second = list.begin() + 1;
    const std::string expected = guid(*second);
    const List moved = std::move(list);
    CHECK(guid(*second) == expected && second - moved.begin() == 1);
    CHECK(list.empty() && list.begin() == list.end() && list.size() == 0); // NOLINT: that is what is tested
}

#if __cplusplus >= 202002L
static_assert(std::random_access_iterator<Iterator> && std::sized_sentinel_for<Iterator, Iterator>);
static_assert(std::ranges::random_access_range<List> && std::ranges::sized_range<const List>);
static_assert(std::ranges::common_range<List>);
static_assert(!std::ranges::borrowed_range<List>, "a list frees what its iterators look at");

static void ranges(const List &list)
{
    const std::string last = guid(list.back());
    const auto found = std::ranges::find_if(list, [&](const Microdeposit &one) { return one.guid() == last; });
    CHECK(found == list.begin() + 2 && std::ranges::size(list) == 3 && std::ranges::distance(list) == 3);
    CHECK(std::ranges::count(list, nexus::Status{nexus::KnownStatus::Initiated}, &Microdeposit::status) == 3);
    // clang before 16 does not take libstdc++'s views.
#if !defined(__clang__) || __clang_major__ >= 16
    std::vector<std::string> backward;
    for (const Microdeposit &one : list | std::views::reverse | std::views::take(2))
        backward.push_back(guid(one));
    CHECK(backward.size() == 2 && backward[0] == last);
    auto texts = list | std::views::transform(guid);
    CHECK(texts[2] == last && texts.size() == 3);
#endif
}
#else
static void ranges(const List &) {}
#endif

int main()
{
    {
        const nexus::Sandbox sandbox = nexus::Sandbox::start();
        const nexus::Client client = sandbox.client();
        CHECK(client.list().empty() && client.list().size() == 0);
        for (const char *account : {"333300001", "333300002", "333300003"})
            (void)client.create(input("a@example.com", account));
        const List list = client.list();
        iterators(list);
        algorithms(list);
        ranges(list);
        members(client.list());
    }
    CHECK(nexus::live_handles() == 0);
    std::cout << "as expected\n";
}
