//! Certificates: read and checked when a client is built, so that nothing about them can fail, or panic, later.

use std::sync::Arc;

use nexus_types::Error;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

/// A certificate chain and its key, as they were given.
pub(crate) struct Identity {
    chain: Vec<u8>,
    key: Vec<u8>,
}

impl Identity {
    pub(crate) fn new(chain: Vec<u8>, key: Vec<u8>) -> Identity {
        Identity { chain, key }
    }
}

/// What the defaults are, with other roots or a client certificate where they are given. Verification cannot be turned off.
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
    let key = key.map_err(|_| Error::input(field, "must come with a private key in PEM form"))?;
    // ureq would panic on a key that does not belong to the certificate.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let fits = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(rustls::ALL_VERSIONS)
        .and_then(|builder| {
            let roots = rustls::RootCertStore::empty();
            builder.with_root_certificates(roots).with_client_auth_cert(read.clone(), key)
        });
    fits.map_err(|_| Error::input(field, "and private key do not fit each other"))?;
    let key = PrivateKey::from_pem(&identity.key);
    let key = key.map_err(|_| Error::input(field, "must come with a private key in PEM form"))?;
    let certificates: Vec<_> = read.iter().map(|one| Certificate::from_der(one).to_owned()).collect();
    Ok(ClientCert::new_with_certs(&certificates, key))
}
