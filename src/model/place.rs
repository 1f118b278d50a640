//! Places between versions, as byte strings on the line of the keys of [`version_key`](super::version_key).
//!
//! Source: PEP 440, "Summary of permitted suffixes and relative ordering". All functions take places apart by the
//! layout of the keys, and answer nothing for what is no key: a place that we did not make is left as it is.

use pep440_rs::{Prerelease, PrereleaseKind, Version as Parsed};

use super::version_key::{PROPER, after, key_of_version, put_number};

/// The least version that PEP 440 accepts, `0.dev0`.
pub(super) const FIRST: &[u8] = &[PROPER, 0, 0, 0, 0, 0, 0, 0];
/// The phase of a version that is neither a pre-release nor a development release of nothing else.
const FINAL: u8 = 4;

/// The key of a version without local part, or a place among its local versions, taken apart.
struct Parts {
    /// How long the lead byte, the epoch and the release are, closing byte included.
    release: usize,
    /// How long all that is before the post-release is.
    phase: usize,
    phase_byte: u8,
    phase_number: Option<u64>,
    post: Option<u64>,
    dev: Option<u64>,
    /// How long all that is before the local part is.
    public: usize,
}

/// A number at a place, after its length plus `above`; and where it ends.
fn number_at(bytes: &[u8], at: usize, above: u8) -> Option<(u64, usize)> {
    let length = usize::from(bytes.get(at)?.checked_sub(above)?);
    let end = at + 1 + length;
    let digits = bytes.get(at + 1..end).filter(|_| length <= 8)?;
    Some((digits.iter().fold(0, |number, digit| number << 8 | u64::from(*digit)), end))
}

impl Parts {
    fn of(place: &[u8]) -> Option<Self> {
        if place.first() != Some(&PROPER) {
            return None;
        }
        let (_, mut at) = number_at(place, 1, 0)?;
        while *place.get(at)? != 0 {
            (_, at) = number_at(place, at, 1)?;
        }
        let release = at + 1;
        let phase_byte = *place.get(release)?;
        let (phase_number, phase) = match phase_byte {
            0 | FINAL => (None, release + 1),
            1..=3 => number_at(place, release + 1, 0).map(|(number, end)| (Some(number), end))?,
            _ => return None,
        };
        let (post, at) = match *place.get(phase)? {
            0 => (None, phase + 1),
            1 => number_at(place, phase + 1, 0).map(|(number, end)| (Some(number), end))?,
            _ => return None,
        };
        let (dev, public) = match *place.get(at)? {
            0 => number_at(place, at + 1, 0).map(|(number, end)| (Some(number), end))?,
            1 => (None, at + 1),
            _ => return None,
        };
        place.get(public)?;
        Some(Self { release, phase, phase_byte, phase_number, post, dev, public })
    }

    /// The place after the public version and all its local versions: the next version, if there is one.
    fn past_local(&self, place: &[u8]) -> Vec<u8> {
        let next = match (self.dev, self.post) {
            (Some(dev), _) => dev.checked_add(1).map(|dev| {
                let length = 2 + digits(self.dev.unwrap_or_default());
                tagged(&place[..self.public - length], &[(0, dev)])
            }),
            (None, Some(post)) => {
                post.checked_add(1).map(|post| tagged(&place[..self.phase], &[(1, post), (0, 0)]))
            }
            (None, None) => Some(tagged(&place[..self.phase], &[(1, 0), (0, 0)])),
        };
        // Beyond 64 bits there is no next version: above the tags of local parts.
        next.unwrap_or_else(|| [&place[..self.public], &[3]].concat())
    }
}

/// How many bytes a number takes.
fn digits(number: u64) -> usize {
    (u64::BITS - number.leading_zeros()).div_ceil(8) as usize
}

/// A key that starts so, goes on with tagged numbers and ends.
fn tagged(start: &[u8], numbers: &[(u8, u64)]) -> Vec<u8> {
    let mut key = start.to_vec();
    for (tag, number) in numbers {
        key.push(*tag);
        put_number(&mut key, 0, *number);
    }
    key.push(0);
    key
}

/// The place before a version.
pub(super) fn before(version: &Parsed) -> Vec<u8> {
    key_of_version(version)
}

/// The place after a version and its local versions (PEP 440, "Inclusive ordered comparison": `<=1.0` holds
/// 1.0+cpu); after the version alone when it is a local one.
pub(super) fn past(version: &Parsed) -> Vec<u8> {
    let key = key_of_version(version);
    match Parts::of(&key).filter(|_| !version.is_local()) {
        Some(parts) => parts.past_local(&key),
        None => after(key),
    }
}

