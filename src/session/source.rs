//! Where a study file is from, and whom it may hand on to what this browser keeps of it.

/// The source of a study file. What is kept of a session belongs to it: a file from elsewhere may give itself the same id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// What sessions are kept by: the file's URL, but for the fragment.
    pub url: String,
    /// What votes that wait for a back end are kept by: where the file is from.
    pub origin: String,
    /// Whether the file is of the page's own origin, so that sessions which were kept by the study's id alone are its.
    pub is_own: bool,
}

/// Schemes of URLs that are another one each time, or wherever a page was moved to, and that no page can read from elsewhere: an object
/// of the page, what a page on a disk holds, what a notebook's cell asks its kernel for (`www/jupyter/beside.js`).
const PASSING: [&str; 3] = ["blob:", "file:", "ksort:"];

impl Source {
    /// The source of a file at an absolute URL, of an origin as browsers tell it, for a page of another or the same.
    pub fn of(url: &str, origin: &str, page_origin: &str) -> Source {
        let (whole, _) = url.split_once('#').unwrap_or((url, ""));
        let origin = match whole {
            // Browsers know no origin of what they do not fetch themselves.
            cell if cell.starts_with("ksort:") => page_origin,
            // Chromium says `file://` of such a URL, and `null` of the page that it is read by.
            _ if origin == "file://" => "null",
            _ => origin,
        };
        let passing = PASSING.iter().find(|scheme| whole.starts_with(**scheme));
        let url = passing.map_or_else(|| whole.to_owned(), |scheme| format!("{scheme}{origin}"));
        // What has no origin, such as a `data:` URL, is from itself only.
        let is_opaque = origin == "null" && passing.is_none();
        let from = if is_opaque { url.clone() } else { origin.to_owned() };
        Source { url, origin: from, is_own: origin == page_origin && !is_opaque }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_a_url_whatever_the_fragment() {
        let own = Source::of("https://lab.example/a/study.json?v=2#x", "https://lab.example", "https://lab.example");
        assert_eq!((own.url.as_str(), own.is_own), ("https://lab.example/a/study.json?v=2", true));
        let other = Source::of("https://evil.example/a/study.json", "https://evil.example", "https://lab.example");
        assert!(!other.is_own && other.origin == "https://evil.example");
    }

    #[test]
    fn what_the_page_made_is_its_own_and_what_a_link_holds_is_not() {
        let blob = |id: &str| Source::of(&format!("blob:https://lab.example/{id}"), "https://lab.example", "https://lab.example");
        assert_eq!(blob("1"), blob("2"));
        assert!(blob("1").is_own);
        let file = |folder: &str| Source::of(&format!("file:///home/me/{folder}/study/study.json"), "null", "null");
        assert_eq!(file("downloads"), file("desktop"));
        assert!(file("desktop").is_own && Source::of("blob:null/1", "null", "null").is_own);
        assert!(!Source::of("file:///home/me/study.json", "null", "https://lab.example").is_own);
        assert_eq!(Source::of("file:///home/me/study/study.json", "file://", "null"), file("desktop"), "in Chromium");
        let cell = |id: &str| Source::of(&format!("ksort:/{id}/study.json"), "null", "https://hub.example");
        assert_eq!(cell("1"), cell("2"));
        assert_eq!((cell("1").is_own, cell("1").origin.as_str()), (true, "https://hub.example"));
        let data = Source::of("data:application/json,{}", "null", "null");
        assert!(!data.is_own && data.origin == "data:application/json,{}");
    }
}
