use clap::ValueEnum;
use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};
use k_sort::ranking::Standing;
use serde::Serialize;

/// How a leaderboard is printed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// An array of objects, best first
    Json,
    /// A header line and a line for each model
    Csv,
}

/// One row of the JSON array.
#[derive(Serialize)]
struct Row<'s> {
    model: &'s str,
    rank: usize,
    score: f64,
    mu: f64,
    sigma: f64,
    lo: f64,
    hi: f64,
    votes: usize,
}

/// The leaderboard as text that ends with a line break.
pub fn render(standings: &[Standing], format: Format) -> String {
    match format {
        Format::Table => table(standings),
        Format::Json => json(standings),
        Format::Csv => csv(standings),
    }
}

fn table(standings: &[Standing]) -> String {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─')));
    table.set_header(["Rank", "Model", "Score", "Mu", "Sigma", "95% interval", "Votes"]);
    for s in standings {
        let number = |value: f64| format!("{value:.2}");
        let interval = format!("{:.2} to {:.2}", s.lo, s.hi);
        let (rank, votes) = (s.rank.to_string(), s.votes.to_string());
        table.add_row([rank, s.model.clone(), number(s.score), number(s.mu), number(s.sigma), interval, votes]);
    }
    for (n, column) in table.column_iter_mut().enumerate() {
        column.set_cell_alignment(if n == 1 { CellAlignment::Left } else { CellAlignment::Right });
    }
    table.trim_fmt() + "\n"
}

fn json(standings: &[Standing]) -> String {
    let row = |s: &Standing| {
        let Standing { model, rank, score, mu, sigma, lo, hi, votes, .. } = s;
        let row = Row { model, rank: *rank, score: *score, mu: *mu, sigma: *sigma, lo: *lo, hi: *hi, votes: *votes };
        serde_json::to_string(&row).unwrap_or_default()
    };
    let rows: Vec<String> = standings.iter().map(row).collect();
    match rows.is_empty() {
        true => "[]\n".into(),
        false => format!("[\n  {}\n]\n", rows.join(",\n  ")),
    }
}

fn csv(standings: &[Standing]) -> String {
    let mut text = "model,rank,score,mu,sigma,lo,hi,votes\n".to_owned();
    for s in standings {
        let model = csv_field(&s.model);
        text += &format!("{model},{},{},{},{},{},{},{}\n", s.rank, s.score, s.mu, s.sigma, s.lo, s.hi, s.votes);
    }
    text
}

/// Quotes a field where RFC 4180 asks for it.
fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
