//! How many columns show the options largest.

use crate::study::{Kind, Protocol};

/// Space between panels, in CSS pixels; the style sheet says the same.
const GAP: f64 = 12.0;
/// Least width of a panel, and least height of the medium in it.
const LEAST: (f64, f64) = (140.0, 128.0);
/// Height of a panel's letter and main button, and of one row of rank buttons.
const CONTROLS: (f64, f64) = (52.0, 40.0);
/// Width of a rank button.
const CHIP: f64 = 38.0;

/// The number of columns that shows `k` options largest in an area of CSS pixels.
///
/// Where they cannot all fit, the area scrolls down, never sideways; a layout counts less the more it scrolls.
/// Among equals the fullest rows win.
pub fn columns(k: usize, width: f64, height: f64, kind: Kind, protocol: Protocol) -> usize {
    let most = (1..=k.max(1)).take_while(|&columns| columns == 1 || cell_width(columns, width) >= LEAST.0).last().unwrap_or(1);
    let worth = |columns: usize| worth(k, columns, width, height, kind, protocol);
    let empty = |columns: usize| k.div_ceil(columns) * columns - k;
    let order = |one: &usize, two: &usize| worth(*one).total_cmp(&worth(*two)).then(empty(*two).cmp(&empty(*one)));
    (1..=most).max_by(order).unwrap_or(1)
}

fn cell_width(columns: usize, width: f64) -> f64 {
    (width - GAP * (columns as f64 - 1.0)) / columns as f64
}

/// Width at which a medium of the usual proportions is shown, less for scrolling.
fn worth(k: usize, columns: usize, width: f64, height: f64, kind: Kind, protocol: Protocol) -> f64 {
    let rows = k.div_ceil(columns) as f64;
    let cell = cell_width(columns, width);
    let chip_rows = match protocol {
        Protocol::Rank => (k as f64 / (cell / CHIP).floor().max(1.0)).ceil(),
        Protocol::Best | Protocol::BestWorst | Protocol::Pairwise => 0.0,
        Protocol::Rate => 1.0,
    };
    let gaps = GAP * (rows - 1.0);
    let controls = CONTROLS.0 + chip_rows * CONTROLS.1;
    let medium = ((height - gaps) / rows - controls).max(LEAST.1);
    let needed = rows * (medium + controls) + gaps;
    cell.min(medium * aspect(kind)) * (height / needed).clamp(0.0, 1.0).sqrt()
}

/// Width over height that media of a kind usually have.
fn aspect(kind: Kind) -> f64 {
    match kind {
        Kind::Image | Kind::Scene => 4.0 / 3.0,
        Kind::Video => 16.0 / 9.0,
        Kind::Audio => 3.0,
        Kind::Text | Kind::Web => 1.2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_suits_the_window() {
        for (k, width, height, columns) in [
            (4, 1248.0, 560.0, 4),  // laptop
            (4, 2528.0, 1200.0, 2), // very wide
            (4, 736.0, 800.0, 2),   // tablet
            (4, 328.0, 380.0, 2),   // phone, upright
            (4, 620.0, 190.0, 4),   // phone, lying
            (2, 1248.0, 560.0, 2),
            (2, 328.0, 420.0, 1),
            (3, 1248.0, 560.0, 3),
            (6, 1248.0, 560.0, 3),
            (9, 1248.0, 700.0, 5),
            (16, 1888.0, 900.0, 8),
            (16, 328.0, 400.0, 2),
        ] {
            assert_eq!(super::columns(k, width, height, Kind::Image, Protocol::Rank), columns, "{k} in {width} x {height}");
        }
    }

    #[test]
    fn no_size_is_too_odd() {
        for size in [0.0, -5.0, 1.0, 1e9, f64::NAN] {
            for k in 0..=16 {
                let n = columns(k, size, size, Kind::Video, Protocol::Rank);
                assert!((1..=k.max(1)).contains(&n), "{k} in {size}: {n}");
            }
        }
    }
}
