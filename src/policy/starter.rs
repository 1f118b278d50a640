//! The policy that `audit init` writes.

use crate::model::Arrange as _;

/// Which licenses a starting policy accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicenseStance {
    /// Those that ask for attribution at most.
    Permissive,
    /// Also those whose terms end at the files or the library itself.
    WeakCopyleft,
    /// Every license that the Open Source Initiative approved.
    AnyOsi,
}

impl LicenseStance {
    /// The words for them on the command line.
    pub const WORDS: [&'static str; 3] = ["permissive", "weak-copyleft", "any-osi"];

    /// Reads one of [`Self::WORDS`].
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "permissive" => Some(Self::Permissive),
            "weak-copyleft" => Some(Self::WeakCopyleft),
            "any-osi" => Some(Self::AnyOsi),
            _ => None,
        }
    }
}

/// Licenses of Python packages that ask for attribution at most.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "AFL-3.0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BlueOak-1.0.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-2-Clause-Patent",
    "BSD-3-Clause",
    "BSD-3-Clause-Clear",
    "BSL-1.0",
    "CC0-1.0",
    "CNRI-Python",
    "curl",
    "HPND",
    "ISC",
    "Libpng",
    "libpng-2.0",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "NCSA",
    "PostgreSQL",
    "PSF-2.0",
    "Python-2.0",
    "Python-2.0.1",
    "TCL",
    "Unicode-3.0",
    "Unlicense",
    "UPL-1.0",
    "W3C",
    "WTFPL",
    "X11",
    "Zlib",
    "ZPL-2.1",
];

/// Licenses whose terms end at the files or the library itself.
const WEAK_COPYLEFT: &[&str] = &[
    "CDDL-1.0",
    "CDDL-1.1",
    "CECILL-C",
    "EPL-1.0",
    "EPL-2.0",
    "GPL-2.0-only WITH Classpath-exception-2.0",
    "GPL-2.0-or-later WITH Classpath-exception-2.0",
    "LGPL-2.0-or-later",
    "LGPL-2.1-or-later",
    "LGPL-3.0-or-later",
    "MPL-1.1",
    "MPL-2.0",
    "OFL-1.1",
];

/// A commented policy.
pub fn starter(stance: Option<LicenseStance>) -> String {
    let mut text = String::from(GENERAL);
    match stance {
        None => text.push_str(NO_LICENSES),
        Some(LicenseStance::Permissive) => {
            text.push_str(
                "\n# Which licenses are accepted: permissive ones. A package under another one is a warning, under a\n\
                 # copyleft license an error. `audit explain license-denied` says how expressions are judged.\n[licenses]\n",
            );
            list(&mut text, "allow", PERMISSIVE);
            text.push_str("deny = [\"copyleft\"]\n");
            text.push_str(EXCEPTIONS);
        }
        Some(LicenseStance::WeakCopyleft) => {
            text.push_str(
                "\n# Which licenses are accepted: permissive ones, and those whose terms end at the files or the library\n\
                 # itself. A license that is named counts before a property: `deny` means all other copyleft licenses.\n\
                 [licenses]\n",
            );
            let both: Vec<&str> = PERMISSIVE.iter().chain(WEAK_COPYLEFT).copied().collect();
            list(&mut text, "allow", &both);
            text.push_str("deny = [\"copyleft\"]\n");
            text.push_str(EXCEPTIONS);
        }
        Some(LicenseStance::AnyOsi) => {
            text.push_str(
                "\n# Which licenses are accepted: all that the Open Source Initiative approved, and some that say the same.\n\
                 # A package under another one is an error.\n[licenses]\n\
                 allow = [\"osi-approved\", \"CC0-1.0\", \"PSF-2.0\", \"WTFPL\", \"X11\", \"curl\"]\n",
            );
            text.push_str(EXCEPTIONS);
            text.push_str("\n[rules]\nlicense-unlisted = \"deny\"\n");
        }
    }
    text
}

/// Several ids a line, so that a change shows as one.
fn list(text: &mut String, key: &str, licenses: &[&str]) {
    let mut sorted: Vec<&str> = licenses.to_vec();
    sorted.arrange_by_key(|license| license.to_ascii_lowercase());
    text.push_str(&format!("{key} = [\n"));
    for license in sorted {
        text.push_str(&format!("    \"{license}\",\n"));
    }
    text.push_str("]\n");
}

const GENERAL: &str = "\
# The policy of `audit`. Every key is optional; a key that is not known is an error.

# From which severity on a vulnerability fails the run: low, medium, high, critical, never.
fail-on = \"low\"

# Fail when requirements are listed without what they pull in.
# require-lock = true

# How new advisories count on dependencies that a change does not touch: allow, note, warn, deny.
# [since]
# news = \"warn\"

# An ignore takes a finding out: by any id of the flaw, with a reason, and best with an end. Package, version and path
# limit it further. Behind the requirement itself it is a comment:
#   jinja2==3.0.1  # audit: ignore[CVE-2024-1234] templates are ours until 2026-12-31
# [[ignore]]
# id = \"CVE-2024-1234\"
# package = \"jinja2\"
# version = \"<3.1\"
# path = \"docs/\"
# reason = \"templates are ours\"
# until = 2026-12-31

# Names that must never come from a public index.
# [names]
# private = [\"acme-*\"]
";

const NO_LICENSES: &str = "
# Which licenses are accepted: `audit init --licenses permissive` writes a list to start from.
# [licenses]
# allow = [\"MIT\", \"Apache-2.0\", \"BSD-3-Clause\"]
# deny = [\"copyleft\"]
";

const EXCEPTIONS: &str = "\
# What holds for one package only:
# exceptions = [{ package = \"chardet\", allow = [\"LGPL-2.1-or-later\"], reason = \"not linked\" }]
# What somebody found out about one package:
# clarify = [{ package = \"acme-x\", version = \"1.2.0\", expression = \"MIT\", reason = \"asked the author\" }]
# What only development brings in may be laxer:
# [groups.dev.licenses]
# allow = [\"GPL-3.0-or-later\"]
";
