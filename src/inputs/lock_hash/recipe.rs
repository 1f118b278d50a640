//! What each tool takes from a manifest. All recipes of a tool are given, oldest first.

use std::borrow::Cow;
use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::json::{COMPACT, Json, SPACED, dump};
use crate::model::PackageName;

type Members<'a> = BTreeMap<Cow<'a, str>, Json<'a>>;

/// Keys that Poetry before 2 always writes, as null when they are absent.
const POETRY_ALWAYS: [&str; 4] = ["dependencies", "source", "extras", "dev-dependencies"];
/// What Poetry 2 takes from `[project]`.
const POETRY_PROJECT: [&str; 3] = ["requires-python", "dependencies", "optional-dependencies"];

fn table<'a>(parent: &'a DeTable<'a>, name: &str) -> Option<&'a DeTable<'a>> {
    parent.get(name).and_then(|value| value.get_ref().as_table())
}

fn value<'a>(parent: Option<&'a DeTable<'a>>, name: &str) -> Option<&'a DeValue<'a>> {
    parent.and_then(|parent| parent.get(name)).map(toml::Spanned::get_ref)
}

fn tool<'a>(document: &'a DeTable<'a>, name: &str) -> Option<&'a DeTable<'a>> {
    table(table(document, "tool")?, name)
}

/// Poetry 0.12 to 1.8: `[tool.poetry]` alone, `group` since 1.2. Poetry 2.0: `[project]` too. Poetry 2.3:
/// `[dependency-groups]` too.
pub(super) fn poetry<'a>(document: &'a DeTable<'a>) -> Option<Vec<String>> {
    let own = tool(document, "poetry");
    let groups = value(Some(document), "dependency-groups").filter(|groups| !is_empty(groups));
    let project = table(document, "project");
    let project: Members<'a> = POETRY_PROJECT
        .iter()
        .filter_map(|key| Some((Cow::Borrowed(*key), Json::Toml(value(project, key)?))))
        .collect();
    let of_tool = |with_nulls: bool| -> Members<'a> {
        let keys = POETRY_ALWAYS.iter().map(|key| (*key, with_nulls)).chain([("group", false)]);
        keys.filter_map(|(key, always)| {
            let found = value(own, key).map(Json::Toml);
            Some((Cow::Borrowed(key), found.or(always.then_some(Json::Null))?))
        })
        .collect()
    };
    let mut texts = vec![dump(&Json::Object(of_tool(true)), SPACED)?];
    for groups in [None, groups] {
        if project.is_empty() && groups.is_none() {
            continue;
        }
        let mut all = Members::new();
        if !project.is_empty() {
            all.insert("project".into(), Json::Object(project.clone()));
        }
        if let Some(groups) = groups {
            all.insert("dependency-groups".into(), Json::Toml(groups));
        }
        all.insert("tool".into(), Json::object([("poetry", Json::Object(of_tool(false)))]));
        texts.push(dump(&Json::Object(all), SPACED)?);
    }
    Some(texts)
}

fn is_empty(value: &DeValue<'_>) -> bool {
    value.as_table().is_some_and(DeTable::is_empty)
}

/// PDM: overrides alone up to 2.8, all of `[tool.pdm.resolution]` later; `[dependency-groups]` since 2.20, by
/// normalised name. The hash of a workspace covers the manifests of all its members, which is not followed.
pub(super) fn pdm<'a>(document: &'a DeTable<'a>) -> Option<Vec<String>> {
    let own = tool(document, "pdm");
    if value(own, "workspace").is_some() {
        return None;
    }
    let project = table(document, "project");
    let or = |found: Option<&'a DeValue<'a>>, otherwise: Json<'a>| found.map_or(otherwise, Json::Toml);
    let no_object = || Json::Object(Members::new());
    let resolution = own.and_then(|own| table(own, "resolution"));
    let mut texts = Vec::new();
    for (normalised, with_groups) in [(false, false), (false, true), (true, true)] {
        let mut base: Members<'a> = Members::new();
        base.insert("sources".into(), or(value(own, "source"), Json::List(Vec::new())));
        base.insert("dependencies".into(), or(value(project, "dependencies"), Json::List(Vec::new())));
        base.insert("optional-dependencies".into(), or(value(project, "optional-dependencies"), no_object()));
        base.insert("requires-python".into(), or(value(project, "requires-python"), Json::Text("".into())));
        let groups = with_groups.then(|| table(document, "dependency-groups")).flatten();
        base.insert("dev-dependencies".into(), pdm_groups(groups, own, normalised)?);
        for (key, found) in
            [("overrides", value(resolution, "overrides")), ("resolution", value(own, "resolution"))]
        {
            let mut all = base.clone();
            all.insert(key.into(), or(found, no_object()));
            texts.push(dump(&Json::Object(all), SPACED)?);
        }
    }
    Some(texts)
}

