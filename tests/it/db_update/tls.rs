//! Certificates: of nobody, of an authority that is named, and a way out of the encryption.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::super::common::{Ran, finish, write};
use super::super::server::{Answer, Asked, Server, file};
use super::{Place, command, one, unwrapped};

/// A server for 127.0.0.1 with a key of its own, and the certificate of the authority that signed it. Both are made
/// anew for each test.
struct Encrypted {
    server: Server,
    authority: String,
}

fn encrypted(answer: impl Fn(&Asked, usize) -> Answer + Send + Sync + 'static) -> Encrypted {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let chain = vec![own.signed_by(&key, &authority).unwrap().der().clone()];
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    let wrap = move |stream| {
        let connection = ServerConnection::new(config.clone()).unwrap();
        Box::new(StreamOwned::new(connection, stream)) as _
    };
    Encrypted { server: Server::start_with(wrap, answer), authority: authority.pem() }
}

fn update(place: &Place, encrypted: &Encrypted, authorities: &str) -> Ran {
    let url = format!("https://{}/export.zip", encrypted.server.address());
    let arguments = ["db", "update", "--db", "team.store", "--source", &url];
    write(place.folder.path(), "authorities.pem", authorities.as_bytes());
    let file: PathBuf = place.folder.path().join("authorities.pem");
    finish(command(place.folder.path(), &arguments).env("SSL_CERT_FILE", file))
}

#[test]
fn an_authority_of_ones_own() {
    let body = one("GHSA-good");
    let server = encrypted(move |asked, _| file(asked, &body, "1"));
    let place = Place::new();
    let ran = update(&place, &server, "no certificate at all\n");
    assert_eq!(ran.code, 2);
    assert!(unwrapped(&ran.err).contains("(SSL_CERT_FILE): there is none in it"), "{}", ran.err);
    let url = format!("https://{}/export.zip", server.server.address());
    place.refused(&["--source", &url], &["SSL_CERT_FILE"]);
    let ran = update(&place, &server, &server.authority);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(place.found().contains("GHSA-good"));
}

#[test]
fn no_way_out_of_the_encryption() {
    let plain = Server::start(|asked, _| file(asked, &one("GHSA-good"), "1"));
    let target = plain.url("/export.zip");
    let server = encrypted(move |_, _| Answer::status(302).header("Location", &target));
    let place = Place::new();
    let ran = update(&place, &server, &server.authority);
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
    let ran = update(&format!("https://{}/export.zip", secure.server.address()));
    assert_eq!(ran.code, 2);
    assert!(unwrapped(&ran.err).contains("ca-certificates"), "{}", ran.err);
    assert_eq!(update(&plain.url("/export.zip")).code, 0);
}
