//! What people call licenses: written by us, in folded form (see `phrase`): lower case, punctuation as blanks, without
//! `the`, `license`, `gnu` and the like, without the version.

/// Names of licenses that have no versions, or of which one version is meant whatever is written; with their id.
pub(super) const PLAIN: [(&str, &str); 36] = [
    ("beer ware", "Beerware"),
    ("beerware", "Beerware"),
    ("cmu", "MIT-CMU"),
    ("do what fuck you want to public", "WTFPL"),
    ("expat", "MIT"),
    ("expat mit", "MIT"),
    ("freebsd", "BSD-2-Clause"),
    ("historical permission notice and disclaimer", "HPND"),
    ("hpnd", "HPND"),
    ("internet systems consortium", "ISC"),
    ("isc", "ISC"),
    ("iscl", "ISC"),
    ("libpng zlib", "Zlib"),
    ("massachusetts institute of technology", "MIT"),
    ("mit", "MIT"),
    ("mit expat", "MIT"),
    ("mit mit", "MIT"),
    ("mit no attribution", "MIT-0"),
    ("ncsa", "NCSA"),
    ("ncsa open source", "NCSA"),
    ("netbsd", "BSD-2-Clause"),
    ("postgresql", "PostgreSQL"),
    ("sleepycat", "Sleepycat"),
    ("tcl", "TCL"),
    ("tcl tk", "TCL"),
    ("university of illinois ncsa", "NCSA"),
    ("university of illinois ncsa open source", "NCSA"),
    ("unlicense", "Unlicense"),
    ("vim", "Vim"),
    ("wtfpl", "WTFPL"),
    ("x consortium", "X11"),
    ("x11", "X11"),
    ("zero clause bsd", "0BSD"),
    ("zlib", "Zlib"),
    ("zlib libpng", "Zlib"),
    ("zlib png", "Zlib"),
];

/// Names that may be several licenses; with their ids.
pub(super) const SEVERAL: [(&str, &[&str]); 12] = [
    ("artistic", ARTISTIC),
    ("artistic perl", ARTISTIC),
    ("bsd mit", &["BSD-2-Clause", "BSD-3-Clause", "MIT"]),
    ("mit x11", &["MIT", "X11"]),
    ("perl", &["Artistic-1.0-Perl", "GPL-1.0-or-later", "Artistic-1.0-Perl OR GPL-1.0-or-later"]),
    ("perl artistic", ARTISTIC),
    ("perlartistic", ARTISTIC),
    ("psf", PYTHON),
    ("psfl", PYTHON),
    ("python", PYTHON),
    ("python software foundation", PYTHON),
    ("x11 mit", &["MIT", "X11"]),
];

/// "Artistic License" without a version.
const ARTISTIC: &[&str] = &["Artistic-1.0", "Artistic-1.0-Perl", "Artistic-1.0-cl8", "Artistic-2.0"];

/// The licenses of Python itself: two ids are in use for what people call its license.
const PYTHON: &[&str] = &["PSF-2.0", "Python-2.0", "Python-2.0.1"];

/// "BSD" without a number of clauses.
pub(super) const BSD: [&str; 4] = ["0BSD", "BSD-2-Clause", "BSD-3-Clause", "BSD-4-Clause"];

/// Names of licenses that have versions; with the beginning of their ids.
pub(super) const FAMILIES: [(&str, &str); 76] = [
    ("academic free", "AFL"),
    ("affero", "AGPL"),
    ("affero general public", "AGPL"),
    ("affero gpl", "AGPL"),
    ("afl", "AFL"),
    ("agpl", "AGPL"),
    ("apache", "Apache"),
    ("apache software", "Apache"),
    ("apache software foundation", "Apache"),
    ("artistic", "Artistic"),
    ("asl", "Apache"),
    ("blue oak model", "BlueOak"),
    ("boost", "BSL"),
    ("boost software", "BSL"),
    ("business source", "BUSL"),
    ("busl", "BUSL"),
    ("cc by", "CC-BY"),
    ("cc by nc", "CC-BY-NC"),
    ("cc by nc nd", "CC-BY-NC-ND"),
    ("cc by nc sa", "CC-BY-NC-SA"),
    ("cc by nd", "CC-BY-ND"),
    ("cc by sa", "CC-BY-SA"),
    ("cc0", "CC0"),
    ("cc0 universal", "CC0"),
    ("cc0 universal public domain dedication", "CC0"),
    ("cddl", "CDDL"),
    ("cecill", "CECILL"),
    ("common development and distribution", "CDDL"),
    ("common public", "CPL"),
    ("cpl", "CPL"),
    ("creative commons attribution", "CC-BY"),
    ("creative commons attribution international", "CC-BY"),
    ("creative commons attribution share alike", "CC-BY-SA"),
    ("creative commons attribution sharealike", "CC-BY-SA"),
    ("creative commons attribution sharealike international", "CC-BY-SA"),
    ("creative commons by", "CC-BY"),
    ("creative commons cc0", "CC0"),
    ("creative commons zero", "CC0"),
    ("ecl", "ECL"),
    ("eclipse", "EPL"),
    ("eclipse public", "EPL"),
    ("educational community", "ECL"),
    ("epl", "EPL"),
    ("eupl", "EUPL"),
    ("european union public", "EUPL"),
    ("fdl", "GFDL"),
    ("free documentation", "GFDL"),
    ("general public", "GPL"),
    ("gfdl", "GFDL"),
    ("gpl", "GPL"),
    ("ibm public", "IPL"),
    ("latex project public", "LPPL"),
    ("lesser general public", "LGPL"),
    ("lesser gpl", "LGPL"),
    ("lgpl", "LGPL"),
    ("library general public", "LGPL"),
    ("library or lesser general public", "LGPL"),
    ("lppl", "LPPL"),
    ("mozilla", "MPL"),
    ("mozilla public", "MPL"),
    ("mpl", "MPL"),
    ("mulan permissive software", "MulanPSL"),
    ("mulanpsl", "MulanPSL"),
    ("ofl", "OFL"),
    ("open font", "OFL"),
    ("open software", "OSL"),
    ("osl", "OSL"),
    ("psf", "PSF"),
    ("sil ofl", "OFL"),
    ("sil open font", "OFL"),
    ("sspl", "SSPL"),
    ("universal permissive", "UPL"),
    ("upl", "UPL"),
    ("zope", "ZPL"),
    ("zope public", "ZPL"),
    ("zpl", "ZPL"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::license::list;

    #[test]
    fn tables_are_sorted_and_their_ids_on_the_list() {
        assert!(PLAIN.is_sorted() && SEVERAL.is_sorted() && FAMILIES.is_sorted());
        for (_, id) in PLAIN {
            assert!(list::license(id).is_some_and(|listed| listed.id == id), "{id}");
        }
        let several = SEVERAL.iter().flat_map(|(_, ids)| ids.iter()).chain(&BSD);
        for id in several {
            assert_eq!(crate::license::parse(id).unwrap().to_string(), **id);
        }
        for (_, family) in FAMILIES {
            assert!(list::of_family(family).next().is_some(), "{family}");
        }
    }
}
