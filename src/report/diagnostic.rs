//! Drawing one problem: a message, a few lines of a file with a label, a next step. Thin over miette.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity};

use super::Style;
use super::excerpt::Excerpt;
use super::sanitize;
use super::wrap::fill;
use crate::model::{Level, SourceFile, Span};

/// What is drawn. All texts are safe already.
pub(crate) struct Drawing<'a> {
    pub(crate) level: Level,
    pub(crate) code: Option<&'a str>,
    pub(crate) message: String,
    pub(crate) excerpt: Option<Excerpt>,
    pub(crate) label: String,
    pub(crate) help: Option<String>,
}

impl Drawing<'_> {
    /// The drawn text, ending with a line end.
    pub(crate) fn render(mut self, style: Style) -> String {
        let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(style.width)
            .with_links(false)
            .with_context_lines(1)
            .with_wrap_lines(false)
            .without_syntax_highlighting();
        // Wrapped here: the library balances lines, which costs more than all the rest of a drawing.
        self.message = fill(&self.message, style.width.saturating_sub(4));
        self.help = self.help.map(|help| fill(&help, style.width.saturating_sub(8)));
        let mut text = String::new();
        // A failure to format is a failure to draw this one: the message alone is then still said.
        if handler.render_report(&mut text, &self).is_err() {
            text = format!("{}\n", self.message);
        }
        text
    }
}

impl fmt::Debug for Drawing<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl fmt::Display for Drawing<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Drawing<'_> {}

impl Diagnostic for Drawing<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(match self.level {
            Level::Deny => Severity::Error,
            Level::Warn => Severity::Warning,
            Level::Note | Level::Allow => Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let excerpt = self.excerpt.as_ref()?;
        let label = Some(self.label.clone()).filter(|label| !label.is_empty());
        let span = LabeledSpan::new_primary_with_span(label, excerpt.label.clone());
        Some(Box::new(std::iter::once(span)))
    }
}

/// Draws a problem that is no finding (a policy that cannot be used, say), with its place in a text.
pub fn render_problem(
    message: &str,
    place: Option<(&SourceFile, Span)>,
    help: Option<&str>,
    style: Style,
) -> String {
    let drawing = Drawing {
        level: Level::Deny,
        code: None,
        message: sanitize::line(message).into_owned(),
        excerpt: place.map(|(file, span)| Excerpt::of_file(file, span, text_width(style))),
        label: String::new(),
        help: help.map(|help| sanitize::line(help).into_owned()),
    };
    drawing.render(style)
}

/// Draws one more place of a problem: its lines and label, without a message.
pub(crate) fn render_place(excerpt: Excerpt, label: String, style: Style) -> String {
    let drawing = Drawing {
        level: Level::Note,
        code: None,
        message: String::new(),
        excerpt: Some(excerpt),
        label,
        help: None,
    };
    let text = drawing.render(style);
    // The library has no drawing without a message: what stands before the frame is left out.
    let place = text.lines().skip_while(|line| !line.contains('\u{256d}'));
    place.fold(String::new(), |text, line| text + line + "\n")
}

/// How many characters of a file's line fit beside the line numbers.
pub(crate) fn text_width(style: Style) -> usize {
    style.width.saturating_sub(10).max(30)
}
