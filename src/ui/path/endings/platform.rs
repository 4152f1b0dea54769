//! Crowd platforms as raters know them.

const NAMES: [(&str, &str); 4] = [
    ("prolific.com", "Prolific"),
    ("cloudresearch.com", "CloudResearch Connect"),
    ("sona-systems.com", "SONA"),
    ("mturk.com", "MTurk"),
];

/// What a host is called: the platform, or else the host itself.
pub(super) fn platform(host: &str) -> &str {
    let is_of = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    NAMES.iter().find(|(domain, _)| is_of(domain)).map_or(host, |(_, name)| name)
}
