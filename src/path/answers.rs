use serde::Serialize;
use serde_json::{Map, Value};

use crate::json::Json;
use crate::session::Ending;

use super::{Question, QuestionKind, QuestionPage};

/// An answer that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Objection {
    /// Id of the question.
    pub question: String,
    /// What is wrong, as a key of the widget's words; `{0}` stands for `part`.
    pub message: &'static str,
    /// What is filled in.
    pub part: String,
}

/// What a page's answers come to.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Answered {
    /// What is wrong with them.
    pub problems: Vec<Objection>,
    /// The answers to be recorded, question to answer.
    pub answers: Map<String, Value>,
    /// How the session ends by them, if it does.
    pub end: Option<Ending>,
}

impl QuestionPage {
    /// Checks what was answered, and keeps what this page asks.
    pub fn answered(&self, given: &Json) -> Answered {
        let mut answered = Answered::default();
        let Json::Object(given) = given else { return self.answered(&Json::Object(Vec::new())) };
        for question in &self.questions {
            let value = given.iter().find(|(id, _)| *id == question.id).map(|(_, value)| value);
            match question.check(value.filter(|value| !is_empty(value))) {
                Ok(None) => {}
                Ok(Some((value, accepted))) => {
                    if !accepted {
                        answered.end = Some(Ending::ScreenedOut);
                    }
                    answered.answers.insert(question.id.clone(), value);
                }
                Err((message, part)) => answered.problems.push(Objection { question: question.id.clone(), message, part }),
            }
        }
        answered
    }
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// An answer, and whether it lets the rater go on; nothing where there is none.
type Checked = Result<Option<(Value, bool)>, (&'static str, String)>;

impl Question {
    fn check(&self, value: Option<&Json>) -> Checked {
        let Some(value) = value else {
            return if self.required { Err(("Please answer this question.", String::new())) } else { Ok(None) };
        };
        let odd = || Err(("This answer cannot be read.", String::new()));
        match (&self.kind, value) {
            (QuestionKind::Choice { options, many: false, accept }, Json::String(text)) => {
                if !options.iter().any(|option| option.value == *text) {
                    return odd();
                }
                Ok(Some((Value::String(text.clone()), accept.is_empty() || accept.contains(text))))
            }
            (QuestionKind::Choice { options, many: true, accept }, Json::Array(list)) => {
                let mut chosen = Vec::new();
                for entry in list {
                    match entry {
                        Json::String(text) if options.iter().any(|option| option.value == *text) && !chosen.contains(text) => {
                            chosen.push(text.clone())
                        }
                        _ => return odd(),
                    }
                }
                let accepted = accept.is_empty() || chosen.iter().any(|text| accept.contains(text));
                Ok(Some((chosen.into(), accepted)))
            }
            (QuestionKind::Likert { points, .. }, Json::Number(number)) => match number.as_u64() {
                Some(point) if (1..=*points).contains(&point) => Ok(Some((point.into(), true))),
                _ => odd(),
            },
            (QuestionKind::Number { min, max, whole, accept }, Json::Number(number)) => {
                let Some(x) = number.as_f64() else { return odd() };
                match (min, max) {
                    _ if *whole && x.fract() != 0.0 => Err(("Please enter a whole number.", String::new())),
                    (Some(min), _) if x < *min => Err(("Please enter a number of at least {0}.", min.to_string())),
                    (_, Some(max)) if x > *max => Err(("Please enter a number of at most {0}.", max.to_string())),
                    _ => Ok(Some((Value::Number(number.clone()), accept.is_none_or(|[low, high]| (low..=high).contains(&x))))),
                }
            }
            (QuestionKind::Text { most, .. }, Json::String(text)) => {
                if text.chars().count() as u64 > *most {
                    return Err(("Please write at most {0} characters.", most.to_string()));
                }
                Ok(Some((Value::String(text.clone()), true)))
            }
            (QuestionKind::Number { .. }, _) => Err(("Please enter a number.", String::new())),
            _ => odd(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::StudyFile;
    use super::*;
    use crate::json::parse;

    fn page() -> QuestionPage {
        let text = r#"{"version":1,"id":"s","models":[{"id":"a"},{"id":"b"}],"items":[{"id":"i","outputs":{"a":"a.png","b":"b.png"}}],
            "questions":[{"id":"you","questions":[
                {"type":"choice","id":"eyes","question":"Eyes?","options":["good",{"value":"bad","label":"Not so good"}],"accept":["good"]},
                {"type":"choice","id":"tools","question":"Tools?","many":true,"required":false,"options":["x","y","z"]},
                {"type":"likert","id":"ease","question":"Easy?","required":false},
                {"type":"number","id":"age","question":"Age?","whole":true,"min":0,"max":120,"accept":[18,99]},
                {"type":"text","id":"more","question":"More?","required":false,"most":5}]}]}"#;
        StudyFile::read(text).unwrap().path.questions.remove(0)
    }

    fn answered(given: &str) -> Answered {
        page().answered(&parse(given).unwrap())
    }

    #[test]
    fn sound_answers_are_kept_and_nothing_else() {
        let given = r#"{"eyes":"good","tools":["x","z"],"ease":5,"age":30,"more":"","other":1}"#;
        let found = answered(given);
        assert_eq!((found.problems, found.end), (vec![], None));
        assert_eq!(Value::Object(found.answers), serde_json::json!({"eyes":"good","tools":["x","z"],"ease":5,"age":30}));
    }

    #[test]
    fn answers_that_the_study_does_not_look_for_end_the_session() {
        assert_eq!(answered(r#"{"eyes":"bad","age":30}"#).end, Some(Ending::ScreenedOut));
        assert_eq!(answered(r#"{"eyes":"good","age":17}"#).end, Some(Ending::ScreenedOut));
        assert_eq!(answered(r#"{"eyes":"good","age":18}"#).end, None);
    }

    #[test]
    fn what_cannot_be_taken_is_told_at_its_question() {
        let messages = |given: &str| -> Vec<(String, &str, String)> {
            answered(given).problems.into_iter().map(|problem| (problem.question, problem.message, problem.part)).collect()
        };
        let at = |question: &str, message, part: &str| (question.to_owned(), message, part.to_owned());
        let none = "Please answer this question.";
        assert_eq!(messages("[]"), [at("eyes", none, ""), at("age", none, "")]);
        assert_eq!(
            messages(r#"{"eyes":"green","tools":["x","x"],"ease":6,"age":1.5,"more":"123456"}"#),
            [
                at("eyes", "This answer cannot be read.", ""),
                at("tools", "This answer cannot be read.", ""),
                at("ease", "This answer cannot be read.", ""),
                at("age", "Please enter a whole number.", ""),
                at("more", "Please write at most {0} characters.", "5"),
            ]
        );
        assert_eq!(messages(r#"{"eyes":"good","age":121}"#), [at("age", "Please enter a number of at most {0}.", "120")]);
        assert_eq!(messages(r#"{"eyes":"good","age":"old"}"#), [at("age", "Please enter a number.", "")]);
    }
}
