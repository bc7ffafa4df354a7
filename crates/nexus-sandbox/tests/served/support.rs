//! Callers of the served sandbox: through an HTTP library, and as raw bytes.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use nexus_sandbox::Sandbox;
use nexus_types::{MEDIA_TYPE, SSO_MEDIA_TYPE};
use serde_json::Value;
use ureq::http::{HeaderValue, Request};

/// So long a test waits for what must come, so that a mistake fails instead of hanging.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const RIGHT: &str = r#"{"deposit_amount_1":0.09,"deposit_amount_2":0.09}"#;
pub(crate) const WRONG: &str = r#"{"deposit_amount_1":0.02,"deposit_amount_2":0.02}"#;

pub(crate) type Headers<'a> = [(&'a str, &'a [u8])];

/// Status, `Allow`, body.
pub(crate) type Received = (u16, Option<String>, String);

/// Somebody who asks by way of ureq, with a session.
pub(crate) struct Caller {
    pub(crate) agent: ureq::Agent,
    pub(crate) url: String,
    pub(crate) session: String,
}

impl Caller {
    pub(crate) fn new(sandbox: &Sandbox) -> Caller {
        Caller::with(sandbox, sandbox.credentials().session_token.clone())
    }

    pub(crate) fn with(sandbox: &Sandbox, session: String) -> Caller {
        let config = ureq::Agent::config_builder();
        let config = config.http_status_as_error(false).proxy(None).timeout_global(Some(PATIENCE)).build();
        Caller { agent: config.into(), url: sandbox.url().to_owned(), session }
    }

    /// A caller for another user, by way of an API token.
    pub(crate) fn of_user(sandbox: &Sandbox, user: &str) -> Caller {
        let mut caller = Caller::new(sandbox);
        let key = sandbox.credentials().api_key.clone();
        let path = format!("/sandbox-client/users/{user}/api_token.json");
        let token = value(&caller.raw("GET", &path, &[("MD-API-KEY", key.as_bytes())], b""), 200);
        let token = token["api_token"]["token"].as_str().unwrap().to_owned();
        let session = value(&caller.raw("POST", "/sessions", &[("MD-API-TOKEN", token.as_bytes())], b""), 200);
        caller.session = session["session"]["token"].as_str().unwrap().to_owned();
        caller
    }

    pub(crate) fn raw(&self, method: &str, path: &str, headers: &Headers<'_>, body: &[u8]) -> Received {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, HeaderValue::from_bytes(value).unwrap());
        }
        let response = match method {
            "POST" | "PUT" | "PATCH" => self.agent.run(request.body(body).unwrap()),
            _ => self.agent.run(request.body(()).unwrap()),
        };
        let mut response = response.unwrap_or_else(|error| panic!("{method} {:.80}: {error}", path));
        let allow = response.headers().get("allow").map(|allow| allow.to_str().unwrap().to_owned());
        (response.status().as_u16(), allow, response.body_mut().read_to_string().unwrap())
    }

    /// With session and media type.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> Received {
        let headers: [(&str, &[u8]); 2] =
            [("MD-SESSION-TOKEN", self.session.as_bytes()), ("Content-Type", MEDIA_TYPE.as_bytes())];
        self.raw(method, path, &headers, body.as_bytes())
    }

    /// The same, of a success.
    pub(crate) fn get(&self, method: &str, path: &str, body: &str) -> Value {
        value(&self.ask(method, path, body), 200)
    }

    /// The path of an address of the widget that was just handed out.
    pub(crate) fn widget_path(&self, sandbox: &Sandbox, guid: Option<&str>) -> String {
        let key = sandbox.credentials().api_key.clone();
        let headers: [(&str, &[u8]); 2] = [("MD-API-KEY", key.as_bytes()), ("Content-Type", SSO_MEDIA_TYPE.as_bytes())];
        let guid = guid.map_or("null".to_owned(), |guid| format!("\"{guid}\""));
        let body = format!(
            r#"{{"url":{{"type":"connect_widget","mode":"verification","ui_message_version":4,"current_microdeposit_guid":{guid}}}}}"#
        );
        let told = value(&self.raw("POST", "/sandbox-client/users/user-1/urls.json", &headers, body.as_bytes()), 200);
        let address = told["url"]["url"].as_str().unwrap();
        address.strip_prefix(sandbox.url()).unwrap_or_else(|| panic!("{address}")).to_owned()
    }

    /// Creates one; its guid.
    pub(crate) fn made(&self, account_number: &str) -> String {
        let made = self.get("POST", "/micro_deposits", &creation(account_number));
        made["micro_deposit"]["guid"].as_str().unwrap().to_owned()
    }
}

