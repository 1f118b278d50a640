//! What a process costs that does nothing: the measure that budgets are ratios of.

#[allow(clippy::print_stdout, reason = "it is all that it does")]
fn main() {
    println!("hello");
}