/// The groups of both tables; one that stands in both is the two lists after one another.
fn pdm_groups<'a>(
    groups: Option<&'a DeTable<'a>>,
    own: Option<&'a DeTable<'a>>,
    normalised: bool,
) -> Option<Json<'a>> {
    let mut joined: BTreeMap<Cow<'a, str>, Vec<Json<'a>>> = BTreeMap::new();
    for table in [groups, own.and_then(|own| table(own, "dev-dependencies"))].into_iter().flatten() {
        for (name, list) in table {
            let name: Cow<'a, str> = if normalised {
                PackageName::new(name.get_ref()).as_str().to_owned().into()
            } else {
                Cow::Borrowed(name.get_ref().as_ref())
            };
            let items = list.get_ref().as_array()?.iter().map(|item| Json::Toml(item.get_ref()));
            joined.entry(name).or_default().extend(items);
        }
    }
    Some(Json::Object(joined.into_iter().map(|(name, items)| (name, Json::List(items))).collect()))
}

/// Tables of a Pipfile that are not a category of packages.
const PIPFILE: [&str; 9] =
    ["source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv", "default", "develop"];

/// Pipenv: other categories since 2022.10, normalised names since 2026. A Pipfile without a source has the public
/// index as its only one, before 2018 under its old address.
pub(super) fn pipenv<'a>(document: &'a DeTable<'a>) -> Option<Vec<String>> {
    let text = |text: &'static str| Json::Text(Cow::Borrowed(text));
    let old = [("url", text("https://pypi.python.org/simple")), ("verify_ssl", Json::Bool(true))];
    let new =
        [("name", text("pypi")), ("url", text("https://pypi.org/simple")), ("verify_ssl", Json::Bool(true))];
    let sources = match value(Some(document), "source") {
        Some(written) => vec![Json::Toml(written)],
        None => vec![Json::List(vec![Json::object(new)]), Json::List(vec![Json::object(old)])],
    };
    let mut texts = Vec::new();
    for (sources, (categories, normalised)) in sources.iter().flat_map(|sources| {
        [(false, false), (true, false), (true, true)].map(|generation| (sources, generation))
    }) {
        let section = |found: Option<&'a DeValue<'a>>| packages(found, normalised);
        let requires = value(Some(document), "requires");
        let meta = Json::object([
            ("sources", sources.clone()),
            ("requires", requires.map_or_else(|| Json::Object(Members::new()), Json::Toml)),
        ]);
        let mut all: Members<'a> = Members::new();
        all.insert("_meta".into(), meta);
        all.insert("default".into(), section(value(Some(document), "packages")));
        all.insert("develop".into(), section(value(Some(document), "dev-packages")));
        for (name, found) in document.iter().filter(|_| categories) {
            if !PIPFILE.contains(&name.get_ref().as_ref()) {
                all.insert(Cow::Borrowed(name.get_ref().as_ref()), section(Some(found.get_ref())));
            }
        }
        texts.push(dump(&Json::Object(all), COMPACT)?);
    }
    Some(texts)
}

fn packages<'a>(found: Option<&'a DeValue<'a>>, normalised: bool) -> Json<'a> {
    match found {
        None => Json::Object(Members::new()),
        Some(DeValue::Table(table)) if normalised => {
            let named = |name: &str| Cow::Owned(PackageName::new(name).as_str().to_owned());
            let members =
                table.iter().map(|(name, value)| (named(name.get_ref()), Json::Toml(value.get_ref())));
            Json::Object(members.collect())
        }
        Some(value) => Json::Toml(value),
    }
}
