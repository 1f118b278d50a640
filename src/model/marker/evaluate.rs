//! Whether a marker holds, as far as the environment is known: yes, no, or it depends.

use std::collections::HashMap;

use super::{Marker, Operator, Value};
use crate::model::{Constraint, Version};

/// An operating system, as `--platform` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Linux.
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

impl Platform {
    /// The platform that somebody names: its own name, or what `sys_platform` calls it.
    pub fn named(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "linux" => Some(Self::Linux),
            "macos" | "darwin" => Some(Self::MacOs),
            "windows" | "win32" => Some(Self::Windows),
            _ => None,
        }
    }

    /// The word for it in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::MacOs => "macos",
            Self::Windows => "windows",
        }
    }

    /// `sys_platform`, `platform_system` and `os_name`, as Python says them.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Linux => ("linux", "Linux", "posix"),
            Self::MacOs => ("darwin", "Darwin", "posix"),
            Self::Windows => ("win32", "Windows", "nt"),
        }
    }
}

/// What is known of an environment. Everything that is not known may be anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// The release of Python, two or three numbers. With two, `python_full_version` may be any of that series.
    pub python: Option<Vec<u64>>,
    /// The operating system.
    pub platform: Option<Platform>,
}

/// Three-valued logic (Kleene): `None` is "it depends".
type Truth = Option<bool>;

impl Environment {
    /// The release of Python that a text names: `3.12` or `3.12.4`.
    pub fn python_release(text: &str) -> Option<Vec<u64>> {
        let numbers: Option<Vec<u64>> = text
            .split('.')
            .map(|part| part.parse().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit())))
            .collect();
        numbers.filter(|numbers| (2..=3).contains(&numbers.len()))
    }

    /// Whether nothing is known, so that every marker depends.
    pub fn is_empty(&self) -> bool {
        self.python.is_none() && self.platform.is_none()
    }

    /// Whether a marker may hold. One that cannot be read may.
    pub fn may_hold(&self, marker: &str) -> bool {
        self.is_empty() || Marker::parse(marker).map_or(true, |marker| marker.evaluate(self) != Some(false))
    }

    /// The versions that a variable may have: the lowest and the highest, which are the same when it is known.
    fn versions(&self, variable: &str) -> Option<[Version; 2]> {
        let python = self.python.as_ref()?;
        let joined =
            |numbers: &[u64]| Version::new(&numbers.iter().map(u64::to_string).collect::<Vec<_>>().join("."));
        match (variable, python.as_slice()) {
            ("python_version", numbers) => {
                let version = joined(numbers.get(..2)?);
                Some([version.clone(), version])
            }
            ("python_full_version", [major, minor]) => {
                Some([joined(&[*major, *minor, 0]), joined(&[*major, *minor, 9999])])
            }
            ("python_full_version", numbers) => Some([joined(numbers), joined(numbers)]),
            _ => None,
        }
    }

    /// The text that a variable has.
    fn text(&self, variable: &str) -> Option<&'static str> {
        let (sys_platform, platform_system, os_name) = self.platform?.words();
        match variable {
            "sys_platform" => Some(sys_platform),
            "platform_system" => Some(platform_system),
            "os_name" => Some(os_name),
            _ => None,
        }
    }
}

impl Marker {
    /// Whether it holds in an environment; `None` when that depends on what is not known.
    pub fn evaluate(&self, environment: &Environment) -> Truth {
        match self {
            Self::Or(parts) => any(parts.iter().map(|part| part.evaluate(environment))),
            Self::And(parts) => any(parts.iter().map(|part| part.evaluate(environment).map(|truth| !truth)))
                .map(|truth| !truth),
            Self::Comparison(left, operator, right) => compare(left, *operator, right, environment),
        }
    }
}

/// True when one is, false when all are, else it depends.
fn any(truths: impl Iterator<Item = Truth>) -> Truth {
    let mut depends = false;
    for truth in truths {
        match truth {
            Some(true) => return Some(true),
            None => depends = true,
            Some(false) => {}
        }
    }
    if depends { None } else { Some(false) }
}

