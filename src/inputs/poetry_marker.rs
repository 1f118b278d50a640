//! Markers of Poetry's dependency tables: `markers`, `python` and `platform` say together when it is installed.

use crate::model::Constraint;

/// The one marker that the three keys of a dependency table mean. `markers` alone stays verbatim; a `python` that
/// cannot be read limits nothing, so that the dependency is not lost.
pub(crate) fn marker(markers: Option<&str>, python: Option<&str>, platform: Option<&str>) -> Option<String> {
    let python = python.and_then(Constraint::parse).and_then(|python| python.to_python_marker());
    let parts: Vec<_> = [markers.map(str::to_owned), python, platform.and_then(platform_marker)]
        .into_iter()
        .flatten()
        .collect();
    match parts.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        _ => Some(parts.iter().map(|part| grouped(part)).collect::<Vec<_>>().join(" and ")),
    }
}

/// `win32`, `!=win32`, `linux || darwin` as a marker; `None` for `*` and for text with quotes.
fn platform_marker(platform: &str) -> Option<String> {
    if platform.trim() == "*" || platform.contains(['"', '\'', '\\']) {
        return None;
    }
    let comparison = |text: &str| {
        let text = text.trim();
        let (operator, value) = match text.strip_prefix("!=") {
            Some(value) => ("!=", value),
            None => ("==", text.trim_start_matches('=')),
        };
        format!("sys_platform {operator} \"{}\"", value.trim())
    };
    let alternatives: Vec<String> = platform
        .split('|')
        .filter(|text| !text.is_empty())
        .map(|text| text.split(',').map(comparison).collect::<Vec<_>>().join(" and "))
        .collect();
    Some(alternatives.join(" or "))
}

/// A marker that keeps its meaning beside `and`.
fn grouped(marker: &str) -> String {
    if marker.contains(" or ") { format!("({marker})") } else { marker.to_owned() }
}

/// Markers of which one must hold.
pub(crate) fn any_of(markers: &[String]) -> Option<String> {
    match markers {
        [] => None,
        [one] => Some(one.clone()),
        _ => Some(markers.iter().map(|marker| format!("({marker})")).collect::<Vec<_>>().join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_are_joined() {
        let odd = "os_name == 'nt' or extra == 'x'";
        assert_eq!(marker(Some(odd), None, None).as_deref(), Some(odd), "verbatim when alone");
        assert_eq!(
            marker(Some(odd), Some("^3.8"), Some("linux || darwin")).as_deref(),
            Some(
                "(os_name == 'nt' or extra == 'x') and python_version >= \"3.8\" and python_version < \"4.0\" \
                 and (sys_platform == \"linux\" or sys_platform == \"darwin\")"
            )
        );
        assert_eq!(marker(None, Some("*"), Some("!=win32")).as_deref(), Some("sys_platform != \"win32\""));
        assert_eq!(marker(None, Some("gibberish"), None), None);
    }
}
