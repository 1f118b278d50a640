//! Certificates: of nobody, of an authority that is named, and a way out of the encryption.
//!
//! `tls/` holds a certificate for 127.0.0.1 that is good for a hundred years, its key, and the authority that
//! signed it. They protect nothing.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::super::common::{Ran, finish, top};
use super::super::server::{Answer, Asked, Server, file};
use super::{Place, command, one, unwrapped};

fn encrypted(answer: impl Fn(&Asked, usize) -> Answer + Send + Sync + 'static) -> Server {
    let file = |name: &str| top().join("tests/it/tls").join(name);
    let chain = CertificateDer::pem_file_iter(file("server.pem")).unwrap().collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_file(file("server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    let wrap = move |stream| {
        let connection = ServerConnection::new(config.clone()).unwrap();
        Box::new(StreamOwned::new(connection, stream)) as _
    };
    Server::start_with(wrap, answer)
}

fn update(place: &Place, server: &Server, authority: &str) -> Ran {
    let url = format!("https://{}/export.zip", server.address());
    let arguments = ["db", "update", "--db", "team.store", "--source", &url];
    finish(
        command(place.folder.path(), &arguments)
            .env("SSL_CERT_FILE", top().join("tests/it/tls").join(authority)),
    )
}

#[test]
fn an_authority_of_ones_own() {
    let body = one("GHSA-good");
    let server = encrypted(move |asked, _| file(asked, &body, "1"));
    let place = Place::new();
    // Its own certificate is no authority.
    let ran = update(&place, &server, "server.key");
    assert_eq!(ran.code, 2);
    assert!(unwrapped(&ran.err).contains("(SSL_CERT_FILE): there is none in it"), "{}", ran.err);
    let url = format!("https://{}/export.zip", server.address());
    place.refused(&["--source", &url], &["SSL_CERT_FILE"]);
    let ran = update(&place, &server, "authority.pem");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(place.found().contains("GHSA-good"));
}

#[test]
fn no_way_out_of_the_encryption() {
    let plain = Server::start(|asked, _| file(asked, &one("GHSA-good"), "1"));
    let target = plain.url("/export.zip");
    let server = encrypted(move |_, _| Answer::status(302).header("Location", &target));
    let place = Place::new();
    let ran = update(&place, &server, "authority.pem");
    assert_eq!(ran.code, 2);
    assert!(
        unwrapped(&ran.err).contains("redirected from https to an address without encryption"),
        "{}",
        ran.err
    );
    assert!(plain.targets().is_empty());
}

#[test]
fn a_system_without_any_authority() {
    let place = Place::new();
    let plain = Server::start(|asked, _| file(asked, &one("GHSA-good"), "1"));
    let secure = encrypted(|asked, _| file(asked, &one("GHSA-good"), "1"));
    let update = |url: &str| {
        let arguments = ["db", "update", "--db", "team.store", "--source", url];
        finish(command(place.folder.path(), &arguments).env("SSL_CERT_DIR", place.folder.path()))
    };
    let ran = update(&format!("https://{}/export.zip", secure.address()));
    assert_eq!(ran.code, 2);
    assert!(unwrapped(&ran.err).contains("ca-certificates"), "{}", ran.err);
    assert_eq!(update(&plain.url("/export.zip")).code, 0);
}
