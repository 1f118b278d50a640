//! The standard tables: `[project]` (PyPA specification "pyproject.toml") and `[build-system]` (PEP 518).

use toml::de::{DeTable, DeValue};

use super::reader::{Listing, Node, Reader, table_of, text_at};
use crate::model::PackageName;

pub(super) fn read(reader: &mut Reader<'_>, document: &DeTable<'_>) {
    if let Some(project) = document.get("project").and_then(|value| table_of(reader, value, "[project]")) {
        reader.input.project = text_at(project, "name").filter(|name| !name.is_empty()).map(PackageName::new);
        reader.input.requires_python = text_at(project, "requires-python").map(str::to_owned);
        reader.requirements(project, "dependencies", Listing::new("main"));
        reader.extras(project, "optional-dependencies");
        read_dynamic(reader, document, project);
    }
    if let Some(build) =
        document.get("build-system").and_then(|value| table_of(reader, value, "[build-system]"))
    {
        reader.requirements(build, "requires", Listing::new("build-system"));
    }
}

/// Names what is listed elsewhere. Poetry's own tables fill dynamic fields and are read; a backend that computes
/// them is not run.
fn read_dynamic(reader: &mut Reader<'_>, document: &DeTable<'_>, project: &DeTable<'_>) {
    let fields = project.get("dynamic").and_then(|value| value.get_ref().as_array());
    for field in fields.into_iter().flatten() {
        let Some(name) = field.get_ref().as_str() else { continue };
        let here: &[&[&str]] = match name {
            "dependencies" => {
                &[&["poetry", "dependencies"], &["pdm", "dependencies"], &["flit", "metadata", "requires"]]
            }
            "optional-dependencies" => &[&["poetry", "extras"], &["flit", "metadata", "requires-extra"]],
            _ => continue,
        };
        // A table fills the field only when its own tool builds the project.
        let builds = |tool: &str| build_backend(document).is_none_or(|backend| backend.contains(tool));
        if here.iter().any(|path| builds(path[0]) && tool(document, path).is_some()) {
            continue;
        }
        let span = reader.content(field.span(), name).0;
        reader.skip(span, name, format!("{name} are dynamic: {}", origin(document, name)));
    }
}

/// Where the values of a dynamic field come from, and what to do.
fn origin(document: &DeTable<'_>, field: &str) -> String {
    let mut files = Vec::new();
    if let Some(value) = tool(document, &["setuptools", "dynamic", field]) {
        collect_files(value, &mut files);
    }
    if field == "dependencies" {
        let hook = ["hatch", "metadata", "hooks", "requirements_txt", "files"];
        files.extend(tool(document, &hook).map(texts).unwrap_or_default());
    }
    if !files.is_empty() {
        return format!("they are listed in {}: audit that", files.join(", "));
    }
    match build_backend(document).unwrap_or("setuptools.build_meta") {
        backend if backend.starts_with("setuptools") => {
            "setup.cfg or setup.py decides, which is not run: audit a lock or an installed environment"
                .to_owned()
        }
        _ => "the build backend computes them, which is not run: audit a lock or an installed environment"
            .to_owned(),
    }
}

/// What builds the project, when the file says so.
fn build_backend<'v>(document: &'v DeTable<'_>) -> Option<&'v str> {
    text_at(document.get("build-system")?.get_ref().as_table()?, "build-backend")
}

/// The files of `{ file = … }`, which may stand deeper (`optional-dependencies.dev = { file = … }`).
fn collect_files(value: &Node<'_>, files: &mut Vec<String>) {
    let Some(table) = value.get_ref().as_table() else { return };
    for (key, value) in table {
        if key.get_ref() == "file" {
            files.extend(texts(value));
        } else {
            collect_files(value, files);
        }
    }
}

/// A text, or the texts of a list.
fn texts(value: &Node<'_>) -> Vec<String> {
    match value.get_ref() {
        DeValue::String(text) => vec![text.to_string()],
        DeValue::Array(list) => {
            list.iter().filter_map(|item| item.get_ref().as_str()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// The value at a path below `[tool]`.
fn tool<'v, 't>(document: &'v DeTable<'t>, path: &[&str]) -> Option<&'v Node<'t>> {
    let mut value = document.get("tool")?;
    for key in path {
        value = value.get_ref().as_table()?.get(*key)?;
    }
    Some(value)
}
