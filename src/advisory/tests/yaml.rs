//! Records in the YAML of the PyPA database.

use std::fs;

use super::hostile_zips::{entry, zip};
use super::{Database, TODAY, record, store};
use crate::advisory::{ImportOptions, import};

const YAML: &str = "id: PYSEC-2026-1\nmodified: 2026-01-02T03:04:05Z\naliases: [CVE-2026-1]\naffected:\n- package:\n    \
                    name: shop\n    ecosystem: PyPI\n  ranges:\n  - type: ECOSYSTEM\n    events:\n    - introduced: '0'\n    \
                    - fixed: 1.10\n";

#[test]
fn yaml_and_json_give_the_same_source() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("shop")).unwrap();
    fs::write(folder.path().join("shop/PYSEC-2026-1.yaml"), YAML).unwrap();
    fs::write(folder.path().join("twice.yml"), format!("\u{feff}{YAML}")).unwrap();
    let (bytes, report) = import(&[folder.path().to_owned()], &ImportOptions::new(TODAY)).unwrap();
    assert_eq!((report.records, report.refused.len(), report.odd_fields), (2, 0, 0));
    let more = r#""modified": "2026-01-02T03:04:05Z", "aliases": ["CVE-2026-1"],"#;
    assert_eq!(bytes, store(&[record("PYSEC-2026-1", more, "+0 -1.10")]));
}

#[test]
fn what_cannot_be_read_is_listed_with_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).unwrap();
    write("a.yaml", YAML.as_bytes());
    write("b.yaml", b"id: &x PYSEC-2026-2\naffected: *x\n");
    write("c.yaml", b"id: \xff\n");
    write("d.yml", b"id: [\n");
    write("e.yml", b"name: a workflow\n");
    write("f.yaml", b"");
    let (_, report) = import(&[folder.path().to_owned()], &ImportOptions::new(TODAY)).unwrap();
    let reasons: Vec<_> = report.refused.iter().map(|refused| refused.reason.as_str()).collect();
    assert_eq!(report.records, 1);
    assert_eq!(reasons[0], "line 2, column 11: aliases are not followed: write the value out");
    assert_eq!(reasons[1], "not UTF-8");
    assert!(reasons[2].starts_with("line 2, column 1: not YAML"), "{reasons:?}");
    assert!(reasons[3].starts_with("expected an `id`"), "{reasons:?}");
    assert_eq!((reasons[4], reasons.len()), ("holds no YAML document", 5));
}

#[test]
fn in_a_zip() {
    let folder = tempfile::tempdir().unwrap();
    let zipped = zip(&[entry("vulns/shop/PYSEC-2026-1.yaml", YAML.as_bytes())]);
    fs::write(folder.path().join("all.zip"), zipped).unwrap();
    let (bytes, report) = import(&[folder.path().join("all.zip")], &ImportOptions::new(TODAY)).unwrap();
    assert_eq!(report.records, 1);
    assert_eq!(Database::from_bytes(bytes).unwrap().names().unwrap()[0].as_str(), "shop");
}
