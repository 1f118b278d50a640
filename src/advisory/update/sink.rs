//! Where the body of an answer goes, from the start or from where it broke off.

use std::fs::File;
use std::io::{self, Read, Seek as _, Write};

use flate2::read::MultiGzDecoder;

/// Something that takes a body and can begin anew.
pub(super) trait Sink {
    /// Adds bytes.
    fn add(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Forgets all of them.
    fn restart(&mut self) -> io::Result<()>;
}

impl Sink for Vec<u8> {
    fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend_from_slice(bytes);
        Ok(())
    }

    fn restart(&mut self) -> io::Result<()> {
        self.clear();
        Ok(())
    }
}

impl Sink for File {
    fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn restart(&mut self) -> io::Result<()> {
        self.set_len(0)?;
        self.rewind()
    }
}

/// Why a body could not be unpacked.
#[derive(Debug)]
pub(super) enum GzipTrouble {
    /// It is larger than allowed.
    TooLarge,
    /// It is not gzip, or cut.
    Broken(io::Error),
    /// The other side could not be written.
    Disk(io::Error),
}

/// Unpacks gzip into a sink, and never more than `limit` bytes.
pub(super) fn gunzip(packed: impl Read, limit: u64, into: &mut dyn Sink) -> Result<(), GzipTrouble> {
    let mut reader = MultiGzDecoder::new(packed);
    let mut piece = vec![0; 64 << 10];
    let mut total = 0;
    loop {
        let count = reader.read(&mut piece).map_err(GzipTrouble::Broken)?;
        if count == 0 {
            return Ok(());
        }
        total += count as u64;
        if total > limit {
            return Err(GzipTrouble::TooLarge);
        }
        into.add(piece.get(..count).unwrap_or_default()).map_err(GzipTrouble::Disk)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};

    fn packed(size: usize) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
        encoder.write_all(&vec![b'x'; size]).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let mut out = Vec::new();
        gunzip(packed(100_000).as_slice(), 100_000, &mut out).unwrap();
        assert_eq!(out.len(), 100_000);
        let mut out = Vec::new();
        let bomb = packed(50_000_000);
        assert!(matches!(gunzip(bomb.as_slice(), 100_000, &mut out), Err(GzipTrouble::TooLarge)));
        assert!(out.len() <= 100_000);
        assert!(matches!(gunzip(&bomb[..500], 1 << 30, &mut out), Err(GzipTrouble::Broken(_))));
    }
}
