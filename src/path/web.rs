//! Plain JSON in and out.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{Arrival, StudyFile};
use crate::json::{Json, Problems, parse};
use crate::session::{Ending, Identity, Script};
use crate::study::Languages;
use crate::vote::Vote;

/// What the widget is told of the path before it begins.
#[derive(Serialize)]
struct Plan<'p> {
    #[serde(flatten)]
    arrival: &'p Arrival,
    script: Script,
    /// Whether nothing may be stored before the rater agrees.
    consent: bool,
    /// Whether raters are asked why.
    reasons: bool,
}

/// The path of a rater, of a study file and the address of the page.
#[wasm_bindgen]
pub struct Path {
    file: StudyFile,
    arrival: Arrival,
    parameters: Vec<(String, String)>,
}

#[wasm_bindgen]
impl Path {
    /// Reads the path from the text of a study file, in the languages of a rater: what the page asks for, and a JSON list of what
    /// the browser does. `parameters` are those of the page's address, `[[name, value]]`. A rater or session that the page names
    /// goes before what the address says.
    ///
    /// # Errors
    /// `{"problems": [{place, found, expected}]}` of the file, or `{"refusal": {parameter, odd, platform}}` of the address.
    #[wasm_bindgen(constructor)]
    pub fn new(
        text: &str,
        asked: Option<String>,
        browser: &str,
        parameters: &str,
        rater: Option<String>,
        session: Option<String>,
    ) -> Result<Self, JsError> {
        let languages = Languages { asked, browser: texts(&parse(browser)?) };
        let file = StudyFile::read_in(text, &languages).map_err(|Problems(problems)| told("problems", &json(&problems)))?;
        let parameters: Vec<(String, String)> = match parse(parameters)? {
            Json::Array(pairs) => pairs
                .iter()
                .filter_map(|pair| texts(pair).try_into().ok().map(|[key, value]: [String; 2]| (key, value)))
                .collect(),
            _ => Vec::new(),
        };
        let mut arrival = match file.path.platform.as_ref().map(|platform| platform.arrival(&parameters)) {
            Some(Ok(arrival)) => arrival,
            Some(Err(refusal)) if rater.is_none() => return Err(told("refusal", &json(&refusal))),
            Some(Err(_)) | None => Arrival::default(),
        };
        arrival.rater = rater.or(arrival.rater);
        arrival.session = session.or(arrival.session);
        Ok(Path { file, arrival, parameters })
    }

    /// `{rater, session, preview, script, consent, reasons}`
    pub fn plan(&self) -> String {
        let path = &self.file.path;
        json(&Plan {
            arrival: &self.arrival,
            script: path.script(&self.file.study, &self.arrival),
            consent: path.consent.is_some(),
            reasons: path.reasons.is_some(),
        })
    }

    /// The page of a name, after these records (a JSON list).
    pub fn page(&self, name: &str, votes: &str) -> String {
        json(&self.file.path.page(name, &self.file.study, &records(votes)))
    }

    /// What a questionnaire page's answers come to: `{problems: [{question, message, part}], answers, end}`
    pub fn answer(&self, name: &str, answers: &str) -> String {
        let page = self.file.path.questions.iter().find(|page| name.strip_prefix("questions:") == Some(page.id.as_str()));
        let given = parse(answers).unwrap_or(Json::Null);
        json(&page.map(|page| page.answered(&given)).unwrap_or_default())
    }

    /// `{options: [{value, label}], comment}`, or nothing where raters are not asked why.
    pub fn why(&self) -> Option<String> {
        self.file.path.reasons.as_ref().map(json)
    }

    /// What is to be done after a session that ended so.
    pub fn ending(&self, ending: &str, rater: String, session: String, votes: usize) -> String {
        let ending = Ending::from_word(ending).unwrap_or_default();
        let who = Identity { rater, session };
        json(&self.file.path.go(ending, &who, &self.arrival, &self.parameters, votes))
    }
}

fn told(key: &str, value: &str) -> JsError {
    JsError::new(&format!(r#"{{"{key}":{value}}}"#))
}

fn texts(json: &Json) -> Vec<String> {
    let Json::Array(list) = json else { return Vec::new() };
    list.iter().filter_map(|entry| if let Json::String(text) = entry { Some(text.clone()) } else { None }).collect()
}

fn records(text: &str) -> Vec<Vote> {
    match parse(text) {
        Ok(Json::Array(list)) => list.iter().filter_map(|json| Vote::from_json(json).ok()).collect(),
        _ => Vec::new(),
    }
}

fn json(value: &impl Serialize) -> String {
    // Plain data can always be written.
    serde_json::to_string(value).unwrap_or_default()
}
