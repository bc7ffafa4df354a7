//! Generates from the core's lists: the enumerations of C (`src/numbers.rs`), and those of C++ with the exceptions
//! (`numbers.hpp`, `exceptions.hpp`). The texts come from the core: the comments on its members, or its own texts about them.
#![allow(dead_code)]

use std::fmt::{Debug, Write};

use nexus_types::{AccountType, Assumption, ErrorKind, Event, Field, KnownStatus, Operation, TransportCause, Verdict};

/// A file that is written, by its place in the repository.
pub struct Written {
    pub path: &'static str,
    pub text: String,
}

/// One enumeration.
struct List {
    /// In C.
    name: &'static str,
    /// Before the names of its members.
    prefix: &'static str,
    /// In C++, where it has a type of its own.
    class: Option<&'static str>,
    about: &'static str,
    /// What 0 says, where no member has it.
    none: Option<(&'static str, &'static str)>,
    members: Vec<Member>,
}

struct Member {
    upper: String,
    camel: String,
    number: i64,
    about: String,
}

const ACCOUNT: &str = include_str!("../../../nexus-types/src/account.rs");
const OPERATION: &str = include_str!("../../../nexus-types/src/operation.rs");
const MACHINE: &str = include_str!("../../../nexus-types/src/machine/mod.rs");
const RECORD: &str = include_str!("../../../nexus-types/src/microdeposit.rs");
const OUTCOME: &str = include_str!("../../../nexus-types/src/flow/outcome.rs");
const CAUSE: &str = include_str!("../../../nexus-types/src/error/cause.rs");
const KIND: &str = include_str!("../../../nexus-types/src/error/kind.rs");

/// The comment above the first line that holds this, without what only readers of the core can follow.
fn comment(source: &str, line: &str) -> Option<String> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let at = lines.iter().position(|own| own.contains(line))?;
    let first = lines[..at].iter().rposition(|own| !own.starts_with("///")).map_or(0, |before| before + 1);
    let words: Vec<&str> = lines[first..at].iter().map(|own| own.trim_start_matches("///").trim()).collect();
    let words = words.join(" ");
    // Its sources, and the way to another item.
    let out = words.split(" (source: ").enumerate().map(|(index, piece)| match index {
        0 => piece,
        _ => piece.split_once(')').map_or("", |(_, rest)| rest),
    });
    let mut out: String = out.collect();
    for mark in ["; see [", " See ["] {
        if let Some((before, _)) = out.split_once(mark) {
            out = format!("{}.", before.trim_end_matches('.'));
        }
    }
    while let Some((before, (name, after))) =
        out.split_once("[`").and_then(|(before, rest)| Some((before, rest.split_once("`]")?)))
    {
        let after = after.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(after, |(_, rest)| rest);
        out = format!("{before}{name}{after}");
    }
    assert!(!out.is_empty() && !out.contains('['), "{line}: a comment that C people can read: {out}");
    Some(out)
}

fn above(source: &str, variant: &impl Debug, number: i64) -> String {
    comment(source, &format!("{variant:?} = {number},")).unwrap_or_else(|| panic!("{variant:?}: no comment"))
}

fn member(variant: &impl Debug, name: &str, number: impl Into<i64>, about: String) -> Member {
    Member { upper: name.to_uppercase(), camel: format!("{variant:?}"), number: number.into(), about }
}

/// A kind's words stand at the problem that it is the kind of.
fn of_kind(kind: ErrorKind) -> String {
    comment(KIND, &format!(" => {kind:?}, \"")).unwrap_or_else(|| above(KIND, &kind, kind.number().into()))
}

