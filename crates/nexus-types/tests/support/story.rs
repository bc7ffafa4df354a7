//! The format of the conversations in `tests/vectors/conversations.json`.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::operations::Input;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Story {
    pub(crate) profile: String,
    pub(crate) policy: Map<String, Value>,
    pub(crate) steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) r#do: String,
    #[serde(default)]
    pub(crate) input: Map<String, Value>,
    pub(crate) r#as: Option<String>,
    pub(crate) guid: Option<String>,
    pub(crate) amounts: Option<[String; 2]>,
    pub(crate) statement: Option<String>,
    pub(crate) seconds: Option<u64>,
    pub(crate) to: Option<String>,
    pub(crate) method: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) body: Option<String>,
    pub(crate) media_type: Option<String>,
    #[serde(default)]
    pub(crate) events: Vec<(String, String)>,
    pub(crate) expect: Option<Expect>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    pub(crate) http: u16,
    pub(crate) status: Option<String>,
    pub(crate) attempts: Option<u8>,
    #[serde(default)]
    pub(crate) fields: Map<String, Value>,
    pub(crate) guids: Option<Vec<String>>,
    pub(crate) statuses: Option<Vec<String>>,
    pub(crate) code: Option<u32>,
    pub(crate) field: Option<String>,
}

impl Step {
    /// What a caller gives at this step. A key that no caller gives fails the test.
    pub(crate) fn asked(&self) -> Input {
        Input::deserialize(&self.input).unwrap_or_else(|error| panic!("{}: {error}", self.r#do))
    }
}
