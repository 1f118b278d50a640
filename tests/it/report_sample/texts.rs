//! The files that the sample speaks of.

use std::collections::BTreeMap;

use depaudit::model::{Finding, Label, SourceFile, SourceId, Sources, Span};
use depaudit::rules;

use super::HOSTILE;

const POLICY: &str = "\
[[ignore]]
id = \"CVE-2026-0103\"
reason = \"the template is ours\"
until = 2026-12-31

[[ignore]]
id = \"PYSEC-2026-104\"
reason = \"never called\"

[[ignore]]
id = \"CVE-2020-9999\"
reason = \"long ago\"
";
const COMMAND_LINE: &str = " --ignore PYSEC-2026-105 --reason \"looked at on Friday\"";
const DATABASE: &str = "openssf 2025-05-28, 4596 records\npypa 2026-07-23, 7080 records\n";
const VEX: &str = "{\"statements\": [{\"vulnerability\": {\"name\": \"CVE-2026-0106\"}}]}\n";
const MANIFEST: &str = "\
[tool.poetry.dependencies]
python = \"^3.12\"
basket = \"^1.0\"
shoplib = \"^1.4\"
parcelbox = \"*\"
reqeusts = \"*\"
cart = {git = \"https://ada:hunter2@git.example.com/shop/cart.git\", branch = \"main\"}
";
const LOCK: &str = "\
[[package]]
name = \"basket\"
version = \"1.2.0\"

[[package]]
name = \"parcelbox\"
version = \"2.4\"

[[package]]
name = \"reqeusts\"
version = \"2.32.3\"

[[package]]
name = \"shoplib\"
version = \"1.4.1\"
";
const REQUIREMENTS: &str = "\
--extra-index-url https://index.example.com/simple
shoplib==1.4.1
ledger>=2.0  # audit: ignore[PYSEC-2026-107] only reads our own files
acme-core==3.1
ändern==1.0 ; python_version < \"3.13\"
";

/// The texts of the sample by path, in the order of their units.
pub(super) struct Texts {
    pub(super) units: Vec<Sources>,
    ids: BTreeMap<String, SourceId>,
}

impl Texts {
    pub(super) fn new() -> Self {
        let mut texts = Self { units: (0..4).map(Sources::new).collect(), ids: BTreeMap::new() };
        for (unit, path, text) in [
            (0, "audit.toml", POLICY),
            (0, "<command line>", COMMAND_LINE),
            (0, "<advisory database>", DATABASE),
            (0, "vex/shop.openvex.json", VEX),
            (1, "pyproject.toml", MANIFEST),
            (1, "poetry.lock", LOCK),
            (2, "services/pay desk/requirements.txt", REQUIREMENTS),
            (3, &format!("{HOSTILE}/requirements.txt"), &format!("x=={HOSTILE}\nlast")),
        ] {
            let id = texts.units[unit].add(SourceFile::new(path, text.to_owned()));
            texts.ids.insert(path.to_owned(), id);
        }
        texts
    }

    /// The first place of some words in a text.
    pub(super) fn place(&self, path: &str, words: &str) -> Span {
        let id = self.ids[path];
        let text = self.units[id.unit() as usize].get(id).unwrap().text();
        let start = text.find(words).unwrap_or_else(|| panic!("{words} is not in {path}"));
        Span::new(id, start..start + words.len())
    }

    pub(super) fn finding(&self, rule: &str, path: &str, words: &str, message: &str) -> Finding {
        Finding::new(rules::find(rule).unwrap(), Label::new(self.place(path, words), ""), message)
    }
}
