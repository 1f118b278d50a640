//! SPDX license expressions as trees.
//!
//! Source: SPDX specification 2.3, Annex D "SPDX license expressions". `license::expression` reads them; here they are
//! only held, printed and compared. What policy and reports have to know about a license (its properties, its later
//! versions) stands in the leaf, so that neither needs the license list.

use crate::model::Arrange as _;
use std::fmt;

/// What the SPDX license list says about a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct LicenseProperties {
    /// Approved by the Open Source Initiative.
    pub osi_approved: bool,
    /// Free/libre by the Free Software Foundation.
    pub fsf_libre: bool,
    /// Derived works must come under the same terms, in whole or in part.
    pub copyleft: bool,
}

/// One license of an expression, with its exception.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SimpleLicense {
    /// The id as the license list writes it today (`GPL-3.0-only`, never `GPL-3.0`), or a reference
    /// (`LicenseRef-acme`, `DocumentRef-x:LicenseRef-y`).
    pub id: Box<str>,
    /// `+` after an id that has no `-or-later` of its own: this version or any later one.
    pub or_later: bool,
    /// The exception after `WITH`, as the list writes it.
    pub exception: Option<Box<str>>,
    /// What the list says about the license; nothing about a reference.
    pub properties: LicenseProperties,
    /// The family and versions that the license lets one choose from: `GPL-2.0-or-later` is the family `GPL` from 2.0
    /// on, `GPL-2.0-only` just 2.0, `Apache-2.0` is `Apache` 2.0. `None` for a license without versions.
    pub family: Option<LicenseFamily>,
}

/// The versions of a license that one may choose from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LicenseFamily {
    /// The id without version and without `-only` or `-or-later` (`GPL`, `LGPL`, `Apache`, `MPL`).
    pub name: Box<str>,
    /// The versions on the license list that it covers, oldest first (`["2.0", "3.0"]`). Never empty.
    pub versions: Vec<Box<str>>,
}

impl SimpleLicense {
    /// Whether it is no license of the list, but a name that somebody gave.
    pub fn is_reference(&self) -> bool {
        self.id.starts_with("LicenseRef-") || self.id.starts_with("DocumentRef-")
    }
}

impl fmt::Display for SimpleLicense {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.id)?;
        if self.or_later {
            formatter.write_str("+")?;
        }
        match &self.exception {
            Some(exception) => write!(formatter, " WITH {exception}"),
            None => Ok(()),
        }
    }
}

/// A license expression. Printed canonically: ids as the list writes them, operators in capitals, no parentheses but
/// those that are needed, the order as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LicenseExpression {
    /// One license.
    License(SimpleLicense),
    /// All of these. At least two; none of them is an `And`.
    And(Vec<Self>),
    /// Any of these. At least two; none of them is an `Or`.
    Or(Vec<Self>),
}

impl LicenseExpression {
    /// The licenses, in the order of the text, repetitions included.
    pub fn licenses(&self) -> Vec<&SimpleLicense> {
        let mut licenses = Vec::new();
        self.collect(&mut licenses);
        licenses
    }

    fn collect<'a>(&'a self, licenses: &mut Vec<&'a SimpleLicense>) {
        match self {
            Self::License(license) => licenses.push(license),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.collect(licenses)),
        }
    }

    /// The same terms in another order, or with repetitions, give the same value.
    #[must_use]
    pub fn sorted(&self) -> Self {
        let sorted = |parts: &[Self]| {
            let mut parts: Vec<_> = parts.iter().map(Self::sorted).collect();
            parts.arrange();
            parts.dedup();
            parts
        };
        let (parts, is_and) = match self {
            Self::License(_) => return self.clone(),
            Self::And(parts) => (sorted(parts), true),
            Self::Or(parts) => (sorted(parts), false),
        };
        match <[Self; 1]>::try_from(parts) {
            Ok([one]) => one,
            Err(parts) if is_and => Self::And(parts),
            Err(parts) => Self::Or(parts),
        }
    }
}

impl fmt::Display for LicenseExpression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, operator) = match self {
            Self::License(license) => return license.fmt(formatter),
            Self::And(parts) => (parts, " AND "),
            Self::Or(parts) => (parts, " OR "),
        };
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                formatter.write_str(operator)?;
            }
            match part {
                Self::License(license) => license.fmt(formatter)?,
                // An `OR` in an `AND` needs them, an `AND` in an `OR` is easier to read with them.
                nested => write!(formatter, "({nested})")?,
            }
        }
        Ok(())
    }
}

/// An entry of a list of licenses in a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LicenseTerm {
    /// One license, with its exception when it names one.
    License(SimpleLicense),
    /// `osi-approved`.
    OsiApproved,
    /// `fsf-libre`.
    FsfLibre,
    /// `copyleft`.
    Copyleft,
}

/// Text that is no license expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionError {
    /// The bytes of the text that are wrong; empty at its end when something is missing there.
    pub range: std::ops::Range<usize>,
    /// What is wrong; lower case, no full stop.
    pub message: String,
    /// What to write; `None` when nothing is near.
    pub help: Option<String>,
}

/// How a policy reads licenses. Policy does not know the license list; it is given these.
#[derive(Debug, Clone, Copy)]
pub struct LicenseWording {
    /// Reads an expression.
    pub expression: fn(&str) -> Result<LicenseExpression, ExpressionError>,
    /// Reads an entry of a list of licenses.
    pub term: fn(&str) -> Result<LicenseTerm, ExpressionError>,
}
