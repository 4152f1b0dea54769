use std::collections::HashSet;

use crate::json::{Json, Object, Problems, Reader, field, index, optional, parse};
use crate::study::{Item, Languages, Study, read_item, read_study};

use super::ending::{self, End};
use super::platform::read_platform;
use super::{
    Attention, Breaks, Check, Choice, Consent, DeviceCheck, Endings, Known, Path, Practice, Question, QuestionKind, QuestionPage,
    Reasons, StudyFile, Then, When, least_agreement, likert_points, most_characters,
};

/// The keys of every object of a path.
mod keys {
    pub const CONSENT: &[&str] = &["text", "agree", "refuse"];
    pub const CHECK: &[&str] = &["width", "height", "sound"];
    pub const PRACTICE: &[&str] = &["id", "prompt", "reference", "outputs", "best", "worst", "question", "feedback"];
    pub const BREAKS: &[&str] = &["every", "text"];
    pub const ATTENTION: &[&str] = &["checks", "then", "fails", "warning"];
    pub const PAGE: &[&str] = &["id", "title", "text", "when", "questions"];
    pub const CHOICE: &[&str] = &["value", "label"];
    pub const REASONS: &[&str] = &["options", "comment"];
    pub const ENDINGS: &[&str] = &["done", "no_consent", "screened_out", "failed_checks"];
    /// Of each type of check.
    pub const CHECKS: [(&str, &[&str]); 3] = [
        ("known", &["type", "at", "id", "prompt", "reference", "outputs", "best", "worst", "question"]),
        ("instructed", &["type", "at", "id", "prompt", "reference", "outputs", "question", "option"]),
        ("repeat", &["type", "at", "of", "agreement"]),
    ];
    /// Of each type of question.
    pub const QUESTIONS: [(&str, &[&str]); 4] = [
        ("choice", &["type", "id", "question", "required", "options", "many", "accept"]),
        ("likert", &["type", "id", "question", "required", "points", "labels"]),
        ("number", &["type", "id", "question", "required", "min", "max", "whole", "accept"]),
        ("text", &["type", "id", "question", "required", "long", "most"]),
    ];
}

const TEXT: &str = "a text in Markdown, or such texts by language";
const WORDS: &str = "a text, or texts by language";
const NAME: &str = "the name of one of `outputs`";
/// Most outputs on screen at once.
const MOST_SHOWN: usize = 16;
const MOST_SCREENS: usize = 100;

impl StudyFile {
    /// Reads a study file with the rater's path.
    ///
    /// # Errors
    /// Every problem of the file at once, each with its place, what was found and what was expected.
    pub fn read(text: &str) -> Result<StudyFile, Problems> {
        Self::read_in(text, &Languages::default())
    }

    /// Reads a study file with the rater's path, texts in the languages of a rater.
    ///
    /// # Errors
    /// As [`StudyFile::read`].
    pub fn read_in(text: &str, languages: &Languages) -> Result<StudyFile, Problems> {
        let json = parse(text)?;
        let mut reader = Reader::default();
        let study = read_study(&mut reader, &json, languages);
        let path = match &json {
            Json::Object(_) => reader.object("", &json, "").and_then(|top| read_path(&mut reader, top, study.as_ref())),
            _ => None,
        };
        reader.finish(study.zip(path).map(|(study, path)| StudyFile { study, path }))
    }
}

