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
requirement that the lock beside it does not list, or whose specifier cannot be read; a checkout or archive that tells no version; a path outside the root.",
        matters: "\
A tool that skips something and says clean is worse than none. What was not audited is named, counted and shown with \
its place, and the run ends as incomplete (exit code 3), never as clean.",
        example: "pyproject.toml line 7: `requests>=2` is not in the poetry.lock beside it: lock again.",
        action: "\
Do what the row says. When something cannot be audited by any tool and was reviewed by people, accept that one skip.",
        configuration: "\
No level can be set. [[ignore]] with id = \"unsupported-input\", a package or a path, and a reason accepts a skip: it \
is counted as accepted, still shown, and no longer makes the verdict incomplete. --allow-incomplete exits 0 all the \
same, and the report still says incomplete.",
        sources: "The exit codes of this program.",
    },
};
