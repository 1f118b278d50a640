//! The program over every file.
