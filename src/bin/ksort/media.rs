//! The media that a study file names, held against the folder it lies in.

use std::path::{Component, Path};

use k_sort::json::{Json, field, index};
use percent_encoding::percent_decode_str;

/// What came of looking for every medium.
#[derive(Debug, Default)]
pub struct Found {
    /// Files that are there.
    pub present: usize,
    /// URLs that point elsewhere, and so cannot be looked up in a folder.
    pub elsewhere: usize,
    /// A line for each medium that is missing.
    pub missing: Vec<String>,
    /// A line for each medium outside the folder, where `ksort serve` does not serve it.
    pub outside: Vec<String>,
}

/// Looks for every medium of a study file, which may have other errors.
pub fn look_up(study: &Json, folder: &Path) -> Found {
    let mut found = Found::default();
    for (place, url) in urls(study) {
        let Some(path) = relative_path(url) else {
            found.elsewhere += 1;
            continue;
        };
        let file = folder.join(&path);
        if !file.is_file() {
            found.missing.push(format!("{place}: found no file {}, expected the medium {url:?}", file.display()));
            continue;
        }
        found.present += 1;
        if is_hidden(Path::new(&path)) {
            found.outside.push(format!("{place}: {url:?} has a name that starts with a dot, which `ksort serve` does not serve"));
        }
        if leaves(Path::new(&path)) {
            found.outside.push(format!("{place}: {url:?} is outside the study's folder, where `ksort serve` does not serve it"));
        }
    }
    found
}

fn is_hidden(path: &Path) -> bool {
    path.components().any(|part| matches!(part, Component::Normal(name) if name.to_string_lossy().starts_with('.')))
}

/// Every media URL with its place.
fn urls(study: &Json) -> Vec<(String, &str)> {
    let mut urls = Vec::new();
    let lists = [
        ("items", get(study, "items")),
        ("practice", get(study, "practice")),
        ("attention.checks", get(study, "attention").and_then(|attention| get(attention, "checks"))),
    ];
    let items = lists.into_iter().filter_map(|(place, list)| match list {
        Some(Json::Array(items)) => Some(items.iter().enumerate().map(move |(n, item)| (index(place, n), item))),
        _ => None,
    });
    for (place, item) in items.flatten() {
        if let Some(reference) = get(item, "reference") {
            add(&mut urls, field(&place, "reference"), reference);
        }
        if let Some(Json::Object(outputs)) = get(item, "outputs") {
            for (model, medium) in outputs {
                add(&mut urls, field(&field(&place, "outputs"), model), medium);
            }
        }
    }
    urls
}

fn add<'j>(urls: &mut Vec<(String, &'j str)>, place: String, medium: &'j Json) {
    if let Json::String(url) = medium {
        urls.push((place, url));
        return;
    }
    for key in ["src", "poster"] {
        if let Some(Json::String(url)) = get(medium, key) {
            urls.push((field(&place, key), url));
        }
    }
}

fn get<'j>(json: &'j Json, wanted: &str) -> Option<&'j Json> {
    let Json::Object(pairs) = json else { return None };
    pairs.iter().find(|(key, _)| key == wanted).map(|(_, value)| value)
}

/// The path that a URL means beside the study file; `None` for a URL with a scheme or host, or from a server's root.
fn relative_path(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let first = path.split('/').next().unwrap_or_default();
    if path.starts_with('/') || first.contains(':') {
        return None;
    }
    Some(percent_decode_str(path).decode_utf8_lossy().into_owned())
}

/// Whether a relative path goes above where it starts.
fn leaves(path: &Path) -> bool {
    let mut depth = 0_i64;
    path.components().any(|component| {
        match component {
            Component::Normal(_) => depth += 1,
            Component::ParentDir => depth -= 1,
            _ => {}
        }
        depth < 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_relative_url_is_a_path() {
        for (url, path) in [
            ("a%20b/c.png?v=1#t", Some("a b/c.png")),
            ("./a/../b.png", Some("./a/../b.png")),
            ("dir/a:b.png", Some("dir/a:b.png")),
            ("https://x.org/a.png", None),
            ("data:image/png;base64,AA", None),
            ("//x.org/a.png", None),
            ("/a.png", None),
        ] {
            assert_eq!(relative_path(url).as_deref(), path, "{url}");
        }
        assert!(leaves(Path::new("a/../../b")) && !leaves(Path::new("a/../b")));
    }
}
