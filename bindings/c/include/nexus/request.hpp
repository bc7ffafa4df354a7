/* Requests and responses, for callers with another HTTP library. */
#ifndef NEXUS_REQUEST_HPP
#define NEXUS_REQUEST_HPP

#include "values.hpp"

namespace nexus {

/* One request; it also parses the response. Follow no redirects, and send a request that is not `repeatable` only once.
 * Unguarded: the library neither reads before a create or submission that is sent this way, nor reconciles it after. Flow does
 * both. */
class Request {
public:
    static Request create(const CreateInput &input)
    {
        const detail::CInput given{input};
        return make([&](auto *out, auto *error) { return nexus_request_create(given.get(), sizeof *given.get(), out, error); });
    }
    static Request preinitiate(const PersonInput &person)
    {
        const detail::CText first{person.first_name}, last{person.last_name}, email{person.email};
        return make([&](auto *out, auto *error) {
            return nexus_request_preinitiate(first.get(), last.get(), email.get(), out, error);
        });
    }
    static Request list()
    {
        return make([](auto *out, auto *error) { return nexus_request_list(out, error); });
    }
    static Request read(std::string_view guid)
    {
        const detail::CText which{guid};
        return make([&](auto *out, auto *error) { return nexus_request_read(which.get(), out, error); });
    }
    static Request verify(std::string_view guid, Amount first, Amount second)
    {
        const detail::CText which{guid};
        return make([&](auto *out, auto *error) {
            return nexus_request_verify(which.get(), first.cents(), second.cents(), out, error);
        });
    }
    static Request open_session()
    {
        return make([](auto *out, auto *error) { return nexus_request_open_session(out, error); });
    }
    static Request api_token(std::string_view client_id, std::string_view user_id)
    {
        const detail::CText client{client_id}, user{user_id};
        return make([&](auto *out, auto *error) {
            return nexus_request_api_token(client.get(), user.get(), out, error);
        });
    }
    static Request widget_url(std::string_view client_id, std::string_view user_id,
                              std::optional<std::string_view> guid = std::nullopt)
    {
        const detail::CText client{client_id}, user{user_id}, which{guid.value_or("")};
        return make([&](auto *out, auto *error) {
            return nexus_request_widget_url(client.get(), user.get(), guid ? which.get() : nullptr, out, error);
        });
    }

    [[nodiscard]] bool repeatable() const noexcept { return view_.repeatable; }
    /* Whether it is for the SSO API's host. */
    [[nodiscard]] bool to_sso() const noexcept { return view_.to_sso; }
    [[nodiscard]] std::string_view operation() const noexcept { return nexus_operation_name(view_.operation); }
    [[nodiscard]] std::string_view method() const noexcept { return detail::plain(view_.method); }
    [[nodiscard]] std::string_view path() const noexcept { return detail::plain(view_.path); }
    /* The value of Accept, and of Content-Type if there is a body. */
    [[nodiscard]] std::string_view media_type() const noexcept { return detail::plain(view_.media_type); }
    /* The header that carries the secret. */
    [[nodiscard]] std::string_view auth_header() const noexcept { return detail::plain(view_.auth_header); }
    [[nodiscard]] std::optional<std::string_view> body() const noexcept { return detail::maybe(view_.body); }

    /* Parses the response to create, preinitiate, read and verify. */
    [[nodiscard]] Result<Microdeposit> try_parse(int http_status, std::string_view body) const
    {
        return detail::attempt<Microdeposit, nexus_microdeposit *>([&](auto *out, auto *error) {
            return nexus_request_parse_microdeposit(handle_.get(), http_status, body.data(), body.size(), out, error);
        });
    }
    [[nodiscard]] Microdeposit parse(int http_status, std::string_view body) const
    {
        return try_parse(http_status, body).value();
    }
    /* Parses the response to list. */
    [[nodiscard]] Result<List> try_parse_list(int http_status, std::string_view body) const
    {
        return detail::attempt<List, nexus_list *>([&](auto *out, auto *error) {
            return nexus_request_parse_list(handle_.get(), http_status, body.data(), body.size(), out, error);
        });
    }
    [[nodiscard]] List parse_list(int http_status, std::string_view body) const
    {
        return try_parse_list(http_status, body).value();
    }
    /* Parses the response to open_session, api_token and widget_url: a secret. */
    [[nodiscard]] std::string parse_text(int http_status, std::string_view body) const
    {
        nexus_text *out = nullptr;
        nexus_error *error = nullptr;
        const nexus_code code =
            nexus_request_parse_text(handle_.get(), http_status, body.data(), body.size(), &out, &error);
        if (code != NEXUS_OK)
            Failure{code, error}.raise();
        return detail::taken(out);
    }

    explicit Request(nexus_request *request) : handle_(request) { nexus_request_view_of(request, &view_, sizeof view_); }

private:
    template <typename Call>
    static Request make(Call &&call)
    {
        return detail::attempt<Request, nexus_request *>(std::forward<Call>(call)).value();
    }
    detail::Owned<nexus_request, nexus_request_free> handle_;
    nexus_request_view view_{};
};

} // namespace nexus

#endif
