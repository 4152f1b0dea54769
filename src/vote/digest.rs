use std::hash::{BuildHasher, Hash, Hasher};

use crate::json::Fields;

use super::{Client, Exposure, Vote};

impl Vote {
    /// A number that equal votes share and different votes, as good as always, do not; by a hasher that the caller keeps.
    pub fn digest(&self, state: &impl BuildHasher) -> u64 {
        // Taken apart whole, so that a new key cannot be forgotten.
        let Vote {
            v,
            id,
            study,
            rater,
            session,
            seq,
            trial,
            trial_id,
            item,
            criterion,
            protocol,
            shown,
            outcome,
            ranking,
            ratings,
            reasons,
            comment,
            weight,
            shown_at,
            submitted_at,
            duration_ms,
            exposure,
            client,
            extra,
        } = self;
        let mut h = state.build_hasher();
        (v, id, study, rater, session, seq, trial, trial_id, item, criterion).hash(&mut h);
        (std::mem::discriminant(protocol), std::mem::discriminant(outcome), shown, ranking).hash(&mut h);
        (reasons, comment, weight.map(bits), shown_at, submitted_at, duration_ms).hash(&mut h);
        hash_fields(ratings, &mut h, |rating, h| bits(*rating).hash(h));
        hash_fields(exposure, &mut h, |seen, h| {
            let Exposure { visible_ms, plays, played_ms, parts_ms, zoom, turns, scrolled, drift_ms, lufs, gain_db, extra } = seen;
            (visible_ms, plays, played_ms, parts_ms, turns, drift_ms, extra).hash(h);
            [zoom, scrolled, lufs, gain_db].map(|number| number.map(bits)).hash(h);
        });
        if let Some(Client { app, viewport, dpr, extra }) = client {
            (app, viewport, dpr.map(bits), extra).hash(&mut h);
        }
        extra.hash(&mut h);
        h.finish()
    }
}

/// Adding nothing turns -0 into 0, which are equal.
fn bits(number: f64) -> u64 {
    (number + 0.0).to_bits()
}

/// The order of keys means nothing.
fn hash_fields<T, H: Hasher>(fields: &Fields<T>, h: &mut H, hash: impl Fn(&T, &mut H)) {
    let mut entries: Vec<_> = fields.iter().collect();
    entries.sort_by_key(|(key, _)| *key);
    entries.len().hash(h);
    for (key, value) in entries {
        key.hash(h);
        hash(value, h);
    }
}

#[cfg(test)]
mod tests {
    use std::hash::RandomState;

    use super::*;

    #[test]
    fn equal_votes_share_a_digest_whatever_the_order_of_their_keys() {
        let state = RandomState::new();
        let digest = |text: &str| Vote::read(text).unwrap().digest(&state);
        let one = r#"{"ranking":[["a"],["b"]],"ratings":{"a":1,"b":0},"exposure":{"a":{"visible_ms":1},"b":{"visible_ms":2}}}"#;
        let two =
            r#"{"exposure":{"b":{"visible_ms":2},"a":{"visible_ms":1}},"ratings":{"b":-0.0,"a":1},"ranking":[["a"],["b"]]}"#;
        assert_eq!(digest(one), digest(two));
        for (old, new) in [
            ("[[\"a\"],", "[[\"c\"],"),
            ("\"a\":1,", "\"a\":2,"),
            (":{\"visible_ms\":2}", ":{\"plays\":2}"),
            ("{\"rank", "{\"x\":1,\"rank"),
        ] {
            assert!(one.contains(old));
            assert_ne!(digest(one), digest(&one.replace(old, new)), "{new}");
        }
    }
}
