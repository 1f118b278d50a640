//! How well texts about licenses are read, on tables of real ones.
//!
//! ```text
//! cargo run --release --example judge_licenses -- ../shared/data/licenses
//! ```
//!
//! Prints right, wrong and undecided for each table, and every row that was not read as the table has it. A deprecated id
//! of a table counts as what replaced it. Ends with 1 when something was read wrongly, when one of the ambiguous texts was
//! guessed, or when fewer than 98 of 100 clear ones were read. `--observations` adds the raw texts of recipes, which are
//! not required: their authors follow rules of their own ("BSD" is BSD-3-Clause in one distribution).

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, process};

use depaudit::license::{self, classifier, free_text};
use depaudit::model::LicenseReading;

/// How many of 100 clear rows must be read right.
const LEAST_RIGHT: usize = 98;

#[derive(Default)]
struct Count {
    /// Rows that say one license.
    clear: usize,
    right: usize,
    wrong: usize,
    /// Clear rows that were left open.
    open: usize,
    /// Rows that do not say one license.
    ambiguous: usize,
    /// Those of them that were read as one.
    guessed: usize,
    /// What was not read as the table has it.
    deviations: Vec<String>,
}

impl Count {
    /// Counts one row: what it means (empty: several licenses, or none), what was read.
    fn row(&mut self, text: &str, meant: &str, read: &LicenseReading) {
        let short: String = text.chars().take(100).collect();
        let read_as = match read {
            LicenseReading::License(license) => license.sorted().to_string(),
            LicenseReading::Ambiguous(candidates) => {
                format!("? {}", candidates.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | "))
            }
            LicenseReading::Invalid(_) => "invalid".to_owned(),
            LicenseReading::Unknown => "unknown".to_owned(),
        };
        let definite = matches!(read, LicenseReading::License(_));
        if meant.is_empty() {
            self.ambiguous += 1;
            if definite {
                self.guessed += 1;
                let line = format!("guessed  `{short}` as {read_as}");
                if !text.starts_with(&read_as) && !self.deviations.contains(&line) {
                    self.deviations.push(line);
                }
            }
            return;
        }
        let expected =
            license::parse(meant).map_or_else(|_| meant.to_owned(), |meant| meant.sorted().to_string());
        self.clear += 1;
        if read_as == expected {
            self.right += 1;
        } else if definite {
            self.wrong += 1;
            self.deviations.push(format!("wrong    `{short}` is {expected}, read as {read_as}"));
        } else {
            self.open += 1;
            self.deviations.push(format!("open     `{short}` is {expected}, read as {read_as}"));
        }
    }
}

type Rows = Vec<BTreeMap<String, String>>;

fn rows(path: &Path) -> Result<Rows, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(reader.deserialize().collect::<Result<Rows, csv::Error>>()?)
}

fn field<'a>(row: &'a BTreeMap<String, String>, name: &str) -> &'a str {
    row.get(name).map_or("", String::as_str)
}

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (folder, observations) = match &arguments[..] {
        [folder] => (PathBuf::from(folder), false),
        [folder, option] if option == "--observations" => (PathBuf::from(folder), true),
        _ => {
            eprintln!("usage: judge_licenses FOLDER [--observations]");
            process::exit(2);
        }
    };
    let mut required: Vec<(&str, Count)> = Vec::new();
    let mut shown: Vec<(&str, Count)> = Vec::new();

    let (mut clear, mut rest) = (Count::default(), Count::default());
    for row in rows(&folder.join("free-text-license-values.csv"))? {
        let (value, meant) = (field(&row, "value"), field(&row, "spdx"));
        let unmapped = field(&row, "how") == "unmapped";
        (if unmapped { &mut rest } else { &mut clear }).row(value, meant, &free_text::read(value));
    }
    required.push(("free text", clear));
    shown.push(("free text, not mapped there", rest));

    let mut count = Count::default();
    let mut table: BTreeMap<String, String> = BTreeMap::new();
    for row in rows(&folder.join("classifier-to-spdx.csv"))? {
        let (name, meant) = (field(&row, "classifier"), field(&row, "spdx"));
        count.row(name, meant, &classifier::read(&[name]).unwrap_or(LicenseReading::Unknown));
        table.insert(name.to_owned(), meant.to_owned());
    }
    required.push(("classifiers", count));

    let [mut expressions, mut classifiers, mut beside, mut texts] = [(); 4].map(|()| Count::default());
    for row in rows(&folder.join("wheel-metadata-licenses.csv"))? {
        let [expression, text, listed] =
            ["license_expression", "license_text", "classifiers"].map(|name| field(&row, name));
        let listed: Vec<&str> = listed.split('|').filter(|name| !name.is_empty()).collect();
        let by_classifier = classifier::read(&listed);
        if !expression.is_empty() {
            let read =
                license::parse(expression).map_or_else(LicenseReading::Invalid, LicenseReading::License);
            expressions.row(expression, expression, &read);
            let text_reading = (!text.is_empty()).then(|| free_text::read(text));
            for (what, read) in [(listed.join("|"), by_classifier), (text.to_owned(), text_reading)] {
                if let Some(read) = read.filter(|read| !matches!(read, LicenseReading::Unknown)) {
                    beside.row(&format!("{}: {what}", field(&row, "name")), expression, &read);
                }
            }
        } else if text.is_empty() {
            let meant = match listed[..] {
                [one] => table.get(one).map_or("", String::as_str),
                _ => "",
            };
            classifiers.row(&listed.join("|"), meant, &by_classifier.unwrap_or(LicenseReading::Unknown));
        } else {
            texts.row(text, "", &free_text::read(text));
        }
    }
    required.push(("wheels: expression", expressions));
    required.push(("wheels: only classifiers", classifiers));
    shown.push(("wheels: beside an expression", beside));
    shown.push(("wheels: text", texts));
    if observations {
        let mut count = Count::default();
        for row in rows(&folder.join("license-observations.csv"))? {
            let (raw, meant) = (field(&row, "raw"), field(&row, "spdx"));
            let text = format!("{raw}` of `{}", field(&row, "source"));
            count.row(&text, meant, &free_text::read(raw));
        }
        count.deviations.sort();
        count.deviations.dedup();
        shown.push(("recipes", count));
    }

    println!(
        "{:<30} {:>6} {:>6} {:>6} {:>6}   {:>9} {:>8}",
        "", "clear", "right", "wrong", "open", "ambiguous", "guessed"
    );
    let mut failed = false;
    for (title, count) in required.iter().chain(&shown) {
        println!(
            "{title:<30} {:>6} {:>6} {:>6} {:>6}   {:>9} {:>8}",
            count.clear, count.right, count.wrong, count.open, count.ambiguous, count.guessed
        );
    }
    for (title, count) in required.iter().chain(&shown) {
        println!("\n{title}: {} deviations", count.deviations.len());
        count.deviations.iter().for_each(|deviation| println!("  {deviation}"));
    }
    for (title, count) in &required {
        if count.wrong + count.guessed > 0 || count.right * 100 < count.clear * LEAST_RIGHT {
            println!(
                "\n{title}: worse than what is required (wrong 0, guessed 0, right {LEAST_RIGHT} of 100)"
            );
            failed = true;
        }
    }
    if failed {
        process::exit(1);
    }
    println!("\nall that is required holds");
    Ok(())
}
