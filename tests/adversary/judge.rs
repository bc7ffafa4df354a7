//! Compares the results that the callers got with the server's own records.

use nexus_sandbox::Act;
use nexus_types::{Assumption, Error, Event, KnownStatus, MicrodepositGuid, Verdict};

use crate::actor::{CallReport, Ended};
use crate::breaks::{breaks, is_clean};
use crate::driver::Run;
use crate::life::{Life, On, Reading, Strike, What};

/// What a life comes to.
#[derive(Default)]
pub struct Judgement {
    pub untruths: Vec<String>,
    /// The reported results, for the statistics.
    pub results: Vec<&'static str>,
    pub assumed: Vec<&'static str>,
}

struct Judge<'a> {
    life: &'a Life,
    acts: Vec<Act>,
    reports: &'a [CallReport],
    found: Judgement,
}

/// Judges a life that is over.
pub fn judge(run: &mut Run<'_>) -> Judgement {
    let acts = run.world.acts().to_vec();
    let last: Vec<Option<KnownStatus>> =
        run.reports.iter().map(|report| report.guid.as_ref().and_then(|guid| run.world.status(guid))).collect();
    let mut judge = Judge { life: run.life, acts, reports: &run.reports, found: Judgement::default() };
    for (report, last) in run.reports.iter().zip(last) {
        judge.call(report, last);
    }
    judge.once();
    if let Some(shown) = &run.seen.shown {
        judge.found.untruths.push(format!("shown: {shown}"));
    }
    judge.found
}

