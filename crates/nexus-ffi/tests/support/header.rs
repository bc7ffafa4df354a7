//! Reads the committed header: its functions with their parameters.
#![allow(dead_code)]

/// One parameter: its type as it stands, and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    pub kind: String,
    pub name: String,
}

/// One function, and the comment before it.
#[derive(Debug, Clone)]
pub struct Function {
    pub returns: String,
    pub name: String,
    pub parameters: Vec<Parameter>,
    pub comment: String,
}

pub fn text() -> String {
    std::fs::read_to_string(super::root().join("bindings/c/include/nexus.h")).expect("nexus.h")
}

/// The names of the opaque types.
pub fn handles(header: &str) -> Vec<String> {
    let opaque = |line: &str| {
        let words: Vec<&str> = line.strip_prefix("typedef struct ")?.trim_end_matches(';').split(' ').collect();
        (words.len() == 2 && words[0] == words[1]).then(|| words[0].to_owned())
    };
    header.lines().filter_map(opaque).collect()
}

pub fn functions(header: &str) -> Vec<Function> {
    let mut out = Vec::new();
    let mut rest = header;
    while let Some(start) = rest.find("/**") {
        let end = start + rest[start..].find("*/").expect("a comment's end") + 2;
        let comment = rest[start..end].to_owned();
        rest = &rest[end..];
        let declaration = rest.split(';').next().unwrap_or_default();
        let Some((before, parameters)) = declaration.split_once('(') else { continue };
        let (returns, name) = parted(before.trim_start().trim_start_matches("NEXUS_API"));
        if !name.starts_with("nexus_") || before.contains(['{', '#', '=']) || before.contains("typedef") {
            continue;
        }
        let parameters = parameters.trim_end_matches(')').split(',').map(parted).filter(|(_, name)| name != "void");
        let parameters = parameters.map(|(kind, name)| Parameter { kind, name }).collect();
        out.push(Function { returns, name, parameters, comment });
    }
    out
}

/// `const char *guid` into `const char *` and `guid`.
fn parted(text: &str) -> (String, String) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace("struct ", "");
    let at = text.rfind([' ', '*']).map_or(0, |at| at + 1);
    (text[..at].trim().to_owned(), text[at..].to_owned())
}
