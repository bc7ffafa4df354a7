//! The dependencies inside each crate. Modules that use each other in a circle can only be read and changed together. The
//! existing circles are listed in `LEFT`, with the reason in ARCHITECTURE.md; no other circle may appear, and none may grow.
//!
//! The sources are read as text: paths that begin with `crate`, `super`, `self` or a module declared in the same file. A name
//! that a module only hands on (`pub use`) is taken from where it is made. Tests do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::paths::{is_handed_on, paths, words};

/// A module by its segments, `["error", "kind"]`; the crate's own file is the empty one.
type Module = Vec<String>;

/// A path by its segments.
type Name = Vec<String>;

/// The folders of the sources, and the circles in them that may stand.
const LEFT: &[(&str, &[&[&str]])] = &[
    ("crates/nexus-types/src", &[]),
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

impl Crate {
    fn read(folder: &Path) -> Crate {
        let mut sources = BTreeMap::new();
        let root = ["lib.rs", "main.rs"].map(|name| folder.join(name)).into_iter().find(|path| path.exists());
        add(&mut sources, Module::new(), &root.expect("a crate"), folder);
        Crate::of(sources)
    }

    fn of(sources: BTreeMap<Module, String>) -> Crate {
        let mut read = Crate { sources, faces: BTreeMap::new() };
        let mut faces = BTreeMap::new();
        for (module, source) in &read.sources {
            let words = words(source);
            for (from, path) in paths(&words) {
                if let (true, Some(whole), Some(name)) =
                    (is_handed_on(&words, from), read.absolute(module, &path), path.last())
                {
                    faces.insert((module.clone(), name.clone()), whole);
                }
            }
        }
        read.faces = faces;
        read
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
                // What is handed on may be used in the same file too.
                let once = words.iter().filter(|word| Some(*word) == path.last()).count() == 1;
                let only = is_handed_on(&words, from) && once;
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

/// Reads a module's file, and the files of those that it declares.
fn add(sources: &mut BTreeMap<Module, String>, module: Module, file: &Path, folder: &Path) {
    let source = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let declared = words(&source);
    sources.insert(module.clone(), source);
    for (index, word) in declared.iter().enumerate() {
        if word == "mod" && declared.get(index + 2).is_some_and(|end| end == ";") {
            let name = &declared[index + 1];
            let inner = folder.join(name);
            let files = [folder.join(format!("{name}.rs")), inner.join("mod.rs")];
            let file = files.iter().find(|path| path.exists());
            let file = file.unwrap_or_else(|| panic!("no file of {name} in {}", folder.display()));
            add(sources, module.iter().cloned().chain([name.clone()]).collect(), file, &inner);
        }
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

#[test]
fn a_circle_is_seen_through_what_stands_between() {
    let circles = |files: &[(&str, &str)]| {
        let module = |name: &str| name.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Crate::of(files.iter().map(|(name, source)| (module(name), (*source).to_owned())).collect()).circles()
    };
    let root = ("", "mod a;\nmod b;\npub use b::{B, C};");
    let used = ("a", "use crate::B;\npub struct A(B);");
    for b in ["use super::a::A;", "use crate::{\n    a::{self, A},\n};", "fn f() { crate::a::f() }"] {
        assert_eq!(circles(&[root, used, ("b", b)]), [BTreeSet::from(["a".to_owned(), "b".to_owned()])], "{b}");
    }
    for b in
        ["// crate::a::A", "#[cfg(test)]\nuse crate::a::A;", "#[cfg(test)]\nmod tests {\n    use crate::a::A;\n}", ""]
    {
        assert!(circles(&[root, used, ("b", b)]).is_empty(), "{b}");
    }
}