impl Judge<'_> {
    fn says(&mut self, report: &CallReport, what: &str) {
        self.found.untruths.push(format!("call {}: {what}; told {}", report.call, brief(&report.ended)));
    }

    fn excused(&self, assumed: Option<Assumption>) -> bool {
        let named = |assumed| match assumed {
            // To send anew presumes both, and has one name.
            Assumption::ServerGrace => {
                breaks(self.life, Assumption::ServerGrace) || breaks(self.life, Assumption::ListsShowAll)
            }
            one => breaks(self.life, one),
        };
        assumed.is_some_and(named)
    }

    /// The key under which a call was made: calls of one key are one.
    fn key(&self, report: &CallReport) -> Option<(bool, u8)> {
        match self.life.calls[report.call].what {
            What::Create { key, .. } | What::Preinitiate { key } => key.map(|key| (true, key)),
            What::Verify { key, .. } => key.map(|key| (false, key)),
            What::Wait { .. } => None,
        }
    }

    /// The acts of this call's requests, and of the requests of its key's other calls up to this number.
    fn acted_by(&self, report: &CallReport, others: u64) -> Vec<&Act> {
        let key = self.key(report);
        let same = |one: &&CallReport| key.is_some() && self.key(one) == key;
        let of_others = self.reports.iter().filter(same).flat_map(|one| &one.sent).filter(|number| **number <= others);
        let sent: Vec<u64> = report.sent.iter().chain(of_others).copied().collect();
        self.acts.iter().filter(|act| sent.contains(&act.request)).collect()
    }

    fn acted(&self, report: &CallReport) -> Vec<&Act> {
        self.acted_by(report, report.received[1])
    }

    fn call(&mut self, report: &CallReport, last: Option<KnownStatus>) {
        if report.permits > 1 + report.refused.min(1) {
            self.says(report, "more than one permission to send");
        }
        if matches!(report.ended, Ended::Endless) {
            self.says(report, "no end");
        }
        if report.ended_at > report.began + report.limit + std::time::Duration::from_millis(20) {
            self.says(report, "past its deadline");
        }
        if report.conflict && matches!(report.ended, Ended::Create(Ok(_)) | Ended::Verify(Ok(_))) {
            self.says(report, "after a 409 the outcome may be another client's");
        }
        if matches!(report.ended, Ended::Create(Ok(_)) | Ended::Verify(Ok(_))) && self.follows_a_conflict(report) {
            self.says(report, "after a 409 under its key the outcome may be another client's");
        }
        let clean = is_clean(self.life);
        match report.ended.clone() {
            Ended::Killed | Ended::Endless => self.found.results.push("killed"),
            Ended::Wait(Ok(record)) => {
                self.found.results.push("arrived");
                let end = matches!(record.status.known(), Some(KnownStatus::Verified | KnownStatus::Prevented));
                let there = record.status.is_terminal() || record.status.may_verify();
                if Some(&record.guid) != report.guid.as_ref()
                    || !there
                    || (end && record.status.known() != report.status)
                {
                    self.says(report, "waited for something else");
                }
            }
            Ended::Wait(Err(error)) => {
                self.found.results.push("not arrived");
                self.seen(report, &error);
                let nothing = [KnownStatus::Preinitiated, KnownStatus::Initiated, KnownStatus::Requested]
                    .map(Some)
                    .contains(&report.status);
                if clean && !nothing {
                    self.says(report, "a wait without faults failed");
                }
            }
            Ended::Create(Ok(created)) => {
                self.found.results.push("made");
                self.assumed(created.assumed);
                let own = self.acted(report).iter().any(|act| act.guid == created.record.guid && makes(act.event));
                // A server that responds with another record that does not tell how it differs, or that is equal and was in no
                // list, cannot be caught.
                let silent =
                    self.life.has(|one| matches!(one, Reading::Masked | Reading::Hidden(_) | Reading::Null(_)));
                let another =
                    |on, strike: &Strike| on == On::Create && matches!(strike, Strike::AnotherRecord | Strike::Stale);
                let equal = (silent || breaks(self.life, Assumption::ListsShowAll)) && self.life.strikes(another);
                // The journal keeps which record a key has, not what presumed it when it was found; that was reported then.
                let found =
                    report.sent.is_empty() && self.key(report).is_some() && breaks(self.life, Assumption::ListsShowAll);
                if !own && !equal && !found && !self.excused(created.assumed) {
                    self.says(report, "this record was not made by it");
                }
            }
            Ended::Create(Err(error)) => {
                if error.candidates().iter().any(|guid| self.is_given(report, guid)) {
                    self.says(report, "a candidate that another key has");
                }
                self.failed(report, &error, clean);
            }
            Ended::Verify(Err(error)) => {
                self.seen(report, &error);
                self.failed(report, &error, clean);
            }
            Ended::Verify(Ok(outcome)) => {
                self.found.results.push(outcome.verdict.name());
                self.assumed(outcome.assumed);
                if Some(&outcome.record.guid) != report.guid.as_ref() {
                    self.says(report, "another record");
                }
                let true_ = self.is_true(report, outcome.verdict, last);
                // An earlier submission that was assumed to be refused, and was reported as such, may be judged yet.
                let other = outcome.verdict == Verdict::Denied && breaks(self.life, Assumption::RefusedBeforeActing);
                if !true_ && !other && !self.excused(outcome.assumed) {
                    self.says(report, &format!("untrue, it stood at {:?} and ended at {last:?}", report.status));
                }
                let What::Verify { wait, .. } = self.life.calls[report.call].what else { return };
                if clean && wait && outcome.verdict == Verdict::Pending {
                    self.says(report, "needlessly pending");
                }
            }
        }
    }

    /// Whether an earlier call of its key got a 409 that must be durable, and nothing was sent under the key since. Only
    /// where no two calls run at once: otherwise one may have learned how it ended before the other was refused.
    fn follows_a_conflict(&self, report: &CallReport) -> bool {
        let alone = self.life.calls.iter().all(|call| !call.beside);
        let same = |one: &&CallReport| self.key(report).is_some() && self.key(one) == self.key(report);
        let sent = self.reports.iter().filter(same).filter(|one| one.call <= report.call && !one.sent.is_empty());
        let last = sent.max_by_key(|one| one.call);
        let killed = |one: &CallReport| matches!(one.ended, Ended::Killed) && !one.went_on;
        alone && last.is_some_and(|one| one.call != report.call && one.conflict && !killed(one) && !one.unwritten)
    }

    /// Whether a call of another key had reported this record before this one began.
    fn is_given(&self, report: &CallReport, guid: &MicrodepositGuid) -> bool {
        let other = |one: &&CallReport| self.key(one).is_some() && self.key(one) != self.key(report);
        // A record that the journal was never told of is nobody's there.
        let before =
            |one: &&CallReport| self.key(report).is_some() && one.received[1] <= report.received[0] && !one.unwritten;
        let has = |one: &CallReport| matches!(&one.ended, Ended::Create(Ok(created)) if created.record.guid == *guid);
        self.reports.iter().filter(other).filter(before).any(has)
    }

    fn is_true(&self, report: &CallReport, verdict: Verdict, last: Option<KnownStatus>) -> bool {
        let acted = self.acted(report);
        match verdict {
            Verdict::Verified => report.status == Some(KnownStatus::Verified),
            Verdict::Locked => report.status == Some(KnownStatus::Prevented),
            Verdict::Denied => acted.iter().any(|act| act.event == Event::AmountsWrong),
            // Taken and not judged any more: an earlier one came to an end before it, or the record is gone.
            Verdict::Pending => {
                !acted.is_empty() || matches!(last, Some(KnownStatus::Verified | KnownStatus::Prevented) | None)
            }
        }
    }

    fn failed(&mut self, report: &CallReport, error: &Error, clean: bool) {
        self.assumed(error.assumption());
        let unknown = error.outcome_unknown();
        self.found.results.push(if unknown { "unknown" } else { "refused" });
        if unknown && clean {
            self.says(report, "needlessly unknown");
        }
        // What others of the key do at the same time, this call knows nothing of.
        let freed = self.freed(report);
        let acted = self.acted_by(report, report.received[0]).iter().any(|act| act.request > freed);
        if !unknown && acted && !self.excused(error.assumption()) && !self.key_is_different(error) {
            self.says(report, "said not to be carried out, and was");
        }
    }

    /// Up to which request what was sent under the key was reported as not carried out, by a call that began before this one ended,
    /// resting on what this life breaks: then the key was free again. Who was killed may have settled that, and told nobody.
    fn freed(&self, report: &CallReport) -> u64 {
        let key = self.key(report);
        let same = |one: &&CallReport| key.is_some() && self.key(one) == key && one.call != report.call;
        let before = |one: &&CallReport| same(one) && one.received[0] <= report.received[1];
        let frees = |one: &&CallReport| match &one.ended {
            Ended::Create(Err(error)) | Ended::Verify(Err(error)) => {
                !error.outcome_unknown() && self.excused(error.assumption())
            }
            Ended::Killed => Assumption::ALL.iter().any(|assumption| breaks(self.life, *assumption)),
            _ => false,
        };
        self.reports.iter().filter(before).filter(frees).map(|one| one.received[1]).max().unwrap_or(0)
    }

    /// A key that stands for something else says nothing about that.
    fn key_is_different(&self, error: &Error) -> bool {
        error.field() == Some("key")
    }

    /// A record in an error is the one that was asked about.
    fn seen(&mut self, report: &CallReport, error: &Error) {
        if error.last_seen().is_some_and(|record| Some(&record.guid) != report.guid.as_ref()) {
            self.says(report, "shows another record");
        }
    }

    fn assumed(&mut self, assumed: Option<Assumption>) {
        self.found.assumed.extend(assumed.map(Assumption::name));
    }

    /// At most once, for each call and each key.
    fn once(&mut self) {
        for report in self.reports {
            let mut requests: Vec<u64> = self.acted(report).iter().map(|act| act.request).collect();
            requests.dedup();
            let keyed = self.key(report).is_some();
            let creates = !matches!(report.ended, Ended::Verify(_)) && report.guid.is_none();
            let excuses: &[Assumption] = match (keyed, creates) {
                (false, _) => &[],
                (true, true) => &[Assumption::RefusedBeforeActing, Assumption::ServerGrace, Assumption::ListsShowAll],
                (true, false) => &[Assumption::RefusedBeforeActing],
            };
            let excused = excuses.iter().any(|assumption| breaks(self.life, *assumption));
            if requests.len() > 1 && !excused {
                self.says(report, &format!("carried out {} times", requests.len()));
            }
        }
    }
}

fn makes(event: Event) -> bool {
    !matches!(event, Event::AmountsRight | Event::AmountsWrong | Event::LockedOut)
}

/// In a few words.
pub fn brief(ended: &Ended) -> String {
    let of = |guid: &MicrodepositGuid| guid.as_str().chars().take(8).collect::<String>();
    match ended {
        Ended::Create(Ok(created)) => format!("made {} (assumed {:?})", of(&created.record.guid), created.assumed),
        Ended::Verify(Ok(outcome)) => {
            format!("{} at {} (assumed {:?})", outcome.verdict, outcome.record.status.name(), outcome.assumed)
        }
        Ended::Wait(Ok(record)) => record.status.name().to_owned(),
        Ended::Create(Err(error)) | Ended::Verify(Err(error)) | Ended::Wait(Err(error)) => {
            format!(
                "{:?}, unknown {} (assumed {:?}): {error}",
                error.kind(),
                error.outcome_unknown(),
                error.assumption()
            )
        }
        Ended::Killed => "killed".to_owned(),
        Ended::Endless => "endless".to_owned(),
    }
}
