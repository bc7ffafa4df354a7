//! [`Operation`]: what can be asked of the API.

/// The operations of the API, numbered for C and Python. Numbers are never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Operation {
    /// `POST /micro_deposits` with account details.
    Create = 1,
    /// `POST /micro_deposits` with the person only.
    Preinitiate = 2,
    /// `GET /micro_deposits`, of later pages with `?page=n`.
    List = 3,
    /// `GET /micro_deposits/{guid}`.
    Read = 4,
    /// `PUT /micro_deposits/{guid}`.
    Verify = 5,
    /// `POST /sessions`.
    OpenSession = 6,
    /// `GET /{client_id}/users/{user_id}/api_token.json` (SSO).
    ApiToken = 7,
    /// `POST /{client_id}/users/{user_id}/urls.json` (SSO).
    WidgetUrl = 8,
}

impl Operation {
    /// Every operation, in order of number.
    pub const ALL: [Operation; 8] = [
        Operation::Create,
        Operation::Preinitiate,
        Operation::List,
        Operation::Read,
        Operation::Verify,
        Operation::OpenSession,
        Operation::ApiToken,
        Operation::WidgetUrl,
    ];

    /// A short lower-case name, fit for messages.
    pub fn name(self) -> &'static str {
        match self {
            Operation::Create => "create",
            Operation::Preinitiate => "preinitiate",
            Operation::List => "list",
            Operation::Read => "read",
            Operation::Verify => "verify",
            Operation::OpenSession => "open_session",
            Operation::ApiToken => "api_token",
            Operation::WidgetUrl => "widget_url",
        }
    }

    /// Whether sending it twice does no more than sending it once.
    ///
    /// True for `List`, `Read` and `ApiToken` (all GET). A create has no idempotency key and a verify spends one of three
    /// answers, so both are false; so are the two POSTs that hand out a secret.
    pub fn repeatable(self) -> bool {
        matches!(self, Operation::List | Operation::Read | Operation::ApiToken)
    }
}
