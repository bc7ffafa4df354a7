//! The sources of secrets: a file, standard input, or a prompt without echo. A secret is never an argument, because every user
//! of the machine can read arguments in the process list.
//!
//! No message here names the file: whoever writes `--account-number-file 333312345` meant the number, not a file.

use std::fs::File;
use std::io::{self, IsTerminal, Read};

use zeroize::Zeroizing;

use crate::failure::Failure;

/// More than any secret needs.
const LIMIT: u64 = 8192;

/// Reads one secret from the file, or from standard input for `-`. The white space around it goes.
pub(crate) fn from_file(field: &'static str, path: &str) -> Result<Zeroizing<String>, Failure> {
    let unreadable = |error: io::Error| Failure::input(field, format!("the file cannot be read: {}", error.kind()));
    if path == "-" {
        return one_line(field, io::stdin().lock());
    }
    one_line(field, File::open(path).map_err(unreadable)?)
}

/// The same; without a file what lies in the environment. None where there is neither.
pub(crate) fn from_file_or_variable(
    field: &'static str,
    file: Option<&str>,
    variable: &str,
) -> Result<Option<Zeroizing<String>>, Failure> {
    if let Some(path) = file {
        return from_file(field, path).map(Some);
    }
    match std::env::var(variable) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Failure::input(field, "is not UTF-8")),
    }
}

/// Asks on the terminal without echo; an error that says what to do instead where there is none.
pub(crate) fn from_prompt(field: &'static str, prompt: &str, instead: &str) -> Result<Zeroizing<String>, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::input(field, format!("is not given: {instead}")));
    }
    let typed = rpassword::prompt_password(prompt).map(Zeroizing::new);
    let typed = typed.map_err(|error| Failure::input(field, format!("the prompt failed: {}", error.kind())))?;
    one_line(field, typed.as_bytes())
}

fn one_line(field: &'static str, source: impl Read) -> Result<Zeroizing<String>, Failure> {
    let mut text = Zeroizing::new(String::with_capacity(LIMIT as usize + 1));
    let read = source.take(LIMIT + 1).read_to_string(&mut text);
    let read = read.map_err(|error| Failure::input(field, format!("cannot be read: {}", error.kind())))?;
    let inner = text.trim();
    match inner {
        _ if read as u64 > LIMIT => Err(Failure::input(field, "the input is too long")),
        "" => Err(Failure::input(field, "the input is empty")),
        _ if inner.contains('\n') => Err(Failure::input(field, "must be one line")),
        _ => Ok(Zeroizing::new(inner.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_without_its_ending() {
        for text in ["333312345", "333312345\n", "333312345\r\n", "  333312345 \n\n"] {
            assert_eq!(one_line("x", text.as_bytes()).unwrap().as_str(), "333312345", "{text:?}");
        }
    }

    #[test]
    fn secret_input_error_repeats_no_value() {
        let long = "3".repeat(LIMIT as usize + 1);
        for text in ["", "  \n", "333312345\n333312346", long.as_str()] {
            let failure = one_line("account_number", text.as_bytes()).unwrap_err();
            assert!(failure.text().contains("account_number") && !failure.text().contains("3333"), "{failure:?}");
        }
        assert!(one_line("x", &b"\xff\xfe"[..]).is_err());
        let failure = from_file("account_number", "333312345").unwrap_err();
        assert!(!failure.text().contains("3333"), "{failure:?}");
    }
}
