//! The SPDX license list: ids in any case, what the list says about them, their versions, and what replaced those that
//! are deprecated.

use crate::model::Arrange as _;
use std::cmp::Ordering;

use super::flags::{COPYLEFT, DEPRECATED, FSF_LIBRE, GNU, OSI_APPROVED, folded};
use crate::model::{LicenseFamily, LicenseProperties};

mod table {
    #![allow(clippy::unreadable_literal, clippy::large_stack_arrays, missing_docs)]
    // LICENSE_NAMES: the ids, one after another, in the order of `folded`. LICENSE_STARTS: where each begins in it, and
    // its end. FLAGS: of each license. EXCEPTION_*: the same of exceptions.
    include!(concat!(env!("OUT_DIR"), "/license_list.rs"));
}

/// Ids in the order of `folded`.
struct Ids {
    names: &'static str,
    starts: &'static [u16],
}

const LICENSES: Ids = Ids { names: table::LICENSE_NAMES, starts: &table::LICENSE_STARTS };
const EXCEPTIONS: Ids = Ids { names: table::EXCEPTION_NAMES, starts: &table::EXCEPTION_STARTS };

impl Ids {
    fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    fn get(&self, at: usize) -> Option<&'static str> {
        self.names.get(usize::from(*self.starts.get(at)?)..usize::from(*self.starts.get(at + 1)?))
    }

    fn find(&self, word: &str) -> Option<(usize, &'static str)> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let id = self.get(middle)?;
            match folded(id).cmp(folded(word)) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some((middle, id)),
            }
        }
        None
    }

    fn iter(&self) -> impl Iterator<Item = &'static str> {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

/// A license of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Listed {
    /// The id as the list writes it.
    pub(super) id: &'static str,
    flags: u8,
}

impl Listed {
    /// What the list says about it; for copyleft see `list_table`.
    pub(super) fn properties(self) -> LicenseProperties {
        LicenseProperties {
            osi_approved: self.flags & OSI_APPROVED != 0,
            fsf_libre: self.flags & FSF_LIBRE != 0,
            copyleft: self.flags & COPYLEFT != 0,
        }
    }

    /// Whether the list asks to write something else.
    pub(super) fn is_deprecated(self) -> bool {
        self.flags & DEPRECATED != 0
    }

    /// Whether it says `-or-later` instead of `+`.
    pub(super) fn is_gnu(self) -> bool {
        self.flags & GNU != 0
    }
}

/// The license with an id, in any case.
pub(super) fn license(word: &str) -> Option<Listed> {
    let (at, id) = LICENSES.find(word)?;
    Some(Listed { id, flags: *table::FLAGS.get(at)? })
}

/// The id of an exception, given in any case.
pub(super) fn exception(word: &str) -> Option<&'static str> {
    EXCEPTIONS.find(word).map(|(_, id)| id)
}

/// All licenses of the list, also the deprecated ones.
pub(super) fn licenses() -> impl Iterator<Item = Listed> {
    LICENSES.iter().zip(table::FLAGS).map(|(id, flags)| Listed { id, flags })
}

/// All exceptions of the list.
pub(super) fn exceptions() -> impl Iterator<Item = &'static str> {
    EXCEPTIONS.iter()
}

/// What the list names as successor of a deprecated id: an id, with `+` and without, and an exception.
struct Successor {
    deprecated: &'static str,
    id: &'static str,
    or_later: &'static str,
    exception: Option<&'static str>,
}

const fn successor(
    deprecated: &'static str,
    id: &'static str,
    or_later: &'static str,
    exception: Option<&'static str>,
) -> Successor {
    Successor { deprecated, id, or_later, exception }
}

const GPL2: (&str, &str) = ("GPL-2.0-only", "GPL-2.0-or-later");
const GPL3: (&str, &str) = ("GPL-3.0-only", "GPL-3.0-or-later");

/// The `obsoletedBy` of the list, in the order of its ids. `Net-SNMP` has none: it is several licenses in one file.
const SUCCESSORS: [Successor; 14] = [
    successor("BSD-2-Clause-FreeBSD", "BSD-2-Clause-Views", "", None),
    successor("BSD-2-Clause-NetBSD", "BSD-2-Clause", "", None),
    successor("GPL-2.0-with-autoconf-exception", GPL2.0, GPL2.1, Some("Autoconf-exception-2.0")),
    successor("GPL-2.0-with-bison-exception", GPL2.0, GPL2.1, Some("Bison-exception-2.2")),
    successor("GPL-2.0-with-classpath-exception", GPL2.0, GPL2.1, Some("Classpath-exception-2.0")),
    successor("GPL-2.0-with-font-exception", GPL2.0, GPL2.1, Some("Font-exception-2.0")),
    successor("GPL-2.0-with-GCC-exception", GPL2.0, GPL2.1, Some("GCC-exception-2.0")),
    successor("GPL-3.0-with-autoconf-exception", GPL3.0, GPL3.1, Some("Autoconf-exception-3.0")),
    successor("GPL-3.0-with-GCC-exception", GPL3.0, GPL3.1, Some("GCC-exception-3.1")),
    successor("Nunit", "zlib-acknowledgement", "", None),
    successor("StandardML-NJ", "SMLNJ", "", None),
    successor("bzip2-1.0.5", "bzip2-1.0.6", "", None),
    successor("eCos-2.0", GPL2.1, GPL2.1, Some("eCos-exception-2.0")),
    successor("wxWindows", GPL2.1, GPL2.1, Some("WxWindows-exception-3.1")),
];

