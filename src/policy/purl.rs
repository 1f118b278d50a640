//! Package URLs, as far as they name Python packages. Source: the purl specification, "Rules for each purl component", and
//! its type `pypi`.

use crate::model::{PackageName, Version};

/// A package URL without qualifiers and subpath, which say where a package is taken from and not which one it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Purl {
    /// The type, in lower case.
    pub(super) kind: String,
    /// The name, decoded, without its namespace.
    pub(super) name: String,
    /// The version, decoded; `None` for all of them.
    pub(super) version: Option<String>,
}

impl Purl {
    /// Reads one; `None` for what is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let scheme = text.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("pkg:"))?;
        let rest = text.get(scheme.len()..)?.trim_start_matches('/');
        let rest = rest.split(['#', '?']).next()?;
        let (kind, rest) = rest.split_once('/')?;
        let rest = rest.trim_end_matches('/');
        // The `@` of a namespace is encoded.
        let (path, version) = match rest.rsplit_once('@') {
            Some((path, version)) => (path, Some(decoded(version)?)),
            None => (rest, None),
        };
        let name = decoded(path.rsplit('/').next()?)?;
        if name.is_empty() || version.as_ref().is_some_and(String::is_empty) {
            return None;
        }
        Some(Self { kind: kind.to_ascii_lowercase(), name, version })
    }

    /// The Python package that it names, with its version.
    pub(super) fn package(&self) -> Option<(PackageName, Option<Version>)> {
        (self.kind == "pypi")
            .then(|| (PackageName::new(&self.name), self.version.as_deref().map(Version::new)))
    }
}

/// Percent-encoding undone; `None` when it is broken.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
            bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_versions_are_decoded_and_the_rest_is_left_out() {
        let read = |text| {
            let (name, version) = Purl::parse(text)?.package()?;
            Some(format!("{name} {}", version.map(|version| version.to_string()).unwrap_or_default()))
        };
        assert_eq!(read("pkg:pypi/Django@1.11.1").as_deref(), Some("django 1.11.1"));
        assert_eq!(
            read("PKG:PyPI/ruamel.yaml@0.18%2Bcpu?vcs_url=a@b#x").as_deref(),
            Some("ruamel-yaml 0.18+cpu")
        );
        assert_eq!(read("pkg://pypi/shoplib").as_deref(), Some("shoplib "));
        for none in [
            "pkg:npm/shoplib@1",
            "pypi/x",
            "pkg:pypi/",
            "pkg:pypi/x@",
            "pkg:pypi/%zz",
            "pkg:pypi/%f",
            "é",
            "",
        ] {
            assert_eq!(read(none), None, "{none}");
        }
        assert_eq!(
            Purl::parse("pkg:oci/acme/webshop@sha256%3A00").map(|purl| purl.name).as_deref(),
            Some("webshop")
        );
    }
}
