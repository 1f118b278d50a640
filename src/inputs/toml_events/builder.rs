//! From events to a document, with the rules that the events leave out: which keys and tables may be defined when.
//!
//! Those rules follow `toml::de::DeTable::parse` to the letter, also where it is more lenient than TOML 1.0
//! ("Keys", "Table", "Inline Table", "Array of Tables").

use std::borrow::Cow;
use std::collections::HashMap;

use toml_parser::decoder::Encoding;
use toml_parser::lexer::{Lexer, Token as Lexeme, TokenKind};
use toml_parser::parser::{EventReceiver, RecursionGuard, ValidateWhitespace, parse_document};
use toml_parser::{ErrorSink, ParseError, Source, Span};

use super::document::{Document, Kind, NONE, Node, Token};
use super::failure::TomlError;
use super::scalar::{check_key, check_scalar, token};
use super::squeeze::Squeezed;

/// How deep arrays, inline tables and dotted keys may go, as in `toml`. Without a guard `toml_parser` overflows the
/// stack on open brackets.
const DEPTH_LIMIT: u32 = 80;

/// How many tokens are parsed at a time, at least: few enough to stay in the cache, and to hold little memory.
const CHUNK: usize = 4096;

/// How many values a document may keep, and how many tokens one value may have: bounds the memory that a hostile
/// file takes to some 200 MB. Lock files have a thousandth of it.
const SIZE_LIMIT: usize = 1 << 22;

/// From how many children on the keys of a table are hashed. Comparing as many is as cheap as hashing one.
const HASH_FROM: u32 = 24;

