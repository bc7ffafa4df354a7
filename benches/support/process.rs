//! CPU time and memory of this thread and process, from `/proc` on Linux; none elsewhere.

use std::time::{Duration, Instant};

/// Time of the processor spent by the calling thread so far. Exact after a thread has slept, as one does that waits for
/// responses; a thread that only computes is better timed by the clock.
pub fn thread_cpu() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// Memory of this process that is resident, in bytes.
pub fn resident() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}

/// Keeps this thread, and all that it starts from now on, on one core; false where that cannot be had. Two threads that wake
/// each other are several times slower on two cores than on one, and which it is, chance decides anew in every run.
pub fn one_core() -> bool {
    let core = || {
        let text = std::fs::read_to_string("/proc/self/status").ok()?;
        let list = text.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?.trim().to_owned();
        list.rsplit([',', '-']).next().map(str::to_owned)
    };
    let Some(core) = core() else { return false };
    let process = std::process::id().to_string();
    let output = std::process::Command::new("taskset").args(["-cp", &core, &process]).output();
    output.is_ok_and(|output| output.status.success())
}

/// Says in one line how it was measured.
pub fn tell_cores(one: bool) {
    match one {
        true => println!("all threads on one core"),
        false => println!("not on one core (no taskset here): ratios differ from run to run"),
    }
}

/// What one stretch of work took.
#[derive(Clone, Copy, Default)]
pub struct Spent {
    pub wall: Duration,
    /// Equal to `wall` where the system does not tell.
    pub cpu: Duration,
}

/// Times work of the calling thread.
pub fn spent(work: impl FnOnce()) -> Spent {
    let (cpu, start) = (thread_cpu(), Instant::now());
    work();
    let wall = start.elapsed();
    let cpu = cpu.and_then(|before| Some(thread_cpu()?.saturating_sub(before)));
    Spent { wall, cpu: cpu.unwrap_or(wall) }
}
