//! What the widget says.

use crate::session::{Lack, Said, Unmet};
use crate::study::Protocol;

/// The letter of an option on screen: `A`, `B` …
pub fn letter(option: usize) -> char {
    u8::try_from(option).ok().and_then(|n| b'A'.checked_add(n)).map_or('?', char::from)
}

/// `Option A`
pub fn option_name(option: usize) -> String {
    format!("Option {}", letter(option))
}

/// What the live region says of a pick.
pub fn said(said: Said) -> String {
    let also = |last: Option<(usize, usize)>| {
        last.map(|(option, rank)| format!(" {} takes rank {rank}. All are ranked.", option_name(option))).unwrap_or_default()
    };
    match said {
        Said::Ranked { option, rank, last } => format!("{} is rank {rank}.{}", option_name(option), also(last)),
        Said::Tied { option, with, rank, last } => {
            format!("{} ties with {} at rank {rank}.{}", option_name(option), option_name(with), also(last))
        }
        Said::Best(option) => format!("{} is best.", option_name(option)),
        Said::Worst(option) => format!("{} is worst.", option_name(option)),
        Said::AllTied => "The options tie.".into(),
        Said::Rated(option, value) => format!("{} has {}.", option_name(option), fixed(value, 0)),
        Said::Already { option, rank } => format!("{} already has rank {rank}.", option_name(option)),
        Said::Undone => "The last pick is undone.".into(),
        Said::Unmet(unmet) => format!("{}.", self::unmet(unmet)),
    }
}

/// What has to be done before a trial can be answered.
pub fn unmet(Unmet { option, lack }: Unmet) -> String {
    let option = letter(option);
    match lack {
        Lack::Loading => format!("Option {option} is not loaded yet"),
        Lack::Visible(ms) => format!("Look at option {option} for {} s more", ms.div_ceil(1_000)),
        Lack::Played(part, wanted) => {
            format!(
                "Play more of option {option}: {}% of {}%",
                fixed((part * 100.0).floor(), 0),
                fixed((wanted * 100.0).ceil(), 0)
            )
        }
    }
}

/// A number with this many decimals, 0 to 3. Written out, as the standard library's way costs 20 KB of wasm.
pub fn fixed(value: f64, decimals: u32) -> String {
    let scale = 10_i64.pow(decimals.min(3));
    let scaled = (value.abs() * scale as f64).round() as i64;
    let sign = if value < 0.0 && scaled > 0 { "−" } else { "" };
    let (whole, rest) = (scaled / scale, scaled % scale);
    match decimals.min(3) {
        0 => format!("{sign}{whole}"),
        decimals => format!("{sign}{whole}.{rest:0width$}", width = decimals as usize),
    }
}

/// What to do, shown beside `Submit` until it can be pressed.
pub fn hint(protocol: Protocol, complete: bool) -> &'static str {
    match (protocol, complete) {
        (_, true) => "Ready to submit",
        (Protocol::Rank, _) => "Rank every option, best first",
        (Protocol::Best, _) => "Choose the best option",
        (Protocol::BestWorst, _) => "Choose the best and the worst option",
        (Protocol::Pairwise, _) => "Choose the better option",
        (Protocol::Rate, _) => "Move every slider",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_to_their_decimals() {
        for (value, decimals, text) in [
            (12.345, 2, "12.35"),
            (-3.0649, 2, "−3.06"),
            (0.0, 2, "0.00"),
            (-0.001, 2, "0.00"),
            (7.05, 1, "7.1"),
            (-99.5, 0, "−100"),
            (f64::NAN, 1, "0.0"),
        ] {
            assert_eq!(fixed(value, decimals), text);
        }
    }

    #[test]
    fn what_is_missing_is_told() {
        let told = |option, lack| unmet(Unmet { option, lack });
        assert_eq!(told(0, Lack::Loading), "Option A is not loaded yet");
        assert_eq!(told(1, Lack::Visible(1_001)), "Look at option B for 2 s more");
        assert_eq!(told(2, Lack::Played(0.456, 0.9)), "Play more of option C: 45% of 90%");
    }

    #[test]
    fn options_have_letters() {
        assert_eq!((letter(0), letter(15)), ('A', 'P'));
        assert_eq!(letter(1_000), '?');
    }

    #[test]
    fn a_pick_that_ends_the_ranking_says_both_ranks() {
        let text = said(Said::Ranked { option: 2, rank: 3, last: Some((0, 4)) });
        assert_eq!(text, "Option C is rank 3. Option A takes rank 4. All are ranked.");
    }
}
