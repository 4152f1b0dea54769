use std::fs;

use serde_json::{Value, json};

use crate::support::{Kind, Lab, on_both_databases, study, vote};

on_both_databases! {
    a_vote_is_stored_once_however_often_it_is_sent,
    a_vote_twice_in_one_request_is_stored_once,
    requests_at_the_same_time_store_each_vote_once,
    a_stored_vote_never_changes,
    a_bad_record_is_rejected_with_its_reason_and_the_others_are_stored,
    unknown_keys_come_back_as_they_were_sent,
    votes_are_listed_from_a_cursor_on,
    a_page_of_votes_has_at_most_ten_thousand,
    a_request_of_which_nothing_is_taken_says_so_in_its_status,
    a_page_of_votes_ends_at_about_sixteen_mebibytes,
    votes_of_an_earlier_study_are_still_listed,
    votes_that_no_rater_of_the_study_can_give_are_refused,
}

fn a_vote_is_stored_once_however_often_it_is_sent(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    let record = vote("one", json!([["a"], ["b"]]));
    let other = vote("two", json!([["b"], ["a"]]));
    assert_eq!(serve.vote(json!([record])), json!({ "stored": ["one"], "duplicate": [], "rejected": [] }));
    assert_eq!(serve.vote(json!([record, other])), json!({ "stored": ["two"], "duplicate": ["one"], "rejected": [] }));
    assert_eq!(serve.vote(record.clone()), json!({ "stored": [], "duplicate": ["one"], "rejected": [] }), "one record, no list");
    assert_eq!(serve.records(), [record, other]);
}

fn a_vote_twice_in_one_request_is_stored_once(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    let record = vote("one", json!([["a"], ["b"]]));
    assert_eq!(serve.vote(json!([record, record])), json!({ "stored": ["one"], "duplicate": ["one"], "rejected": [] }));
    assert_eq!(serve.records().len(), 1);
}

fn requests_at_the_same_time_store_each_vote_once(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    let records: Vec<Value> = (0..40).map(|n| vote(&format!("{n}"), json!([["a"], ["b"]]))).collect();
    let stored: usize = std::thread::scope(|scope| {
        let posts: Vec<_> =
            (0..4).map(|_| scope.spawn(|| serve.vote(json!(records))["stored"].as_array().unwrap().len())).collect();
        posts.into_iter().map(|post| post.join().unwrap()).sum()
    });
    assert_eq!((stored, serve.records().len()), (40, 40));
}

fn a_stored_vote_never_changes(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    let record = vote("one", json!([["a"], ["b"]]));
    serve.vote(json!([record]));
    let response = serve.post(&json!([vote("one", json!([["b"], ["a"]]))]).to_string());
    let receipt = response.json();
    assert_eq!(response.status, 409);
    assert_eq!(receipt["rejected"][0]["id"], "one");
    assert!(receipt["rejected"][0]["reason"].as_str().unwrap().starts_with("id: found the id of a stored vote"));
    assert_eq!(serve.records(), [record]);
}

fn a_bad_record_is_rejected_with_its_reason_and_the_others_are_stored(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    let receipt = serve.vote(json!([
        vote("good", json!([["a"], ["b"]])),
        { "id": "elsewhere", "study": "t", "ranking": [["a"], ["b"]] },
        { "id": "nowhere", "ranking": [["a"], ["b"]] },
        { "study": "s", "ranking": [["a"], ["b"]] },
        { "id": "heavy", "study": "s", "ranking": [["a"], ["b"]], "weight": 3 },
        { "id": "empty", "study": "s" },
        7,
    ]));
    assert_eq!(receipt["stored"], json!(["good"]));
    let rejected = receipt["rejected"].as_array().unwrap();
    let expected = [
        ("elsewhere", "study: found \"t\", expected \"s\""),
        ("nowhere", "study: found nothing, expected \"s\""),
        ("", "record 3: id: found nothing, expected an id"),
        ("heavy", "weight: found 3, expected nothing: a vote sent to the server counts once"),
        ("empty", "ranking: found nothing, expected a list"),
        ("", "record 6: the file: found 7"),
    ];
    assert_eq!(rejected.len(), expected.len());
    for (one, (id, reason)) in rejected.iter().zip(expected) {
        assert_eq!(one["id"], id);
        assert!(one["reason"].as_str().unwrap().starts_with(reason), "{one}");
    }
}

fn unknown_keys_come_back_as_they_were_sent(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    let mut record = vote("one", json!([["a"], ["b"]]));
    record["lab"] = json!({ "room": 7, "notes": [null, "ü\u{0}"] });
    record["exposure"] = json!({ "a": { "visible_ms": 5, "zoomed": true } });
    serve.vote(json!([record]));
    assert_eq!(serve.records(), [record]);
}

