//! Certificates, parsed and checked when a client is built, so that a call cannot fail because of them.

use nexus_types::Error;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};
use zeroize::{Zeroize, Zeroizing};

/// A certificate chain and its key, as given. The key is wiped when this is dropped. The copies in ureq and rustls live as
/// long as the client and are not wiped.
pub(crate) struct Identity {
    chain: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

impl Identity {
    pub(crate) fn new(chain: Vec<u8>, key: Vec<u8>) -> Identity {
        Identity { chain, key: Zeroizing::new(key) }
    }
}

/// The default TLS settings, with other roots or a client certificate if given. Verification cannot be turned off.
pub(crate) fn config(roots: Option<&[u8]>, identity: Option<&Identity>) -> Result<TlsConfig, Error> {
    let mut builder = TlsConfig::builder();
    if let Some(pem) = roots {
        builder = builder.root_certs(RootCerts::new_with_certs(&root_certificates(pem)?));
    }
    if let Some(identity) = identity {
        builder = builder.client_cert(Some(client_certificate(identity)?));
    }
    Ok(builder.build())
}

fn chain(field: &'static str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match read {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        _ => Err(Error::input(field, "must hold certificates in PEM form")),
    }
}

fn root_certificates(pem: &[u8]) -> Result<Vec<Certificate<'static>>, Error> {
    let field = "root_certificates";
    let read = chain(field, pem)?;
    let mut store = rustls::RootCertStore::empty();
    for certificate in &read {
        let added = store.add(certificate.clone());
        added.map_err(|_| Error::input(field, "holds a certificate that cannot be a root"))?;
    }
    Ok(read.iter().map(|one| Certificate::from_der(one).to_owned()).collect())
}

fn client_certificate(identity: &Identity) -> Result<ClientCert, Error> {
    let field = "client_certificate";
    let read = chain(field, &identity.chain)?;
    let key = PrivateKeyDer::from_pem_slice(&identity.key);
    let mut key = key.map_err(|_| Error::input(field, "must come with a private key in PEM form"))?;
    // ureq would panic on a key that does not belong to the certificate.
    let fits = rustls::crypto::ring::sign::any_supported_type(&key)
        .and_then(|signing| CertifiedKey::new(read.clone(), signing).keys_match());
    key.zeroize();
    match fits {
        // As rustls has it: what cannot be compared may fit.
        Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => {}
        Err(_) => return Err(Error::input(field, "and private key do not fit each other")),
    }
    let key = PrivateKey::from_pem(&identity.key);
    let key = key.map_err(|_| Error::input(field, "must come with a private key in PEM form"))?;
    let certificates: Vec<_> = read.iter().map(|one| Certificate::from_der(one).to_owned()).collect();
    Ok(ClientCert::new_with_certs(&certificates, key))
}
