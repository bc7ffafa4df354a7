//! Creates that survive the process that sends them.

use std::ffi::{c_char, c_void};

use nexus_http::FileJournal;
use nexus_types::Error;

use crate::border::{call, free};
use crate::client::{nexus_client, record};
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::raw::{Out, bytes, live, text};
use crate::record::nexus_microdeposit;
use crate::table::handle;
use crate::values::nexus_create_input;

/// A journal of creates in a file. It holds no account number: a keyed hash, and the last four. Any number of threads,
/// clients and processes may share one.
///
/// Functions: nexus_journal_free. One is made by nexus_journal_open, and used by nexus_client_create_once.
pub struct nexus_journal(());

handle!(nexus_journal, 11, FileJournal);

/// Opens or makes the file; waits up to ten seconds for whoever works on it.
///
/// @param path    The file. On Unix, a new one is readable by its owner only.
/// @param key     A secret of the caller's, at least 16 bytes; copied. Without it nobody can find out by trying whose
///                account a hash stands for. Always the same one with the same file; another one is refused.
/// @param key_len Its length in bytes.
/// @param out     Receives a journal of the caller's own, to be freed.
/// @param error   Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT where the file cannot be opened or is none with this key, or a code of misuse
///         (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_journal_open(
    path: *const c_char,
    key: *const c_void,
    key_len: usize,
    out: *mut *mut nexus_journal,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_journal_open", error, || {
        let out = Out::handle(out, "out")?;
        let path = text(path, "path")?;
        let opened = bytes(key, key_len, "key", |key| {
            FileJournal::open(&path, key)
                .map_err(|error| Error::input("journal", format!("cannot be used: {}", error.kind())))
        })?;
        out.give(opened)
    })
}

/// As nexus_client_create, for a process that may be killed at any moment: the intent is written to the journal before it is
/// sent, and a later call with the same key goes on where the earlier one stopped. It gives the record that was made, finds
/// the one whose answer was never heard, or sends anew where that is safe.
///
/// @param client  The client.
/// @param journal The journal.
/// @param key     The caller's own name for this create, such as the number of an application. One key is one microdeposit,
///                for ever.
/// @param input   The values; copied.
/// @param out     Receives a record of the caller's own, to be freed.
/// @param error   Receives the error on failure; may be NULL. Its outcome is unknown while a server may still act on an
///                earlier request: call again later.
/// @return As nexus_client_create; and NEXUS_ERROR_INVALID_INPUT on `journal` where it cannot be used (nothing is sent then)
///         and on `key` where it stands for another create. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_create_once(
    client: *const nexus_client,
    journal: *const nexus_journal,
    key: *const c_char,
    input: *const nexus_create_input,
    out: *mut *mut nexus_microdeposit,
    error: *mut *mut nexus_error,
) -> nexus_code {
    record("nexus_client_create_once", client, out, error, |client| {
        let (journal, key) = (live(journal, "journal")?, text(key, "key")?);
        client.create_once(&key, &nexus_create_input::read(input)?, &*journal)
    })
}

/// Closes a journal and frees it. The file stays.
///
/// @param journal The journal, or NULL.
/// @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live journal. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_journal_free(journal: *mut nexus_journal) -> nexus_code {
    free("nexus_journal_free", journal)
}
