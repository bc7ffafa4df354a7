//! `/_sandbox/metrics`: the sandbox with all its tenants in Prometheus' text format 0.0.4.
//!
//! The format is a few lines of text, so no library writes it; Prometheus' own parser reads it in a test. No label names a
//! tenant, user or microdeposit: tests make thousands of them, and each would be a time series of its own for ever.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};

use crate::call::Reply;
use crate::server::tenants::Tenants;

const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// All metrics as of now.
pub(crate) fn respond(tenants: &Tenants) -> Reply {
    Reply::with_body(200, MEDIA_TYPE, text(tenants).into_bytes())
}

fn text(tenants: &Tenants) -> String {
    let mut tally = tenants.gone_tally();
    let mut statuses: BTreeMap<&'static str, usize> = BTreeMap::new();
    let states = ["pending", "delivered", "given_up", "dropped", "cancelled"];
    let mut webhooks: BTreeMap<&'static str, usize> = states.into_iter().map(|state| (state, 0)).collect();
    let all = tenants.all();
    for own in &all {
        let mut world = own.world_now();
        world.settle_all();
        for (status, count) in world.counts().0 {
            *statuses.entry(status).or_default() += count;
        }
        for (_, delivery) in world.deliveries.deliveries(0) {
            *webhooks.entry(delivery.state.name()).or_default() += 1;
        }
        tally.add(&world.tally);
    }
    let mut page = Page(String::new());
    page.family(
        "requests_total",
        "counter",
        "Requests of the API, and for unknown paths, as the logs of requests have them.",
    );
    for (operation, status, count) in tally.requests() {
        let status = status.map_or_else(|| "reset".to_owned(), |status| status.to_string());
        page.sample("requests_total", &[("operation", operation), ("status", &status)], count);
    }
    page.family("request_duration_seconds", "histogram", "Real time that the requests outside of /_sandbox/ took.");
    let buckets = tenants.durations.cumulative();
    for (bound, count) in &buckets {
        page.sample("request_duration_seconds_bucket", &[("le", bound)], count);
    }
    page.sample("request_duration_seconds_sum", &[], tenants.durations.seconds());
    page.sample("request_duration_seconds_count", &[], buckets.last().map_or(0, |(_, count)| *count));
    page.family("faults_hit_total", "counter", "Requests that an injected fault met.");
    for (effect, count) in tally.faults() {
        page.sample("faults_hit_total", &[("effect", effect)], count);
    }
    page.family("webhook_attempts_total", "counter", "Requests sent to receivers of webhooks, by what came of them.");
    for (outcome, count) in tally.attempts() {
        page.sample("webhook_attempts_total", &[("outcome", outcome)], count);
    }
    page.family(
        "webhooks",
        "gauge",
        "Events on their way to a subscription, as far as the logs of deliveries keep them.",
    );
    for (state, count) in webhooks {
        page.sample("webhooks", &[("state", state)], count);
    }
    page.family("microdeposits", "gauge", "Microdeposits of all tenants by true status; deleted ones are not counted.");
    for (status, count) in statuses {
        page.sample("microdeposits", &[("status", status)], count);
    }
    page.family("virtual_time_seconds", "gauge", "The clock of the first tenant, in seconds since 1970.");
    let millis = tenants.first().world_now().now;
    page.sample("virtual_time_seconds", &[], format_args!("{}.{:03}", millis / 1000, millis % 1000));
    page.family("tenants", "gauge", "Tenants, the first one included.");
    page.sample("tenants", &[], all.len());
    page.family("build_info", "gauge", "Always 1; the version is in its label.");
    page.sample("build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    page.0
}

struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "# HELP nexus_sandbox_{name} {help}\n# TYPE nexus_sandbox_{name} {kind}");
    }

    /// The values of labels are words of this program: nothing in them needs an escape.
    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "nexus_sandbox_{name}{labels} {value}");
    }
}

#[cfg(test)]
#[path = "metrics_tests.rs"]
mod tests;
