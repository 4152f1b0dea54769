//! The notices as one text: the packages first, then each text of a licence once, with the packages it is of.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use super::texts::{Text, flat};

/// The most characters of a line that is made here.
const WIDTH: usize = 100;

/// What is told of a package.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its name, version and place.
    pub label: String,
    /// Its SPDX expression.
    pub licence: String,
    pub texts: Vec<Text>,
}

/// A text that several packages have.
struct Group {
    text: Text,
    packages: BTreeSet<String>,
    copyright: BTreeSet<String>,
}

/// The notices of what `whole` names. The same packages in any order give the same text.
pub fn document(whole: &str, mut entries: Vec<Entry>) -> String {
    entries.sort_by(|a, b| (a.label.to_lowercase(), &a.label).cmp(&(b.label.to_lowercase(), &b.label)));
    entries.dedup_by(|a, b| a.label == b.label);
    let mut text = format!(
        "Third-party notices of K-Sort\n\n\
        K-Sort itself is under the MIT or the Apache 2.0 licence, as you like. This is what {whole}\n\
        has of others: each package with its licence, then the texts of the licences. Where a package\n\
        leaves the choice of several, the text is that of the one taken.\n\n"
    );
    for Entry { label, licence, .. } in &entries {
        // Writing to a string does not fail.
        let _ = writeln!(text, "- {label}: {licence}");
    }
    for Group { text: Text { name, text: words, .. }, packages, copyright } in groups(entries) {
        let whose: String = copyright.iter().map(|line| format!("{line}\n")).collect();
        let _ = write!(
            text,
            "\n{}\n{name}, of\n{}\n{whose}{}\n\n{words}\n",
            "=".repeat(WIDTH),
            wrapped(&packages),
            "-".repeat(WIDTH)
        );
    }
    text
}

/// Texts that differ in nothing but spaces and case are one.
fn groups(entries: Vec<Entry>) -> Vec<Group> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for Entry { label, texts, .. } in entries {
        for text in texts {
            let new = |text| Group { text, packages: BTreeSet::new(), copyright: BTreeSet::new() };
            let copyright = text.copyright.clone();
            let group = groups.entry(flat(&text.text)).or_insert_with(|| new(text));
            group.packages.insert(label.clone());
            group.copyright.extend(copyright);
        }
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.sort_by(|a, b| (&a.text.name, &a.packages).cmp(&(&b.text.name, &b.packages)));
    groups
}

/// Names as lines, with commas between.
fn wrapped(names: &BTreeSet<String>) -> String {
    let mut lines = String::new();
    let mut length = 0;
    for (n, name) in names.iter().enumerate() {
        let comma = if n + 1 < names.len() { "," } else { "" };
        let start = match n {
            0 => "",
            _ if length + name.chars().count() + 2 > WIDTH => "\n",
            _ => " ",
        };
        length = if start == "\n" { 0 } else { length + start.len() } + name.chars().count() + comma.len();
        let _ = write!(lines, "{start}{name}{comma}");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(label: &str, text: &str) -> Entry {
        let texts = vec![Text { name: "MIT".into(), copyright: vec![format!("Copyright {label}")], text: text.into() }];
        Entry { label: label.into(), licence: "MIT".into(), texts }
    }

    #[test]
    fn a_text_stands_once_with_all_it_is_of_in_any_order() {
        let entries = [
            entry("b 1", "Do what\nyou like"),
            entry("A 2", "do what you like"),
            entry("c 1", "Other"),
            entry("b 1", "Do what\nyou like"),
        ];
        let text = document("x", entries.to_vec());
        for part in
            ["- A 2: MIT\n- b 1: MIT\n- c 1: MIT\n", "MIT, of\nA 2, b 1\nCopyright A 2\nCopyright b 1\n-", "\nMIT, of\nc 1\n"]
        {
            assert!(text.contains(part), "{text} lacks {part:?}");
        }
        assert_eq!(text.to_lowercase().matches("do what").count(), 1);
        let mut other = entries.to_vec();
        other.reverse();
        assert_eq!(document("x", other), text);
    }

    #[test]
    fn long_lists_of_names_are_wrapped() {
        let names: BTreeSet<String> = (0..40).map(|n| format!("package-{n:02}")).collect();
        let lines = wrapped(&names);
        assert!(lines.lines().count() > 1 && lines.lines().all(|line| line.len() <= WIDTH), "{lines}");
        assert_eq!(lines.replace('\n', " "), names.into_iter().collect::<Vec<_>>().join(", "));
    }
}
