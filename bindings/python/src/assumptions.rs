//! `Assumptions`: undocumented behaviour of MX's server that the library relies on; and the lists behind the enums of
//! `mx_nexus.verdict`.

use std::time::Duration;

use nexus_types::assumptions::REFUSALS;
use nexus_types::{self as core, AccountType, Assumption, Event, Field, KnownStatus, Operation};
use nexus_types::{TransportCause, Verdict};
use pyo3::prelude::*;
use pyo3::types::PyFrozenSet;

use crate::arguments::{Text, whole};
use crate::convert::duration;

/// Undocumented behaviour of MX's server that the library relies on. The defaults are cautious; a result or error that
/// rests on one says which (`assumed`, `assumption`).
///
/// refusals: the HTTP statuses taken for a proof that a request was not carried out, out of 400, 403, 404, 413, 415, 422 and
/// 429 (all). updated_at_shows_denial: a second wrong submission moves updated_at and nothing else does; taken only where two
/// reads have shown that reading does not move it (True). judged_within: so long after it was taken a submission is judged
/// (18 s), None for never. lists_show_all: a list without a sign of more shows every microdeposit (True). server_grace: so long
/// after its sender gave up a server may still act on a request (120 s), None for ever. Seconds or timedelta, at most a day.
#[pyclass(frozen, eq, module = "mx_nexus")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Assumptions(pub(crate) core::Assumptions);

/// An argument that may be left out, and may be None.
pub(crate) enum Given<'py> {
    Nothing,
    This(Bound<'py, PyAny>),
}

impl<'py> FromPyObject<'_, 'py> for Given<'py> {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Given<'py>> {
        Ok(Given::This(given.to_owned()))
    }
}

impl Given<'_> {
    fn time(self, field: &'static str, own: Option<Duration>) -> PyResult<Option<Duration>> {
        match self {
            Given::Nothing => Ok(own),
            Given::This(value) if value.is_none() => Ok(None),
            Given::This(value) => duration(field, &value).map(Some),
        }
    }
}

#[pymethods]
impl Assumptions {
    #[new]
    #[pyo3(signature = (*, refusals = None, updated_at_shows_denial = true, judged_within = Given::Nothing,
        lists_show_all = true, server_grace = Given::Nothing),
        text_signature = "(*, refusals=(400, 403, 404, 413, 415, 422, 429), updated_at_shows_denial=True, judged_within=18.0, \
            lists_show_all=True, server_grace=120.0)")]
    fn new(
        refusals: Option<&Bound<'_, PyAny>>,
        updated_at_shows_denial: bool,
        judged_within: Given<'_>,
        lists_show_all: bool,
        server_grace: Given<'_>,
    ) -> PyResult<Assumptions> {
        let mut own = core::Assumptions::default();
        if let Some(refusals) = refusals {
            own = REFUSALS.into_iter().fold(own, |own, status| own.with_refusal(status, false));
            for status in refusals.try_iter()? {
                let rule = "must be among 400, 403, 404, 413, 415, 422 and 429";
                let status = whole("refusals", &status?, rule, |status| REFUSALS.contains(status))?;
                own = own.with_refusal(status, true);
            }
        }
        own.updated_at_shows_denial = updated_at_shows_denial;
        own.judged_within = judged_within.time("judged_within", own.judged_within)?;
        own.lists_show_all = lists_show_all;
        own.server_grace = server_grace.time("server_grace", own.server_grace)?;
        Ok(Assumptions(own))
    }

    /// As little as possible: every switch off.
    #[staticmethod]
    fn none() -> Assumptions {
        Assumptions(core::Assumptions::NONE)
    }

    /// The HTTP statuses taken for refusals given before anything was done.
    #[getter]
    fn refusals<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyFrozenSet>> {
        PyFrozenSet::new(py, REFUSALS.into_iter().filter(|status| self.0.refuses(*status)))
    }

    /// Whether updated_at may show that a second submission was judged.
    #[getter]
    fn updated_at_shows_denial(&self) -> bool {
        self.0.updated_at_shows_denial
    }

    /// Seconds within which a submission that was taken is judged; None: no time is long enough.
    #[getter]
    fn judged_within(&self) -> Option<f64> {
        self.0.judged_within.map(|time| time.as_secs_f64())
    }

    /// Whether a list without a sign of more shows every microdeposit.
    #[getter]
    fn lists_show_all(&self) -> bool {
        self.0.lists_show_all
    }

    /// Seconds for which a server may act on a request after its sender gave up; None: for ever.
    #[getter]
    fn server_grace(&self) -> Option<f64> {
        self.0.server_grace.map(|time| time.as_secs_f64())
    }

    fn __repr__(&self) -> String {
        let refusals: Vec<String> =
            REFUSALS.iter().filter(|status| self.0.refuses(**status)).map(|status| status.to_string()).collect();
        let word = |on: bool| if on { "True" } else { "False" };
        let time = |time: Option<f64>| time.map_or_else(|| "None".to_owned(), |time| format!("{time:?}"));
        format!(
            "Assumptions(refusals={{{}}}, updated_at_shows_denial={}, judged_within={}, lists_show_all={}, server_grace={})",
            refusals.join(", "),
            word(self.0.updated_at_shows_denial),
            time(self.judged_within()),
            word(self.0.lists_show_all),
            time(self.server_grace()),
        )
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        std::hash::Hash::hash(&self.__repr__(), &mut hasher);
        std::hash::Hasher::finish(&hasher)
    }
}

/// Number, name and words of everything in a list of the core's: "Verdict", "Assumption", "TransportCause", "Status",
/// "AccountType", "Operation", "Event", or "Field" of a record.
#[pyfunction]
#[pyo3(signature = (what, /))]
pub fn words_of(what: Text<'_>) -> PyResult<Vec<(i64, &'static str, String)>> {
    macro_rules! list {
        ($all:expr, $words:expr) => {
            $all.iter().map(|one| (i64::from(one.number()), one.name(), $words(one).to_string())).collect()
        };
    }
    Ok(match what.of("what")? {
        "Verdict" => list!(Verdict::ALL, |one: &Verdict| one.advice()),
        "Assumption" => list!(Assumption::ALL, |one: &Assumption| one.text()),
        "TransportCause" => list!(TransportCause::ALL, TransportCause::to_string),
        "Status" => list!(KnownStatus::ALL, |one: &KnownStatus| one.definition()),
        "AccountType" => list!(AccountType::ALL, |one: &AccountType| one.name()),
        "Operation" => list!(Operation::ALL, |one: &Operation| one.name()),
        "Event" => list!(Event::ALL, |one: &Event| one.name()),
        "Field" => list!(Field::ALL, |one: &Field| one.name()),
        _ => Vec::new(),
    })
}
