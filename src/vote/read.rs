use std::collections::HashSet;

use crate::json::{Fields, Json, Object, Problems, Reader, field, index, parse};
use crate::study::Protocol;

use super::time::is_time;
use super::{Client, Exposure, Outcome, Vote};

/// The keys of a vote record that have a meaning.
pub(super) const KEYS: &[&str] = &[
    "v",
    "id",
    "study",
    "rater",
    "session",
    "seq",
    "trial",
    "trial_id",
    "item",
    "criterion",
    "protocol",
    "shown",
    "outcome",
    "ranking",
    "ratings",
    "reasons",
    "comment",
    "weight",
    "shown_at",
    "submitted_at",
    "duration_ms",
    "exposure",
    "client",
];

pub(super) const EXPOSURE_KEYS: &[&str] =
    &["visible_ms", "plays", "played_ms", "parts_ms", "zoom", "turns", "scrolled", "drift_ms", "lufs", "gain_db"];
pub(super) const CLIENT_KEYS: &[&str] = &["app", "viewport", "dpr"];

const RANKING: &str = "a list of lists of model ids, best first";

impl Vote {
    /// Reads one record.
    ///
    /// # Errors
    /// Every problem of the record at once.
    pub fn read(text: &str) -> Result<Vote, Problems> {
        Self::from_json(&parse(text)?)
    }

    /// Reads one record from JSON that is parsed already.
    ///
    /// # Errors
    /// Every problem of the record at once.
    pub fn from_json(json: &Json) -> Result<Vote, Problems> {
        let mut reader = Reader::default();
        let vote = read_vote(&mut reader, json);
        reader.finish(vote)
    }
}

fn read_vote(r: &mut Reader, json: &Json) -> Option<Vote> {
    let top = r.object("", json, "a vote record, an object")?;
    let v = top.get("v").map_or(Some(1), |value| r.whole("v", value, 1, 1));
    let protocol = top.get("protocol").map_or(Some(Protocol::default()), |value| r.choice("protocol", value, &Protocol::WORDS));
    let shown = top.get("shown").map_or(Some(Vec::new()), |value| read_ids(r, "shown", value, &mut HashSet::new()));
    let ranking = top.get("ranking").map_or(Some(Vec::new()), |value| read_ranking(r, value));
    let outcome = top.get("outcome").map(|value| r.choice("outcome", value, &Outcome::WORDS));
    let vote = Vote {
        v: v.unwrap_or(1),
        id: read_id(r, top, "id"),
        study: read_id(r, top, "study"),
        rater: read_id(r, top, "rater"),
        session: read_id(r, top, "session"),
        seq: top.get("seq").and_then(|value| r.whole("seq", value, 0, u64::MAX)),
        trial: read_text(r, top, "trial"),
        trial_id: read_id(r, top, "trial_id"),
        item: read_id(r, top, "item"),
        criterion: read_id(r, top, "criterion"),
        protocol: protocol?,
        shown: shown?,
        outcome: outcome.unwrap_or(Some(Outcome::Ranked))?,
        ranking: ranking?,
        ratings: top.get("ratings").and_then(|value| read_ratings(r, value)).unwrap_or_default(),
        reasons: top.get("reasons").and_then(|value| read_reasons(r, value)).unwrap_or_default(),
        comment: read_text(r, top, "comment"),
        weight: top.get("weight").and_then(|value| read_weight(r, value)),
        shown_at: read_time(r, top, "shown_at"),
        submitted_at: read_time(r, top, "submitted_at"),
        duration_ms: top.get("duration_ms").and_then(|value| r.whole("duration_ms", value, 0, u64::MAX)),
        exposure: top.get("exposure").and_then(|value| read_exposure(r, value)).unwrap_or_default(),
        client: top.get("client").and_then(|value| read_client(r, value)),
        extra: top.keep(|key| !KEYS.contains(&key)),
    };
    check(r, &vote);
    Some(vote)
}

