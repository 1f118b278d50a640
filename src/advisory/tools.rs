//! What the writer borrows: checksum, digest, compression.

use flate2::{Compress, Compression, FlushCompress, Status};
use sha2::{Digest, Sha256};

use super::encode::writer::Tools;
use super::score::score;
use super::store::checksum;

/// The level with which prose is packed.
const LEVEL: u8 = 9;

/// For a store with prose.
pub(crate) const TOOLS: Tools = Tools { checksum, digest, score, deflate: Some(deflate) };

/// SHA-256.
pub(crate) fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A digest in hexadecimal.
pub(crate) fn hexadecimal(digest: &[u8]) -> String {
    let digit = |number: u8| char::from_digit(number.into(), 16).unwrap_or('?');
    digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Raw deflate. Bytes that cannot be packed come back as they are, and are then stored so.
fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(bytes.len() + 64);
    let mut compress = Compress::new(Compression::new(LEVEL.into()), false);
    match compress.compress_vec(bytes, &mut packed, FlushCompress::Finish) {
        Ok(Status::StreamEnd) => packed,
        _ => bytes.to_vec(),
    }
}