fn votes_are_listed_from_a_cursor_on(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    assert_eq!(serve.get("/api/votes?study=s").headers["x-next-cursor"], "0");
    let records: Vec<Value> = (0..3).map(|n| vote(&format!("{n}"), json!([["a"], ["b"]]))).collect();
    serve.vote(json!(records[..2]));
    let first = serve.get("/api/votes?study=s&after=0");
    assert_eq!((first.body.lines().count(), first.headers["content-type"].as_str()), (2, "application/x-ndjson"));
    let next = &first.headers["x-next-cursor"];
    assert_eq!(serve.get(&format!("/api/votes?study=s&after={next}")).body, "");
    serve.vote(json!(records[2..]));
    let second = serve.get(&format!("/api/votes?study=s&after={next}"));
    assert_eq!(serde_json::from_str::<Value>(&second.body).unwrap(), records[2]);
    for after in ["-1", "x", "1.5", "99999999999999999999"] {
        assert_eq!(serve.get(&format!("/api/votes?study=s&after={after}")).status, 400, "{after}");
    }
    assert_eq!(serve.get("/api/votes?study=other").status, 404);
}

fn a_page_of_votes_has_at_most_ten_thousand(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    for batch in 0..12 {
        let ids = batch * 1_000..(batch + 1) * 1_000;
        serve.vote(ids.map(|n| json!({ "id": format!("{n:05}"), "study": "s", "outcome": "skipped" })).collect());
    }
    let first = serve.get("/api/votes?study=s");
    let second = serve.get(&format!("/api/votes?study=s&after={}", first.headers["x-next-cursor"]));
    assert_eq!((first.body.lines().count(), second.body.lines().count()), (10_000, 2_000));
    assert!(second.body.starts_with(r#"{"id":"10000""#));
}

fn a_request_of_which_nothing_is_taken_says_so_in_its_status(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    let (one, two) = (vote("one", json!([["a"], ["b"]])), vote("two", json!([["a"], ["b"]])));
    serve.vote(json!([one, two]));
    let other = |id: &str| vote(id, json!([["b"], ["a"]]));
    let elsewhere = json!({ "id": "elsewhere", "study": "t", "ranking": [["a"], ["b"]] });
    for (records, status, rejected) in [
        (json!([other("one")]), 409, 1),
        (json!([other("one"), other("two")]), 409, 2),
        (json!([other("one"), elsewhere]), 422, 2),
        (json!([elsewhere]), 422, 1),
        (json!([other("one"), two]), 200, 1),
    ] {
        let response = serve.post(&records.to_string());
        let receipt = response.json();
        assert_eq!((response.status, receipt["rejected"].as_array().unwrap().len()), (status, rejected), "{records}");
        let told = if status == 200 { Value::Null } else { receipt["rejected"][0]["reason"].clone() };
        assert_eq!(receipt["error"], told);
    }
    assert_eq!(serve.records(), [one, two]);
}

fn a_page_of_votes_ends_at_about_sixteen_mebibytes(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    for n in 0..6 {
        let mut record = vote(&n.to_string(), json!([["a"], ["b"]]));
        record["comment"] = "x".repeat(3_500_000).into();
        serve.vote(json!([record]));
    }
    let first = serve.get("/api/votes?study=s");
    let second = serve.get(&format!("/api/votes?study=s&after={}", first.headers["x-next-cursor"]));
    assert_eq!((first.body.lines().count(), second.body.lines().count()), (5, 1));
}

fn votes_of_an_earlier_study_are_still_listed(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    let record = vote("one", json!([["a"], ["b"]]));
    serve.vote(json!([record]));
    let mut next = study();
    next["id"] = "next".into();
    fs::write(lab.folder.path().join("study.json"), next.to_string()).unwrap();
    assert_eq!(serve.records(), [record]);
    assert_eq!(serve.get("/api/votes").body, "", "without a name it is the served one");
    assert_eq!(serve.get("/api/votes?study=other").status, 404);
}

#[test]
fn what_is_no_list_of_votes_is_refused_whole() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    for (body, reason) in [
        ("", "line 1, column 0: found text that is no JSON"),
        ("[{]", "line 1, column 3: found text that is no JSON"),
        ("7", "found 7, expected a list of vote records"),
        (&"[".repeat(100_000), "line 1, column 128: found text that is no JSON (recursion limit exceeded)"),
        (&format!("[{{\"x\":{}", "[".repeat(200)), "line 1, column 132: found text that is no JSON (recursion"),
    ] {
        let response = serve.post(body);
        assert_eq!(response.status, 400, "{body:.20}");
        assert!(response.error().starts_with(reason), "{}", response.error());
    }
    let response = serve.request("POST", "/api/votes", "", b"[\"\xff\"]");
    assert_eq!(response.status, 400);
    assert!(response.error().starts_with("the body is no UTF-8"), "{}", response.error());
    assert_eq!(serve.vote(json!([])), json!({ "stored": [], "duplicate": [], "rejected": [] }));
}

#[test]
fn a_study_that_cannot_be_read_keeps_votes_waiting() {
    let lab = Lab::new(Kind::Sqlite);
    let serve = lab.serve();
    fs::write(lab.folder.path().join("study.json"), "{}").unwrap();
    assert_eq!(serve.post("[]").status, 503);
    assert_eq!(serve.get("/api/leaderboard?study=s&criterion=overall").status, 503);
    fs::write(lab.folder.path().join("study.json"), study().to_string()).unwrap();
    assert_eq!(serve.vote(json!([vote("one", json!([["a"], ["b"]]))]))["stored"], json!(["one"]));
}

#[cfg(unix)]
mod in_postgres {
    use std::process::Stdio;

    use super::*;
    use crate::postgres::Cluster;
    use crate::support::{Serve, ksort};

    #[test]
    fn a_table_of_something_else_is_left_alone() {
        let lab = Lab::new(Kind::Sqlite);
        for (table, reason) in [
            ("CREATE TABLE votes (film text)", "found a database without votes"),
            ("CREATE TABLE votes (); COMMENT ON TABLE votes IS 'K-Sort votes, version 2'", "found version 2 of the tables"),
        ] {
            let database = Cluster::shared().database();
            database.sql(table);
            let output = ksort().args(["serve", lab.folder.path().to_str().unwrap(), "--db", &database.url()]).output().unwrap();
            assert_eq!(output.status.code(), Some(1));
            assert!(String::from_utf8_lossy(&output.stderr).contains(reason), "{output:?}");
        }
    }

    #[test]
    fn a_server_that_cannot_be_reached_is_named_without_its_password() {
        let lab = Lab::new(Kind::Sqlite);
        let output = ksort()
            .args(["serve", lab.folder.path().to_str().unwrap(), "--db", "postgres://me:secret@127.0.0.1:1/votes"])
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(told.contains("PostgreSQL at 127.0.0.1, database votes: ") && !told.contains("secret"), "{told}");
    }

    #[test]
    fn a_password_is_not_told_where_the_database_cannot_be_meant() {
        let lab = Lab::new(Kind::Sqlite);
        let folder = lab.folder.path().to_str().unwrap();
        for (url, reason) in [
            ("postgress://me:secret@host/votes", "--db: found a URL of another kind"),
            ("postgres://me:secret@host:port/votes", "--db: "),
            ("postgres://me:half@secret@host/votes", "--db: found more than one `@`"),
        ] {
            for command in [&["serve", folder][..], &["export"]] {
                let by_option = ksort().args(command).args(["--db", url]).output().unwrap();
                let by_variable = ksort().args(command).env("KSORT_DB", url).output().unwrap();
                for output in [by_option, by_variable] {
                    let told = String::from_utf8_lossy(&output.stderr);
                    assert_eq!(output.status.code(), Some(2), "{told}");
                    assert!(told.contains(reason) && !told.contains("secret"), "{told}");
                }
            }
        }
    }

    #[test]
    fn a_database_that_cannot_keep_every_character_is_refused() {
        let lab = Lab::new(Kind::Sqlite);
        let database = Cluster::shared().database();
        database.sql("CREATE DATABASE latin TEMPLATE template0 ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C'");
        let url = format!("{}/latin", database.url().rsplit_once('/').unwrap().0);
        let output = ksort().args(["serve", lab.folder.path().to_str().unwrap(), "--db", &url]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.contains("found a database with the encoding LATIN1, expected UTF8"), "{told}");
    }

    #[test]
    fn a_connection_is_encrypted_where_that_is_asked_for_and_only_to_a_server_that_is_trusted() {
        let identity = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        // Free a moment ago; the server has to be told one.
        let port = std::net::TcpListener::bind("localhost:0").unwrap().local_addr().unwrap().port();
        let options = format!(
            "-c listen_addresses=localhost -p {port} -c ssl=on -c ssl_cert_file='%/cert.pem' -c ssl_key_file='%/key.pem'"
        );
        let (certificate, key) = (identity.cert.pem(), identity.signing_key.serialize_pem());
        let cluster = Cluster::start(&options, &[("cert.pem", &certificate), ("key.pem", &key)], Some(port));
        let database = cluster.database();
        let trusted = tempfile::NamedTempFile::new().unwrap();
        fs::write(trusted.path(), &certificate).unwrap();

        let lab = Lab::new(Kind::Sqlite);
        let socket = database.url();
        let name = socket.rsplit('/').next().unwrap();
        let url = format!("postgres://postgres@localhost:{port}/{name}?sslmode=require");
        let mut command = ksort();
        command.args(["serve", lab.folder.path().to_str().unwrap(), "--addr", "127.0.0.1:0", "--db", &url]);
        let refused = command.output().unwrap();
        assert_eq!(refused.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("invalid peer certificate"), "{refused:?}");

        let serve = Serve::of(command.env("SSL_CERT_FILE", trusted.path()), Stdio::null());
        assert_eq!(serve.vote(json!([vote("one", json!([["a"], ["b"]]))]))["stored"], json!(["one"]));
        let encrypted = "SELECT count(*) > 0 AND bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'ksort'";
        assert_eq!(database.sql(encrypted), "t\n");
    }

    #[test]
    fn ids_are_ordered_by_their_bytes_whatever_the_language_of_the_database() {
        let database = Cluster::shared().database();
        let lab = Lab { database: database.url(), ..Lab::new(Kind::Sqlite) };
        let _serve = lab.serve();
        let collation = "SELECT collation_name FROM information_schema.columns WHERE table_name = 'votes' AND column_name = 'id'";
        assert_eq!(database.sql(collation), "C\n");
    }

    #[test]
    fn servers_may_share_a_database_and_a_reader_who_keeps_the_cursor_misses_nothing() {
        let lab = Lab::new(Kind::Postgres);
        let (one, two) = (lab.serve(), lab.serve());
        let records: Vec<Value> = (0..300).map(|n| vote(&n.to_string(), json!([["a"], ["b"]]))).collect();
        let send = |serve: &Serve| -> usize {
            records.chunks(3).map(|some| serve.vote(json!(some))["stored"].as_array().unwrap().len()).sum()
        };
        let (stored, read) = std::thread::scope(|scope| {
            let writers = [scope.spawn(|| send(&one)), scope.spawn(|| send(&two))];
            let (mut cursor, mut read) = ("0".to_owned(), 0);
            loop {
                let done = writers.iter().all(|writer| writer.is_finished());
                let page = one.get(&format!("/api/votes?study=s&after={cursor}"));
                read += page.body.lines().count();
                cursor.clone_from(&page.headers["x-next-cursor"]);
                if done {
                    break;
                }
            }
            (writers.map(|writer| writer.join().unwrap()).iter().sum::<usize>(), read)
        });
        assert_eq!((stored, read), (300, 300));
    }

    #[test]
    fn a_lost_connection_is_made_again() {
        let database = Cluster::shared().database();
        let lab = Lab { database: database.url(), ..Lab::new(Kind::Sqlite) };
        let serve = lab.serve();
        serve.vote(json!([vote("one", json!([["a"], ["b"]]))]));
        database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ksort' AND datname = current_database()");
        // One that has not noticed yet that it is lost may be tried first.
        let statuses: Vec<u16> =
            (0..3).map(|_| serve.post(&json!([vote("two", json!([["a"], ["b"]]))]).to_string()).status).collect();
        assert!(statuses.contains(&200) && statuses.iter().all(|status| [200, 503].contains(status)), "{statuses:?}");
        assert_eq!(serve.records().len(), 2);
    }
}

fn votes_that_no_rater_of_the_study_can_give_are_refused(kind: Kind) {
    let lab = Lab::new(kind);
    let serve = lab.serve();
    let with = |id: &str, key: &str, value: Value| {
        let mut record = vote(id, json!([["a"], ["b"]]));
        record[key] = value;
        record
    };
    let many: Vec<Value> = (0..30_000).map(|n| json!([format!("model-{n}")])).collect();
    let practice =
        json!({ "id": "practice", "study": "s", "trial": "practice", "item": "practice-1", "ranking": [["good"], ["bad"]] });
    let page = json!({ "id": "page", "study": "s", "trial": "page", "outcome": "answered", "page": "consent", "answers": {} });
    let receipt = serve.vote(json!([
        vote("sound", json!([["a"], ["b"]])),
        practice,
        page,
        vote("model", json!([["a"], ["z"]])),
        vote("many", json!(many)),
        with("item", "item", json!("j")),
        with("criterion", "criterion", json!("taste")),
        with("shown", "shown", json!(["a", "b", "c", "d", "e"])),
        with("values", "x", json!(vec![0; 100_000])),
    ]));
    assert_eq!(receipt["stored"], json!(["sound", "practice", "page"]));
    let reasons: Vec<(&str, &str)> = receipt["rejected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["id"].as_str().unwrap(), one["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(reasons.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ["model", "many", "item", "criterion", "shown", "values"]);
    for ((_, reason), expected) in reasons.iter().zip([
        "ranking: found \"z\", expected models of the study",
        "ranking: found 30000 models, expected at most 4",
        "item: found \"j\", expected an item of the study",
        "criterion: found \"taste\", expected one of overall, detail",
        "shown: found 5 models, expected at most 4",
        "line 1, column ",
    ]) {
        assert!(reason.starts_with(expected), "{reason}");
    }
    assert_eq!(serve.records().len(), 3);
}
