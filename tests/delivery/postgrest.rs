//! PostgreSQL with the SQL of `docs/backends/`, under a stand-in for PostgREST.

use std::ffi::OsStr;
use std::fs;
use std::sync::Once;

use k_sort::study::BackEnd;
use serde_json::{Value, json};

use crate::browser::read_back;
use crate::postgres::{Cluster, Database};
use crate::servers::{Server, file};
use crate::storm::{ask, assert_order, assert_same, count, deliver_all, get, no_headers, read};

const JSON: (&str, &str) = ("Content-Type", "application/json");
const PREFER: (&str, &str) = ("Prefer", "resolution=ignore-duplicates,return=minimal");

/// A database with the SQL, where as at Supabase everything on what is new is granted to the roles of the public.
pub fn database() -> Database<'static> {
    static ROLES: Once = Once::new();
    let database = Cluster::shared().database();
    // They are those of the whole server.
    ROLES.call_once(|| _ = database.sql("CREATE ROLE anon; CREATE ROLE authenticated; CREATE ROLE service_role BYPASSRLS"));
    database.sql(
        "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO anon, authenticated, service_role;
         ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO anon, authenticated, service_role;
         ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS TO anon, authenticated, service_role",
    );
    database.sql(&fs::read_to_string(file("docs/backends/postgres.sql")).unwrap());
    database
}

fn start() -> (Database<'static>, Server) {
    let database = database();
    let server = Server::node("delivery/stand_in/postgrest.mjs", &[OsStr::new(&database.url())]);
    (database, server)
}

fn back_end() -> BackEnd {
    BackEnd::Postgrest { url: String::new(), headers: no_headers(), pull: None }
}

fn post(server: &Server, rows: Value) -> (u16, String) {
    ask("POST", &format!("{}/votes?on_conflict=id", server.origin), &[JSON, PREFER], &rows.to_string())
}

fn row(id: &str) -> Value {
    json!({ "id": id, "record": { "id": id, "study": "s", "rater": "r", "comment": "c", "ranking": [["m"], ["n"]] } })
}

#[test]
fn every_vote_reaches_postgres_once_and_its_ranking_can_be_read_back() {
    let (database, server) = start();
    let sent = deliver_all("postgrest", &back_end(), &server.origin, "/votes", count(true));
    let stored: Vec<_> = database
        .sql("SELECT record FROM votes ORDER BY cursor")
        .lines()
        .map(|line| read(&serde_json::from_str(line).unwrap()))
        .collect();
    assert_same(&sent, &stored);
    assert_order(&stored);

    let shared = read_back(&back_end(), &format!("{}/shared_votes", server.origin), "delivery");
    let told = |vote: &k_sort::vote::Vote| (vote.id.clone(), vote.ranking.clone());
    assert_eq!(shared.iter().map(told).collect::<Vec<_>>(), stored.iter().map(told).collect::<Vec<_>>());
    assert!(shared.iter().all(|vote| vote.rater.is_none() && vote.comment.is_none()), "no more than the rankings");
}

#[test]
fn the_public_adds_votes_and_neither_reads_nor_changes_any() {
    let (database, server) = start();
    let url = format!("{}/votes", server.origin);
    assert_eq!(post(&server, json!([row("a"), row("b")])), (201, String::new()));
    assert_eq!(post(&server, json!([row("b"), row("c")])), (201, String::new()), "some are there");
    assert_eq!(post(&server, json!([row("a"), row("b")])), (200, String::new()), "all are there");

    assert_eq!(get(&format!("{url}?select=id"), &[]), json!([]));
    for column in ["record", "rater", "study", "*"] {
        assert_eq!(ask("GET", &format!("{url}?select={column}"), &[], "").0, 401, "{column}");
    }
    let representation = |columns: &str| {
        let prefer = ("Prefer", "resolution=ignore-duplicates,return=representation");
        ask("POST", &format!("{url}?on_conflict=id&select={columns}"), &[JSON, prefer], &json!([row("a"), row("d")]).to_string())
    };
    assert_eq!(representation("record").0, 401);
    assert_eq!(representation("id"), (201, "[{\"id\":\"d\"}]".into()), "its own alone");
    assert_eq!(ask("GET", &format!("{}/counted_votes", server.origin), &[], "").0, 401);

    for statement in ["UPDATE votes SET record = record", "DELETE FROM votes", "TRUNCATE votes", "SELECT record FROM votes"] {
        let public = format!("SET ROLE anon; SET request.method = 'POST'; SET request.path = '/votes'; {statement}");
        assert!(database.try_sql(&public).unwrap_err().contains("permission denied"), "{statement}");
    }
    for view in ["counted_votes", "shared_votes"] {
        let public = format!("SET ROLE anon; DELETE FROM {view} WHERE study = 's'");
        assert!(database.try_sql(&public).is_err(), "{view}");
    }
    let ids = "SET ROLE anon; SET request.method = 'POST'; SET request.path = '/rpc/graphql'; SELECT id FROM votes";
    assert_eq!(database.sql(ids), "");
}

