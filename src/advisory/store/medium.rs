//! Where the bytes of a store are: in the program, in memory, or in a file that is read in places.
//!
//! A file is never mapped: someone who cuts it while we run must get an error, not kill us.

use std::borrow::Cow;
use std::fs::File;
use std::io;

/// The bytes of a store.
#[derive(Debug)]
pub(crate) enum Medium {
    Static(&'static [u8]),
    Memory(Vec<u8>),
    File { file: File, length: u64 },
}

impl Medium {
    /// A file, as long as it is now.
    pub(crate) fn file(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self::File { file, length })
    }

    /// How many bytes there are.
    pub(crate) fn length(&self) -> u64 {
        match self {
            Self::Static(bytes) => bytes.len() as u64,
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File { length, .. } => *length,
        }
    }

    /// `length` bytes from `offset` on.
    pub(crate) fn read(&self, offset: u64, length: usize) -> io::Result<Cow<'_, [u8]>> {
        let cut = || io::Error::new(io::ErrorKind::UnexpectedEof, "the file ends too early");
        offset.checked_add(length as u64).filter(|end| *end <= self.length()).ok_or_else(cut)?;
        let range = |bytes: usize| {
            let start = usize::try_from(offset).unwrap_or(bytes);
            start..start.saturating_add(length)
        };
        match self {
            Self::Static(bytes) => bytes.get(range(bytes.len())).map(Cow::Borrowed).ok_or_else(cut),
            Self::Memory(bytes) => bytes.get(range(bytes.len())).map(Cow::Borrowed).ok_or_else(cut),
            Self::File { file, .. } => {
                let mut buffer = vec![0; length];
                read_exact_at(file, &mut buffer, offset)?;
                Ok(Cow::Owned(buffer))
            }
        }
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !buffer.is_empty() {
        match file.seek_read(buffer, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                buffer = buffer.get_mut(count..).unwrap_or_default();
                offset += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
