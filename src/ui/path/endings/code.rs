use leptos::prelude::*;

use super::copy::{Copied, copyable};
use crate::app::App;

/// An ending that shows a code, which the rater takes to where they came from.
#[component]
pub(super) fn Code(code: String) -> impl IntoView {
    let app = expect_context::<App>();
    let asked = app.say("This is your code. Paste it where you started from.", &[]);
    let words = Copied {
        label: app.say("Your code", &[]),
        copy: app.say("Copy the code", &[]),
        copied: app.say("The code is copied.", &[]),
        refused: app.say("This browser does not let the page copy it. The code is selected: copy it yourself.", &[]),
    };
    view! {
        <div class="way">
            <p>{asked}</p>
            {copyable(code, words, "code", Some("primary"))}
        </div>
    }
}
