use std::collections::{HashMap, HashSet};

use crate::json::{Fields, Json, Object, Problems, Reader, field, index, is_language, optional, parse};

use super::{
    Criterion, Item, Kind, Languages, Matchmaking, Medium, Model, Policy, Protocol, Reveal, Study, back_end, criterion_for,
    default_k, default_trials, panels,
};

/// Fewest and most options shown at once.
const GROUP_SIZES: (u64, u64) = (2, 16);
const TRIALS: (u64, u64) = (1, 100_000);
/// Most models of a study: matchmaking counts every pair of them.
const MOST_MODELS: usize = 1_000;

/// The keys of every object of a study file.
pub(super) mod keys {
    pub const STUDY: &[&str] = &[
        "version",
        "id",
        "title",
        "description",
        "lang",
        "models",
        "items",
        "k",
        "protocol",
        "criteria",
        "ties",
        "skip",
        "trials",
        "matchmaking",
        "reveal",
        "gate",
        "audio",
        "video",
        "scene",
        "memory_mb",
        "sync",
        "seed",
    ];
    /// The keys of a rater's path, which `crate::path` reads.
    pub const PATH: &[&str] = &[
        "platform",
        "consent",
        "check",
        "instructions",
        "practice",
        "breaks",
        "attention",
        "questions",
        "reasons",
        "debrief",
        "endings",
    ];
    /// Read by it too, but of no use before the first trial.
    pub const ORIGINS: &str = "origins";
    pub const MODEL: &[&str] = &["id", "name"];
    pub const ITEM: &[&str] = &["id", "prompt", "reference", "outputs"];
    pub const MEDIUM: &[&str] = &["src", "kind", "poster", "alt"];
    pub const CRITERION: &[&str] = &["id", "question"];
    pub const MATCHMAKING: &[&str] = &["policy"];
}

impl Study {
    /// Reads a study file.
    ///
    /// # Errors
    /// Every problem of the file at once, each with its place, what was found and what was expected.
    pub fn read(text: &str) -> Result<Study, Problems> {
        Self::read_in(text, &Languages::default())
    }

    /// Reads a study file, texts in the languages of a rater. The keys of a rater's path are left to [`crate::path`].
    ///
    /// # Errors
    /// As [`Study::read`].
    pub fn read_in(text: &str, languages: &Languages) -> Result<Study, Problems> {
        let json = parse(text)?;
        let mut reader = Reader::default();
        let study = read_study(&mut reader, &json, languages);
        reader.finish(study)
    }
}

