use web_sys::Url;

/// A URL made absolute against another one.
pub fn resolve(url: &str, base: &str) -> Option<String> {
    Url::new_with_base(url, base).ok().map(|url| url.href())
}
