//! Lines of a requirement file that stand in a file of another notation.

use std::ops::Range;

use super::lines::logical;
use super::reader::{FileReader, Reader};
use super::via::Notes;
use crate::inputs::Files;
use crate::model::{Input, SourceId, Sources};

/// Reads such lines into the input of the file in which they stand.
pub(in crate::inputs) struct Embedded<'a> {
    reader: Reader<'a>,
    source: SourceId,
    path: String,
}

impl<'a> Embedded<'a> {
    /// For the file that `input` and `source` are of. What its lines include lies relative to it.
    pub(in crate::inputs) fn new(
        input: Input,
        source: SourceId,
        sources: &'a mut Sources,
        files: &'a mut dyn Files,
    ) -> Self {
        let path = input.path.clone();
        Self { reader: Reader::inside(input, sources, files), source, path }
    }

    /// The input so far.
    pub(in crate::inputs) fn input(&mut self) -> &mut Input {
        self.reader.input()
    }

    /// Reads a text that stands at `place`, as it is when `exact`.
    pub(in crate::inputs) fn read(&mut self, text: &str, place: Range<usize>, exact: bool) {
        let notes = Notes::default();
        let mut lines = FileReader::new(self.source, false, &notes);
        for line in logical(text) {
            lines.line(&line.inside(&place, exact));
        }
        self.reader.take(&self.path, lines.items);
    }

    /// The input with everything that was read.
    pub(in crate::inputs) fn finish(self) -> Input {
        self.reader.finish()
    }
}
