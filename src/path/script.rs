use serde_json::{Map, Value};

use crate::session::{Purpose, Script, Step};
use crate::study::Study;

use super::{Arrival, Check, Path, Then, When};

/// Names of pages; those of a list have the id of their entry behind a colon.
pub(super) mod names {
    pub const CONSENT: &str = "consent";
    pub const CHECK: &str = "check";
    pub const INSTRUCTIONS: &str = "instructions";
    pub const DEBRIEF: &str = "debrief";
    pub const QUESTIONS: &str = "questions:";
    pub const FEEDBACK: &str = "feedback:";
    pub const BREAK: &str = "break:";
    pub const CHECKED: &str = "checked:";
}

fn page(name: &str) -> Step {
    Step::Page { page: name.to_owned() }
}

impl Path {
    /// The steps of a rater who came so.
    ///
    /// Consent, the device, questions that screen, instructions and practice come first, then the trials with breaks and checks
    /// of attention, then questions and what raters are told at last.
    pub fn script(&self, study: &Study, arrival: &Arrival) -> Script {
        let mut steps = Vec::new();
        let questions = |when: When| {
            let pages = self.questions.iter().filter(move |questions| questions.when == when);
            pages.map(|questions| page(&format!("{}{}", names::QUESTIONS, questions.id)))
        };
        steps.extend(self.consent.iter().map(|_| page(names::CONSENT)));
        steps.extend(self.check.iter().map(|_| page(names::CHECK)));
        steps.extend(questions(When::Before));
        steps.extend(self.instructions.first().map(|_| page(names::INSTRUCTIONS)));
        for practice in &self.practice {
            let (item, question) = (Some(practice.item.id.clone()), practice.question.clone());
            steps.push(Step::Trial { trial: Purpose::Practice, item, question, of: None });
            if practice.has_feedback() {
                steps.push(page(&format!("{}{}", names::FEEDBACK, practice.item.id)));
            }
        }
        let places = self.places_of_checks(study.trials as u64);
        for n in 1..=study.trials as u64 {
            steps.push(Step::MAIN);
            for (c, check) in self.checks().iter().enumerate().filter(|(c, _)| places.get(*c) == Some(&n)) {
                steps.push(step_of(check));
                if self.attention.as_ref().is_some_and(|attention| attention.then != Then::Record) {
                    steps.push(page(&format!("{}{}", names::CHECKED, c + 1)));
                }
            }
            let is_break = self.breaks.as_ref().is_some_and(|breaks| n.is_multiple_of(breaks.every));
            if is_break && n < study.trials as u64 {
                steps.push(page(&format!("{}{n}", names::BREAK)));
            }
        }
        steps.extend(questions(When::After));
        steps.extend(self.debrief.iter().map(|_| page(names::DEBRIEF)));
        let checked = self.checks().iter().filter_map(|check| check.item().cloned());
        let items = self.practice.iter().map(|practice| practice.item.clone()).chain(checked).collect();
        let mut extra = Map::new();
        if let Some(study) = &arrival.study {
            extra.insert("platform_study".into(), Value::String(study.clone()));
        }
        Script { steps, items, extra }
    }

    pub(super) fn checks(&self) -> &[Check] {
        self.attention.as_ref().map_or(&[], |attention| &attention.checks)
    }

    /// After how many trials each check comes: as the file says, else spread evenly.
    fn places_of_checks(&self, trials: u64) -> Vec<u64> {
        let count = self.checks().len() as u64;
        let even = |n: u64| ((n + 1) * trials).div_ceil(count + 1).clamp(1, trials);
        let place = |(check, n): (&Check, u64)| match (check.at(), check) {
            (Some(at), _) => at.min(trials),
            // Not before what it repeats.
            (None, Check::Repeat { of, .. }) => even(n).max(*of).min(trials),
            (None, _) => even(n),
        };
        self.checks().iter().zip(0..).map(place).collect()
    }
}

fn step_of(check: &Check) -> Step {
    match check {
        Check::Known { item, question, .. } => {
            Step::Trial { trial: Purpose::Attention, item: Some(item.id.clone()), question: question.clone(), of: None }
        }
        Check::Instructed { item, question, .. } => {
            Step::Trial { trial: Purpose::Attention, item: Some(item.id.clone()), question: Some(question.clone()), of: None }
        }
        Check::Repeat { of, .. } => {
            Step::Trial { trial: Purpose::Repeat, item: None, question: None, of: Some((*of as usize).saturating_sub(1)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::StudyFile;
    use super::*;

    fn words(keys: &str) -> Vec<String> {
        let text = format!(
            r#"{{"version":1,"id":"s","trials":4,"models":[{{"id":"a"}},{{"id":"b"}}],
                "items":[{{"id":"i","outputs":{{"a":"a.png","b":"b.png"}}}}]{keys}}}"#
        );
        let file = StudyFile::read(&text).unwrap();
        let script = file.path.script(&file.study, &Arrival::default());
        let word = |step: &Step| match step {
            Step::Page { page } => page.clone(),
            Step::Trial { trial, item, .. } => item.clone().unwrap_or_else(|| trial.word().to_owned()),
        };
        script.steps.iter().map(word).collect()
    }

    #[test]
    fn a_study_that_says_nothing_of_it_is_trials_only() {
        assert_eq!(words(""), ["main"; 4]);
    }

    #[test]
    fn the_steps_come_in_the_order_that_raters_expect() {
        let outputs = r#""outputs":{"good":"g.png","bad":"b.png"}"#;
        let keys = format!(
            r#","consent":"Do you agree?","check":{{"width":300}},"instructions":["one","two"],"debrief":"Thanks","breaks":{{"every":2}},
            "practice":[{{{outputs},"best":"good"}},{{{outputs}}}],
            "attention":{{"then":"end","checks":[{{"type":"known",{outputs},"best":"good"}},{{"type":"repeat","at":4}}]}},
            "questions":[{{"id":"end","questions":[{{"type":"text","id":"q","question":"?"}}]}},
                         {{"id":"screen","when":"before","questions":[{{"type":"text","id":"q","question":"?"}}]}}]"#
        );
        assert_eq!(
            words(&keys),
            [
                "consent",
                "check",
                "questions:screen",
                "instructions",
                "practice-1",
                "feedback:practice-1",
                "practice-2",
                "main",
                "main",
                "attention-1",
                "checked:1",
                "break:2",
                "main",
                "main",
                "repeat",
                "checked:2",
                "questions:end",
                "debrief"
            ]
        );
    }

    #[test]
    fn checks_are_spread_where_the_file_does_not_say() {
        let keys = r#","attention":{"checks":[{"type":"repeat"},{"type":"repeat"},{"type":"repeat"}]}"#;
        assert_eq!(words(keys), ["main", "repeat", "main", "repeat", "main", "repeat", "main"]);
    }
}
