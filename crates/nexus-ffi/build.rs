//! Names the shared library as programs will look for it, by the number of its ABI, and keeps it loaded once it is: a thread that
//! has called it runs destructors of its own at its end, which must still be there after a `dlclose`.

fn main() {
    println!("cargo:rerun-if-changed=src/version.rs");
    let source = std::fs::read_to_string("src/version.rs").unwrap_or_default();
    let number = source.split("pub const NEXUS_ABI_VERSION: u32 = ").nth(1).and_then(|rest| rest.split(';').next());
    let number = number.unwrap_or("0");
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux" | "android" | "freebsd" | "netbsd" | "openbsd") => {
            println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libnexus.so.{number}");
            println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
        }
        Ok("macos" | "ios") => {
            println!("cargo:rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libnexus.{number}.dylib");
        }
        _ => {}
    }
}