/// Reads a study, and has the reader take all further texts in the languages of a rater.
pub(crate) fn read_study(r: &mut Reader, json: &Json, languages: &Languages) -> Option<Study> {
    let known = [keys::STUDY, keys::PATH, &[keys::ORIGINS]].concat();
    let top = r.strict_object("", json, "a study: an object with version, id, models and items", &known)?;
    let lang = optional(top.get("lang").map(|value| read_language(r, value)));
    r.prefer(languages.with(lang.flatten()));
    let version = r.required("", top, "version", "1").and_then(|value| r.whole("version", value, 1, 1));
    let id = r.required("", top, "id", ID).and_then(|value| read_study_id(r, value));
    let title = top.get("title").and_then(|value| r.words("title", value, "the study's title"));
    let description = top.get("description").and_then(|value| read_text(r, "description", value, "a text"));
    let models = r.required("", top, "models", MODELS).and_then(|value| read_models(r, value));
    let known: Option<Vec<&str>> = models.as_ref().map(|models| models.iter().map(|model| model.id.as_str()).collect());
    let items = r.required("", top, "items", ITEMS).and_then(|value| read_item_list(r, "items", value, known.as_deref()));
    let protocol = top.get("protocol").and_then(|value| r.choice("protocol", value, &Protocol::WORDS)).unwrap_or_default();
    let k = read_k(r, top, protocol);
    let criteria = match top.get("criteria") {
        Some(value) => read_criteria(r, value),
        None => Some(vec![criterion_for(protocol)]),
    };
    let ties = top.get("ties").map_or(Some(true), |value| r.boolean("ties", value));
    let skip = top.get("skip").map_or(Some(true), |value| r.boolean("skip", value));
    let trials = top.get("trials").map_or(Some(default_trials() as u64), |value| r.whole("trials", value, TRIALS.0, TRIALS.1));
    let policy = top.get("matchmaking").and_then(|value| read_policy(r, value)).unwrap_or_default();
    let reveal = top.get("reveal").and_then(|value| r.choice("reveal", value, &Reveal::WORDS)).unwrap_or_default();
    let gate = panels::read_gate(r, top);
    let audio = panels::read_audio(r, top);
    let video = panels::read_video(r, top);
    let scene = panels::read_scene(r, top);
    let memory_mb = panels::read_memory_mb(r, top);
    let sync = top.get("sync").map_or(Some(Vec::new()), |value| back_end::read_sync(r, value));
    let seed = top.get("seed").map_or(Some(0), |value| r.whole("seed", value, 0, u64::MAX));
    let id = id?.to_owned();
    Some(Study {
        version: version?,
        title: title.unwrap_or(&id).to_owned(),
        id,
        description: description.map(str::to_owned),
        lang: lang?.map(str::to_owned),
        models: models?,
        items: items?,
        k: k?,
        protocol,
        criteria: criteria?,
        ties: ties?,
        skip: skip?,
        trials: trials? as usize,
        matchmaking: Matchmaking { policy },
        reveal,
        gate: gate?,
        audio: audio?,
        video: video?,
        scene: scene?,
        memory_mb: memory_mb?,
        sync: sync?,
        seed: seed?,
        extra: top.keep(|key| key.starts_with("x-")),
    })
}

const ID: &str = "an id of letters, digits, `-` and `_`";
const MODELS: &str = "a list of at least two models, each {id, name}";
const ITEMS: &str = "a list of at least one item, each {id, prompt, outputs}";
const OUTPUTS: &str = "at least two outputs, as {model id: media reference}";
const MEDIUM: &str = "a media reference: a URL, or {src, kind, poster, alt}";
const URL: &str = "a relative, http, https, data or blob URL";

fn read_language<'v>(r: &mut Reader, value: &'v Json) -> Option<&'v str> {
    let expected = "the tag of a language, such as `fr` or `pt-BR`";
    r.text("lang", value, expected)
        .and_then(|tag| if is_language(tag) { Some(tag) } else { r.unexpected("lang", value, expected) })
}

/// Words that may be empty.
fn read_text<'v>(r: &mut Reader, place: &str, value: &'v Json, expected: &str) -> Option<&'v str> {
    if let Json::Object(_) = value { r.words(place, value, expected) } else { r.text(place, value, expected) }
}

fn read_study_id<'v>(r: &mut Reader, value: &'v Json) -> Option<&'v str> {
    let id = r.id("id", value, ID)?;
    if !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
        return r.unexpected("id", value, ID);
    }
    Some(id)
}

fn read_k(r: &mut Reader, top: Object<'_>, protocol: Protocol) -> Option<usize> {
    let k = top.get("k").map(|value| r.whole("k", value, GROUP_SIZES.0, GROUP_SIZES.1));
    match (protocol, k) {
        (_, Some(None)) => None,
        (Protocol::Pairwise, Some(Some(k))) if k != 2 => {
            r.note("k", k.to_string(), "2, as the protocol is `pairwise`");
            None
        }
        (Protocol::Pairwise, _) => Some(2),
        (_, Some(Some(k))) => Some(k as usize),
        (_, None) => Some(default_k()),
    }
}

