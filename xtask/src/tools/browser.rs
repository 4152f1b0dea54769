//! Chrome or Chromium and its driver, which tests run in.

use std::{
    env,
    path::{Path, PathBuf},
};

use super::{
    apt,
    lookup::{find, is_program},
};
use crate::{
    error::{Error, Result},
    project::Project,
};

const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// Where installers put the browser without putting it on `PATH`.
const BROWSER_PLACES: &[&str] = &[
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
];

const DRIVERS: &[&str] = &["chromedriver", "chromium.chromedriver"];

const DRIVER_PLACES: &[&str] = &["/usr/lib/chromium/chromedriver", "/usr/lib/chromium-browser/chromedriver"];

const HOW_TO: &str = "install Chromium and its driver (Debian, Ubuntu: apt-get install chromium \
    chromium-driver; macOS: brew install --cask chromium chromedriver), or name installed ones, \
    both of one version, in CHROMIUM_BIN and CHROMEDRIVER";

/// A browser and the driver that fits it.
#[derive(Debug)]
pub struct Browser {
    /// Chrome or Chromium.
    pub program: PathBuf,
    /// Its chromedriver.
    pub driver: PathBuf,
}

/// Finds browser and driver: by environment variable, on `PATH`, in the usual places; where
/// there is apt and we are root, installs them.
///
/// # Errors
/// When they are missing and cannot be installed.
pub fn ensure(project: &Project) -> Result<Browser> {
    if let Some(browser) = look(project)? {
        return Ok(browser);
    }
    if apt::install(project, "Chromium and its driver", &["chromium", "chromium-driver"], HOW_TO)?
        && let Some(browser) = look(project)?
    {
        return Ok(browser);
    }
    Err(Error::Missing { what: "no Chrome or Chromium with a chromedriver is found".into(), mend: HOW_TO.into() })
}

fn look(project: &Project) -> Result<Option<Browser>> {
    let program = named("CHROMIUM_BIN")?.or_else(|| locate(project, BROWSERS, BROWSER_PLACES));
    let driver = named("CHROMEDRIVER")?.or_else(|| locate(project, DRIVERS, DRIVER_PLACES));
    Ok(program.zip(driver).map(|(program, driver)| Browser { program, driver }))
}

/// The program an environment variable names; an error if it names none that is there.
fn named(variable: &str) -> Result<Option<PathBuf>> {
    let Some(path) = env::var_os(variable).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let path = PathBuf::from(path);
    if is_program(&path) {
        return Ok(Some(path));
    }
    Err(Error::Missing {
        what: format!("{variable} is {}, which is no program", path.display()),
        mend: format!("set {variable} to the full path of one, or unset it"),
    })
}

fn locate(project: &Project, names: &[&str], places: &[&str]) -> Option<PathBuf> {
    find(names, &project.search_path()).or_else(|| places.iter().map(PathBuf::from).find(|place| is_program(place)))
}

/// What to ask of chromedriver, in JSON: this browser, without a window, quiet and alone, with WebGPU in software.
pub fn capabilities(program: &Path) -> String {
    let args = [
        "--headless",
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--disable-sync",
        "--enable-unsafe-webgpu",
        "--no-first-run",
        "--use-webgpu-adapter=swiftshader",
    ];
    let args = args.map(json_string).join(", ");
    let program = json_string(&program.to_string_lossy());
    format!("{{\"goog:chromeOptions\": {{\"binary\": {program}, \"args\": [{args}]}}}}\n")
}

fn json_string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_survive_json() {
        assert_eq!(json_string(r#"C:\a "b""#), r#""C:\\a \"b\"""#);
        assert_eq!(json_string("a\nb"), "\"a\\u000ab\"");
    }

    #[test]
    fn the_browser_is_named_to_the_driver() {
        let json = capabilities(Path::new("/usr/bin/chromium"));
        assert!(json.contains(r#""binary": "/usr/bin/chromium""#), "{json}");
        assert!(json.contains(r#""--headless""#), "{json}");
    }
}