fn lists() -> Vec<List> {
    let plain = |name, prefix, class, about, members| List { name, prefix, class, about, none: None, members };
    vec![
        plain(
            "nexus_status",
            "NEXUS_STATUS",
            Some("KnownStatus"),
            "The known statuses, by the API's own numbers.",
            KnownStatus::ALL.iter().map(|one| member(one, one.name(), one.number(), one.definition().into())).collect(),
        ),
        plain(
            "nexus_account_type",
            "NEXUS_ACCOUNT_TYPE",
            Some("AccountType"),
            "The types of account, by the API's own numbers.",
            AccountType::ALL
                .iter()
                .map(|one| member(one, one.name(), one.number(), above(ACCOUNT, one, one.number())))
                .collect(),
        ),
        plain(
            "nexus_operation",
            "NEXUS_OPERATION",
            None,
            "The operations of the API. Numbers are never reused.",
            Operation::ALL
                .iter()
                .map(|one| member(one, one.name(), one.number(), above(OPERATION, one, one.number().into())))
                .collect(),
        ),
        plain(
            "nexus_event",
            "NEXUS_EVENT",
            None,
            "What can happen to a microdeposit. Numbers are never reused.",
            Event::ALL
                .iter()
                .map(|one| member(one, one.name(), one.number(), above(MACHINE, one, one.number().into())))
                .collect(),
        ),
        plain(
            "nexus_field",
            "NEXUS_FIELD",
            Some("Field"),
            "The fields of a record, by the numbers that nexus_microdeposit_expose takes. Numbers are never reused.",
            Field::ALL
                .iter()
                .map(|one| member(one, one.name(), one.number(), above(RECORD, one, one.number().into())))
                .collect(),
        ),
        plain(
            "nexus_verdict",
            "NEXUS_VERDICT",
            Some("Verdict"),
            "The outcome of a submission. Every other result is an error.",
            Verdict::ALL
                .iter()
                .map(|one| member(one, one.name(), one.number(), above(OUTCOME, one, one.number().into())))
                .collect(),
        ),
        List {
            name: "nexus_assumption",
            prefix: "NEXUS_ASSUMPTION",
            class: Some("Assumption"),
            about: "An assumption about MX's server, not documented by MX, that a result rests on; nexus_assumptions can switch each \
                    off. Numbers are never reused; new ones may come.",
            none: Some(("NONE", "None: the response proves the result.")),
            members: Assumption::ALL
                .iter()
                .map(|one| member(one, one.name(), one.number(), one.text().into()))
                .collect(),
        },
        List {
            name: "nexus_transport_cause",
            prefix: "NEXUS_CAUSE",
            class: Some("TransportCause"),
            about: "Why no usable response came, if it is known. Numbers are never reused; new ones may come.",
            none: Some(("NONE", "Not known, or a response came.")),
            members: TransportCause::ALL
                .iter()
                .map(|one| member(one, one.name(), one.number(), above(CAUSE, one, one.number().into())))
                .collect(),
        },
        List {
            name: "nexus_code",
            prefix: "NEXUS_ERROR",
            class: None,
            about: "The result of a function: 0, or the kind of error. The hundreds are the group: 1 input, 2 the server's refusal, \
                    3 an unreadable response, 4 status, 5 transport, 6 misuse of this interface. Numbers are never reused; new ones \
                    may come.",
            none: Some(("NEXUS_OK", "Success: outputs are filled.")),
            members: ErrorKind::ALL.iter().map(|one| member(one, one.name(), one.number(), of_kind(*one))).collect(),
        },
    ]
}

/// Words in lines of at most `width` characters, each after `before`.
fn wrapped(out: &mut String, before: &str, words: &str, width: usize) {
    let mut line = before.to_owned();
    for word in words.split(' ') {
        if line.len() + 1 + word.len() > width {
            let _ = writeln!(out, "{line}");
            line = before.to_owned();
        }
        let _ = write!(line, " {word}");
    }
    let _ = writeln!(out, "{line}");
}

const GENERATED: &str = "Generated from the core's lists; a test compares it with them. To generate it again: NEXUS_REWRITE=1 cargo test -p nexus-ffi \
                    --test header";

/// The enumerations of C, as the source that the header is made from.
fn of_c() -> String {
    let mut out = String::from("//! The numbers of C.\n//!\n");
    wrapped(&mut out, "//!", GENERATED, 120);
    for List { name, prefix, about, none, members, .. } in lists() {
        out += "\n";
        wrapped(&mut out, "///", about, 120);
        out += "#[repr(i32)]\n#[derive(Debug, Clone, Copy, PartialEq, Eq)]\n#[allow(dead_code)]\n";
        let _ = writeln!(out, "pub enum {name} {{");
        if let Some((own, about)) = none {
            let own = if own == "NONE" { format!("{prefix}_{own}") } else { own.to_owned() };
            let _ = writeln!(out, "    /// {about}\n    {own} = 0,");
        }
        for Member { upper, number, about, .. } in &members {
            wrapped(&mut out, "    ///", about, 120);
            let _ = writeln!(out, "    {prefix}_{upper} = {number},");
        }
        out += "}\n";
        if name == "nexus_code" {
            out +=
                "\nimpl nexus_code {\n    /// Every code but success.\n    pub(crate) const ALL: &[nexus_code] = &[\n";
            for Member { upper, .. } in &members {
                let _ = writeln!(out, "        nexus_code::{prefix}_{upper},");
            }
            out += "    ];\n}\n";
        }
    }
    out
}

