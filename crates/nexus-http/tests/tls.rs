//! TLS against a server with test certificates: the client talks only to the right server, and a refused server receives
//! nothing.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nexus_http::{Client, ClientBuilder};
use nexus_types::{DepositAmount, Error, ErrorKind, MicrodepositGuid, SessionToken, TransportCause};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

struct Identity {
    chain: String,
    key: KeyPair,
}

impl Identity {
    fn new(issuer: &Authority, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        change(&mut params);
        Identity { chain: params.signed_by(&key, issuer).unwrap().pem(), key }
    }

    fn der(&self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        use rustls::pki_types::pem::PemObject;
        let chain = CertificateDer::pem_slice_iter(self.chain.as_bytes()).collect::<Result<_, _>>().unwrap();
        (chain, PrivateKeyDer::try_from(self.key.serialize_der()).unwrap())
    }
}

/// A server that responds to each request with a record and counts the requests that it could read.
struct Server {
    url: String,
    heard: Arc<AtomicUsize>,
}

impl Server {
    fn start(identity: &Identity, clients: Option<&Authority>) -> Server {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder =
            ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().unwrap();
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                roots.add(authority.der().clone()).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
                builder.with_client_cert_verifier(verifier)
            }
        };
        let (chain, key) = identity.der();
        let config = Arc::new(builder.with_single_cert(chain, key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let heard = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&heard);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let session = ServerConnection::new(Arc::clone(&config)).unwrap();
                let counted = Arc::clone(&counted);
                std::thread::spawn(move || serve(StreamOwned::new(session, stream), &counted));
            }
        });
        Server { url, heard }
    }

    fn client(&self, change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
        let builder = Client::builder(&self.url).session_token(SessionToken::new("token").unwrap());
        change(builder).build().unwrap()
    }

    fn refused(&self, change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Error {
        let client = self.client(change);
        let guid = MicrodepositGuid::new("MIC-1").unwrap();
        let error = client.read(&guid).expect_err("no response");
        assert_eq!(self.heard.load(Ordering::SeqCst), 0, "nothing was sent");
        assert_eq!(error.attempts(), 1, "a certificate gets no better by asking again");
        error
    }
}

fn serve(mut stream: StreamOwned<ServerConnection, std::net::TcpStream>, counted: &AtomicUsize) {
    let body = r#"{"micro_deposit":{"guid":"MIC-1","status":2}}"#;
    let response = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let mut head = Vec::new();
    let mut byte = [0];
    while stream.read(&mut byte).is_ok_and(|read| read == 1) {
        head.push(byte[0]);
        if head.ends_with(b"\r\n\r\n") {
            counted.fetch_add(1, Ordering::SeqCst);
            head.clear();
            if stream.write_all(response.as_bytes()).and_then(|()| stream.flush()).is_err() {
                return;
            }
        }
    }
}

fn guid() -> MicrodepositGuid {
    MicrodepositGuid::new("MIC-1").unwrap()
}

fn kind_and_cause(error: &Error) -> (ErrorKind, Option<TransportCause>) {
    (error.kind(), error.cause())
}

#[test]
fn a_root_of_ones_own_is_trusted_and_no_other() {
    let (ours, theirs) = (authority(), authority());
    let server = Server::start(&Identity::new(&ours, "localhost", |_| {}), None);
    let unknown = (ErrorKind::Tls, Some(TransportCause::UnknownIssuer));
    assert_eq!(kind_and_cause(&server.refused(|builder| builder)), unknown, "not among the built-in roots");
    // Of the same name as the issuer, but with another key: so the signature is what does not fit.
    let refused = server.refused(|builder| builder.root_certificates(theirs.pem()));
    assert_eq!(refused.kind(), ErrorKind::Tls);
    assert!(
        matches!(refused.cause(), Some(TransportCause::UnknownIssuer | TransportCause::CertificateInvalid)),
        "{refused:?}"
    );
    let client = server.client(|builder| builder.root_certificates(ours.pem()));
    assert_eq!(client.read(&guid()).unwrap().status.name(), "DEPOSITED");
    assert_eq!(server.heard.load(Ordering::SeqCst), 1);
}

