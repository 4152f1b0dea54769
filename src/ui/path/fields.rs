//! The fields of a questionnaire, one for each type of question.

use js_sys::JsString;
use leptos::prelude::*;

use crate::app::App;
use crate::json::Json;
use crate::path::typed::is_grouped;
use crate::path::{Choice, Objection, Question, QuestionKind};

/// A question on screen.
#[derive(Clone)]
pub(super) struct Asked {
    pub question: Question,
    /// What ties its parts together, by its number on the page.
    name: String,
    /// What its field holds: the values of what is chosen, or the one text that is typed.
    given: RwSignal<Vec<String>>,
    /// What is wrong with it, empty where nothing is; nothing before it was judged.
    problem: RwSignal<Option<String>>,
}

impl Asked {
    /// Question `n` of a page, with what was answered before.
    pub fn new(n: usize, question: Question, before: Option<&Json>) -> Self {
        let given = RwSignal::new(before.map(QuestionKind::given).unwrap_or_default());
        Asked { question, name: format!("question-{n}"), given, problem: RwSignal::new(None) }
    }

    /// The answer, if there is one.
    pub fn answer(&self) -> Option<Json> {
        self.question.kind.answer(&self.typed())
    }

    /// Says what is wrong with the answer, or that nothing is.
    pub fn judge(&self, app: &App, found: Option<&Objection>) {
        let problem = found.map(|found| match &self.question.kind {
            // What judges the answer does not know how it was typed.
            QuestionKind::Number { whole, .. } if self.typed().first().is_some_and(|typed| is_grouped(typed, *whole)) => {
                app.say("Please enter the number without marks between thousands.", &[])
            }
            _ => app.say(found.message, &[&found.part]),
        });
        self.problem.set(Some(problem.unwrap_or_default()));
    }

