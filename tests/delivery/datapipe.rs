//! A stand-in for DataPipe.

use k_sort::study::BackEnd;
use k_sort::vote::Vote;

use crate::servers::Server;
use crate::storm::{assert_order, assert_same, count, deliver_all, get};

#[test]
fn every_vote_reaches_a_stand_in_for_datapipe_once() {
    let server = Server::node("delivery/stand_in/datapipe.mjs", &[]);
    let back_end = BackEnd::Datapipe { experiment_id: "experiment".into(), url: String::new() };
    let sent = deliver_all("datapipe", &back_end, &server.origin, "/api/data/", count(false));
    let files = get(&format!("{}/files", server.origin), &[]);
    let stored: Vec<Vote> = files.as_array().unwrap().iter().map(|file| Vote::read(file[1].as_str().unwrap()).unwrap()).collect();
    assert_same(&sent, &stored);
    assert_order(&stored);
}
