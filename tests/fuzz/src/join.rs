//! From files to a project: the hash of a lock, and the join of all files of an archive.

use depaudit::inputs::{Detected, by_kind, detect_named, lock_hash};
use depaudit::model::{
    Environment, Input, ManifestPath, Platform, Project, ProjectView, Selection, SourceMap, Sources, Standing,
};

use crate::archive::Archive;
use crate::laws::{Places, assert_input};
use crate::{main_path, read_into};

/// The kinds of which the hash of a lock is known.
const HASHED: [&str; 4] = ["poetry.lock", "pdm.lock", "Pipfile.lock", "uv.lock"];

/// Whether a lock is up to date never depends on line ends, and no lock is up to date with two hashes.
pub fn hash(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Some((hash, manifest)) = text.split_once('\n') else { return };
    for kind in HASHED {
        let current = lock_hash::is_current(kind, manifest, hash);
        assert_eq!(current, lock_hash::is_current(kind, manifest, hash));
        assert_eq!(current.is_some(), lock_hash::is_current(kind, manifest, "no hash").is_some(), "{kind}");
        assert_ne!(lock_hash::is_current(kind, manifest, "no hash"), Some(true), "{kind}");
        assert!(kind != "uv.lock" || current.is_none());
        if !manifest.contains('\r') {
            let other = manifest.replace('\n', "\r\n");
            assert_eq!(current, lock_hash::is_current(kind, &other, hash), "{kind}: line ends matter");
        }
    }
}

/// Reads every file of an archive that discovery or a person would take, joins them, and asks what rules ask.
pub fn check(data: &[u8]) {
    let archive = Archive::of(data, main_path("requirements.txt"));
    let mut sources = Sources::new(0);
    let mut paths: Vec<&str> = archive.paths().filter(|path| !path.is_empty()).collect();
    paths.sort_unstable();
    paths.dedup();
    let mut inputs = Vec::new();
    for path in paths {
        let kind = match detect_named(path) {
            Detected::Format(format) => format.kind,
            Detected::Perhaps("setup.cfg") => "setup.cfg",
            _ => continue,
        };
        let mut input = read_into(kind, path, &archive, &mut sources);
        assert_input(&input, &sources, &archive);
        let manifest = by_kind(kind).and_then(|format| format.manifest.of(input.file_name()));
        let manifest = manifest.map(|name| format!("{}{name}", input.folder()));
        if let Some(path) = manifest.filter(|path| archive.bytes(path).is_some()) {
            input.manifests.push(ManifestPath { path, whole: true });
        }
        inputs.push(input);
    }
    let all = joined(&inputs, &Selection::default());
    assert_eq!(all.left_out, 0);
    assert_project(&all, &sources);
    for selection in selections(&all) {
        let some = joined(&inputs, &selection);
        assert_project(&some, &sources);
        let known = |name, version| {
            all.targets.iter().any(|target| (&target.name, &target.version) == (name, version))
        };
        for target in &some.targets {
            assert!(known(&target.name, &target.version), "a selection brings {target:?} in: {selection:?}");
        }
    }
}

fn joined(inputs: &[Input], selection: &Selection) -> Project {
    Project::join("shop", inputs.to_vec(), selection, &|_, _| Standing::Foreign)
}

fn selections(project: &Project) -> Vec<Selection> {
    let environment = Environment { python: Some(vec![3, 12]), platform: Some(Platform::Linux) };
    let extra =
        project.inputs.iter().flat_map(|input| &input.packages).find_map(|package| package.extras.first());
    vec![
        Selection { environment, ..Selection::default() },
        Selection { no_dev: true, ..Selection::default() },
        Selection { groups: vec!["main".to_owned()], ..Selection::default() },
        Selection { extras: extra.cloned().into_iter().collect(), ..Selection::default() },
    ]
}

/// Every entry that a project speaks of exists, and the place of each can be written.
fn assert_project(project: &Project, sources: &Sources) {
    let places = Places { sources, map: SourceMap::new(vec![sources.clone()]) };
    let view = ProjectView::new(project);
    for target in &project.targets {
        assert!(!target.entries.is_empty(), "{target:?}");
        for entry in &target.entries {
            assert_eq!(project.package(*entry).name.as_ref(), Some(&target.name));
        }
        let whereabouts = view.whereabouts(target);
        places.assert(whereabouts.primary.span, &whereabouts);
        whereabouts.related.iter().for_each(|label| places.assert(label.span, &whereabouts));
        assert!(whereabouts.paths.iter().all(|path| !path.is_empty()), "{whereabouts:?}");
    }
    for open in &project.open {
        assert!(!open.entries.is_empty(), "{open:?}");
        for entry in open.entries.iter().chain(&open.limits) {
            assert_eq!(project.package(*entry).name.as_ref(), Some(&open.name));
        }
    }
    for unresolved in project.unresolved.iter().chain(&project.doubtful) {
        assert!(!unresolved.why.is_empty(), "{unresolved:?}");
        places.assert(unresolved.span, unresolved);
        let _ = project.package(unresolved.entry);
        let listed = unresolved.gap.and_then(|gap| gap.listed);
        listed.iter().for_each(|entry| drop(project.package(*entry).clone()));
    }
}