/// `127.0.0.1` with the port.
pub(crate) fn host(sandbox: &Sandbox) -> &str {
    sandbox.url().strip_prefix("http://").unwrap()
}

pub(crate) fn value(response: &Received, status: u16) -> Value {
    assert_eq!(response.0, status, "{}", response.2);
    serde_json::from_str(&response.2).unwrap()
}

pub(crate) fn creation(account_number: &str) -> String {
    format!(
        r#"{{"micro_deposit":{{"first_name":"Josh","last_name":"James","email":"example@example.com","account_number":"{account_number}","account_type_name":"CHECKING","routing_number":"091000019"}}}}"#
    )
}

/// One connection, spoken to in bytes, so that nothing can hide that it was closed.
pub(crate) struct Wire {
    pub(crate) stream: BufReader<TcpStream>,
    pub(crate) host: String,
}

impl Wire {
    pub(crate) fn new(sandbox: &Sandbox) -> Wire {
        Wire::to(host(sandbox))
    }

    pub(crate) fn to(host: &str) -> Wire {
        let stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Wire { stream: BufReader::new(stream), host: host.to_owned() }
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).unwrap();
    }

    pub(crate) fn ask(&mut self, method: &str, path: &str, headers: &Headers<'_>, body: &[u8]) -> Received {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.host).into_bytes();
        if matches!(method, "POST" | "PUT" | "PATCH") || !body.is_empty() {
            head.extend(format!("Content-Length: {}\r\n", body.len()).bytes());
        }
        for (name, value) in headers {
            head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        self.write(&[&head, &b"\r\n"[..], body].concat());
        self.response()
    }

    pub(crate) fn response(&mut self) -> Received {
        let (mut status, mut allow, mut length) = (0, None, 0);
        loop {
            let mut line = String::new();
            assert_ne!(self.stream.read_line(&mut line).unwrap(), 0, "closed");
            match line.trim_end().split_once(": ") {
                None if line.trim_end().is_empty() => break,
                None => status = line.split(' ').nth(1).unwrap().parse().unwrap(),
                Some((name, value)) if name.eq_ignore_ascii_case("allow") => allow = Some(value.to_owned()),
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().unwrap(),
                Some(_) => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        (status, allow, String::from_utf8(body).unwrap())
    }

    /// The next line.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        assert_ne!(self.stream.read_line(&mut line).unwrap(), 0, "closed");
        line.truncate(line.trim_end().len());
        line
    }

    /// The rest of a head, and the body behind it, which comes in chunks.
    pub(crate) fn chunks(&mut self) -> String {
        while !self.line().is_empty() {}
        let mut body = Vec::new();
        loop {
            let length = usize::from_str_radix(&self.line(), 16).unwrap();
            let mut chunk = vec![0; length];
            self.stream.read_exact(&mut chunk).unwrap();
            assert_eq!(self.line(), "");
            if length == 0 {
                return String::from_utf8(body).unwrap();
            }
            body.extend(chunk);
        }
    }

    /// Whether the other side has ended it.
    pub(crate) fn is_closed(&mut self) -> bool {
        match self.stream.read(&mut [0]) {
            Ok(count) => count == 0,
            Err(error) => error.kind() == ErrorKind::ConnectionReset,
        }
    }
}
