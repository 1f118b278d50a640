//! The `License` field of metadata: free text, in which people write what they like.

use super::expression::parse;
use crate::model::LicenseReading;

/// What the text says.
pub fn read(text: &str) -> LicenseReading {
    parse(text).map_or(LicenseReading::Unknown, LicenseReading::License)
}