#[test]
fn wrong_names_and_expired_certificates_are_refused() {
    let ours = authority();
    let trusting = |builder: ClientBuilder| builder.root_certificates(ours.pem());
    let elsewhere = Server::start(&Identity::new(&ours, "elsewhere.example", |_| {}), None);
    let error = elsewhere.refused(trusting);
    assert_eq!(kind_and_cause(&error), (ErrorKind::Tls, Some(TransportCause::NameMismatch)));
    assert!(!error.to_string().contains("elsewhere"), "{error}");
    let expired = Identity::new(&ours, "localhost", |params| {
        (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2020, 2, 1));
    });
    let error = Server::start(&expired, None).refused(trusting);
    assert_eq!(kind_and_cause(&error), (ErrorKind::Tls, Some(TransportCause::CertificateExpired)));
    let text = "TLS could not be established: the server's certificate has expired (in read of MIC-1)";
    assert_eq!(error.to_string(), text);
    let early = Identity::new(&ours, "localhost", |params| {
        (params.not_before, params.not_after) = (date_time_ymd(2090, 1, 1), date_time_ymd(2091, 2, 1));
    });
    let early = Server::start(&early, None).refused(trusting);
    assert_eq!(kind_and_cause(&early), (ErrorKind::Tls, Some(TransportCause::CertificateNotYetValid)));
}

#[test]
fn a_client_certificate_is_presented() {
    let (ours, theirs) = (authority(), authority());
    let server = Server::start(&Identity::new(&ours, "localhost", |_| {}), Some(&theirs));
    let me = Identity::new(&theirs, "client.example", |_| {});
    let client = server.client(|builder| {
        builder.root_certificates(ours.pem()).client_certificate(me.chain.clone(), me.key.serialize_pem())
    });
    assert_eq!(client.read(&guid()).unwrap().status.name(), "DEPOSITED");
    let without = server.client(|builder| builder.root_certificates(ours.pem()));
    let error = without.read(&guid()).expect_err("no certificate");
    let expected = [(ErrorKind::Tls, Some(TransportCause::ClientCertificate)), (ErrorKind::Io, error.cause())];
    assert!(expected.contains(&kind_and_cause(&error)), "{error:?}");
    assert_eq!(server.heard.load(Ordering::SeqCst), 1);
}

#[test]
fn peer_without_tls_is_reported_as_tls_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let client = Client::builder(url).session_token(SessionToken::new("token").unwrap()).build().unwrap();
    let error = client.read(&guid()).expect_err("no TLS");
    assert_eq!(kind_and_cause(&error), (ErrorKind::Tls, Some(TransportCause::TlsOther)));
}

#[test]
fn a_verify_that_tls_stops_was_not_sent() {
    let ours = authority();
    let server = Server::start(&Identity::new(&ours, "localhost", |_| {}), None);
    let client = server.client(|builder| builder);
    let cents = DepositAmount::from_cents(9).unwrap();
    let sent = client.send_unguarded(&nexus_types::Verify::new(guid(), cents, cents)).expect_err("an unknown root");
    assert_eq!((sent.kind(), sent.outcome_unknown()), (ErrorKind::Tls, false), "{sent:?}");
}

#[test]
fn certificates_are_checked_when_the_client_is_built() {
    let ours = authority();
    let (one, other) = (Identity::new(&ours, "a", |_| {}), Identity::new(&ours, "b", |_| {}));
    let builder = || Client::builder("https://localhost").session_token(SessionToken::new("token").unwrap());
    let field = |builder: ClientBuilder| builder.build().err().and_then(|error| error.field().map(str::to_owned));
    let key = |identity: &Identity| identity.key.serialize_pem();
    assert_eq!(field(builder().client_certificate(one.chain.clone(), key(&one))), None);
    let refused = Some("client_certificate".to_owned());
    assert_eq!(field(builder().client_certificate(one.chain.clone(), key(&other))), refused, "another's key");
    assert_eq!(field(builder().client_certificate("", key(&one))), refused);
    let nonsense = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    assert_eq!(field(builder().client_certificate(one.chain.clone(), nonsense)), refused);
    let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert_eq!(field(builder().client_certificate(garbage, key(&one))), refused);
    assert_eq!(field(builder().client_certificate(one.chain.clone(), "no key")), refused);
    assert_eq!(field(builder().root_certificates("")), Some("root_certificates".to_owned()));
    let error = builder().client_certificate(one.chain.clone(), key(&other)).build().unwrap_err();
    assert!(!format!("{error:?}").contains("PRIVATE"), "{error:?}");
}
