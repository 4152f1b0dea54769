//! Leaderboards written to files, of several criteria in one.

use serde::Serialize;

use super::Standing;
use crate::vote::csv_cell;

/// A row of a file.
#[derive(Serialize)]
struct Row<'s> {
    criterion: &'s str,
    #[serde(flatten)]
    standing: &'s Standing,
}

/// A line of JSON for each model and criterion, best first.
pub fn write_standings_jsonl(boards: &[(&str, Vec<Standing>)]) -> String {
    lines(boards).map(|line| line + "\n").collect()
}

/// The same as one JSON list.
pub fn write_standings_json(boards: &[(&str, Vec<Standing>)]) -> String {
    let rows: Vec<String> = lines(boards).collect();
    if rows.is_empty() { "[]\n".into() } else { format!("[\n  {}\n]\n", rows.join(",\n  ")) }
}

/// The same as comma-separated values (RFC 4180) with a header.
pub fn write_standings_csv(boards: &[(&str, Vec<Standing>)]) -> String {
    let mut text = "criterion,model,name,rank,mu,sigma,score,lo,hi,votes\n".to_owned();
    for Row { criterion, standing } in rows(boards) {
        let Standing { model, name, rank, mu, sigma, score, lo, hi, votes } = standing;
        let [criterion, model, name] = [criterion, model, name].map(csv_cell);
        text += &format!("{criterion},{model},{name},{rank},{mu},{sigma},{score},{lo},{hi},{votes}\n");
    }
    text
}

fn rows<'b>(boards: &'b [(&'b str, Vec<Standing>)]) -> impl Iterator<Item = Row<'b>> {
    boards.iter().flat_map(|(criterion, standings)| standings.iter().map(move |standing| Row { criterion, standing }))
}

fn lines(boards: &[(&str, Vec<Standing>)]) -> impl Iterator<Item = String> {
    rows(boards).filter_map(|row| serde_json::to_string(&row).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boards() -> Vec<(&'static str, Vec<Standing>)> {
        let standing = |model: &str, rank, mu: f64| Standing {
            model: model.into(),
            name: format!("{model}, the model"),
            rank,
            mu,
            sigma: 0.5,
            score: mu - 1.5,
            lo: mu - 1.0,
            hi: mu + 1.0,
            votes: 3,
        };
        vec![("overall", vec![standing("a", 1, 30.25), standing("b", 2, 20.0)]), ("detail", vec![standing("b", 1, 25.0)])]
    }

    #[test]
    fn every_format_has_every_model_of_every_criterion_in_order() {
        let boards = boards();
        let list: Vec<serde_json::Value> = serde_json::from_str(&write_standings_json(&boards)).unwrap();
        let lines: Vec<serde_json::Value> =
            write_standings_jsonl(&boards).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(list, lines);
        let told: Vec<_> = list.iter().map(|row| format!("{} {} {}", row["criterion"], row["model"], row["rank"])).collect();
        assert_eq!(told, [r#""overall" "a" 1"#, r#""overall" "b" 2"#, r#""detail" "b" 1"#]);
        assert_eq!(
            write_standings_csv(&boards),
            "criterion,model,name,rank,mu,sigma,score,lo,hi,votes\noverall,a,\"a, the model\",1,30.25,0.5,28.75,29.25,31.25,3\n\
             overall,b,\"b, the model\",2,20,0.5,18.5,19,21,3\ndetail,b,\"b, the model\",1,25,0.5,23.5,24,26,3\n"
        );
        assert_eq!(write_standings_json(&[]), "[]\n");
    }
}
