//! A server for the benchmarks: plain, or with TLS for `localhost` under an authority of its own. It responds to a GET with a
//! DEPOSITED microdeposit and to a PUT with a VERIFIED one, at once and whatever came before.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Where it listens, and the certificate of its authority in PEM form.
pub struct Server {
    pub port: u16,
    pub authority: String,
}

impl Server {
    pub fn start(tls: bool) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (config, authority) = identity();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = stream.set_nodelay(true);
                let config = Arc::clone(&config);
                std::thread::spawn(move || serve(stream, tls.then_some(config)));
            }
        });
        Server { port, authority }
    }
}

fn identity() -> (Arc<ServerConfig>, String) {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "The authority of a benchmark");
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let own = CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
    let chain = own.signed_by(&key, &authority).expect("a certificate").pem();
    let chain = CertificateDer::pem_slice_iter(chain.as_bytes()).collect::<Result<_, _>>().expect("a chain");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    let mut config = builder.with_no_client_auth().with_single_cert(chain, key).expect("a configuration");
    // Sessions can be resumed, as at any real server.
    config.ticketer = rustls::crypto::ring::Ticketer::new().expect("tickets");
    (Arc::new(config), authority.pem())
}

fn serve(stream: TcpStream, tls: Option<Arc<ServerConfig>>) {
    match tls {
        None => talk(stream),
        Some(config) => talk(StreamOwned::new(ServerConnection::new(config).expect("a connection"), stream)),
    }
}

fn talk(stream: impl Read + Write) {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut method, mut length, mut line) = (String::new(), 0, String::new());
        loop {
            line.clear();
            match stream.read_line(&mut line) {
                Ok(1..) => {}
                _ => return,
            }
            if method.is_empty() {
                method = line.split(' ').next().unwrap_or_default().to_owned();
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line == "\r\n" {
                break;
            }
        }
        if std::io::copy(&mut stream.by_ref().take(length), &mut std::io::sink()).is_err() {
            return;
        }
        let (status, name) = if method == "PUT" { (3, "VERIFIED") } else { (2, "DEPOSITED") };
        let body = format!(
            r#"{{"micro_deposit":{{"account_name":"My Test Account","account_number":"333312345","account_type":1,"account_type_name":"CHECKING","created_at":"2021-09-01T18:29:06.000Z","email":"example@example.com","error_code":null,"error_message":null,"first_name":"Josh","guid":"MIC-1","institution_name":"MX Bank","last_name":"James","routing_number":"091000019","status":{status},"status_name":"{name}","updated_at":"2021-09-01T18:29:07.000Z","verified_at":null}}}}"#
        );
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.mx.nexus.v1+json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        if stream
            .get_mut()
            .write_all(format!("{head}{body}").as_bytes())
            .and_then(|()| stream.get_mut().flush())
            .is_err()
        {
            return;
        }
    }
}
