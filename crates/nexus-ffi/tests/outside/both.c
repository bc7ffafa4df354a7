/* Links two static libraries of Rust's into one program. */
#include <nexus.h>
#include <stdio.h>

extern uint64_t other_sum(uint32_t below);

int main(void)
{
    uint32_t cents = 0;
    nexus_code code = nexus_amount_parse("0.09", &cents, NULL);
    printf("%s %u %llu\n", nexus_code_name(code), cents, (unsigned long long)other_sum(10));
    return 0;
}
