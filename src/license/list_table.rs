//! The SPDX license list, written as Rust source when the program is built: ids without their full names, as text that
//! needs no relocation.
//!
//! Uses the standard library alone: `build.rs` includes this file and gives it the list of the `spdx` crate. The crate
//! itself stays out of the program: its tables and its lenient names would add 134 kB, this is 18 kB.

use std::fmt::Write;

use super::flags::{COPYLEFT, folded};

/// Licenses with a copyleft that the `spdx` crate does not flag. The license list itself has no such column: the crate
/// goes by the list of the Free Software Foundation, which is silent about many. These ask, in their own words, that
/// changed versions (or the files, data or designs that were changed) come under the same terms.
const ALSO_COPYLEFT: [&str; 47] = [
    "APSL-1.0",
    "APSL-1.1",
    "APSL-1.2",
    "APSL-2.0",
    "CAL-1.0",
    "CAL-1.0-Combined-Work-Exception",
    "CATOSL-1.1",
    "CDLA-Sharing-1.0",
    "CERN-OHL-1.1",
    "CERN-OHL-1.2",
    "CERN-OHL-S-2.0",
    "CERN-OHL-W-2.0",
    "CPAL-1.0",
    "CUA-OPL-1.0",
    "D-FSL-1.0",
    "EPL-1.0",
    "EPL-2.0",
    "ErlPL-1.1",
    "IPL-1.0",
    "Interbase-1.0",
    "LGPLLR",
    "LiLiQ-R-1.1",
    "LiLiQ-Rplus-1.1",
    "Motosoto",
    "NGPL",
    "NOSL",
    "NPOSL-3.0",
    "Nokia",
    "OCLC-2.0",
    "ODbL-1.0",
    "OSET-PL-2.1",
    "Parity-7.0.0",
    "QPL-1.0",
    "QPL-1.0-INRIA-2004",
    "RPL-1.1",
    "RPL-1.5",
    "RPSL-1.0",
    "SISSL-1.2",
    "SPL-1.0",
    "SSPL-1.0",
    "SimPL-2.0",
    "Sleepycat",
    "TAPR-OHL-1.0",
    "Watcom-1.0",
    "YPL-1.0",
    "copyleft-next-0.3.0",
    "copyleft-next-0.3.1",
];

/// Licenses that the `spdx` crate flags as copyleft, and that are not: like a BSD license with attribution.
const NOT_COPYLEFT: [&str; 1] = ["CECILL-B"];

/// The table as Rust source; see the declarations in `list.rs` for what each part is.
pub(crate) fn list(licenses: &[(&str, u8)], exceptions: &[&str]) -> Result<String, String> {
    for id in ALSO_COPYLEFT.iter().chain(&NOT_COPYLEFT) {
        if !licenses.iter().any(|(listed, _)| listed == id) {
            return Err(format!("the list has no `{id}`"));
        }
    }
    // `GPL-2.0+` is an id of its own on the list, and the id `GPL-2.0` with an operator in expressions.
    let mut licenses: Vec<(&str, u8)> =
        licenses.iter().filter(|(id, _)| !id.ends_with('+')).copied().collect();
    for (id, flags) in &mut licenses {
        if ALSO_COPYLEFT.contains(id) {
            *flags |= COPYLEFT;
        } else if NOT_COPYLEFT.contains(id) {
            *flags &= !COPYLEFT;
        }
    }
    licenses.sort_by(|(one, _), (other, _)| folded(one).cmp(folded(other)));
    let mut exceptions = exceptions.to_vec();
    exceptions.sort_by(|one, other| folded(one).cmp(folded(other)));
    let ids: Vec<&str> = licenses.iter().map(|(id, _)| *id).collect();
    let mut source = String::new();
    names(&mut source, "LICENSE", &ids)?;
    names(&mut source, "EXCEPTION", &exceptions)?;
    let flags: Vec<u8> = licenses.iter().map(|(_, flags)| *flags).collect();
    let _ = writeln!(source, "pub(super) static FLAGS: [u8; {}] = {flags:?};", flags.len());
    Ok(source)
}

fn names(source: &mut String, name: &str, ids: &[&str]) -> Result<(), String> {
    if ids.windows(2).any(|pair| folded(pair[0]).ge(folded(pair[1]))) {
        return Err("an id stands there twice".to_owned());
    }
    let mut starts = vec![0_u16];
    let mut at = 0_u16;
    for id in ids {
        at = u16::try_from(id.len()).ok().and_then(|length| at.checked_add(length)).ok_or("too many ids")?;
        starts.push(at);
    }
    let _ = writeln!(source, "pub(super) static {name}_STARTS: [u16; {}] = {starts:?};", starts.len());
    let _ = writeln!(source, "pub(super) static {name}_NAMES: &str = {:?};", ids.concat());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_without_the_licenses_that_are_flagged_here_is_refused() {
        assert_eq!(list(&[("MIT", 0)], &[]), Err("the list has no `APSL-1.0`".to_owned()));
    }
}