/// Reads a list whose entries have ids of their own, noting ids used twice.
fn read_list<'v, T>(
    r: &mut Reader,
    place: &str,
    value: &'v Json,
    (least, expected): (usize, &str),
    mut entry: impl FnMut(&mut Reader, &str, &'v Json) -> Option<T>,
    id: impl Fn(&T) -> &str,
) -> Option<Vec<T>> {
    let entries = r.list(place, value, expected)?;
    if entries.len() < least {
        return r.unexpected(place, value, expected);
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut read = Vec::with_capacity(entries.len());
    for (n, value) in entries.iter().enumerate() {
        let place = index(place, n);
        let Some(part) = entry(r, &place, value) else { continue };
        match seen.get(id(&part)) {
            Some(first) => r.note(&field(&place, "id"), format!("the id of entry {first} again"), "an id of its own"),
            None => _ = seen.insert(id(&part).to_owned(), n),
        }
        read.push(part);
    }
    (read.len() == entries.len()).then_some(read)
}

fn read_models(r: &mut Reader, value: &Json) -> Option<Vec<Model>> {
    let entry = |r: &mut Reader, place: &str, value: &Json| {
        let model = r.strict_object(place, value, "a model {id, name}", keys::MODEL)?;
        let id =
            r.required(place, model, "id", "the model's id").and_then(|value| r.id(&field(place, "id"), value, "the model's id"));
        let name = model.get("name").map(|value| r.filled_text(&field(place, "name"), value, "the model's name"));
        let id = id?.to_owned();
        Some(Model { name: name.map_or(Some(id.clone()), |name| name.map(str::to_owned))?, id })
    };
    let models = read_list(r, "models", value, (2, MODELS), entry, |model| &model.id)?;
    if models.len() > MOST_MODELS {
        r.note("models", format!("{} models", models.len()), format!("at most {MOST_MODELS}"));
        return None;
    }
    Some(models)
}

/// Reads a list of items at a place, whose outputs are of these models, or of any.
pub(crate) fn read_item_list(r: &mut Reader, place: &str, value: &Json, models: Option<&[&str]>) -> Option<Vec<Item>> {
    let known: Option<HashSet<&str>> = models.map(|models| models.iter().copied().collect());
    let entry = |r: &mut Reader, place: &str, value: &Json| {
        let item = r.strict_object(place, value, "an item {id, prompt, reference, outputs}", keys::ITEM)?;
        r.required(place, item, "id", "the item's id")?;
        read_item(r, place, item, "", models.zip(known.as_ref()))
    };
    read_list(r, place, value, (1, ITEMS), entry, |item| &item.id)
}

/// Reads what is shown of an item, under an id of its own if it has one; its outputs are of these models, or of any.
pub(crate) fn read_item(
    r: &mut Reader,
    place: &str,
    item: Object<'_>,
    id: &str,
    models: Option<(&[&str], &HashSet<&str>)>,
) -> Option<Item> {
    let id = item.get("id").map_or(Some(id), |value| r.id(&field(place, "id"), value, "the item's id"));
    let prompt = item.get("prompt").map(|value| read_text(r, &field(place, "prompt"), value, "the prompt's text"));
    let reference = item.get("reference").map(|value| read_medium(r, &field(place, "reference"), value));
    let outputs = r.required(place, item, "outputs", OUTPUTS);
    let outputs = outputs.and_then(|value| read_outputs(r, &field(place, "outputs"), value, models));
    Some(Item {
        id: id?.to_owned(),
        prompt: optional(prompt)?.map(str::to_owned),
        reference: optional(reference)?,
        outputs: outputs?,
    })
}

fn read_outputs(r: &mut Reader, place: &str, value: &Json, models: Option<(&[&str], &HashSet<&str>)>) -> Option<Fields<Medium>> {
    let outputs = r.object(place, value, OUTPUTS)?;
    let mut read = Fields::new();
    let mut entries = 0;
    for (model, value) in outputs.entries() {
        let place = field(place, model);
        entries += 1;
        if let Some((models, known)) = models
            && !known.contains(model)
        {
            let hint = crate::json::nearest(model, models.iter().copied());
            let hint = hint.map(|near| format!(", perhaps `{near}`")).unwrap_or_default();
            r.note(&place, "a model that `models` does not list", format!("the id of a listed model{hint}"));
            continue;
        }
        if let Some(medium) = read_medium(r, &place, value) {
            read.push(model.to_owned(), medium);
        }
    }
    if entries < 2 {
        r.note(place, if entries == 0 { "no outputs" } else { "one output" }, OUTPUTS);
        return None;
    }
    (read.len() == entries).then_some(read)
}

fn read_medium(r: &mut Reader, place: &str, value: &Json) -> Option<Medium> {
    if let Json::String(_) = value {
        let src = read_url(r, place, value)?;
        let kind = read_kind(r, place, src)?;
        return Some(Medium { src: src.to_owned(), kind, poster: None, alt: None });
    }
    let medium = r.strict_object(place, value, MEDIUM, keys::MEDIUM)?;
    let src = r.required(place, medium, "src", URL).and_then(|value| read_url(r, &field(place, "src"), value));
    let kind = match (medium.get("kind"), src) {
        (Some(value), _) => r.choice(&field(place, "kind"), value, &Kind::WORDS),
        (None, Some(src)) => read_kind(r, &field(place, "src"), src),
        (None, None) => None,
    };
    let poster = medium.get("poster").map(|value| read_url(r, &field(place, "poster"), value));
    let alt = medium.get("alt").map(|value| r.text(&field(place, "alt"), value, "a text instead of the medium"));
    Some(Medium {
        src: src?.to_owned(),
        kind: kind?,
        poster: poster.map_or(Some(None), |poster| poster.map(|url| Some(url.to_owned())))?,
        alt: alt.map_or(Some(None), |alt| alt.map(|text| Some(text.to_owned())))?,
    })
}

fn read_kind(r: &mut Reader, place: &str, src: &str) -> Option<Kind> {
    let kind = Kind::of_url(src);
    if kind.is_none() {
        let src = Json::String(src.to_owned()).describe();
        r.note(place, format!("{src}, whose name does not tell its kind"), "a known file extension, or {src, kind}");
    }
    kind
}

/// A URL that is relative or of a scheme that a browser only reads from.
pub(crate) fn read_url<'v>(r: &mut Reader, place: &str, value: &'v Json) -> Option<&'v str> {
    let url = r.filled_text(place, value, URL)?;
    let safe = match scheme(url) {
        Some(scheme) => ["http", "https", "data", "blob"].contains(&scheme.to_ascii_lowercase().as_str()),
        None => true,
    };
    if !safe || url.chars().any(char::is_control) || url.trim() != url {
        return r.unexpected(place, value, URL);
    }
    Some(url)
}

