//! Keys that answer a trial.

use crate::session::Event;
use crate::study::Protocol;

/// A key press, as the browser names it.
#[derive(Debug, Clone, Copy)]
pub struct Press<'k> {
    /// `KeyboardEvent.key`
    pub key: &'k str,
    /// Whether Shift was held.
    pub shift: bool,
    /// Whether Ctrl, Alt or Meta was held: such a press belongs to the browser.
    pub modified: bool,
    /// Whether the focus is on something that Enter means something to.
    pub taken: bool,
}

/// What a press means in a trial of `k` options; `letters` is off where the page needs them for itself.
pub fn event_for(press: Press<'_>, protocol: Protocol, k: usize, letters: bool) -> Option<Event> {
    if press.modified {
        return None;
    }
    match press.key {
        "Enter" if !press.taken => return Some(Event::Submit),
        "Backspace" => return Some(Event::Undo),
        _ if !letters => return None,
        _ => {}
    }
    let mut characters = press.key.chars();
    let (Some(letter), None) = (characters.next(), characters.next()) else { return None };
    let letter = letter.to_ascii_lowercase();
    match letter {
        's' => return Some(Event::Skip),
        't' if protocol == Protocol::Pairwise => return Some(Event::Tie(0)),
        'x' if protocol == Protocol::Pairwise => return Some(Event::AllBad),
        _ => {}
    }
    let option = (letter as usize).checked_sub('a' as usize).filter(|option| *option < k)?;
    Some(if press.shift && protocol == Protocol::Rank { Event::Tie(option) } else { Event::Pick(option) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str, shift: bool) -> Press<'_> {
        Press { key, shift, modified: false, taken: false }
    }

    #[test]
    fn keys_mean_what_the_docs_say() {
        for (key, shift, protocol, event) in [
            ("a", false, Protocol::Rank, Some(Event::Pick(0))),
            ("D", false, Protocol::Rank, Some(Event::Pick(3))), // Caps Lock
            ("B", true, Protocol::Rank, Some(Event::Tie(1))),
            ("e", false, Protocol::Rank, None),
            ("t", false, Protocol::Rank, None),
            ("x", false, Protocol::Best, None),
            ("s", false, Protocol::Rank, Some(Event::Skip)),
            ("Enter", false, Protocol::Rank, Some(Event::Submit)),
            ("Backspace", false, Protocol::Rank, Some(Event::Undo)),
            ("c", false, Protocol::Best, Some(Event::Pick(2))),
            ("t", false, Protocol::Pairwise, Some(Event::Tie(0))),
            ("x", false, Protocol::Pairwise, Some(Event::AllBad)),
            ("Tab", false, Protocol::Rank, None),
            ("é", false, Protocol::Rank, None),
            ("", false, Protocol::Rank, None),
        ] {
            assert_eq!(event_for(press(key, shift), protocol, 4, true), event, "{key}");
        }
    }

    #[test]
    fn letters_can_be_turned_off() {
        assert_eq!(event_for(press("a", false), Protocol::Rank, 4, false), None);
        assert_eq!(event_for(press("s", false), Protocol::Rank, 4, false), None);
        assert_eq!(event_for(press("Enter", false), Protocol::Rank, 4, false), Some(Event::Submit));
    }

    #[test]
    fn a_press_that_belongs_to_the_browser_or_a_control_is_left_alone() {
        let press = Press { modified: true, ..press("a", false) };
        assert_eq!(event_for(press, Protocol::Rank, 4, true), None);
        let taken = |key| Press { key, shift: false, modified: false, taken: true };
        assert_eq!(event_for(taken("Enter"), Protocol::Rank, 4, true), None);
        assert_eq!(event_for(taken("Backspace"), Protocol::Rank, 4, true), Some(Event::Undo));
    }
}
