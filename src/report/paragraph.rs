//! Text made safe and wrapped to the width.

use super::wrap::lines;
use super::{Style, sanitize};

pub(crate) fn safe(text: &str) -> String {
    sanitize::line(text).into_owned()
}

/// Wraps safe text to the width; `lead` comes first and later lines are indented by its visible width.
pub(crate) fn wrapped(text: &str, lead: &str, style: Style) -> String {
    wrapped_to(text, lead, visible_width(lead).min(style.width / 3), style)
}

/// Wraps safe text to the width; `lead` comes first and later lines are indented by `indent` columns.
pub(crate) fn wrapped_to(text: &str, lead: &str, indent: usize, style: Style) -> String {
    let first = style.width.saturating_sub(visible_width(lead));
    let spaces = " ".repeat(indent);
    let mut wrapped = String::from(lead);
    for (number, line) in lines(text, first, style.width.saturating_sub(indent)).iter().enumerate() {
        if number > 0 {
            wrapped.push('\n');
            wrapped.push_str(&spaces);
        }
        wrapped.push_str(line);
    }
    wrapped.truncate(wrapped.trim_end().len());
    wrapped
}

/// Characters without escape sequences.
fn visible_width(text: &str) -> usize {
    let mut width = 0;
    let mut escaped = false;
    for character in text.chars() {
        match (escaped, character) {
            (false, '\u{1b}') => escaped = true,
            (false, _) => width += 1,
            (true, 'm') => escaped = false,
            (true, _) => {}
        }
    }
    width
}
