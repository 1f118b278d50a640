//! Version constraints: PEP 440 specifier sets and Poetry's superset of them.
//!
//! ```text
//! constraint  = alternative *( ( "|" / "||" ) alternative )
//! alternative = clause *( ( "," / " " ) clause )
//! clause      = "*" / [ operator ] version [ ".*" ]
//! operator    = "==" / "=" / "!=" / "===" / ">" / ">=" / "<" / "<=" / "~=" / "~" / "^"
//! ```
//!
//! A clause without operator means `==` ("^", "~", a bare version, unions and the space as "and" are Poetry's; all
//! else is PEP 440, "Version specifiers"). Text that neither reads is refused as a whole.

use std::fmt;
use std::str::FromStr;

use pep440_rs::Version as Parsed;

use super::Version;

/// Which versions a requirement admits: alternatives, each a set of clauses that must all hold.
#[derive(Debug, Clone)]
pub struct Constraint {
    alternatives: Vec<Vec<Clause>>,
}

/// One clause. Versions in it are as written.
#[derive(Debug, Clone)]
pub(super) enum Clause {
    /// `*`.
    Any,
    /// `==version`: also its local versions, unless the clause names one (PEP 440, "Version matching").
    Exact(Parsed),
    /// `!=version`.
    Not(Parsed),
    /// `===text`: the very text (PEP 440, "Arbitrary equality").
    Arbitrary(Box<str>),
    /// `==1.*` or `!=1.*`.
    Prefix { base: Parsed, negated: bool },
    /// Everything that has bounds.
    Range { lower: Option<Bound>, upper: Option<Bound> },
}

/// One end of a range.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    pub(super) version: Parsed,
    pub(super) inclusive: bool,
}

/// A clause with the text that it was read from.
#[derive(Debug)]
pub(super) struct Written<'a> {
    pub(super) operator: &'a str,
    pub(super) version: &'a str,
    pub(super) clause: Clause,
}

impl Constraint {
    /// Reads a constraint; `None` when it is neither PEP 440 nor Poetry's notation. No text at all admits
    /// everything, as an empty specifier set does.
    pub fn parse(text: &str) -> Option<Self> {
        let clauses = |written: Vec<Written<'_>>| written.into_iter().map(|written| written.clause).collect();
        Some(Self { alternatives: written(text)?.into_iter().map(clauses).collect() })
    }

    /// Its alternatives, each a set of clauses that must all hold.
    pub(super) fn alternatives(&self) -> &[Vec<Clause>] {
        &self.alternatives
    }

    /// Whether a version that is already chosen fits: pre-releases count by their number alone. A legacy version
    /// fits only `*` and its own text after `===`.
    pub fn admits(&self, version: &Version) -> bool {
        self.alternatives.iter().any(|clauses| clauses.iter().all(|clause| clause.admits(version)))
    }

    /// The same as an environment marker (PEP 508) about the version of Python; `None` when it admits everything.
    pub fn to_python_marker(&self) -> Option<String> {
        let mut alternatives = Vec::with_capacity(self.alternatives.len());
        for clauses in &self.alternatives {
            let comparisons: Vec<_> = clauses.iter().flat_map(Clause::python_comparisons).collect();
            match comparisons.as_slice() {
                [] => return None,
                [one] => alternatives.push(one.clone()),
                _ if self.alternatives.len() == 1 => alternatives.push(comparisons.join(" and ")),
                _ => alternatives.push(format!("({})", comparisons.join(" and "))),
            }
        }
        Some(alternatives.join(" or "))
    }

    /// The same as a PEP 440 specifier set; empty when it admits everything, `None` when it is a choice between
    /// several sets, which PEP 440 cannot write.
    pub fn to_pep440(&self) -> Option<String> {
        let [clauses] = self.alternatives.as_slice() else { return None };
        let texts = clauses.iter().filter(|clause| !matches!(clause, Clause::Any)).map(ToString::to_string);
        Some(texts.collect::<Vec<_>>().join(","))
    }
}

