use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::support::{Kind, Lab, Serve, on_both_databases, study, vote};

on_both_databases! {
    the_leaderboard_lists_every_model_and_counts_main_trials_of_its_criterion,
    votes_give_the_same_leaderboard_in_whatever_order_they_come,
    a_watcher_is_told_of_each_change_and_of_nothing_else,
    stored_votes_that_do_not_fit_the_study_are_left_out_and_counted,
}

fn the_leaderboard_lists_every_model_and_counts_main_trials_of_its_criterion(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    let mut practice = vote("p", json!([["d"], ["c"], ["b"], ["a"]]));
    practice["trial"] = "practice".into();
    let mut detail = vote("q", json!([["b"], ["a"]]));
    detail["criterion"] = "detail".into();
    let mut main = vote("m", json!([["a"], ["b"], ["c"], ["d"]]));
    main["trial"] = "main".into();
    serve.vote(json!([practice, detail, main]));

    // The first vote of four from the default prior, by Eq. 9 and 10 of arXiv 2408.14468.
    let board: Vec<Value> = serde_json::from_str(&serve.get("/api/leaderboard?study=s&criterion=overall").body).unwrap();
    for (n, (row, mu)) in board.iter().zip([37.615663, 29.205221, 20.794779, 12.384337]).enumerate() {
        let number = |key: &str| row[key].as_f64().unwrap();
        assert!((number("mu") - mu).abs() < 5e-7 && (number("sigma") - 4.048802).abs() < 5e-7, "{row}");
        assert!((number("score") - (mu - 3.0 * 4.048802)).abs() < 5e-6 && number("lo") < mu && mu < number("hi"));
        assert_eq!((&row["rank"], &row["votes"]), (&json!(n + 1), &json!(1)));
    }
    assert_eq!((&board[0]["model"], &board[0]["name"], board.len()), (&json!("a"), &json!("A"), 4));

    let detail: Vec<Value> = serde_json::from_str(&serve.get("/api/leaderboard?study=s&criterion=detail").body).unwrap();
    let told: Vec<_> = detail.iter().map(|row| (row["model"].as_str().unwrap(), row["votes"].as_u64().unwrap())).collect();
    assert_eq!(told, [("b", 1), ("c", 0), ("d", 0), ("a", 1)]);

    for (target, reason) in [
        ("/api/leaderboard?study=t", "study: found \"t\", expected \"s\""),
        ("/api/leaderboard?study=s&criterion=x", "criterion: found \"x\", expected one of overall, detail"),
    ] {
        let response = serve.get(target);
        assert_eq!((response.status, response.error().as_str()), (404, reason));
    }
}

fn votes_give_the_same_leaderboard_in_whatever_order_they_come(kind: Kind) {
    // The later one by a capital letter: in the order of bytes, as everywhere, not of a language.
    let votes = [
        vote("0-a", json!([["b"], ["a"]])),
        vote("0-B", json!([["a"], ["b"]])),
        vote("1", json!([["b"], ["c"], ["a"]])),
        vote("2", json!([["c"], ["d"]])),
        vote("3", json!([["a", "d"], ["b"]])),
    ];
    let boards = [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]].map(|order| {
        let lab = Lab::new(kind);
        let serve = lab.serve();
        for n in order {
            serve.vote(json!([votes[n]]));
            // Each time it has to go back to what it was before.
            assert_eq!(serve.get("/api/leaderboard").status, 200);
        }
        serve.get("/api/leaderboard").body
    });
    assert!(boards.iter().all(|board| *board == boards[0]), "{boards:?}");
}

/// A live leaderboard, event by event.
struct Watch(BufReader<TcpStream>);

impl Watch {
    fn start(serve: &Serve, target: &str) -> Watch {
        let mut stream = TcpStream::connect(&serve.address).unwrap();
        stream.write_all(format!("GET {target} HTTP/1.0\r\n\r\n").as_bytes()).unwrap();
        let mut watch = Watch(BufReader::new(stream));
        let head = watch.block();
        assert!(head[0].ends_with("200 OK") && head.contains(&"content-type: text/event-stream".to_owned()), "{head:?}");
        watch
    }

    /// The lines up to an empty one; none at the end.
    fn block(&mut self) -> Vec<String> {
        let lines = self.0.by_ref().lines().map(Result::unwrap);
        lines.take_while(|line| !line.is_empty()).collect()
    }

