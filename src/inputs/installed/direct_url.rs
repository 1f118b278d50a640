//! `direct_url.json`: where a package that is not from an index was taken from.
//!
//! Source: PyPA specification "Recording the Direct URL Origin of installed distributions" (PEP 610).

use serde::Deserialize;

use crate::model::{PackageSource, SourceKind};

#[derive(Deserialize)]
struct DirectUrl {
    url: String,
    subdirectory: Option<String>,
    vcs_info: Option<VcsInfo>,
    dir_info: Option<DirInfo>,
}

#[derive(Deserialize)]
struct VcsInfo {
    vcs: String,
    requested_revision: Option<String>,
    commit_id: Option<String>,
}

#[derive(Deserialize)]
struct DirInfo {
    #[serde(default)]
    editable: bool,
}

/// The source, and whether the package is installed in place; `None` when the file is not what the specification says.
pub(super) fn read(bytes: &[u8]) -> Option<(PackageSource, bool)> {
    let origin: DirectUrl = serde_json::from_slice(bytes).ok()?;
    let mut source = PackageSource { subdirectory: origin.subdirectory, ..PackageSource::default() };
    let mut editable = false;
    if let Some(vcs) = origin.vcs_info {
        source.kind = match vcs.vcs.as_str() {
            "git" => SourceKind::Git,
            "hg" => SourceKind::Hg,
            "svn" => SourceKind::Svn,
            "bzr" => SourceKind::Bzr,
            _ => SourceKind::Url,
        };
        (source.reference, source.resolved) = (vcs.requested_revision, vcs.commit_id);
    } else if let Some(folder) = origin.dir_info {
        (source.kind, editable) = (SourceKind::Path, folder.editable);
    } else if origin.url.starts_with("file:") {
        source.kind = SourceKind::Path;
    } else {
        source.kind = SourceKind::Url;
    }
    source.url = Some(origin.url);
    Some((source, editable))
}
