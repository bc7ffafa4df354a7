/* The least that shows that header and library are there and fit: no sandbox, no network. */
#include <nexus.h>
#include <stdio.h>

int main(void)
{
    nexus_error *error = NULL;
    uint32_t cents = 0;
    nexus_code code = nexus_amount_parse("0.09", &cents, &error);
    printf("%s %s %u\n", nexus_abi_version() == NEXUS_ABI_VERSION ? "fits" : "does not fit", nexus_code_name(code), cents);
    return 0;
}