fn compare(left: &Value, operator: Operator, right: &Value, environment: &Environment) -> Truth {
    match (left, right) {
        (Value::Variable(variable), Value::Text(text)) => {
            if let Some([lowest, highest]) = environment.versions(variable) {
                return between(&lowest, &highest, operator, text);
            }
            let known = environment.text(variable)?;
            text_holds(known, operator, text)
        }
        // `"3.8" <= python_version`: the same with the operator turned round, except where it has no other side.
        (Value::Text(text), Value::Variable(variable)) => {
            let Operator::Version(operator) = operator else {
                let known = environment.text(variable)?;
                return text_holds(text, operator, known);
            };
            let turned = match operator {
                "<" => ">",
                "<=" => ">=",
                ">" => "<",
                ">=" => "<=",
                "~=" => return None,
                same => same,
            };
            compare(&right.clone(), Operator::Version(turned), &left.clone(), environment)
        }
        (Value::Text(left), Value::Text(right)) => text_holds(left, operator, right),
        (Value::Variable(_), Value::Variable(_)) => None,
    }
}

/// The answer for all versions between two. Order has the same answer everywhere when both ends do; equality only with
/// a version that does not lie between them, or with a whole series.
fn between(lowest: &Version, highest: &Version, operator: Operator, text: &str) -> Truth {
    if lowest == highest {
        return version_holds(lowest, operator, text);
    }
    let comparison = match operator {
        Operator::Version(comparison) => comparison,
        // `in` looks for the text, which has none of a series that it does not name.
        Operator::In | Operator::NotIn => {
            let series = lowest.as_str().rsplit_once('.').map_or("", |(series, _)| series);
            let may_be_there = text.contains(&format!("{series}."));
            return if may_be_there { None } else { Some(operator == Operator::NotIn) };
        }
    };
    let wanted = Version::new(text.trim().trim_end_matches(".*"));
    let is_order = matches!(comparison, "<" | "<=" | ">" | ">=");
    if !is_order && *lowest < wanted && wanted < *highest {
        return None;
    }
    let (low, high) = (version_holds(lowest, operator, text)?, version_holds(highest, operator, text)?);
    (low == high).then_some(low)
}

/// PEP 440 where the text is a version, else the order of text ("Environment Markers": "Otherwise an error", which
/// tools take for text).
fn version_holds(version: &Version, operator: Operator, text: &str) -> Truth {
    match operator {
        // `python_version in "3.8, 3.9"` looks for the text; so does `packaging`.
        Operator::In => Some(text.contains(version.as_str())),
        Operator::NotIn => Some(!text.contains(version.as_str())),
        Operator::Version("===") => Some(version.as_str() == text.trim()),
        Operator::Version(operator) => {
            let constraint = Constraint::parse(&format!("{operator}{}", text.trim()))?;
            Some(constraint.admits(version))
        }
    }
}

fn text_holds(known: &str, operator: Operator, text: &str) -> Truth {
    match operator {
        Operator::In => Some(text.contains(known)),
        Operator::NotIn => Some(!text.contains(known)),
        Operator::Version("==" | "===") => Some(known == text),
        Operator::Version("!=") => Some(known != text),
        Operator::Version(_) => None,
    }
}

/// Markers that were evaluated once: locks repeat a few of them thousands of times.
#[derive(Debug, Default)]
pub(in crate::model) struct Memo<'a> {
    answers: HashMap<&'a str, bool>,
}