/// The scheme of an absolute URL (RFC 3986, section 3.1).
pub(crate) fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let mut letters = scheme.chars();
    let valid = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    valid.then_some(scheme)
}

fn read_criteria(r: &mut Reader, value: &Json) -> Option<Vec<Criterion>> {
    let expected = "a list of at least one criterion, each {id, question}";
    let entry = |r: &mut Reader, place: &str, value: &Json| {
        let criterion = r.strict_object(place, value, "a criterion {id, question}", keys::CRITERION)?;
        let id = r.required(place, criterion, "id", "the criterion's id");
        let id = id.and_then(|value| r.id(&field(place, "id"), value, "the criterion's id"));
        let question = r.required(place, criterion, "question", "the question");
        let question = question.and_then(|value| r.words(&field(place, "question"), value, "the question"));
        Some(Criterion { id: id?.to_owned(), question: question?.to_owned() })
    };
    read_list(r, "criteria", value, (1, expected), entry, |criterion| &criterion.id)
}

fn read_policy(r: &mut Reader, value: &Json) -> Option<Policy> {
    let matchmaking = r.strict_object("matchmaking", value, "{policy}", keys::MATCHMAKING)?;
    r.choice("matchmaking.policy", matchmaking.get("policy")?, &Policy::WORDS)
}

