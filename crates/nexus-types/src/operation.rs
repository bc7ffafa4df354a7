//! [`Operation`]: the operations of the API, with the [`Method`] and the effect of each.

macro_rules! methods {
    ($($variant:ident = $text:literal;)*) => {
        /// The HTTP methods that the API uses. A version that knows more operations may use more of them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Method { $(#[doc = concat!("`", $text, "`")] $variant,)* }

        impl Method {
            /// The method as it stands in the request line.
            pub const fn as_str(self) -> &'static str {
                match self { $(Method::$variant => $text,)* }
            }
        }
    };
}

methods! {
    Get = "GET";
    Post = "POST";
    Put = "PUT";
}

/// What carrying out an operation does at the server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Nothing that counts.
    Looks,
    /// It hands out a secret, of which a second is too many.
    HandsOut,
    /// It makes or changes a microdeposit.
    Changes,
}

macro_rules! operations {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal, $method:ident, $effect:ident;)*) => {
        /// The operations of the API, numbered for C and Python. Numbers are never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Operation { $($(#[$doc])* $variant = $number,)* }

        impl Operation {
            /// Every operation, in order of number.
            pub const ALL: [Operation; [$($number,)*].len()] = [$(Operation::$variant,)*];

            /// A short lower-case name, fit for messages.
            pub fn name(self) -> &'static str {
                match self { $(Operation::$variant => $name,)* }
            }

            /// The HTTP method of its request.
            pub const fn method(self) -> Method {
                match self { $(Operation::$variant => Method::$method,)* }
            }

            fn effect(self) -> Effect {
                match self { $(Operation::$variant => Effect::$effect,)* }
            }
        }
    };
}

operations! {
    /// `POST /micro_deposits` with account details.
    Create = 1, "create", Post, Changes;
    /// `POST /micro_deposits` with the person only.
    Preinitiate = 2, "preinitiate", Post, Changes;
    /// `GET /micro_deposits`, of later pages with `?page=n`.
    List = 3, "list", Get, Looks;
    /// `GET /micro_deposits/{guid}`.
    Read = 4, "read", Get, Looks;
    /// `PUT /micro_deposits/{guid}`.
    Verify = 5, "verify", Put, Changes;
    /// `POST /sessions`.
    OpenSession = 6, "open_session", Post, HandsOut;
    /// `GET /{client_id}/users/{user_id}/api_token.json` (SSO).
    ApiToken = 7, "api_token", Get, Looks;
    /// `POST /{client_id}/users/{user_id}/urls.json` (SSO).
    WidgetUrl = 8, "widget_url", Post, HandsOut;
}

impl Operation {
    /// The stable number.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The operation of this number.
    pub fn from_number(number: u8) -> Option<Operation> {
        Operation::ALL.into_iter().find(|operation| operation.number() == number)
    }

    /// The operation of this name.
    pub fn from_name(name: &str) -> Option<Operation> {
        Operation::ALL.into_iter().find(|operation| operation.name() == name)
    }

    /// Whether sending it twice does no more than sending it once.
    ///
    /// True for `List`, `Read` and `ApiToken` (all GET). A create has no idempotency key and a verify spends one of three
    /// submissions, so both are false; so are the two POSTs that hand out a secret.
    pub fn repeatable(self) -> bool {
        self.effect() == Effect::Looks
    }

    /// Whether it makes or changes a microdeposit, so that one whose response is lost leaves something unknown behind: true
    /// for `Create`, `Preinitiate` and `Verify`.
    pub fn changes(self) -> bool {
        self.effect() == Effect::Changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Operations of another method than GET that may be repeated all the same, each with the reason. None is known.
    const REPEATABLE_THOUGH_NO_GET: [(Operation, &str); 0] = [];

    #[test]
    fn what_may_be_repeated_is_a_get_or_has_a_reason() {
        for operation in Operation::ALL {
            let excepted = REPEATABLE_THOUGH_NO_GET.iter().any(|(one, reason)| *one == operation && !reason.is_empty());
            assert!(
                !operation.repeatable() || operation.method() == Method::Get || excepted,
                "{operation:?} is {} and marked Looks: it would be sent again after a failure",
                operation.method().as_str()
            );
            assert!(
                !operation.changes() || operation.method() != Method::Get,
                "{operation:?} is GET and marked Changes: caches and proxies may repeat it"
            );
        }
    }
}
