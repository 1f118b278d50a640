//! The HTTP client: built here and nowhere else, and only when a URL is to be fetched.

use std::env;
use std::fs;
use std::path::Path;
use std::time::Duration;

use reqwest::blocking::Client;
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Certificate, Url};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::error::{UpdateError, root};

/// How often a server may send us elsewhere.
const REDIRECTS: usize = 5;
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(15);
/// Where Linux distributions keep the certificates of authorities.
const BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// A client; proxies come from the environment and from the system's settings.
pub(super) fn build(patience: Duration) -> Result<Client, UpdateError> {
    // `rustls-no-provider` panics without one; an error means that there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = || {
        Client::builder()
            .user_agent(concat!("audit/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(patience.min(CONNECT))
            .timeout(patience) // of a blocking client: for the answer, and for each read of its body
            .redirect(Policy::custom(follow))
            .referer(false)
    };
    // Without any authority there is no verifier, and then no client. A mirror without encryption needs none, and
    // with encryption the server's certificate is refused as one that nobody vouches for.
    let client = builder().tls_certs_merge(own_authorities()?).build();
    client.or_else(|_| builder().tls_certs_only([]).build()).map_err(|error| {
        UpdateError::new(format!("cannot prepare a connection: {}", root(&error)))
            .help("fetch the file elsewhere and run `audit db update --source FILE`")
    })
}

fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let leaves_tls = |from: &Url| from.scheme() == "https" && attempt.url().scheme() != "https";
    if attempt.previous().len() > REDIRECTS {
        attempt.error(format!("redirected more than {REDIRECTS} times"))
    } else if attempt.previous().last().is_some_and(leaves_tls) {
        attempt.error("redirected from https to an address without encryption")
    } else {
        attempt.follow()
    }
}

/// The certificates of `SSL_CERT_FILE`, and with them those of the system.
///
/// The library that finds the system's certificates takes `SSL_CERT_FILE` *instead* of them on Linux and ignores it
/// elsewhere. Here it adds to them everywhere: a mirror with its own authority must not make the rest unreachable.
fn own_authorities() -> Result<Vec<Certificate>, UpdateError> {
    let Some(own) = env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty()) else {
        return Ok(Vec::new());
    };
    let own = Path::new(&own);
    let unusable = |why: String| {
        UpdateError::new(format!("cannot use the certificates in {} (SSL_CERT_FILE): {why}", own.display()))
            .help("it must be a file in PEM form, with one certificate at least")
    };
    let text = fs::read(own).map_err(|error| unusable(error.to_string()))?;
    let mut all = certificates(&text);
    if all.is_empty() {
        return Err(unusable("there is none in it".to_owned()));
    }
    let system = BUNDLES.iter().map(Path::new).find(|bundle| bundle.exists() && *bundle != own);
    all.extend(system.and_then(|bundle| fs::read(bundle).ok()).iter().flat_map(|text| certificates(text)));
    Ok(all)
}

/// The certificates of a PEM text that can be used as authorities; others would make the whole client fail.
fn certificates(text: &[u8]) -> Vec<Certificate> {
    let usable = CertificateDer::pem_slice_iter(text)
        .flatten()
        .filter(|certificate| RootCertStore::empty().add(certificate.clone()).is_ok());
    usable.filter_map(|certificate| Certificate::from_der(&certificate).ok()).collect()
}
