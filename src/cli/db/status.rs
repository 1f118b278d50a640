//! `audit db status`

use comfy_table::{CellAlignment, LineStyle, Table, presets};
use jiff::civil::Date;
use serde::Serialize;

use super::{masked, origin_word, origin_words, safe, shown, user_store};
use crate::advisory::{Inventory, Origin, SourceInventory};
use crate::cli::args::StatusOptions;
use crate::cli::audit::{data_folder, today};
use crate::cli::exit::ExitCode;
use crate::cli::output::{Failure, Terminal};
use crate::engine::open_database;
use crate::policy::parse_date;
use crate::report::json_text;
use crate::report::words::{count, thousands};

#[derive(Serialize)]
struct Document {
    version: u32,
    store: Store,
    sources: Vec<Source>,
    sha256: String,
    stores: Vec<Part>,
}

#[derive(Serialize)]
struct Store {
    path: String,
    exists: bool,
}

#[derive(Serialize)]
struct Source {
    name: String,
    kind: &'static str,
    published: String,
    age_days: Option<i64>,
    records: usize,
    withdrawn: usize,
    packages: usize,
    sha256: String,
    origin: &'static str,
}

#[derive(Serialize)]
struct Part {
    origin: &'static str,
    format: u32,
    packages: usize,
    parameters: std::collections::BTreeMap<String, String>,
}

pub(crate) fn run(options: &StatusOptions, _: &Terminal) -> Result<ExitCode, Failure> {
    let path = match &options.db {
        Some(file) => file.clone(),
        None => user_store()?,
    };
    let today = today(options.today)?;
    let database = open_database(options.db.as_deref(), data_folder().as_deref())?;
    let inventory = database.inventory().map_err(crate::engine::Error::from)?;
    let exists = path.exists();
    Terminal::print(ExitCode::Clean, |out| {
        if options.format == "json" {
            let store = Store { path: masked(&path.to_string_lossy()), exists };
            return json_text::write(&document(&inventory, store, today), out);
        }
        let there = if exists { "" } else { " (not there: `audit db update` makes it)" };
        writeln!(out, "database: {}{there}\n", shown(&path))?;
        writeln!(out, "{}\n", table(&inventory, today).trim_fmt())?;
        for store in &inventory.stores {
            let parameters: Vec<_> =
                store.parameters.iter().map(|(name, value)| safe(&format!("{name} {value}"))).collect();
            let built = if parameters.is_empty() { "not recorded".to_owned() } else { parameters.join(", ") };
            writeln!(
                out,
                "{}: format {}, {}, built with: {built}",
                origin_words(&store.origin),
                store.format,
                count(store.packages, "package", "packages")
            )?;
        }
        writeln!(out, "sha256 of what is in use: {}", inventory.sha256)
    })?;
    Ok(ExitCode::Clean)
}

/// Days since the data was published.
fn age(source: &SourceInventory, today: Date) -> Option<i64> {
    parse_date(&source.published).map(|day| i64::from((today - day).get_days()))
}

fn document(inventory: &Inventory, store: Store, today: Date) -> Document {
    let source = |source: &SourceInventory| Source {
        name: masked(&source.name),
        kind: source.kind.as_str(),
        published: masked(&source.published),
        age_days: age(source, today),
        records: source.records,
        withdrawn: source.withdrawn,
        packages: source.packages,
        sha256: source.sha256.clone(),
        origin: origin_word(&source.origin),
    };
    Document {
        version: 1,
        store,
        sources: inventory.sources.iter().map(source).collect(),
        sha256: inventory.sha256.clone(),
        stores: inventory
            .stores
            .iter()
            .map(|store| Part {
                origin: origin_word(&store.origin),
                format: store.format,
                packages: store.packages,
                parameters: store.parameters.iter().cloned().collect(),
            })
            .collect(),
    }
}

fn table(inventory: &Inventory, today: Date) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
        .set_header(["source", "holds", "of", "age", "records", "withdrawn", "packages", "from", "sha256"]);
    for source in &inventory.sources {
        let days = age(source, today).and_then(|days| usize::try_from(days).ok());
        let from = match &source.origin {
            Origin::BuiltIn => "built in",
            Origin::UserStore(_) => "database",
            Origin::File(_) => "file",
        };
        table.add_row([
            safe(&source.name),
            source.kind.as_str().to_owned(),
            if source.published.is_empty() { "?".to_owned() } else { safe(&source.published) },
            days.map_or("?".to_owned(), |days| count(days, "day", "days")),
            thousands(source.records),
            thousands(source.withdrawn),
            thousands(source.packages),
            from.to_owned(),
            source.sha256.chars().take(12).collect(),
        ]);
    }
    for number in [3, 4, 5, 6] {
        if let Some(column) = table.column_mut(number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}
