//! Servers with good and with bad certificates, all from `tls/make.sh`.

use std::{net::SocketAddr, sync::Arc};

use aitoearn::http_client_builder;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    },
};

/// For `127.0.0.1`, from the CA that [`trusting`] trusts.
pub(crate) const GOOD: &str = include_str!("tls/good.pem");
/// The same, and its time is over.
pub(crate) const EXPIRED: &str = include_str!("tls/expired.pem");
/// From the same CA, for another host.
pub(crate) const OTHER_NAME: &str = include_str!("tls/other-name.pem");
/// For `127.0.0.1`, from nobody.
pub(crate) const SELF_SIGNED: &str = include_str!("tls/self-signed.pem");

const CA: &[u8] = include_bytes!("tls/ca.pem");
const KEY: &str = include_str!("tls/key.pem");

/// Shows the certificate, and hands on what it decrypts to the server behind it. Gives its URL.
pub(crate) async fn in_front_of(behind: SocketAddr, certificate: &str) -> String {
    let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).expect("PEM")];
    let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).expect("PEM");
    let config = ServerConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a certificate and its key");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let url = format!("https://{}", listener.local_addr().expect("bound"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut front) = acceptor.accept(stream).await else {
                    return;
                };
                let mut back = TcpStream::connect(behind).await.expect("listens");
                let _ = tokio::io::copy_bidirectional(&mut front, &mut back).await;
            });
        }
    });
    url
}

/// An HTTP client with this crate's rules that trusts the tests' CA and nobody else.
pub(crate) fn trusting() -> reqwest::Client {
    let ca = reqwest::Certificate::from_pem(CA).expect("PEM");
    let builder = http_client_builder().tls_certs_only([ca]);
    builder.build().expect("valid settings")
}
