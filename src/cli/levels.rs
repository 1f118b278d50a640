//! `--deny`, `--warn` and `--allow`, in the order in which somebody wrote them.

use crate::model::Arrange as _;
use clap::error::Result;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::model::Level;

/// The options, with their help.
const OPTIONS: [(&str, Level, &str); 3] = [
    ("deny", Level::Deny, "Let a rule fail the run; repeatable, and the last option about a rule counts"),
    ("warn", Level::Warn, "Let a rule warn; repeatable"),
    ("allow", Level::Allow, "Turn a rule off; repeatable"),
];

/// The levels of rules, in the order given: one option each would lose it.
#[derive(Debug)]
pub(crate) struct LevelOptions(pub(crate) Vec<(String, Level)>);

impl FromArgMatches for LevelOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self> {
        let mut found = Vec::new();
        for (option, level, _) in OPTIONS {
            let places = matches.indices_of(option).into_iter().flatten();
            let ids = matches.get_many::<String>(option).into_iter().flatten();
            found.extend(places.zip(ids).map(|(place, id)| (place, id.clone(), level)));
        }
        found.arrange_by_key(|(place, ..)| *place);
        Ok(Self(found.into_iter().map(|(_, id, level)| (id, level)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<()> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for LevelOptions {
    fn augment_args(command: Command) -> Command {
        command.args(OPTIONS.map(|(option, _, help)| {
            Arg::new(option)
                .long(option)
                .value_name("RULE")
                .action(ArgAction::Append)
                .help_heading("Policy")
                .hide_short_help(true)
                .help(help)
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
