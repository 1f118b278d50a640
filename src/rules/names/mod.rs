//! Rules about names that are not what they seem.

pub mod confusable_name;
pub mod dependency_confusion;
mod named;
mod one_index;
pub mod typosquat;
