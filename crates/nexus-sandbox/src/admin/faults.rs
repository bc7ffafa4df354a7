//! `/_sandbox/faults`.

use serde_json::{Value, json};

use super::paging::no_fault;
use crate::call::{Call, Reply};
use crate::fault_json::{FIELDS, given, read};
use crate::faults::Armed;
use crate::json_reader::{Object, Problem};
use crate::world::World;

pub(crate) fn respond(world: &mut World, call: &Call<'_>, id: &str) -> Result<Reply, Reply> {
    match (call.method, id) {
        ("GET", _) => Ok(Reply::admin(&list(world))),
        ("POST", _) => {
            let refused = |problem: Problem| Reply::problem(&problem);
            let object = Object::body(call.body, &FIELDS).map_err(refused)?;
            let fault = read(&object).map_err(refused)?;
            let comment = object.raw("comment").map(Into::into);
            Ok(Reply::admin(&json!({"id": world.faults.add(fault, comment)})))
        }
        (_, "") => {
            world.clear_faults();
            Ok(Reply::admin(&json!({"faults": []})))
        }
        (_, id) => {
            let id: u32 = id.parse().map_err(|_| Reply::not_found())?;
            let removed = world.faults.remove(id);
            if removed { Ok(Reply::admin(&json!({}))) } else { Err(no_fault(world.faults.numbers, id)) }
        }
    }
}

/// All that are armed.
pub(super) fn list(world: &World) -> Value {
    json!({"faults": world.faults.all().iter().map(shown).collect::<Vec<_>>()})
}

/// Everything that was given, and what it has done so far. Null is what was not given.
fn shown(armed: &Armed) -> Value {
    let mut given = given(&armed.fault);
    let comment = armed.comment.as_deref().and_then(|comment| serde_json::from_str::<Value>(comment).ok());
    given.extend(comment.map(|comment| ("comment".to_owned(), comment)));
    let fields = FIELDS.iter().map(|field| ((*field).to_owned(), given.remove(*field).unwrap_or_default()));
    let mut shown: Value = fields.collect();
    (shown["id"], shown["seen"], shown["hits"]) = (json!(armed.id), json!(armed.seen), json!(armed.hits));
    shown
}
