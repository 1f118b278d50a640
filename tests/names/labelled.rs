//! Labelled names, read from a folder with `malicious.csv`, `legit.csv`, `hard-negatives.csv` and `grey.csv`.

use std::error::Error;
use std::path::Path;

use depaudit::model::PackageName;
use depaudit::names::popular;

/// What is known about a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    /// Made to be mistaken for another name, beyond doubt; with a target that people named, or without.
    Strong { known_target: bool },
    /// Malicious, and near another name perhaps by chance.
    Weak,
    /// A good name, and its rank among the most downloaded.
    Legit(Option<u16>),
    /// A good name that people found confusing.
    Hard,
    /// Malicious, but not by its name.
    OtherMalice,
    /// A popular name that was taken over: the name alone must not be flagged.
    TakenOver,
    /// Spam and tools of attackers: neither good nor bad.
    Grey,
}

/// All labelled names of a folder.
pub(crate) fn read(folder: &Path) -> Result<Vec<(PackageName, Label)>, Box<dyn Error>> {
    let mut all = Vec::new();
    let mut each = |file: &str, label: &dyn Fn(&csv::StringRecord, &PackageName) -> Label| {
        let path = folder.join(file);
        let reader = csv::Reader::from_path(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        for record in reader.into_records() {
            let record = record?;
            let name = PackageName::new(record.get(0).unwrap_or_default());
            let label = label(&record, &name);
            all.push((name, label));
        }
        Ok::<(), Box<dyn Error>>(())
    };
    each("malicious.csv", &|row, _| match (row.get(1), row.get(2)) {
        (Some("typosquat"), Some("strong")) => {
            Label::Strong { known_target: row.get(7).is_some_and(|target| !target.is_empty()) }
        }
        (Some("typosquat"), _) => Label::Weak,
        (Some("popular_name"), _) => Label::TakenOver,
        _ => Label::OtherMalice,
    })?;
    each("legit.csv", &|_, name| Label::Legit(popular::rank(name.as_str())))?;
    each("hard-negatives.csv", &|_, _| Label::Hard)?;
    each("grey.csv", &|_, _| Label::Grey)?;
    Ok(all)
}