impl<'a> Memo<'a> {
    /// Whether a marker may hold; no marker always does.
    pub(in crate::model) fn may_hold(&mut self, environment: &Environment, marker: Option<&'a str>) -> bool {
        let Some(marker) = marker else { return true };
        if environment.is_empty() {
            return true;
        }
        *self.answers.entry(marker).or_insert_with(|| environment.may_hold(marker))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth(marker: &str, python: Option<&str>, platform: Option<&str>) -> Truth {
        let environment = Environment {
            python: python.map(|text| Environment::python_release(text).unwrap()),
            platform: platform.map(|text| Platform::named(text).unwrap()),
        };
        Marker::parse(marker).unwrap().evaluate(&environment)
    }

    #[test]
    fn what_is_known_is_decided_and_the_rest_depends() {
        for (marker, python, platform, expected) in [
            ("python_version < '3.11'", Some("3.12"), None, Some(false)),
            ("python_version < '3.11'", Some("3.9"), None, Some(true)),
            ("python_version >= '3.9'", Some("3.10.4"), None, Some(true)),
            ("'3.9' <= python_version", Some("3.10"), None, Some(true)),
            ("'3.9' > python_version", Some("3.10"), None, Some(false)),
            ("python_full_version < '3.12.4'", Some("3.12"), None, None),
            ("python_full_version < '3.12.4'", Some("3.12.3"), None, Some(true)),
            ("python_full_version == '3.11.*'", Some("3.11"), None, Some(true)),
            ("python_full_version == '3.11.*'", Some("3.12"), None, Some(false)),
            ("python_full_version == '3.12.4'", Some("3.12"), None, None),
            ("python_full_version != '3.11.4'", Some("3.12"), None, Some(true)),
            ("python_full_version >= '3.12'", Some("3.12"), None, Some(true)),
            ("python_version not in '3.0, 3.1, 3.12'", Some("3.12"), None, Some(false)),
            ("python_version in '3.8 3.9'", Some("3.9"), None, Some(true)),
            ("python_full_version in '3.9.0, 3.9.1'", Some("3.9"), None, None),
            ("python_full_version in '3.9.0, 3.9.1'", Some("3.12"), None, Some(false)),
            ("python_full_version not in '3.9.0, 3.9.1'", Some("3.12"), None, Some(true)),
            ("python_version ~= '3.8'", Some("3.12"), None, Some(true)),
            ("sys_platform == 'win32'", None, Some("linux"), Some(false)),
            ("sys_platform == 'win32'", Some("3.12"), None, None),
            ("sys_platform == 'win32' and python_version < '3'", Some("3.12"), None, Some(false)),
            ("sys_platform == 'win32' or python_version > '3'", Some("3.12"), None, Some(true)),
            ("sys_platform == 'win32' or python_version < '3'", Some("3.12"), None, None),
            ("os_name == 'nt' or platform_system == 'Darwin'", None, Some("darwin"), Some(true)),
            ("os_name == 'nt' or platform_system == 'Darwin'", None, Some("linux"), Some(false)),
            ("'linux' in sys_platform", None, Some("linux"), Some(true)),
            ("platform_machine == 'x86_64'", Some("3.12"), Some("linux"), None),
            ("extra == 'lights'", Some("3.12"), Some("linux"), None),
            ("python_version < 'banana'", Some("3.12"), None, None),
            (
                "(python_version < '3' or os_name == 'nt') and os_name != 'nt'",
                Some("3.1"),
                Some("windows"),
                Some(false),
            ),
        ] {
            assert_eq!(truth(marker, python, platform), expected, "{marker} {python:?} {platform:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_may_hold() {
        let environment = Environment { python: Some(vec![3, 12]), platform: None };
        assert!(environment.may_hold("no marker"));
        assert!(!environment.may_hold("python_version < '3'"));
    }

    #[test]
    fn releases_have_two_or_three_numbers() {
        assert_eq!(Environment::python_release("3.12"), Some(vec![3, 12]));
        assert_eq!(Environment::python_release("3.12.1"), Some(vec![3, 12, 1]));
        for text in ["3", "3.x", "py312", "3.12.1.1", "", "3.+1", "3.12rc1"] {
            assert_eq!(Environment::python_release(text), None, "{text}");
        }
    }
}
