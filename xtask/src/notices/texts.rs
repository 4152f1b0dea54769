//! The texts of a package's licences: its own files, or what SPDX has.

use std::{collections::BTreeSet, fs, path::Path};

use super::allowed::{ALLOWED, Licence, OTHERS};
use crate::{
    error::{Result, on_file},
    sync::files,
};

/// How files with licences and notices are named, in lower case.
const NAMES: &[&str] = &["licen", "unlicense", "copying", "copyright", "notice"];
/// What of such a name is a script rather than a text.
const CODE: &[&str] = &["c", "h", "js", "json", "py", "rs", "toml"];

/// A text with the name of what it is: the licences it is known as, else that of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub name: String,
    /// Who has the copyright, of a licence whose words are the same for everybody.
    pub copyright: Vec<String>,
    pub text: String,
}

impl Text {
    /// A text that is known as these licences. What differs between the authors of MIT and Apache 2.0 is taken out.
    fn new(name: String, text: &str, ids: &BTreeSet<&str>) -> Self {
        let one = |id| ids.len() == 1 && ids.contains(id);
        let (text, rest) = if one("Apache-2.0") { without_appendix(text) } else { (text, "") };
        if !one("MIT") && !one("Apache-2.0") {
            return Self { name, copyright: Vec::new(), text: text.to_owned() };
        }
        let (whose, words): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| is_copyright(line));
        let whose = whose.into_iter().chain(rest.lines().filter(|line| is_copyright(line)));
        Self { name, copyright: whose.map(|line| line.trim().to_owned()).collect(), text: tidy(&words.join("\n")) }
    }
}

