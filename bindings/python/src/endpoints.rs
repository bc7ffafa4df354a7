//! Requests and their responses without I/O, for programs with another HTTP library.

use std::time::{SystemTime, UNIX_EPOCH};

use nexus_types::{self as core, AccountName, ClientId, Endpoint, Error, Host, Person, Response, UserId};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyDict, PyString};

use crate::arguments::{Text, bytes, given, http_status, text, text_or, whole};
use crate::convert;
use crate::errors::checked;
use crate::panic::guarded;
use crate::record::Microdeposit;
use crate::records::Microdeposits;
use crate::secrets::{AccountNumber, RoutingNumber, Secret};
use crate::values::amount;

/// One request, ready to be carried by any HTTP library, but for its secret: add the header `auth_header` yourself.
#[pyclass(frozen, module = "mx_nexus")]
pub struct Request(pub(crate) core::Request);

#[pymethods]
impl Request {
    /// What is being done, such as "verify".
    #[getter]
    fn operation(&self) -> &'static str {
        self.0.operation.name()
    }

    /// Whether it may be sent twice. A create or a verify may not: never let your library retry one.
    #[getter]
    fn repeatable(&self) -> bool {
        self.0.operation.repeatable()
    }

    /// "GET", "POST" or "PUT".
    #[getter]
    fn method(&self) -> &'static str {
        self.0.method.as_str()
    }

    /// Which base address the path belongs to: "data" or "sso".
    #[getter]
    fn host(&self) -> &'static str {
        match self.0.host {
            Host::Data => "data",
            Host::Sso => "sso",
        }
    }

    /// Absolute path, percent-encoded.
    #[getter]
    fn path(&self) -> &str {
        &self.0.path
    }

    /// The headers without the secret one.
    #[getter]
    fn headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let headers = PyDict::new(py);
        for (name, value) in self.0.headers() {
            headers.set_item(name, value)?;
        }
        Ok(headers)
    }

    /// The name of the header that carries the secret, such as "MD-SESSION-TOKEN".
    #[getter]
    fn auth_header(&self) -> &'static str {
        self.0.auth.header_name()
    }

    /// The JSON body, or None. It may hold an account number: keep it out of logs.
    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.0.body.as_ref().map(|body| PyBytes::new(py, body))
    }

    fn __repr__(&self) -> String {
        format!("<Request {} {} {}>", self.operation(), self.method(), self.host())
    }
}

/// The person of a create or pre-initiate, held to the rules.
pub(crate) fn person(py: Python<'_>, [first_name, last_name, email]: [Text<'_>; 3]) -> PyResult<Person> {
    checked(py, Person::new(first_name.of("first_name")?, last_name.of("last_name")?, email.of("email")?))
}

/// Whose session it is.
pub(crate) fn user(py: Python<'_>, client_id: Text<'_>, user_id: Text<'_>) -> PyResult<(ClientId, UserId)> {
    Ok((checked(py, ClientId::new(client_id.of("client_id")?))?, checked(py, UserId::new(user_id.of("user_id")?))?))
}

/// "checking" or "savings" in any case, or an AccountType.
fn account_type(value: &Bound<'_, PyAny>) -> PyResult<core::AccountType> {
    let py = value.py();
    if let Ok(given) = value.cast::<PyString>() {
        return checked(py, text("account_type", given)?.parse::<core::AccountType>());
    }
    let rule = "must be \"checking\", \"savings\", 1 (checking) or 2 (savings)";
    let number = whole("account_type", value, rule, |_| true)?;
    checked(py, core::AccountType::from_number(number).ok_or_else(|| Error::input("account_type", rule)))
}

fn routing_number(value: &Bound<'_, PyAny>) -> PyResult<core::RoutingNumber> {
    if let Ok(number) = value.cast::<RoutingNumber>() {
        return checked(value.py(), core::RoutingNumber::new(number.get().text()));
    }
    let text = text_or("routing_number", value, "text or a RoutingNumber")?;
    checked(value.py(), core::RoutingNumber::new(text))
}

fn account_number(value: &Bound<'_, PyAny>) -> PyResult<core::AccountNumber> {
    if let Ok(number) = value.cast::<AccountNumber>() {
        return checked(value.py(), core::AccountNumber::new(number.get().text()));
    }
    let text = text_or("account_number", value, "text or an AccountNumber")?;
    checked(value.py(), core::AccountNumber::new(text))
}

