//! Reads the headers of C++: their functions, with the class and the body of each.
#![allow(dead_code)]

/// One function as a header has it.
#[derive(Debug, Clone)]
pub struct Method {
    /// The class that it is of; empty for a free function.
    pub class: String,
    pub name: String,
    /// All that stands before its body or its end.
    pub head: String,
    /// Empty for one that is declared, or deleted.
    pub body: String,
    /// For the library's own use: in `detail`, or private.
    pub hidden: bool,
}

impl Method {
    /// As people write it.
    pub fn full_name(&self) -> String {
        if self.class.is_empty() { self.name.clone() } else { format!("{}::{}", self.class, self.name) }
    }

    pub fn is_deleted(&self) -> bool {
        self.head.ends_with("= delete")
    }
}

/// Every header of C++ with its name, in order.
pub fn headers() -> Vec<(String, String)> {
    let folder = super::root().join("bindings/c/include/nexus");
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the headers") {
        let path = entry.expect("a header").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        out.push((name, std::fs::read_to_string(&path).expect("a header")));
    }
    out.sort();
    out
}

/// The text without comments and without the preprocessor's lines.
fn code(text: &str) -> String {
    let mut pieces = text.split("/*");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    out.extend(pieces.map(|piece| piece.split_once("*/").map_or("", |(_, rest)| rest)));
    let own = out.lines().filter(|line| !line.trim_start().starts_with('#'));
    own.map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// What a pair of braces encloses.
enum Scope {
    Namespace { detail: bool },
    Class { name: String, public: bool },
    Function(Method),
    Other,
}

/// The word before the parameters, with what qualifies it.
fn called(head: &str) -> Option<String> {
    let before = head[..head.find('(')?].trim_end();
    let start = before.rfind(|c: char| !c.is_alphanumeric() && !"_:~".contains(c)).map_or(0, |at| at + 1);
    let name = if before.contains("operator") {
        before.rsplit("operator").next().map(|sign| format!("operator{sign}"))?
    } else {
        before[start..].to_owned()
    };
    (!name.is_empty()).then_some(name)
}

fn class_name(head: &str) -> Option<String> {
    let head = head.trim();
    let head = if head.starts_with("template") { head.rsplit('>').next().unwrap_or_default() } else { head };
    let head = head.trim().strip_prefix("class ").or_else(|| head.trim().strip_prefix("struct "))?;
    let words = head.trim_start_matches("[[nodiscard]]").trim_start();
    let name = words.split(|c: char| !c.is_alphanumeric() && !"_:".contains(c)).next().unwrap_or_default();
    Some(name.trim_end_matches(':').rsplit("::").next().unwrap_or_default().to_owned())
}

fn method(head: &str, scopes: &[Scope]) -> Option<Method> {
    let head = head.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = called(&head)?;
    let mut class = String::new();
    let mut hidden = false;
    for scope in scopes {
        match scope {
            Scope::Namespace { detail } => hidden |= detail,
            Scope::Class { name, public } => (class, hidden) = (name.clone(), hidden || !public),
            _ => return None,
        }
    }
    let (class, name) =
        name.split_once("::").map_or((class, name.clone()), |(of, name)| (of.to_owned(), name.to_owned()));
    Some(Method { class, name, head, body: String::new(), hidden })
}

/// Every function of a header, whether it is defined, declared or deleted there.
pub fn methods(header: &str) -> Vec<Method> {
    let (mut out, mut scopes, mut head, mut parentheses) = (Vec::new(), Vec::new(), String::new(), 0_usize);
    for letter in code(header).chars() {
        let in_function = scopes.iter().any(|scope| matches!(scope, Scope::Function(_)));
        match letter {
            '(' => parentheses += 1,
            ')' => parentheses = parentheses.saturating_sub(1),
            _ => {}
        }
        match letter {
            '{' if parentheses == 0 => {
                let scope = if in_function {
                    Scope::Other
                } else if let Some(name) = head.trim().strip_prefix("namespace ") {
                    Scope::Namespace { detail: name.trim() == "detail" }
                } else if let Some(name) = class_name(&head) {
                    Scope::Class { name, public: !head.contains("class ") }
                } else {
                    method(&head, &scopes).map_or(Scope::Other, Scope::Function)
                };
                scopes.push(scope);
                head.clear();
            }
            '}' if parentheses == 0 => {
                if let Some(Scope::Function(method)) = scopes.pop() {
                    out.push(method);
                }
                head.clear();
            }
            ';' if parentheses == 0 && !in_function => {
                out.extend(method(&head, &scopes));
                head.clear();
            }
            ':' if matches!(head.trim(), "public" | "private") => {
                if let Some(Scope::Class { public, .. }) = scopes.last_mut() {
                    *public = head.trim() == "public";
                }
                head.clear();
            }
            _ => head.push(letter),
        }
        for scope in &mut scopes {
            if let Scope::Function(method) = scope {
                method.body.push(letter);
            }
        }
    }
    out
}
