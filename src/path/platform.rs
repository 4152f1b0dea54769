use serde::Serialize;

use crate::json::{Fields, Json, Reader, field};

/// Which parameters of the page's address name the rater, the session and the platform's study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Platform {
    /// As a crowd platform names them.
    Preset(Preset),
    /// By names of one's own.
    Mapping {
        /// The parameter with the rater's id.
        #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
        rater: String,
        /// The parameter with the session's id.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
        session: Option<String>,
        /// The parameter with the id that the platform has for the study.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "cli", schemars(length(min = 1, max = 200)))]
        study: Option<String>,
    },
}

/// A crowd platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Preset {
    /// Prolific: `PROLIFIC_PID`, `SESSION_ID`, `STUDY_ID`.
    Prolific,
    /// CloudResearch Connect: `participantId`, `assignmentId`, `projectId`.
    Connect,
    /// SONA: `id`, its survey code.
    Sona,
    /// Amazon Mechanical Turk: `workerId`, `assignmentId`, `hitId`.
    Mturk,
}

impl Preset {
    /// Every platform with its word in files.
    pub const WORDS: [(&'static str, Preset); 4] =
        [("prolific", Preset::Prolific), ("connect", Preset::Connect), ("sona", Preset::Sona), ("mturk", Preset::Mturk)];

    /// The parameters that name rater, session and study, and what people call the platform.
    fn names(self) -> ([Option<&'static str>; 3], &'static str) {
        match self {
            Preset::Prolific => ([Some("PROLIFIC_PID"), Some("SESSION_ID"), Some("STUDY_ID")], "Prolific"),
            Preset::Connect => ([Some("participantId"), Some("assignmentId"), Some("projectId")], "Connect"),
            Preset::Sona => ([Some("id"), None, None], "SONA"),
            Preset::Mturk => ([Some("workerId"), Some("assignmentId"), Some("hitId")], "Mechanical Turk"),
        }
    }
}

/// Who came, by the address of the page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Arrival {
    /// The rater's id, where the address or the page names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rater: Option<String>,
    /// The session's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The id that the platform has for the study.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub study: Option<String>,
    /// Whether somebody only looks, so that nothing is to be recorded.
    pub preview: bool,
}

/// Why nobody can answer at this address: a parameter, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The parameter.
    pub parameter: String,
    /// Whether it is there, and odd.
    pub odd: bool,
    /// What people call the platform that the link should come from, where that is known.
    pub platform: Option<&'static str>,
}

/// What Mechanical Turk gives for an assignment to those who have not accepted it.
const PREVIEW: &str = "ASSIGNMENT_ID_NOT_AVAILABLE";

impl Platform {
    /// Finds who came in the parameters of the page's address, names with values.
    ///
    /// # Errors
    /// A parameter that is missing, or whose value can be no id: a placeholder that nobody filled in, or two values.
    pub fn arrival(&self, parameters: &[(String, String)]) -> Result<Arrival, Refusal> {
        let ([rater, session, study], platform) = match self {
            Platform::Preset(preset) => {
                let (names, called) = preset.names();
                (names, Some(called))
            }
            Platform::Mapping { rater, session, study } => ([Some(rater.as_str()), session.as_deref(), study.as_deref()], None),
        };
        let find = |name: Option<&str>| -> Result<Option<String>, Refusal> {
            let Some(name) = name else { return Ok(None) };
            let values: Vec<&String> = parameters.iter().filter(|(key, _)| key == name).map(|(_, value)| value).collect();
            let refusal = |odd| Err(Refusal { parameter: name.to_owned(), odd, platform });
            match values.as_slice() {
                [] => refusal(false),
                [value, others @ ..] if others.iter().all(|other| other == value) && is_id(value) => Ok(Some((*value).clone())),
                _ => refusal(true),
            }
        };
        if *self == Platform::Preset(Preset::Mturk) {
            let assignment = find(session)?;
            if assignment.as_deref() == Some(PREVIEW) {
                return Ok(Arrival { preview: true, ..Arrival::default() });
            }
        }
        // The platform's study is a note only; a link without it is as good.
        let study = find(study).unwrap_or_default();
        Ok(Arrival { rater: find(rater)?, session: find(session)?, study, preview: false })
    }
}

/// Whether a value can name somebody: it is no placeholder, such as `{{%PROLIFIC_PID%}}` or `${e://Field/id}`.
fn is_id(value: &str) -> bool {
    let mut reader = Reader::default();
    let is_placeholder = value.contains(['{', '}', '%', '<', '>', '$']);
    !is_placeholder && reader.id("", &Json::String(value.to_owned()), "").is_some()
}

pub(super) fn read_platform(r: &mut Reader, value: &Json) -> Option<Platform> {
    if let Json::String(_) = value {
        return r.choice("platform", value, &Preset::WORDS).map(Platform::Preset);
    }
    let expected = "`prolific`, `connect`, `sona`, `mturk`, or the names of parameters {rater, session, study}";
    let mapping = r.strict_object("platform", value, expected, &["rater", "session", "study"])?;
    let rater = r.required("platform", mapping, "rater", "the name of the parameter with the rater's id")?;
    let mut names = Fields::new();
    for (key, value) in [("rater", Some(rater)), ("session", mapping.get("session")), ("study", mapping.get("study"))] {
        if let Some(value) = value {
            names.push(key.to_owned(), r.id(&field("platform", key), value, "the name of a parameter")?.to_owned());
        }
    }
    let name = |key: &str| names.get(key).cloned();
    Some(Platform::Mapping { rater: name("rater")?, session: name("session"), study: name("study") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn ids(arrival: &Arrival) -> [Option<&str>; 3] {
        [arrival.rater.as_deref(), arrival.session.as_deref(), arrival.study.as_deref()]
    }

    #[test]
    fn each_platform_names_rater_session_and_study_in_its_own_way() {
        for (preset, query) in [
            (Preset::Prolific, [("PROLIFIC_PID", "p"), ("SESSION_ID", "s"), ("STUDY_ID", "t")]),
            (Preset::Connect, [("participantId", "p"), ("assignmentId", "s"), ("projectId", "t")]),
            (Preset::Mturk, [("workerId", "p"), ("assignmentId", "s"), ("hitId", "t")]),
        ] {
            let arrival = Platform::Preset(preset).arrival(&parameters(&query)).unwrap();
            assert_eq!((ids(&arrival), arrival.preview), ([Some("p"), Some("s"), Some("t")], false));
        }
        let arrival = Platform::Preset(Preset::Sona).arrival(&parameters(&[("id", "17")])).unwrap();
        assert_eq!(ids(&arrival), [Some("17"), None, None]);
        let own = Platform::Mapping { rater: "who".into(), session: None, study: None };
        assert_eq!(ids(&own.arrival(&parameters(&[("who", "r1"), ("x", "y")])).unwrap()), [Some("r1"), None, None]);
    }

    #[test]
    fn a_link_that_lacks_an_id_or_has_a_placeholder_is_refused_by_name() {
        let prolific = Platform::Preset(Preset::Prolific);
        for (query, parameter, odd) in [
            (vec![], "PROLIFIC_PID", false),
            (vec![("PROLIFIC_PID", "p")], "SESSION_ID", false),
            (vec![("PROLIFIC_PID", "{{%PROLIFIC_PID%}}"), ("SESSION_ID", "s")], "PROLIFIC_PID", true),
            (vec![("PROLIFIC_PID", ""), ("SESSION_ID", "s")], "PROLIFIC_PID", true),
            (vec![("PROLIFIC_PID", "a"), ("PROLIFIC_PID", "b"), ("SESSION_ID", "s")], "PROLIFIC_PID", true),
        ] {
            let refusal = prolific.arrival(&parameters(&query)).unwrap_err();
            assert_eq!((refusal.parameter.as_str(), refusal.odd, refusal.platform), (parameter, odd, Some("Prolific")));
        }
    }

    #[test]
    fn who_has_not_accepted_an_assignment_only_looks() {
        let mturk = Platform::Preset(Preset::Mturk);
        let arrival = mturk.arrival(&parameters(&[("assignmentId", PREVIEW)])).unwrap();
        assert_eq!((ids(&arrival), arrival.preview), ([None, None, None], true));
    }
}
