//! JSON that is written into one allocation, which is wiped.

use std::io;

use serde::Serialize;
use zeroize::Zeroizing;

/// The compact JSON of plain structs of text and numbers, which cannot fail to serialise.
///
/// It is written twice: once to be measured, once into memory that holds it all. A buffer that grows would leave copies behind
/// that nobody wipes.
pub(crate) fn body(value: &impl Serialize) -> Option<Zeroizing<Vec<u8>>> {
    let mut measure = Measure(0);
    serde_json::to_writer(&mut measure, value).ok()?;
    let mut out = Zeroizing::new(Vec::with_capacity(measure.0));
    serde_json::to_writer(&mut *out, value).ok()?;
    Some(out)
}

/// Counts what is written and keeps nothing.
struct Measure(usize);

impl io::Write for Measure {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
