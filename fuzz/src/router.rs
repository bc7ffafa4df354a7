//! Fuzz targets for the sandbox's router: several lines, one request each, to one world.

use nexus_sandbox::{Call, Delivery, Options, World};
use nexus_types::MEDIA_TYPE;

/// A line is `METHOD PATH BODY`, or `ADVANCE SECONDS`; `{n}` in a path stands for the n-th microdeposit. Half of the lines
/// come with the right headers. Never a panic, never a 500 that no fault caused, and a refusal names no value.
pub fn router(data: &[u8]) {
    let mut world = World::new(Options::default());
    let credentials = world.credentials().clone();
    let mut guids: Vec<String> = Vec::new();
    for (index, line) in data.split(|byte| *byte == b'\n').take(24).enumerate() {
        let mut parts = line.splitn(3, |byte| *byte == b' ');
        let (method, path) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let (method, path) = (String::from_utf8_lossy(method), String::from_utf8_lossy(path));
        if method == "ADVANCE" {
            world.advance(std::time::Duration::from_secs(path.parse().unwrap_or(60)));
            continue;
        }
        let mut path = path.into_owned();
        for (number, guid) in guids.iter().enumerate() {
            path = path.replace(&format!("{{{number}}}"), guid);
        }
        let mut call = Call::new(&method, &path);
        call.body = parts.next().unwrap_or_default();
        if index % 2 == 0 {
            (call.accept, call.content_type) = (Some(MEDIA_TYPE), Some(MEDIA_TYPE));
        }
        call.session_token = Some(&credentials.session_token);
        (call.api_token, call.api_key) = (Some(&*method), Some(&*credentials.api_key));
        let reply = world.respond(&call);
        let met = world.fault_hits() > 0;
        assert!((200..=599).contains(&reply.status) && (reply.status < 500 || met), "{}", reply.status);
        assert!(reply.status != 405 || reply.allow.is_some());
        if reply.delivery == Delivery::Whole && !met {
            let body: serde_json::Value = serde_json::from_slice(&reply.body).expect("every response is JSON");
            if let Some(guid) = body["micro_deposit"]["guid"].as_str().filter(|_| method == "POST") {
                guids.push(guid.to_owned());
            }
            if let Some(message) = body["error"]["message"].as_str() {
                assert!(!message.contains("CANARY"), "{message}");
            }
        }
    }
    for guid in guids {
        if let Ok(guid) = nexus_types::MicrodepositGuid::new(guid) {
            assert!(world.attempts(&guid).is_none_or(|attempts| attempts <= 3));
        }
    }
}
