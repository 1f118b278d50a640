//! How well names are judged, on labelled names.
//!
//! ```text
//! cargo run --release --example judge_names -- ../shared/data/typosquat/dev
//! ```
//!
//! `--list` after the folder also prints what was missed and what was flagged wrongly; with `--check` it fails when the
//! figures are worse than what is promised. The weights are fitted on the
//! development half of these names: figures for names that no fit has seen are those that `fit_names` prints.

#![allow(clippy::cast_precision_loss, reason = "counts are small")]

mod labelled;

use std::error::Error;
use std::path::Path;
use std::time::Instant;
use std::{env, process};

use depaudit::model::PackageName;
use depaudit::names::{DECEPTIVE, Judge, Judgement, SUSPECT, Verdict};
use labelled::Label;

/// The names of one row of the table.
struct Class {
    title: &'static str,
    /// Whether its names should be flagged; `None` when neither is right.
    bad: Option<bool>,
    has: Has,
}

/// Whether a name with this label is meant.
type Has = fn(Label) -> bool;

const CLASSES: &[Class] = &[
    Class { title: "strong typosquats", bad: Some(true), has: |label| matches!(label, Label::Strong { .. }) },
    Class {
        title: "  of those, target known",
        bad: None,
        has: |label| matches!(label, Label::Strong { known_target: true }),
    },
    Class { title: "weak typosquats", bad: None, has: |label| label == Label::Weak },
    Class { title: "malicious, other names", bad: None, has: |label| label == Label::OtherMalice },
    Class { title: "spam, tools of attackers", bad: None, has: |label| label == Label::Grey },
    Class { title: "good, rank 1 to 1,000", bad: Some(false), has: |label| is_ranked(label, 1, 1000) },
    Class { title: "good, rank to 15,000", bad: Some(false), has: |label| is_ranked(label, 1001, u16::MAX) },
    Class { title: "good, not ranked", bad: Some(false), has: |label| label == Label::Legit(None) },
    Class { title: "good, found confusing", bad: Some(false), has: |label| label == Label::Hard },
    Class { title: "popular, once taken over", bad: Some(false), has: |label| label == Label::TakenOver },
];

fn is_ranked(label: Label, from: u16, to: u16) -> bool {
    matches!(label, Label::Legit(Some(rank)) if (from..=to).contains(&rank))
}

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let Some(folder) = arguments.next() else {
        eprintln!("usage: judge_names FOLDER [--list] [--check]");
        process::exit(2);
    };
    let more: Vec<_> = arguments.collect();
    let (list, check) = (more.iter().any(|word| word == "--list"), more.iter().any(|word| word == "--check"));
    let names = labelled::read(Path::new(&folder))?;
    let judge = Judge::default();
    let judged: Vec<(Label, Judgement)> =
        names.iter().map(|(name, label)| (*label, judge.judge(name.as_str()))).collect();

    println!("suspect from {SUSPECT}, deceptive from {DECEPTIVE}\n");
    println!("{:<26} {:>6} {:>18} {:>18}", "names", "", "suspect or worse", "deceptive");
    let mut good = (0, 0);
    for class in CLASSES {
        let of: Vec<&Judgement> =
            judged.iter().filter(|(label, _)| (class.has)(*label)).map(|(_, judgement)| judgement).collect();
        let at_least = |verdict: Verdict| of.iter().filter(|judgement| judgement.verdict >= verdict).count();
        let (suspect, deceptive) = (at_least(Verdict::Suspect), at_least(Verdict::Deceptive));
        println!(
            "{:<26} {:>6} {:>8} {:>7.2} % {:>8} {:>7.2} %",
            class.title,
            of.len(),
            suspect,
            percent(suspect, of.len()),
            deceptive,
            percent(deceptive, of.len()),
        );
        if class.bad == Some(false) {
            good = (good.0 + of.len(), good.1 + deceptive);
        }
    }
    println!(
        "{:<26} {:>6} {:>18} {:>8} {:>7.2} %",
        "good, all of them",
        good.0,
        "",
        good.1,
        percent(good.1, good.0)
    );

    println!("\n{:>9} {:>14} {:>18} {:>16}", "score", "strong found", "good, not ranked", "good, ranked");
    for threshold in [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99] {
        let share = |has: Has| {
            let of: Vec<&Judgement> =
                judged.iter().filter(|(label, _)| has(*label)).map(|(_, judgement)| judgement).collect();
            percent(of.iter().filter(|judgement| judgement.score >= threshold).count(), of.len())
        };
        println!(
            "{threshold:>9} {:>12.2} % {:>16.2} % {:>14.2} %",
            share(|label| matches!(label, Label::Strong { .. })),
            share(|label| label == Label::Legit(None)),
            share(|label| matches!(label, Label::Legit(Some(_)))),
        );
    }
    speed(&judge, &names);
    if list {
        for class in CLASSES {
            let Some(bad) = class.bad else { continue };
            println!("\n{}", class.title);
            for (label, judgement) in &judged {
                if (class.has)(*label) && (judgement.verdict >= Verdict::Suspect) != bad {
                    let (score, reasons) = (judgement.score, judgement.reasons().join("; "));
                    println!("  {:<30} {score:.3}  {reasons}", judgement.written);
                }
            }
        }
    }
    if check {
        promised(&judged)?;
    }
    Ok(())
}

