//! The groups of a session, which have to be the same on every machine.

use k_sort::matchmaking::{Draw, Draws, History};
use k_sort::ranking::{Ballot, Leaderboard};
use k_sort::study::Study;

/// Nine groups of four out of ten models by information gain, the lower number always winning: as drawn when this was written.
const GROUPS: [[usize; 4]; 9] = [
    [8, 1, 6, 3],
    [4, 0, 7, 2],
    [5, 2, 3, 9],
    [0, 5, 1, 4],
    [8, 6, 7, 9],
    [8, 7, 4, 5],
    [3, 6, 1, 4],
    [1, 2, 3, 0],
    [6, 9, 7, 5],
];

pub fn groups_are_those_of_every_machine() {
    let models: Vec<String> = (0..10).map(|model| format!(r#"{{"id":"m{model}"}}"#)).collect();
    let outputs: Vec<String> = (0..10).map(|model| format!(r#""m{model}":"m{model}.png""#)).collect();
    let study = format!(
        r#"{{"version":1,"id":"s","k":4,"models":[{}],"items":[{{"id":"i","outputs":{{{}}}}}]}}"#,
        models.join(","),
        outputs.join(",")
    );
    let study = Study::read(&study).unwrap();
    let board = Leaderboard::new(study.models.iter().map(|model| (model.id.clone(), model.name.clone())));
    let mut history = History::new(10, 1);
    let mut groups = Vec::new();
    for trial in 0..9_u64 {
        let draws = &mut Draws::new(&[b"known", &trial.to_le_bytes()]);
        let (_, draw) = Draw::plan(&study, history.clone(), &board, draws).unwrap();
        let group = draw.carry_out();
        let mut order = group.clone();
        order.sort_unstable();
        history.answered(Ballot::new(order.into_iter().map(|model| vec![model])), 1.0);
        history.shown(0);
        groups.push(group);
    }
    assert_eq!(groups, GROUPS);
}