#[test]
fn whoever_signs_up_may_not_read_or_change_votes() {
    let (database, server) = start();
    assert_eq!(post(&server, json!([row("a")])), (201, String::new()));
    for relation in ["votes", "counted_votes", "shared_votes"] {
        for statement in ["SELECT study FROM", "DELETE FROM", "UPDATE", "INSERT INTO"] {
            let rest = match statement {
                "UPDATE" => "SET study = 't'",
                "INSERT INTO" => "DEFAULT VALUES",
                _ => "",
            };
            let sql = format!("SET ROLE authenticated; {statement} {relation} {rest}");
            let refused = database.try_sql(&sql);
            assert!(refused.is_err(), "{sql}: {refused:?}");
        }
    }
    let through_the_view = "DELETE FROM shared_votes";
    assert!(database.try_sql(through_the_view).unwrap_err().contains("cannot delete from view"), "not even the owner");
    assert_eq!(database.sql("SELECT count(*) FROM votes"), "1\n");
    assert_eq!(
        database.sql("SET ROLE service_role; SELECT count(*) FROM counted_votes"),
        "1\n",
        "whom row security does not bind"
    );
}

#[test]
fn what_is_no_vote_is_refused_with_all_that_came_with_it() {
    let (database, server) = start();
    let with = |key: &str, value: Value| {
        let mut row = row("bad");
        row["record"][key] = value;
        row
    };
    for bad in [
        with("id", json!("other")),
        with("id", json!(null)),
        json!({ "id": "bad", "record": { "study": "s", "ranking": [["m"], ["n"]] } }),
        with("study", json!(null)),
        with("weight", json!(1000)),
        with("comment", json!("x".repeat(70_000))),
        with("comment", json!("\u{0}")),
        with("ranking", json!(null)),
        with("ranking", json!([])),
        with("ranking", json!([["m"], []])),
        with("ranking", json!([["m"], "n"])),
        with("ranking", json!([["m"], [7]])),
        with("ranking", json!([["m"], ["m"]])),
        with("ranking", json!("{")),
        json!({ "id": "", "record": { "id": "", "study": "s" } }),
        json!({ "id": "bad", "record": [] }),
        json!({ "id": "bad", "record": null }),
        json!({ "id": null, "record": {} }),
        json!({ "cursor": 1, "id": "bad", "record": row("bad")["record"] }),
        json!({ "received": "2020-01-01", "id": "bad", "record": row("bad")["record"] }),
    ] {
        let (status, reason) = post(&server, json!([bad]));
        assert!((400..402).contains(&status), "{bad}: {status}: {reason}");
    }
    assert_eq!(post(&server, json!([row("good"), with("id", json!("other"))])).0, 400);
    assert_eq!(database.sql("SELECT count(*) FROM votes"), "0\n");
}

#[test]
fn a_reader_never_passes_over_a_vote_that_comes_in_late() {
    let (database, server) = start();
    let insert = |id: &str| format!("INSERT INTO votes (id, record) VALUES ('{id}', '{}')", row(id)["record"]);
    // The first vote has its cursor but is not in sight yet. The second one would have a later cursor and be seen first: it waits.
    let both = format!(
        "CREATE EXTENSION dblink; SELECT dblink_connect('late', format('host=%s user=postgres dbname=%s',
             current_setting('unix_socket_directories'), current_database()));
         SELECT dblink_exec('late', 'BEGIN'); SELECT dblink_exec('late', $v${}$v$);
         SET lock_timeout = 50; {}",
        insert("late"),
        insert("hasty")
    );
    assert!(database.try_sql(&both).unwrap_err().contains("lock timeout"));
    assert_eq!(get(&format!("{}/shared_votes", server.origin), &[]), json!([]));
}

#[test]
fn counted_votes_say_how_often_each_ranking_was_given() {
    let (database, server) = start();
    let vote = |id: &str, ranking: Value, more: Value| {
        let mut record = json!({ "id": id, "study": "s", "ranking": ranking });
        record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "id": id, "record": record })
    };
    let rows = json!([
        vote("1", json!([["a"], ["b", "c"]]), json!({})),
        vote("2", json!([["a"], ["c", "b"]]), json!({ "criterion": "overall", "protocol": "rank", "trial": "main" })),
        vote("3", json!([["b", "c"], ["a"]]), json!({ "outcome": "ranked" })),
        vote("4", json!([["a"], ["b", "c"]]), json!({ "protocol": "best" })),
        vote("5", json!([["a"], ["b", "c"]]), json!({ "trial": "practice" })),
        vote("6", json!(null), json!({ "outcome": "skipped" })),
    ]);
    assert_eq!(post(&server, rows).0, 201);
    let counted = database.sql("SELECT record FROM counted_votes ORDER BY record ->> 'protocol', record ->> 'ranking'");
    let counted: Vec<Value> = counted.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let row = |protocol: &str, ranking: Value, weight: u32| json!({ "study": "s", "criterion": "overall", "protocol": protocol, "ranking": ranking, "weight": weight });
    assert_eq!(
        counted,
        [
            row("best", json!([["a"], ["b", "c"]]), 1),
            row("rank", json!([["a"], ["b", "c"]]), 2),
            row("rank", json!([["b", "c"], ["a"]]), 1),
        ]
    );
}
