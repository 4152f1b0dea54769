use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::Visit;
use super::drafts::Draft;
use super::fields::{Asked, Field};
use super::step::{button, row, step, words};
use crate::json::Json;
use crate::path::QuestionPage;

/// A page of a questionnaire.
#[component]
pub(super) fn Questions(visit: Visit, page: QuestionPage) -> impl IntoView {
    let draft = Draft::of(&visit);
    let before = draft.read();
    let ask = |(n, question): (usize, &crate::path::Question)| {
        let answer = before.iter().find(|(id, _)| *id == question.id).map(|(_, answer)| answer);
        Asked::new(n, question.clone(), answer)
    };
    let asked: Vec<Asked> = page.questions.iter().enumerate().map(ask).collect();
    let answers = {
        let asked = asked.clone();
        move || {
            let answers = asked.iter().filter_map(|asked| Some((asked.question.id.clone(), asked.answer()?)));
            Json::Object(answers.collect())
        }
    };
    let heading = page.title.clone().unwrap_or_else(|| visit.say("A few questions", &[]));
    let text = words(page.text.as_deref());
    let next = visit.say("Go on", &[]);
    let fields: Vec<AnyView> = asked.iter().cloned().map(|asked| view! { <Field asked /> }.into_any()).collect();
    let form = NodeRef::<Div>::new();
    let typed = {
        let (draft, answers) = (draft.clone(), answers.clone());
        move |_| draft.write(answers())
    };
    let hand_in = move |_| {
        let answered = page.answered(&answers());
        for asked in &asked {
            asked.judge(&visit.app, answered.problems.iter().find(|problem| problem.question == asked.question.id));
        }
        let is_wrong = |asked: &&Asked| answered.problems.iter().any(|problem| problem.question == asked.question.id);
        if let Some(first) = asked.iter().find(is_wrong) {
            let field = form.get_untracked().and_then(|form| form.query_selector(&first.selector()).ok()?);
            if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
                _ = field.focus();
            }
            return;
        }
        draft.drop();
        visit.done(Some(answered.answers), answered.end);
    };
    let content = view! {
        {text}
        <div class="fields" node_ref=form on:input=typed>{fields}</div>
        {row(vec![button(next, Some("primary"), hand_in)])}
    };
    step(heading, content.into_any())
}
