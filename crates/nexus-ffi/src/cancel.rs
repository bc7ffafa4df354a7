//! Cancels calls and waits from another thread.

use nexus_http::Canceller;

use crate::brief::{brief, free};
use crate::code::nexus_code;
use crate::raw::live;
use crate::structures::Out;
use crate::table::handle;

/// Ends the calls and waits of the client that it was made with, from any thread. Once cancelled, always cancelled.
///
/// Functions: nexus_canceller_cancel, nexus_canceller_is_cancelled, nexus_canceller_free. One is made by
/// nexus_client_cancellable.
pub struct nexus_canceller(());

handle!(nexus_canceller, 9, Canceller);

/// Ends every wait at once, and every request that is under way: its connection is closed. A name lookup or an attempt to connect
/// that is under way is given up within some 20 milliseconds. Each of these calls returns NEXUS_ERROR_CANCELLED; whether a create or
/// verify was carried out may be unknown then.
///
/// @param canceller The canceller.
/// @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread; not from a signal handler.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_canceller_cancel(canceller: *const nexus_canceller) -> nexus_code {
    brief("nexus_canceller_cancel", || {
        live(canceller, "canceller")?.cancel();
        Ok(())
    })
}

/// Whether nexus_canceller_cancel was called.
///
/// @param canceller The canceller.
/// @param out       Receives the result; false on failure.
/// @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_canceller_is_cancelled(canceller: *const nexus_canceller, out: *mut bool) -> nexus_code {
    brief("nexus_canceller_is_cancelled", || {
        let out = Out::new(out, false, "out")?;
        out.set(live(canceller, "canceller")?.is_cancelled());
        Ok(())
    })
}

/// Frees a canceller. Cancels nothing.
///
/// @param canceller The canceller, or NULL.
/// @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live canceller. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_canceller_free(canceller: *mut nexus_canceller) -> nexus_code {
    free("nexus_canceller_free", canceller)
}
