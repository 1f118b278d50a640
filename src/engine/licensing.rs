//! Gathering what is known about the licenses of a project's packages, best first: the policy, the metadata and the
//! license files of the release, the same of another release, recipes of distributions.

use crate::model::Arrange as _;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::Error;
use super::releases::{Release, Shelf};
use super::tree::Tree;
use super::walls::Walls;
use crate::license;
use crate::model::{
    EvidenceSource, EvidenceStrength, LicenseEvidence, LicenseFileText, LicenseOf, LicenseReading, Note,
    PackageLicense, PackageName, Project, SourceFile, Sources, Span, Version,
};
use crate::policy::Policy;
use crate::rules::license::Judged;

/// The virtual environment beside a project that its tools fill.
const ENVIRONMENT: &str = ".venv";

/// What a run is given to learn licenses from.
#[derive(Debug, Default)]
pub(super) struct Shelves {
    /// The folders that the command line names.
    given: Vec<Shelf>,
}

/// What is worth keeping of a release besides its terms: for attribution.
#[derive(Debug, Clone, Default)]
pub(super) struct Attribution {
    pub(super) author: Option<String>,
    pub(super) homepage: Option<String>,
    pub(super) texts: Vec<LicenseFileText>,
    pub(super) copyrights: Vec<String>,
}

/// The licenses of a project.
#[derive(Debug, Default)]
pub(super) struct Licensing {
    pub(super) licenses: Vec<PackageLicense>,
    /// One for each of the licenses.
    pub(super) attributions: Vec<Arc<Attribution>>,
    pub(super) notes: Vec<Note>,
}

/// Which exceptions and clarifications of the policy a package needed.
#[derive(Debug, Clone, Default)]
pub(super) struct LicenseUses {
    pub(super) exceptions: BTreeSet<usize>,
    pub(super) clarifications: BTreeSet<usize>,
}

impl LicenseUses {
    pub(super) fn of(judged: &[Judged<'_>]) -> Self {
        let rulings = judged.iter().flat_map(|judged| &judged.rulings);
        Self {
            exceptions: rulings.filter_map(|ruling| ruling.exception).collect(),
            clarifications: judged.iter().filter_map(|judged| judged.license.clarification).collect(),
        }
    }

    pub(super) fn extend(&mut self, other: Self) {
        self.exceptions.extend(other.exceptions);
        self.clarifications.extend(other.clarifications);
    }
}

impl Shelves {
    /// Lists the folders of `--metadata` and `--site-packages`.
    ///
    /// # Errors
    /// One that cannot be listed, or that holds no metadata.
    pub(super) fn new(metadata: &[PathBuf], site_packages: &[PathBuf], here: &Path) -> Result<Self, Error> {
        let folders = metadata.iter().chain(site_packages);
        let given: Result<Vec<_>, _> = folders.map(|folder| Shelf::named(folder, here)).collect();
        Ok(Self { given: given? })
    }

    /// Learns the licenses of a project's packages. The texts that places point into are added to `sources`.
    pub(super) fn learn(
        &self,
        project: &Project,
        tree: &Tree,
        policy: &Policy,
        sources: &mut Sources,
    ) -> Licensing {
        let (beside, said) = beside(project, tree);
        let mut learning =
            Learning { shelves: self.given.iter().chain(&beside).collect(), policy, sources, notes: said };
        for shelf in &learning.shelves {
            learning.notes.extend(shelf.notes.iter().cloned());
        }
        let mut licensing = Licensing::default();
        let mut add = |of: LicenseOf, name: &PackageName, version: Option<&Version>| {
            let (license, attribution) = learning.learn(of, name, version);
            licensing.licenses.push(license);
            licensing.attributions.push(Arc::new(attribution));
        };
        for (index, target) in project.targets.iter().enumerate() {
            add(LicenseOf::Target(index), &target.name, Some(&target.version));
        }
        for (index, open) in project.open.iter().enumerate() {
            add(LicenseOf::Open(index), &open.name, None);
        }
        for (index, unresolved) in project.unresolved.iter().enumerate() {
            let package = project.package(unresolved.entry);
            if let Some(name) = &package.name {
                add(LicenseOf::Unresolved(index), name, package.version.as_ref());
            }
        }
        licensing.notes = learning.notes;
        licensing
    }
}

/// What is installed where the project lies: its inputs that are environments, and the `.venv` beside it.
fn beside(project: &Project, tree: &Tree) -> (Vec<Shelf>, Vec<Note>) {
    let tree = &tree.on_disk();
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut notes = Vec::new();
    let is_committed = |folder: &PathBuf| Walls::new(tree, folder).tracks(folder);
    let committed = |path: String| {
        let text = "git tracks files in it: no license is believed that somebody committed there";
        Note { path, span: None, text: text.to_owned() }
    };
    for input in project.inputs.iter().filter(|input| input.kind == "installed") {
        match tree.resolve("", &input.path) {
            Some(folder) if is_committed(&folder) => notes.push(committed(input.path.clone())),
            folder => folders.extend(folder),
        }
    }
    let environment = tree.resolve(&project.folder, ENVIRONMENT);
    // A link is committed where it lies, or where it leads.
    let linked = tree.resolve("", &project.folder).map(|folder| folder.join(ENVIRONMENT));
    if environment.as_ref().is_some_and(is_committed)
        || (environment.is_some() && linked.as_ref().is_some_and(is_committed))
    {
        let path = if project.folder.is_empty() { String::new() } else { format!("{}/", project.folder) };
        notes.push(committed(format!("{path}{ENVIRONMENT}")));
    } else if let Some(environment) = environment {
        folders.push(environment.join("Lib").join("site-packages"));
        if let Ok(entries) = std::fs::read_dir(environment.join("lib")) {
            let mut versions: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
            versions.arrange();
            folders.extend(versions.into_iter().map(|version| version.join("site-packages")));
        }
    }
    let own = tree.resolve("", &project.folder);
    let is_there = own.is_some_and(|folder| folder.join(ENVIRONMENT).symlink_metadata().is_ok());
    if is_there && tree.resolve(&project.folder, ENVIRONMENT).is_none() {
        let path = if project.folder.is_empty() { String::new() } else { format!("{}/", project.folder) };
        let text = "is a link that leads outside the root or nowhere: no license is read from it".to_owned();
        notes.push(Note { path: format!("{path}{ENVIRONMENT}"), span: None, text });
    }
    folders.dedup();
    (folders.iter().filter_map(|folder| Shelf::installed(folder, tree)).collect(), notes)
}

struct Learning<'a> {
    shelves: Vec<&'a Shelf>,
    policy: &'a Policy,
    sources: &'a mut Sources,
    notes: Vec<Note>,
}

