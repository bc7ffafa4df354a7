//! The paths that a source file uses. The file is read as text, word by word, with only as much of Rust's syntax as that needs.

/// A source without comments and tests, as words: names, `::` and single characters.
pub(crate) fn words(source: &str) -> Vec<String> {
    let mut kept = Vec::new();
    let mut skipping = false;
    for line in source.lines().map(str::trim) {
        if line.starts_with("//") {
            continue;
        }
        if line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test") {
            skipping = true;
        } else if skipping && !line.starts_with("#[") {
            // The tests of a file stand at its end; a field, an import or a module for tests is one line.
            skipping = false;
            if line.starts_with("mod ") && line.ends_with('{') {
                break;
            }
        } else if !skipping {
            kept.push(line.split(" // ").next().unwrap_or_default());
        }
    }
    let text = kept.join("\n");
    let mut out: Vec<String> = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c.is_alphanumeric() || c == '_' {
            let mut word = String::from(c);
            while let Some(more) = characters.next_if(|c| c.is_alphanumeric() || *c == '_') {
                word.push(more);
            }
            out.push(word);
        } else if c == ':' && characters.next_if_eq(&':').is_some() {
            out.push("::".to_owned());
        } else if !c.is_whitespace() {
            out.push(c.to_string());
        }
    }
    out
}

/// Every path that has a `::` in it, and the word at which it begins; one with braces is every path that they spell out.
pub(crate) fn paths(words: &[String]) -> Vec<(usize, Vec<String>)> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let begins = at + 1 < words.len() && words[at + 1] == "::" && (at == 0 || words[at - 1] != "::");
        let from = at;
        if begins && words[at].starts_with(|c: char| c.is_alphabetic()) {
            for path in tree(words, &mut at) {
                out.push((from, path));
            }
        } else {
            at += 1;
        }
    }
    out
}

/// The paths of one tree of a `use`, or the one path of an expression; goes past them.
fn tree(words: &[String], at: &mut usize) -> Vec<Vec<String>> {
    let mut head = Vec::new();
    while *at < words.len() {
        if words[*at] == "{" {
            *at += 1;
            let mut out = Vec::new();
            while *at < words.len() && words[*at] != "}" {
                let before = *at;
                for tail in tree(words, at) {
                    out.push(head.iter().cloned().chain(tail).collect());
                }
                while *at < words.len() && !matches!(words[*at].as_str(), "," | "}") {
                    *at += 1;
                }
                *at += usize::from(*at < words.len() && words[*at] == ",");
                assert!(*at > before);
            }
            *at += 1;
            return out;
        }
        head.push(words[*at].clone());
        *at += 1;
        if *at >= words.len() || words[*at] != "::" {
            break;
        }
        *at += 1;
    }
    vec![head]
}

/// Whether the path that begins at this word is a `pub use`, of whatever reach.
pub(crate) fn is_handed_on(words: &[String], from: usize) -> bool {
    from >= 2 && words[from - 1] == "use" && matches!(words[from - 2].as_str(), "pub" | ")")
}
