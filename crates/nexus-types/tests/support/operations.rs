//! Makes an operation out of what a case says, and hides its type; not every test that does so needs all of this.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use nexus_types::{
    AccountName, AccountNumber, AccountType, ClientId, Create, DepositAmount, Endpoint, Error, GetApiToken, List,
    Microdeposit, MicrodepositGuid, OpenSession, Person, Preinitiate, Read, Request, Response, RoutingNumber, UserId,
    Verify, WidgetUrl,
};
use serde::Deserialize;

/// What a caller gives.
#[derive(Deserialize, Default, Clone)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Input {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) account_name: Option<String>,
    pub(crate) account_number: String,
    pub(crate) account_type_name: String,
    pub(crate) routing_number: String,
    pub(crate) guid: Option<String>,
    pub(crate) amounts: Option<[String; 2]>,
    pub(crate) client_id: String,
    pub(crate) user_id: String,
}

impl Input {
    /// Values with which any operation can be made, for cases that are about the response.
    pub(crate) fn any() -> Input {
        Input {
            first_name: "a".into(),
            last_name: "b".into(),
            email: "c@d.ef".into(),
            account_name: None,
            account_number: "1".into(),
            account_type_name: "CHECKING".into(),
            routing_number: "091000019".into(),
            guid: Some("MIC-1".into()),
            amounts: Some(["0.01".into(), "0.02".into()]),
            client_id: "client".into(),
            user_id: "user".into(),
        }
    }

    fn person(&self) -> Person {
        Person::new(self.first_name.as_str(), self.last_name.as_str(), self.email.as_str()).unwrap()
    }

    fn guid(&self) -> MicrodepositGuid {
        MicrodepositGuid::new(self.guid.as_deref().unwrap()).unwrap()
    }

    fn user(&self) -> (ClientId, UserId) {
        (ClientId::new(self.client_id.as_str()).unwrap(), UserId::new(self.user_id.as_str()).unwrap())
    }
}

/// What a success brings, whatever the operation.
#[derive(Debug)]
pub(crate) enum Outcome {
    Records(Vec<Microdeposit>),
    Token(String),
    Url(String),
}

type Parse = Box<dyn Fn(&Response) -> Result<Outcome, Error>>;

/// An operation: what it sends and how it reads.
pub(crate) struct Built {
    pub(crate) request: Request,
    pub(crate) parse: Parse,
}

fn built<E: Endpoint + 'static>(endpoint: E, wrap: fn(E::Output) -> Outcome) -> Built {
    let request = endpoint.request();
    assert_eq!(request.operation, endpoint.operation());
    Built { request, parse: Box::new(move |response| endpoint.parse(response).map(wrap)) }
}

pub(crate) fn build(operation: &str, input: &Input) -> Built {
    let one = |record| Outcome::Records(vec![record]);
    match operation {
        "create" => {
            let create = Create::new(
                input.person(),
                RoutingNumber::new(&input.routing_number).unwrap(),
                AccountNumber::new(input.account_number.as_str()).unwrap(),
                AccountType::from_name(&input.account_type_name).unwrap(),
            );
            match &input.account_name {
                Some(name) => built(create.with_account_name(AccountName::new(name.as_str()).unwrap()), one),
                None => built(create, one),
            }
        }
        "preinitiate" => built(Preinitiate::new(input.person()), one),
        "list" => built(List::new(), Outcome::Records),
        "read" => built(Read::new(input.guid()), one),
        "verify" => {
            let [first, second] = input.amounts.as_ref().unwrap();
            let amount = |text: &str| DepositAmount::parse(text).unwrap();
            built(Verify::new(input.guid(), amount(first), amount(second)), one)
        }
        "open_session" => built(OpenSession::new(), |token| Outcome::Token(token.expose().to_owned())),
        "api_token" => {
            let (client, user) = input.user();
            built(GetApiToken::new(client, user), |token| Outcome::Token(token.expose().to_owned()))
        }
        "widget_url" => {
            let (client, user) = input.user();
            let current = input.guid.as_ref().map(|_| input.guid());
            built(WidgetUrl::new(client, user, current), |link| Outcome::Url(link.expose().to_owned()))
        }
        other => panic!("no operation {other}"),
    }
}
