//! Citations have a target: sections of docs/domain.md in all files of the project, files and headings in Markdown links.

#![allow(clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The document, as it is cited: with a section behind it, on the same line.
const DOMAIN: &str = "domain.md";
/// What names one of MX's pages as a source.
const PAGE: &str = "MX page: ";
/// Folders that hold nothing written by hand.
const SKIPPED: [&str; 9] =
    [".git", ".hypothesis", ".mypy_cache", ".pytest_cache", ".venv", "__pycache__", "artifacts", "corpus", "target"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of the project that is text.
fn files() -> Vec<(PathBuf, String)> {
    let (mut folders, mut out) = (vec![root().to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry")) {
            let (path, name) = (entry.path(), entry.file_name());
            if entry.file_type().expect("a type").is_dir() {
                if !SKIPPED.iter().any(|skipped| name == *skipped) {
                    folders.push(path);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                out.push((path, text));
            }
        }
    }
    out
}

/// Text without its fenced blocks, line by line with line numbers; Markdown's headings and links are looked for in it.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        (!fenced && !fence).then_some((index + 1, line))
    })
}

fn headings(text: &str) -> impl Iterator<Item = &str> {
    prose(text).filter(|(_, line)| line.starts_with('#')).map(|(_, line)| line.trim_start_matches('#').trim())
}

/// `3.2` or `C7` where the text begins with one.
fn section(text: &str) -> Option<&str> {
    let digits = text.strip_prefix('C').unwrap_or(text);
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    let found = text.get(..text.len() - digits.len() + end)?.trim_end_matches('.');
    found.ends_with(|c: char| c.is_ascii_digit()).then_some(found)
}

/// The sections that the document has: the beginnings of its headings.
fn sections(text: &str) -> BTreeSet<&str> {
    headings(text).filter_map(section).collect()
}

/// The sections that a line cites, or what is wrong with the way it does.
fn cited(line: &str) -> Result<Vec<&str>, String> {
    let mut out = Vec::new();
    for (at, _) in line.match_indices(DOMAIN) {
        let (before, after) = (&line[..at], &line[at + DOMAIN.len()..]);
        let mut next = after.strip_prefix(' ').filter(|rest| section(rest).is_some());
        // A path, or text that a program looks for.
        if next.is_none() && !before.ends_with(['/', '(']) && !after.trim_start().starts_with('"') {
            return Err(format!("cite as `{DOMAIN} 3.2` or `{DOMAIN} C7`, on one line"));
        }
        while let Some((rest, found)) = next.and_then(|rest| Some((rest, section(rest)?))) {
            out.push(found);
            let behind = &rest[found.len()..];
            next = [" and ", ", "].iter().find_map(|joint| behind.strip_prefix(joint));
        }
    }
    Ok(out)
}

/// What GitHub makes of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The targets of a line's Markdown links, those in code spans left out.
fn links(line: &str) -> Vec<String> {
    let plain: String = line.split('`').step_by(2).collect();
    let targets = plain.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    targets.map(|(target, _)| target.to_owned()).collect()
}

/// Pages that are not in the tree: the site makes them, and checks every link that leads there.
fn made_by_the_site(folder: &Path, path: &str) -> bool {
    let from = |name: &str| folder.ends_with(Path::new("docs").join(name));
    (from("guide") && ["../reference/", "../rust/"].iter().any(|made| path.starts_with(made)))
        || (from("reference") && ["c/", "python/"].iter().any(|made| path.starts_with(made)))
}

/// What is wrong with a link in a file of this folder.
fn broken(folder: &Path, own: &str, target: &str) -> Option<String> {
    if ["https://", "http://", "mailto:"].iter().any(|scheme| target.starts_with(scheme)) {
        return None;
    }
    let (path, wanted) = target.split_once('#').unwrap_or((target, ""));
    if made_by_the_site(folder, path) {
        return None;
    }
    let there = folder.join(path);
    if !there.exists() {
        return Some(format!("{target}: no such file"));
    }
    let text = if path.is_empty() { own.to_owned() } else { fs::read_to_string(there).unwrap_or_default() };
    let found = wanted.is_empty() || headings(&text).any(|heading| anchor(heading) == wanted);
    (!found).then(|| format!("{target}: no such heading"))
}

