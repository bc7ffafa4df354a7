//! The journal: claims and outcomes that outlive the process.

use std::ffi::{c_char, c_void};

use nexus_http::{Client, FileJournal, VerifyOptions};
use nexus_types::{Error, MicrodepositGuid, Operation, StateProblem};

use crate::brief::free;
use crate::call::call;
use crate::client::{cents, judged, made, nexus_client};
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::outcome::{nexus_created, nexus_outcome};
use crate::raw::{bytes, live, text};
use crate::structures::Out;
use crate::table::handle;
use crate::values::{nexus_create_input, preinitiate};

/// A journal of creates and submissions in a file. It holds keyed hashes and the last four digits of an account number, but
/// no full account number, amount or name. Any number of threads, clients, flows and processes may share one.
///
/// Functions: nexus_journal_free. One is made by nexus_journal_open, and used by nexus_client_create_once,
/// nexus_client_preinitiate_once, nexus_client_verify_once, and by flows (nexus_flow_options).
pub struct nexus_journal(());

handle!(nexus_journal, 11, FileJournal);

/// Opens or creates the file. Waits up to ten seconds for another process's lock.
///
/// @param path    The file. On Unix, a new one is readable by its owner only.
/// @param key     A secret of the caller's, at least 16 bytes; copied. Without it nobody can find out by trying whose
///                account a hash stands for. Always the same one with the same file; another one is refused.
/// @param key_len Its length in bytes.
/// @param out     Receives a journal of the caller's own, to be freed.
/// @param error   Receives the error on failure; may be NULL.
/// @return NEXUS_OK; NEXUS_ERROR_INVALID_INPUT where there can be no such file or it is none with this key;
///         NEXUS_ERROR_JOURNAL_UNUSABLE where this machine fails: no space is left, or another process keeps the lock; a code of
///         misuse (600s). Any thread.
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
        let opened = bytes(key, key_len, "key", |key| FileJournal::open(&path, key).map_err(|error| unopened(&error)))?;
        out.give(opened);
        Ok(())
    })
}

/// A path or key that cannot be right is the caller's to correct; whatever else keeps the file from being opened may pass.
fn unopened(error: &std::io::Error) -> Error {
    use std::io::ErrorKind as Kind;
    match error.kind() {
        Kind::InvalidInput
        | Kind::InvalidData
        | Kind::NotFound
        | Kind::PermissionDenied
        | Kind::IsADirectory
        | Kind::NotADirectory
        | Kind::ReadOnlyFilesystem => Error::input("journal", format!("cannot be used: {}", error.kind())),
        _ => Error::state(StateProblem::Journal, None),
    }
}

/// As nexus_client_create, for a process that may be killed at any moment. The claim is written to the journal before the
/// request is sent, and a later call with the same key continues where the earlier one stopped. It returns the record, or
/// finds it if its response was lost. It sends again only after the time in which a server can act on the earlier request
/// (assumed; see nexus_client_builder_assume_server_grace_ms), and if no list shows a record that may be its.
///
/// @param client     The client.
/// @param journal    The journal.
/// @param key        The caller's own name for this create, such as the number of an application. One key is one microdeposit,
///                   for ever.
/// @param input      The values; copied.
/// @param input_size sizeof *input.
/// @param out        Receives the record, to be freed, and the assumption by which it is this call's, if any.
/// @param size       sizeof *out.
/// @param error      Receives the error on failure; may be NULL.
/// @return As nexus_client_create; NEXUS_ERROR_UNSETTLED while the outcome of an earlier call with the key is unknown;
///         NEXUS_ERROR_JOURNAL_UNUSABLE; NEXUS_ERROR_INVALID_INPUT on `key` if the key is bound to another request. Any
///         thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_create_once(
    client: *const nexus_client,
    journal: *const nexus_journal,
    key: *const c_char,
    input: *const nexus_create_input,
    input_size: usize,
    out: *mut nexus_created,
    size: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    made("nexus_client_create_once", client, (out, size), error, Operation::Create, || {
        let (journal, key) = (live(journal, "journal")?, text(key, "key")?);
        let input = nexus_create_input::read(input, input_size)?;
        Ok(move |client: &Client| client.create_once(&key, &input, &*journal))
    })
}

/// As nexus_client_preinitiate, under a key: see nexus_client_create_once.
///
/// @param client     The client.
/// @param journal    The journal.
/// @param key        The caller's own name for this microdeposit.
/// @param first_name 1 to 50 characters.
/// @param last_name  1 to 50 characters.
/// @param email      An e-mail address.
/// @param out        Receives the record, to be freed, and the assumption by which it is this call's, if any.
/// @param size       sizeof *out.
/// @param error      Receives the error on failure; may be NULL.
/// @return As nexus_client_create_once. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_preinitiate_once(
    client: *const nexus_client,
    journal: *const nexus_journal,
    key: *const c_char,
    first_name: *const c_char,
    last_name: *const c_char,
    email: *const c_char,
    out: *mut nexus_created,
    size: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    made("nexus_client_preinitiate_once", client, (out, size), error, Operation::Preinitiate, || {
        let (journal, key) = (live(journal, "journal")?, text(key, "key")?);
        let input = preinitiate(first_name, last_name, email)?;
        Ok(move |client: &Client| client.preinitiate_once(&key, &input, &*journal))
    })
}

/// As nexus_client_verify, with a key. Once the amounts may have been sent, a later call with the same key never sends them
/// again; it reconciles. While one key's submission for a microdeposit is open, no other key's is sent.
///
/// @param client       The client.
/// @param journal      The journal.
/// @param key          The caller's own name for this submission, such as the number of an application and of the try.
/// @param guid         Which microdeposit.
/// @param first_cents  1 to 99.
/// @param second_cents 1 to 99.
/// @param wait         Whether to wait for the outcome where the server judges later; see nexus_client_verify_and_wait.
/// @param out          Receives the verdict, its assumption if any, and the record, to be freed.
/// @param size         sizeof *out.
/// @param error        Receives the error on failure; may be NULL.
/// @return As nexus_client_verify; NEXUS_ERROR_UNSETTLED while the outcome of an earlier call with the key is unknown;
///         NEXUS_ERROR_SUBMISSION_OPEN while another key's is open; NEXUS_ERROR_JOURNAL_UNUSABLE; NEXUS_ERROR_INVALID_INPUT
///         on `key` if the key is bound to another request. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_verify_once(
    client: *const nexus_client,
    journal: *const nexus_journal,
    key: *const c_char,
    guid: *const c_char,
    first_cents: u32,
    second_cents: u32,
    wait: bool,
    out: *mut nexus_outcome,
    size: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    judged("nexus_client_verify_once", client, guid, (out, size), error, || {
        let (journal, key) = (live(journal, "journal")?, text(key, "key")?);
        let [first, second] = cents(first_cents, second_cents)?;
        Ok(move |client: &Client, guid: &MicrodepositGuid| {
            let options = VerifyOptions::default().with_key(&key, &*journal);
            client.verify_with(guid, first, second, if wait { options.waiting() } else { options })
        })
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
