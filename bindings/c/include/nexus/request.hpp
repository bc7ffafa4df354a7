/* Requests and responses, for callers who have an HTTP library of their own. */
#ifndef NEXUS_REQUEST_HPP
#define NEXUS_REQUEST_HPP

#include "list.hpp"
#include "values.hpp"

namespace nexus {

/* One request; it also reads the response. Follow no redirects, and send one that is not `repeatable` once only. Unguarded: a
 * create or a submission that goes this way is neither looked before nor looked after. Flow is the careful way.
 * The makers throw InvalidInput for values that break a rule, BadUtf8 for what is no text; what reads a response throws
 * ApiError for a refusal and DecodeError for what cannot be read. */
class Request {
public:
    [[nodiscard]] static Request create(const CreateInput &input) { return try_create(input).value(); }
    [[nodiscard]] static Result<Request> try_create(const CreateInput &input)
    {
        const detail::CInput given{input};
        return make([&](auto *out, auto *error) { return nexus_request_create(given.get(), sizeof *given.get(), out, error); });
    }
    [[nodiscard]] static Request preinitiate(const PersonInput &person) { return try_preinitiate(person).value(); }
    [[nodiscard]] static Result<Request> try_preinitiate(const PersonInput &person)
    {
        const detail::CText first{person.first_name}, last{person.last_name}, email{person.email};
        return make([&](auto *out, auto *error) {
            return nexus_request_preinitiate(first.get(), last.get(), email.get(), out, error);
        });
    }
    [[nodiscard]] static Request list() { return try_list().value(); }
    [[nodiscard]] static Result<Request> try_list()
    {
        return make([](auto *out, auto *error) { return nexus_request_list(out, error); });
    }
    [[nodiscard]] static Request read(std::string_view guid) { return try_read(guid).value(); }
    [[nodiscard]] static Result<Request> try_read(std::string_view guid)
    {
        const detail::CText which{guid};
        return make([&](auto *out, auto *error) { return nexus_request_read(which.get(), out, error); });
    }
    [[nodiscard]] static Request verify(std::string_view guid, Amount first, Amount second)
    {
        return try_verify(guid, first, second).value();
    }
    [[nodiscard]] static Result<Request> try_verify(std::string_view guid, Amount first, Amount second)
    {
        const detail::CText which{guid};
        return make([&](auto *out, auto *error) {
            return nexus_request_verify(which.get(), first.cents(), second.cents(), out, error);
        });
    }
    [[nodiscard]] static Request open_session() { return try_open_session().value(); }
    [[nodiscard]] static Result<Request> try_open_session()
    {
        return make([](auto *out, auto *error) { return nexus_request_open_session(out, error); });
    }
    [[nodiscard]] static Request api_token(std::string_view client_id, std::string_view user_id)
    {
        return try_api_token(client_id, user_id).value();
    }
    [[nodiscard]] static Result<Request> try_api_token(std::string_view client_id, std::string_view user_id)
    {
        const detail::CText client{client_id}, user{user_id};
        return make([&](auto *out, auto *error) {
            return nexus_request_api_token(client.get(), user.get(), out, error);
        });
    }
    [[nodiscard]] static Request widget_url(std::string_view client_id, std::string_view user_id,
                                            std::optional<std::string_view> guid = std::nullopt)
    {
        return try_widget_url(client_id, user_id, guid).value();
    }
    [[nodiscard]] static Result<Request> try_widget_url(std::string_view client_id, std::string_view user_id,
                                                        std::optional<std::string_view> guid = std::nullopt)
    {
        const detail::CText client{client_id}, user{user_id}, which{guid.value_or("")};
        return make([&](auto *out, auto *error) {
            return nexus_request_widget_url(client.get(), user.get(), guid ? which.get() : nullptr, out, error);
        });
    }

    [[nodiscard]] bool repeatable() const noexcept { return view_->repeatable; }
    /* Whether it is for the SSO API's host. */
    [[nodiscard]] bool to_sso() const noexcept { return view_->to_sso; }
    [[nodiscard]] std::string_view operation() const noexcept { return nexus_operation_name(view_->operation); }
    [[nodiscard]] std::string_view method() const & noexcept { return detail::plain(view_->method); }
    std::string_view method() const && = delete;
    [[nodiscard]] std::string_view path() const & noexcept { return detail::plain(view_->path); }
    std::string_view path() const && = delete;
    /* Of Accept, and of Content-Type where there is a body. */
    [[nodiscard]] std::string_view media_type() const & noexcept { return detail::plain(view_->media_type); }
    std::string_view media_type() const && = delete;
    /* The header that carries the secret. */
    [[nodiscard]] std::string_view auth_header() const & noexcept { return detail::plain(view_->auth_header); }
    std::string_view auth_header() const && = delete;
    [[nodiscard]] std::optional<std::string_view> body() const & noexcept { return detail::maybe(view_->body); }
    std::optional<std::string_view> body() const && = delete;

    /* Reads the response to create, preinitiate, read and verify. */
    [[nodiscard]] Result<Microdeposit> try_parse(int http_status, std::string_view body) const
    {
        return detail::attempt<Microdeposit, nexus_microdeposit *>([&](auto *out, auto *error) {
            return nexus_request_parse_microdeposit(view_.get(), http_status, body.data(), body.size(), out, error);
        });
    }
    [[nodiscard]] Microdeposit parse(int http_status, std::string_view body) const
    {
        return try_parse(http_status, body).value();
    }
    /* Reads the response to list. */
    [[nodiscard]] Result<List> try_parse_list(int http_status, std::string_view body) const
    {
        return detail::attempt<List, nexus_list *>([&](auto *out, auto *error) {
            return nexus_request_parse_list(view_.get(), http_status, body.data(), body.size(), out, error);
        });
    }
    [[nodiscard]] List parse_list(int http_status, std::string_view body) const
    {
        return try_parse_list(http_status, body).value();
    }
    /* Reads the response to open_session, api_token and widget_url: a secret. */
    [[nodiscard]] std::string parse_text(int http_status, std::string_view body) const
    {
        return try_parse_text(http_status, body).value();
    }
    [[nodiscard]] Result<std::string> try_parse_text(int http_status, std::string_view body) const
    {
        return detail::text([&](nexus_text **out, nexus_error **error) {
            return nexus_request_parse_text(view_.get(), http_status, body.data(), body.size(), out, error);
        });
    }

    /* Takes a handle of C over. */
    explicit Request(nexus_request *request) noexcept : view_(request) {}

private:
    template <typename Call>
    static Result<Request> make(Call &&call)
    {
        return detail::attempt<Request, nexus_request *>(std::forward<Call>(call));
    }
    detail::Viewed<nexus_request, nexus_request_view, nexus_request_free, nexus_request_view_of> view_;
};

} // namespace nexus

#endif