/// Reads the alternatives of a constraint; as [`Constraint::parse`] says.
pub(super) fn written(text: &str) -> Option<Vec<Vec<Written<'_>>>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(vec![Vec::new()]);
    }
    let mut alternatives = Vec::new();
    let mut rest = text;
    while let Some((alternative, tail)) = rest.split_once('|') {
        alternatives.push(alternative_of(alternative)?);
        rest = tail.strip_prefix('|').unwrap_or(tail);
    }
    alternatives.push(alternative_of(rest)?);
    Some(alternatives)
}

/// Reads clauses that are joined by commas or spaces. Surplus commas are harmless, as in `packaging`.
fn alternative_of(text: &str) -> Option<Vec<Written<'_>>> {
    let separator = |character: char| character == ',' || character.is_whitespace();
    let mut rest = text.trim_matches(separator);
    if rest.is_empty() {
        return None;
    }
    let mut clauses = Vec::new();
    while !rest.is_empty() {
        // What follows `===` is text, whatever it begins with.
        let operator_end = match rest.strip_prefix("===") {
            Some(_) => 3,
            None => rest.find(|character| !"^~=<>!".contains(character)).unwrap_or(rest.len()),
        };
        let (operator, tail) = rest.split_at(operator_end);
        let tail = tail.trim_start();
        let (version, tail) = tail.split_at(tail.find(separator).unwrap_or(tail.len()));
        clauses.push(Written { operator, version, clause: Clause::new(operator, version)? });
        rest = tail.trim_start_matches(separator);
    }
    Some(clauses)
}

impl Clause {
    pub(super) fn new(operator: &str, text: &str) -> Option<Self> {
        if operator.is_empty() && is_wildcard(text) {
            return Some(Self::Any);
        }
        if operator == "===" {
            return if text.is_empty() { None } else { Some(Self::Arbitrary(text.into())) };
        }
        let starred = text.strip_suffix(".*");
        if let ("" | "=" | "==" | "!=", Some(mut bare)) = (operator, starred) {
            while let Some(shorter) = bare.strip_suffix(".*") {
                bare = shorter;
            }
            let base = parse(bare)?;
            // PEP 440, "Version matching": a prefix is a release number, without any suffix.
            return (base == base.only_release().with_epoch(base.epoch()) && !base.is_local())
                .then_some(Self::Prefix { base, negated: operator == "!=" });
        }
        // Elsewhere Poetry ignores the star: `>=1.0.*` is found in published metadata.
        let version = match (operator, starred) {
            (">" | ">=" | "<" | "<=", Some(bare)) => parse(bare)?,
            _ => parse(text)?,
        };
        let from = |version: &Parsed| Some(Bound { version: version.clone(), inclusive: true });
        let below = |version: Parsed| Some(Bound { version, inclusive: false });
        Some(match operator {
            "" | "=" | "==" => Self::Exact(version),
            "!=" => Self::Not(version),
            ">" => Self::Range { lower: below(version), upper: None },
            ">=" => Self::Range { lower: from(&version), upper: None },
            "<" => Self::Range { lower: None, upper: below(version) },
            "<=" => Self::Range { lower: None, upper: from(&version) },
            "^" => Self::Range { lower: from(&version), upper: below(next(&version, breaking(&version))?) },
            "~" => Self::Range {
                lower: from(&version),
                upper: below(next(&version, usize::from(version.release().len() > 1))?),
            },
            // PEP 440, "Compatible release": all but the last number must stay.
            "~=" => {
                let upper = next(&version, version.release().len().saturating_sub(2))?;
                Self::Range { lower: from(&version), upper: below(upper) }
            }
            _ => return None,
        })
    }

    fn admits(&self, version: &Version) -> bool {
        match (self, version.pep440()) {
            (Self::Any, _) => true,
            (Self::Arbitrary(text), _) => version.as_str().trim().eq_ignore_ascii_case(text),
            (_, None) => false,
            (Self::Exact(wanted), Some(version)) => *wanted == public_for(wanted, version),
            (Self::Not(unwanted), Some(version)) => *unwanted != public_for(unwanted, version),
            (Self::Prefix { base, negated }, Some(version)) => has_prefix(base, version) != *negated,
            (Self::Range { lower, upper }, Some(version)) => {
                lower.as_ref().is_none_or(|bound| bound.admits_from_below(version))
                    && upper.as_ref().is_none_or(|bound| bound.admits_from_above(version))
            }
        }
    }
}

