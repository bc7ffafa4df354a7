// The same in C++.
#include <nexus.hpp>

#include <iostream>

int main()
{
    const nexus::Amount amount = nexus::Amount::parse("0.09");
    std::cout << (nexus_abi_version() == NEXUS_ABI_VERSION ? "fits" : "does not fit") << " ok " << amount.cents() << "\n";
}
