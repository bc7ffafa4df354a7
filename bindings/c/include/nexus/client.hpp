/* The blocking client. */
#ifndef NEXUS_CLIENT_HPP
#define NEXUS_CLIENT_HPP

#include "journal.hpp"
#include "list.hpp"
#include "values.hpp"
#include "wait.hpp"

#include <utility>

namespace nexus {

class ClientBuilder;

/* A blocking client. Any number of threads may use one at once. Every call ends within its limits. A call that fails
 * throws the exception of the code that the function of C returns; its `try_` twin gives it instead. */
class Client {
public:
    /* Begins a client for this address: NEXUS_INTEGRATION_URL, NEXUS_PRODUCTION_URL, or another. */
    static ClientBuilder at(std::string_view base_url);

    /* One POST at most that the server can have acted on; see nexus_client_create. */
    [[nodiscard]] Result<Created> try_create(const CreateInput &input) const
    {
        const detail::CInput given{input};
        return created([&](auto *out, auto *error) {
            return nexus_client_create(get(), given.get(), sizeof *given.get(), out, sizeof *out, error);
        });
    }
    Created create(const CreateInput &input) const { return try_create(input).value(); }

    /* As create, by a journal: one key is one microdeposit, for ever; see nexus_client_create_once. */
    [[nodiscard]] Result<Created> try_create_once(const Journal &journal, std::string_view key, const CreateInput &input) const
    {
        const detail::CInput given{input};
        const detail::CText name{key};
        return created([&](auto *out, auto *error) {
            return nexus_client_create_once(get(), journal.get(), name.get(), given.get(), sizeof *given.get(), out, sizeof *out,
                                            error);
        });
    }
    Created create_once(const Journal &journal, std::string_view key, const CreateInput &input) const
    {
        return try_create_once(journal, key, input).value();
    }

    /* Without account details: the person gives them in the Connect Widget. */
    [[nodiscard]] Result<Created> try_preinitiate(const PersonInput &person) const
    {
        const detail::CText first{person.first_name}, last{person.last_name}, email{person.email};
        return created([&](auto *out, auto *error) {
            return nexus_client_preinitiate(get(), first.get(), last.get(), email.get(), out, sizeof *out, error);
        });
    }
    Created preinitiate(const PersonInput &person) const { return try_preinitiate(person).value(); }

    /* As preinitiate, by a journal; see nexus_client_create_once. */
    [[nodiscard]] Result<Created> try_preinitiate_once(const Journal &journal, std::string_view key,
                                                       const PersonInput &person) const
    {
        const detail::CText first{person.first_name}, last{person.last_name}, email{person.email}, name{key};
        return created([&](auto *out, auto *error) {
            return nexus_client_preinitiate_once(get(), journal.get(), name.get(), first.get(), last.get(), email.get(), out,
                                                 sizeof *out, error);
        });
    }
    Created preinitiate_once(const Journal &journal, std::string_view key, const PersonInput &person) const
    {
        return try_preinitiate_once(journal, key, person).value();
    }

    [[nodiscard]] Result<List> try_list() const
    {
        return detail::attempt<List, nexus_list *>(
            [&](nexus_list **out, nexus_error **error) { return nexus_client_list(get(), out, error); });
    }
    [[nodiscard]] List list() const { return try_list().value(); }

    [[nodiscard]] Result<Microdeposit> try_read(std::string_view guid) const
    {
        const detail::CText which{guid};
        return record([&](auto *out, auto *error) { return nexus_client_read(get(), which.get(), out, error); });
    }
    [[nodiscard]] Microdeposit read(std::string_view guid) const { return try_read(guid).value(); }

    /* One PUT at most that the server can have acted on; see nexus_client_verify. */
    [[nodiscard]] Result<Outcome> try_verify(std::string_view guid, Amount first, Amount second) const
    {
        const detail::CText which{guid};
        return outcome([&](auto *out, auto *error) {
            return nexus_client_verify(get(), which.get(), first.cents(), second.cents(), out, sizeof *out, error);
        });
    }
    Outcome verify(std::string_view guid, Amount first, Amount second) const
    {
        return try_verify(guid, first, second).value();
    }

    /* As verify, and waits for the outcome where the server judges later. */
    [[nodiscard]] Result<Outcome> try_verify_and_wait(std::string_view guid, Amount first, Amount second) const
    {
        const detail::CText which{guid};
        return outcome([&](auto *out, auto *error) {
            return nexus_client_verify_and_wait(get(), which.get(), first.cents(), second.cents(), out, sizeof *out, error);
        });
    }
    Outcome verify_and_wait(std::string_view guid, Amount first, Amount second) const
    {
        return try_verify_and_wait(guid, first, second).value();
    }

