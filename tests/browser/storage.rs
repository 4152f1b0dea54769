use k_sort::browser::{Loaded, Scope, Storage, StoreError, random_id};
use k_sort::json::parse;
use k_sort::session::Saved;
use k_sort::sync::{Change, Entry};
use k_sort::vote::Vote;
use wasm_bindgen_test::wasm_bindgen_test;

/// A scope that no other test uses, as all share the browser's database.
fn scope() -> Scope {
    Scope { study: random_id(), rater: Some("r".into()), session: None }
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

async fn open() -> Storage {
    let (storage, refused) = Storage::open().await;
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
    assert_eq!(loaded.outbox.len(), 3);
}

#[wasm_bindgen_test]
async fn a_vote_is_never_changed_once_written() {
    let (scope, storage, id) = (scope(), open().await, random_id());
    storage.save(&scope, &[vote(&scope, &id, 0)], &[entry(&id)], &saved(&scope)).await.unwrap();
    let again = storage.save(&scope, &[vote(&scope, &id, 9)], &[entry(&id)], &saved(&scope)).await;
    assert!(again.is_err());
    assert_eq!(storage.vote(&id).await.unwrap().unwrap().seq, Some(9), "what was refused is kept in memory");
    assert_eq!(open().await.vote(&id).await.unwrap(), Some(vote(&scope, &id, 0)));
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
    assert!(loaded.outbox.is_empty());
    behind.save(&scope, &[vote(&scope, &two, 1)], &[], &saved(&scope)).await.unwrap();
}

#[wasm_bindgen_test]
async fn an_entry_leaves_the_outbox_when_delivered_and_stays_when_set_aside() {
    let (scope, storage) = (scope(), open().await);
    let (one, two) = (random_id(), random_id());
    let votes = [vote(&scope, &one, 0), vote(&scope, &two, 1)];
    storage.save(&scope, &votes, &[entry(&one), entry(&two)], &saved(&scope)).await.unwrap();
    let refused = Entry { set_aside: Some("status 400".into()), ..entry(&two) };
    let changes = [Change::Delivered(entry(&one)), Change::SetAside(refused.clone())];
    storage.apply(&scope.study, &changes).await.unwrap();
    assert_eq!(open().await.load(&scope).await.unwrap().outbox, [refused]);
}

#[wasm_bindgen_test]
async fn raters_do_not_see_each_others_sessions() {
    let (scope, storage, id) = (scope(), open().await, random_id());
    storage.save(&scope, &[vote(&scope, &id, 0)], &[], &saved(&scope)).await.unwrap();
    let other = Scope { rater: Some("somebody else".into()), ..scope };
    assert_eq!(storage.load(&other).await.unwrap(), Loaded::default());
}

#[wasm_bindgen_test]
async fn without_a_database_votes_are_kept_in_memory() {
    let (scope, storage, id) = (scope(), Storage::in_memory(), random_id());
    storage.save(&scope, &[vote(&scope, &id, 0)], &[entry(&id)], &saved(&scope)).await.unwrap();
    assert_eq!(storage.vote(&id).await.unwrap(), Some(vote(&scope, &id, 0)));
    assert_eq!(storage.load(&scope).await.unwrap(), Loaded::default());
}
