use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use k_sort::json::{Json, Problems, Reader, index, parse};
use k_sort::matchmaking::{Draws, Field, History, pick};
use k_sort::ranking::{Ballot, PRIOR, Rating, update};
use k_sort::study::Policy;

use crate::failure::{Failure, note, print};
use crate::names::Names;
use crate::votes::{self, counted};

/// Print the models of the next group, one a line
///
/// Models of the votes that the list does not name count for what they tell of others, but are not picked.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Vote file, as for `ksort rank`; may be empty
    votes: PathBuf,
    /// The models to pick from: a model id a line, a JSON list of ids, or a study file
    #[arg(long, value_name = "FILE")]
    models: PathBuf,
    /// Models of a group
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(2..=16))]
    k: u8,
    /// How the group is chosen
    #[arg(long, value_enum, default_value_t = PolicyName::InformationGain)]
    policy: PolicyName,
    /// The same seed and votes give the same group
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Leave wrong lines of votes out, with a note for each
    #[arg(long)]
    skip_bad: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PolicyName {
    /// The group whose answer is expected to settle most of the order
    InformationGain,
    /// The least compared model against those near it in score, as in K-Sort Arena
    KSort,
    /// Any group
    Random,
    /// Every pair equally often
    Balanced,
}

impl From<PolicyName> for Policy {
    fn from(name: PolicyName) -> Policy {
        match name {
            PolicyName::InformationGain => Policy::InformationGain,
            PolicyName::KSort => Policy::KSort,
            PolicyName::Random => Policy::Random,
            PolicyName::Balanced => Policy::Balanced,
        }
    }
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let mut models = Names::default();
    let listed = read_models(&args.models)?;
    for id in &listed {
        models.number(id);
    }
    let k = usize::from(args.k);
    if listed.len() < k {
        let found = counted(listed.len(), "model", "models");
        return Err(Failure::Call(format!(
            "--k: found {k}, expected at most {}, as {} lists {found}",
            listed.len(),
            args.models.display()
        )));
    }
    let mut ratings = vec![PRIOR; models.len()];
    let mut answers: HashMap<Ballot, f64> = HashMap::new();
    let mut unanswered: Vec<Vec<usize>> = Vec::new();
    votes::read(std::slice::from_ref(&args.votes), args.skip_bad, &mut |vote, _| {
        if !vote.is_main() {
            return;
        }
        let Some(seen) = vote.observation() else {
            unanswered.push(vote.shown.iter().map(|id| models.number(id)).collect());
            return;
        };
        let group: Vec<usize> = seen.models.iter().map(|(id, _)| models.number(id)).collect();
        ratings.resize(models.len(), PRIOR);
        let before: Vec<Rating> = group.iter().map(|&model| ratings[model]).collect();
        for (&model, rating) in group.iter().zip(update(&before, |i, q| seen.relation(i, q))) {
            ratings[model] = rating;
        }
        let mut numbers = group.into_iter();
        let ballot = Ballot::from_observation(&seen, |_| numbers.next().unwrap_or_default());
        *answers.entry(ballot).or_default() += vote.weight.unwrap_or(1.0);
    })?;
    if models.len() > listed.len() {
        let others = counted(models.len() - listed.len(), "model of the votes is", "models of the votes are");
        note(&format!("{others} not in {} and not picked", args.models.display()));
    }

    let mut history = History::new(models.len(), 0);
    let mut answers: Vec<(Ballot, f64)> = answers.into_iter().collect();
    answers.sort_unstable_by(|one, two| one.0.cmp(&two.0));
    for (ballot, weight) in answers {
        history.answered(ballot, weight);
    }
    unanswered.iter().for_each(|group| history.unanswered(group));
    ratings.resize(models.len(), PRIOR);
    let scores: Vec<f64> = ratings.iter().map(Rating::score).collect();
    let candidates: Vec<usize> = (0..listed.len()).collect();
    let field = Field { candidates: &candidates, size: k, history: &history, scores: &scores };
    let group = pick(args.policy.into(), field, &mut Draws::new(&[b"next", &args.seed.to_le_bytes()]));
    print(&group.iter().map(|&model| format!("{}\n", models.list()[model])).collect::<String>())
}

/// The ids of a list of models: a line each, a JSON list, or what a study file has in `models`.
fn read_models(path: &Path) -> Result<Vec<String>, Failure> {
    let name = path.display();
    let text = fs::read_to_string(path).map_err(|error| Failure::input(format!("{name}: {error}")))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let wrong = |problems: Problems| Failure::Input(problems.0.iter().map(|problem| format!("{name}: {problem}")).collect());
    if !text.trim_start().starts_with(['[', '{']) {
        return distinct(text.lines().map(str::trim).enumerate().filter(|(_, id)| !id.is_empty()).map(|(n, id)| (n + 1, id)))
            .map_err(|(line, id)| Failure::input(format!("{name}:{line}: found {id:?} again, expected each model once")));
    }
    let json = parse(text).map_err(wrong)?;
    let mut reader = Reader::default();
    let ids = ids(&mut reader, &json);
    let ids = reader.finish(ids).map_err(wrong)?;
    distinct(ids.into_iter().enumerate())
        .map_err(|(n, id)| Failure::input(format!("{name}: models[{n}]: found {id:?} again, expected each model once")))
}

fn ids<'j>(r: &mut Reader, json: &'j Json) -> Option<Vec<&'j str>> {
    if let Json::Object(_) = json {
        let study = r.object("", json, "a study")?;
        let Some(models) = study.get("models") else {
            r.note("models", "nothing", "a list of models");
            return None;
        };
        let models = r.list("models", models, "a list of models")?;
        let id = |r: &mut Reader, n: usize, model: &'j Json| {
            let place = index("models", n);
            let model = r.object(&place, model, "a model, an object with an id")?;
            r.id(&format!("{place}.id"), model.get("id").unwrap_or(&Json::Null), "a model id")
        };
        return models.iter().enumerate().map(|(n, model)| id(r, n, model)).collect();
    }
    let list = r.list("", json, "a list of model ids, or a study")?;
    list.iter().enumerate().map(|(n, id)| r.id(&index("models", n), id, "a model id")).collect()
}

/// The ids, or the first that is there twice with its place.
fn distinct<'t>(ids: impl Iterator<Item = (usize, &'t str)>) -> Result<Vec<String>, (usize, String)> {
    let mut seen = HashSet::new();
    let mut list = Vec::new();
    for (place, id) in ids {
        if !seen.insert(id) {
            return Err((place, id.to_owned()));
        }
        list.push(id.to_owned());
    }
    Ok(list)
}