impl Clause {
    /// The clause as comparisons of markers. `python_version` has two numbers only: it will do for `>=` and `<`
    /// of as many; everything else has to look at the whole version.
    fn python_comparisons(&self) -> Vec<String> {
        let text = self.to_string();
        text.split(',')
            .filter_map(|part| part.split_at_checked(part.find(|character| !"=!<>".contains(character))?))
            .map(|(operator, version)| {
                let short = matches!(operator, ">=" | "<")
                    && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
                    && version.matches('.').count() <= 1;
                let variable = if short { "python_version" } else { "python_full_version" };
                format!("{variable} {operator} \"{version}\"")
            })
            .collect()
    }
}

impl Bound {
    /// PEP 440, "Exclusive ordered comparison": `>V` admits neither local versions nor post-releases of V.
    fn admits_from_below(&self, version: &Parsed) -> bool {
        let mut version = public_for(&self.version, version);
        if !self.inclusive && !self.version.is_post() && version.is_post() {
            version = version.with_post(None).with_dev(None);
        }
        if self.inclusive { version >= self.version } else { version > self.version }
    }

    /// PEP 440, "Exclusive ordered comparison": `<V` admits no pre-release of V, unless V is one.
    fn admits_from_above(&self, version: &Parsed) -> bool {
        let version = public_for(&self.version, version);
        if self.inclusive {
            version <= self.version
        } else if self.version.any_prerelease() {
            version < self.version
        } else {
            version < self.version.clone().without_local().with_dev(Some(0))
        }
    }
}

/// The version without its local part, when the clause does not speak about local versions.
fn public_for(clause: &Parsed, version: &Parsed) -> Parsed {
    if clause.is_local() { version.clone() } else { version.clone().without_local() }
}

fn parse(text: &str) -> Option<Parsed> {
    if text == "dev" {
        return Some(Parsed::new([0, 0]).with_dev(Some(0)));
    }
    Parsed::from_str(text).ok()
}

/// Whether a text is `*`, `x` or several of them with dots.
fn is_wildcard(text: &str) -> bool {
    text.trim_start_matches(['v', 'V']).split('.').all(|part| matches!(part, "*" | "x" | "X"))
        && !text.starts_with("vv")
}

/// Which number `^` counts up: the first that is not zero, or the last of the three that are written.
fn breaking(version: &Parsed) -> usize {
    match version.release() {
        [0, minor, rest @ ..] if *minor > 0 || rest.is_empty() => 1,
        [0, _, ..] => 2,
        _ => 0,
    }
}

/// The release in which the number at `index` is one higher and those after it are zero; `None` beyond 64 bits.
pub(super) fn next(version: &Parsed, index: usize) -> Option<Parsed> {
    let mut release = version.release().to_vec();
    release.resize(release.len().max(index + 1), 0);
    for (position, number) in release.iter_mut().enumerate().skip(index) {
        *number = if position == index { number.checked_add(1)? } else { 0 };
    }
    Some(Parsed::new(release).with_epoch(version.epoch()))
}

/// PEP 440, "Version matching": the numbers of the release start with those of the prefix, padded with zeros.
fn has_prefix(base: &Parsed, version: &Parsed) -> bool {
    let padded = version.release().iter().copied().chain(std::iter::repeat(0));
    base.epoch() == version.epoch()
        && base.release().iter().copied().zip(padded).all(|(one, other)| one == other)
}

