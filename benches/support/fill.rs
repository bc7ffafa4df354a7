//! Worlds without a socket that hold many records, and the requests to them.

use std::hint::black_box;
use std::time::{Duration, Instant};

use nexus_sandbox::{Call, Options, World};
use nexus_types::{MEDIA_TYPE, SSO_MEDIA_TYPE};

/// The user with all the records, and the one with three.
pub const MANY: &str = "user-1";
pub const FEW: &str = "user-2";

/// A guid of every record, so that reads go everywhere and not to the few that are in the caches. The memory is written to
/// when it is made: it shall not be counted as the records'.
pub struct Guids(Vec<[u8; 40]>);

impl Guids {
    pub fn room_for(records: usize) -> Guids {
        Guids(vec![[b'-'; 40]; records])
    }

    pub fn path(&self, number: usize) -> String {
        let guid = std::str::from_utf8(&self.0[number]).expect("text");
        format!("/micro_deposits/{guid}")
    }
}

pub struct Filled {
    pub world: World,
    pub session: String,
    guids: Guids,
    created: usize,
}

impl Filled {
    /// Every record has an e-mail address and an account number of its own.
    pub fn new(mut guids: Guids) -> Filled {
        let mut world = World::new(Options::default());
        let session = world.credentials().session_token.clone();
        let few = login(&mut world, FEW);
        for number in 0..3 {
            ask(&mut world, &creation(&few, &body(9_000_000 + number)));
        }
        for (number, place) in guids.0.iter_mut().enumerate() {
            let body = ask(&mut world, &creation(&session, &body(number)));
            place.copy_from_slice(field(&body, "guid").as_bytes());
        }
        Filled { world, session, created: guids.0.len(), guids }
    }

    pub fn path(&self, number: usize) -> String {
        self.guids.path(number)
    }

    /// Reads so many records here and there among the first `among`; other ones for another `seed`.
    pub fn reads(&mut self, calls: usize, seed: u64, among: usize) -> Duration {
        let place = |call: u64| {
            let mixed = (seed << 20 | call).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            ((mixed >> 32) as usize) % self.guids.0.len().min(among)
        };
        let paths: Vec<String> = (0..calls as u64).map(|call| self.path(place(call))).collect();
        let start = Instant::now();
        for path in &paths {
            black_box(ask(&mut self.world, &get(&self.session, path)));
        }
        start.elapsed()
    }

    /// Creates so many records that were not there.
    pub fn creates(&mut self, calls: usize) -> Duration {
        let bodies: Vec<Vec<u8>> = (self.created..self.created + calls).map(body).collect();
        self.created += calls;
        let start = Instant::now();
        for body in &bodies {
            black_box(ask(&mut self.world, &creation(&self.session, body)));
        }
        start.elapsed()
    }
}

pub fn get<'a>(session: &'a str, path: &'a str) -> Call<'a> {
    let mut call = Call::new("GET", path);
    call.session_token = Some(session);
    call.accept = Some(MEDIA_TYPE);
    call
}

fn creation<'a>(session: &'a str, body: &'a [u8]) -> Call<'a> {
    let mut call = get(session, "/micro_deposits");
    (call.method, call.content_type, call.body) = ("POST", Some(MEDIA_TYPE), body);
    call
}

fn body(number: usize) -> Vec<u8> {
    let text = format!(
        r#"{{"micro_deposit":{{"first_name":"Josh","last_name":"James","email":"example{number}@example.com","routing_number":"091000019","account_number":"4444{number:08}","account_type_name":"CHECKING"}}}}"#
    );
    text.into_bytes()
}

/// Opens a session of this user, as the API wants it.
pub fn login(world: &mut World, user: &str) -> String {
    let who = world.credentials().clone();
    let path = format!("/{}/users/{user}/api_token.json", who.client_id);
    let mut call = Call::new("GET", &path);
    (call.accept, call.api_key) = (Some(SSO_MEDIA_TYPE), Some(who.api_key.as_str()));
    let response = ask(world, &call);
    let token = field(&response, "token");
    let mut call = Call::new("POST", "/sessions");
    (call.accept, call.api_token) = (Some(MEDIA_TYPE), Some(token));
    field(&ask(world, &call), "token").to_owned()
}

/// The body of a 200, and nothing else.
pub fn ask(world: &mut World, call: &Call<'_>) -> Vec<u8> {
    let reply = world.respond(call);
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    reply.body
}

/// One text of a response, without reading all of it.
fn field<'a>(response: &'a [u8], name: &str) -> &'a str {
    let text = std::str::from_utf8(response).expect("text");
    let (_, rest) = text.split_once(&format!(r#""{name}":""#)).expect("the field");
    rest.split_once('"').expect("its end").0
}
