//! stub
use crate::model::{AdvisoryEvidence, DatabaseInfo, PackageName, Severity, Version};
use std::path::Path;
#[derive(Debug)]
pub struct Error;
impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("x")
    }
}
#[derive(Debug)]
pub struct Database;
pub struct Flaw {
    pub malicious: bool,
    pub severity: Severity,
    pub evidence: AdvisoryEvidence,
}
impl Database {
    pub fn open(_: &Path) -> Result<Self, Error> {
        Ok(Self)
    }
    pub fn for_user(_: Option<&Path>) -> Result<Self, Error> {
        Ok(Self)
    }
    pub fn info(&self) -> DatabaseInfo {
        DatabaseInfo::default()
    }
    pub fn flaws(&self, _: &PackageName, _: &Version) -> Result<Vec<Flaw>, Error> {
        Ok(vec![])
    }
    pub fn flaws_by_name(&self, _: &PackageName) -> Result<Vec<Flaw>, Error> {
        Ok(vec![])
    }
}
pub fn describe(_: &AdvisoryEvidence) -> String {
    String::new()
}
