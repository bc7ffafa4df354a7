//! The list of public types, read from the sources.

use super::*;

/// The public types of the crates: what their sources declare, and what they export from macros.
pub(crate) fn public_types() -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates");
    let mut types = BTreeSet::new();
    for name in ["nexus-types", "nexus-http", "nexus-sandbox"] {
        let mut folders = vec![crates.join(name).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    // The endpoints are exported as one.
                    let exports = path.ends_with("lib.rs") || path.ends_with("endpoint/mod.rs");
                    collect(&std::fs::read_to_string(&path).unwrap(), exports, &mut types);
                }
            }
        }
    }
    types
}

pub(crate) fn collect(source: &str, exports: bool, types: &mut BTreeSet<String>) {
    let word = |text: &str| text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned();
    for line in source.lines().map(str::trim) {
        let declared = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
        types.extend(declared.map(word).filter(|name| !name.is_empty()));
    }
    for list in source.split("pub use ").skip(1).filter(|_| exports) {
        let names = list.split(';').next().unwrap().split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let camel = |name: &&str| name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
        types.extend(names.filter(camel).map(str::to_owned));
    }
}
