// What the tests of the wrapper share.
#pragma once

#include <nexus.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

#define CHECK(condition)                                                                    \
    do {                                                                                    \
        if (!(condition)) {                                                                 \
            std::cerr << __FILE__ << ":" << __LINE__ << ": " #condition "\n";               \
            std::exit(1);                                                                   \
        }                                                                                   \
    } while (false)

inline nexus::CreateInput input(const char *email, const char *account)
{
    return {"Josh", "James", email, "091000019", account};
}

inline std::size_t count(const std::string &text, const std::string &what)
{
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
        ++found;
    return found;
}

inline void fault(const nexus::Sandbox &sandbox, const std::string &json)
{
    const auto [status, body] = sandbox.call("POST", "/_sandbox/faults", json);
    if (status != 200)
        std::cerr << body << "\n";
    CHECK(status == 200);
}

/* How many requests of this operation came. */
inline std::size_t received(const nexus::Sandbox &sandbox, const std::string &operation)
{
    return count(sandbox.call("GET", "/_sandbox/requests").second, "\"operation\":\"" + operation + "\"");
}
