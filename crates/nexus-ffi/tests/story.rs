//! The examples in C, with the static and the shared library of this build; and the C blocks of the C page, compiled.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub)]

mod support;

use support::{BOTH, Bench, C_FLAGS, Linkage, compiler, root};

fn transcript(story: &str) -> String {
    std::fs::read_to_string(root().join("examples").join(story).with_extension("transcript")).expect("the transcript")
}

#[test]
fn c_tells_the_stories() {
    for story in ["verify", "lost"] {
        let bench = Bench::new();
        let source = root().join("examples").join(story).with_extension("c"); // examples/verify.c, examples/lost.c
        // One story shows that both libraries are the same.
        for linkage in if story == "verify" { &BOTH[..] } else { &[Linkage::Shared] } {
            let program = bench.compile(&compiler("CC", "cc"), C_FLAGS, std::slice::from_ref(&source), *linkage);
            assert_eq!(bench.output_of(&[], &program, &[]), transcript(story), "{story} {linkage:?}");
        }
    }
}

/// What the blocks of the page use and do not say.
const AROUND: &str = r#"
#include <nexus.h>
#include <time.h>
void open_account(void); void ask_again(void); void begin_anew(void); void read_later(const char *guid);
uint64_t now_ms(void); double chance(void); void carry_out(nexus_flow *flow, const nexus_step *step);
"#;

#[test]
fn the_c_of_the_page_is_compiled() {
    let page = std::fs::read_to_string(root().join("bindings/c/README.md")).expect("README.md");
    let blocks: Vec<&str> =
        page.split("```c\n").skip(1).map(|rest| rest.split("```").next().expect("an end")).collect();
    assert_eq!(blocks.len(), 2);
    let folder = tempfile::tempdir().expect("a folder");
    for (number, block) in blocks.iter().enumerate() {
        let given = match number {
            0 => "const char *api_key, const char *guid",
            _ => {
                "const char *guid, nexus_flow_options options, nexus_flow *flow, nexus_step step, nexus_outcome outcome, \
                 nexus_error *error, nexus_code code"
            }
        };
        let source = folder.path().join(format!("block{number}.c"));
        let ends = if number == 0 { "" } else { "(void)code;" };
        std::fs::write(
            &source,
            format!("{AROUND}\nvoid block({given});\nvoid block({given})\n{{\n{block}{ends}\n}}\n"),
        )
        .expect("written");
        let mut command = std::process::Command::new(compiler("CC", "cc"));
        command.args(C_FLAGS).arg("-fsyntax-only").arg("-I").arg(root().join("bindings/c/include")).arg(&source);
        let output = command.output().expect("a compiler");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