/// The exception that replaced a deprecated one; else the one that was given.
pub(super) fn present_exception(id: &'static str) -> &'static str {
    if id == "Nokia-Qt-exception-1.1" { "Qt-LGPL-exception-1.1" } else { id }
}

/// A license as it is written today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Present {
    pub(super) license: Listed,
    /// `+` has to be kept.
    pub(super) or_later: bool,
    /// The exception that the deprecated id contains.
    pub(super) exception: Option<&'static str>,
}

/// How a license, with or without `+`, is written today; `None` for a GNU license that says `-only` or `-or-later` and
/// `+` besides.
pub(super) fn present(listed: Listed, plus: bool) -> Option<Present> {
    if let Some(found) = SUCCESSORS.iter().find(|successor| successor.deprecated == listed.id) {
        let id = if plus && !found.or_later.is_empty() { found.or_later } else { found.id };
        let or_later = plus && found.or_later.is_empty();
        return Some(Present { license: license(id)?, or_later, exception: found.exception });
    }
    let plain = |license: Listed| Some(Present { license, or_later: false, exception: None });
    if listed.is_gnu() && (plus || listed.is_deprecated()) {
        let suffix = if plus { "-or-later" } else { "-only" };
        return plain(license(&format!("{}{suffix}", listed.id))?);
    }
    Some(Present { license: listed, or_later: plus, exception: None })
}

/// An id taken apart: what stands before and after the version.
#[derive(Clone, Copy)]
struct Versioned<'a> {
    before: &'a str,
    version: &'a str,
    after: &'a str,
    or_later: bool,
}

impl Versioned<'_> {
    fn is_same_family(&self, other: &Versioned<'_>) -> bool {
        self.before == other.before && self.after == other.after
    }
}

/// Takes an id apart; `None` when no part of it is a version with a dot (`MIT-0`, `BSD-2-Clause`, `W3C-20150513`).
fn versioned(id: &str) -> Option<Versioned<'_>> {
    let (rest, or_later) = match id.strip_suffix("-or-later") {
        Some(rest) => (rest, true),
        None => (id.strip_suffix("-only").unwrap_or(id), false),
    };
    let mut start = 0;
    for part in rest.split('-') {
        let end = start + part.len();
        if start > 0 && is_version(part) {
            return Some(Versioned {
                before: rest.get(..start - 1)?,
                version: part,
                after: rest.get(end..)?,
                or_later,
            });
        }
        start = end + 1;
    }
    None
}

/// `2.0`, `1.3c`, `2.0.1`.
fn is_version(part: &str) -> bool {
    let digits = part.strip_suffix(|last: char| last.is_ascii_lowercase()).unwrap_or(part);
    let is_number = |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    digits.contains('.') && digits.split('.').all(is_number)
}

fn compare_versions(one: &str, other: &str) -> Ordering {
    let key = |version: &str| -> Vec<(u32, String)> {
        let part = |part: &str| {
            let letters = part.trim_start_matches(|character: char| character.is_ascii_digit());
            let number = part.strip_suffix(letters).unwrap_or(part);
            (number.parse().unwrap_or(u32::MAX), letters.to_owned())
        };
        version.split('.').map(part).collect()
    };
    key(one).cmp(&key(other))
}

/// The licenses of a family that is named by what stands before the version, with their versions: `GPL`, `CC-BY`.
/// Deprecated ids, and those with something after the version other than `-only` and `-or-later`, are not among them.
pub(super) fn of_family(name: &str) -> impl Iterator<Item = (Listed, &'static str)> {
    licenses().filter(move |listed| listed.id.starts_with(name) && !listed.is_deprecated()).filter_map(
        move |listed| {
            let own = versioned(listed.id)?;
            (own.before == name && own.after.is_empty()).then_some((listed, own.version))
        },
    )
}

