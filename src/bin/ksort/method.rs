use clap::ValueEnum;
use k_sort::ranking::{
    FitError, Posterior, Prior, RatedBallot, Reliability, Unbounded, plackett_luce, plackett_luce_with_raters,
};

use crate::failure::Failure;
use crate::poll::{Poll, Purpose, State};
use crate::standings::{Estimate, Row, ranked};

/// How capabilities are estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// The online update of K-Sort Arena (arXiv 2408.14468)
    KSort,
    /// Plackett-Luce on whole rankings, all votes at once
    PlackettLuce,
    /// Bradley-Terry on the pairs of each vote, all votes at once
    BradleyTerry,
    /// Elo's ratings, vote by vote, for comparison
    Elo,
}

impl Method {
    /// What votes are gathered for.
    pub fn purpose(self) -> Purpose {
        match self {
            Method::KSort => Purpose::KSort,
            Method::Elo => Purpose::Elo,
            Method::PlackettLuce => Purpose::Fit,
            Method::BradleyTerry => Purpose::FitPairs,
        }
    }
}

/// `auto`, `none` or a number above zero.
pub fn prior(text: &str) -> Result<Prior, String> {
    match text {
        "auto" => Ok(Prior::Auto),
        "none" => Ok(Prior::None),
        number => match number.parse::<f64>() {
            Ok(sd) if sd > 0.0 && sd.is_finite() => Ok(Prior::Sd(sd)),
            _ => Err("expected `auto`, `none` or a number above 0".into()),
        },
    }
}

/// The leaderboard of a poll whose votes were rated one by one.
pub fn online(poll: &Poll) -> Vec<Row> {
    let of = |model: usize, score, mu, sigma| {
        let name = poll.models.list()[model].clone();
        Estimate { model: name, score, mu, sigma, votes: poll.votes_of[model] }
    };
    ranked(match &poll.state {
        State::KSort(ratings) => {
            ratings.iter().enumerate().map(|(n, rating)| of(n, rating.score(), rating.mu, Some(rating.sigma))).collect()
        }
        State::Elo(ratings) => ratings.iter().enumerate().map(|(n, rating)| of(n, *rating, *rating, None)).collect(),
        State::Fit(_) | State::FitPairs(_) => Vec::new(),
    })
}

/// A fit of a poll. Models are numbered by the alphabet.
pub struct Fit {
    pub posterior: Posterior,
    /// By rater, where they were asked for.
    pub raters: Option<Vec<Reliability>>,
}

/// Fits all votes of a poll at once.
pub fn fit(poll: &Poll, prior: Prior) -> Result<Fit, Failure> {
    let posterior = plackett_luce(&poll.tally(), prior).map_err(|error| failure(poll, error))?;
    Ok(Fit { posterior, raters: None })
}

/// Fits all votes of a poll together with how reliable each rater is.
pub fn fit_with_raters(poll: &Poll, prior: Prior) -> Result<Fit, Failure> {
    let places = poll.alphabet();
    let renumbered = |record: &crate::poll::Record| {
        let mut rated = record.rated.clone();
        rated.ballot = rated.ballot.renumbered(|model| places[model]);
        rated
    };
    let mut votes: Vec<_> = poll.records.list.iter().map(renumbered).collect();
    // Sums are taken in this order, so that votes give the same fit in whatever order.
    let names = poll.records.raters.list();
    votes.sort_by(|one, two| {
        let name = |vote: &RatedBallot| vote.rater.map(|rater| &names[rater]);
        one.ballot.cmp(&two.ballot).then_with(|| name(one).cmp(&name(two))).then_with(|| one.weight.total_cmp(&two.weight))
    });
    let fit = plackett_luce_with_raters(poll.models.len(), poll.records.raters.len(), &votes, prior);
    let (posterior, raters) = fit.map_err(|error| failure(poll, error))?;
    Ok(Fit { posterior, raters: Some(raters) })
}

/// The leaderboard of a fit.
pub fn standings(poll: &Poll, posterior: &Posterior) -> Vec<Row> {
    let places = poll.alphabet();
    let of = |(model, name): (usize, &String)| {
        let place = places[model];
        let mu = posterior.mean[place];
        Estimate { model: name.clone(), score: mu, mu, sigma: Some(posterior.sd(place)), votes: poll.votes_of[model] }
    };
    ranked(poll.models.list().iter().enumerate().map(of).collect())
}

/// Why there is no fit, in the names of the models.
fn failure(poll: &Poll, error: FitError) -> Failure {
    let mut names: Vec<&String> = poll.models.list().iter().collect();
    names.sort_unstable();
    let advice = "a prior (`--prior-sd auto`) gives one";
    Failure::input(match error {
        FitError::Unbounded(Unbounded { models, never_lost }) => {
            let shown: Vec<String> = models.iter().take(NAMED).map(|&model| format!("`{}`", names[model])).collect();
            let more = match models.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let did = if never_lost { "never lost" } else { "never won" };
            format!("maximum likelihood has no finite answer: {}{more} {did} against the rest; {advice}", shown.join(", "))
        }
        FitError::Flat => format!("maximum likelihood has no single answer, as there are ties wherever there can be; {advice}"),
        FitError::TooLarge => {
            let longest = poll.longest();
            format!(
                "found a ranking of {longest} models, or ties of too many, expected shorter ones for this method and for reports on raters; `--method k-sort` without `--report` takes them"
            )
        }
        FitError::TooMany => format!("{error}; {advice}"),
        FitError::PriorSd => error.to_string(),
    })
}

/// Most models that a message names.
const NAMED: usize = 10;
