//! The terminal: one decision about width and colour, and everything that is printed.

use std::io::{self, IsTerminal, Write};

use super::args::{Arguments, Color};
use super::exit::ExitCode;
use crate::engine;
use crate::model::{Note, Skipped, SourceMap};
use crate::report::{Style, render_problem, sanitize};

/// The width when the output is no terminal: a log is read as wide as it is.
const PIPED_WIDTH: usize = 100;

/// Why a command did not finish.
pub(crate) enum Failure {
    /// Nobody reads any more. Not an error: the code is what it would have been.
    ClosedPipe(ExitCode),
    /// It could not run.
    Run(engine::Error),
}

impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        Self::Run(error)
    }
}

/// How to print.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    style: Style,
    error_style: Style,
}

impl Terminal {
    pub(crate) fn new(arguments: &Arguments) -> Self {
        let color = |is_terminal: bool| match arguments.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
                is_terminal && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        };
        let detail = if arguments.quiet { -1 } else { i8::try_from(arguments.verbose).unwrap_or(i8::MAX) };
        let width = width();
        let style = |is_terminal| Style { width, color: color(is_terminal), detail };
        Self { style: style(io::stdout().is_terminal()), error_style: style(io::stderr().is_terminal()) }
    }

    /// The style of standard output.
    pub(crate) fn style(self) -> Style {
        self.style
    }

    /// Writes to standard output; a closed pipe ends the program with `code`.
    pub(crate) fn print(
        code: ExitCode,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        match write(&mut out).and_then(|()| out.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::ClosedPipe(code)),
            Err(error) => Err(Failure::Run(engine::Error::new(format!("cannot write the output: {error}")))),
        }
    }

    /// A line of chatter on standard error.
    pub(crate) fn say(text: &str) {
        let _ = writeln!(io::stderr(), "{}", sanitize::line(text));
    }

    /// What could not be read, for commands whose output has no room for it.
    pub(crate) fn skips(self, skipped: &[Skipped], notes: &[Note], sources: &SourceMap) {
        for skip in skipped {
            let at = match skip.span.map(|span| sources.location(span)) {
                Some(place) => format!("{}:{}:{}", place.path, place.line, place.column),
                None => skip.path.clone(),
            };
            Self::say(&format!("not read: {at}: {}", skip.why));
        }
        if self.style.detail >= 0 {
            for note in notes {
                Self::say(&format!("note: {}: {}", note.path, note.text));
            }
        }
    }

    /// Why the program could not run.
    pub(crate) fn problem(self, error: &engine::Error) {
        let mut text = String::new();
        match &error.places {
            None => {
                text.push_str(&render_problem(&error.message, None, error.help.as_deref(), self.error_style));
            }
            Some(places) => {
                let (file, places) = &**places;
                for (number, place) in places.iter().enumerate() {
                    if number > 0 {
                        text.push('\n');
                    }
                    let message = format!("{}: {}", error.message, place.message);
                    let at = Some((file, place.span));
                    text.push_str(&render_problem(&message, at, place.help.as_deref(), self.error_style));
                }
            }
        }
        let _ = io::stderr().write_all(text.as_bytes());
    }
}

/// The width to write for: `COLUMNS`, else the terminal's, else that of a log.
fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|text| text.trim().parse::<usize>().ok());
    let terminal = || {
        let size = terminal_size::terminal_size_of(io::stdout())
            .or_else(|| terminal_size::terminal_size_of(io::stderr()));
        size.map(|(width, _)| usize::from(width.0))
    };
    columns.or_else(terminal).unwrap_or(PIPED_WIDTH).clamp(40, 200)
}

/// Prints help, version or what is wrong with the arguments, as people know it from other programs.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let code = if error.use_stderr() { ExitCode::CouldNotRun } else { ExitCode::Clean };
    let text = error.render().to_string();
    let safe: Vec<_> = text.lines().map(sanitize::line).collect();
    // An argument may speak to the terminal: then what it says is shown, without colours.
    if error.use_stderr() && safe.join("\n") != text.trim_end_matches('\n') {
        let _ = writeln!(io::stderr(), "{}", safe.join("\n"));
    } else {
        let _ = error.print();
    }
    code
}
