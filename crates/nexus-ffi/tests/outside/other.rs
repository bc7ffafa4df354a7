//! Another static library of Rust's, to be linked beside this one: it brings a standard library of its own.

/// Sums the numbers below this one, in a thread, so that much of the standard library is in use.
#[unsafe(no_mangle)]
pub extern "C" fn other_sum(below: u32) -> u64 {
    let numbers: Vec<u64> = (0..u64::from(below)).collect();
    std::thread::spawn(move || numbers.iter().sum()).join().unwrap_or(0)
}
