//! `[indexes]`: which package indexes are private.

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::table::{Ledger, Table, short};
use super::value::Placed;
use crate::model::is_public_index;

/// What the policy says about package indexes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexesPolicy {
    /// Whether an index is private, by its normalised address.
    private: BTreeMap<String, Placed<bool>>,
}

impl IndexesPolicy {
    /// Whether the policy calls the index at this address private, with the place that says so; `None` when the policy
    /// does not name it, or the text is no address.
    pub fn is_private(&self, address: &str) -> Option<Placed<bool>> {
        if self.private.is_empty() {
            return None;
        }
        self.private.get(&normalised(address)?).copied()
    }

    /// The first index, in the order of the addresses, that the policy calls private: its normalised address.
    pub fn first_private(&self) -> Option<&str> {
        self.private.iter().find(|(_, private)| private.value).map(|(address, _)| address.as_str())
    }

    /// Reads `[indexes]`.
    pub(super) fn read(table: &DeTable<'_>, ledger: &mut Ledger) -> Self {
        let mut private: BTreeMap<String, Placed<bool>> = BTreeMap::new();
        for (key, place, value) in Table::new("indexes", table).rest() {
            let Some(address) = normalised(key) else {
                let message = format!("`{}` is no address of an index", short(key));
                ledger.complain(place, message, Some(address_help(key)));
                continue;
            };
            let Some(entry) = value.get_ref().as_table() else {
                let message = format!("`indexes.\"{}\"` must be a table", short(&address));
                ledger.complain(value.span(), message, Some("write { private = true }".to_owned()));
                continue;
            };
            let title = format!("indexes.\"{}\"", short(&address));
            let mut entry = Table::new(&title, entry);
            let before = ledger.complaints.len();
            let said = entry.boolean("private", ledger);
            entry.finish(ledger);
            match said {
                Some((true, range)) if is_public_index(&address) => {
                    let message = "the public index is not private: everybody can publish there";
                    ledger.complain(
                        range,
                        message,
                        Some("write private = false, or leave it out".to_owned()),
                    );
                }
                Some((value, range)) => {
                    let placed = Placed { value, span: ledger.span(range) };
                    if private.insert(address.clone(), placed).is_some() {
                        let message = format!("the index `{}` is named twice", short(&address));
                        ledger.complain(place, message, Some("keep one of the two lines".to_owned()));
                    }
                }
                None if ledger.complaints.len() == before => {
                    let message = format!("nothing is said about the index `{}`", short(&address));
                    ledger.complain(value.span(), message, Some("write { private = true }".to_owned()));
                }
                None => {}
            }
        }
        Self { private }
    }
}

fn address_help(key: &str) -> String {
    let host = key.trim_start_matches('/');
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:/~".contains(&byte);
    if !host.is_empty() && host.contains('.') && !host.contains("://") && host.bytes().all(plain) {
        format!("write it with its scheme: \"https://{}\"", short(host))
    } else {
        "write for example \"https://index.example.com/simple\" = { private = true }".to_owned()
    }
}

/// An address that may be shown: normalised, without credentials and query. `None` for what is no `http`, `https` or
/// `file` URL.
pub fn plain_address(text: &str) -> Option<String> {
    let mut address = normalised(text)?;
    address.truncate(address.find('?').unwrap_or(address.len()));
    Some(address)
}

