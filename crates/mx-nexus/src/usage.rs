//! Errors in the arguments. Unlike clap's own, the messages do not repeat a value, because it may be an account number.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::values::Rule;

/// Help and version are printed as they are, every other message without the values.
pub(crate) fn report(error: &clap::Error) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // If standard error is closed, nothing can be reported.
            let _ = error.print();
            return Exit::Done;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            return Exit::Input;
        }
        _ => {}
    }
    // Arguments that are wrong cannot say whether JSON was wanted, so they are searched for the word.
    let json = std::env::args_os().any(|argument| argument == "--json");
    let failure = Failure::Usage(message(error));
    Output { json, reveal: nexus_types::Reveal::Masked }.failure(&failure)
}

/// Whether an argument is said to conflict with itself.
fn given_twice(error: &clap::Error) -> bool {
    error.get(ContextKind::InvalidArg) == error.get(ContextKind::PriorArg)
}

fn message(error: &clap::Error) -> String {
    let what = match error.kind() {
        ErrorKind::UnknownArgument => "an argument is not known",
        ErrorKind::InvalidSubcommand => "no such command",
        ErrorKind::MissingRequiredArgument => "something is missing",
        ErrorKind::MissingSubcommand => "a command is missing",
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => "a value is not allowed",
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => "a value is missing",
        ErrorKind::TooManyValues => "too many values",
        ErrorKind::ArgumentConflict if given_twice(error) => "an argument is given twice",
        ErrorKind::ArgumentConflict => "two arguments exclude each other",
        ErrorKind::InvalidUtf8 => "an argument is not UTF-8",
        _ => "the arguments cannot be used",
    };
    let mut out = what.to_owned();
    // Names of arguments are ours or, where unknown, begin with dashes; a bare word may be anything.
    let names: Vec<String> = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(name)) => vec![name.clone()],
        Some(ContextValue::Strings(names)) => names.clone(),
        _ => Vec::new(),
    };
    let shown: Vec<String> = names.iter().filter_map(|name| repeatable(name, error.kind())).collect();
    if !shown.is_empty() {
        out.push_str(&format!(": {}", shown.join(", ")));
    }
    if let Some(ContextValue::Strings(allowed)) = error.get(ContextKind::ValidValue)
        && !allowed.is_empty()
    {
        out.push_str(&format!(" (one of: {})", allowed.join(", ")));
    }
    let mut near: Vec<&str> =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
            .into_iter()
            .filter_map(|kind| error.get(kind))
            .flat_map(|value| match value {
                ContextValue::String(one) => vec![one.as_str()],
                ContextValue::Strings(several) => several.iter().map(String::as_str).collect(),
                _ => Vec::new(),
            })
            .collect();
    // clap has the best one last.
    near.reverse();
    if !near.is_empty() {
        // Names of this program, never what was typed.
        out.push_str(&format!("; did you mean {}?", near.join(" or ")));
    }
    if error.kind() == ErrorKind::ValueValidation
        && let Some(rule) = std::error::Error::source(error).and_then(|source| source.downcast_ref::<Rule>())
    {
        // This program's own parsers repeat nothing; clap's do.
        out.push_str(&format!(" ({rule})"));
    }
    out
}

fn repeatable(name: &str, kind: ErrorKind) -> Option<String> {
    if kind != ErrorKind::UnknownArgument {
        return Some(name.to_owned());
    }
    let name = name.split('=').next().unwrap_or_default();
    let letters = name.strip_prefix("--")?;
    let plain = letters.len() <= 40 && letters.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    plain.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::Args;

    fn error_text(arguments: &[&str]) -> String {
        let all = std::iter::once("nexus").chain(arguments.iter().copied());
        message(&Args::try_parse_from(all).err().unwrap())
    }

    #[test]
    fn usage_error_does_not_repeat_arguments() {
        let cases: [&[&str]; 12] = [
            &["sandbox", "--seed", "-333312345"],
            &["333312345"],
            &["create", "333312345"],
            &["create", "--account-number=333312345"],
            &["create", "--account-number", "333312345"],
            &["create", "--account-type", "333312345"],
            &["wait", "MIC-1", "--timeout", "333312345"],
            &["create", "--333312345"],
            &["sandbox", "--port", "333312345"],
            &["sandbox", "--seed", "333312345333312345333312345"],
            &["sandbox", "--host-name", "333312345/"],
            &["sandbox", "--cors-origin", "333312345"],
        ];
        for case in cases {
            let message = error_text(case);
            assert!(!message.contains("3333"), "{case:?}: {message}");
        }
    }

    #[test]
    fn usage_error_names_the_argument() {
        assert!(error_text(&["create", "--acount-name", "x"]).contains("--acount-name"));
        assert!(error_text(&["create", "--account-type", "loan"]).contains("checking, savings"));
        assert!(error_text(&["wait", "MIC-1", "--timeout", "soon"]).contains("such as 90s, 15m, 36h or 3d"));
        assert!(error_text(&["verify", "MIC-1", "0.09"]).contains("AMOUNT_2"));
        for (option, value, rule) in [
            ("--port", "65536", "must be 0 to 65535"),
            ("--seed", "-1", "must be 0 or more"),
            ("--host-name", "http://a", "such as sandbox.test"),
            ("--cors-origin", "*", "such as http://localhost:3000"),
        ] {
            let text = error_text(&["sandbox", &format!("{option}={value}")]);
            assert!(text.contains(option) && text.contains(rule), "{text}");
        }
    }

    #[test]
    fn usage_error_names_what_was_probably_meant() {
        assert!(error_text(&["preinitate"]).contains("; did you mean preinitiate"));
        assert!(error_text(&["creat"]).ends_with("; did you mean create or read?"), "{}", error_text(&["creat"]));
        assert!(error_text(&["create", "--acount-name", "x"]).ends_with("; did you mean --account-name?"));
        assert!(error_text(&["create", "--account-type", "savngs"]).ends_with("; did you mean savings?"));
        assert!(!error_text(&["frobnicate"]).contains("did you mean"));
    }
}
