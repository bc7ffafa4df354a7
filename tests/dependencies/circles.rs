//! The arrows inside each crate: modules that use each other in a circle can only be read, and changed, all together. Those that
//! stand are listed in `LEFT`, with the reason in docs/circles-left.md; no other may come, and none may grow.
//!
//! The sources are read as text: paths that begin with `crate`, `super`, `self` or a module declared in the same file. A name
//! that a module only hands on (`pub use`) is taken from where it is made. Tests do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A module by its segments: `["error", "kind"]`; the crate's own file is the empty one.
type Module = Vec<String>;

/// A name on which a path begins, or one that it leads to.
type Name = Vec<String>;

/// The folders of the sources, and the circles in them that may stand.
const LEFT: &[(&str, &[&[&str]])] = &[
    (
        "crates/nexus-types/src",
        &[
            &["account", "error", "error::context", "guid", "microdeposit", "routing", "status"],
            &["tolerance", "tolerance::paging", "tolerance::quick", "tolerance::raw"],
        ],
    ),
    ("crates/nexus-http/src", &[]),
    ("crates/nexus-sandbox/src", &[]),
    ("crates/mx-nexus/src", &[]),
    ("crates/nexus-ffi/src", &[&["call", "error", "outcome", "record"]]),
    ("bindings/python/src", &[&["arguments", "convert", "errors", "record", "secrets", "status"]]),
];

/// The modules of one crate, with their sources: what a compiler sees of them when it builds no tests.
struct Crate {
    sources: BTreeMap<Module, String>,
    /// What each module hands on under which name.
    faces: BTreeMap<(Module, String), Name>,
}

/// The source without comments, tests and texts, as words: names, `::` and single characters.
fn words(source: &str) -> Vec<String> {
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

/// Every path that begins at a word and has a `::` in it, and with braces every path that they spell out.
fn paths(words: &[String]) -> Vec<(usize, Name)> {
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
fn tree(words: &[String], at: &mut usize) -> Vec<Name> {
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

impl Crate {
    fn read(folder: &Path) -> Crate {
        let mut read = Crate { sources: BTreeMap::new(), faces: BTreeMap::new() };
        let root = ["lib.rs", "main.rs"].map(|name| folder.join(name)).into_iter().find(|path| path.exists());
        read.add(Vec::new(), &root.expect("a crate"), folder);
        let modules: Vec<Module> = read.sources.keys().cloned().collect();
        for module in modules {
            let words = words(&read.sources[&module]);
            for (from, path) in paths(&words) {
                let is_face = words[..from].iter().rev().take(5).position(|word| word == "use").is_some_and(|back| {
                    back == 0 && words[..from - 1].last().is_some_and(|word| word == "pub" || word == ")")
                });
                if let (true, Some(name)) = (is_face, path.last()) {
                    if let Some(whole) = read.absolute(&module, &path) {
                        read.faces.insert((module.clone(), name.clone()), whole);
                    }
                }
            }
        }
        read
    }

    /// Reads a module's file, and the files of those that it declares.
    fn add(&mut self, module: Module, file: &Path, folder: &Path) {
        let source = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let declared = words(&source);
        self.sources.insert(module.clone(), source);
        for (index, word) in declared.iter().enumerate() {
            if word == "mod" && declared.get(index + 2).is_some_and(|end| end == ";") {
                let name = &declared[index + 1];
                let inner = folder.join(name);
                let file: PathBuf = [folder.join(format!("{name}.rs")), inner.join("mod.rs")]
                    .into_iter()
                    .find(|path| path.exists())
                    .unwrap_or_else(|| panic!("no file of {name} in {}", folder.display()));
                self.add(module.iter().cloned().chain([name.clone()]).collect(), &file, &inner);
            }
        }
    }

    /// The path from the crate's own file; none for another crate's.
    fn absolute(&self, module: &Module, path: &Name) -> Option<Name> {
        let mut base = module.clone();
        let mut rest = path.as_slice();
        match rest.first()?.as_str() {
            "crate" => (base, rest) = (Vec::new(), &rest[1..]),
            "self" => rest = &rest[1..],
            "super" => {}
            child => {
                base.push(child.to_owned());
                self.sources.contains_key(&base).then_some(())?;
                base.pop();
            }
        }
        while rest.first().is_some_and(|word| word == "super") {
            base.pop();
            rest = &rest[1..];
        }
        Some(base.into_iter().chain(rest.iter().cloned()).collect())
    }

    /// The module in which what a path names is made.
    fn home(&self, path: &Name) -> Module {
        let mut module = Module::new();
        for (index, name) in path.iter().enumerate() {
            module.push(name.clone());
            if !self.sources.contains_key(&module) {
                module.pop();
                return match self.faces.get(&(module.clone(), name.clone())) {
                    Some(made) => {
                        let further: Name = made.iter().chain(&path[index + 1..]).cloned().collect();
                        self.home(&further)
                    }
                    None => module,
                };
            }
        }
        module
    }

    /// Which modules each one uses.
    fn arrows(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
        let mut out: BTreeMap<&Module, BTreeSet<Module>> = BTreeMap::new();
        for (module, source) in &self.sources {
            let words = words(source);
            let used = out.entry(module).or_default();
            for (from, path) in paths(&words) {
                let handed_on =
                    from >= 2 && words[from - 1] == "use" && matches!(words[from - 2].as_str(), "pub" | ")");
                // What is handed on may be used in the same file too.
                let only = handed_on && words.iter().filter(|word| Some(*word) == path.last()).count() == 1;
                if let (false, Some(whole)) = (only, self.absolute(module, &path)) {
                    used.insert(self.home(&whole));
                }
            }
            used.remove(module);
        }
        out
    }

    /// The circles: modules each of which leads to every other.
    fn circles(&self) -> Vec<BTreeSet<String>> {
        let arrows = self.arrows();
        let reached = |from: &Module| {
            let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
            while let Some(module) = next.pop() {
                next.extend(arrows[module].iter().filter(|used| seen.insert((*used).clone())));
            }
            seen
        };
        let reach: BTreeMap<&Module, BTreeSet<Module>> = arrows.keys().map(|from| (*from, reached(from))).collect();
        let mut out = BTreeSet::new();
        for (module, there) in reach.iter().filter(|(module, there)| there.contains(**module)) {
            let circle = there.iter().filter(|other| reach[*other].contains(*module));
            out.insert(circle.map(|module| module.join("::")).collect());
        }
        out.into_iter().collect()
    }
}

#[test]
fn no_circle_of_modules_but_the_listed_ones() {
    let mut unlisted = Vec::new();
    for (folder, left) in LEFT {
        let read = Crate::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
        for circle in read.circles() {
            if !left.iter().any(|listed| circle.iter().all(|module| listed.contains(&module.as_str()))) {
                let arrows = read.arrows();
                let inside = |module: &Module| circle.contains(&module.join("::"));
                let ties = arrows.iter().filter(|(module, _)| inside(module)).map(|(module, used)| {
                    let used: Vec<String> =
                        used.iter().filter(|used| inside(used)).map(|used| used.join("::")).collect();
                    format!("  {} -> {}", module.join("::"), used.join(", "))
                });
                unlisted.push(format!("{folder}: {circle:?}\n{}", ties.collect::<Vec<_>>().join("\n")));
            }
        }
    }
    assert!(unlisted.is_empty(), "{}", unlisted.join("\n"));
}