/// Fails when the figures are worse than what is promised.
fn promised(judged: &[(Label, Judgement)]) -> Result<(), String> {
    let share = |has: &dyn Fn(Label) -> bool, verdict: Verdict| {
        let of: Vec<&Judgement> =
            judged.iter().filter(|(label, _)| has(*label)).map(|(_, judgement)| judgement).collect();
        percent(of.iter().filter(|judgement| judgement.verdict >= verdict).count(), of.len())
    };
    let strong = share(&|label| matches!(label, Label::Strong { .. }), Verdict::Suspect);
    let first = share(&|label| is_ranked(label, 1, 1000), Verdict::Suspect);
    let ranked = share(&|label| matches!(label, Label::Legit(Some(_))), Verdict::Suspect);
    let unranked = share(&|label| label == Label::Legit(None), Verdict::Suspect);
    let denied = share(&|label| matches!(label, Label::Legit(_)), Verdict::Deceptive);
    for (what, holds) in [
        ("90 % of the strong typosquats are suspect", strong >= 90.0),
        ("none of the 1,000 most popular is suspect", first == 0.0),
        ("at most 0.1 % of the ranked names are suspect", ranked <= 0.1),
        ("at most 2.5 % of the good names that are not ranked are suspect", unranked <= 2.5),
        ("at most 0.1 % of the good names are deceptive", denied <= 0.1),
    ] {
        if !holds {
            return Err(format!("it does not hold that {what}"));
        }
    }
    Ok(())
}

fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}

/// The time that 500 names take: those of a project, and those that nobody knows.
#[allow(clippy::print_stdout, reason = "a tool for the terminal")]
fn speed(judge: &Judge, names: &[(PackageName, Label)]) {
    println!();
    let kinds: [(&str, Has); 3] = [
        ("ranked names", |label| matches!(label, Label::Legit(Some(_)))),
        ("good names that are not ranked", |label| label == Label::Legit(None)),
        ("strong typosquats", |label| matches!(label, Label::Strong { .. })),
    ];
    for (title, has) in kinds {
        let of: Vec<&PackageName> =
            names.iter().filter(|(_, label)| has(*label)).map(|(name, _)| name).take(500).collect();
        let mut best = f64::INFINITY;
        for _ in 0..20 {
            let start = Instant::now();
            let flagged = of.iter().filter(|name| judge.judge(name.as_str()).verdict > Verdict::Ok).count();
            best = best.min(start.elapsed().as_secs_f64() * 1e3);
            assert!(flagged <= of.len());
        }
        println!("{} {title}: {best:.2} ms", of.len());
    }
}
