/* The outcomes of submissions and creates, the assumptions behind them, and the causes of failed exchanges. */
#ifndef NEXUS_OUTCOME_HPP
#define NEXUS_OUTCOME_HPP

#include "record.hpp"

namespace nexus {

/* Such as "denied". */
[[nodiscard]] inline std::string_view name(Verdict verdict) noexcept
{
    return nexus_verdict_name(static_cast<std::int32_t>(verdict));
}
/* What may be done next, in words for a person. */
[[nodiscard]] inline std::string_view advice(Verdict verdict) noexcept
{
    return nexus_verdict_advice(static_cast<std::int32_t>(verdict));
}

/* Such as "judged_within". */
[[nodiscard]] inline std::string_view name(Assumption assumption) noexcept
{
    return nexus_assumption_name(static_cast<std::int32_t>(assumption));
}
/* What is assumed, in a sentence. */
[[nodiscard]] inline std::string_view text(Assumption assumption) noexcept
{
    return nexus_assumption_text(static_cast<std::int32_t>(assumption));
}

/* Such as "certificate_expired". */
[[nodiscard]] inline std::string_view name(TransportCause cause) noexcept
{
    return nexus_transport_cause_name(static_cast<std::int32_t>(cause));
}

inline std::ostream &operator<<(std::ostream &out, Verdict verdict) { return out << name(verdict); }
inline std::ostream &operator<<(std::ostream &out, Assumption assumption) { return out << name(assumption); }
inline std::ostream &operator<<(std::ostream &out, TransportCause cause) { return out << name(cause); }

/* How a submission ended, as far as anybody can know it. */
struct Outcome {
    /* Takes what C gives over. */
    explicit Outcome(const nexus_outcome &raw) noexcept
        : verdict(static_cast<Verdict>(raw.verdict)), record(raw.record), assumed(detail::one<Assumption>(raw.assumed))
    {
    }
    Verdict verdict;
    /* The record that the verdict rests on. */
    Microdeposit record;
    /* What the verdict presumes beside the record. */
    std::optional<Assumption> assumed;
};

/* A record that a create or pre-initiate has made. It may stand in one of the failed statuses at once. */
struct Created {
    /* Takes what C gives over. */
    explicit Created(const nexus_created &raw) noexcept : record(raw.record), assumed(detail::one<Assumption>(raw.assumed)) {}
    Microdeposit record;
    /* What presumes that it is this call's; none where the server's own response brought it. */
    std::optional<Assumption> assumed;
};

} // namespace nexus

#endif
