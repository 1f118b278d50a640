//! The configuration of pip that the command line names.

use std::path::Path;

use super::error::{Error, Place};
use super::tree::read_file;
use crate::inputs::pip_config;
use crate::model::{IndexUse, Input, SourceFile, Sources, Span};

/// Reads the file; its text is added to `sources`.
///
/// # Errors
/// A file that cannot be read; every place at which pip would refuse it.
pub(crate) fn read(
    file: Option<&Path>,
    working_directory: &Path,
    root: &Path,
    sources: &mut Sources,
) -> Result<Vec<IndexUse>, Error> {
    let Some(file) = file else { return Ok(Vec::new()) };
    let file = working_directory.join(file);
    let below = file.strip_prefix(root).unwrap_or(&file);
    let path =
        below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/").replace("//", "/");
    let bytes = read_file(&file)
        .map_err(|why| Error::new(format!("cannot read pip's configuration {path}: {why}")))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Error::new(format!("pip's configuration {path} is not UTF-8")).help("save the file as UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned);
    let source = sources.add(SourceFile::new(path.as_str(), text.clone()));
    pip_config::read(&text, source).map_err(|wrong| {
        let places = wrong
            .into_iter()
            .map(|(range, message)| Place { span: Span::new(source, range), message, help: None })
            .collect();
        let mut error = Error::new(format!("cannot use pip's configuration {path}"));
        error.places = Some(Box::new((SourceFile::new(path, text), places)));
        error
    })
}

/// Lets a configuration hold for the requirement files of a project. What a file says itself comes after it: `pip`
/// reads its configuration first.
pub(crate) fn apply(config: &[IndexUse], inputs: &mut [Input]) {
    if config.is_empty() {
        return;
    }
    let kinds = ["requirements.txt", "requirements.in", "constraints.txt", "environment.yml"];
    for input in inputs.iter_mut().filter(|input| kinds.contains(&input.kind)) {
        input.indexes.splice(0..0, config.iter().cloned());
    }
}
