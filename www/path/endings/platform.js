// Crowd platforms as raters know them.

const NAMES = {
  "prolific.com": "Prolific",
  "cloudresearch.com": "CloudResearch Connect",
  "sona-systems.com": "SONA",
  "mturk.com": "MTurk",
};

/** What a host is called: the platform, or else the host itself. */
export function platform(host) {
  const domain = Object.keys(NAMES).find((domain) => host === domain || host.endsWith(`.${domain}`));
  return domain ? NAMES[domain] : host;
}
