use k_sort::agreement::{Agreement, Judgement, Missing};
use k_sort::ranking::{Posterior, Prior, Reliability};
use serde::Serialize;

use crate::failure::{Failure, note};
use crate::method::{Fit, fit_with_raters};
use crate::poll::{Poll, Record};
use crate::standings::{self, Format, Row, grid};

/// Seed of the bootstraps, so that the same votes give the same report.
const SEED: u64 = 1;
/// Most judgements that weighed votes are written out to.
const MOST_JUDGEMENTS: f64 = 1e6;

/// What is to be known beside a leaderboard.
#[derive(Serialize)]
struct Report<'r> {
    leaderboard: &'r [Row],
    /// `null` for methods that take votes one by one.
    fit: Option<FitReport>,
    /// Least reliable first.
    raters: Vec<RaterReport<'r>>,
    #[serde(flatten)]
    agreement: Option<Agreement>,
}

#[derive(Serialize)]
struct FitReport {
    log_likelihood: f64,
    /// `null` for maximum likelihood.
    prior_sd: Option<f64>,
    ties: Vec<TieReport>,
}

#[derive(Serialize)]
struct TieReport {
    size: usize,
    log_parameter: f64,
}

#[derive(Serialize)]
struct RaterReport<'r> {
    rater: &'r str,
    /// Share of votes that follow the model rather than chance.
    reliability: f64,
    sd: f64,
    #[serde(serialize_with = "standings::short")]
    votes: f64,
}

/// The leaderboard with the report, as JSON or for people.
pub fn render(poll: &Poll, rows: &[Row], fit: Option<Fit>, format: Format) -> Result<String, Failure> {
    let (posterior, known) = fit.map_or((None, None), |fit| (Some(fit.posterior), fit.raters));
    let reliabilities = match known {
        Some(reliabilities) => reliabilities,
        None => fit_with_raters(poll, Prior::Auto)?.raters.unwrap_or_default(),
    };
    let report = Report {
        leaderboard: rows,
        fit: posterior.as_ref().map(fit_report),
        raters: rater_reports(poll.records.raters.list(), &reliabilities),
        agreement: agreement(&poll.records.list),
    };
    Ok(match format {
        Format::Json => serde_json::to_string_pretty(&report).unwrap_or_default() + "\n",
        _ => standings::render(rows, format) + &text(&report),
    })
}

fn fit_report(posterior: &Posterior) -> FitReport {
    let tie = |&(size, log_parameter): &(usize, f64)| TieReport { size, log_parameter };
    FitReport {
        log_likelihood: posterior.log_likelihood,
        prior_sd: posterior.prior_sd,
        ties: posterior.ties.iter().map(tie).collect(),
    }
}

fn rater_reports<'r>(names: &'r [String], reliabilities: &[Reliability]) -> Vec<RaterReport<'r>> {
    let one = |(rater, found): (&'r String, &Reliability)| RaterReport {
        rater,
        reliability: found.share,
        sd: found.sd,
        votes: found.votes,
    };
    let mut reports: Vec<RaterReport<'r>> = names.iter().zip(reliabilities).map(one).collect();
    reports.sort_by(|a, b| a.reliability.total_cmp(&b.reliability).then_with(|| a.rater.cmp(b.rater)));
    reports
}

/// Agreement and bias by place on screen; a vote that weighs n counts as n judgements by raters of their own.
fn agreement(records: &[Record]) -> Option<Agreement> {
    let weights = || records.iter().map(|record| record.rated.weight);
    if weights().any(|weight| weight.fract() != 0.0) || weights().sum::<f64>() > MOST_JUDGEMENTS {
        note("agreement and places on screen are left out: they take weights that are whole numbers, a million in all");
        return None;
    }
    let levels = |record: &Record| -> Vec<(usize, usize)> {
        let levels = record.rated.ballot.levels().enumerate();
        levels.flat_map(|(n, level)| level.iter().map(move |&model| (model, n))).collect()
    };
    let placed: Vec<_> = records.iter().map(levels).collect();
    let judgements = records.iter().zip(&placed).flat_map(|(record, placed)| {
        let weight = record.rated.weight as usize;
        let rater = record.rated.rater.filter(|_| weight == 1);
        std::iter::repeat_n(Judgement { unit: record.item, rater, placed, shown: &record.shown }, weight)
    });
    Some(Agreement::of(&judgements.collect::<Vec<_>>(), SEED))
}

/// What a person reads.
fn text(report: &Report<'_>) -> String {
    let mut text = String::new();
    if let Some(fit) = &report.fit
        && !fit.ties.is_empty()
    {
        let ties: Vec<String> = fit.ties.iter().map(|tie| format!("{:.3} for {} models", tie.log_parameter, tie.size)).collect();
        text += &format!("\nTies: log parameter {}\n", ties.join(", "));
    }
    if !report.raters.is_empty() {
        text += "\nRaters, least reliable first: the share of votes that follow the ranking rather than chance\n";
        let line = |rater: &RaterReport<'_>| {
            vec![rater.rater.to_owned(), format!("{:.2}", rater.reliability), format!("{:.2}", rater.sd), rater.votes.to_string()]
        };
        let header = ["Rater", "Reliability", "Sd", "Votes"].map(str::to_owned).to_vec();
        text += &grid(header, report.raters.iter().map(line).collect(), &[0]);
    }
    let Some(agreement) = &report.agreement else { return text };
    let interval = |lo: Option<f64>, hi: Option<f64>| match (lo, hi) {
        (Some(lo), Some(hi)) => format!(", 95% interval {lo:.3} to {hi:.3}"),
        _ => String::new(),
    };
    let missing = |missing: &Missing| format!("not known, as {missing}");
    let w = agreement
        .kendall_w
        .as_ref()
        .map_or_else(missing, |w| format!("{:.3}{} ({} groups, {} raters)", w.value, interval(w.lo, w.hi), w.units, w.raters));
    let alpha = agreement.krippendorff_alpha.as_ref().map_or_else(missing, |alpha| {
        format!("{:.3}{} ({} groups, {} raters)", alpha.value, interval(alpha.lo, alpha.hi), alpha.units, alpha.raters)
    });
    text += &format!("\nAgreement of raters\n  Kendall's W:           {w}\n  Krippendorff's alpha:  {alpha}\n");
    match &agreement.position_bias {
        Err(reason) => text += &format!("\nPlaces on screen: {}\n", missing(reason)),
        Ok(bias) => {
            let test = &bias.test;
            text += &format!(
                "\nPlaces on screen: chi-square {:.2} with {} degrees of freedom, p = {:.4} (small: places moved the rankings)\n",
                test.chi_square, test.df, test.p
            );
            let line = |place: &k_sort::agreement::PositionRank| {
                let se = place.se.map_or_else(String::new, |se| format!("{se:.3}"));
                vec![
                    place.k.to_string(),
                    place.position.to_string(),
                    format!("{:.3}", place.mean_rank),
                    se,
                    place.votes.to_string(),
                ]
            };
            let header = ["Options", "Place", "Mean rank (0 best, 1 worst)", "Se", "Votes"].map(str::to_owned).to_vec();
            text += &grid(header, bias.positions.iter().map(line).collect(), &[]);
        }
    }
    text
}
