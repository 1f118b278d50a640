//! The `audit` program. Everything lives in the library.

fn main() -> std::process::ExitCode {
    depaudit::cli::run(std::env::args_os()).into()
}
