use std::f64::consts::PI;
use std::fmt;
use std::str::FromStr;

use super::measures::ranks;
use crate::matchmaking::Draws;

/// How simulated raters err.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Noise {
    /// Not at all.
    None,
    /// From the top down, each two neighbours of the right ranking are swapped with this probability.
    Flip(f64),
    /// By Plackett and Luce, with true log-worths drawn from N(0, sd²).
    PlackettLuce(f64),
}

/// What is no description of noise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("found {0:?}, expected `none`, `flip:P` with a probability P, or `pl:SD` with a positive SD up to 100")]
pub struct BadNoise(String);

impl FromStr for Noise {
    type Err = BadNoise;

    fn from_str(text: &str) -> Result<Self, BadNoise> {
        let number = |text: &str| text.parse::<f64>().ok();
        let noise = match text.split_once(':') {
            None if text == "none" => Some(Noise::None),
            Some(("flip", p)) => number(p).filter(|p| (0.0..=1.0).contains(p)).map(Noise::Flip),
            Some(("pl", sd)) => number(sd).filter(|sd| *sd > 0.0 && *sd <= 100.0).map(Noise::PlackettLuce),
            _ => None,
        };
        noise.ok_or_else(|| BadNoise(text.to_owned()))
    }
}

impl fmt::Display for Noise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Noise::None => f.write_str("none"),
            Noise::Flip(p) => write!(f, "flip:{p}"),
            Noise::PlackettLuce(sd) => write!(f, "pl:{sd}"),
        }
    }
}

/// What is true of the models of a simulated study.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    log_worths: Vec<f64>,
    ranks: Vec<usize>,
}

impl Truth {
    /// Log-worths from N(0, sd²), where the noise is Plackett and Luce's, else from N(0, 1).
    pub fn new(models: usize, noise: Noise, draws: &mut Draws) -> Self {
        let sd = if let Noise::PlackettLuce(sd) = noise { sd } else { 1.0 };
        let log_worths: Vec<f64> = (0..models).map(|_| sd * normal(draws)).collect();
        let ranks = ranks(&log_worths);
        Truth { log_worths, ranks }
    }

    /// The true log-worth of each model.
    pub fn log_worths(&self) -> &[f64] {
        &self.log_worths
    }

    /// The true rank of each model, from 0.
    pub fn ranks(&self) -> &[usize] {
        &self.ranks
    }

    /// A rater's ranking of a group, best first.
    pub fn vote(&self, group: &[usize], noise: Noise, draws: &mut Draws) -> Vec<usize> {
        // The order of Plackett and Luce is that of log-worths with Gumbel noise (Yellott 1977).
        let gumbel = |draws: &mut Draws| -(-(1.0 - draws.unit()).ln()).ln();
        let with_noise = |&model: &usize| match noise {
            Noise::PlackettLuce(_) => self.log_worths[model] + gumbel(draws),
            _ => self.log_worths[model],
        };
        let utilities: Vec<f64> = group.iter().map(with_noise).collect();
        let mut order = vec![0; group.len()];
        for (place, rank) in ranks(&utilities).into_iter().enumerate() {
            order[rank] = group[place];
        }
        if let Noise::Flip(p) = noise {
            for n in 1..order.len() {
                if draws.unit() < p {
                    order.swap(n - 1, n);
                }
            }
        }
        order
    }
}

/// A draw from the standard normal distribution (Box and Muller 1958).
fn normal(draws: &mut Draws) -> f64 {
    (-2.0 * (1.0 - draws.unit()).ln()).sqrt() * (2.0 * PI * draws.unit()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_read_as_it_is_written() {
        for text in ["none", "flip:0.05", "pl:1.5"] {
            assert_eq!(text.parse::<Noise>().unwrap().to_string(), text);
        }
        for text in ["", "flip", "flip:2", "flip:x", "pl:0", "pl:-1", "pl:inf", "pl:nan", "none:1"] {
            assert!(text.parse::<Noise>().is_err(), "{text}");
        }
    }

    #[test]
    fn raters_err_as_often_as_said() {
        let mut draws = Draws::new(&[b"rater"]);
        let truth = Truth { log_worths: vec![0.0, 1.0], ranks: vec![1, 0] };
        let mut upsets = |noise| (0..10_000).filter(|_| truth.vote(&[0, 1], noise, &mut draws) == [0, 1]).count();
        assert_eq!(upsets(Noise::None), 0);
        // 500 expected, standard deviation 22.
        assert!((400..600).contains(&upsets(Noise::Flip(0.05))));
        // 1/(1 + e) of 10,000 is 2689, standard deviation 44.
        assert!((2500..2880).contains(&upsets(Noise::PlackettLuce(1.0))));
    }
}
