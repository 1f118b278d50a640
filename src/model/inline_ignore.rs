//! Ignores that stand in dependency files, as comments behind a requirement.

use super::Span;

/// A comment `# audit: ignore[ID, ID] reason until 2026-12-31`, as it is written. Nothing is judged yet: neither
/// whether the ids exist nor whether the day does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlineIgnore {
    /// What it names: ids of flaws or of rules, each with its place.
    pub ids: Vec<(String, Span)>,
    /// Why; `None` when nothing is said.
    pub reason: Option<String>,
    /// What stands behind `until`, with its place.
    pub until: Option<(String, Span)>,
    /// From `audit` to the end of the comment.
    pub span: Span,
    /// The text before the comment that belongs to it: the line, with those that it continues.
    pub line: Span,
    /// Why it cannot be understood; lower case, no full stop. Such an ignore counts for nothing.
    pub fault: Option<String>,
}