/// What no single key can tell: that the parts of the record agree.
pub(super) fn check(r: &mut Reader, vote: &Vote) {
    let ranked = vote.outcome == Outcome::Ranked;
    if ranked && vote.ranking.is_empty() {
        r.note("ranking", "nothing", format!("{RANKING}, as the outcome is `ranked`"));
    }
    if !ranked && !vote.ranking.is_empty() {
        r.note("ranking", "a ranking", "none, as the outcome is not `ranked`");
    }
    if !vote.shown.is_empty() {
        let shown: HashSet<&str> = vote.shown.iter().map(String::as_str).collect();
        for (n, model) in vote.ranking.iter().enumerate().flat_map(|(n, rank)| rank.iter().map(move |model| (n, model))) {
            if !shown.contains(model.as_str()) {
                let place = index("ranking", n);
                r.note(&place, format!("{}, which was not shown", Json::String(model.clone()).describe()), "a model of `shown`");
            }
        }
    }
    let models: usize = vote.ranking.iter().map(Vec::len).sum();
    let (fits, expected) = match vote.protocol {
        Protocol::Best => (vote.ranking.len() <= 2, "the best and the rest, as the protocol is `best`"),
        Protocol::BestWorst => (vote.ranking.len() <= 3, "best, rest and worst, as the protocol is `best-worst`"),
        Protocol::Pairwise => (!ranked || models == 2, "two models, as the protocol is `pairwise`"),
        Protocol::Rank | Protocol::Rate => (true, ""),
    };
    if ranked && !fits {
        r.note("ranking", format!("{models} models on {} ranks", vote.ranking.len()), expected);
    }
}

fn read_id(r: &mut Reader, top: Object<'_>, key: &str) -> Option<String> {
    top.get(key).and_then(|value| r.id(key, value, "an id")).map(str::to_owned)
}

fn read_text(r: &mut Reader, top: Object<'_>, key: &str) -> Option<String> {
    top.get(key).and_then(|value| r.text(key, value, "a text")).map(str::to_owned)
}

fn read_time(r: &mut Reader, top: Object<'_>, key: &str) -> Option<String> {
    const TIME: &str = "a time after RFC 3339, such as 2026-11-23T10:00:00.000Z";
    let value = top.get(key)?;
    match r.text(key, value, TIME)? {
        text if is_time(text) => Some(text.to_owned()),
        _ => r.unexpected(key, value, TIME),
    }
}

fn read_ids(r: &mut Reader, place: &str, value: &Json, seen: &mut HashSet<String>) -> Option<Vec<String>> {
    let entries = r.list(place, value, "a list of model ids")?;
    let mut ids = Vec::with_capacity(entries.len());
    for (n, value) in entries.iter().enumerate() {
        let place = index(place, n);
        let Some(id) = r.id(&place, value, "a model id") else { continue };
        if seen.insert(id.to_owned()) {
            ids.push(id.to_owned());
        } else {
            r.note(&place, format!("{} again", value.describe()), "each model once");
        }
    }
    (ids.len() == entries.len()).then_some(ids)
}

fn read_ranking(r: &mut Reader, value: &Json) -> Option<Vec<Vec<String>>> {
    let entries = r.list("ranking", value, RANKING)?;
    let mut seen = HashSet::new();
    let mut ranking = Vec::with_capacity(entries.len());
    for (n, value) in entries.iter().enumerate() {
        let place = index("ranking", n);
        match read_ids(r, &place, value, &mut seen) {
            Some(rank) if rank.is_empty() => r.note(&place, "an empty list", "at least one model id"),
            Some(rank) => ranking.push(rank),
            None => {}
        }
    }
    (ranking.len() == entries.len()).then_some(ranking)
}

fn read_ratings(r: &mut Reader, value: &Json) -> Option<Fields<f64>> {
    let ratings = r.object("ratings", value, "{model id: number}")?;
    ratings.entries().map(|(model, value)| Some((model.to_owned(), read_number(r, &field("ratings", model), value)?))).collect()
}

