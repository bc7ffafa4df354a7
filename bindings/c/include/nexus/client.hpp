/* The blocking client. */
#ifndef NEXUS_CLIENT_HPP
#define NEXUS_CLIENT_HPP

#include "values.hpp"

#include <exception>
#include <functional>
#include <utility>

namespace nexus {

/* One event of a client; see nexus_observation. It holds no secret. */
using Observation = nexus_observation;

/* The progress of a wait. The record's texts are valid until the callback returns. */
struct Progress {
    /* The record as it was last read; none before a read has succeeded. */
    std::optional<nexus_microdeposit_view> record;
    std::chrono::milliseconds elapsed;
    std::optional<std::chrono::milliseconds> next_read;
    /* How many reads have succeeded, and how many requests were sent. */
    unsigned reads, requests_sent;
    /* The failure of the last read, as a nexus_code, and its cause. */
    std::optional<int> failure;
    std::optional<TransportCause> cause;

    [[nodiscard]] std::optional<nexus::Status> status() const
    {
        if (!record)
            return std::nullopt;
        return nexus::Status{record->status, detail::plain(record->status_name)};
    }
};

/* How to wait; by default until something can be done, at most three days. */
struct WaitOptions {
    std::optional<KnownStatus> until = std::nullopt;
    std::chrono::milliseconds timeout{0};
    /* A fixed time between two reads, at least 10 ms; 0 to read when the status may have changed. */
    std::chrono::milliseconds poll_every{0};
    /* Called after each read, whether it succeeded or failed. true goes on; false ends the wait with Cancelled. An exception
       that it throws ends the wait, which throws it again. */
    std::function<bool(const Progress &)> on_progress = nullptr;
};

/* Ends the calls and waits of the client that it was made with, from any thread. */
class Canceller {
public:
    explicit Canceller(nexus_canceller *canceller) : handle_(canceller) {}
    void cancel() const noexcept { nexus_canceller_cancel(handle_.get()); }
    [[nodiscard]] bool is_cancelled() const noexcept
    {
        bool out = false;
        nexus_canceller_is_cancelled(handle_.get(), &out);
        return out;
    }

private:
    detail::Owned<nexus_canceller, nexus_canceller_free> handle_;
};

/* A journal of creates and submissions in a file, so that a call after a crash continues and sends nothing twice; see
 * nexus_journal_open. */
class Journal {
public:
    Journal(std::string_view path, std::string_view key)
    {
        const detail::CText where{path};
        nexus_journal *raw = nullptr;
        nexus_error *error = nullptr;
        const nexus_code code = nexus_journal_open(where.get(), key.data(), key.size(), &raw, &error);
        if (code != NEXUS_OK)
            Failure{code, error}.raise();
        handle_.reset(raw);
    }
    /* The C handle, for the C functions. This object owns it. */
    [[nodiscard]] const nexus_journal *get() const noexcept { return handle_.get(); }

private:
    detail::Owned<nexus_journal, nexus_journal_free> handle_;
};

class ClientBuilder;

/* A blocking client. Any number of threads may use one at once. Every call ends within its limits. */
class Client {
public:
    /* A builder of a client for this address: NEXUS_INTEGRATION_URL, NEXUS_PRODUCTION_URL, or another. */
    static ClientBuilder at(std::string_view base_url);

    /* Sends at most one POST that the server can have acted on; see nexus_client_create. */
    [[nodiscard]] Result<Created> try_create(const CreateInput &input) const
    {
        const detail::CInput given{input};
        return created([&](auto *out, auto *error) { return nexus_client_create(get(), given.get(), sizeof *given.get(), out, sizeof *out, error); });
    }
    Created create(const CreateInput &input) const { return try_create(input).value(); }

