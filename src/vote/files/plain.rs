//! The short way to read a record: straight into its types, without a tree of values between.
//!
//! It reads what [`Vote::read`] reads, to an equal vote. Of a record in which anything is wrong it tells nothing but that;
//! [`Vote::read`] then finds every problem.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::super::read::{CLIENT_KEYS, EXPOSURE_KEYS, KEYS, check, is_weight};
use super::super::time::is_time;
use super::super::{Client, Exposure, Outcome, Vote};
use crate::json::{Json, Reader, is_id};
use crate::study::Protocol;

/// The vote of a record, or `None` where anything is wrong.
pub(super) fn read(text: &str) -> Option<Vote> {
    let Object(vote) = serde_json::from_str::<Object<Vote>>(text).ok()?;
    let ids = [&vote.id, &vote.study, &vote.rater, &vote.session, &vote.trial_id, &vote.item, &vote.criterion];
    let times = [&vote.shown_at, &vote.submitted_at];
    let is_good = vote.v == 1
        && vote.weight.is_none_or(is_weight)
        && ids.into_iter().flatten().all(|id| is_id(id))
        && times.into_iter().flatten().all(|time| is_time(time))
        && are_models(vote.shown.iter())
        && are_models(vote.ranking.iter().flatten())
        && !vote.ranking.iter().any(Vec::is_empty);
    if !is_good {
        return None;
    }
    let mut reader = Reader::default();
    check(&mut reader, &vote);
    reader.finish(Some(vote)).ok()
}

/// Whether these are model ids, each once.
fn are_models<'m>(models: impl Iterator<Item = &'m String> + Clone) -> bool {
    models.clone().all(|model| is_id(model)) && are_unique(models)
}

fn are_unique<'t>(texts: impl Iterator<Item = &'t String> + Clone) -> bool {
    /// Up to here comparing is faster than hashing.
    const FEW: usize = 12;
    if texts.clone().nth(FEW).is_some() {
        let mut seen = HashSet::new();
        texts.into_iter().all(|text| seen.insert(text))
    } else {
        texts.clone().enumerate().all(|(n, text)| texts.clone().take(n).all(|other| other != text))
    }
}

/// What is made from an object, key by key.
trait OfKeys: Sized {
    /// The keys that have a meaning, 32 at most.
    const KEYS: &'static [&'static str];

    /// As of an object without keys.
    fn empty() -> Self;

    /// Reads the value of a key that has a meaning.
    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, entries: &mut A) -> Result<(), A::Error>;

    /// Where other keys go.
    fn extra(&mut self) -> &mut Map<String, Value>;
}

impl OfKeys for Vote {
    const KEYS: &'static [&'static str] = KEYS;

    fn empty() -> Self {
        Vote::of_ranking(Protocol::default(), Vec::new())
    }

    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, entries: &mut A) -> Result<(), A::Error> {
        match key {
            "v" => self.v = value(entries)?.unwrap_or(1),
            "id" => self.id = value(entries)?,
            "study" => self.study = value(entries)?,
            "rater" => self.rater = value(entries)?,
            "session" => self.session = value(entries)?,
            "seq" => self.seq = value(entries)?,
            "trial" => self.trial = value(entries)?,
            "trial_id" => self.trial_id = value(entries)?,
            "item" => self.item = value(entries)?,
            "criterion" => self.criterion = value(entries)?,
            "protocol" => self.protocol = choice(entries, &Protocol::WORDS)?,
            "shown" => self.shown = value(entries)?.unwrap_or_default(),
            "outcome" => self.outcome = choice(entries, &Outcome::WORDS)?,
            "ranking" => self.ranking = value(entries)?.unwrap_or_default(),
            "ratings" => self.ratings = fields::<_, f64>(entries)?.collect(),
            "reasons" => self.reasons = value(entries)?.unwrap_or_default(),
            "comment" => self.comment = value(entries)?,
            "weight" => self.weight = value(entries)?,
            "shown_at" => self.shown_at = value(entries)?,
            "submitted_at" => self.submitted_at = value(entries)?,
            "duration_ms" => self.duration_ms = value(entries)?,
            "exposure" => self.exposure = fields(entries)?.map(|(model, Object(seen))| (model, seen)).collect(),
            "client" => self.client = value(entries)?.map(|Object(client)| client),
            _ => return Err(unusual()),
        }
        Ok(())
    }

    fn extra(&mut self) -> &mut Map<String, Value> {
        &mut self.extra
    }
}

