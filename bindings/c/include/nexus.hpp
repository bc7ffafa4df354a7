/*
 * libnexus for C++17: verify bank accounts through MX's Nexus microdeposits. Header only, around nexus.h.
 *
 *   nexus::Client client = nexus::Client::at(NEXUS_INTEGRATION_URL).sso("acme", "user-2345", key).build();
 *   nexus::Microdeposit made = client.create({"Josh", "James", "josh@example.com", "091000019", "333312345"}).record;
 *   client.wait(made.guid());
 *   nexus::Amount first = nexus::Amount::parse("0.09"), second = nexus::Amount::parse("0.09");
 *   nexus::Outcome outcome = client.verify_and_wait(made.guid(), first, second);
 *   std::cout << outcome.verdict << ": " << advice(outcome.verdict) << "\n";
 *
 * - What owns something frees it; such things are moved, not copied.
 * - Functions throw (nexus/error.hpp has the groups, nexus/exceptions.hpp one class for each code), and each has a twin that
 *   begins with `try_` and gives a Result<T>, which is used as std::expected is. Constructors throw nothing of the library's.
 * - With -fno-exceptions the twins do all of it; what would throw ends the process by std::abort(). All of a program's files
 *   are compiled one way.
 * - A std::string_view that is given out lives as long as the object that gave it; a temporary gives none.
 * - Any number of threads may use a Client at once. Everything else: as the standard library's containers.
 */
#ifndef NEXUS_HPP
#define NEXUS_HPP

#include "nexus/client.hpp"
#include "nexus/flow.hpp"
#include "nexus/library.hpp"
#include "nexus/request.hpp"
#if defined(NEXUS_SANDBOX)
#include "nexus/sandbox.hpp"
#endif

#endif
