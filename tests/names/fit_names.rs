//! Fits the weights with which names are judged, on labelled names, and writes them as Rust.
//!
//! ```text
//! cargo run --release --example fit_names -- ../shared/data/typosquat/dev >weights.rs
//! mv weights.rs src/names/weights.rs; cargo fmt
//! ```
//!
//! What is printed besides is measured on names that the weights were not fitted on (five folds, three times); it fails
//! when fewer than 90 of 100 strong typosquats are found there at 2.5 of 100 good names flagged.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts are small"
)]

mod labelled;
mod logistic;

use std::error::Error;
use std::path::Path;
use std::{env, process};

use depaudit::names::Judge;
use depaudit::names::features::{COUNT, Features, LABELS};
use labelled::Label;
use logistic::{Model, fit};

const FOLDS: u64 = 5;
const ROUNDS: u64 = 3;
const RIDGE: f64 = 1.0;

/// How many of the good names that are not popular may be suspect.
const SUSPECT: f64 = 0.02;

/// How many of all good names may be deceptive.
const DECEPTIVE: f64 = 0.0005;

/// A name, and what is measured of it and each name that it may have been made from.
struct Row {
    name: String,
    bad: bool,
    pairs: Vec<Features>,
}

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal")]
fn main() -> Result<(), Box<dyn Error>> {
    let Some(folder) = env::args_os().nth(1) else {
        eprintln!("usage: fit_names FOLDER");
        process::exit(2);
    };
    let judge = Judge::default();
    let mut legit = 0;
    let mut rows = Vec::new();
    for (name, label) in labelled::read(Path::new(&folder))? {
        legit += usize::from(matches!(label, Label::Legit(_)));
        let bad = match label {
            Label::Strong { .. } => true,
            Label::Legit(None) | Label::Hard => false,
            _ => continue,
        };
        rows.push(Row { name: name.as_str().to_owned(), bad, pairs: judge.measure(&name) });
    }
    let good = rows.iter().filter(|row| !row.bad).count();
    eprintln!(
        "{} strong typosquats, {good} good names that are not popular, {legit} good names",
        rows.len() - good
    );

    let (mut sums, mut folds) = (vec![0.0; rows.len()], 0.0);
    for round in 0..ROUNDS {
        for fold in 0..FOLDS {
            let held = |row: &Row| hash(&row.name, round) % FOLDS == fold;
            let model = train(&rows.iter().filter(|row| !held(row)).collect::<Vec<_>>());
            for (row, sum) in rows.iter().zip(&mut sums).filter(|(row, _)| held(row)) {
                *sum += best(&model, row).unwrap_or(-50.0) / ROUNDS as f64;
            }
        }
        folds += FOLDS as f64;
    }
    eprintln!("\nmeasured on names that were held out ({folds} folds)");
    eprintln!("good names flagged   strong found   odds (log)");
    let mut of_good: Vec<f64> =
        rows.iter().zip(&sums).filter(|(row, _)| !row.bad).map(|(_, sum)| *sum).collect();
    of_good.sort_by(|one, other| other.total_cmp(one));
    let recall = |limit: f64| {
        let found = rows.iter().zip(&sums).filter(|(row, sum)| row.bad && **sum > limit).count();
        found as f64 / (rows.len() - good) as f64
    };
    for share in [0.0005, 0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04] {
        let limit = of_good[(share * good as f64) as usize];
        eprintln!("{:>17.2} %   {:>10.1} %   {limit:>10.2}", share * 100.0, recall(limit) * 100.0);
    }
    if recall(of_good[(0.025 * good as f64) as usize]) < 0.9 {
        return Err("fewer than 90 % are found".into());
    }
    let suspect = of_good[(SUSPECT * good as f64) as usize];
    let deceptive = of_good[(DECEPTIVE * legit as f64) as usize];

    let model = train(&rows.iter().collect::<Vec<_>>());
    eprintln!("\nwhat a feature moves, by its standard deviation");
    let mut order: Vec<usize> = (0..COUNT).collect();
    order.sort_by(|one, other| model.effects[*one].total_cmp(&model.effects[*other]));
    for at in order {
        eprintln!("{:>7.2}  {}", model.effects[at], LABELS[at]);
    }
    // The scale of the odds is moved so that what is suspect begins at one half.
    print!("{}", source(&model, suspect, 1.0 / (1.0 + (suspect - deceptive).exp())));
    Ok(())
}

/// Which fold a name is in: FNV-1a.
fn hash(name: &str, round: u64) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ round.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    name.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)) >> 20
}

/// Of several names that one may have been made from, the likeliest counts: fit, choose, and fit again.
fn train(rows: &[&Row]) -> Model {
    let rows: Vec<&&Row> = rows.iter().filter(|row| !row.pairs.is_empty()).collect();
    let mut chosen: Vec<&Features> = rows.iter().map(|row| &row.pairs[0]).collect();
    let mut model = None;
    for _ in 0..6 {
        let pairs: Vec<(&[f32], bool)> =
            rows.iter().zip(&chosen).map(|(row, pair)| (&pair[..], row.bad)).collect();
        let fitted = fit(&pairs, RIDGE);
        for (row, chosen) in rows.iter().zip(&mut chosen) {
            let best = row.pairs.iter().max_by(|one, other| fitted.sum(*one).total_cmp(&fitted.sum(*other)));
            *chosen = best.unwrap_or(*chosen);
        }
        model = Some(fitted);
    }
    model.unwrap_or_else(|| fit(&[], RIDGE))
}

fn best(model: &Model, row: &Row) -> Option<f64> {
    row.pairs.iter().map(|pair| model.sum(pair)).max_by(f64::total_cmp)
}

fn source(model: &Model, suspect: f64, deceptive: f64) -> String {
    let lines =
        model.weights.iter().zip(LABELS).map(|(weight, label)| format!("    {weight:.4}, // {label}"));
    let weights = lines.collect::<Vec<_>>().join("\n");
    format!(
        "//! The weights of the features, as `tests/names/fit_names.rs` writes them. Do not edit by hand.

/// From this score on a name is suspect.
pub const SUSPECT: f32 = 0.5;

/// From this score on a name is deceptive.
pub const DECEPTIVE: f32 = {deceptive:.4};

/// What a pair without any feature has.
pub(super) const BIAS: f32 = {:.4};

/// The weight of each feature, in the order of [`super::features::LABELS`].
#[rustfmt::skip]
pub(super) const WEIGHTS: &[f32] = &[
{weights}
];
",
        model.bias - suspect,
    )
}