    /* As create, with a journal: one key makes at most one microdeposit, for ever; see nexus_client_create_once. */
    [[nodiscard]] Result<Created> try_create_once(const Journal &journal, std::string_view key, const CreateInput &input) const
    {
        const detail::CInput given{input};
        const detail::CText name{key};
        return created([&](auto *out, auto *error) {
            return nexus_client_create_once(get(), journal.get(), name.get(), given.get(), sizeof *given.get(), out, sizeof *out, error);
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

    /* As preinitiate, with a journal; see nexus_client_create_once. */
    [[nodiscard]] Result<Created> try_preinitiate_once(const Journal &journal, std::string_view key,
                                                       const PersonInput &person) const
    {
        const detail::CText first{person.first_name}, last{person.last_name}, email{person.email}, name{key};
        return created([&](auto *out, auto *error) {
            return nexus_client_preinitiate_once(get(), journal.get(), name.get(), first.get(), last.get(), email.get(), out, sizeof *out,
                                                 error);
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

    /* Sends at most one PUT that the server can have acted on; see nexus_client_verify. */
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

    /* As verify, and waits for the outcome if the server judges later. */
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

    /* As verify, with a journal: one key makes at most one submission, even after a crash; see nexus_client_verify_once. */
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

    /* Reads repeatedly until the microdeposit has the wanted status. Throws what the callback throws. */
    [[nodiscard]] Result<Microdeposit> try_wait(std::string_view guid, const WaitOptions &options = {}) const;
    Microdeposit wait(std::string_view guid, const WaitOptions &options = {}) const
    {
        return try_wait(guid, options).value();
    }

    /* The token of the present session. It is a secret: whoever has it can use the session. */
    [[nodiscard]] Result<std::string> try_session() const
    {
        return text([&](nexus_text **out, nexus_error **error) { return nexus_client_session(get(), out, error); });
    }
    [[nodiscard]] std::string session() const { return try_session().value(); }

    /* An address of the Connect Widget, for one browser, once, within ten minutes. */
    [[nodiscard]] Result<std::string> try_widget_url(std::optional<std::string_view> guid = std::nullopt) const
    {
        const detail::CText which{guid.value_or("")};
        return text([&](nexus_text **out, nexus_error **error) {
            return nexus_client_widget_url(get(), guid ? which.get() : nullptr, out, error);
        });
    }
    [[nodiscard]] std::string widget_url(std::optional<std::string_view> guid = std::nullopt) const
    {
        return try_widget_url(guid).value();
    }

    /* The same client with another time limit for a whole call. */
    [[nodiscard]] Client with_timeout(std::chrono::milliseconds call) const
    {
        nexus_client *out = nullptr;
        detail::must(nexus_client_with_timeout(get(), detail::millis(call), &out, nullptr));
        return {out, keep_};
    }

    /* The same client with its own connections, and a canceller that ends its calls from another thread. */
    [[nodiscard]] std::pair<Client, Canceller> cancellable() const
    {
        nexus_client *out = nullptr;
        nexus_canceller *canceller = nullptr;
        detail::must(nexus_client_cancellable(get(), &out, &canceller, nullptr));
        return {Client{out, keep_}, Canceller{canceller}};
    }

private:
    friend class ClientBuilder;
    Client(nexus_client *client, std::shared_ptr<void> keep) : keep_(std::move(keep)), handle_(client) {}
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
    template <typename Call>
    static Result<std::string> text(Call &&call)
    {
        nexus_text *out = nullptr;
        nexus_error *error = nullptr;
        const nexus_code code = std::forward<Call>(call)(&out, &error);
        if (code != NEXUS_OK)
            return Failure{code, error};
        return detail::taken(out);
    }

    /* The observer, which lives longer than the client that calls it. */
    std::shared_ptr<void> keep_;
    detail::Owned<nexus_client, nexus_client_free> handle_;
};

/* Collects settings; `build` checks all of them. */
class ClientBuilder {
public:
    explicit ClientBuilder(std::string_view base_url) : base_url_(base_url) {}

    /* Uses a session that was opened elsewhere. */
    ClientBuilder &session_token(std::string_view token) { return set(token_, token); }
    /* Opens, keeps and renews sessions of this user. */
    ClientBuilder &sso(std::string_view client_id, std::string_view user_id, std::string_view api_key)
    {
        client_id_ = client_id;
        user_id_ = user_id;
        return set(api_key_, api_key);
    }
    ClientBuilder &sso_url(std::string_view url) { return set(sso_url_, url); }
    /* The time limit for a whole call. */
    ClientBuilder &timeout(std::chrono::milliseconds time) { return limit(limits_.call_ms, time); }
    ClientBuilder &connect_timeout(std::chrono::milliseconds time) { return limit(limits_.connect_ms, time); }
    ClientBuilder &attempt_timeout(std::chrono::milliseconds time) { return limit(limits_.attempt_ms, time); }
    ClientBuilder &reconcile_timeout(std::chrono::milliseconds time) { return limit(limits_.reconcile_ms, time); }
    /* The largest response, in bytes. */
    ClientBuilder &body_limit(std::uint64_t bytes)
    {
        limits_.body_bytes = bytes;
        return *this;
    }
    /* The assumptions about MX's server: see nexus_client_builder_assume_refusal and the others. */
    ClientBuilder &assume_refusal(int http_status, bool on)
    {
        return assume([=](auto *raw, auto *error) { return nexus_client_builder_assume_refusal(raw, http_status, on, error); });
    }
    ClientBuilder &assume_updated_at_shows_denial(bool on)
    {
        return assume([=](auto *raw, auto *error) {
            return nexus_client_builder_assume_updated_at_shows_denial(raw, on, error);
        });
    }
    /* None: it is not assumed that any time is long enough. */
    ClientBuilder &assume_judged_within(std::optional<std::chrono::milliseconds> time)
    {
        const std::uint64_t within = time ? detail::millis(*time) : NEXUS_NEVER;
        return assume([=](auto *raw, auto *error) {
            return nexus_client_builder_assume_judged_within_ms(raw, within, error);
        });
    }
    ClientBuilder &assume_lists_show_all(bool on)
    {
        return assume([=](auto *raw, auto *error) { return nexus_client_builder_assume_lists_show_all(raw, on, error); });
    }
    /* None: a create under a key is never sent again. */
    ClientBuilder &assume_server_grace(std::optional<std::chrono::milliseconds> time)
    {
        const std::uint64_t grace = time ? detail::millis(*time) : NEXUS_NEVER;
        return assume([=](auto *raw, auto *error) {
            return nexus_client_builder_assume_server_grace_ms(raw, grace, error);
        });
    }
    /* How reads are retried; 0 leaves a number at its default. */
    ClientBuilder &retry(const nexus_retry &retry)
    {
        retry_ = retry;
        return *this;
    }
    /* Whether deposits take 12 to 36 hours or about two minutes. */
    ClientBuilder &production(bool yes)
    {
        production_ = yes;
        return *this;
    }
    ClientBuilder &proxy(std::string_view url) { return set(proxy_, url); }
    /* PEM. */
    ClientBuilder &root_certificates(std::string_view pem) { return set(roots_, pem); }
    /* PEM. */
    ClientBuilder &client_certificate(std::string_view chain, std::string_view key)
    {
        chain_ = chain;
        return set(key_, key);
    }
    /* Names the calling program in User-Agent. */
    ClientBuilder &product(std::string_view product) { return set(product_, product); }
    /* Called for every event of the client, in each thread that uses it. It must not use the client. What it throws is
     * lost. */
    ClientBuilder &observer(std::function<void(const Observation &)> observer)
    {
        observer_ = std::move(observer);
        return *this;
    }

    [[nodiscard]] Result<Client> try_build() const;
    [[nodiscard]] Client build() const { return try_build().value(); }

private:
    using Maybe = std::optional<std::string>;
    ClientBuilder &set(Maybe &place, std::string_view text)
    {
        place = text;
        return *this;
    }
    ClientBuilder &limit(std::uint64_t &place, std::chrono::milliseconds time)
    {
        place = detail::millis(time);
        return *this;
    }
    using Switch = std::function<nexus_code(nexus_client_builder *, nexus_error **)>;
    ClientBuilder &assume(Switch one)
    {
        switches_.push_back(std::move(one));
        return *this;
    }
    static void observed(const nexus_observation *observation, void *user) noexcept;

    std::string base_url_, client_id_, user_id_;
    Maybe token_, api_key_, sso_url_, proxy_, roots_, chain_, key_, product_;
    nexus_limits limits_{};
    nexus_retry retry_{};
    std::optional<bool> production_;
    std::vector<Switch> switches_;
    std::function<void(const Observation &)> observer_;
};

} // namespace nexus

#include "client_impl.hpp"

#endif
