//! What is recognised in license files, a line each: score, licenses, path.
//!
//! ```text
//! find / -name 'LICENSE*' -path '*dist-info*' | cargo run --release --example read_texts
//! ```

use std::error::Error;
use std::time::Instant;
use std::{fs, io};

use depaudit::license::text;

#[allow(clippy::print_stdout, reason = "a tool for the terminal")]
fn main() -> Result<(), Box<dyn Error>> {
    for path in io::stdin().lines() {
        let path = path?;
        let bytes = fs::read(&path)?;
        let decoded = String::from_utf8_lossy(&bytes);
        let started = Instant::now();
        let read = text::recognise(&decoded);
        let taken = started.elapsed();
        let found = read.found.iter().map(|found| {
            let names: Vec<String> = found.candidates.iter().map(ToString::to_string).collect();
            format!("{} {:.3}", names.join("|"), found.score)
        });
        let found: Vec<String> = found.collect();
        println!("{:>7} us  {:<60}  {path}", taken.as_micros(), found.join(", "));
    }
    Ok(())
}
