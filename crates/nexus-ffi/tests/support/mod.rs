//! Compiles C and C++ against the libraries of this build, and runs the result.
#![allow(dead_code, clippy::print_stdout, clippy::indexing_slicing)]

pub mod cpp;
pub mod header;
pub mod hostile;
pub mod numbers;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// How a program is joined with the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linkage {
    Static,
    Shared,
    /// Not at all: the program loads it at run time.
    None,
}

pub const BOTH: [Linkage; 2] = [Linkage::Static, Linkage::Shared];

/// What C must be free of.
pub const C_FLAGS: &[&str] = &["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];
/// What C++ must be free of.
pub const CPP_FLAGS: &[&str] = &["-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"];

/// The same with another standard: "17", "20", or "2b" for the one after.
pub fn cpp_flags(standard: &str) -> Vec<&'static str> {
    let standard = match standard {
        "20" => "-std=c++20",
        "2b" => "-std=c++2b",
        _ => "-std=c++17",
    };
    CPP_FLAGS.iter().map(|flag| if flag.starts_with("-std=") { standard } else { flag }).collect()
}

/// The usual compiler of C++, and the others where they are there too.
pub fn cpp_compilers() -> Vec<String> {
    let all = [compiler("CXX", "c++"), "clang++".to_owned(), "g++".to_owned()];
    let mut there: Vec<String> = Vec::new();
    for name in all {
        if !there.contains(&name) && tool(&name, "C++ with this compiler") {
            there.push(name);
        }
    }
    there
}

/// What a static library of Rust needs of the system: `rustc --print native-static-libs`.
#[cfg(target_os = "linux")]
const SYSTEM: &[&str] = &["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"];
#[cfg(not(target_os = "linux"))]
const SYSTEM: &[&str] = &["-lm", "-lc"];

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace")
}

/// Where cargo puts what it builds beside this test.
pub fn built() -> PathBuf {
    let own = std::env::current_exe().expect("this test's path");
    own.parent().expect("a folder").to_owned()
}

pub fn shared_name() -> &'static str {
    if cfg!(target_os = "macos") { "libnexus.dylib" } else { "libnexus.so" }
}

/// Says what is skipped for want of something on this machine; where nothing may be skipped (`NEXUS_SKIP_NOTHING`), it fails.
pub fn skipped(what: &str) {
    println!("skipped: {what}");
    assert!(std::env::var_os("NEXUS_SKIP_NOTHING").is_none(), "not to be skipped here: {what}");
}

/// Whether a tool is there. If not, says what is skipped.
pub fn tool(name: &str, what: &str) -> bool {
    let there = Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    if !there {
        let why = format!("{what} ({name} is not installed)");
        // What would have to be compiled first is nobody's duty to have.
        if name.starts_with("cargo-") { println!("skipped: {why}") } else { skipped(&why) }
    }
    there
}

/// A compiler: `CC` and `CXX` where they are set.
pub fn compiler(variable: &str, default: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| default.to_owned())
}

/// Other tests' tens of thousands of connections use up a machine's ports for a minute; then it is waited for.
fn until_there_are_ports() {
    let one = || {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        std::net::TcpStream::connect(listener.local_addr()?).map(drop)
    };
    for _ in 0..240 {
        if (0..50).all(|_| one().is_ok()) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
}

/// A folder for one program, with the shared library as the loader looks for it.
pub struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    pub fn new() -> Bench {
        let folder = tempfile::tempdir().expect("a folder");
        let shared = built().join(shared_name());
        assert!(shared.exists(), "{} was not built", shared.display());
        #[cfg(unix)]
        for name in [shared_name(), "libnexus.so.1", "libnexus.1.dylib"] {
            std::os::unix::fs::symlink(&shared, folder.path().join(name)).expect("a link");
        }
        Bench { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Compiles and links, and gives the program's path. Fails on any warning.
    pub fn compile(&self, compiler: &str, flags: &[&str], sources: &[PathBuf], linkage: Linkage) -> PathBuf {
        let program = self.path().join(format!("program-{linkage:?}"));
        let mut command = Command::new(compiler);
        command.args(flags).arg("-DNEXUS_SANDBOX").arg("-I").arg(root().join("bindings/c/include"));
        command.args(sources).arg("-o").arg(&program);
        match linkage {
            Linkage::Static => command.arg(built().join("libnexus.a")).args(SYSTEM),
            Linkage::Shared => command.arg("-L").arg(self.path()).args(["-lnexus", "-lpthread"]),
            Linkage::None => command.arg("-ldl"),
        };
        let output = command.output().unwrap_or_else(|error| panic!("{compiler}: {error}"));
        assert!(output.status.success(), "{compiler} {linkage:?}:\n{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty(), "{compiler}: {}", String::from_utf8_lossy(&output.stderr));
        program
    }

    /// Runs a program, perhaps under another one such as valgrind, with the shared library in reach.
    pub fn run(&self, under: &[&str], program: &Path, arguments: &[&str]) -> Output {
        until_there_are_ports();
        let mut words = under.iter().map(|word| (*word).into()).chain([program.as_os_str().to_owned()]);
        let mut command = Command::new(words.next().expect("a program"));
        command.args(words).args(arguments).env("LD_LIBRARY_PATH", self.path()).env("DYLD_LIBRARY_PATH", self.path());
        command.output().expect("it runs")
    }

    /// Runs and expects success; gives what was printed.
    pub fn output_of(&self, under: &[&str], program: &Path, arguments: &[&str]) -> String {
        let output = self.run(under, program, arguments);
        let (out, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{:?} {}\n{out}\n{errors}", under.first(), output.status);
        out.into_owned()
    }
}
