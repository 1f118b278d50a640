//! Whether what is asked about exists at all.

use std::collections::BTreeSet;

use super::error::Error;
use crate::model::Selection;

/// Refuses a selection of groups or extras that no file knows.
///
/// # Errors
/// The first one, with those that there are.
pub(super) fn check(selection: &Selection, known: &BTreeSet<String>) -> Result<(), Error> {
    let Some(unknown) = selection.unknown(known).first().copied() else { return Ok(()) };
    let is_group = selection.groups.iter().any(|group| group == unknown);
    let (word, option) = if is_group { ("group", "--group") } else { ("extra", "--extra") };
    let names = known.iter().filter_map(|name| match name.strip_prefix("extra:") {
        Some(extra) => (!is_group).then_some(extra),
        None => is_group.then_some(name.as_str()),
    });
    let names: Vec<&str> = names.collect();
    let near = names.iter().min_by_key(|name| strsim::damerau_levenshtein(unknown, name));
    let near = near.filter(|name| strsim::damerau_levenshtein(unknown, name) <= 1 + unknown.len() / 4);
    let help = match (near, names.as_slice()) {
        (Some(near), _) => format!("did you mean `{option} {near}`?"),
        (None, []) => format!("leave {option} out: these files name no {word}"),
        (None, names) => format!("there are: {}", names.join(", ")),
    };
    Err(Error::new(format!("no file has the {word} {unknown}")).help(help))
}