fn read_path(r: &mut Reader, top: Object<'_>, study: Option<&Study>) -> Option<Path> {
    let platform = top.get("platform").map(|value| read_platform(r, value));
    let consent = top.get("consent").map(|value| read_consent(r, value));
    let check = top.get("check").map(|value| read_check(r, value));
    let instructions = top.get("instructions").map(|value| read_screens(r, value));
    let practice = top.get("practice").map(|value| read_practice(r, value, study));
    let breaks = top.get("breaks").map(|value| read_breaks(r, value));
    let attention = top.get("attention").map(|value| read_attention(r, value, study));
    let questions = top.get("questions").map(|value| read_pages(r, value));
    let reasons = top.get("reasons").map(|value| read_reasons(r, value));
    let debrief = top.get("debrief").map(|value| r.words("debrief", value, TEXT));
    let platform = optional(platform);
    let endings = top.get("endings").map(|value| read_endings(r, value, platform.as_ref().and_then(Option::as_ref)));
    let origins = top.get("origins").map(|value| read_origins(r, value));
    Some(Path {
        platform: platform?,
        consent: optional(consent)?,
        check: optional(check)?,
        instructions: optional(instructions)?.unwrap_or_default(),
        practice: optional(practice)?.unwrap_or_default(),
        breaks: optional(breaks)?,
        attention: optional(attention)?,
        questions: optional(questions)?.unwrap_or_default(),
        reasons: optional(reasons)?,
        debrief: optional(debrief)?.map(str::to_owned),
        endings: optional(endings)?.unwrap_or_default(),
        origins: optional(origins)?.unwrap_or_default(),
    })
}

/// Words of an object, which may be absent.
fn words(r: &mut Reader, object: Object<'_>, place: &str, key: &str, expected: &str) -> Option<Option<String>> {
    optional(object.get(key).map(|value| r.words(&field(place, key), value, expected).map(str::to_owned)))
}

fn read_consent(r: &mut Reader, value: &Json) -> Option<Consent> {
    let is_text = match value {
        Json::Object(pairs) => !pairs.iter().any(|(key, _)| keys::CONSENT.contains(&key.as_str())),
        _ => true,
    };
    if is_text {
        let text = r.words("consent", value, TEXT)?.to_owned();
        return Some(Consent { text, agree: None, refuse: None });
    }
    let consent = r.strict_object("consent", value, "a text, or {text, agree, refuse}", keys::CONSENT)?;
    let text = r.required("consent", consent, "text", TEXT).and_then(|value| r.words("consent.text", value, TEXT));
    let (agree, refuse) = (words(r, consent, "consent", "agree", WORDS), words(r, consent, "consent", "refuse", WORDS));
    Some(Consent { text: text?.to_owned(), agree: agree?, refuse: refuse? })
}

fn read_check(r: &mut Reader, value: &Json) -> Option<DeviceCheck> {
    let check = r.strict_object("check", value, "a device check {width, height, sound}", keys::CHECK)?;
    let mut size = |key: &str| optional(check.get(key).map(|value| r.whole(&field("check", key), value, 1, 10_000)));
    let (width, height) = (size("width"), size("height"));
    let check = DeviceCheck { width: width?, height: height?, sound: r.flag(check, "check", "sound", false)? };
    if check == DeviceCheck::default() {
        r.note("check", "nothing to check", "`width`, `height` or `sound`");
        return None;
    }
    Some(check)
}

fn read_screens(r: &mut Reader, value: &Json) -> Option<Vec<String>> {
    let Json::Array(screens) = value else { return r.words("instructions", value, TEXT).map(|text| vec![text.to_owned()]) };
    if screens.is_empty() || screens.len() > MOST_SCREENS {
        return r.unexpected("instructions", value, "one to a hundred texts");
    }
    let read: Vec<_> = screens
        .iter()
        .enumerate()
        .filter_map(|(n, text)| r.words(&index("instructions", n), text, TEXT).map(str::to_owned))
        .collect();
    (read.len() == screens.len()).then_some(read)
}

/// What a trial outside the study shows, under an id of its own, which must be no item's of the study.
fn read_shown(r: &mut Reader, place: &str, object: Object<'_>, id: &str, study: Option<&Study>) -> Option<Item> {
    let item = read_item(r, place, object, id, None)?;
    if item.outputs.len() > MOST_SHOWN {
        let found = format!("{} outputs", item.outputs.len());
        r.note(&field(place, "outputs"), found, format!("at most {MOST_SHOWN}, as all are shown"));
        return None;
    }
    let pair = study.is_some_and(|study| study.protocol == crate::study::Protocol::Pairwise);
    if pair && item.outputs.len() != 2 {
        r.note(&field(place, "outputs"), format!("{} outputs", item.outputs.len()), "two, as the protocol is `pairwise`");
        return None;
    }
    if item.outputs.keys().any(|name| study.is_some_and(|study| study.model(name).is_some())) {
        r.note(&field(place, "outputs"), "the id of a model", "names of their own: these answers tell nothing of models");
        return None;
    }
    Some(item)
}

