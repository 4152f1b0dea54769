//! How many columns show the options largest.

use crate::study::{Kind, Protocol};

/// Space between panels, in CSS pixels; the style sheet says the same, and so for the other sizes here.
const GAP: f64 = 12.0;
/// Least width of a panel.
const LEAST_WIDTH: f64 = 140.0;
/// Least height of a medium that is looked at, and of a player of sound.
const LEAST_HEIGHT: (f64, f64) = (128.0, 84.0);
/// Height of a panel's main button with the space around it.
const BUTTON: f64 = 54.0;
/// Width and height that a rank button takes, up to 8 options and beyond.
const CHIPS: [(f64, f64); 2] = [(34.0, 40.0), (29.0, 30.0)];

/// How options are laid out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layout {
    /// How many stand side by side.
    pub columns: usize,
    /// Least height of a row, in CSS pixels.
    pub row: f64,
}

/// The layout that shows `k` options largest in an area of CSS pixels.
///
/// Where they cannot all fit, the area scrolls down, never sideways; a layout counts less the more it scrolls.
/// Among equals the fullest rows win.
pub fn layout(k: usize, width: f64, height: f64, kind: Kind, protocol: Protocol) -> Layout {
    let most =
        (1..=k.max(1)).take_while(|&columns| columns == 1 || cell_width(columns, width) >= LEAST_WIDTH).last().unwrap_or(1);
    let worth = |columns: usize| worth(k, columns, width, height, kind, protocol);
    let empty = |columns: usize| k.div_ceil(columns) * columns - k;
    let order = |one: &usize, two: &usize| worth(*one).total_cmp(&worth(*two)).then(empty(*two).cmp(&empty(*one)));
    let columns = (1..=most).max_by(order).unwrap_or(1);
    Layout { columns, row: least_height(kind) + controls(k, cell_width(columns, width), protocol) }
}

fn least_height(kind: Kind) -> f64 {
    if kind == Kind::Audio { LEAST_HEIGHT.1 } else { LEAST_HEIGHT.0 }
}

/// Height of the controls of a panel.
fn controls(k: usize, cell: f64, protocol: Protocol) -> f64 {
    if protocol != Protocol::Rank {
        return BUTTON;
    }
    let (width, height) = CHIPS[usize::from(k > 8)];
    BUTTON + (k as f64 / ((cell - 14.0) / width).floor().max(1.0)).ceil() * height
}

fn cell_width(columns: usize, width: f64) -> f64 {
    (width - GAP * (columns as f64 - 1.0)) / columns as f64
}

/// Width at which a medium of the usual proportions is shown, less for scrolling.
fn worth(k: usize, columns: usize, width: f64, height: f64, kind: Kind, protocol: Protocol) -> f64 {
    let rows = k.div_ceil(columns) as f64;
    let cell = cell_width(columns, width);
    let gaps = GAP * (rows - 1.0);
    let controls = controls(k, cell, protocol);
    let medium = ((height - gaps) / rows - controls).max(least_height(kind));
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
            (16, 1888.0, 900.0, 6),
            (16, 328.0, 400.0, 2),
        ] {
            assert_eq!(layout(k, width, height, Kind::Image, Protocol::Rank).columns, columns, "{k} in {width} x {height}");
        }
    }

    #[test]
    fn no_size_is_too_odd() {
        for size in [0.0, -5.0, 1.0, 1e9, f64::NAN] {
            for k in 0..=16 {
                let n = layout(k, size, size, Kind::Video, Protocol::Rank).columns;
                assert!((1..=k.max(1)).contains(&n), "{k} in {size}: {n}");
            }
        }
    }
}
