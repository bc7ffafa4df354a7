//! The whole state, out and in.

use std::io::Read;

use serde_json::json;

use super::admin::Admin;
use super::told::text;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

pub(super) fn export(admin: &Admin, file: Option<&str>, output: Output) -> Result<Exit, Failure> {
    let body = admin.call("GET", "export", None)?;
    match file {
        None => output.bytes(&body)?,
        Some(file) => {
            let written = std::fs::write(file, &body);
            written.map_err(|error| Failure::Local("the file cannot be written", error))?;
            output.result(format!("{} bytes written", body.len()), &json!({"bytes": body.len()}))?;
        }
    }
    Ok(Exit::Done)
}

pub(super) fn import(admin: &Admin, file: &str, output: Output) -> Result<Exit, Failure> {
    let read = if file == "-" {
        let mut all = Vec::new();
        std::io::stdin().lock().read_to_end(&mut all).map(|_| all)
    } else {
        std::fs::read(file)
    };
    let body = read.map_err(|error| Failure::input("file", format!("the file cannot be read: {}", error.kind())))?;
    let told = admin.call("POST", "import", Some(&body))?;
    let told = serde_json::from_slice(&told).unwrap_or_default();
    output.result(text(&told, "now"), &told)?;
    Ok(Exit::Done)
}
