use super::page::factory;
use k_sort::browser::{Loaded, Scope, Storage, StoreError, random_id};
use k_sort::json::{Json, parse};
use k_sort::session::{Saved, Source};
use k_sort::sync::Entry;
use k_sort::vote::Vote;
use wasm_bindgen_test::wasm_bindgen_test;

/// A scope that no other test uses, as all share the browser's database.
fn scope() -> Scope {
    Scope { source: from("https://lab.example/study.json"), study: random_id(), rater: Some("r".into()), session: None }
}

/// A study file of this page's own origin, or of another one.
fn from(url: &str) -> Source {
    Source::of(
        url,
        "https://lab.example",
        if url.contains("lab.example") { "https://lab.example" } else { "https://page.example" },
    )
}

fn vote(scope: &Scope, id: &str, seq: u64) -> Vote {
    let record = serde_json::json!({"id": id, "study": scope.study, "rater": "r", "session": "s", "seq": seq,
        "ranking": [["a"], ["b"]], "lab": {"room": 7}});
    Vote::read(&record.to_string()).unwrap()
}

fn saved(scope: &Scope) -> Saved {
    let text = serde_json::json!({"study": scope.study, "rater": "r", "session": "s"}).to_string();
    Saved::from_json(&parse(&text).unwrap()).unwrap()
}

fn entry(id: &str) -> Entry {
    Entry { back_end: "https://votes.example/".into(), vote: id.into(), set_aside: None }
}

/// The votes that are in memory alone, with their entries.
fn unsaved(storage: &Storage) -> Vec<(Vote, Vec<Entry>)> {
    let Json::Array(rows) = parse(&storage.unsaved()).unwrap() else { panic!("no list") };
    let row = |row: &Json| match row {
        Json::Array(parts) => match &parts[..] {
            [vote, Json::Array(entries)] => {
                (Vote::from_json(vote).unwrap(), entries.iter().filter_map(Entry::from_json).collect())
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    rows.iter().map(row).collect()
}

async fn open() -> Storage {
    let (storage, refused) = Storage::open(&factory()).await;
    assert_eq!(refused, None);
    storage
}

#[wasm_bindgen_test]
async fn what_is_saved_is_there_after_opening_again_in_the_order_it_was_given() {
    let (scope, storage) = (scope(), open().await);
    let ids = [random_id(), random_id(), random_id()];
    for (seq, id) in [(1, &ids[0]), (0, &ids[1]), (2, &ids[2])] {
        storage.save(&scope, &[vote(&scope, id, seq)], &[entry(id)], &saved(&scope)).await.unwrap();
    }
    let loaded = open().await.load(&scope).await.unwrap();
    assert_eq!(loaded.votes, [vote(&scope, &ids[1], 0), vote(&scope, &ids[0], 1), vote(&scope, &ids[2], 2)]);
    assert_eq!(loaded.saved, Some(saved(&scope)));
}

#[wasm_bindgen_test]
async fn a_vote_is_never_changed_once_written() {
    let (scope, storage, id) = (scope(), open().await, random_id());
    storage.save(&scope, &[vote(&scope, &id, 0)], &[entry(&id)], &saved(&scope)).await.unwrap();
    let again = storage.save(&scope, &[vote(&scope, &id, 9)], &[entry(&id)], &saved(&scope)).await;
    assert!(again.is_err());
    assert_eq!(unsaved(&storage), [(vote(&scope, &id, 9), vec![entry(&id)])], "what was refused is kept in memory");
    assert_eq!(open().await.load(&scope).await.unwrap().votes, [vote(&scope, &id, 0)]);
}

#[wasm_bindgen_test]
async fn of_two_pages_the_one_that_is_behind_is_told_and_writes_nothing() {
    let (scope, ahead, behind) = (scope(), open().await, open().await);
    for page in [&ahead, &behind] {
        page.load(&scope).await.unwrap();
    }
    let (one, two) = (random_id(), random_id());
    ahead.save(&scope, &[vote(&scope, &one, 0)], &[], &saved(&scope)).await.unwrap();
    let told = behind.save(&scope, &[vote(&scope, &two, 0)], &[entry(&two)], &saved(&scope)).await;
    assert_eq!(told, Err(StoreError::Conflict));
    let loaded = behind.load(&scope).await.unwrap();
    assert_eq!(loaded.votes, [vote(&scope, &one, 0)]);
    assert!(unsaved(&behind).is_empty());
    behind.save(&scope, &[vote(&scope, &two, 1)], &[], &saved(&scope)).await.unwrap();
}

#[wasm_bindgen_test]
async fn raters_do_not_see_each_others_sessions() {
    let (scope, storage, id) = (scope(), open().await, random_id());
    storage.save(&scope, &[vote(&scope, &id, 0)], &[], &saved(&scope)).await.unwrap();
    let other = Scope { rater: Some("somebody else".into()), ..scope };
    assert_eq!(storage.load(&other).await.unwrap(), Loaded::default());
}

#[wasm_bindgen_test]
async fn without_a_database_votes_are_kept_in_memory_until_they_are_delivered() {
    let (scope, storage, id) = (scope(), Storage::in_memory(), random_id());
    storage.save(&scope, &[vote(&scope, &id, 0)], &[entry(&id)], &saved(&scope)).await.unwrap();
    assert_eq!(storage.load(&scope).await.unwrap(), Loaded::default());
    storage.settled("https://votes.example/", &id, false, Some("status 400"));
    let refused = Entry { set_aside: Some("status 400".into()), ..entry(&id) };
    assert_eq!(unsaved(&storage), [(vote(&scope, &id, 0), vec![refused])]);
    storage.settled("https://other.example/", &id, true, None);
    storage.settled("https://votes.example/", &id, false, None);
    assert_eq!(unsaved(&storage), [(vote(&scope, &id, 0), vec![entry(&id)])]);
    storage.settled("https://votes.example/", &id, true, None);
    assert_eq!(unsaved(&storage), [(vote(&scope, &id, 0), vec![])]);
}

#[wasm_bindgen_test]
async fn study_files_of_one_id_do_not_see_each_others_sessions_not_even_of_one_rater_and_session() {
    let (scope, storage) = (Scope { session: Some("s".into()), ..scope() }, open().await);
    let [one, two, three] = [random_id(), random_id(), random_id()];
    storage.save(&scope, &[vote(&scope, &one, 0)], &[], &saved(&scope)).await.unwrap();
    for url in ["https://evil.example/study.json", "https://lab.example/other.json"] {
        let (other, page) = (Scope { source: from(url), ..scope.clone() }, open().await);
        assert_eq!(page.load(&other).await.unwrap(), Loaded::default(), "{url}");
    }
    let (other, page) = (Scope { source: from("https://evil.example/study.json"), ..scope.clone() }, open().await);
    page.load(&other).await.unwrap();
    page.save(&other, &[vote(&other, &two, 0)], &[], &saved(&other)).await.unwrap();
    page.save(&other, &[vote(&other, &three, 1)], &[], &saved(&other)).await.unwrap();
    assert_eq!(open().await.load(&scope).await.unwrap().votes, [vote(&scope, &one, 0)]);
    assert_eq!(open().await.load(&other).await.unwrap().votes, [vote(&other, &two, 0), vote(&other, &three, 1)]);
}

/// Writes a row of the store `sessions` as it stands, in JavaScript.
async fn write_row(row: &str) {
    let script = format!(
        r#"new Promise((resolve, reject) => {{
            const open = indexedDB.open("k-sort");
            open.onsuccess = () => {{
                const write = open.result.transaction("sessions", "readwrite");
                write.objectStore("sessions").put({row});
                write.oncomplete = () => resolve(open.result.close());
                write.onabort = () => reject(write.error);
            }};
        }})"#
    );
    let promise = js_sys::eval(&script).unwrap();
    wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(promise)).await.unwrap();
}