    /// What selects its field, the first one where there are several.
    pub fn selector(&self) -> String {
        format!(r##"[name="{0}"], #{0}"##, self.name)
    }

    /// What its field holds, numbers in the plain form of their characters.
    fn typed(&self) -> Vec<String> {
        let given = self.given.get_untracked();
        match self.question.kind {
            QuestionKind::Number { .. } => {
                given.iter().map(|text| JsString::from(text.as_str()).normalize("NFKC").into()).collect()
            }
            _ => given,
        }
    }

    fn problem_id(&self) -> String {
        format!("{}-problem", self.name)
    }

    fn is_invalid(&self) -> Memo<Option<String>> {
        let problem = self.problem;
        Memo::new(move |_| problem.with(|problem| problem.as_ref().map(|problem| (!problem.is_empty()).to_string())))
    }

    fn take(&self, text: String) {
        self.given.set(vec![text]);
    }

    fn first(&self) -> String {
        self.given.with_untracked(|given| given.first().cloned().unwrap_or_default())
    }
}

#[component]
pub(super) fn Field(asked: Asked) -> impl IntoView {
    match asked.question.kind.clone() {
        QuestionKind::Choice { options, many, .. } => view! { <ChoiceField asked options many /> }.into_any(),
        QuestionKind::Likert { points, labels } => view! { <Likert asked points labels /> }.into_any(),
        QuestionKind::Number { min, max, whole, .. } => view! { <NumberField asked min max whole /> }.into_any(),
        QuestionKind::Text { long, most } => view! { <TextField asked long most /> }.into_any(),
    }
}

#[component]
fn ChoiceField(asked: Asked, options: Vec<Choice>, many: bool) -> impl IntoView {
    let (kind, role) = if many { ("checkbox", "group") } else { ("radio", "radiogroup") };
    let option = |Choice { value, label }: Choice| {
        let is_chosen = asked.given.with_untracked(|given| given.contains(&value));
        let (given, chosen) = (asked.given, value.clone());
        let choose = move |event| {
            given.update(|given| {
                given.retain(|value| many && *value != chosen);
                if event_target_checked(&event) {
                    given.push(chosen.clone());
                }
            });
        };
        view! {
            <label class="choice">
                <input type=kind name=asked.name.clone() value=value prop:checked=is_chosen on:input=choose />
                <span dir="auto">{label}</span>
            </label>
        }
        .into_any()
    };
    let options = options.into_iter().map(option).collect();
    group(&asked, role, options)
}

#[component]
fn Likert(asked: Asked, points: u64, labels: Vec<String>) -> impl IntoView {
    let mut labels = labels.into_iter();
    let (low, high) = (labels.next(), labels.next());
    let before = asked.first();
    let point = |n: u64| {
        let end = if n == 1 {
            &low
        } else if n == points {
            &high
        } else {
            &None
        };
        let name = end.as_ref().filter(|end| !end.is_empty()).map_or_else(|| n.to_string(), |end| format!("{n}, {end}"));
        let (asked, is_chosen) = (asked.clone(), before == n.to_string());
        view! {
            <label class="chip">
                <input
                    type="radio"
                    name=asked.name.clone()
                    value=n.to_string()
                    aria-label=name
                    prop:checked=is_chosen
                    on:input=move |_| asked.take(n.to_string())
                />
                <span aria-hidden="true">{n.to_string()}</span>
            </label>
        }
        .into_any()
    };
    let chips: Vec<AnyView> = (1..=points).map(point).collect();
    // Each radio at an end has its words in its name.
    let scale = view! {
        <div class="scale">
            <div class="chips">{chips}</div>
            <div class="ends muted" aria-hidden="true">
                <span dir="auto">{low}</span>
                <span dir="auto">{high}</span>
            </div>
        </div>
    };
    group(&asked, "radiogroup", vec![scale.into_any()])
}

#[component]
fn NumberField(asked: Asked, min: Option<f64>, max: Option<f64>, whole: bool) -> impl IntoView {
    let app = expect_context::<App>();
    let least = min.map(|min| app.say_numbers("at least {0}", &[min]));
    let most = max.map(|max| app.say_numbers("at most {0}", &[max]));
    let range = least.into_iter().chain(most).collect::<Vec<_>>().join(", ");
    let typed = asked.clone();
    let input = view! {
        <input
            id=asked.name.clone()
            inputmode=if whole { "numeric" } else { "decimal" }
            autocomplete="off"
            dir="ltr"
            prop:value=asked.first()
            aria-describedby=asked.problem_id()
            aria-invalid=asked.is_invalid()
            on:input=move |event| typed.take(event_target_value(&event))
        />
    };
    line(&asked, range, input.into_any())
}

#[component]
fn TextField(asked: Asked, long: bool, most: u64) -> impl IntoView {
    let (typed, most) = (asked.clone(), most.to_string());
    let write = move |event| typed.take(event_target_value(&event));
    let (id, described, invalid) = (asked.name.clone(), asked.problem_id(), asked.is_invalid());
    let input = if long {
        view! {
            <textarea
                id=id
                dir="auto"
                rows="4"
                maxlength=most
                prop:value=asked.first()
                aria-describedby=described
                aria-invalid=invalid
                on:input=write
            ></textarea>
        }
        .into_any()
    } else {
        view! {
            <input
                id=id
                dir="auto"
                maxlength=most
                prop:value=asked.first()
                aria-describedby=described
                aria-invalid=invalid
                on:input=write
            />
        }
        .into_any()
    };
    line(&asked, String::new(), input)
}

/// Inputs that are answered as one.
fn group(asked: &Asked, role: &'static str, content: Vec<AnyView>) -> AnyView {
    view! {
        <fieldset class="field" role=role aria-describedby=asked.problem_id() aria-invalid=asked.is_invalid()>
            <legend>{label(asked)}</legend>
            {content}
            {problem(asked)}
        </fieldset>
    }
    .into_any()
}

fn line(asked: &Asked, hint: String, input: AnyView) -> AnyView {
    view! {
        <div class="field">
            <label for=asked.name.clone()>
                {label(asked)}
                {(!hint.is_empty()).then(|| view! { <span class="muted">{hint}</span> }.into_any())}
            </label>
            {input}
            {problem(asked)}
        </div>
    }
    .into_any()
}

fn label(asked: &Asked) -> AnyView {
    let app = expect_context::<App>();
    let optional = (!asked.question.required).then(|| {
        let optional = app.say("(optional)", &[]);
        view! { " " <span class="muted">{optional}</span> }.into_any()
    });
    view! { <span dir="auto">{asked.question.question.clone()}</span> {optional} }.into_any()
}

fn problem(asked: &Asked) -> AnyView {
    let problem = asked.problem;
    let told = Memo::new(move |_| problem.get().unwrap_or_default());
    let is_fine = Memo::new(move |_| told.with(String::is_empty));
    view! { <p class="problem" id=asked.problem_id() dir="auto" hidden=is_fine>{told}</p> }.into_any()
}
