//! The short way to read a record: straight into its types, where nothing about it is unusual.
//!
//! It takes no record that [`Vote::read`] refuses, reads no record otherwise than that does, and leaves to it whatever is
//! wrong, and unknown keys.

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Map;

use super::super::read::{check, is_weight};
use super::super::{Client, Exposure, Outcome, Vote};
use crate::json::{Fields, Reader, is_filled, is_id};
use crate::study::Protocol;

/// The vote of a plain record.
pub(super) fn read(text: &str) -> Option<Vote> {
    let Object(record) = serde_json::from_str::<Object<Record>>(text).ok()?;
    let vote = record.vote()?;
    let mut reader = Reader::default();
    check(&mut reader, &vote);
    reader.finish(Some(vote)).ok()
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Record<'t> {
    v: Option<u64>,
    id: Option<String>,
    study: Option<String>,
    rater: Option<String>,
    session: Option<String>,
    seq: Option<u64>,
    trial: Option<String>,
    trial_id: Option<String>,
    item: Option<String>,
    criterion: Option<String>,
    protocol: Option<&'t str>,
    shown: Option<Vec<String>>,
    outcome: Option<&'t str>,
    ranking: Option<Vec<Vec<String>>>,
    ratings: Option<Unique<f64>>,
    reasons: Option<Vec<String>>,
    comment: Option<String>,
    weight: Option<f64>,
    shown_at: Option<String>,
    submitted_at: Option<String>,
    duration_ms: Option<u64>,
    exposure: Option<Unique<Object<Seen>>>,
    client: Option<Object<Used>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    visible_ms: Option<u64>,
    plays: Option<u64>,
    played_ms: Option<u64>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Used {
    app: Option<String>,
    viewport: Option<[u32; 2]>,
    dpr: Option<f64>,
}

impl Record<'_> {
    fn vote(self) -> Option<Vote> {
        let shown = self.shown.unwrap_or_default();
        let ranking = self.ranking.unwrap_or_default();
        let ids = [&self.id, &self.study, &self.rater, &self.session, &self.trial_id, &self.item, &self.criterion];
        let times = [&self.shown_at, &self.submitted_at];
        let is_plain = self.v.is_none_or(|v| v == 1)
            && self.weight.is_none_or(is_weight)
            && ids.into_iter().flatten().all(|id| is_id(id))
            && times.into_iter().flatten().all(|time| is_filled(time))
            && are_models(shown.iter())
            && are_models(ranking.iter().flatten())
            && !ranking.iter().any(Vec::is_empty);
        if !is_plain {
            return None;
        }
        let seen = |(model, Object(seen)): (String, Object<Seen>)| {
            let Seen { visible_ms, plays, played_ms } = seen;
            (model, Exposure { visible_ms: visible_ms.unwrap_or(0), plays, played_ms, extra: Map::new() })
        };
        let used = |Object(Used { app, viewport, dpr })| Client { app, viewport, dpr, extra: Map::new() };
        Some(Vote {
            v: 1,
            id: self.id,
            study: self.study,
            rater: self.rater,
            session: self.session,
            seq: self.seq,
            trial: self.trial,
            trial_id: self.trial_id,
            item: self.item,
            criterion: self.criterion,
            protocol: choice(self.protocol, &Protocol::WORDS)?,
            shown,
            outcome: choice(self.outcome, &Outcome::WORDS)?,
            ranking,
            ratings: self.ratings.map(|Unique(ratings)| ratings.into_iter().collect()).unwrap_or_default(),
            reasons: self.reasons.unwrap_or_default(),
            comment: self.comment,
            weight: self.weight,
            shown_at: self.shown_at,
            submitted_at: self.submitted_at,
            duration_ms: self.duration_ms,
            exposure: self.exposure.map_or_else(Fields::new, |Unique(exposure)| exposure.into_iter().map(seen).collect()),
            client: self.client.map(used),
            extra: Map::new(),
        })
    }
}

fn choice<T: Copy + Default>(word: Option<&str>, words: &[(&str, T)]) -> Option<T> {
    match word {
        None => Some(T::default()),
        Some(word) => words.iter().find(|(known, _)| *known == word).map(|(_, value)| *value),
    }
}

/// Whether these are model ids, each once.
fn are_models<'m>(models: impl Iterator<Item = &'m String> + Clone) -> bool {
    /// Up to here comparing is faster than hashing.
    const FEW: usize = 12;
    let unique = if models.clone().nth(FEW).is_some() {
        let mut seen = HashSet::new();
        models.clone().all(|model| seen.insert(model))
    } else {
        models.clone().enumerate().all(|(n, model)| models.clone().take(n).all(|other| other != model))
    };
    unique && models.clone().all(|model| is_id(model))
}

/// A `T` from an object only; serde's own structs are also read from lists.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfMap<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OfMap<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(entries)).map(Object)
            }
        }
        deserializer.deserialize_map(OfMap(PhantomData))
    }
}

/// The entries of an object that has each key once.
struct Unique<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Unique<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfMap<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OfMap<T> {
            type Value = Unique<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Unique<T>, A::Error> {
                let mut pairs: Vec<(String, T)> = Vec::new();
                let mut seen = HashSet::new();
                while let Some((key, value)) = entries.next_entry::<String, T>()? {
                    if !seen.insert(key.clone()) {
                        return Err(A::Error::custom("a key twice"));
                    }
                    pairs.push((key, value));
                }
                Ok(Unique(pairs))
            }
        }
        deserializer.deserialize_map(OfMap(PhantomData))
    }
}
