//! Why a run could not take place: exit code 2.

use crate::model::{SourceFile, Span};

/// A reason not to run, for people.
#[derive(Debug)]
pub struct Error {
    /// What we were doing and what is wrong; lower case, no full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where, when the reason lies in a file: the text, and the places with their own words.
    pub places: Option<Box<(SourceFile, Vec<Place>)>>,
}

/// One wrong place of a file.
#[derive(Debug)]
pub struct Place {
    /// The bytes.
    pub span: Span,
    /// What is wrong there.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Error {
    /// An error without a place.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, places: None }
    }

    /// The same with a next step.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<crate::advisory::Error> for Error {
    fn from(error: crate::advisory::Error) -> Self {
        Self::new(error.to_string())
    }
}
