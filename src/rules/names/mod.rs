//! Rules about names that are not what they seem.

pub mod dependency_confusion;
mod one_index;
