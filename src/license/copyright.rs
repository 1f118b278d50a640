//! The copyright lines of a license text, for attribution.

/// More lines than this are not kept.
const MOST: usize = 200;

/// A line is cut after this many characters.
const LONGEST: usize = 300;

/// More bytes than this are not read.
const LONGEST_TEXT: usize = 1024 * 1024;

/// What belongs to the text of a license itself, without case: the notices of those who wrote it, and placeholders.
const OF_LICENSES: [&str; 22] = [
    "free software foundation",
    "<year>",
    "<name of",
    "<copyright",
    "<owner",
    "[yyyy]",
    "[year]",
    "[fullname]",
    "[name of",
    "{yyyy}",
    "{year}",
    "year name of author",
    "(c) year",
    "yyyy name of copyright owner",
    "<holders>",
    "the apache software foundation. all rights reserved.\" ",
    "beopen.com",
    "corporation for national research initiatives",
    "stichting mathematisch centrum",
    "electronic frontier",
    "mozilla foundation",
    "creative commons",
];

/// The copyright lines of a text, as written but for blanks, in their order, without repetitions; those of license
/// templates are left out. Reads at most 1 MiB; keeps at most 200 lines of 300 characters.
pub fn lines(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut read = 0;
    for line in text.lines() {
        read += line.len() + 1;
        if read > LONGEST_TEXT || found.len() == MOST {
            break;
        }
        // A line that is longer than any notice is a text without line ends: its first part may be one.
        let line: String = line.chars().take(LONGEST).collect();
        let line = line
            .trim_matches(|character: char| {
                character.is_whitespace()
                    || matches!(character, '#' | '*' | '/' | ';' | '-' | '=' | '|' | '%')
            })
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if is_notice(&line) && !found.contains(&line) {
            found.push(line);
        }
    }
    found
}

fn is_notice(line: &str) -> bool {
    let lower = line.to_lowercase();
    let Some(rest) = lower
        .strip_prefix("copyright")
        .or_else(|| lower.strip_prefix("(c)"))
        .or_else(|| lower.strip_prefix('©').or_else(|| lower.strip_prefix("portions copyright")))
    else {
        return false;
    };
    if OF_LICENSES.iter().any(|part| lower.contains(part)) {
        return false;
    }
    let rest = rest.trim_start_matches(|character: char| character.is_whitespace() || character == ':');
    let marked = rest.starts_with("(c)") || rest.starts_with('©') || rest.starts_with("&copy;");
    let has_year = rest
        .split(|character: char| !character.is_ascii_digit())
        .any(|number| number.len() == 4 && (number.starts_with("19") || number.starts_with("20")));
    // "(c)" also numbers the parts of a sentence.
    let name_only = lower.starts_with("(c)") && line.split(' ').count() <= 4;
    let by = rest.starts_with("by ") || lower.starts_with('©') || name_only;
    (marked && rest.len() > 4)
        || has_year
        || (by && rest.chars().any(char::is_alphabetic) && rest.len() < 120)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_of_people_are_found() {
        let text = "The Harbour License\n\n  Copyright (c) 2012   Kenneth Doe\n# Copyright 2009-2026 Jane Doe, Joe\n\
                    © 2020 The Harbour developers\nCopyright (c) 2012 Kenneth Doe\nCopyright by the authors\n\
                    (c) Joe\nCopyright © Jane\nportions copyright 2001 Mast Ltd.\n";
        assert_eq!(
            lines(text),
            [
                "Copyright (c) 2012 Kenneth Doe",
                "Copyright 2009-2026 Jane Doe, Joe",
                "© 2020 The Harbour developers",
                "Copyright by the authors",
                "(c) Joe",
                "Copyright © Jane",
                "portions copyright 2001 Mast Ltd.",
            ]
        );
    }

    #[test]
    fn what_belongs_to_a_license_is_not_a_notice() {
        let text = "Copyright (C) 2007 Free Software Foundation, Inc. <https://fsf.example.com/>\n\
                    Copyright [yyyy] [name of copyright owner]\nCopyright (c) <year> <copyright holders>\n\
                    Copyright (C) <year>  <name of author>\ncopyright notice and this permission notice appear\n\
                    copyright holders be liable\nCopyright\nCopyright (c)\ncopyright owner that is granting\n";
        assert_eq!(lines(text), Vec::<String>::new());
        for (id, text) in spdx::text::LICENSE_TEXTS {
            let usual = [
                "GPL-2.0-only",
                "GPL-3.0-only",
                "LGPL-2.1-only",
                "AGPL-3.0-only",
                "Apache-2.0",
                "MIT",
                "ISC",
                "BSD-3-Clause",
                "BSD-2-Clause",
                "MPL-2.0",
                "CC0-1.0",
                "CC-BY-4.0",
                "EPL-2.0",
                "Unlicense",
                "Zlib",
            ];
            if usual.contains(id) {
                assert_eq!(lines(text), Vec::<String>::new(), "{id}");
            }
        }
    }

    #[test]
    fn hostile_texts_are_bounded() {
        let many: Vec<String> = (0..5000).map(|number| format!("Copyright (c) 2020 {number}")).collect();
        let many = many.join("\n");
        assert_eq!(lines(&many).len(), MOST);
        let long = format!("Copyright (c) 2020 {}", "é".repeat(3_000_000));
        assert_eq!(lines(&long), Vec::<String>::new(), "longer than what is read");
        let long = format!("Copyright (c) 2020 {}", "é".repeat(3_000));
        assert_eq!(lines(&long)[0].chars().count(), LONGEST);
    }
}