fn read_number(r: &mut Reader, place: &str, value: &Json) -> Option<f64> {
    match value {
        Json::Number(number) => number.as_f64(),
        other => r.unexpected(place, other, "a number"),
    }
}

/// What a weight has to be.
pub(super) const WEIGHT: &str = "a number above 0 and at most 1000000000";

/// Whether a record can stand for so many votes.
pub(super) fn is_weight(weight: f64) -> bool {
    weight > 0.0 && weight <= Vote::MOST_WEIGHT
}

fn read_weight(r: &mut Reader, value: &Json) -> Option<f64> {
    match value {
        Json::Number(number) => number.as_f64().filter(|weight| is_weight(*weight)),
        _ => None,
    }
    .or_else(|| r.unexpected("weight", value, WEIGHT))
}

fn read_reasons(r: &mut Reader, value: &Json) -> Option<Vec<String>> {
    let reasons = r.list("reasons", value, "a list of texts")?;
    reasons.iter().enumerate().map(|(n, value)| r.text(&index("reasons", n), value, "a text").map(str::to_owned)).collect()
}

fn read_exposure(r: &mut Reader, value: &Json) -> Option<Fields<Exposure>> {
    let exposure = r.object("exposure", value, "{model id: what was seen}")?;
    let mut read = Fields::new();
    for (model, value) in exposure.entries() {
        let place = field("exposure", model);
        let seen = r.object(&place, value, "what was seen, an object such as {visible_ms, plays, played_ms}")?;
        read.push(model.to_owned(), read_seen(r, &place, seen));
    }
    Some(read)
}

fn read_seen(r: &mut Reader, place: &str, seen: Object<'_>) -> Exposure {
    let place = |key: &str| field(place, key);
    let count = |r: &mut Reader, key: &str| seen.get(key).and_then(|value| r.whole(&place(key), value, 0, u64::MAX));
    let number = |r: &mut Reader, key: &str| seen.get(key).and_then(|value| read_number(r, &place(key), value));
    let parts = seen.get("parts_ms").and_then(|value| {
        let parts = r.list(&place("parts_ms"), value, "a list of [from, to] in milliseconds")?;
        parts.iter().enumerate().map(|(n, value)| read_pair(r, &index(&place("parts_ms"), n), value, "[from, to]")).collect()
    });
    Exposure {
        visible_ms: count(r, "visible_ms").unwrap_or(0),
        plays: count(r, "plays"),
        played_ms: count(r, "played_ms"),
        parts_ms: parts.unwrap_or_default(),
        zoom: number(r, "zoom"),
        turns: count(r, "turns"),
        scrolled: number(r, "scrolled"),
        drift_ms: seen.get("drift_ms").and_then(|value| read_pair(r, &place("drift_ms"), value, "[median, most]")),
        lufs: number(r, "lufs"),
        gain_db: number(r, "gain_db"),
        extra: seen.keep(|key| !EXPOSURE_KEYS.contains(&key)),
    }
}

/// Two whole numbers.
fn read_pair(r: &mut Reader, place: &str, value: &Json, expected: &str) -> Option<[u64; 2]> {
    let [first, second] = r.list(place, value, expected)? else {
        return r.unexpected(place, value, expected);
    };
    Some([r.whole(place, first, 0, u64::MAX)?, r.whole(place, second, 0, u64::MAX)?])
}