/// An address in the form in which two of one index are equal: scheme and host in lower case, without credentials,
/// default port, fragment and closing slashes (RFC 3986, 6.2.2 and 6.2.3). `None` for what is no `http`, `https` or
/// `file` URL.
fn normalised(text: &str) -> Option<String> {
    let text = text.trim_ascii();
    if text.chars().any(|character| character.is_control() || character.is_whitespace()) {
        return None;
    }
    let (scheme, rest) = text.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    let rest = rest.split('#').next().unwrap_or_default();
    let default_port = match scheme.as_str() {
        "http" => 80,
        "https" => 443,
        "file" => {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            let path = path.strip_prefix("localhost").filter(|path| path.starts_with('/')).unwrap_or(path);
            return path.starts_with('/').then(|| format!("file:///{}", path.trim_matches('/')));
        }
        _ => return None,
    };
    let rest = rest.strip_prefix("//")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let host = authority.rsplit('@').next().unwrap_or_default();
    // The colons of an IPv6 address stand in brackets.
    let (host, port) = match host.rfind(':').filter(|at| !host[*at..].contains(']')) {
        Some(at) => (&host[..at], &host[at + 1..]),
        None => (host, ""),
    };
    // Some readers take a backslash for a slash: what the host is then depends on who reads.
    if host.is_empty() || authority.contains(['\\', '"', '<', '>', '^', '`', '|']) {
        return None;
    }
    let bracketed = host.starts_with('[') && host.ends_with(']');
    if host.contains(['[', ']', ':']) && !bracketed {
        return None;
    }
    let port = match port {
        "" => default_port,
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse::<u16>().ok()?,
        _ => return None,
    };
    let mut address = format!("{scheme}://{}", host.to_ascii_lowercase());
    if port != default_port {
        address.push_str(&format!(":{port}"));
    }
    address.push_str(path.trim_end_matches('/'));
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_index_in_many_spellings() {
        for text in [
            "https://index.example.com/simple",
            "https://index.example.com/simple/",
            "https://index.example.com/simple//",
            "HTTPS://Index.Example.COM/simple",
            "https://index.example.com:443/simple",
            "https://index.example.com:/simple",
            "https://user:pass@index.example.com/simple",
            "https://a@b:c@index.example.com/simple",
            "https://${USER}:${PASSWORD}@index.example.com/simple/",
            "https://index.example.com/simple#",
            " https://index.example.com/simple ",
        ] {
            assert_eq!(normalised(text).as_deref(), Some("https://index.example.com/simple"), "{text}");
        }
    }

    #[test]
    fn what_differs_stays_different() {
        for (text, expected) in [
            ("http://index.example.com/simple", "http://index.example.com/simple"),
            ("http://index.example.com:80/simple", "http://index.example.com/simple"),
            ("https://index.example.com:80/simple", "https://index.example.com:80/simple"),
            ("https://index.example.com/Simple", "https://index.example.com/Simple"),
            ("https://index.example.com", "https://index.example.com"),
            ("https://[2001:DB8::1]:8443/x", "https://[2001:db8::1]:8443/x"),
            ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
            ("https://index.example.com?a=b", "https://index.example.com?a=b"),
            ("file:///srv/Wheels/", "file:///srv/Wheels"),
            ("file://localhost/srv/Wheels", "file:///srv/Wheels"),
            ("file:/srv/Wheels", "file:///srv/Wheels"),
        ] {
            assert_eq!(normalised(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_address() {
        for text in [
            "",
            "index.example.com",
            "pypi",
            "/srv/wheels",
            "ftp://index.example.com",
            "git+https://index.example.com/x",
            "https:index.example.com",
            "https://",
            "https:///simple",
            "https://user@",
            "https://host:port/simple",
            "https://host:99999/",
            "https://2001:db8::1/x",
            "https://a b/",
            "https://a\u{0}b/",
            "https://a\\@b/",
            "file:wheels",
            "file://wheels",
        ] {
            assert_eq!(normalised(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_in(text in "(https?|file)?:?/{0,3}\\PC{0,20}[@:\\[\\]/?#]{0,4}\\PC{0,10}") {
            if let Some(once) = normalised(&text) {
                prop_assert_eq!(normalised(&once), Some(once.clone()));
                prop_assert!(!once.ends_with('/') || once == "file:///", "{}", once);
            }
        }

        #[test]
        fn credentials_never_stay(secret in "[A-Za-z0-9:@%]{4,12}Z9", host in "[a-z]{1,8}") {
            let address = normalised(&format!("https://user:{secret}@{host}/simple")).unwrap();
            prop_assert!(!address.contains("Z9"), "{}", address);
        }
    }
}