/// The family of a license of the list, with the versions that it covers; later ones of the list when `or_later` or
/// when the id says so.
pub(super) fn family(id: &str, or_later: bool) -> Option<LicenseFamily> {
    let own = versioned(id)?;
    let mut versions: Vec<&str> = vec![own.version];
    if or_later || own.or_later {
        let later = licenses()
            .filter(|listed| listed.id.starts_with(own.before) && !listed.is_deprecated())
            .filter_map(|listed| versioned(listed.id))
            .filter(|other| other.is_same_family(&own))
            .map(|other| other.version)
            .filter(|version| compare_versions(version, own.version) == Ordering::Greater);
        versions.extend(later);
        versions.arrange_by(|one, other| compare_versions(one, other));
        versions.dedup();
    }
    let name = format!("{}{}", own.before, own.after);
    Some(LicenseFamily { name: name.into(), versions: versions.into_iter().map(Into::into).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(id: &str, or_later: bool) -> (String, String) {
        let family = family(id, or_later).unwrap();
        (family.name.into(), family.versions.join(" "))
    }

    #[test]
    fn every_id_is_found_in_any_case() {
        for listed in licenses() {
            assert_eq!(license(&listed.id.to_lowercase()), Some(listed));
            assert_eq!(license(&listed.id.to_uppercase()), Some(listed));
        }
        for id in exceptions() {
            assert_eq!(exception(&id.to_uppercase()), Some(id));
        }
        assert!(licenses().count() > 700 && exceptions().count() > 70);
        assert_eq!(license(""), None);
        assert_eq!(license("zzzz"), None);
    }

    #[test]
    fn the_list_is_that_of_the_crate() {
        for theirs in spdx::identifiers::LICENSES.iter().filter(|license| !license.name.ends_with('+')) {
            // Words of SPDX documents, and no licenses (SPDX specification 2.3, 7.13).
            if matches!(theirs.name, "NONE" | "NOASSERTION") {
                assert_eq!(license(theirs.name), None);
                continue;
            }
            let ours = license(theirs.name).unwrap();
            assert_eq!(ours.id, theirs.name);
            let properties = ours.properties();
            assert_eq!(
                properties.osi_approved,
                theirs.flags & spdx::flags::IS_OSI_APPROVED != 0,
                "{}",
                ours.id
            );
            assert_eq!(properties.fsf_libre, theirs.flags & spdx::flags::IS_FSF_LIBRE != 0, "{}", ours.id);
            assert_eq!(ours.is_deprecated(), theirs.flags & spdx::flags::IS_DEPRECATED != 0, "{}", ours.id);
        }
        assert!(license("EPL-2.0").unwrap().properties().copyleft);
        assert!(license("MPL-2.0").unwrap().properties().copyleft);
        assert!(!license("CECILL-B").unwrap().properties().copyleft);
        assert!(!license("MIT").unwrap().properties().copyleft);
    }

    #[test]
    fn families_come_from_the_list() {
        let pair = |name: &str, versions: &str| (name.to_owned(), versions.to_owned());
        assert_eq!(versions("GPL-2.0-only", false), pair("GPL", "2.0"));
        assert_eq!(versions("GPL-2.0-or-later", false), pair("GPL", "2.0 3.0"));
        assert_eq!(versions("LGPL-2.0-or-later", false), pair("LGPL", "2.0 2.1 3.0"));
        assert_eq!(versions("AGPL-3.0-or-later", false), pair("AGPL", "3.0"));
        assert_eq!(versions("Apache-1.0", true), pair("Apache", "1.0 1.1 2.0"));
        assert_eq!(versions("Apache-2.0", false), pair("Apache", "2.0"));
        assert_eq!(versions("MPL-1.1", true), pair("MPL", "1.1 2.0"));
        assert_eq!(versions("EPL-1.0", true), pair("EPL", "1.0 2.0"));
        assert_eq!(versions("EUPL-1.1", true), pair("EUPL", "1.1 1.2"));
        assert_eq!(versions("CC-BY-3.0", true), pair("CC-BY", "3.0 4.0"));
        assert_eq!(versions("CC-BY-SA-4.0", false), pair("CC-BY-SA", "4.0"));
        assert_eq!(versions("LPPL-1.2", true), pair("LPPL", "1.2 1.3a 1.3c"));
        assert_eq!(versions("OLDAP-2.7", true), pair("OLDAP", "2.7 2.8"));
        assert_eq!(versions("GFDL-1.2-invariants-or-later", false), pair("GFDL-invariants", "1.2 1.3"));
        for id in ["MIT", "MIT-0", "BSD-2-Clause", "0BSD", "W3C-20150513", "Unicode-DFS-2016", "BSD-4.3RENO"]
        {
            assert_eq!(family(id, true), None, "{id}");
        }
    }

    #[test]
    fn successors_are_on_the_list_and_every_deprecated_id_but_one_has_one() {
        for listed in licenses().filter(|listed| listed.is_deprecated()) {
            let now = present(listed, false).unwrap();
            assert_eq!(now.license.is_deprecated(), listed.id == "Net-SNMP", "{}", listed.id);
            assert!(now.exception.is_none_or(|id| exception(id) == Some(id)), "{}", listed.id);
            assert!(present(listed, true).is_some(), "{}", listed.id);
        }
        for id in exceptions() {
            assert_eq!(exception(present_exception(id)), Some(present_exception(id)));
        }
    }
}