fn read_known(r: &mut Reader, place: &str, object: Object<'_>, item: Option<&Item>) -> Option<Known> {
    let mut name = |key: &str| {
        let value = object.get(key)?;
        let place = field(place, key);
        let name = r.id(&place, value, NAME);
        let is_there = |name: &&str| item.is_none_or(|item| item.outputs.contains_key(name));
        Some(match name {
            Some(name) if !is_there(&name) => r.unexpected(&place, value, NAME),
            name => name.map(str::to_owned),
        })
    };
    let (best, worst) = (optional(name("best")), optional(name("worst")));
    let known = Known { best: best?, worst: worst? };
    if known.best.is_some() && known.best == known.worst {
        r.note(&field(place, "worst"), "what is best, too", "another output");
        return None;
    }
    Some(known)
}

/// Reads the entries of a list of at least one, each with an id of its own.
fn entries<'v, T>(
    r: &mut Reader,
    place: &str,
    value: &'v Json,
    expected: &str,
    mut entry: impl FnMut(&mut Reader, &str, usize, &'v Json) -> Option<T>,
    id: impl Fn(&T) -> Option<&str>,
) -> Option<Vec<T>> {
    let list = r.list(place, value, expected)?;
    if list.is_empty() {
        return r.unexpected(place, value, expected);
    }
    let mut read: Vec<T> = Vec::new();
    for (n, value) in list.iter().enumerate() {
        let place = index(place, n);
        let Some(part) = entry(r, &place, n, value) else { continue };
        if id(&part).is_some() && read.iter().any(|other| id(other) == id(&part)) {
            r.note(&field(&place, "id"), "an id that is taken", "an id of its own");
        }
        read.push(part);
    }
    (read.len() == list.len()).then_some(read)
}

fn read_practice(r: &mut Reader, value: &Json, study: Option<&Study>) -> Option<Vec<Practice>> {
    let entry = |r: &mut Reader, place: &str, n: usize, value: &Json| {
        let object = r.strict_object(place, value, "a trial of practice {outputs, best, worst, feedback}", keys::PRACTICE)?;
        let item = read_shown(r, place, object, &format!("practice-{}", n + 1), study);
        let known = read_known(r, place, object, item.as_ref());
        let question = words(r, object, place, "question", WORDS);
        let feedback = words(r, object, place, "feedback", TEXT);
        Some(Practice { item: item?, known: known?, question: question?, feedback: feedback? })
    };
    entries(r, "practice", value, "a list of at least one trial of practice", entry, |practice| Some(&practice.item.id))
}

fn read_breaks(r: &mut Reader, value: &Json) -> Option<Breaks> {
    let breaks = r.strict_object("breaks", value, "{every, text}", keys::BREAKS)?;
    let every = r.required("breaks", breaks, "every", "after how many trials there is a break");
    let every = every.and_then(|value| r.whole("breaks.every", value, 1, 100_000));
    let text = words(r, breaks, "breaks", "text", TEXT);
    Some(Breaks { every: every?, text: text? })
}

fn read_attention(r: &mut Reader, value: &Json, study: Option<&Study>) -> Option<Attention> {
    let attention = r.strict_object("attention", value, "checks of attention {checks, then, fails, warning}", keys::ATTENTION)?;
    let checks = r.required("attention", attention, "checks", "a list of at least one check").and_then(|value| {
        let entry = |r: &mut Reader, place: &str, n: usize, value: &Json| read_attention_check(r, place, n, value, study);
        entries(r, "attention.checks", value, "a list of at least one check", entry, |check| {
            check.item().map(|item| item.id.as_str())
        })
    });
    let then = attention.get("then").map(|value| r.choice("attention.then", value, &Then::WORDS));
    let fails = attention.get("fails").map(|value| r.whole("attention.fails", value, 1, 100));
    let warning = words(r, attention, "attention", "warning", TEXT);
    let (then, fails) = (optional(then)?.unwrap_or_default(), optional(fails)?.unwrap_or(1));
    Some(Attention { checks: checks?, then, fails, warning: warning? })
}

