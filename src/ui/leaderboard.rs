use std::time::Duration;

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::option::true_or_false;
use super::words::fixed;
use crate::app::App;
use crate::ranking::Standing;

/// Models by K-Sort's score, with a plot of each mean and its 95% interval, until it is known how sure the ranks are.
#[component]
pub(super) fn LeaderboardPage(close: Callback<()>) -> impl IntoView {
    let app = expect_context::<App>();
    let Some(study) = app.study() else { return ().into_any() };
    let criterion = RwSignal::new(study.criteria.first().map(|criterion| criterion.id.clone()).unwrap_or_default());
    let tabs = (study.criteria.len() > 1).then(|| {
        let tab = |id: String| {
            let (own, chosen) = (id.clone(), id.clone());
            let pressed = Memo::new(move |_| true_or_false(criterion.get() == own));
            view! {
                <button type="button" class="quiet" aria-pressed=pressed on:click=move |_| criterion.set(chosen.clone())>{id}</button>
            }
            .into_any()
        };
        view! { <div class="row">{study.criteria.iter().map(|criterion| tab(criterion.id.clone())).collect::<Vec<_>>()}</div> }
    });
    let given = app.watch(|session| session.votes().len() as f64);
    // What there is to tell of how sure the ranks are: not known yet, nothing as it is shown, or why it is not.
    let told = RwSignal::new(None::<String>);
    let place = NodeRef::<Div>::new();
    let asking = app.clone();
    Effect::new(move |asked: Option<String>| {
        let criterion = criterion.get();
        given.track();
        if asked.as_ref() != Some(&criterion) {
            told.set(None);
        }
        if let Some(place) = place.get() {
            let (app, criterion) = (asking.clone(), criterion.clone());
            spawn_local(async move {
                if let Some(answer) = app.show_ranks(place.into(), &criterion).await {
                    // The page may be gone by now.
                    _ = told.try_set(Some(answer));
                }
            });
        }
        criterion
    });
    let table = move || {
        given.track();
        let criterion = criterion.get();
        let rows = (told.get().as_deref() != Some("")).then(|| app.peek(|session| session.standings(Some(&criterion))).flatten());
        rows.flatten().map(|rows| view! { <Table rows /> }.into_any())
    };
    let state = move || told.get().unwrap_or_else(|| "Computing how sure the ranks are".into());
    view! {
        <div class="page leaderboard" part="leaderboard">
            <h2>"Leaderboard"</h2>
            <p class="muted">"From this session's answers."</p>
            {tabs}
            {table}
            <div class="ranks" node_ref=place></div>
            <p class="muted" role="status">{state}</p>
            <div class="row"><button type="button" on:click=move |_| close.run(())>"Back"</button></div>
        </div>
    }
    .into_any()
}

/// Rows that are made at once: the page should not stall for the others.
const SLICE: usize = 20;

/// Lets slices be shown one after another.
fn reveal(shown: RwSignal<usize>, slices: usize) {
    let next = move || {
        // The page may be gone by now.
        if shown.try_update(|shown| *shown += 1).is_some() {
            reveal(shown, slices);
        }
    };
    if shown.get_untracked() < slices {
        set_timeout(next, Duration::ZERO);
    }
}

#[component]
fn Table(rows: Vec<Standing>) -> impl IntoView {
    let low = rows.iter().map(|row| row.lo).fold(f64::INFINITY, f64::min);
    let high = rows.iter().map(|row| row.hi).fold(f64::NEG_INFINITY, f64::max);
    let place = move |value: f64| if high > low { (value - low) / (high - low) * 100.0 } else { 50.0 };
    let line = move |row: Standing| {
        let interval = format!("{}, 95% interval {} to {}", fixed(row.mu, 1), fixed(row.lo, 1), fixed(row.hi, 1));
        view! {
            <tr>
                <td class="number">{row.rank}</td>
                <th scope="row" dir="auto">{row.name}</th>
                <td class="number">{fixed(row.score, 2)}</td>
                <td class="number">{fixed(row.mu, 2)}</td>
                <td class="number">{fixed(row.sigma, 2)}</td>
                <td class="number">{row.votes}</td>
                <td class="plot">
                    <div class="interval" role="img" aria-label=interval>
                        <span class="bar" style:left=percent(place(row.lo)) style:width=percent(place(row.hi) - place(row.lo))></span>
                        <span class="dot" style:left=percent(place(row.mu))></span>
                    </div>
                </td>
            </tr>
        }
        .into_any()
    };
    let shown = RwSignal::new(1);
    reveal(shown, rows.len().div_ceil(SLICE));
    let slice = |(n, rows): (usize, &[Standing])| {
        let (due, rows) = (Memo::new(move |_| shown.get() > n), rows.to_vec());
        let body =
            move || due.get().then(|| view! { <tbody>{rows.iter().cloned().map(line).collect::<Vec<_>>()}</tbody> }.into_any());
        view! { {body} }.into_any()
    };
    let slices = rows.chunks(SLICE).enumerate().map(slice).collect::<Vec<_>>();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Leaderboard table">
            <table>
                <thead>
                    <tr>
                        <th scope="col" class="number">"Rank"</th>
                        <th scope="col">"Model"</th>
                        <th scope="col" class="number">"Score"</th>
                        <th scope="col" class="number">"Mean μ"</th>
                        <th scope="col" class="number">"Deviation σ"</th>
                        <th scope="col" class="number">"Votes"</th>
                        <th scope="col" class="plot">
                            <span>"μ with 95% interval"</span>
                            <span class="axis" aria-hidden="true"><span>{fixed(low, 0)}</span><span>{fixed(high, 0)}</span></span>
                        </th>
                    </tr>
                </thead>
                {slices}
            </table>
        </div>
    }
}

/// A length for a style sheet.
fn percent(share: f64) -> String {
    fixed(share, 2) + "%"
}
