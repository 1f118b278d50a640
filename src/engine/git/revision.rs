//! What people call commits (gitrevisions(7)): names, ids and their beginnings, with `~N`, `^N` and `^{commit}` behind
//! them.

use gix_hash::ObjectId;
use gix_object::{FindExt as _, Kind};

use super::repository::Repository;
use crate::engine::error::Error;

/// How many tags may point to tags.
const DEEPEST_TAG: usize = 16;

/// How many ancestors may be counted back.
const MOST_STEPS: usize = 100_000;

/// The commit that a revision names.
pub(super) fn resolve(repository: &Repository, written: &str) -> Result<ObjectId, Error> {
    let end = written.find(['~', '^']).unwrap_or(written.len());
    let (name, mut rest) = written.split_at(end);
    if name.contains(['@', ':']) && !matches!(name, "@") {
        let message =
            format!("cannot read the revision {written}: only names, ids, `~N` and `^N` are understood");
        return Err(Error::new(message).help("write for example origin/main, v1.2, HEAD~1 or a commit id"));
    }
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = step(rest).ok_or_else(|| {
            Error::new(format!("cannot read the revision {written}: `{rest}` is not understood"))
                .help("write for example HEAD~1, main^2 or a commit id")
        })?;
        steps.push(step);
        rest = after;
    }
    let commit = named(repository, if name == "@" { "HEAD" } else { name }, written)?;
    steps.into_iter().try_fold(commit, |commit, step| go(repository, commit, step, written))
}

/// A step from a commit to another.
#[derive(Clone, Copy)]
enum Step {
    /// `~N`: so many first parents back.
    Back(usize),
    /// `^N`: the parent with this number; 0 is the commit itself.
    Parent(usize),
}

fn step(text: &str) -> Option<(Step, &str)> {
    if let Some(after) = text.strip_prefix("^{commit}").or_else(|| text.strip_prefix("^{}")) {
        return Some((Step::Parent(0), after));
    }
    let (sign, after) = (text.as_bytes().first().filter(|sign| matches!(sign, b'~' | b'^'))?, text.get(1..)?);
    let end = after.find(|character: char| !character.is_ascii_digit()).unwrap_or(after.len());
    let number = if end == 0 { 1 } else { after.get(..end)?.parse().ok()? };
    let step = if *sign == b'~' { Step::Back(number) } else { Step::Parent(number) };
    Some((step, after.get(end..)?))
}

fn go(repository: &Repository, from: ObjectId, step: Step, written: &str) -> Result<ObjectId, Error> {
    let parent = |commit: ObjectId, number: usize| {
        let mut buffer = Vec::new();
        let found = repository.objects.find_commit(&commit, &mut buffer).ok();
        let parent = found.and_then(|commit| commit.parents().nth(number));
        parent.filter(|parent| repository.kind(parent).is_some()).ok_or_else(|| missing(repository, written))
    };
    match step {
        Step::Parent(0) => Ok(from),
        Step::Parent(number) => parent(from, number - 1),
        Step::Back(count) if count > MOST_STEPS => Err(missing(repository, written)),
        Step::Back(count) => (0..count).try_fold(from, |commit, _| parent(commit, 0)),
    }
}

/// The commit with a name or id, tags followed.
fn named(repository: &Repository, name: &str, written: &str) -> Result<ObjectId, Error> {
    // Forty digits are an id, as git has it: a branch could be called so as well.
    let id = whole_id(name).map_or_else(|| by_name(repository, name, written), Ok)?;
    commit_of(repository, id, written)
}

/// The commit that an object is or leads to.
fn commit_of(repository: &Repository, mut id: ObjectId, written: &str) -> Result<ObjectId, Error> {
    for _ in 0..DEEPEST_TAG {
        match repository.kind(&id) {
            Some(Kind::Commit) => return Ok(id),
            Some(Kind::Tag) => {
                let mut buffer = Vec::new();
                let target = repository.objects.find_tag(&id, &mut buffer).map(|tag| tag.target());
                id = target.map_err(|error| Error::new(format!("cannot read the tag {written}: {error}")))?;
            }
            Some(kind) => {
                let message = format!("cannot compare with {written}: it is a {kind}, not a commit");
                return Err(Error::new(message).help("name a branch, a tag or a commit"));
            }
            None => return Err(missing(repository, written)),
        }
    }
    Err(missing(repository, written))
}

fn whole_id(name: &str) -> Option<ObjectId> {
    (name.len() == 40).then(|| ObjectId::from_hex(name.as_bytes()).ok()).flatten()
}

/// Whether something here has this name or id, or several things have.
pub(super) fn is_known(repository: &Repository, name: &str) -> bool {
    let name = name.split(['~', '^']).next().unwrap_or(name);
    match whole_id(name) {
        Some(id) => repository.kind(&id).is_some(),
        None => !references(repository, name).is_empty() || beginning(repository, name, name).is_ok(),
    }
}

