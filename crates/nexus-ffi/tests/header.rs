//! The committed header matches the source and documents what C programmers need.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, unreachable_pub)]

mod support;

use std::path::Path;
use std::sync::LazyLock;

use support::header::{Function, Parameter, functions, handles};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// The committed header. With `NEXUS_REWRITE` it is written first, so that every test judges the new one.
fn committed() -> String {
    static COMMITTED: LazyLock<String> = LazyLock::new(|| {
        let path = Path::new(HERE).join("../../bindings/c/include/nexus.h");
        if std::env::var_os("NEXUS_REWRITE").is_some() {
            for support::numbers::Written { path, text } in support::numbers::all() {
                std::fs::write(Path::new(HERE).join("../..").join(path), text).expect("written");
            }
            std::fs::write(&path, generated()).expect("written");
        }
        std::fs::read_to_string(path).expect("nexus.h")
    });
    COMMITTED.clone()
}

fn generated() -> String {
    let root = Path::new(HERE);
    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml");
    config.header = Some(std::fs::read_to_string(root.join("header.txt")).expect("header.txt").trim_end().to_owned());
    let sources = [
        "version", "numbers", "code", "cause", "text", "error", "status", "values", "machine", "record", "outcome",
        "builder",
    ];
    let sources =
        sources.into_iter().chain(["assume", "observe", "client", "journal", "wait", "cancel", "flow_options"]);
    let sources = sources.chain(["flow", "step", "tell", "flow_end", "request", "webhook", "sandbox", "handles"]);
    let mut builder = cbindgen::Builder::new().with_config(config);
    for name in sources {
        builder = builder.with_src(root.join("src").join(name).with_extension("rs"));
    }
    let mut text = Vec::new();
    builder.generate().expect("a header").write(&mut text);
    String::from_utf8(text).expect("UTF-8")
}

/// `NEXUS_REWRITE=1 cargo test -p nexus-ffi --test header` writes it anew, with the numbers that it is made from.
#[test]
fn the_header_and_the_numbers_are_current() {
    let root = Path::new(HERE).join("../..");
    let committed = committed();
    for support::numbers::Written { path, text } in support::numbers::all() {
        let now = std::fs::read_to_string(root.join(path)).unwrap_or_default();
        let missing = |named: bool| {
            let lines = text.lines().filter(|line| !named || line.contains(" = ") || line.contains("case "));
            lines.map(str::trim).find(|line| !now.lines().any(|own| own.trim() == *line))
        };
        let missing = missing(true).or(missing(false));
        assert!(now == text, "{path} is not what the core says: {missing:?} is missing or elsewhere; see its head");
    }
    assert!(
        generated() == committed,
        "nexus.h is not what the source says: NEXUS_REWRITE=1 cargo test -p nexus-ffi --test header"
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

#[test]
fn every_function_is_documented_as_c_people_write_it() {
    let header = committed();
    let functions = functions(&header);
    assert!(functions.len() > 60, "{}", functions.len());
    for Function { name, parameters, comment, .. } in &functions {
        for Parameter { name: parameter, .. } in parameters {
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
    let (handles, functions) = (handles(&header), functions(&header));
    let mut missed = Vec::new();
    assert_eq!(handles.len(), 13);
    for handle in &handles {
        let at = header.find(&format!("typedef struct {handle} {handle};")).expect("a handle");
        let comment = &header[..at][header[..at].rfind("/**").expect("a comment")..];
        let words = || comment.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        // The longest name that fits says whose function it is: nexus_client_builder_new is none of nexus_client's.
        let owner =
            |name: &str| handles.iter().filter(|own| name.starts_with(&format!("{own}_"))).max_by_key(|own| own.len());
        for Function { name, .. } in functions.iter().filter(|one| owner(&one.name) == Some(handle)) {
            if !words().any(|word| word == name) {
                missed.push(format!("{handle} does not list {name}"));
            }
        }
        assert!(words().any(|word| word == format!("{handle}_free")), "{handle}");
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

/// The table of the page for C users has a row for every code, and for no other.
#[test]
fn the_page_says_what_to_do_for_every_code() {
    let page = std::fs::read_to_string(Path::new(HERE).join("../../bindings/c/README.md")).expect("README.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let rows = rows.filter(|cell| cell.starts_with(|c: char| c.is_ascii_digit()));
    let mut said: Vec<u16> = Vec::new();
    for cell in rows {
        match cell.split_once(" to ") {
            Some((from, to)) => said.extend(from.parse::<u16>().unwrap()..=to.parse().unwrap()),
            None => said.extend(cell.split(", ").map(|number| number.parse::<u16>().unwrap())),
        }
    }
    said.sort_unstable();
    let all: Vec<u16> = nexus_types::ErrorKind::ALL.iter().map(|kind| kind.number()).collect();
    for kind in nexus_types::ErrorKind::ALL {
        assert!(
            said.contains(&kind.number()),
            "README.md: no row says what to do for {} ({})",
            kind.number(),
            kind.name()
        );
    }
    assert_eq!(said, all);
}
