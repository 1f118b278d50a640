//! The table: one row per affected package.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};

use crate::report::Style;
use crate::report::audit::group::Group;
use crate::report::paragraph::safe;
use crate::report::words::comes_in_by;

/// One row per affected package, when there are several.
pub(super) fn table(groups: &[Group<'_>], style: Style) -> Option<Table> {
    let rows: Vec<_> = groups.iter().filter(|group| group.first().advisory().is_some()).collect();
    if rows.len() < 2 {
        return None;
    }
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(style.width).unwrap_or(80))
        .set_header(["package", "version", "flaws", "worst", "safe", "comes in by"]);
    for group in rows {
        let Some((name, version)) = group.package() else { continue };
        let malware = group.worst().is_none();
        let safe_version = group.safe_version().map_or("-".to_owned(), |version| version.as_str().to_owned());
        table.add_row([
            safe(name.as_str()),
            version.map_or("any".to_owned(), |version| safe(version.as_str())),
            group.findings.len().to_string(),
            if malware {
                "malware".to_owned()
            } else {
                group.worst().map_or("-".to_owned(), |worst| worst.to_string())
            },
            safe(&safe_version),
            safe(&comes_in_by(&group.first().paths)),
        ]);
    }
    if let Some(column) = table.column_mut(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    Some(table)
}
