use clap::ValueEnum;
use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};
use k_sort::vote::csv_cell;
use serde::{Serialize, Serializer};

use crate::certainty::{Certainty, Ranks};

/// How a leaderboard is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// An array of objects, best first
    Json,
    /// A header line and a line for each model
    Csv,
}

/// One row of a leaderboard.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    pub model: String,
    /// Place by score, from 1; equal scores share a place.
    pub rank: usize,
    pub score: f64,
    pub mu: f64,
    /// Standard deviation of mu; with the interval, `None` where the method knows none.
    pub sigma: Option<f64>,
    /// Lower end of the 95% interval of mu.
    pub lo: Option<f64>,
    /// Upper end of the 95% interval of mu.
    pub hi: Option<f64>,
    /// Ranked votes that the model was in, by weight.
    #[serde(serialize_with = "short")]
    pub votes: f64,
    /// How sure all this is, where that was asked.
    #[serde(flatten)]
    pub certainty: Certainty,
}

/// A model with what is believed of it, before it has a rank.
pub struct Estimate {
    pub model: String,
    pub score: f64,
    pub mu: f64,
    pub sigma: Option<f64>,
    pub votes: f64,
}

/// Scores closer than this differ by rounding only.
const SAME: f64 = 1e-9;

/// Rows by score, best first; equals share a rank and stand in the order of their names.
pub fn ranked(mut estimates: Vec<Estimate>) -> Vec<Row> {
    const Z: f64 = 1.959_963_984_540_054;
    estimates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.model.cmp(&b.model)));
    let mut rows: Vec<Row> = Vec::with_capacity(estimates.len());
    for Estimate { model, score, mu, sigma, votes } in estimates {
        let rank = match rows.last() {
            Some(above) if above.score - score <= SAME => above.rank,
            _ => rows.len() + 1,
        };
        let [lo, hi] = [-Z, Z].map(|z| sigma.map(|sigma| mu + z * sigma));
        rows.push(Row { model, rank, score, mu, sigma, lo, hi, votes, certainty: Certainty::default() });
    }
    // Rounding must not decide who of equals stands first.
    rows.sort_by(|a, b| a.rank.cmp(&b.rank).then_with(|| a.model.cmp(&b.model)));
    rows
}

/// A whole number without its decimal point.
pub fn short<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.fract() == 0.0 && value.abs() < 9e15 {
        serializer.serialize_i64(*value as i64)
    } else {
        serializer.serialize_f64(*value)
    }
}

/// The leaderboard as text that ends with a line break.
pub fn render(rows: &[Row], format: Format) -> String {
    match format {
        Format::Table => table(rows),
        Format::Json => json(rows) + "\n",
        Format::Csv => csv(rows),
    }
}

/// What a column shows of a row.
type Cell = fn(&Row) -> String;

/// With two decimals; what rounds to zero has no sign.
fn decimals(value: f64) -> String {
    let text = format!("{value:.2}");
    if text == "-0.00" { "0.00".into() } else { text }
}

/// A probability of a half or more; what is not certain does not look so.
fn percent(probability: f64) -> String {
    if probability > 0.999 { ">99.9%".into() } else { format!("{:.1}%", probability * 100.0) }
}

fn table(rows: &[Row]) -> String {
    let mut columns: Vec<(&str, Cell)> = vec![("Rank", |row| row.rank.to_string()), ("Model", |row| row.model.clone())];
    if rows.iter().any(|row| row.score != row.mu) {
        columns.push(("Score", |row| decimals(row.score)));
    }
    columns.push(("Mu", |row| decimals(row.mu)));
    if rows.iter().any(|row| row.sigma.is_some()) {
        columns.push(("Sigma", |row| row.sigma.map_or_else(String::new, decimals)));
        columns.push(("95% interval", |row| match (row.lo, row.hi) {
            (Some(lo), Some(hi)) => format!("{} to {}", decimals(lo), decimals(hi)),
            _ => String::new(),
        }));
    }
    if rows.iter().any(|row| row.certainty.refits.is_some()) {
        columns.push(("Bootstrap 95%", |row| {
            let told = row.certainty.refits.as_ref();
            told.map_or_else(String::new, |told| format!("{} to {}", decimals(told.bootstrap_lo), decimals(told.bootstrap_hi)))
        }));
    }
    if rows.iter().any(|row| row.certainty.ranks.is_some()) {
        columns.push(("95% ranks", |row| match row.certainty.ranks {
            Some(Ranks { rank_lo, rank_hi, .. }) if rank_lo == rank_hi => rank_lo.to_string(),
            Some(Ranks { rank_lo, rank_hi, .. }) => format!("{rank_lo} to {rank_hi}"),
            None => String::new(),
        }));
        columns.push(("Better than next", |row| {
            let told = row.certainty.ranks.as_ref().and_then(|told| told.better_than_next);
            told.map_or_else(String::new, percent)
        }));
    }
    columns.push(("Votes", |row| row.votes.to_string()));
    let lines = rows.iter().map(|row| columns.iter().map(|(_, cell)| cell(row)).collect());
    grid(columns.iter().map(|(name, _)| (*name).to_owned()).collect(), lines.collect(), &[1])
}

/// A table of text that ends with a line break; the columns named in `left` are set to the left, others to the right.
pub fn grid(header: Vec<String>, lines: Vec<Vec<String>>, left: &[usize]) -> String {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─')));
    table.set_header(header);
    for line in lines {
        table.add_row(line);
    }
    for (n, column) in table.column_iter_mut().enumerate() {
        column.set_cell_alignment(if left.contains(&n) { CellAlignment::Left } else { CellAlignment::Right });
    }
    table.trim_fmt() + "\n"
}

/// The rows as a JSON array, one a line.
pub fn json(rows: &[Row]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| serde_json::to_string(row).unwrap_or_default()).collect();
    if rows.is_empty() { "[]".into() } else { format!("[\n  {}\n]", rows.join(",\n  ")) }
}

fn csv(rows: &[Row]) -> String {
    let known = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    let (with_ranks, with_refits) =
        rows.first().map_or((false, false), |row| (row.certainty.ranks.is_some(), row.certainty.refits.is_some()));
    let mut text = "model,rank,score,mu,sigma,lo,hi,votes".to_owned();
    text += if with_ranks { ",rank_lo,rank_hi,better_than_next" } else { "" };
    text += if with_refits { ",bootstrap_sd,bootstrap_lo,bootstrap_hi\n" } else { "\n" };
    for row in rows {
        let Row { model, rank, score, mu, sigma, lo, hi, votes, certainty } = row;
        let [sigma, lo, hi] = [sigma, lo, hi].map(|value| known(*value));
        text += &format!("{},{rank},{score},{mu},{sigma},{lo},{hi},{votes}", csv_cell(model));
        if let Some(Ranks { rank_lo, rank_hi, better_than_next, .. }) = &certainty.ranks {
            text += &format!(",{rank_lo},{rank_hi},{}", known(*better_than_next));
        }
        if let Some(told) = &certainty.refits {
            text += &format!(",{},{},{}", told.bootstrap_sd, told.bootstrap_lo, told.bootstrap_hi);
        }
        text.push('\n');
    }
    text
}