#[cfg(test)]
mod tests {
    use super::super::{Gate, View};
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        match Study::read(text) {
            Ok(study) => panic!("read {study:?}"),
            Err(Problems(problems)) => problems.iter().map(ToString::to_string).collect(),
        }
    }

    fn minimal(extra: &str) -> String {
        format!(
            r#"{{"version":1,"id":"s","models":[{{"id":"a","name":"A"}},{{"id":"b"}}],
                "items":[{{"id":"i","outputs":{{"a":"a.png","b":{{"src":"b","kind":"text"}}}}}}]{extra}}}"#
        )
    }

    #[test]
    fn a_minimal_study_gets_the_defaults() {
        let study = Study::read(&minimal("")).unwrap();
        assert_eq!((study.k, study.trials, study.ties, study.skip, study.seed), (4, 20, true, true, 0));
        assert_eq!(study.title, "s");
        assert_eq!(study.models[1].name, "b");
        assert_eq!(study.protocol, Protocol::Rank);
        assert_eq!(study.matchmaking.policy, Policy::InformationGain);
        assert_eq!(study.reveal, Reveal::Never);
        assert_eq!(study.criteria[0].id, "overall");
        assert_eq!(study.items[0].outputs.get("a").unwrap().kind, Kind::Image);
        assert_eq!(study.items[0].outputs.get("b").unwrap().kind, Kind::Text);
    }

    #[test]
    fn a_study_survives_being_written_and_read_again() {
        let extra = r#","protocol":"pairwise","x-lab":{"n":1},"sync":[{"type":"http","url":"../votes","headers":{"X-A":"b"}}]"#;
        let study = Study::read(&minimal(extra)).unwrap();
        assert_eq!(study.k, 2);
        let text = serde_json::to_string(&study).unwrap();
        assert_eq!(Study::read(&text).unwrap(), study);
    }

    #[test]
    fn every_problem_is_listed_with_its_place() {
        let text = r#"{"version":2,"id":"a b","modles":[],"k":17,"protocol":"ranked","trials":0,"seed":-1,"ties":"yes",
            "models":[{"id":"a"},{"id":"a"},{"name":"C"}],"matchmaking":{"policy":"randm"},"sync":[{"type":"ftp"},{"type":"http"}],
            "items":[{"id":"i","promt":"x","outputs":{"a":3,"z":"z.png"}},{"id":"i","outputs":{"a":"a.xyz"}}]}"#;
        let found = problems(text);
        for expected in [
            "modles: found the unknown key \"modles\", expected a known key, perhaps `models`",
            "version: found 2, expected a whole number from 1 to 1",
            "id: found \"a b\", expected an id of letters, digits, `-` and `_`",
            "models[1].id: found the id of entry 0 again, expected an id of its own",
            "models[2].id: found nothing, expected the model's id",
            "items[0].promt: found the unknown key \"promt\", expected a known key, perhaps `prompt`",
            "items[0].outputs.a: found 3, expected a media reference: a URL, or {src, kind, poster, alt}",
            "items[1].outputs: found one output, expected at least two outputs, as {model id: media reference}",
            "protocol: found \"ranked\", expected one of `rank`, `best`, `best-worst`, `pairwise` or `rate`, perhaps `rank`",
            "k: found 17, expected a whole number from 2 to 16",
            "trials: found 0, expected a whole number from 1 to 100000",
            "seed: found -1, expected a whole number from 0",
            "ties: found \"yes\", expected true or false",
            "sync[1].url: found nothing, expected the URL of the back end",
        ] {
            assert!(found.iter().any(|line| line == expected), "missing: {expected}\nin: {found:#?}");
        }
        assert!(found.iter().any(|line| line.starts_with("sync[0].type: found \"ftp\", expected one of `http`, `couchdb`")));
        assert!(found.iter().any(|line| line.starts_with("matchmaking.policy: found \"randm\"") && line.ends_with("`random`")));
        assert!(found.iter().any(|line| line.starts_with("items[1].outputs.a: found \"a.xyz\"")));
    }

    #[test]
    fn an_output_of_an_unlisted_model_is_a_problem_with_the_nearest_model() {
        let text = r#"{"version":1,"id":"s","models":[{"id":"sdxl"},{"id":"dalle"}],
            "items":[{"id":"i","outputs":{"sdxl":"a.png","dale":"b.png"}}]}"#;
        assert_eq!(
            problems(text),
            [
                "items[0].outputs.dale: found a model that `models` does not list, expected the id of a listed model, perhaps `dalle`"
            ]
        );
    }

    #[test]
    fn a_url_that_could_run_is_refused() {
        for src in ["javascript:alert(1)", " JavaScript:alert(1)", "file:///etc/passwd", "java\\nscript:x"] {
            let text = minimal("").replace("a.png", src);
            let found = problems(&text);
            assert!(found[0].starts_with("items[0].outputs.a: found"), "{found:?}");
        }
    }

    #[test]
    fn a_repeated_key_is_a_problem() {
        assert_eq!(problems(&minimal(r#","k":3,"k":4"#)), ["k: found this key twice, expected it once"]);
    }

    #[test]
    fn text_that_is_no_json_names_line_and_column() {
        assert!(problems("{\n \"id\": oops}")[0].starts_with("line 2, column 8: found text that is no JSON"));
        assert!(problems("")[0].starts_with("line 1, column 0"));
        assert!(problems(&"[".repeat(100_000))[0].contains("recursion limit"));
    }

    #[test]
    fn a_pairwise_study_shows_two() {
        assert_eq!(
            problems(&minimal(r#","protocol":"pairwise","k":4"#)),
            ["k: found 4, expected 2, as the protocol is `pairwise`"]
        );
    }

    #[test]
    fn what_is_said_of_panels_is_read_and_every_problem_of_it_named() {
        let study = Study::read(&minimal("")).unwrap();
        assert_eq!((study.gate, study.memory_mb), (Gate::default(), 256));
        assert_eq!((study.audio.crossfade_ms, study.audio.match_loudness, study.audio.volume_check), (20, true, true));
        assert_eq!(study.scene.views, [View::Shaded]);
        let extra = r#","gate":{"played":0.9,"visible_ms":3000,"loaded":true},"scene":{"views":["matcap","wireframe"]},"memory_mb":64,
            "audio":{"crossfade_ms":0,"match_loudness":false},"video":{"one_at_a_time":true}"#;
        let study = Study::read(&minimal(extra)).unwrap();
        assert_eq!(study.gate, Gate { played: Some(0.9), visible_ms: Some(3_000), loaded: true });
        assert_eq!(study.scene.views, [View::Matcap, View::Wireframe]);
        assert_eq!(Study::read(&serde_json::to_string(&study).unwrap()).unwrap(), study);
        let extra = r#","gate":{"played":90,"visible":1},"scene":{"views":["matcap","clay","matcap"]},"memory_mb":0,
            "audio":{"crossfade_ms":-1},"video":{"one_at_a_time":"yes"}"#;
        let found = problems(&minimal(extra));
        for expected in [
            "gate.played: found 90, expected a number from 0 to 1",
            "gate.visible: found the unknown key \"visible\", expected a known key, perhaps `visible_ms`",
            "scene.views[1]: found \"clay\", expected one of `shaded`, `wireframe`, `normals`, `matcap` or `counts`",
            "scene.views[2]: found \"matcap\" again, expected a list of at least one view, each once",
            "memory_mb: found 0, expected a whole number from 1 to 16384",
            "audio.crossfade_ms: found -1, expected a whole number from 0 to 2000",
            "video.one_at_a_time: found \"yes\", expected true or false",
        ] {
            assert!(found.iter().any(|line| line == expected), "missing: {expected}\nin: {found:#?}");
        }
    }

    #[test]
    fn keys_for_private_use_are_kept() {
        let study = Study::read(&minimal(r#","x-team":"blue""#)).unwrap();
        assert_eq!(study.extra["x-team"], "blue");
    }
}