/// The texts of the licences `taken` of a package that lies in `folder`, and whatever else it says there.
///
/// # Errors
/// When a file cannot be read.
pub fn of_package(folder: &Path, licence: &str, taken: &[&'static str], copyright: &str) -> Result<Vec<Text>> {
    let mut found = Vec::new();
    for file in files(folder)?.into_iter().filter(|file| is_licence(file)) {
        let path = folder.join(&file);
        let text = fs::read(&path).map_err(on_file("read", &path))?;
        found.push((file.to_string_lossy().into_owned(), tidy(&String::from_utf8_lossy(&text))));
    }
    Ok(choose(found, licence, taken, copyright))
}

/// What SPDX has as the text of a licence, with who has the copyright.
pub fn canonical(id: &str, copyright: &str) -> Text {
    let (licence, exception) = id.split_once(" WITH ").unwrap_or((id, ""));
    let of_licence = spdx::license_id(licence).map(|id| id.text()).unwrap_or_default();
    let of_exception = spdx::exception_id(exception).map(|id| id.text()).unwrap_or_default();
    let mut lines: Vec<&str> = Vec::new();
    let mut told = false;
    for line in of_licence.lines().chain([""]).chain(of_exception.lines()) {
        // A line to be filled in.
        let blank = line.starts_with("Copyright") && line.contains('<');
        told |= blank;
        lines.push(if blank { copyright } else { line });
    }
    if !told && id != "Apache-2.0" && !copyright.is_empty() {
        lines.splice(0..0, [copyright, ""]);
    }
    let text = tidy(&lines.join("\n"));
    Text::new(id.to_owned(), &text, &known_as(&text))
}

/// Words as they are compared: in lower case, with single spaces.
pub fn flat(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Of all files those that are needed: the texts of what is taken and what is no licence's text, but not the text of a licence that the
/// package leaves the choice of and that is not taken.
fn choose(found: Vec<(String, String)>, licence: &str, taken: &[&'static str], copyright: &str) -> Vec<Text> {
    let known: Vec<(Text, BTreeSet<&str>)> = found
        .into_iter()
        .map(|(file, text)| {
            let ids = known_as(&text);
            let names: Vec<&str> = ids.iter().copied().filter(|id| taken.contains(id)).collect();
            (Text::new(if names.is_empty() { file } else { names.join(" and ") }, &text, &ids), ids)
        })
        .collect();
    let other = |id: &str| !taken.contains(&id) && licence.contains(id);
    let plain = |ids: &BTreeSet<&str>| !ids.iter().any(|id| other(id));
    let mut texts: Vec<Text> = known.iter().filter(|(_, ids)| plain(ids)).map(|(text, _)| text.clone()).collect();
    for id in taken {
        if known.iter().any(|(_, ids)| plain(ids) && ids.contains(id)) {
            continue;
        }
        let mixed: Vec<_> = known.iter().filter(|(_, ids)| ids.contains(id)).map(|(text, _)| text.clone()).collect();
        texts.extend(if mixed.is_empty() { vec![canonical(id, copyright)] } else { mixed });
    }
    texts
}

/// The licences that a text has the words of.
fn known_as(text: &str) -> BTreeSet<&'static str> {
    let text = flat(text);
    let has = |licence: &&Licence| text.contains(licence.says);
    ALLOWED.iter().chain(OTHERS).filter(has).map(|licence| licence.id).collect()
}

/// The terms of Apache 2.0, and the appendix on how to use it, if that is all that follows.
fn without_appendix(text: &str) -> (&str, &str) {
    const END: &str = "END OF TERMS AND CONDITIONS";
    /// What the appendix takes, with some names filled in.
    const LONGEST: usize = 1600;
    match text.find(END).map(|end| text.split_at(end + END.len())) {
        Some((terms, rest)) if flat(rest).len() <= LONGEST => (terms, rest),
        _ => (text, ""),
    }
}

/// Whether a line tells who has the copyright since when, and not how such a line is to be written.
fn is_copyright(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("Copyright") && (line.contains("(c)") || line.contains('©') || line.contains(|c: char| c.is_ascii_digit()))
}

fn is_licence(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let extension = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    // What npm put below a package is a package of its own.
    let own = !file.iter().any(|part| part == "node_modules");
    own && NAMES.iter().any(|start| name.starts_with(start)) && !CODE.contains(&extension.as_str())
}

/// A text without spaces at the ends of lines, without empty lines around it or after each other, and not further to the right than it has to be.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().map(str::trim_end).collect();
    let margin = |line: &&str| line.len() - line.trim_start_matches(' ').len();
    let least = lines.iter().filter(|line| !line.is_empty()).map(margin).min().unwrap_or_default();
    let mut lines: Vec<&str> = lines.iter().map(|line| line.get(least..).unwrap_or_default()).collect();
    lines.dedup_by(|a, b| a.is_empty() && b.is_empty());
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIT: &str = "Copyright (c) 2020 A\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this\n\
        software and associated documentation files";
    const APACHE: &str = "Apache License\n TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION";

    fn chosen(files: &[(&str, &str)], licence: &str, taken: &[&'static str]) -> Vec<String> {
        let files = files.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
        choose(files, licence, taken, "Copyright A").into_iter().map(|text| text.name).collect()
    }

    #[test]
    fn of_a_choice_only_the_text_of_what_is_taken_is_kept() {
        let both = [("LICENSE-APACHE", APACHE), ("LICENSE-MIT", MIT)];
        assert_eq!(chosen(&both, "MIT OR Apache-2.0", &["Apache-2.0"]), ["Apache-2.0"]);
        let gpl = [("COPYING", "GNU General Public License"), ("LICENSE", MIT)];
        assert_eq!(chosen(&gpl, "MIT OR GPL-3.0", &["MIT"]), ["MIT"]);
    }

    #[test]
    fn notices_and_texts_of_what_a_package_does_not_name_are_kept() {
        let files = [("LICENSE", APACHE), ("NOTICE", "Parts are by B"), ("third_party/x/LICENSE", MIT)];
        assert_eq!(chosen(&files, "Apache-2.0", &["Apache-2.0"]), ["Apache-2.0", "NOTICE", "third_party/x/LICENSE"]);
    }

    #[test]
    fn a_text_that_is_not_there_is_that_of_spdx() {
        let one = [("LICENSE", MIT)];
        assert_eq!(chosen(&one, "MIT OR Apache-2.0", &["Apache-2.0"]), ["Apache-2.0"]);
        assert_eq!(chosen(&[("LICENSE", &format!("{MIT}\n{APACHE}"))], "MIT OR Apache-2.0", &["Apache-2.0"]), ["Apache-2.0"]);
        let mit = canonical("MIT", "Copyright (c) 2020 A");
        assert_eq!(mit.copyright, ["Copyright (c) 2020 A"]);
        assert!(mit.text.starts_with("MIT License\n\nPermission is hereby granted"), "{mit:?}");
        assert!(canonical("Zlib", "Copyright A").text.starts_with("Copyright A\n\nzlib License"));
        assert!(canonical("Apache-2.0", "Copyright A").text.starts_with("Apache License"));
    }

    #[test]
    fn what_differs_between_authors_is_taken_out_of_what_is_the_same_for_all() {
        let apache = |rest: &str| {
            let text = format!("{APACHE}\n1. Definitions.\nEND OF TERMS AND CONDITIONS\n{rest}");
            Text::new("Apache-2.0".into(), &text, &known_as(&text))
        };
        let filled = apache("\nAPPENDIX: How to apply\n\nCopyright 2020 A\n\nLicensed under");
        assert_eq!(filled.copyright, ["Copyright 2020 A"]);
        assert_eq!(filled.text, apache("Copyright [yyyy] [name of copyright owner]").text);
        assert!(apache(&"other terms ".repeat(200)).text.ends_with("other terms"));
    }

    #[test]
    fn every_text_of_spdx_is_known_as_what_it_is() {
        for Licence { id, .. } in ALLOWED {
            assert!(known_as(&canonical(id, "").text).contains(id), "{id}");
        }
    }

    #[test]
    fn a_licence_is_known_by_the_name_of_its_file() {
        for (file, known) in [
            ("LICENSE", true),
            ("licence.md", true),
            ("UNLICENSE", true),
            ("third_party/fiat/COPYING.txt", true),
            ("NOTICES.md", true),
            ("src/license.rs", false),
            ("README.md", false),
            ("node_modules/x/LICENSE", false),
        ] {
            assert_eq!(is_licence(Path::new(file)), known, "{file}");
        }
    }
}
