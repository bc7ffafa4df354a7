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
/* What may be done next, as text for a person. */
[[nodiscard]] inline std::string_view advice(Verdict verdict) noexcept
{
    return nexus_verdict_advice(static_cast<std::int32_t>(verdict));
}

/* Such as "judged_within". */
[[nodiscard]] inline std::string_view name(Assumption assumption) noexcept
{
    return nexus_assumption_name(static_cast<std::int32_t>(assumption));
}
/* The assumption, in a sentence. */
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

namespace detail {

/* An enumeration value, or none for 0. */
template <typename Enum>
std::optional<Enum> one(std::int32_t number) noexcept
{
    return number == 0 ? std::nullopt : std::optional<Enum>{static_cast<Enum>(number)};
}

} // namespace detail

/* The outcome of a submission. */
struct Outcome {
    /* Takes ownership of the C structure. */
    explicit Outcome(const nexus_outcome &raw)
        : verdict(static_cast<Verdict>(raw.verdict)), record(raw.record), assumed(detail::one<Assumption>(raw.assumed))
    {
    }
    Verdict verdict;
    /* The record that the verdict rests on. */
    Microdeposit record;
    /* The assumption that the verdict rests on, if any. */
    std::optional<Assumption> assumed;
};

/* A record that a create or preinitiate has made. Its status may already be a failed one. */
struct Created {
    /* Takes ownership of the C structure. */
    explicit Created(const nexus_created &raw) : record(raw.record), assumed(detail::one<Assumption>(raw.assumed)) {}
    Microdeposit record;
    /* The assumption by which it is this call's record; none if the response itself holds it. */
    std::optional<Assumption> assumed;
};

} // namespace nexus

#endif
