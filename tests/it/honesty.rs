//! Never clean by mistake.
