//! What differs from the oracle on purpose, each with what decides.

/// A difference that stays.
pub(crate) struct Known {
    /// The file.
    pub(crate) file: &'static str,
    /// The package; `*` for any.
    pub(crate) name: &'static str,
    /// The field, as in [`Difference`](super::compare::Difference).
    pub(crate) field: &'static str,
    /// Why the program is right: the passage of a specification, or what pip does.
    pub(crate) reason: &'static str,
}

/// Poetry 2, `Locker._get_locked_package`: `markers` of an entry is a text for all its groups or a map by group, of
/// which a group that is left out counts as `*`. With any such group the package is installed without a condition, so
/// that the entry has no marker; the oracle shows the map as it stands.
const MAP_WITHOUT_A_GROUP: &str = "a group that the map of markers leaves out has no condition";

const fn markers_by_group(file: &'static str, name: &'static str) -> Known {
    Known { file, name, field: "marker", reason: MAP_WITHOUT_A_GROUP }
}

/// uv, `ResolverManifest::dependency_groups`: a project without a `[project]` table has its groups in `[manifest]`, so
/// that what they ask for is direct; the oracle reads `manifest.requirements` alone.
const fn groups_of_the_manifest(file: &'static str) -> Known {
    Known { file, name: "*", field: "entry", reason: "groups of `[manifest]` make their requirements direct" }
}

/// All of them. One that no longer differs fails the test.
pub(crate) const KNOWN: &[Known] = &[
    Known {
        file: "pypa__pip/tests/data/lockfiles/pylock.invalid.toml",
        name: "simple",
        field: "entry",
        reason: "PEP 751: `lock-version` is required, and a file without it must not be used",
    },
    groups_of_the_manifest("fastapi__full-stack-fastapi-template/uv.lock"),
    groups_of_the_manifest("getsentry__sentry-python/uv.lock"),
    markers_by_group("anchore__vunnel/_at/d3f09a73d10e/poetry.lock", "colorama"),
    markers_by_group("microsoft__graphrag/_at/e84df28e6429/poetry.lock", "cffi"),
    markers_by_group("microsoft__graphrag/_at/e84df28e6429/poetry.lock", "colorama"),
    markers_by_group("microsoft__graphrag/_at/e84df28e6429/poetry.lock", "pycparser"),
    markers_by_group("mozilla__kitsune/_at/b6f40d024c15/poetry.lock", "colorama"),
    markers_by_group("mozilla__kitsune/_at/b6f40d024c15/poetry.lock", "greenlet"),
    markers_by_group("python-poetry__poetry/poetry.lock", "typing-extensions"),
];
