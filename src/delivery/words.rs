//! What is said of delivery, in the rater's language.

use super::status::Status;
use crate::browser::{Words, now_ms};

/// How delivery stands, in a few words.
pub fn short(t: &Words, status: &Status) -> String {
    let Status { waiting, held, .. } = *status;
    let aside = status.aside.len();
    let waits = || t.say_numbers("1 answer waiting|{0} answers waiting", &[waiting as f64]);
    if waiting > 0 && aside > 0 {
        return t.say("{0}, {1}", &[&waits(), &t.say_numbers("1 not delivered|{0} not delivered", &[aside as f64])]);
    }
    if let Some(next) = status.next_try() {
        let seconds = next.saturating_sub(now_ms()).div_ceil(1_000).to_string();
        return t.say("{0}, {1}", &[&waits(), &t.say("next try in {0} s", &[&seconds])]);
    }
    match (waiting, aside, held) {
        (1.., _, _) => t.say_numbers("Delivering 1 answer|Delivering {0} answers", &[waiting as f64]),
        (_, 1.., _) => t.say_numbers("1 answer not delivered|{0} answers not delivered", &[aside as f64]),
        _ if status.unknown => t.say("Not known whether all have arrived", &[]),
        (_, _, 1..) => t.say_numbers("1 answer for the file at the end|{0} answers for the file at the end", &[held as f64]),
        _ => t.say("All answers delivered", &[]),
    }
}

/// What the rater should do once all trials are done.
pub fn at_end(t: &Words, status: &Status) -> String {
    let say = |text: &str| t.say(text, &[]);
    if !status.aside.is_empty() {
        say("Some were not accepted. Please download them and send them to the people who run the study.")
    } else if status.waiting > 0 {
        let then = if status.lasting {
            say(
                "Please keep this page open, or download your answers. If you have to leave, come back to it later: they are kept in this browser.",
            )
        } else {
            say("Please keep this page open, or download your answers. Do not close it before: they are only on this page.")
        };
        t.say("{0} {1}", &[&t.say_numbers("One is still on the way.|{0} are still on the way.", &[status.waiting as f64]), &then])
    } else if status.unknown {
        say(
            "This browser does not tell whether all have arrived. Please download them, and send them to the people who run the study.",
        )
    } else if status.held > 0 || status.files {
        say("Your answers are in a file that this page gives you. Please pass it on to the people who run the study.")
    } else {
        say("All of them have arrived. You can close this page.")
    }
}

/// Where answers are that did not arrive.
pub fn kept(t: &Words, status: &Status) -> String {
    if status.lasting {
        t.say("Your answers are kept in this browser.", &[])
    } else {
        t.say("Your answers are on this page only: do not close it yet.", &[])
    }
}

/// Why some have not arrived, each reason once. What a back end says is in its own words.
pub fn reasons(t: &Words, status: &Status) -> Vec<String> {
    let mut reasons: Vec<&String> = Vec::new();
    for reason in status.aside.iter().chain(status.trouble.as_ref().map(|trouble| &trouble.reason)) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons.into_iter().map(|reason| t.say(reason, &[])).collect()
}
