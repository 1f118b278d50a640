//! Finding the block among the comments.
//!
//! Source: the regular expression of PEP 723,
//! `(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$`: the last `# ///` of a run of comment lines closes a block.

use std::ops::Range;

/// The comments of a block without their marks.
#[derive(Debug)]
pub(super) struct Block {
    /// The TOML text.
    pub(super) text: String,
    /// The line that opens the block.
    pub(super) place: Range<usize>,
    /// Where the lines stand: first byte in `text`, first byte in the script.
    pieces: Vec<(usize, usize)>,
}

impl Block {
    /// The bytes of the script that a part of the text comes from.
    pub(super) fn origin(&self, range: Range<usize>) -> Range<usize> {
        let at = |byte: usize| {
            let index = self.pieces.partition_point(|(begin, _)| *begin <= byte).saturating_sub(1);
            self.pieces.get(index).map_or(self.place.end, |(begin, origin)| origin + (byte - begin))
        };
        let start = at(range.start);
        let end = if range.end > range.start { at(range.end - 1) + 1 } else { start };
        start..end.max(start)
    }
}

/// The `script` blocks of a text, and the lines that open one that is not closed.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub(super) closed: Vec<Block>,
    pub(super) unclosed: Vec<Range<usize>>,
}

impl Blocks {
    /// Looks through a script.
    pub(super) fn find(text: &str) -> Self {
        let mut blocks = Self::default();
        let mut run: Vec<(usize, &str)> = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let content = line.trim_end_matches(['\n', '\r']);
            if content == "#" || content.starts_with("# ") {
                run.push((start, content));
            } else {
                blocks.read_run(&run);
                run.clear();
            }
            start += line.len();
        }
        blocks.read_run(&run);
        blocks
    }

    /// Reads lines of comments that follow one another.
    fn read_run(&mut self, run: &[(usize, &str)]) {
        let last = run.iter().rposition(|(_, line)| *line == "# ///");
        let mut next = 0;
        while let Some((start, line)) = run.get(next) {
            next += 1;
            let Some(kind) = line.strip_prefix("# /// ").filter(|kind| is_type(kind)) else { continue };
            let place = *start..start + line.len();
            let close = last.filter(|last| *last >= next);
            match close {
                None if kind == "script" => self.unclosed.push(place),
                // A block holds at least one line.
                Some(close) if close > next => {
                    if kind == "script" {
                        self.closed.push(block(place, run.get(next..close).unwrap_or_default()));
                    }
                    next = close + 1;
                }
                _ => {}
            }
        }
    }
}

fn is_type(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn block(place: Range<usize>, lines: &[(usize, &str)]) -> Block {
    let mut block = Block { text: String::new(), place, pieces: Vec::with_capacity(lines.len()) };
    for (start, line) in lines {
        let content = line.strip_prefix("# ").unwrap_or("");
        block.pieces.push((block.text.len(), start + line.len() - content.len()));
        block.text.push_str(content);
        block.text.push('\n');
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> (Vec<String>, usize) {
        let blocks = Blocks::find(text);
        (blocks.closed.into_iter().map(|block| block.text).collect(), blocks.unclosed.len())
    }

    #[test]
    fn blocks_end_where_the_regular_expression_says() {
        for (text, blocks, unclosed) in [
            (
                "#!/usr/bin/env python\n# /// script\n# a = 1\n#\n#  b = 2\n# ///\nx\n",
                &["a = 1\n\n b = 2\n"][..],
                0,
            ),
            ("# /// script\r\n# a = 1\r\n# ///\r\n", &["a = 1\n"], 0),
            ("# /// script\n# a = 1\n# ///\n# text\n# ///", &["a = 1\n///\ntext\n"], 0),
            ("# /// other\n# a = 1\n# ///\n# /// script\n# b = 2\n# ///\n", &[], 0),
            ("# /// other\n# a = 1\n# ///\n\n# /// script\n# b = 2\n# ///\n", &["b = 2\n"], 0),
            ("# /// script\n# a\n# ///\n\n# /// script\n# b\n# ///\n", &["a\n", "b\n"], 0),
            ("# /// script\n# a = 1\n", &[], 1),
            ("# /// script\n# a = 1\n\n# ///\n", &[], 1),
            ("# /// script\n# a = 1\n#b\n# ///\n", &[], 1),
            ("# /// script\n# ///\n", &[], 0),
            ("# /// script \n# a = 1\n# ///\n", &[], 0),
            (" # /// script\n # a = 1\n # ///\n", &[], 0),
            ("", &[], 0),
        ] {
            assert_eq!(texts(text), (blocks.iter().map(ToString::to_string).collect(), unclosed), "{text:?}");
        }
    }

    #[test]
    fn places_lead_back() {
        let text = "x = 1\n# /// script\r\n# é = [\r\n#   \"harbour\",\r\n# ]\r\n# ///\r\n";
        let blocks = Blocks::find(text);
        let block = &blocks.closed[0];
        let at = block.text.find("harbour").unwrap();
        assert_eq!(&text[block.origin(at..at + 7)], "harbour");
        let end = block.text.len();
        assert!(text.is_char_boundary(block.origin(end..end).start));
        assert_eq!(&text[block.place.clone()], "# /// script");
    }

    #[test]
    fn many_openings_take_linear_time() {
        assert_eq!(texts(&"# /// script\n".repeat(300_000)), (vec![], 300_000));
    }
}