/// A session as it was kept when study files were told apart by their ids alone.
async fn keep_as_before(scope: &Scope, id: &str) {
    let storage = open().await;
    let elsewhere = Scope { source: from("https://lab.example/once.json"), ..scope.clone() };
    storage.save(&elsewhere, &[vote(scope, id, 0)], &[entry(id)], &saved(scope)).await.unwrap();
    let key = |source: &str| format!("{source}{}/=r/-", scope.study);
    let row = |key: String| serde_json::json!({ "key": key, "revision": 1, "saved": { "study": scope.study, "rater": "r", "session": "s" } });
    write_row(&row(key("")).to_string()).await;
    // The row that this test went by, with nothing noted.
    let mut gone = row(key("https%3A%2F%2Flab.example%2Fonce.json/"));
    gone["ids"] = serde_json::json!([]);
    write_row(&gone.to_string()).await;
}

#[wasm_bindgen_test]
async fn a_session_of_before_is_found_by_a_study_of_the_pages_own_origin_only_and_once() {
    let (scope, id, more) = (scope(), random_id(), random_id());
    keep_as_before(&scope, &id).await;
    let foreign = Scope { source: from("https://evil.example/study.json"), ..scope.clone() };
    assert_eq!(open().await.load(&foreign).await.unwrap(), Loaded::default());
    let page = open().await;
    let loaded = page.load(&scope).await.unwrap();
    assert_eq!((&loaded.votes[..], loaded.saved), (&[vote(&scope, &id, 0)][..], Some(saved(&scope))));
    page.save(&scope, &[vote(&scope, &more, 1)], &[], &saved(&scope)).await.unwrap();
    assert_eq!(open().await.load(&scope).await.unwrap().votes, [vote(&scope, &id, 0), vote(&scope, &more, 1)]);
    let another = Scope { source: from("https://lab.example/another.json"), ..scope.clone() };
    assert_eq!(open().await.load(&another).await.unwrap(), Loaded::default(), "it was taken over");
}

#[wasm_bindgen_test]
async fn a_session_whose_count_of_steps_is_damaged_goes_on() {
    for damaged in [r#""7""#, "1e300", "-3", "null", "NaN", "undefined", "0.5"] {
        let (scope, ids, behind) = (scope(), [(); 3].map(|()| random_id()), open().await);
        behind.save(&scope, &[vote(&scope, &ids[0], 0)], &[], &saved(&scope)).await.unwrap();
        let key = format!("https%3A%2F%2Flab.example%2Fstudy.json/{}/=r/-", scope.study);
        let row = serde_json::json!({ "key": key, "ids": [ids[0], null, 7],
            "saved": { "study": scope.study, "rater": "r", "session": "s" } });
        write_row(&format!("{{ ...{row}, revision: {damaged} }}")).await;
        let page = open().await;
        assert_eq!(page.load(&scope).await.unwrap().votes, [vote(&scope, &ids[0], 0)], "{damaged}");
        page.save(&scope, &[vote(&scope, &ids[1], 1)], &[], &saved(&scope)).await.unwrap();
        // A page that knows of the first step only is behind, whatever became of the number.
        let told = behind.save(&scope, &[vote(&scope, &random_id(), 1)], &[], &saved(&scope)).await;
        assert_eq!(told, Err(StoreError::Conflict), "{damaged}");
        page.save(&scope, &[vote(&scope, &ids[2], 2)], &[], &saved(&scope)).await.unwrap();
        assert_eq!(behind.load(&scope).await.unwrap().votes.len(), 3, "{damaged}");
    }
}