fn read_client(r: &mut Reader, value: &Json) -> Option<Client> {
    let client = r.object("client", value, "{app, viewport, dpr}")?;
    let app = client.get("app").and_then(|value| r.text("client.app", value, "the widget's version"));
    let viewport = client.get("viewport").and_then(|value| {
        let sides = read_pair(r, "client.viewport", value, "[width, height]")?;
        if sides.iter().any(|side| *side > u32::MAX.into()) {
            return r.unexpected("client.viewport", value, "a width and a height in pixels");
        }
        Some(sides.map(|side| side as u32))
    });
    let dpr = client.get("dpr").and_then(|value| read_number(r, "client.dpr", value));
    let extra = client.keep(|key| !CLIENT_KEYS.contains(&key));
    Some(Client { app: app.map(str::to_owned), viewport, dpr, extra })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"{"v":1,"id":"019ab","study":"tifa","rater":"r1","session":"s1","seq":12,"trial":"main","trial_id":"t",
        "item":"prompt-3","criterion":"overall","protocol":"rank","shown":["c","a","d","b"],"outcome":"ranked",
        "ranking":[["a"],["c","d"],["b"]],"shown_at":"2026-11-23T10:00:00.000Z","submitted_at":"2026-11-23T10:00:09.120Z",
        "duration_ms":9120,"exposure":{"a":{"visible_ms":9100,"plays":1,"played_ms":4000,"parts_ms":[[0,1500],[2000,4500]],"zoom":2.5,"turns":3,
        "scrolled":0.5,"drift_ms":[4,31],"lufs":-23.1,"gain_db":-2.5,"pupil":3}},
        "client":{"app":"0.1.0","viewport":[1280,720],"dpr":2,"os":"x"},"lab":{"room":7}}"#;

    fn problems(text: &str) -> Vec<String> {
        Vote::read(text).unwrap_err().0.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_record_survives_being_read_and_written_with_its_unknown_keys() {
        let vote = Vote::read(RECORD).unwrap();
        let written: serde_json::Value = serde_json::to_value(&vote).unwrap();
        let mut expected: serde_json::Value = serde_json::from_str(RECORD).unwrap();
        expected["client"]["dpr"] = 2.0.into();
        assert_eq!(written, expected);
    }

    #[test]
    fn the_order_of_keys_means_nothing() {
        let one = r#"{"ranking":[["a"],["b"]],"exposure":{"a":{"visible_ms":1},"b":{"visible_ms":2}}}"#;
        let two = r#"{"exposure":{"b":{"visible_ms":2},"a":{"visible_ms":1}},"ranking":[["a"],["b"]]}"#;
        assert_eq!(Vote::read(one), Vote::read(two));
        assert_ne!(Vote::read(one), Vote::read(&two.replace(":2", ":3")));
    }

    #[test]
    fn a_ranking_alone_is_a_vote() {
        let vote = Vote::read(r#"{"ranking":[["a"],["b"]]}"#).unwrap();
        assert_eq!(vote.outcome, Outcome::Ranked);
        assert_eq!(vote.protocol, Protocol::Rank);
    }

    #[test]
    fn the_parts_of_a_record_must_agree() {
        for (record, expected) in [
            (r#"{}"#, "ranking: found nothing"),
            (r#"{"outcome":"skipped","ranking":[["a"]]}"#, "ranking: found a ranking, expected none"),
            (r#"{"ranking":[["a"],["a"]]}"#, "ranking[1][0]: found \"a\" again"),
            (r#"{"ranking":[["a"],[]]}"#, "ranking[1]: found an empty list"),
            (r#"{"ranking":[["a"],["z"]],"shown":["a","b"]}"#, "ranking[1]: found \"z\", which was not shown"),
            (r#"{"ranking":[["a"],["b"],["c"]],"protocol":"best"}"#, "ranking: found 3 models on 3 ranks"),
            (r#"{"ranking":[["a"]],"protocol":"pairwise"}"#, "ranking: found 1 models on 1 ranks"),
            (r#"{"v":2,"ranking":[["a"]]}"#, "v: found 2"),
            (r#"{"ranking":[["a"]],"weight":0}"#, "weight: found 0, expected a number above 0"),
            (r#"{"ranking":[["a"]],"weight":1.5e9}"#, "weight: found 1500000000.0, expected a number above 0"),
            (r#"{"ranking":[["a"]],"weight":"3"}"#, "weight: found \"3\", expected a number above 0"),
            (r#"{"ranking":"a > b"}"#, "ranking: found \"a > b\", expected a list of lists"),
            (r#"[1]"#, "the file: found a list of 1, expected a vote record, an object"),
        ] {
            assert!(problems(record).iter().any(|line| line.starts_with(expected)), "{record}: {:?}", problems(record));
        }
    }
}
