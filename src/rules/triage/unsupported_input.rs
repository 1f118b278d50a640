//! `unsupported-input`: something that was meant to be audited could not be. It makes skips, not findings.

use crate::model::{Explanation, Group, Level, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unsupported-input",
    group: Group::Triage,
    default_level: Level::Deny,
    configurable: false,
    summary: "something that was meant to be audited could not be: the verdict is incomplete",
    explanation: Explanation {
        checks: "\
Everything that was named or found and could not be audited: a file that is damaged, unreadable, too large or of a \
format that is not read yet; a line that does not parse; an include that is missing or leads outside the root; a \
requirement without a version; a checkout or archive that tells no version; a path outside the root.",
        matters: "\
A tool that skips something and says clean is worse than none. What was not audited is named, counted and shown with \
its place, and the run ends as incomplete (exit code 3), never as clean.",
        example: "requirements.txt line 4: `requests` has no version: pin it, or audit the lock.",
        action: "\
Do what the row says. When something cannot be audited by any tool and was reviewed by people, accept that one skip.",
        configuration: "\
No level can be set. [[ignore]] with id = \"unsupported-input\", a package or a path, and a reason accepts a skip: it \
is counted as accepted, still shown, and no longer makes the verdict incomplete. --allow-incomplete exits 0 all the \
same, and the report still says incomplete.",
        sources: "The exit codes of this program.",
    },
};