    /* As verify, by a journal: one key is one submission, whatever happens to the process; see nexus_client_verify_once. */
    [[nodiscard]] Result<Outcome> try_verify_once(const Journal &journal, std::string_view key, std::string_view guid,
                                                  Amount first, Amount second, bool wait = false) const
    {
        const detail::CText name{key}, which{guid};
        return outcome([&](auto *out, auto *error) {
            return nexus_client_verify_once(get(), journal.get(), name.get(), which.get(), first.cents(), second.cents(), wait,
                                            out, sizeof *out, error);
        });
    }
    Outcome verify_once(const Journal &journal, std::string_view key, std::string_view guid, Amount first, Amount second,
                        bool wait = false) const
    {
        return try_verify_once(journal, key, guid, first, second, wait).value();
    }

    /* Reads again and again until the microdeposit stands where it is wanted. Throws what the callback throws. */
    [[nodiscard]] Result<Microdeposit> try_wait(std::string_view guid, const WaitOptions &options = {}) const;
    Microdeposit wait(std::string_view guid, const WaitOptions &options = {}) const
    {
        return try_wait(guid, options).value();
    }

    /* The token of the session in use. Handle it with care: it is the session. */
    [[nodiscard]] Result<std::string> try_session() const
    {
        return detail::text([&](nexus_text **out, nexus_error **error) { return nexus_client_session(get(), out, error); });
    }
    [[nodiscard]] std::string session() const { return try_session().value(); }

    /* An address of the Connect Widget, for one browser, once, within ten minutes. */
    [[nodiscard]] Result<std::string> try_widget_url(std::optional<std::string_view> guid = std::nullopt) const
    {
        const detail::CText which{guid.value_or("")};
        return detail::text([&](nexus_text **out, nexus_error **error) {
            return nexus_client_widget_url(get(), guid ? which.get() : nullptr, out, error);
        });
    }
    [[nodiscard]] std::string widget_url(std::optional<std::string_view> guid = std::nullopt) const
    {
        return try_widget_url(guid).value();
    }

    /* The same client with another limit for each call in all. Throws BoundaryError where this was moved from. */
    [[nodiscard]] Client with_timeout(std::chrono::milliseconds call) const { return try_with_timeout(call).value(); }
    [[nodiscard]] Result<Client> try_with_timeout(std::chrono::milliseconds call) const
    {
        nexus_client *out = nullptr;
        return detail::done([&](auto *error) { return nexus_client_with_timeout(get(), detail::millis(call), &out, error); })
            .transform([&] { return Client{out, keep_}; });
    }

    /* The same client with connections of its own, and what ends its calls from another thread. Throws as with_timeout. */
    [[nodiscard]] std::pair<Client, Canceller> cancellable() const { return try_cancellable().value(); }
    [[nodiscard]] Result<std::pair<Client, Canceller>> try_cancellable() const
    {
        nexus_client *out = nullptr;
        nexus_canceller *canceller = nullptr;
        return detail::done([&](auto *error) { return nexus_client_cancellable(get(), &out, &canceller, error); })
            .transform([&] { return std::pair{Client{out, keep_}, Canceller{canceller}}; });
    }

private:
    friend class ClientBuilder;
    Client(nexus_client *client, std::shared_ptr<void> keep) noexcept : keep_(std::move(keep)), handle_(client) {}
    [[nodiscard]] nexus_client *get() const noexcept { return handle_.get(); }

    template <typename Call>
    static Result<Microdeposit> record(Call &&call)
    {
        return detail::attempt<Microdeposit, nexus_microdeposit *>(std::forward<Call>(call));
    }
    template <typename Call>
    static Result<Outcome> outcome(Call &&call)
    {
        return detail::attempt<Outcome, nexus_outcome>(std::forward<Call>(call));
    }
    template <typename Call>
    static Result<Created> created(Call &&call)
    {
        return detail::attempt<Created, nexus_created>(std::forward<Call>(call));
    }
    /* The observer, which lives longer than the client that calls it. */
    std::shared_ptr<void> keep_;
    detail::Owned<nexus_client, nexus_client_free> handle_;
};

inline Result<Microdeposit> Client::try_wait(std::string_view guid, const WaitOptions &options) const
{
    const detail::CText which{guid};
    nexus_wait_options raw = detail::raw(options);
    detail::Waiting waiting{options.on_progress};
    if (waiting.on_progress) {
        raw.on_progress = detail::progressed;
        raw.user = &waiting;
    }
    Result<Microdeposit> result = record([&](auto *out, auto *error) {
        return nexus_client_wait(get(), which.get(), &raw, sizeof raw, out, error);
    });
    if (waiting.thrown)
        std::rethrow_exception(waiting.thrown);
    return result;
}

} // namespace nexus

#include "builder.hpp"

#endif
