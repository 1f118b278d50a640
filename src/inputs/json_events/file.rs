//! A JSON file that is trusted as a whole or not at all.

use super::{Document, JsonError, parser};
use crate::inputs::{Reading, plain_text};
use crate::model::{Input, Skipped, SourceFile, SourceId, Span};

/// Reads a file and lets `fill` put its entries into the input. When the text is not JSON or `fill` refuses it, the
/// input has no entry, and one skip with the place.
pub(crate) fn read_file(
    reading: Reading<'_>,
    kind: &'static str,
    fill: impl FnOnce(&mut Input, &Document<'_>, SourceId) -> Result<(), JsonError>,
) -> Input {
    let Reading { path, bytes, sources, .. } = reading;
    let (mut input, source) = match plain_text::open(path, kind, bytes, sources, "JSON") {
        Ok(opened) => opened,
        Err(input) => return *input,
    };
    let text = sources.get(source).map_or("", SourceFile::text);
    let filled = parser::read(text).and_then(|document| fill(&mut input, &document, source));
    if let Err(error) = filled {
        input.packages.clear();
        input.closed = None;
        input.skipped = vec![Skipped::at(path, Span::new(source, error.range), path, error.message)];
    }
    input
}
