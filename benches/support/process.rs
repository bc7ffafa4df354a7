//! What the system says of this thread and this process. Linux tells it under `/proc`; elsewhere the answer is none.

use std::time::{Duration, Instant};

/// Time of the processor spent by the calling thread so far. Exact after a thread has slept, as one does that waits for
/// answers; a thread that only computes is better timed by the clock.
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
