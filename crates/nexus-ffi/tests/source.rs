//! Rules for the source of the C interface.
#![allow(clippy::expect_used)]

use std::path::Path;

/// Unsafe code stands in two files, and each piece of it says why it is sound.
#[test]
fn only_two_files_touch_the_caller_s_memory() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("src") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a source");
        let own = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let code: String = own.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        // Not the attribute that names a function.
        let blocks = code.replace("#[unsafe(no_mangle)]", "").matches("unsafe").count();
        if path.ends_with("raw.rs") || path.ends_with("structures.rs") {
            assert_eq!(own.matches("// SAFETY: ").count(), blocks, "a reason for each");
            seen += blocks;
        } else {
            assert_eq!(blocks, 0, "{}", path.display());
        }
    }
    assert!(seen > 0 && seen < 16, "{seen}");
}

/// What functions run in, with the beginning of their names.
const GUARDS: [&str; 7] = ["call(\"", "brief(\"", "free(\"", "record(\"", "made(\"", "judged(\"", "ended(\""];

/// Whatever the header calls a function runs where a panic is caught.
#[test]
fn every_function_runs_where_a_panic_is_caught() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut functions = 0;
    for entry in std::fs::read_dir(folder).expect("src") {
        let text = std::fs::read_to_string(entry.expect("a file").path()).expect("a source");
        for piece in text.split("#[unsafe(no_mangle)]\n").skip(1) {
            let body = piece.split("\n}\n").next().unwrap_or_default();
            let guarded = GUARDS.iter().any(|guard| body.contains(&format!("    {guard}")));
            let guarded =
                guarded || ["    plain(", "    word(", "crate::panic::plain("].iter().any(|guard| body.contains(guard));
            let constant = body.contains("nexus_abi_version()") || body.contains("nexus_version");
            assert!(guarded || constant, "{body}");
            let name = body.split("fn ").nth(1).and_then(|rest| rest.split('(').next()).unwrap_or_default();
            // The name in an error is the function's own.
            for guard in GUARDS {
                if let Some(said) = body.split(&format!("    {guard}")).nth(1) {
                    assert!(said.starts_with(&format!("{name}\"")), "{name}");
                }
            }
            functions += 1;
        }
    }
    assert!(functions > 60, "{functions}");
}
