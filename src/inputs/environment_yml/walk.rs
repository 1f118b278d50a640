//! The events of a file, reduced to what it lists.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::places::Places;

/// The deepest nesting that is read; an environment has four levels.
const DEPTH_LIMIT: usize = 64;

/// One thing that a file lists, in its order.
#[derive(Debug)]
pub(super) enum Item {
    /// A package of a conda channel: the text, and its place.
    Conda(String, Range<usize>),
    /// A line for pip: the text, its place, and whether it is written there as it is.
    Pip(String, Range<usize>, bool),
    /// Something that was not read: place and reason.
    Skip(Range<usize>, String),
}

/// What a collection that is open stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The environment.
    Root,
    /// `dependencies:`.
    Dependencies,
    /// A mapping among the dependencies.
    Installer,
    /// `pip:` in it.
    Pip,
    /// Anything else.
    Other,
}

/// A collection that is open.
struct Open {
    part: Part,
    is_mapping: bool,
    /// The key whose value comes next.
    key: Option<String>,
    /// The key that lists something was seen.
    listed: bool,
}

/// What a file lists, or why it is not YAML.
pub(super) fn walk(text: &str) -> Result<Vec<Item>, (Range<usize>, String)> {
    let places = Places::new(text);
    let mut walker = Walker { text, items: Vec::new(), open: Vec::new() };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => {
                let start = places.byte(&span.start);
                walker.event(&event, start..places.byte(&span.end).max(start))?;
            }
            Err(error) => {
                let at = places.byte(error.marker());
                return Err((at..at, format!("not valid YAML: {}", error.info())));
            }
        }
    }
    Ok(walker.items)
}

struct Walker<'a> {
    text: &'a str,
    items: Vec<Item>,
    open: Vec<Open>,
}

impl Walker<'_> {
    fn event(&mut self, event: &Event<'_>, place: Range<usize>) -> Result<(), (Range<usize>, String)> {
        match event {
            Event::Scalar(text, style, ..) => self.scalar(text, *style, place),
            Event::Alias(_) => self.alias(place),
            Event::SequenceStart(..) => self.start(false, place)?,
            Event::MappingStart(..) => self.start(true, place)?,
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
            }
            Event::DocumentStart(_) => self.open.clear(),
            _ => {}
        }
        Ok(())
    }

    fn skip(&mut self, place: Range<usize>, why: impl Into<String>) {
        self.items.push(Item::Skip(place, why.into()));
    }

    /// Where the next value stands: what is open, and the key before the value. `None` when a key comes next.
    fn place_of_value(&mut self) -> Option<(Part, Option<String>)> {
        match self.open.last_mut() {
            None => Some((Part::Other, None)),
            Some(open) if open.is_mapping => open.key.take().map(|key| (open.part, Some(key))),
            Some(open) => Some((open.part, None)),
        }
    }

    /// Takes a key, and names those that cannot be read.
    fn key(&mut self, text: &str, place: Range<usize>) {
        let Some(open) = self.open.last_mut() else { return };
        open.key = Some(text.to_owned());
        let wanted = match open.part {
            Part::Root => "dependencies",
            Part::Installer => "pip",
            _ => return,
        };
        if text == wanted {
            if std::mem::replace(&mut open.listed, true) {
                self.skip(place, format!("`{wanted}` stands here twice: join the two"));
            }
        } else if text == "<<" {
            self.skip(place, "merge keys are not followed: write the values out");
        } else if open.part == Part::Installer {
            self.skip(place, "expected `pip`: what other installers bring is not audited");
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, place: Range<usize>) {
        let is_null = style == ScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL");
        let Some((part, key)) = self.place_of_value() else { return self.key(text, place) };
        match (part, key.as_deref()) {
            _ if is_null => {}
            (Part::Root, Some("dependencies")) => {
                self.skip(place, "expected a list of packages, found a text");
            }
            (Part::Installer, Some("pip")) => {
                self.skip(place, "expected a list of requirements, found a text");
            }
            (Part::Dependencies, _) => self.items.push(Item::Conda(text.to_owned(), place)),
            (Part::Pip, _) => {
                let rest = self.text.get(place.start..).unwrap_or("");
                let quotes = usize::from(rest.starts_with(['"', '\'']));
                let start = place.start + quotes;
                if self.text.get(start..).is_some_and(|rest| rest.starts_with(text)) {
                    self.items.push(Item::Pip(text.to_owned(), start..start + text.len(), true));
                } else {
                    self.items.push(Item::Pip(text.to_owned(), place, false));
                }
            }
            _ => {}
        }
    }

    fn alias(&mut self, place: Range<usize>) {
        let why = "aliases are not followed: write the value out";
        match self.place_of_value() {
            None => {
                // An alias as a key.
                self.skip(place, why);
                if let Some(open) = self.open.last_mut() {
                    open.key = Some(String::new());
                }
            }
            Some((Part::Root, Some(key))) if key != "dependencies" => {}
            Some((Part::Other, _)) => {}
            Some(_) => self.skip(place, why),
        }
    }

    fn start(&mut self, is_mapping: bool, place: Range<usize>) -> Result<(), (Range<usize>, String)> {
        if self.open.len() >= DEPTH_LIMIT {
            return Err((place, format!("nested deeper than {DEPTH_LIMIT} levels")));
        }
        let is_top = self.open.is_empty();
        let part = match self.place_of_value() {
            _ if is_top && is_mapping => Part::Root,
            None => {
                // A collection as a key, which names nothing that is read.
                if let Some(open) = self.open.last_mut() {
                    open.key = Some(String::new());
                }
                Part::Other
            }
            Some((Part::Root, Some(key))) if key == "dependencies" => {
                if is_mapping {
                    self.skip(place, "expected a list of packages, found a mapping");
                }
                if is_mapping { Part::Other } else { Part::Dependencies }
            }
            Some((Part::Dependencies, _)) => {
                if !is_mapping {
                    self.skip(place, "expected a package or `pip:`, found a list");
                }
                if is_mapping { Part::Installer } else { Part::Other }
            }
            Some((Part::Installer, Some(key))) if key == "pip" => {
                if is_mapping {
                    self.skip(place, "expected a list of requirements, found a mapping");
                }
                if is_mapping { Part::Other } else { Part::Pip }
            }
            Some((Part::Pip, _)) => {
                self.skip(place, "expected a requirement as a text: put it in quotes");
                Part::Other
            }
            Some(_) => Part::Other,
        };
        self.open.push(Open { part, is_mapping, key: None, listed: false });
        Ok(())
    }
}