    fn event(&mut self) -> Vec<Value> {
        let block = self.block();
        let [name, data] = &block[..] else { panic!("{block:?}") };
        assert_eq!(name, "event: leaderboard");
        serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap()
    }
}

fn counts(board: &[Value]) -> u64 {
    board.iter().map(|row| row["votes"].as_u64().unwrap()).sum()
}

fn a_watcher_is_told_of_each_change_and_of_nothing_else(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    let mut watch = Watch::start(&serve, "/api/leaderboard/stream?study=s&criterion=overall");
    assert_eq!(counts(&watch.event()), 0, "first, how it stands");
    let mut detail = vote("1", json!([["a"], ["b"]]));
    detail["criterion"] = "detail".into();
    let mut practice = vote("2", json!([["a"], ["b"]]));
    practice["trial"] = "practice".into();
    serve.vote(json!([detail, practice]));
    serve.vote(json!([vote("3", json!([["a"], ["b"], ["c"]]))]));
    let board = watch.event();
    assert_eq!((counts(&board), &board[0]["model"]), (3, &json!("a")));
    let shown: Vec<Value> = serde_json::from_str(&serve.get("/api/leaderboard").body).unwrap();
    assert_eq!(board, shown);
    serve.vote(json!([vote("0", json!([["b"], ["c"]]))]));
    assert_eq!(counts(&watch.event()), 5, "also of one that comes late");
}

#[test]
fn a_stream_ends_when_the_study_fails() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    let mut watch = Watch::start(&serve, "/api/leaderboard/stream");
    assert_eq!(watch.event().len(), 4);
    std::fs::write(lab.folder.path().join("study.json"), "{").unwrap();
    assert!(watch.block().is_empty() && watch.0.fill_buf().unwrap().is_empty(), "it ends, without an event");
    assert_eq!(serve.get("/api/leaderboard/stream").status, 503);
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    assert_eq!(
        serve.get("/api/leaderboard/stream?criterion=x").error(),
        "criterion: found \"x\", expected one of overall, detail"
    );
    assert_eq!(serve.get("/api/leaderboard/stream?study=t").status, 404);
}

#[test]
fn the_live_page_is_served_with_all_it_loads() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    let page = serve.get("/leaderboard");
    assert_eq!((page.status, page.headers["content-type"].as_str()), (200, "text/html; charset=utf-8"));
    assert!(page.headers["content-security-policy"].contains("script-src 'self'"));
    for (file, kind) in
        [("live/leaderboard.js", "text/javascript; charset=utf-8"), ("live/leaderboard.css", "text/css; charset=utf-8")]
    {
        assert!(page.body.contains(&format!("\"{file}\"")), "{file}");
        assert_eq!(serve.get(&format!("/{file}")).headers["content-type"], kind);
    }
    assert!(!page.body.contains("<style") && !page.body.contains(" style=") && !page.body.contains(" onclick="));
}

/// As in a database from before the server held votes to the study, or from before the study was edited.
fn stored_votes_that_do_not_fit_the_study_are_left_out_and_counted(kind: Kind) {
    let many: Vec<String> = (0..1_000).map(|n| format!("m{n}")).collect();
    let mut wide = study();
    wide["models"] = many.iter().map(|id| json!({ "id": id })).chain(["a", "b"].map(|id| json!({ "id": id }))).skip(2).collect();
    wide["k"] = json!(16);
    let lab = Lab::of(&wide.to_string(), kind);
    {
        let serve = lab.serve();
        let ranking: Vec<Value> = many[10..26].iter().map(|id| json!([id])).collect();
        let records: Vec<Value> = (0..100).map(|n| vote(&format!("wide-{n}"), json!(ranking))).collect();
        serve.vote(json!(records));
        serve.vote(json!([vote("sound", json!([["a"], ["b"]]))]));
    }
    std::fs::write(lab.folder.path().join("study.json"), study().to_string()).unwrap();
    let serve = lab.serve();
    let response = serve.get("/api/leaderboard");
    assert_eq!(response.headers["x-votes-left-out"], "100");
    let board = response.json();
    let told: Vec<_> = board.as_array().unwrap().iter().map(|row| (row["model"].as_str().unwrap(), &row["votes"])).collect();
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told.contains(&("a", &json!(1))) && told.contains(&("b", &json!(1))) && told.contains(&("c", &json!(0))), "{told:?}");
    assert_eq!(serve.records().len(), 101, "nothing is deleted");
}