impl fmt::Display for Clause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => Ok(()),
            Self::Exact(version) => write!(formatter, "=={version}"),
            Self::Not(version) => write!(formatter, "!={version}"),
            Self::Arbitrary(text) => write!(formatter, "==={text}"),
            Self::Prefix { base, negated } => {
                write!(formatter, "{}{base}.*", if *negated { "!=" } else { "==" })
            }
            Self::Range { lower, upper } => {
                let mut separator = "";
                for (bound, sign) in [(lower, '>'), (upper, '<')] {
                    let Some(Bound { version, inclusive }) = bound else { continue };
                    write!(formatter, "{separator}{sign}{}{version}", if *inclusive { "=" } else { "" })?;
                    separator = ",";
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn admits(constraint: &str, version: &str) -> bool {
        Constraint::parse(constraint).expect(constraint).admits(&Version::new(version))
    }

    #[test]
    fn arbitrary_equality_takes_what_looks_like_an_operator() {
        for text in ["=== !=1", "===!=1", "====1", "===>=1, <2", "===^1"] {
            let constraint = Constraint::parse(text).expect(text);
            let again = constraint.to_pep440().expect(text);
            assert_eq!(Constraint::parse(&again).expect(text).to_pep440(), Some(again), "{text}");
        }
        assert!(admits("====1", "=1") && admits("===!=1", "!=1") && !admits("===!=1", "2"));
    }

    /// Answers of poetry-core 2.5.0, `parse_constraint(constraint).allows(version)`: `+` admitted, `-` not.
    #[test]
    fn agrees_with_poetry_core() {
        let versions = [
            "0.0.3",
            "0.0.4.dev1",
            "0.2.9",
            "1.0",
            "1.2.3",
            "1.2.3+cpu",
            "1.2.3.post1",
            "1.2.4a1",
            "1.3.dev0",
            "1.4.9",
            "2.0.dev1",
            "2.0b3",
            "2.0rc1",
            "2.0",
            "2.7.18",
            "3.4",
            "3.8.1",
            "1!2.0",
        ];
        let answers = [
            ("*", "++++++++++++++++++"),
            ("^1.2.3", "----++++++--------"),
            ("^1", "---+++++++--------"),
            ("^0.2.3", "--+---------------"),
            ("^0.0.3", "+-----------------"),
            ("^0.0", "++----------------"),
            ("^0", "+++---------------"),
            ("^1.2.3.4", "-------+++--------"),
            ("^2.0b1", "-----------++++---"),
            ("~1.2.3", "----++++----------"),
            ("~1.2", "----++++----------"),
            ("~1", "---+++++++--------"),
            ("1.2.3", "----++------------"),
            ("==1.2.3", "----++------------"),
            ("= 1.2.3", "----++------------"),
            ("1.2.*", "----++++----------"),
            ("!=1.2.*", "++++----++++++++++"),
            ("!=1.2.3", "++++--++++++++++++"),
            (">1.2.3", "-------+++++++++++"),
            (">=1.2,<2.0", "----++++++--------"),
            (">=1.2 <2.0", "----++++++--------"),
            (">= 1.2 , < 2.0", "----++++++--------"),
            ("<2.0", "++++++++++--------"),
            ("<=1.2.3", "++++++------------"),
            ("~=1.4.5", "---------+--------"),
            ("~=1.4", "---------+--------"),
            ("~2.7 || ^3.4", "--------------+++-"),
            ("<1.0|>=2.0", "+++----------+++++"),
            (">=3.6,!=3.7.*,!=3.8.0", "----------------++"),
            ("1!2.0", "-----------------+"),
            ("==1.2.3+cpu", "-----+------------"),
            (">1.2.3.post1", "-------+++++++++++"),
            ("<2.0rc1", "++++++++++++------"),
            ("1.2.3,", "----++------------"),
        ];
        for (constraint, marks) in answers {
            let ours: String =
                versions.iter().map(|version| if admits(constraint, version) { '+' } else { '-' }).collect();
            assert_eq!(ours, marks, "{constraint}");
        }
    }

    #[test]
    fn refuses_what_is_no_constraint() {
        for text in [
            "gibberish",
            ">=",
            "||",
            "1 ||",
            "^",
            "> = 1",
            "1.0 - 2.0",
            "<>1.0",
            "==*",
            "^1.*",
            "1.0a1.*",
            "=>1",
            "$x",
            "===",
        ] {
            assert!(Constraint::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn an_empty_set_admits_everything() {
        assert!(admits("", "1.0a1"));
        assert!(admits("*", "2018-04-22b"), "even what is no version");
    }

    #[test]
    fn legacy_versions_fit_only_their_own_text() {
        assert!(admits("===2.9.0-NA", "2.9.0-na"));
        assert!(!admits("==2.9.0", "2.9.0-NA"));
        assert!(!admits("!=2.9.0", "2.9.0-NA"), "an order is needed to tell");
        assert!(!admits("===1.0", "1.0.0"), "arbitrary equality compares text");
    }

    #[test]
    fn excluding_a_local_version_excludes_no_other() {
        // PEP 440, "Version exclusion"; poetry-core 2.5 also drops the post-releases here.
        assert!(admits("!=1.0+cpu", "1.0.post0"));
        assert!(admits("!=1.0+cpu", "1.0"));
        assert!(!admits("!=1.0+cpu", "1.0+cpu"));
    }

    #[test]
    fn writes_pep_440() {
        for (constraint, written) in [
            ("^3.8", Some(">=3.8,<4.0")),
            ("~3.8.1", Some(">=3.8.1,<3.9.0")),
            (">=3.6, !=3.7.* <4", Some(">=3.6,!=3.7.*,<4")),
            ("3.8", Some("==3.8")),
            ("*", Some("")),
            ("~2.7 || ^3.4", None),
        ] {
            assert_eq!(Constraint::parse(constraint).unwrap().to_pep440().as_deref(), written);
        }
    }

    #[test]
    fn becomes_a_marker_about_python() {
        for (constraint, marker) in [
            ("^3.8", Some("python_version >= \"3.8\" and python_version < \"4.0\"")),
            ("<3", Some("python_version < \"3\"")),
            ("<=3.8", Some("python_full_version <= \"3.8\"")),
            ("~3.8.1", Some("python_full_version >= \"3.8.1\" and python_full_version < \"3.9.0\"")),
            ("3.7.* || >=3.9", Some("python_full_version == \"3.7.*\" or python_version >= \"3.9\"")),
            (
                "~2.7 || ^3.4",
                Some(
                    "(python_version >= \"2.7\" and python_version < \"2.8\") or \
                     (python_version >= \"3.4\" and python_version < \"4.0\")",
                ),
            ),
            ("*", None),
            ("* || 3.9", None),
        ] {
            assert_eq!(Constraint::parse(constraint).unwrap().to_python_marker().as_deref(), marker);
        }
    }

    #[test]
    fn huge_numbers_do_not_overflow() {
        assert!(Constraint::parse("^18446744073709551615").is_none());
        assert!(Constraint::parse("~1.18446744073709551615").is_none());
        assert!(admits(">=1.18446744073709551615", "1.18446744073709551615"));
    }

    proptest! {
        #[test]
        fn written_as_pep_440_it_means_the_same(
            operator in "(|=|==|!=|>=?|<=?|~|\\^) ?",
            wanted in "[0-3](\\.[0-3]){0,3}((a|b|rc)[0-2])?(\\.post[0-2])?(\\.dev[0-2])?",
            version in "[0-3](\\.[0-3]){0,3}((a|b|rc)[0-2])?(\\.post[0-2])?(\\.dev[0-2])?(\\+cpu)?",
        ) {
            let constraint = Constraint::parse(&format!("{operator}{wanted}")).unwrap();
            let again = Constraint::parse(&constraint.to_pep440().unwrap()).unwrap();
            let version = Version::new(&version);
            prop_assert_eq!(constraint.admits(&version), again.admits(&version));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[\\^~=<>!|,.* 0-9a-zé]{0,24}", version in "\\PC{0,12}") {
            if let Some(constraint) = Constraint::parse(&text) {
                constraint.admits(&Version::new(&version));
                constraint.to_pep440();
            }
        }
    }
}
