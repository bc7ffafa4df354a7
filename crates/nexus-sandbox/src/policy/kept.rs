//! [`Kept`]: the types of a policy's fields, from JSON and to JSON.

use nexus_types::DepositAmount;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::choices::{
    AmountOrder, CreateShows, Deposits, EmptyList, ErrorBody, ErrorCode, IavDeletes, ListPaging, ListShape, MediaType,
    Numbers, OddAmounts, ReadsTouch, Refresh, TimeForm, TimeResolution, UpdatedAt, Verification, WidgetPoll,
    WidgetToken,
};
use super::webhooks::WebhookSuccess;

/// A type that a field of a policy may have.
pub(super) trait Kept: Sized {
    fn read(value: Value) -> Option<Self>;
    fn write(&self) -> Value;
}

macro_rules! kept_as_serde_has_it {
    ($($kind:ty),+ $(,)?) => {
        $(impl Kept for $kind {
            fn read(value: Value) -> Option<Self> {
                plain(value)
            }

            fn write(&self) -> Value {
                serde_json::to_value(self).unwrap_or_default()
            }
        })+
    };
}

kept_as_serde_has_it!(
    bool,
    u16,
    u32,
    usize,
    Option<u16>,
    Option<u32>,
    Option<String>,
    Vec<String>,
    Vec<u32>,
    AmountOrder,
    CreateShows,
    Deposits,
    EmptyList,
    ErrorBody,
    ErrorCode,
    ListPaging,
    ListShape,
    MediaType,
    Numbers,
    OddAmounts,
    ReadsTouch,
    Refresh,
    TimeForm,
    TimeResolution,
    UpdatedAt,
    Verification,
    IavDeletes,
    WebhookSuccess,
    WidgetPoll,
    WidgetToken,
);

fn plain<T: DeserializeOwned>(value: Value) -> Option<T> {
    serde_json::from_value(value).ok()
}

/// As texts, for a JSON number has no fixed decimals.
impl Kept for Option<[DepositAmount; 2]> {
    fn read(value: Value) -> Option<Self> {
        let texts: Option<[String; 2]> = plain(value)?;
        let Some([first, second]) = texts else { return Some(None) };
        Some(Some([DepositAmount::parse(&first).ok()?, DepositAmount::parse(&second).ok()?]))
    }

    fn write(&self) -> Value {
        self.map(|amounts| amounts.map(|amount| amount.to_string())).map_or(Value::Null, Value::from_iter)
    }
}