impl OfKeys for Exposure {
    const KEYS: &'static [&'static str] = EXPOSURE_KEYS;

    fn empty() -> Self {
        Exposure::default()
    }

    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, entries: &mut A) -> Result<(), A::Error> {
        match key {
            "visible_ms" => self.visible_ms = value(entries)?.unwrap_or(0),
            "plays" => self.plays = value(entries)?,
            "played_ms" => self.played_ms = value(entries)?,
            "parts_ms" => self.parts_ms = value(entries)?.unwrap_or_default(),
            "zoom" => self.zoom = value(entries)?,
            "turns" => self.turns = value(entries)?,
            "scrolled" => self.scrolled = value(entries)?,
            "drift_ms" => self.drift_ms = value(entries)?,
            "lufs" => self.lufs = value(entries)?,
            "gain_db" => self.gain_db = value(entries)?,
            _ => return Err(unusual()),
        }
        Ok(())
    }

    fn extra(&mut self) -> &mut Map<String, Value> {
        &mut self.extra
    }
}

impl OfKeys for Client {
    const KEYS: &'static [&'static str] = CLIENT_KEYS;

    fn empty() -> Self {
        Client::default()
    }

    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, entries: &mut A) -> Result<(), A::Error> {
        match key {
            "app" => self.app = value(entries)?,
            "viewport" => self.viewport = value(entries)?,
            "dpr" => self.dpr = value(entries)?,
            _ => return Err(unusual()),
        }
        Ok(())
    }

    fn extra(&mut self) -> &mut Map<String, Value> {
        &mut self.extra
    }
}

/// Whatever is wrong; nobody reads it.
fn unusual<E: Error>() -> E {
    E::custom("unusual")
}

/// The value of a key; `null` counts as absent.
fn value<'de, A: MapAccess<'de>, T: Deserialize<'de>>(entries: &mut A) -> Result<Option<T>, A::Error> {
    entries.next_value()
}

fn choice<'de, A: MapAccess<'de>, T: Copy + Default>(entries: &mut A, words: &[(&str, T)]) -> Result<T, A::Error> {
    match value(entries)? {
        None => Ok(T::default()),
        Some(Word(found)) => words.iter().find(|(word, _)| *word == found).map(|(_, value)| *value).ok_or_else(unusual),
    }
}

/// The entries of an object whose keys are free.
fn fields<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    entries: &mut A,
) -> Result<impl Iterator<Item = (String, T)> + use<'de, A, T>, A::Error> {
    let Entries(pairs) = value(entries)?.unwrap_or(Entries(Vec::new()));
    Ok(pairs.into_iter())
}

/// Text that is borrowed where it stands without escapes.
struct Word<'t>(Cow<'t, str>);

impl<'de> Deserialize<'de> for Word<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(WordVisitor)
    }
}

struct WordVisitor;

impl<'de> Visitor<'de> for WordVisitor {
    type Value = Word<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Word<'de>, E> {
        Ok(Word(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Word<'de>, E> {
        Ok(Word(Cow::Owned(text.to_owned())))
    }
}

/// What is read from an object, each of whose keys is there once.
struct Object<T>(T);

impl<'de, T: OfKeys> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: OfKeys> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Object<T>, A::Error> {
        let mut object = T::empty();
        let mut seen = 0u32;
        while let Some(Word(key)) = entries.next_key()? {
            let is_new = match T::KEYS.iter().position(|known| *known == key) {
                Some(n) => {
                    let before = seen;
                    seen |= 1 << n;
                    object.take(&key, &mut entries)?;
                    before != seen
                }
                None => object.extra().insert(key.into_owned(), entries.next_value::<Json>()?.into()).is_none(),
            };
            if !is_new {
                return Err(unusual());
            }
        }
        Ok(Object(object))
    }
}

/// The entries of an object, each of whose keys is there once.
struct Entries<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
    type Value = Entries<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Entries<T>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = entries.next_entry()? {
            pairs.push(pair);
        }
        if are_unique(pairs.iter().map(|(key, _)| key)) { Ok(Entries(pairs)) } else { Err(unusual()) }
    }
}
