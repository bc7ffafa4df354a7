//! The committed header is the one that the source says, and says what C people need.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::path::Path;

const HERE: &str = env!("CARGO_MANIFEST_DIR");

fn committed() -> String {
    std::fs::read_to_string(Path::new(HERE).join("../../bindings/c/include/nexus.h")).expect("nexus.h")
}

fn generated() -> String {
    let root = Path::new(HERE);
    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml");
    config.header = Some(std::fs::read_to_string(root.join("header.txt")).expect("header.txt").trim_end().to_owned());
    let sources = ["version", "code", "text", "error", "status", "values", "machine", "record", "builder", "observe"];
    let sources = sources.into_iter().chain(["client", "wait", "cancel", "request", "webhook", "sandbox"]);
    let mut builder = cbindgen::Builder::new().with_config(config);
    for name in sources {
        builder = builder.with_src(root.join("src").join(name).with_extension("rs"));
    }
    let mut text = Vec::new();
    builder.generate().expect("a header").write(&mut text);
    String::from_utf8(text).expect("UTF-8")
}

/// `NEXUS_WRITE=1 cargo test -p nexus-ffi --test header` writes it anew.
#[test]
fn the_header_is_current() {
    let text = generated();
    if std::env::var_os("NEXUS_WRITE").is_some() {
        std::fs::write(Path::new(HERE).join("../../bindings/c/include/nexus.h"), &text).expect("written");
    }
    assert!(
        text == committed(),
        "nexus.h is not what the source says: NEXUS_WRITE=1 cargo test -p nexus-ffi --test header"
    );
}

#[test]
fn facts_are_the_client_s() {
    let header = committed();
    for (name, url) in [("INTEGRATION", nexus_http::INTEGRATION_URL), ("PRODUCTION", nexus_http::PRODUCTION_URL)] {
        assert!(header.contains(&format!("#define NEXUS_{name}_URL \"{url}\"\n")), "{name}");
    }
    assert!(header.contains(&format!("#define NEXUS_ABI_VERSION {}\n", nexus_abi())));
}

/// As the manifest says it for installations.
fn nexus_abi() -> String {
    let manifest = std::fs::read_to_string(Path::new(HERE).join("Cargo.toml")).expect("Cargo.toml");
    let library = manifest.split("[package.metadata.capi.library]").nth(1).expect("capi.library");
    let version = library.split("version = \"").nth(1).expect("a version");
    version.split('.').next().expect("a number").to_owned()
}

/// Each function's name, its parameters, and the comment before it.
fn functions(header: &str) -> Vec<(String, Vec<String>, String)> {
    let mut out = Vec::new();
    let mut rest = header;
    while let Some(start) = rest.find("/**") {
        let end = start + rest[start..].find("*/").expect("a comment's end") + 2;
        let comment = rest[start..end].to_owned();
        rest = &rest[end..];
        let declaration = rest.split(';').next().unwrap_or_default();
        let Some((before, parameters)) = declaration.split_once('(') else { continue };
        let name = before.rsplit([' ', '*']).next().unwrap_or_default();
        if !name.starts_with("nexus_") || before.contains('{') || before.contains("typedef") {
            continue;
        }
        let parameters = parameters.trim_end_matches(')').split(',');
        let parameters = parameters.filter_map(|one| one.rsplit([' ', '*']).next()).filter(|name| *name != "void");
        out.push((name.to_owned(), parameters.map(|name| name.trim().to_owned()).collect(), comment));
    }
    out
}

#[test]
fn every_function_is_documented_as_c_people_write_it() {
    let header = committed();
    let functions = functions(&header);
    assert!(functions.len() > 60, "{}", functions.len());
    for (name, parameters, comment) in &functions {
        for parameter in parameters {
            assert!(comment.contains(&format!("@param {parameter} ")), "{name}: {parameter}");
        }
        assert_eq!(comment.matches("@param").count(), parameters.len(), "{name}");
        assert!(comment.contains("@return"), "{name}");
        assert!(
            comment.to_lowercase().contains("any\n *         thread") || comment.contains("Any thread"),
            "{name}: threads"
        );
    }
}

#[test]
fn every_handle_lists_its_functions() {
    let header = committed();
    let functions = functions(&header);
    let mut handles = 0;
    for (at, _) in header.match_indices("typedef struct nexus_") {
        let line = header[at..].lines().next().unwrap_or_default();
        let words: Vec<&str> = line.trim_end_matches(';').split(' ').collect();
        // An opaque type: `typedef struct nexus_x nexus_x;`
        if words.len() != 4 || words[2] != words[3] {
            continue;
        }
        handles += 1;
        let comment = &header[..at][header[..at].rfind("/**").expect("a comment")..];
        let start = format!("{}_", words[3]);
        let mentioned = |name: &str| {
            let words = comment.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            words.into_iter().any(|word| word == name)
        };
        for (name, ..) in functions.iter().filter(|(name, ..)| name.starts_with(&start)) {
            let of_builder = words[3] == "nexus_client" && name.starts_with("nexus_client_builder");
            assert!(of_builder || mentioned(name), "{} does not list {name}", words[3]);
        }
        assert!(mentioned(&format!("{start}free")), "{start}");
    }
    assert_eq!(handles, 10);
}
