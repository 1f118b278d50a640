//! Opens a database and looks packages up, as an audit does, and nothing else.
//!
//! ```text
//! cargo run --profile dist --example lookups -- FILE REQUIREMENTS COUNT
//! ```
//!
//! REQUIREMENTS holds lines like `name==version`; the first COUNT are looked up. Prints the fastest of 50 rounds of each
//! part; with COUNT 0 the file is opened once and nothing is timed, so that instructions can be counted.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use depaudit::advisory::Database;
use depaudit::model::{PackageName, Version};

/// How often each part is measured.
const ROUNDS: usize = 50;

fn fastest(mut part: impl FnMut() -> Result<usize, Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        black_box(part()?);
        best = best.min(start.elapsed());
    }
    Ok(best)
}

#[allow(clippy::print_stdout, reason = "a tool for the terminal")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, requirements, count] = &arguments[..] else {
        return Err("usage: lookups FILE REQUIREMENTS COUNT".into());
    };
    let text = std::fs::read_to_string(requirements)?;
    let pins = text.lines().filter_map(|line| line.split_whitespace().next()?.split_once("=="));
    let pins: Vec<_> = pins
        .take(count.parse()?)
        .map(|(name, version)| (PackageName::new(name), Version::new(version)))
        .collect();
    let look_up = |database: &Database| -> Result<usize, Box<dyn Error>> {
        let mut flaws = 0;
        for (name, version) in &pins {
            flaws += database.flaws(name, version)?.len();
        }
        Ok(flaws)
    };
    let database = Database::open(Path::new(file))?;
    let found = look_up(&database)?;
    // Under valgrind a single round says all.
    if pins.is_empty() || std::env::var_os("ONCE").is_some() {
        return Ok(());
    }
    let open = fastest(|| Ok(Database::open(Path::new(file))?.info().sources.len()))?;
    let asked = fastest(|| look_up(&database))?;
    println!("open {:.3} ms, {} look-ups {:.3} ms ({found} flaws)", ms(open), pins.len(), ms(asked));
    Ok(())
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