#[test]
fn every_cited_section_is_there() {
    let document = fs::read_to_string(root().join("docs").join(DOMAIN)).expect("the document");
    let sections = sections(&document);
    let (mut count, mut faults) = (0, Vec::new());
    for (path, text) in files() {
        for (index, line) in text.lines().enumerate() {
            let place = format!("{}:{}", path.display(), index + 1);
            match cited(line) {
                Ok(found) => {
                    count += found.len();
                    let missing = found.into_iter().filter(|section| !sections.contains(section));
                    faults.extend(missing.map(|section| format!("{place}: {DOMAIN} has no section {section}")));
                }
                Err(fault) => faults.push(format!("{place}: {fault}")),
            }
            for rest in line.split(PAGE).skip(1).filter(|rest| !rest.starts_with('"')) {
                let name = rest.split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
                if !document.contains(&format!("\n| {name} | <https://docs.mx.com/")) {
                    faults.push(format!("{place}: {DOMAIN} 11 has no page {name:?}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(count > 300, "only {count} citations: are all files read?");
}

#[test]
fn every_link_leads_somewhere() {
    let (mut count, mut faults) = (0, Vec::new());
    for (path, text) in files().into_iter().filter(|(path, _)| path.extension().is_some_and(|end| end == "md")) {
        let folder = path.parent().expect("a folder");
        for (number, line) in prose(&text) {
            for target in links(line) {
                count += 1;
                let fault = broken(folder, &text, &target);
                faults.extend(fault.map(|fault| format!("{}:{number}: {fault}", path.display())));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(count > 10, "only {count} links: are all files read?");
}

/// What the site makes is an empty place in the clone: the paragraph below each says where to read it there.
#[test]
fn what_the_site_makes_can_be_read_in_the_clone() {
    let (mut count, mut faults) = (0, Vec::new());
    for (path, text) in files().into_iter().filter(|(path, _)| path.extension().is_some_and(|end| end == "md")) {
        let made = |line: &&str| line.starts_with("```{include} /made/") || line.starts_with(":file: ../made/");
        for line in text.lines().filter(made) {
            count += 1;
            let after = text.split(line).nth(1).and_then(|rest| rest.split("```\n").nth(1)).unwrap_or_default();
            let below = after.trim_start().split("\n\n").next().unwrap_or_default();
            if !below.lines().any(|line| links(line).iter().any(|link| link.starts_with("../.."))) {
                faults.push(format!("{}: {line}: no link to where it can be read in the clone", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(count, 7, "are all files read?");
}

#[test]
fn faults_are_seen() {
    let good = format!("see {DOMAIN} 3.4 and C16, then (source: {DOMAIN} 7).");
    assert_eq!(cited(&good), Ok(vec!["3.4", "C16", "7"]));
    assert_eq!(cited(&format!("[the domain](docs/{DOMAIN}), \"{DOMAIN} \"")), Ok(vec![]));
    for bad in [format!("`{DOMAIN}` 3.2"), format!("{DOMAIN} §3"), format!("at the end: {DOMAIN}")] {
        assert!(cited(&bad).is_err(), "{bad}");
    }
    let text =
        "# The domain\n## 1. Endpoints\n### 1.0 Common\n```sh\n# 9 is no heading\n```\n### C7. What a POST requires\n";
    assert_eq!(sections(text).into_iter().collect::<Vec<_>>(), ["1", "1.0", "C7"]);
    assert_eq!(links("[a](b.md#c) and `[d](e)` and ![f](g)"), ["b.md#c", "g"]);
    assert_eq!(broken(root(), text, "#c7-what-a-post-requires"), None);
    for bad in ["#c8", "docs/nothing.md", "README.md#no-such-heading"] {
        assert!(broken(root(), text, bad).is_some(), "{bad}");
    }
}
