//! Rules about the audit itself: what was not audited, and what was ignored.

pub mod expired_ignore;
pub mod unlocked_dependencies;
pub mod unreasoned_ignore;
pub mod unsupported_input;
pub mod untrusted_ignore;
pub mod unused_ignore;