fn read_attention_check(r: &mut Reader, place: &str, n: usize, value: &Json, study: Option<&Study>) -> Option<Check> {
    let (word, object) = read_typed(r, place, value, "a check of attention with a type", &keys::CHECKS)?;
    let trials = study.map_or(u64::MAX, |study| study.trials as u64);
    let at = optional(object.get("at").map(|value| r.whole(&field(place, "at"), value, 1, trials)));
    if word == "repeat" {
        let latest = at.flatten().unwrap_or(trials);
        let of = object.get("of").map_or(Some(1), |value| r.whole(&field(place, "of"), value, 1, latest));
        let agreement = match object.get("agreement") {
            Some(value) => number(r, &field(place, "agreement"), value, (0.0, 1.0)),
            None => Some(least_agreement()),
        };
        return Some(Check::Repeat { at: at?, of: of?, agreement: agreement? });
    }
    let item = read_shown(r, place, object, &format!("attention-{}", n + 1), study);
    if word == "known" {
        let known = read_known(r, place, object, item.as_ref());
        let question = words(r, object, place, "question", WORDS);
        if known == Some(Known::default()) {
            r.note(place, "neither `best` nor `worst`", "what is known of the answer");
            return None;
        }
        return Some(Check::Known { at: at?, item: item?, known: known?, question: question? });
    }
    let question = r.required(place, object, "question", "the instruction");
    let question = question.and_then(|value| r.words(&field(place, "question"), value, WORDS));
    let shown = item.as_ref().map_or(MOST_SHOWN, |item| item.outputs.len());
    let option = r.required(place, object, "option", "the letter of the option that the question says");
    let option = option.and_then(|value| read_letter(r, &field(place, "option"), value, shown));
    Some(Check::Instructed { at: at?, item: item?, question: question?.to_owned(), option: option? })
}

/// A letter of an option on screen.
fn read_letter(r: &mut Reader, place: &str, value: &Json, shown: usize) -> Option<char> {
    let last = (b'A' + shown.clamp(1, MOST_SHOWN) as u8 - 1) as char;
    let expected = format!("a letter from A to {last}");
    let text = r.text(place, value, &expected)?;
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if ('A'..=last).contains(&letter) => Some(letter),
        _ => r.unexpected(place, value, &expected),
    }
}

