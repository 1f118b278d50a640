//! How a human report looks: decided once by the command line, from the terminal and the options.

/// Width, colour and detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns, at least 40.
    pub width: usize,
    /// Whether to colour. Colour never carries meaning of its own.
    pub color: bool,
    /// -1: findings and skips only; 0: the usual; 1 and more: notes, all paths, references, evidence.
    pub detail: i8,
}

impl Style {
    /// `text` in an ANSI style (SGR parameters), when colours are on.
    pub(crate) fn paint(self, parameters: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{parameters}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
