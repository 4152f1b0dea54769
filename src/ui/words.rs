//! What the widget says.

use crate::session::{Lack, Said, Unmet};
use crate::study::Protocol;

/// Says an English text in the rater's language, with parts filled in.
pub type Say<'s> = &'s dyn Fn(&str, &[&str]) -> String;

/// The letter of an option on screen: `A`, `B` …
pub fn letter(option: usize) -> String {
    u8::try_from(option).ok().and_then(|n| b'A'.checked_add(n)).map_or('?', char::from).to_string()
}

/// `Option A`
pub fn option_name(say: Say<'_>, option: usize) -> String {
    say("Option {0}", &[&letter(option)])
}

/// What the live region says of a pick.
pub fn said(say: Say<'_>, said: Said) -> String {
    let also = |told: String, last: Option<(usize, usize)>| match last {
        Some((option, rank)) => {
            told + " " + &say("Option {0} takes rank {1}. All are ranked.", &[&letter(option), &rank.to_string()])
        }
        None => told,
    };
    match said {
        Said::Ranked { option, rank, last } => also(say("Option {0} is rank {1}.", &[&letter(option), &rank.to_string()]), last),
        Said::Tied { option, with, rank, last } => {
            let parts = [&*letter(option), &letter(with), &rank.to_string()];
            also(say("Option {0} ties with Option {1} at rank {2}.", &parts), last)
        }
        Said::Best(option) => say("Option {0} is best.", &[&letter(option)]),
        Said::Worst(option) => say("Option {0} is worst.", &[&letter(option)]),
        Said::AllTied => say("The options tie.", &[]),
        Said::Rated(option, value) => say("Option {0} has {1}.", &[&letter(option), &fixed(value, 0)]),
        Said::Already { option, rank } => say("Option {0} already has rank {1}.", &[&letter(option), &rank.to_string()]),
        Said::Undone => say("The last pick is undone.", &[]),
        Said::Unmet(unmet) => self::unmet(say, unmet) + ".",
    }
}

/// What has to be done before a trial can be answered.
pub fn unmet(say: Say<'_>, Unmet { option, lack }: Unmet) -> String {
    let option = letter(option);
    match lack {
        Lack::Loading => say("Option {0} is not loaded yet", &[&option]),
        Lack::Visible(ms) => say("Look at option {0} for {1} s more", &[&option, &ms.div_ceil(1_000).to_string()]),
        Lack::Played(part, wanted) => {
            let (part, wanted) = (fixed((part * 100.0).floor(), 0), fixed((wanted * 100.0).ceil(), 0));
            say("Play more of option {0}: {1}% of {2}%", &[&option, &part, &wanted])
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

    fn in_english(text: &str, parts: &[&str]) -> String {
        parts.iter().enumerate().fold(text.to_owned(), |text, (n, part)| text.replace(&format!("{{{n}}}"), part))
    }

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
        let told = |option, lack| unmet(&in_english, Unmet { option, lack });
        assert_eq!(told(0, Lack::Loading), "Option A is not loaded yet");
        assert_eq!(told(1, Lack::Visible(1_001)), "Look at option B for 2 s more");
        assert_eq!(told(2, Lack::Played(0.456, 0.9)), "Play more of option C: 45% of 90%");
    }

    #[test]
    fn options_have_letters() {
        assert_eq!((&*letter(0), &*letter(15)), ("A", "P"));
        assert_eq!(letter(1_000), "?");
    }

    #[test]
    fn a_pick_that_ends_the_ranking_says_both_ranks() {
        let text = said(&in_english, Said::Ranked { option: 2, rank: 3, last: Some((0, 4)) });
        assert_eq!(text, "Option C is rank 3. Option A takes rank 4. All are ranked.");
    }
}