/// What a create is made of.
pub(crate) fn create(
    py: Python<'_>,
    who: [Text<'_>; 3],
    routing: &Bound<'_, PyAny>,
    account: &Bound<'_, PyAny>,
    kind: &Bound<'_, PyAny>,
    account_name: Option<Text<'_>>,
) -> PyResult<core::Create> {
    let person = person(py, who)?;
    let create = core::Create::new(person, routing_number(routing)?, account_number(account)?, account_type(kind)?);
    Ok(match given("account_name", &account_name)? {
        Some(name) => create.with_account_name(checked(py, AccountName::new(name))?),
        None => create,
    })
}

/// Reads a response without the interpreter's lock.
fn read<E: Endpoint + Sync>(
    py: Python<'_>,
    endpoint: &E,
    status: u16,
    body: &Bound<'_, PyAny>,
    retry_after: Option<&str>,
) -> PyResult<E::Output>
where
    E::Output: Send,
{
    let mut response = Response::new(status, bytes("body", body)?);
    response.retry_after = retry_after.map(str::to_owned);
    let now = now();
    let outcome = py.detach(|| guarded("parse", || endpoint.parse_at(&response, now)));
    checked(py, outcome)
}

/// Seconds since 1970, UTC.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// A list may be large: its body is read where Python holds it.
fn read_list(
    py: Python<'_>,
    endpoint: &core::List,
    status: u16,
    body: &Bound<'_, PyAny>,
    retry_after: Option<&str>,
) -> PyResult<Vec<core::Microdeposit>> {
    match body.extract::<PyBackedBytes>() {
        Ok(body) if (200..300).contains(&status) => {
            let outcome = py.detach(|| guarded("parse", || endpoint.parse_success(status, &body)));
            checked(py, outcome)
        }
        _ => read(py, endpoint, status, body, retry_after),
    }
}

macro_rules! endpoint {
    ($name:ident, $output:ty, $read:ident, $wrap:expr, $doc:literal, $new:item) => {
        #[doc = $doc]
        #[pyclass(frozen, module = "mx_nexus")]
        pub struct $name(core::$name);

        #[pymethods]
        impl $name {
            #[new]
            $new

            /// What to send.
            fn request(&self) -> Request {
                Request(self.0.request())
            }

            /// Reads the response: HTTP status and body. Raises ApiError for every status but 2xx, DecodeError for a success
            /// that cannot be read. Give the header Retry-After to find its seconds in the exception.
            #[pyo3(signature = (status, body, *, retry_after = None))]
            fn parse(
                &self,
                py: Python<'_>,
                status: &Bound<'_, PyAny>,
                body: &Bound<'_, PyAny>,
                retry_after: Option<Text<'_>>,
            ) -> PyResult<$output> {
                let retry_after = given("retry_after", &retry_after)?;
                $read(py, &self.0, http_status(status)?, body, retry_after).map($wrap)
            }

            fn __repr__(&self) -> &'static str {
                concat!("<", stringify!($name), ">")
            }
        }
    };
}

endpoint! { Create, Microdeposit, read, Microdeposit::new,
    "Creates a microdeposit with account details.",
    #[pyo3(signature = (*, first_name, last_name, email, routing_number, account_number, account_type, account_name = None))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        first_name: Text<'_>,
        last_name: Text<'_>,
        email: Text<'_>,
        routing_number: &Bound<'_, PyAny>,
        account_number: &Bound<'_, PyAny>,
        account_type: &Bound<'_, PyAny>,
        account_name: Option<Text<'_>>,
    ) -> PyResult<Create> {
        let who = [first_name, last_name, email];
        create(py, who, routing_number, account_number, account_type, account_name).map(Create)
    }
}

endpoint! { Preinitiate, Microdeposit, read, Microdeposit::new,
    "Creates a microdeposit without account details; the person gives them in the Connect Widget.",
    #[pyo3(signature = (*, first_name, last_name, email))]
    fn new(py: Python<'_>, first_name: Text<'_>, last_name: Text<'_>, email: Text<'_>) -> PyResult<Preinitiate> {
        Ok(Preinitiate(core::Preinitiate::new(person(py, [first_name, last_name, email])?)))
    }
}

endpoint! { List, Microdeposits, read_list, Microdeposits::new,
    "Lists the microdeposits of the session's user.",
    fn new() -> List {
        List(core::List::new())
    }
}

endpoint! { Read, Microdeposit, read, Microdeposit::new,
    "Reads one microdeposit, which forces the server to update its status.",
    #[pyo3(signature = (guid, /))]
    fn new(py: Python<'_>, guid: Text<'_>) -> PyResult<Read> {
        Ok(Read(core::Read::new(convert::guid(py, &guid)?)))
    }
}

endpoint! { Verify, Microdeposit, read, Microdeposit::new,
    "Submits the two amounts: text, Decimal or Cents. Send it once; it spends one of three submissions.",
    #[pyo3(signature = (guid, first, second, /))]
    fn new(
        py: Python<'_>,
        guid: Text<'_>,
        first: &Bound<'_, PyAny>,
        second: &Bound<'_, PyAny>,
    ) -> PyResult<Verify> {
        Ok(Verify(core::Verify::new(convert::guid(py, &guid)?, amount(first)?, amount(second)?)))
    }
}

endpoint! { OpenSession, Secret, read, |token| Secret::make(token.expose()),
    "Opens a session with an API token; gives the session's token.",
    fn new() -> OpenSession {
        OpenSession(core::OpenSession::new())
    }
}

endpoint! { GetApiToken, Secret, read, |token| Secret::make(token.expose()),
    "Asks the SSO API for an API token, which opens one session within ten minutes.",
    fn new(py: Python<'_>, client_id: Text<'_>, user_id: Text<'_>) -> PyResult<GetApiToken> {
        let (client_id, user_id) = user(py, client_id, user_id)?;
        Ok(GetApiToken(core::GetApiToken::new(client_id, user_id)))
    }
}

endpoint! { WidgetUrl, Secret, read, |link| Secret::make(link.expose()),
    "Asks the SSO API for the address of a Connect Widget in verification mode.",
    #[pyo3(signature = (client_id, user_id, guid = None))]
    fn new(
        py: Python<'_>,
        client_id: Text<'_>,
        user_id: Text<'_>,
        guid: Option<Text<'_>>,
    ) -> PyResult<WidgetUrl> {
        let (client_id, user_id) = user(py, client_id, user_id)?;
        let current = guid.map(|text| convert::guid(py, &text)).transpose()?;
        Ok(WidgetUrl(core::WidgetUrl::new(client_id, user_id, current)))
    }
}
