//! The faults of a world as an export has them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::count::Count;
use crate::fault_json::{FIELDS, given, read};
use crate::faults::{Armed, Faults};
use crate::json_reader::{Object, Problem};
use crate::numbers::Numbers;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptFaults {
    /// The ids up to here are from before a reset.
    before: Count,
    issued: Count,
    drawn: Count,
    armed: Vec<KeptFault>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptFault {
    id: u32,
    seen: u32,
    hits: u32,
    /// As `/_sandbox/faults` takes it, but for the comment, which decides nothing.
    fault: Map<String, Value>,
}

impl KeptFaults {
    pub(super) fn of(faults: &Faults) -> KeptFaults {
        let (issued, drawn) = faults.counts();
        let before = Count(faults.numbers.before());
        let armed = faults.all().iter();
        let kept = |one: &Armed| KeptFault { id: one.id, seen: one.seen, hits: one.hits, fault: given(&one.fault) };
        KeptFaults { before, issued: Count(issued), drawn: Count(drawn), armed: armed.map(kept).collect() }
    }

    pub(super) fn restored(self) -> Result<Faults, Problem> {
        let mut armed = Vec::new();
        for KeptFault { id, seen, hits, fault } in self.armed {
            let text = Value::Object(fault).to_string();
            let fault = read(&Object::body(text.as_bytes(), &FIELDS)?)?;
            armed.push(Armed { id, fault, comment: None, seen, hits });
        }
        Ok(Faults::restored(Numbers::behind(self.before.0), armed, self.issued.0, self.drawn.0))
    }
}