/// The place from which on versions are above a version: after its local versions, and after its post-releases
/// unless it is one itself (PEP 440, "Exclusive ordered comparison").
pub(super) fn above(version: &Parsed) -> Vec<u8> {
    let key = key_of_version(version);
    let Some(parts) = Parts::of(&key).filter(|parts| parts.post.is_none() && parts.dev.is_none()) else {
        return past(version);
    };
    match parts.phase_number {
        None => [&key[..parts.release], &[FINAL + 1]].concat(),
        Some(number) => match number.checked_add(1) {
            // The closing byte of the inner key says that there is no post-release.
            Some(next) => tagged(&tagged(&key[..parts.release], &[(parts.phase_byte, next)]), &[(0, 0)]),
            None => [&key[..parts.phase], &[2]].concat(),
        },
    }
}

/// The place before all pre-releases of a version that is none itself (the same clause: `<2.0` holds no 2.0rc1).
pub(super) fn below(version: &Parsed) -> Vec<u8> {
    if version.any_prerelease() { before(version) } else { before(&version.clone().with_dev(Some(0))) }
}

/// For a place among the local versions of a public version: the place of that version, and the place after all its
/// local versions.
pub(super) fn local_end(place: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let parts = Parts::of(place).filter(|parts| place.get(parts.public..) != Some(&[0]))?;
    Some(([&place[..parts.public], &[0]].concat(), parts.past_local(place)))
}

/// For the place just after a public version: the place after its local versions.
pub(super) fn after_public(place: &[u8]) -> Option<Vec<u8>> {
    let parts = Parts::of(place).filter(|parts| place.get(parts.public..) == Some(&[0, 0]))?;
    Some(parts.past_local(place))
}

/// The least version at or above a place that is no pre-release.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LeastFinal {
    /// The version with this key; a local version when the place lies among local versions.
    At(Vec<u8>),
    /// There is no least one: they lie densely above the release of this key and all its post-releases.
    Above(Vec<u8>),
}

/// The least final version, or post-release of one, at or above a place.
pub(super) fn least_final(place: &[u8]) -> LeastFinal {
    if place.first().is_none_or(|lead| *lead < PROPER) {
        return LeastFinal::At(key_of_version(&Parsed::new([0])));
    }
    let Some(release) = release_end(place) else { return LeastFinal::At(place.to_vec()) };
    let start = &place[..release];
    let own = [start, &[FINAL, 0, 1, 0]].concat();
    if place <= own.as_slice() {
        return LeastFinal::At(own);
    }
    let Some(parts) = Parts::of(place).filter(|parts| parts.phase_byte == FINAL) else {
        return LeastFinal::Above(own);
    };
    match parts.post {
        Some(post) => {
            let mut key = tagged(&[start, &[FINAL]].concat(), &[(1, post)]);
            key.pop();
            key.extend_from_slice(&[1, 0]);
            LeastFinal::At(key.max(place.to_vec()))
        }
        None => LeastFinal::At(place.to_vec()),
    }
}

/// How long the lead byte, the epoch and the release of a place are.
fn release_end(place: &[u8]) -> Option<usize> {
    let (_, mut at) = number_at(place, 1, 0)?;
    while *place.get(at)? != 0 {
        (_, at) = number_at(place, at, 1)?;
    }
    Some(at + 1)
}

/// Whether a final version, or a post-release of one, lies between two places.
pub(super) fn holds_final(from: &[u8], to: Option<&[u8]>) -> bool {
    let Some(to) = to else { return true };
    if from >= to {
        return false;
    }
    match least_final(from) {
        LeastFinal::At(key) => key.as_slice() < to,
        // 1.0.0.1, 1.0.0.0.1 and so on: some are below whatever is above the release.
        LeastFinal::Above(own) => release_end(&own).is_some_and(|release| !to.starts_with(&own[..release])),
    }
}

/// Whether a place is one of a version that PEP 440 refuses.
pub(super) fn is_legacy(place: &[u8]) -> bool {
    place.first().is_some_and(|lead| *lead < PROPER)
}

/// The version of a key; `None` for one with a local part, and for what is no key.
pub(super) fn version_of(key: &[u8]) -> Option<Parsed> {
    let parts = Parts::of(key).filter(|parts| key.get(parts.public..) == Some(&[0]))?;
    let (epoch, mut at) = number_at(key, 1, 0)?;
    let mut release = Vec::new();
    while *key.get(at)? != 0 {
        let (number, end) = number_at(key, at, 1)?;
        release.push(number);
        at = end;
    }
    if release.len() < 2 {
        release.resize(2, 0);
    }
    let kind = match parts.phase_byte {
        1 => Some(PrereleaseKind::Alpha),
        2 => Some(PrereleaseKind::Beta),
        3 => Some(PrereleaseKind::Rc),
        _ => None,
    };
    let pre = kind.zip(parts.phase_number).map(|(kind, number)| Prerelease { kind, number });
    Some(Parsed::new(release).with_epoch(epoch).with_pre(pre).with_post(parts.post).with_dev(parts.dev))
}