/// Paths of arrays; `*` is any key, and elements of arrays of tables add nothing to a path.
type Paths = &'static [&'static [&'static str]];

/// Reads a TOML file and hands the document over. Of the arrays at the paths `counted` only the length is kept.
///
/// # Errors
/// Why the text is not TOML, or what `use_it` says.
pub(crate) fn read<T>(
    text: &str,
    counted: Paths,
    use_it: impl FnOnce(&Document<'_>) -> Result<T, TomlError>,
) -> Result<T, TomlError> {
    if let Some(squeezed) = Squeezed::new(text) {
        let builder = Builder::new(&squeezed.text, Some(&squeezed), counted);
        // What cannot be read is read again as it is: places and words are then those of the file.
        if let Ok(document) = build(builder) {
            return use_it(&document);
        }
    }
    use_it(&parse(text, counted)?)
}

/// The document of a TOML file as it is.
pub(super) fn parse(text: &str, counted: Paths) -> Result<Document<'_>, TomlError> {
    build(Builder::new(text, None, counted))
}

fn build(mut builder: Builder<'_>) -> Result<Document<'_>, TomlError> {
    let text = builder.document.text;
    let source = Source::new(text);
    let mut lexer = source.lex();
    let mut lexemes = Vec::with_capacity(CHUNK.min(text.len() / 2 + 1));
    loop {
        next_chunk(&mut lexer, &mut lexemes);
        if lexemes.is_empty() {
            return Ok(builder.document);
        }
        if lexemes.len() >= SIZE_LIMIT || builder.document.nodes.len() >= SIZE_LIMIT {
            return Err(TomlError::too_large(
                text,
                lexemes.first().map_or(0, |lexeme| lexeme.span().start()),
            ));
        }
        let mut first_error: Option<ParseError> = None;
        let mut whitespace = ValidateWhitespace::new(&mut builder, source);
        let mut guarded = RecursionGuard::new(&mut whitespace, DEPTH_LIMIT);
        parse_document(&lexemes, &mut guarded, &mut first_error);
        if let Some(error) = first_error {
            return Err(TomlError::from_parser(text, &error));
        }
    }
}

/// Gathers tokens up to the end of a line outside of all brackets: expressions end there (TOML 1.0, `toml =
/// expression *( newline expression )`), so that the parts are valid if and only if the whole is.
fn next_chunk(lexer: &mut Lexer<'_>, lexemes: &mut Vec<Lexeme>) {
    lexemes.clear();
    let mut depth = 0_usize;
    for lexeme in lexer {
        lexemes.push(lexeme);
        match lexeme.kind() {
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => depth += 1,
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => depth = depth.saturating_sub(1),
            TokenKind::Newline if depth == 0 && lexemes.len() >= CHUNK => return,
            _ if lexemes.len() >= SIZE_LIMIT => return,
            _ => {}
        }
    }
}

struct Builder<'a> {
    document: Document<'a>,
    counted: Paths,
    /// Keys of large tables, under the number of the table.
    hashed: HashMap<(u32, Cow<'a, str>), u32>,
    hashed_tables: u32,
    /// The keys read since the last header or separator.
    path: Vec<Token>,
    /// Where the header being read starts, and whether it has two brackets.
    header: Option<(usize, bool)>,
    /// The table that the last header opened.
    table: u32,
    /// The inline tables and arrays that are open.
    open: Vec<u32>,
    /// The entry that waits for its value.
    entry: Option<u32>,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, squeezed: Option<&'a Squeezed>, counted: Paths) -> Self {
        let mut builder = Self {
            document: Document { text, squeezed, nodes: Vec::with_capacity(text.len() / 64) },
            counted,
            hashed: HashMap::new(),
            hashed_tables: 0,
            path: Vec::new(),
            header: None,
            table: 0,
            open: Vec::new(),
            entry: None,
        };
        builder.add(NONE, NO_KEY, NO_KEY, Kind::Table);
        builder
    }

    fn node(&self, id: u32) -> &Node {
        self.document.node(id)
    }

    /// Adds a node as the last child of `parent`.
    fn add(&mut self, parent: u32, key: Token, value: Token, kind: Kind) -> u32 {
        // A file of 256 MiB, the largest that is read, has fewer values than fit into 32 bits.
        let id = u32::try_from(self.document.nodes.len()).unwrap_or(NONE);
        self.document.nodes.push(Node {
            key,
            value,
            kind,
            implicit: false,
            dotted: false,
            inline: false,
            parent,
            first: NONE,
            last: NONE,
            next: NONE,
            count: 0,
            hashed: 0,
        });
        if parent == NONE {
            return id;
        }
        let node = self.document.node_mut(parent);
        let last = std::mem::replace(&mut node.last, id);
        node.count += 1;
        if last == NONE {
            node.first = id;
        } else {
            self.document.node_mut(last).next = id;
        }
        if self.node(parent).kind == Kind::Table {
            self.hash_key(parent, id);
        }
        id
    }

    /// Keeps large tables searchable: looking through all keys for each key would be quadratic.
    fn hash_key(&mut self, table: u32, id: u32) {
        let Node { hashed, count, .. } = *self.node(table);
        if hashed != 0 {
            let text = self.document.content(self.node(id).key);
            self.hashed.insert((hashed, text), id);
        } else if count == HASH_FROM {
            self.hashed_tables += 1;
            let number = self.hashed_tables;
            self.document.node_mut(table).hashed = number;
            let mut child = self.node(table).first;
            while child != NONE {
                let text = self.document.content(self.node(child).key);
                self.hashed.insert((number, text), child);
                child = self.node(child).next;
            }
        }
    }

    fn find(&self, table: u32, key: Token) -> Option<u32> {
        let text = self.document.content(key);
        let node = self.node(table);
        if node.hashed != 0 {
            return self.hashed.get(&(node.hashed, text)).copied();
        }
        let mut child = node.first;
        while child != NONE {
            let node = self.node(child);
            if self.document.is(node.key, &text) {
                return Some(child);
            }
            child = node.next;
        }
        None
    }

    /// Follows all keys of the path but the last, from `table`, making tables where there are none; `None`, after
    /// an error, where that is not allowed.
    fn descend(&mut self, mut table: u32, dotted: bool, errors: &mut dyn ErrorSink) -> Option<u32> {
        let inline = self.node(table).inline;
        for position in 0..self.path.len().saturating_sub(1) {
            let key = self.path[position];
            let Some(found) = self.find(table, key) else {
                table = self.add(table, key, key, Kind::Table);
                let node = self.document.node_mut(table);
                (node.implicit, node.dotted, node.inline) = (true, dotted, inline);
                continue;
            };
            let node = self.node(found);
            table = match node.kind {
                Kind::ArrayOfTables if !inline => node.last,
                Kind::Table if dotted && !node.implicit => {
                    return refuse(errors, key, "the key extends a table that is already defined");
                }
                Kind::Table if node.inline && !inline => {
                    return refuse(errors, key, "the key extends an inline table");
                }
                Kind::Table => {
                    if dotted {
                        self.document.node_mut(found).dotted = true;
                    }
                    found
                }
                kind => {
                    let message = format!("the key extends {}, which is no table", kind.name());
                    return refuse(errors, key, message);
                }
            };
        }
        Some(table)
    }

    /// The last key of the path, when the path is whole and not too long.
    fn last_key(&self, errors: &mut dyn ErrorSink) -> Option<Token> {
        let key = *self.path.last()?;
        if self.path.len() > DEPTH_LIMIT as usize {
            return refuse(errors, key, "the key has too many parts");
        }
        Some(key)
    }

    /// Opens the table that `[path]` or `[[path]]` names.
    fn open_table(&mut self, header: Token, array: bool, errors: &mut dyn ErrorSink) -> Option<()> {
        let key = self.last_key(errors)?;
        let parent = self.descend(0, false, errors)?;
        let found = self.find(parent, key);
        let again = "the table is already defined";
        self.table = match (array, found) {
            (false, None) => self.add(parent, key, header, Kind::Table),
            (false, Some(table)) => {
                let node = self.document.node_mut(table);
                if node.kind != Kind::Table || !node.implicit || node.dotted {
                    return refuse(errors, key, again);
                }
                node.implicit = false;
                node.value = header;
                table
            }
            (true, found) => {
                let array = found.unwrap_or_else(|| self.add(parent, key, header, Kind::ArrayOfTables));
                if self.node(array).kind != Kind::ArrayOfTables {
                    return refuse(errors, key, again);
                }
                self.add(array, NO_KEY, header, Kind::Table)
            }
        };
        Some(())
    }

    /// Makes the entry whose key was read; its value follows.
    fn open_entry(&mut self, errors: &mut dyn ErrorSink) -> Option<()> {
        let key = self.last_key(errors)?;
        let dotted = self.path.len() > 1;
        let container = self.open.last().copied();
        let parent = self.descend(container.unwrap_or(self.table), dotted, errors)?;
        // TOML 1.0, "Table": "using dotted keys to redefine tables already defined in [table] form is not allowed".
        let mixed = container.is_none() && dotted && !self.node(parent).implicit;
        if mixed || self.find(parent, key).is_some() {
            return refuse(errors, key, "the key is already defined");
        }
        self.entry = Some(self.add(parent, key, key, Kind::Table));
        Some(())
    }

    /// Puts a value where one is expected: into the waiting entry or at the end of the open array.
    fn place(&mut self, value: Token, kind: Kind) -> u32 {
        if let Some(entry) = self.entry.take() {
            let node = self.document.node_mut(entry);
            (node.value, node.kind) = (value, kind);
            return entry;
        }
        // Values in other places follow an error; the document is thrown away.
        let array = self.open.last().copied().filter(|id| self.node(*id).kind == Kind::Array);
        self.add(array.unwrap_or(NONE), NO_KEY, value, kind)
    }

    fn close(&mut self, span: Span, errors: &mut dyn ErrorSink) {
        let Some(id) = self.open.pop() else { return };
        self.document.node_mut(id).value.end = token(span, false).end;
        let Node { first, kind, value, .. } = *self.node(id);
        let lost = self.document.squeezed.map_or(0, |squeezed| squeezed.lost(value.start));
        if kind != Kind::Array || (first == NONE && lost == 0) {
            return;
        }
        if self.is_counted(id) {
            if first != NONE {
                // All nodes since its first child lie inside.
                self.document.nodes.truncate(first as usize);
            }
            let node = self.document.node_mut(id);
            (node.first, node.last) = (NONE, NONE);
            node.count += lost;
        } else if lost > 0 {
            errors.report_error(ParseError::new("an array lost elements that matter").with_unexpected(span));
        }
    }

    fn is_counted(&self, id: u32) -> bool {
        self.counted.iter().any(|path| {
            let mut keys = path.iter().rev();
            let mut id = id;
            while id != NONE {
                let node = self.node(id);
                let key = self.document.text.get(node.key.range()).unwrap_or("");
                if !key.is_empty() {
                    let fits = |wanted: &&str| *wanted == key || *wanted == "*";
                    if !keys.next().is_some_and(fits) {
                        return false;
                    }
                }
                id = node.parent;
            }
            keys.next().is_none()
        })
    }
}

/// The key of what has none.
const NO_KEY: Token = Token { start: 0, end: 0, plain: true };

/// Reports an error at a key.
fn refuse<T>(errors: &mut dyn ErrorSink, key: Token, message: impl Into<Cow<'static, str>>) -> Option<T> {
    let span = Span::new_unchecked(key.start as usize, key.end as usize);
    errors.report_error(ParseError::new(message).with_unexpected(span));
    None
}

impl EventReceiver for Builder<'_> {
    fn std_table_open(&mut self, span: Span, _errors: &mut dyn ErrorSink) {
        self.path.clear();
        self.header = Some((span.start(), false));
    }

    fn array_table_open(&mut self, span: Span, _errors: &mut dyn ErrorSink) {
        self.path.clear();
        self.header = Some((span.start(), true));
    }

    fn std_table_close(&mut self, span: Span, errors: &mut dyn ErrorSink) {
        if let Some((start, array)) = self.header.take() {
            self.open_table(token(Span::new_unchecked(start, span.end()), false), array, errors);
        }
        self.path.clear();
    }

    fn array_table_close(&mut self, span: Span, errors: &mut dyn ErrorSink) {
        self.std_table_close(span, errors);
    }

    fn simple_key(&mut self, span: Span, encoding: Option<Encoding>, errors: &mut dyn ErrorSink) {
        let plain = check_key(self.document.text, span, encoding, errors);
        self.path.push(token(span, plain));
    }

    fn key_val_sep(&mut self, _span: Span, errors: &mut dyn ErrorSink) {
        self.open_entry(errors);
        self.path.clear();
    }

    fn scalar(&mut self, span: Span, encoding: Option<Encoding>, errors: &mut dyn ErrorSink) {
        let (kind, plain) = check_scalar(self.document.text, span, encoding, errors);
        self.place(token(span, plain), kind);
    }

    fn array_open(&mut self, span: Span, _errors: &mut dyn ErrorSink) -> bool {
        let id = self.place(token(span, false), Kind::Array);
        self.open.push(id);
        true
    }

    fn array_close(&mut self, span: Span, errors: &mut dyn ErrorSink) {
        self.close(span, errors);
    }

    fn inline_table_open(&mut self, span: Span, _errors: &mut dyn ErrorSink) -> bool {
        let id = self.place(token(span, false), Kind::Table);
        self.document.node_mut(id).inline = true;
        self.open.push(id);
        true
    }

    fn inline_table_close(&mut self, span: Span, errors: &mut dyn ErrorSink) {
        self.close(span, errors);
    }
}
