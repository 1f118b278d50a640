//! How long to wait before asking again.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// The first pause; each next one is twice as long.
const FIRST: Duration = Duration::from_millis(250);
/// Nobody waits longer than this before a terminal: a server that asks for more is left alone.
pub(super) const LONGEST: Duration = Duration::from_mins(1);

/// The pause after so many failures, unless the server named one. Spread by a quarter either way, so that machines
/// that fail together do not come back together.
pub(super) fn after(failures: u32, named: Option<Duration>) -> Duration {
    if let Some(named) = named {
        return named;
    }
    let nanoseconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.subsec_nanos());
    let base = FIRST.saturating_mul(1 << failures.min(6));
    base * 3 / 4 + base * (nanoseconds % 1000) / 2000
}

/// The value of `Retry-After`: seconds or a date. Source: RFC 9110, 10.2.3.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    Some(Duration::try_from(moment.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_servers_ask_for() {
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let asked = |value| retry_after(value, now).map(|pause| pause.as_secs());
        assert_eq!(asked(" 7 "), Some(7));
        assert_eq!(asked("Sat, 21 Nov 2026 10:00:30 GMT"), Some(30));
        assert_eq!(asked("Sat, 21 Nov 2026 09:00:00 GMT"), Some(0));
        assert_eq!(asked("soon"), None);
        assert_eq!(asked("-1"), None);
    }

    #[test]
    fn pauses_grow_and_end() {
        assert!(after(0, None) < Duration::from_millis(313));
        assert!(after(1, None) > Duration::from_millis(374));
        assert!(after(400, None) <= LONGEST);
        assert_eq!(after(0, Some(Duration::ZERO)), Duration::ZERO);
    }
}
