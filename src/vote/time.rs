/// Whether a text is a time after RFC 3339, such as `2026-11-23T10:00:00.000Z` or with an offset from UTC in the place of the `Z`.
pub(super) fn is_time(text: &str) -> bool {
    read(text.as_bytes()).is_some()
}

/// `None` where it is none.
fn read(text: &[u8]) -> Option<()> {
    let (date, rest) = text.split_at_checked(10)?;
    let [year, month, day] = numbers(date, b'-', [4, 2, 2])?;
    let (mark, rest) = rest.split_first()?;
    let (clock, rest) = rest.split_at_checked(8)?;
    let [hour, minute, second] = numbers(clock, b':', [2, 2, 2])?;
    let good = (1..=days(year, month)?).contains(&day) && mark.eq_ignore_ascii_case(&b'T') && hour < 24 && minute < 60;
    // The last minute of a day may have a second more.
    (good && second <= 60 && is_offset(without_fraction(rest)?)).then_some(())
}

/// Numbers of so many digits each, with a mark between.
fn numbers(text: &[u8], mark: u8, digits: [usize; 3]) -> Option<[u32; 3]> {
    let mut parts = text.split(|byte| *byte == mark);
    let mut numbers = [0; 3];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        *number = whole(parts.next()?, digits)?;
    }
    parts.next().is_none().then_some(numbers)
}

fn whole(text: &[u8], digits: usize) -> Option<u32> {
    let good = text.len() == digits && text.iter().all(u8::is_ascii_digit);
    good.then(|| text.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
}

fn days(year: u32, month: u32) -> Option<u32> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => Some(if is_leap { 29 } else { 28 }),
        4 | 6 | 9 | 11 => Some(30),
        1..=12 => Some(31),
        _ => None,
    }
}

/// What follows a fraction of a second, if there is one.
fn without_fraction(text: &[u8]) -> Option<&[u8]> {
    let Some(digits) = text.strip_prefix(b".") else { return Some(text) };
    let end = digits.iter().position(|byte| !byte.is_ascii_digit())?;
    digits.get(end..).filter(|_| end > 0)
}

fn is_offset(text: &[u8]) -> bool {
    match text {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', hours @ .., b':', tens, ones] => {
            whole(hours, 2).is_some_and(|hours| hours < 24) && whole(&[*tens, *ones], 2).is_some_and(|minutes| minutes < 60)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn a_time_is_that_of_rfc_3339() {
        for text in [
            "2026-11-23T10:00:00.000Z",
            "1985-04-12T23:20:50.52Z",
            "1996-12-19T16:39:57-08:00",
            "1990-12-31T23:59:60Z",
            "1937-01-01t12:00:27.87+00:20",
            "2024-02-29T00:00:00z",
            "2000-02-29T00:00:00Z",
        ] {
            assert!(is_time(text), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2026-11-23",
            "2026-11-23T10:00:00",
            "2026-11-23 10:00:00Z",
            "2026-11-23T10:00Z",
            "2026-11-23T10:00:00.Z",
            "2026-11-23T10:00:00.5",
            "2026-11-23T24:00:00Z",
            "2026-11-23T10:60:00Z",
            "2026-11-23T10:00:61Z",
            "2026-11-31T10:00:00Z",
            "2026-13-01T10:00:00Z",
            "2026-00-01T10:00:00Z",
            "2026-11-00T10:00:00Z",
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-11-23T10:00:00+1:00",
            "2026-11-23T10:00:00+24:00",
            "2026-11-23T10:00:00+0100",
            "2026-11-23T10:00:00ZZ",
            " 2026-11-23T10:00:00Z",
            "=HYPERLINK(\"x\")",
            "２０２６-11-23T10:00:00Z",
        ] {
            assert!(!is_time(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_time_that_the_widget_writes_is_one(seconds in 0_u64..253_402_300_800, nanos in 0_u32..1_000_000_000) {
            let time = UNIX_EPOCH + Duration::new(seconds, nanos);
            prop_assert!(is_time(&humantime::format_rfc3339_millis(time).to_string()));
            prop_assert!(is_time(&humantime::format_rfc3339_seconds(time).to_string()));
        }
    }
}