impl Learning<'_> {
    fn learn(
        &mut self,
        of: LicenseOf,
        name: &PackageName,
        version: Option<&Version>,
    ) -> (PackageLicense, Attribution) {
        let mut evidence = Vec::new();
        let clarified = self.policy.licenses.clarification(name, version);
        if let Some((_, clarification)) = clarified {
            evidence.push(LicenseEvidence {
                source: EvidenceSource::Clarification,
                strength: EvidenceStrength::Certain,
                value: clarification.expression.to_string(),
                reading: LicenseReading::License(clarification.expression.clone()),
                span: Some(clarification.expression_span),
                score: None,
                about: None,
            });
        }
        let clarification = clarified.map(|(index, _)| index);
        let attribution = self.of_releases(name, version, &mut evidence);
        // A private name is somebody else's package in the rest of the world.
        if self.policy.names.private(name).is_none() {
            evidence.extend(license::recipes::find(name).map(|recipe| recipe.evidence()));
        }
        let conclusion = license::conclude(&evidence);
        (PackageLicense { of, evidence, conclusion, clarification }, attribution)
    }

    /// What releases say: the same version first, else what another one says.
    fn of_releases(
        &mut self,
        name: &PackageName,
        version: Option<&Version>,
        evidence: &mut Vec<LicenseEvidence>,
    ) -> Attribution {
        let mut others: Vec<(Release, Version)> = Vec::new();
        for shelf in &self.shelves {
            for release in shelf.releases(name, &mut self.notes) {
                let declared = license::metadata::read(&release.metadata, crate::model::SourceId::default());
                let is_meant = declared.name.as_deref().is_none_or(|own| PackageName::new(own) == *name);
                if !is_meant {
                    let text =
                        "its metadata gives another name than its file: its license is not read".to_owned();
                    self.notes.push(Note { path: release.path.clone(), span: None, text });
                    continue;
                }
                let own = Version::new(declared.version.as_deref().unwrap_or_default());
                if version.is_some_and(|version| version.order(&own).is_eq()) {
                    return self.read(&release, None, evidence);
                }
                others.push((release, own));
            }
        }
        // Of other releases the nearest below, else the newest one, is better than what others say about it.
        others.arrange_by(|left, right| left.1.order(&right.1));
        let below =
            others.iter().rposition(|(_, own)| version.is_some_and(|version| own.order(version).is_lt()));
        let chosen = below.or(others.len().checked_sub(1)).and_then(|index| others.get(index).cloned());
        if let Some((release, own)) = chosen {
            return self.read(&release, Some(&own), evidence);
        }
        Attribution::default()
    }

    /// The evidence of one release; `about` is its version when that is another one.
    fn read(
        &mut self,
        release: &Release,
        about: Option<&Version>,
        evidence: &mut Vec<LicenseEvidence>,
    ) -> Attribution {
        let source = self.sources.add(SourceFile::new(release.path.as_str(), release.metadata.clone()));
        let read = license::metadata::read(&release.metadata, source);
        let mut attribution =
            Attribution { author: read.author, homepage: read.homepage, ..Attribution::default() };
        let mut found = read.evidence;
        let folder = release.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut unread = None;
        for file in &release.files {
            let path = format!("{folder}/{}", file.name);
            if file.cut {
                let text = "is longer than 1 MiB: only its beginning was read".to_owned();
                self.notes.push(Note { path: path.clone(), span: None, text });
            }
            for line in license::copyright::lines(&file.text) {
                if !attribution.copyrights.contains(&line) {
                    attribution.copyrights.push(line);
                }
            }
            let mut text = file.text.replace("\r\n", "\n").replace('\r', "\n");
            if file.cut {
                text.push_str("\n[the rest of this file is left out: it is longer than 1 MiB]\n");
            }
            let recognised = license::text::recognise(&file.text);
            let source = self.sources.add(SourceFile::new(path.as_str(), text.clone()));
            let evidence = recognised.evidence(&path, Some(Span::start_of(source)));
            if recognised.found.is_empty() {
                unread = unread.or(Some(evidence));
            } else {
                found.push(evidence);
            }
            attribution.texts.push(LicenseFileText { name: file.name.clone(), text });
        }
        // Notices and the like go with a license; alone, a text that is no known license is worth showing.
        if found.iter().all(|evidence| evidence.source != EvidenceSource::LicenseFile) {
            found.extend(unread);
        }
        found.arrange_by_key(|evidence| evidence.source);
        if let Some(version) = about {
            let version = match version.as_str() {
                "" => "unknown version",
                version => version,
            };
            for evidence in &mut found {
                evidence.strength = EvidenceStrength::Fallback;
                evidence.about = Some(version.to_owned());
            }
        }
        evidence.extend(found);
        attribution
    }
}
