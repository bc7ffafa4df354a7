//! A receiver with TLS gets events only if its certificate is right.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use nexus_sandbox::{Options, Sandbox, Subscription};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::support::*;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A receiver of that name, which answers 204 to whoever gets through.
fn receiver(issuer: &Authority, name: &str) -> String {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, issuer).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let config = Arc::new(builder.with_single_cert(vec![certificate.der().clone()], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}/hook", listener.local_addr().unwrap().port());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let config = Arc::clone(&config);
            thread::spawn(move || {
                let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
                let mut heard = Vec::new();
                let mut buffer = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut buffer) {
                    heard.extend_from_slice(&buffer[..count]);
                    if heard.ends_with(b"}}") {
                        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
                        break;
                    }
                }
                // An orderly end, so that nothing is lost.
                stream.conn.send_close_notify();
                let _ = stream.flush();
            });
        }
    });
    url
}

#[test]
fn only_a_receiver_with_the_right_certificate_is_sent_to() {
    let (ours, strangers) = (authority(), authority());
    let receivers = [
        (receiver(&ours, "localhost"), "204"),
        (receiver(&strangers, "localhost"), "\"tls\""),
        (receiver(&ours, "elsewhere.example"), "\"tls\""),
    ];
    let mut options = Options::default();
    options.webhook_roots = Some("no certificate".to_owned());
    assert!(Sandbox::start(options.clone()).unwrap_err().to_string().contains("webhook_roots"));
    options.webhook_roots = Some(ours.pem());
    options.webhooks = receivers.iter().map(|(url, _)| Subscription::new(url)).collect();
    let sandbox = Sandbox::start(options).unwrap();
    let caller = Caller::new(&sandbox);
    caller.preinitiated("a@example.com");
    caller.flush();
    for (delivery, (url, wanted)) in caller.deliveries().iter().zip(&receivers) {
        let attempt = &delivery["attempts"][0];
        let ended = if attempt["status"].is_null() { &attempt["error"] } else { &attempt["status"] };
        assert_eq!(ended.to_string(), *wanted, "{url}");
    }
    // By the usual roots none of them is known.
    let mut options = Options::default();
    options.webhooks = vec![Subscription::new(&receivers[0].0)];
    let sandbox = Sandbox::start(options).unwrap();
    let caller = Caller::new(&sandbox);
    caller.preinitiated("a@example.com");
    caller.flush();
    assert_eq!(caller.deliveries()[0]["attempts"][0]["error"], "tls");
}