/// An object whose type says which keys it takes.
fn read_typed<'v>(
    r: &mut Reader,
    place: &str,
    value: &'v Json,
    expected: &str,
    types: &[(&'static str, &[&str])],
) -> Option<(&'static str, Object<'v>)> {
    let object = r.object(place, value, expected)?;
    let named: Vec<_> = types.iter().map(|(word, keys)| (*word, (*word, *keys))).collect();
    let word = r.required(place, object, "type", expected)?;
    let (word, keys) = r.choice(&field(place, "type"), word, &named)?;
    r.strict_object(place, value, expected, keys).map(|object| (word, object))
}

fn read_pages(r: &mut Reader, value: &Json) -> Option<Vec<QuestionPage>> {
    let entry = |r: &mut Reader, place: &str, _: usize, value: &Json| {
        let page = r.strict_object(place, value, "a page {id, title, text, when, questions}", keys::PAGE)?;
        let id = r.required(place, page, "id", "the page's id");
        let id = id.and_then(|value| r.id(&field(place, "id"), value, "the page's id"));
        let (title, text) = (words(r, page, place, "title", WORDS), words(r, page, place, "text", TEXT));
        let when = optional(page.get("when").map(|value| r.choice(&field(place, "when"), value, &When::WORDS)));
        let expected = "a list of at least one question";
        let questions = r.required(place, page, "questions", expected).and_then(|value| {
            let place = field(place, "questions");
            entries(
                r,
                &place,
                value,
                expected,
                |r, place, _, value| read_question(r, place, value),
                |question| Some(&question.id),
            )
        });
        let (id, when) = (id?.to_owned(), when?.unwrap_or_default());
        Some(QuestionPage { id, title: title?, text: text?, when, questions: questions? })
    };
    entries(r, "questions", value, "a list of at least one page", entry, |page| Some(&page.id))
}

fn read_question(r: &mut Reader, place: &str, value: &Json) -> Option<Question> {
    let (word, object) = read_typed(r, place, value, "a question with a type", &keys::QUESTIONS)?;
    let id = r.required(place, object, "id", "the question's id");
    let id = id.and_then(|value| r.id(&field(place, "id"), value, "the question's id"));
    let question = r.required(place, object, "question", WORDS);
    let question = question.and_then(|value| r.words(&field(place, "question"), value, WORDS));
    let required = r.flag(object, place, "required", true);
    let at = |key: &str| field(place, key);
    let kind = match word {
        "choice" => {
            let options =
                r.required(place, object, "options", OPTIONS).and_then(|value| read_choices(r, &at("options"), value, 2));
            let many = r.flag(object, place, "many", false);
            let accept = object.get("accept").map(|value| read_accepted(r, &at("accept"), value, options.as_deref()));
            let accept = optional(accept);
            QuestionKind::Choice { options: options?, many: many?, accept: accept?.unwrap_or_default() }
        }
        "likert" => {
            let points = object.get("points").map_or(Some(likert_points()), |value| r.whole(&at("points"), value, 2, 11));
            let labels = optional(object.get("labels").map(|value| read_labels(r, &at("labels"), value)));
            QuestionKind::Likert { points: points?, labels: labels?.unwrap_or_default() }
        }
        "number" => {
            let mut limit = |key: &str| optional(object.get(key).map(|value| number(r, &at(key), value, (f64::MIN, f64::MAX))));
            let (min, max) = (limit("min"), limit("max"));
            let accept = optional(object.get("accept").map(|value| read_range(r, &at("accept"), value)));
            let whole = r.flag(object, place, "whole", false);
            let (min, max) = (min?, max?);
            if let (Some(low), Some(high)) = (min, max)
                && low > high
            {
                r.note(&at("max"), "less than `min`", "at least as much");
                return None;
            }
            QuestionKind::Number { min, max, whole: whole?, accept: accept? }
        }
        _ => {
            let most = object.get("most").map_or(Some(most_characters()), |value| r.whole(&at("most"), value, 1, 20_000));
            QuestionKind::Text { long: r.flag(object, place, "long", false)?, most: most? }
        }
    };
    Some(Question { id: id?.to_owned(), question: question?.to_owned(), required: required?, kind })
}

const OPTIONS: &str = "a list of options, each a text or {value, label}";

fn read_choices(r: &mut Reader, place: &str, value: &Json, least: usize) -> Option<Vec<Choice>> {
    let list = r.list(place, value, OPTIONS)?;
    if list.len() < least {
        return r.unexpected(place, value, &format!("at least {least} options"));
    }
    let mut seen = HashSet::new();
    let mut read = Vec::new();
    for (n, entry) in list.iter().enumerate() {
        let place = index(place, n);
        let choice = match entry {
            Json::String(_) => r.id(&place, entry, OPTIONS).map(|text| Choice { value: text.to_owned(), label: text.to_owned() }),
            _ => r.strict_object(&place, entry, OPTIONS, keys::CHOICE).and_then(|object| {
                let value = r.required(&place, object, "value", "what records call it");
                let value = value.and_then(|value| r.id(&field(&place, "value"), value, "what records call it"));
                let label = r.required(&place, object, "label", WORDS);
                let label = label.and_then(|label| r.words(&field(&place, "label"), label, WORDS));
                Some(Choice { value: value?.to_owned(), label: label?.to_owned() })
            }),
        };
        if let Some(choice) = choice {
            if !seen.insert(choice.value.clone()) {
                r.note(&place, "an option that is there already", "each option once");
            }
            read.push(choice);
        }
    }
    (read.len() == list.len()).then_some(read)
}

fn read_accepted(r: &mut Reader, place: &str, value: &Json, options: Option<&[Choice]>) -> Option<Vec<String>> {
    let expected = "a list of values of `options`";
    let list = r.list(place, value, expected)?;
    let is_there = |text: &str| options.is_none_or(|options| options.iter().any(|option| option.value == text));
    let mut read = Vec::new();
    for (n, entry) in list.iter().enumerate() {
        let place = index(place, n);
        match r.text(&place, entry, expected) {
            Some(text) if is_there(text) => read.push(text.to_owned()),
            Some(_) => _ = r.unexpected::<()>(&place, entry, expected),
            None => {}
        }
    }
    if list.is_empty() {
        return r.unexpected(place, value, expected);
    }
    (read.len() == list.len()).then_some(read)
}

fn read_labels(r: &mut Reader, place: &str, value: &Json) -> Option<Vec<String>> {
    let expected = "two texts: what the first and the last point mean";
    let list = r.list(place, value, expected)?;
    if list.len() != 2 {
        return r.unexpected(place, value, expected);
    }
    list.iter().enumerate().map(|(n, text)| r.words(&index(place, n), text, WORDS).map(str::to_owned)).collect()
}

fn read_range(r: &mut Reader, place: &str, value: &Json) -> Option<[f64; 2]> {
    let expected = "two numbers, the least and the most";
    match r.list(place, value, expected)? {
        [low, high] => {
            let wide = (f64::MIN, f64::MAX);
            let (low, high) = (number(r, &index(place, 0), low, wide)?, number(r, &index(place, 1), high, wide)?);
            if low <= high { Some([low, high]) } else { r.unexpected(place, value, expected) }
        }
        _ => r.unexpected(place, value, expected),
    }
}

fn number(r: &mut Reader, place: &str, value: &Json, (low, high): (f64, f64)) -> Option<f64> {
    match value {
        Json::Number(number) => number.as_f64().filter(|number| (low..=high).contains(number)),
        _ => None,
    }
    .or_else(|| {
        let expected = if low == f64::MIN { "a number".to_owned() } else { format!("a number from {low} to {high}") };
        r.unexpected(place, value, &expected)
    })
}

fn read_reasons(r: &mut Reader, value: &Json) -> Option<Reasons> {
    let reasons = r.strict_object("reasons", value, "{options, comment}", keys::REASONS)?;
    let options = optional(reasons.get("options").map(|value| read_choices(r, "reasons.options", value, 1)));
    let comment = r.flag(reasons, "reasons", "comment", false);
    let reasons = Reasons { options: options?.unwrap_or_default(), comment: comment? };
    if reasons == Reasons::default() {
        r.note("reasons", "nothing to ask", "`options` or `comment`");
        return None;
    }
    Some(reasons)
}

fn read_endings(r: &mut Reader, value: &Json, platform: Option<&super::Platform>) -> Option<Endings> {
    let endings = r.strict_object("endings", value, "endings {done, no_consent, screened_out, failed_checks}", keys::ENDINGS)?;
    let mut read = |key: &str| -> Option<Option<End>> {
        optional(endings.get(key).map(|value| ending::read_end(r, &field("endings", key), value, platform)))
    };
    let (done, no_consent, screened_out, failed_checks) =
        (read("done"), read("no_consent"), read("screened_out"), read("failed_checks"));
    Some(Endings { done: done?, no_consent: no_consent?, screened_out: screened_out?, failed_checks: failed_checks? })
}

fn read_origins(r: &mut Reader, value: &Json) -> Option<Vec<String>> {
    let list = r.list("origins", value, "a list of origins")?;
    let read: Vec<_> = list
        .iter()
        .enumerate()
        .filter_map(|(n, value)| crate::study::read_origin(r, &index("origins", n), value).map(str::to_owned))
        .collect();
    (read.len() == list.len()).then_some(read)
}