/// Those of C++.
fn of_cpp() -> String {
    let mut out = String::from("/* The numbers of C, as types.\n *\n");
    wrapped(&mut out, " *", GENERATED, 118);
    out += " */\n#ifndef NEXUS_NUMBERS_HPP\n#define NEXUS_NUMBERS_HPP\n\n#include <nexus.h>\n\n#include <cstdint>\n\nnamespace nexus {\n";
    for List { prefix, class, about, members, .. } in lists() {
        let Some(class) = class else { continue };
        let about = about.replace("nexus_microdeposit_expose takes", "Microdeposit::expose takes");
        let about = about.replace("nexus_assumptions can", "Assumptions can");
        out += "\n";
        block(&mut out, "", &about);
        let _ = writeln!(out, "enum class {class} : std::int32_t {{");
        for Member { upper, camel, about, .. } in &members {
            block(&mut out, "    ", about);
            let _ = writeln!(out, "    {camel} = {prefix}_{upper},");
        }
        out += "};\n";
    }
    // A number beyond it is a status that the header does not name.
    if let Some(last) = KnownStatus::ALL.iter().max_by_key(|status| status.number()) {
        out += "\nnamespace detail {\n\n";
        block(&mut out, "", "The last of the known statuses, which are numbered from 0 without a gap.");
        let _ = writeln!(out, "constexpr KnownStatus LAST_STATUS = KnownStatus::{last:?};\n\n}} // namespace detail");
    }
    out + "\n} // namespace nexus\n\n#endif\n"
}

fn block(out: &mut String, indent: &str, words: &str) {
    let mut text = String::new();
    wrapped(&mut text, &format!("{indent} *"), words, 116);
    let text = text.trim_end();
    let first = text.trim_start().trim_start_matches("* ");
    let _ = writeln!(out, "{indent}/* {first} */");
}

/// The exceptions whose names are not those of the kinds, for they would be taken for something else.
const NAMED: [(ErrorKind, &str); 8] = [
    (ErrorKind::Server, "ServerFailed"),
    (ErrorKind::Redirect, "Redirected"),
    (ErrorKind::Connect, "ConnectFailed"),
    (ErrorKind::Timeout, "TimedOut"),
    (ErrorKind::Io, "ConnectionBroke"),
    (ErrorKind::Tls, "TlsFailed"),
    (ErrorKind::Protocol, "ProtocolBroken"),
    (ErrorKind::Panic, "InternalError"),
];

const GROUPS: [&str; 6] = ["InputError", "ApiError", "DecodeError", "StateError", "TransportError", "BoundaryError"];

/// A class for each kind, and what throws it.
fn exceptions() -> String {
    let mut out = String::from("/* An exception for each code.\n *\n");
    wrapped(&mut out, " *", GENERATED, 118);
    out += " */\n#ifndef NEXUS_EXCEPTIONS_HPP\n#define NEXUS_EXCEPTIONS_HPP\n\n#include \"error.hpp\"\n\n#include <cstdlib>\n\nnamespace nexus {\n";
    let mut thrown = String::new();
    for kind in ErrorKind::ALL {
        let named = NAMED.iter().find(|(own, _)| own == kind);
        let name = named.map_or_else(|| format!("{kind:?}"), |(_, name)| (*name).to_owned());
        let group = GROUPS[usize::from(kind.number() / 100 - 1)];
        out += "\n";
        block(&mut out, "", &of_kind(*kind));
        let _ = writeln!(out, "class {name} : public {group} {{\npublic:\n    using {group}::{group};\n}};");
        let upper = kind.name().to_uppercase();
        let _ = writeln!(thrown, "    case NEXUS_ERROR_{upper}:\n        throw {name}{{*this}};");
    }
    out += "\ninline void Failure::raise() const\n{\n#if NEXUS_EXCEPTIONS\n    switch (code_) {\n";
    out += &thrown;
    out += "    case NEXUS_OK:\n        break;\n    }\n    throw Error{*this};\n#else\n    std::abort();\n#endif\n}\n";
    out + "\n} // namespace nexus\n\n#endif\n"
}

/// Everything that is written.
pub fn all() -> [Written; 3] {
    [
        Written { path: "crates/nexus-ffi/src/numbers.rs", text: of_c() },
        Written { path: "bindings/c/include/nexus/numbers.hpp", text: of_cpp() },
        Written { path: "bindings/c/include/nexus/exceptions.hpp", text: exceptions() },
    ]
}
