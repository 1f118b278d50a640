//! Package URLs: `pkg:type/namespace/name@version?qualifiers#subpath` (ECMA-427).

use std::borrow::Cow;
use std::ops::Range;

/// The parts of a package URL, decoded, with the bytes of those that people look at.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Purl<'a> {
    /// The type in lower case.
    pub(super) kind: String,
    pub(super) namespace: Option<&'a str>,
    pub(super) name: Cow<'a, str>,
    pub(super) name_range: Range<usize>,
    pub(super) version: Option<(Cow<'a, str>, Range<usize>)>,
    qualifiers: &'a str,
}

impl<'a> Purl<'a> {
    /// Reads a text; `None` when it is no package URL.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once(':')?;
        if !scheme.eq_ignore_ascii_case("pkg") {
            return None;
        }
        // From the right, as the specification parses it.
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let (path, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
        let path = path.trim_matches('/');
        let (kind, path) = path.split_once('/')?;
        let (path, version) = match path.rsplit_once('@') {
            // An `@` before the last `/` belongs to the namespace.
            Some((path, version)) if !version.contains('/') => (path, Some(version)),
            _ => (path, None),
        };
        let path = path.trim_matches('/');
        let (namespace, name) = match path.rsplit_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, path),
        };
        let decoded = decode(name).filter(|name| !name.trim().is_empty())?;
        let place = |part: &str| {
            let start = part.as_ptr().addr() - text.as_ptr().addr();
            start..start + part.len()
        };
        let version = match version.filter(|version| !version.is_empty()) {
            Some(version) => Some((decode(version)?, place(version))),
            None => None,
        };
        let kind = kind.to_ascii_lowercase();
        Some(Self { kind, namespace, name: decoded, name_range: place(name), version, qualifiers })
    }

    /// The value of a qualifier.
    pub(super) fn qualifier(&self, wanted: &str) -> Option<Cow<'a, str>> {
        let pairs = self.qualifiers.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted))?;
        decode(value).filter(|value| !value.is_empty())
    }
}

/// A part without percent encoding; `None` when the encoding is wrong or no UTF-8.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let [high, low, tail @ ..] = tail else { return None };
            let digit = |byte: &u8| char::from(*byte).to_digit(16);
            bytes.push(u8::try_from(digit(high)? * 16 + digit(low)?).ok()?);
            rest = tail;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts() {
        let text = "pkg:PyPI/Tide_Base@1!2.0%2Beu.1?vcs_url=git%2Bhttps://git.example.com/a@b&x=y#src";
        let purl = Purl::read(text).unwrap();
        assert_eq!((purl.kind.as_str(), purl.namespace, &*purl.name), ("pypi", None, "Tide_Base"));
        assert_eq!(&text[purl.name_range.clone()], "Tide_Base");
        let (version, range) = purl.version.clone().unwrap();
        assert_eq!((&*version, &text[range]), ("1!2.0+eu.1", "1!2.0%2Beu.1"));
        assert_eq!(purl.qualifier("VCS_URL").as_deref(), Some("git+https://git.example.com/a@b"));
        assert_eq!(purl.qualifier("y"), None);
        let scoped = Purl::read("pkg:npm/%40sail/rope@1.0").unwrap();
        assert_eq!((scoped.namespace, &*scoped.name), (Some("%40sail"), "rope"));
        assert_eq!(Purl::read("pkg:npm/@sail/rope").unwrap().namespace, Some("@sail"));
        assert_eq!(Purl::read("pkg://pypi/harbour").unwrap().version, None);
        assert_eq!(Purl::read("pkg:pypi/harbour@").unwrap().version, None);
    }

    #[test]
    fn what_is_none() {
        for text in [
            "",
            "pypi/a",
            "pkg:",
            "pkg:pypi",
            "pkg:pypi/",
            "pkg:pypi/%",
            "pkg:pypi/%ff",
            "pkg:pypi/a@%zz",
            "url:pypi/a",
        ] {
            assert_eq!(Purl::read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text(text in "(pkg:)?[a-z%@/?#=&:0-9é.]{0,30}") {
            if let Some(purl) = Purl::read(&text) {
                prop_assert!(text.get(purl.name_range.clone()).is_some());
                prop_assert!(purl.version.is_none_or(|(_, range)| text.get(range).is_some()));
            }
        }
    }
}