/// What a name leads to. Git takes the first of several and warns: then whoever may push a tag decides what `main` is, so
/// two that lead to different commits are refused.
fn by_name(repository: &Repository, name: &str, written: &str) -> Result<ObjectId, Error> {
    let found = references(repository, name);
    let Some((_, first)) = found.first() else { return beginning(repository, name, written) };
    let commit = |id: ObjectId| commit_of(repository, id, written).ok();
    let with_prefix = beginning(repository, name, written).ok().filter(|_| name != "HEAD");
    let others = found.iter().map(|(_, id)| *id).chain(with_prefix);
    if others.map(commit).all(|other| other == commit(*first)) {
        return Ok(*first);
    }
    let mut places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
    let branch = places.iter().find(|place| place.starts_with("refs/heads/")).or(places.last());
    let help =
        format!("write {}", branch.map_or(written.to_owned(), |place| written.replacen(name, place, 1)));
    places.extend(with_prefix.map(|_| "the id of a commit"));
    let message =
        format!("cannot compare with {written}: several things are called so: {}", places.join(", "));
    Err(Error::new(message).help(help))
}

/// The references that a name may mean, in git's order: itself, a tag, a branch, a remote, its default branch. One that
/// begins with `refs/` is a whole name, and `HEAD` is what is checked out.
fn references(repository: &Repository, name: &str) -> Vec<(String, ObjectId)> {
    let is_whole = name.starts_with("refs/") || name == "HEAD";
    let own = [name.to_owned()];
    let places =
        ["refs/", "refs/tags/", "refs/heads/", "refs/remotes/"].map(|place| format!("{place}{name}"));
    let remote = format!("refs/remotes/{name}/HEAD");
    let all = own.into_iter().chain(places.into_iter().chain([remote]).filter(|_| !is_whole));
    all.filter_map(|place| reference(repository, &place).map(|id| (place, id))).collect()
}

/// What the reference with this whole name leads to.
fn reference(repository: &Repository, name: &str) -> Option<ObjectId> {
    let mut found = repository.references.try_find(name).ok().flatten()?;
    if found.name.as_bstr() != name {
        return None;
    }
    for _ in 0..DEEPEST_TAG {
        match found.target {
            gix_ref::Target::Object(id) => return Some(id),
            gix_ref::Target::Symbolic(next) => {
                found = repository.references.try_find(next.as_ref().as_partial_name()).ok().flatten()?;
            }
        }
    }
    None
}

/// The object whose id begins so.
fn beginning(repository: &Repository, name: &str, written: &str) -> Result<ObjectId, Error> {
    let is_hexadecimal = name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hexadecimal || name.len() < 4 {
        return Err(missing(repository, written));
    }
    let prefix = gix_hash::Prefix::from_hex(name).map_err(|_| missing(repository, written))?;
    let mut candidates = std::collections::HashSet::new();
    let _ = repository.objects.lookup_prefix(prefix, Some(&mut candidates));
    // Of several objects the one that is a commit is meant, as git does.
    let commits: Vec<_> = candidates
        .into_iter()
        .filter(|id| matches!(repository.kind(id), Some(Kind::Commit | Kind::Tag)))
        .collect();
    match commits[..] {
        [one] => Ok(one),
        [] => Err(missing(repository, written)),
        _ => Err(Error::new(format!("cannot compare with {written}: several commits begin so"))
            .help("write more of the id")),
    }
}

/// The error for what is not here, with the command that fetches it.
fn missing(repository: &Repository, written: &str) -> Error {
    let name = written.split(['~', '^']).next().unwrap_or(written);
    let is_there = match whole_id(name) {
        Some(id) => repository.kind(&id).is_some(),
        None => !references(repository, name).is_empty(),
    };
    if matches!(name, "HEAD" | "@") && !is_there {
        let message = format!(
            "cannot compare with {written}: this repository has no commit yet, or names its objects by SHA-256, \
             which is not read"
        );
        return Error::new(message).help("commit first, or compare with --baseline FILE");
    }
    if is_there && !repository.is_shallow() {
        let message = format!("cannot compare with {written}: {name} has no such ancestor");
        return Error::new(message).help(format!("`git log --oneline {name}` lists those that it has"));
    }
    let fetch = match (is_there, name.split_once('/')) {
        (true, _) => "git fetch --unshallow".to_owned(),
        (false, Some(("origin" | "upstream", branch))) if !branch.is_empty() => {
            let remote = name.split('/').next().unwrap_or("origin");
            format!("git fetch {remote} {branch}")
        }
        (false, _) => format!("git fetch origin {name}"),
    };
    let shallow = if repository.is_shallow() { "; this clone is shallow" } else { "" };
    Error::new(format!("cannot compare with {written}: this repository has no such revision{shallow}"))
        .help(format!("fetch it with `{fetch}`"))
}
