//! Ignores in the comments of dependency files, judged.

use super::ignore::{Ignore, IgnoreLine, IgnoreOrigin};
use super::table::short;
use super::value::parse_date;
use crate::model::{InlineIgnore, Rule};

/// One ignore for each id that a comment names; one with a fault when it cannot be understood.
pub fn inline(comment: &InlineIgnore, line: &IgnoreLine, rules: &[&'static Rule]) -> Vec<Ignore> {
    let ignore = |id: &str, span| {
        let mut ignore = Ignore::new(id, IgnoreOrigin::Inline, span);
        ignore.line = Some(Box::new(line.clone()));
        ignore.reason.clone_from(&comment.reason);
        ignore
    };
    let until = match &comment.until {
        None => Ok(None),
        Some((day, _)) => match parse_date(day) {
            Some(until) => Ok(Some(until)),
            None => Err(format!("`until {}` is no day that exists, such as 2026-12-31", short(day))),
        },
    };
    let fault = comment.fault.clone().or_else(|| until.as_ref().err().cloned());
    if fault.is_some() {
        let id = comment.ids.first().map_or("", |(id, _)| id.as_str());
        return vec![Ignore { fault, ..ignore(id, comment.span) }];
    }
    let each = comment.ids.iter().map(|(id, span)| {
        // One id stands for the whole comment.
        let span = if comment.ids.len() == 1 { comment.span } else { *span };
        let mut ignore = ignore(id, span);
        ignore.until = until.clone().ok().flatten();
        ignore.fault = unknown_rule(id, rules);
        ignore
    });
    each.collect()
}

/// What is wrong with an id that looks like that of a rule and is none: advisories are not called so.
fn unknown_rule(id: &str, rules: &[&'static Rule]) -> Option<String> {
    let is_word = id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte == b'_');
    if !is_word || id.starts_with("ghsa-") || rules.iter().any(|rule| rule.id == id) {
        return None;
    }
    let known = rules.iter().map(|rule| (strsim::damerau_levenshtein(&short(id), rule.id), rule.id));
    let near = known.filter(|(distance, known)| *distance <= 1 + known.len() / 3).min();
    let near = near.map(|(_, known)| format!("; did you mean `{known}`?")).unwrap_or_default();
    Some(format!("`{}` is no rule and no id of an advisory{near}", short(id)))
}
