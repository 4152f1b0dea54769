use crate::study::{Gate, Kind};
use crate::vote::Exposure;

/// What was seen of an option.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Seen {
    /// Whether its medium is there.
    pub loaded: bool,
    /// Time on screen since the trial began, whatever was asked, in milliseconds.
    pub visible_ms: u64,
    /// The part played since the trial began, 0 to 1, once the length is known.
    pub played: Option<f64>,
    /// What the vote on the present question says of it.
    pub exposure: Exposure,
}

/// What an option lacks before an answer can be given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unmet {
    /// The option, in screen order.
    pub option: usize,
    /// What it lacks.
    pub lack: Lack,
}

/// What an option can lack.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lack {
    /// It is not loaded.
    Loading,
    /// It has to be on screen for so many milliseconds more.
    Visible(u64),
    /// This part of it was played, of the part wanted.
    Played(f64, f64),
}

/// The first option that lacks something. `seen` and `kinds` are in screen order.
pub(super) fn unmet(gate: &Gate, kinds: &[Kind], seen: &[Seen]) -> Option<Unmet> {
    let nothing = Seen::default();
    kinds.iter().enumerate().find_map(|(option, kind)| {
        let lack = lack(gate, *kind, seen.get(option).unwrap_or(&nothing))?;
        Some(Unmet { option, lack })
    })
}

fn lack(gate: &Gate, kind: Kind, seen: &Seen) -> Option<Lack> {
    let played = gate.played.filter(|part| *part > 0.0 && matches!(kind, Kind::Video | Kind::Audio));
    let visible = gate.visible_ms.unwrap_or(0).saturating_sub(seen.visible_ms);
    match (played, seen.played) {
        _ if !seen.loaded && (gate.loaded || visible > 0 || played.is_some()) => Some(Lack::Loading),
        (Some(wanted), part) if part.unwrap_or(0.0) < wanted => Some(Lack::Played(part.unwrap_or(0.0), wanted)),
        _ => (visible > 0).then_some(Lack::Visible(visible)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(loaded: bool, visible_ms: u64, played: Option<f64>) -> Seen {
        Seen { loaded, visible_ms, played, ..Seen::default() }
    }

    #[test]
    fn a_gate_names_the_first_option_that_lacks_something() {
        let gate = Gate { played: Some(0.9), visible_ms: Some(3_000), loaded: true };
        let kinds = [Kind::Image, Kind::Video];
        for (first, second, expected) in [
            (seen(false, 0, None), seen(true, 9_000, Some(1.0)), Some((0, Lack::Loading))),
            (seen(true, 1_000, None), seen(false, 0, None), Some((0, Lack::Visible(2_000)))),
            (seen(true, 3_000, None), seen(true, 3_000, Some(0.5)), Some((1, Lack::Played(0.5, 0.9)))),
            (seen(true, 3_000, None), seen(true, 3_000, None), Some((1, Lack::Played(0.0, 0.9)))),
            (seen(true, 3_000, None), seen(true, 3_000, Some(0.9)), None),
        ] {
            let found = unmet(&gate, &kinds, &[first, second]).map(|unmet| (unmet.option, unmet.lack));
            assert_eq!(found, expected);
        }
        assert_eq!(unmet(&gate, &kinds, &[]), Some(Unmet { option: 0, lack: Lack::Loading }));
    }

    #[test]
    fn without_a_gate_nothing_is_asked() {
        assert_eq!(unmet(&Gate::default(), &[Kind::Video; 3], &[]), None);
        let nothing = Gate { played: Some(0.0), visible_ms: Some(0), loaded: false };
        assert_eq!(unmet(&nothing, &[Kind::Video; 3], &[]), None);
    }
}
