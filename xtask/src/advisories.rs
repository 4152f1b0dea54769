//! `cargo xtask advisories`: what is known to be wrong with the packages that are shipped and with those that building and testing take,
//! by RustSec and npm. It needs both databases, and says so when it cannot reach one.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    error::{Error, Result},
    notices::Shipped,
    process::Run,
    project::Project,
    tools,
};

/// Where npm packages are locked, from the project's root.
const LOCKED: &[&str] = &[".", "benches/peers", "tests/servers"];

/// What is known of a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Advisory {
    package: String,
    /// The version that is used, or those that are concerned.
    version: String,
    id: String,
    title: String,
}

/// What a database says.
type Answer = std::result::Result<BTreeSet<Advisory>, String>;

/// Asks both databases and prints what they say, first of what is shipped.
///
/// # Errors
/// When there is an advisory, or, with an exit status of its own, when a database gave no answer.
pub fn advisories(project: &Project) -> Result<()> {
    tools::ensure_cargo_audit(project)?;
    tools::ensure_packages(project)?;
    let shipped = Shipped::find(project)?;
    let mut npm = Ok(BTreeSet::new());
    for folder in LOCKED {
        npm = npm.and_then(|all| Ok(all.into_iter().chain(ask_npm(project, folder)?).collect()));
    }
    let answers = [("RustSec", ask_rustsec(project), &shipped.crates), ("npm", npm, &shipped.npm)];
    for (database, answer, shipped) in &answers {
        print!("{}", told(database, answer, shipped));
    }
    let silent: Vec<&str> = answers.iter().filter(|(_, answer, _)| answer.is_err()).map(|(database, ..)| *database).collect();
    if !silent.is_empty() {
        return Err(Error::Unanswered { whom: silent.join(" and ") });
    }
    match answers.iter().filter_map(|(_, answer, _)| answer.as_ref().ok()).map(BTreeSet::len).sum() {
        0 => Ok(()),
        1 => Err(found("1 advisory")),
        more => Err(found(&format!("{more} advisories"))),
    }
}

fn found(count: &str) -> Error {
    Error::Missing {
        what: format!("there is {count}"),
        mend: "`cargo update` and `npm update` take newer versions where there are any".into(),
    }
}

fn ask_rustsec(project: &Project) -> Answer {
    let (report, complaint) = Run::cargo(project, "audit --json").answer().map_err(|error| error.to_string())?;
    rustsec(&report).ok_or_else(|| no_answer(&complaint, &report))
}

fn ask_npm(project: &Project, folder: &str) -> Answer {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let run = Run::new(project, npm).args(["audit", "--json", "--package-lock-only"]).in_dir(&project.path(folder));
    let (report, complaint) = run.answer().map_err(|error| error.to_string())?;
    npm_audit(&report).ok_or_else(|| no_answer(&complaint, &report))
}

/// What was said instead of a report, in a line.
fn no_answer(complaint: &str, report: &str) -> String {
    const LONGEST: usize = 300;
    let said = if complaint.trim().is_empty() { report } else { complaint };
    said.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}

/// The report of `cargo audit --json`, if it is one: vulnerabilities and warnings, such as of packages that nobody maintains.
fn rustsec(report: &str) -> Option<BTreeSet<Advisory>> {
    let report: Value = serde_json::from_str(report).ok()?;
    // Without these it looked at nothing.
    let vulnerable = report.get("vulnerabilities")?.get("list")?.as_array()?;
    let known = report.get("database")?.get("advisory-count")?.as_u64()?;
    let warnings = report.get("warnings")?.as_object()?.iter();
    let warned = warnings.flat_map(|(kind, list)| list.as_array().into_iter().flatten().map(move |one| (kind.as_str(), one)));
    let all = vulnerable.iter().map(|one| ("vulnerable", one)).chain(warned);
    let advisory = |(kind, one): (&str, &Value)| {
        let text = |of: &str, key: &str| one.get(of).and_then(|of| of.get(key)).and_then(Value::as_str).map(str::to_owned);
        Advisory {
            package: text("package", "name").unwrap_or_default(),
            version: text("package", "version").unwrap_or_default(),
            id: text("advisory", "id").unwrap_or_else(|| kind.to_owned()),
            title: text("advisory", "title").unwrap_or_else(|| kind.to_owned()),
        }
    };
    (known > 0).then(|| all.map(advisory).collect())
}

/// The report of `npm audit --json`, if it is one. Packages that are concerned only because of others are left out.
fn npm_audit(report: &str) -> Option<BTreeSet<Advisory>> {
    let report: Value = serde_json::from_str(report).ok()?;
    report.get("auditReportVersion")?;
    let packages = report.get("vulnerabilities")?.as_object()?;
    let own = packages.iter().flat_map(|(name, one)| {
        let via = one.get("via").and_then(Value::as_array).into_iter().flatten();
        via.filter(|via| via.is_object()).map(move |via| {
            let text = |key: &str| via.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            Advisory { package: name.clone(), version: text("range"), id: text("url"), title: text("title") }
        })
    });
    Some(own.collect())
}

/// What a database says, as lines.
fn told(database: &str, answer: &Answer, shipped: &BTreeSet<String>) -> String {
    let advisories = match answer {
        Err(reason) => return format!("{database}: NO ANSWER, so nothing is known: {reason}\n"),
        Ok(advisories) if advisories.is_empty() => return format!("{database}: no advisory\n"),
        Ok(advisories) => advisories,
    };
    let mut lines = format!("{database}:\n");
    for (heading, wanted) in [("shipped", true), ("only for building and testing", false)] {
        let these: Vec<_> = advisories.iter().filter(|one| shipped.contains(&one.package) == wanted).collect();
        lines += &format!("  {heading}: {}\n", if these.is_empty() { "no advisory" } else { "" });
        for Advisory { package, version, id, title } in these {
            lines += &format!("    {package} {version}: {title} ({id})\n");
        }
    }
    lines.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUSTSEC: &str = r#"{"database": {"advisory-count": 900}, "vulnerabilities": {"found": true, "count": 1, "list": [
        {"advisory": {"id": "RUSTSEC-2030-0001", "title": "Reads too far"}, "package": {"name": "frob", "version": "1.0.0"}}]},
        "warnings": {"yanked": [{"kind": "yanked", "advisory": null, "package": {"name": "grob", "version": "2.0.0"}}]}}"#;
    const NPM: &str = r#"{"auditReportVersion": 2, "vulnerabilities": {
        "a": {"name": "a", "via": ["b"], "range": "*"},
        "b": {"name": "b", "via": [{"title": "Writes too far", "url": "https://example.org/1", "range": "<2"}], "range": "<2"}}}"#;

    fn lines(answer: Option<BTreeSet<Advisory>>, shipped: &str) -> String {
        told("X", &answer.ok_or_else(|| "none".into()), &BTreeSet::from([shipped.to_owned()]))
    }

    #[test]
    fn what_is_shipped_is_told_first() {
        assert_eq!(
            lines(rustsec(RUSTSEC), "grob"),
            "X:\n  shipped:\n    grob 2.0.0: yanked (yanked)\n  only for building and testing:\n    frob 1.0.0: Reads too far (RUSTSEC-2030-0001)\n"
        );
        assert_eq!(
            lines(npm_audit(NPM), "c"),
            "X:\n  shipped: no advisory\n  only for building and testing:\n    b <2: Writes too far (https://example.org/1)\n"
        );
    }

    #[test]
    fn only_a_whole_report_says_that_all_is_well() {
        let well = r#"{"database": {"advisory-count": 900}, "vulnerabilities": {"found": false, "count": 0, "list": []}, "warnings": {}}"#;
        assert_eq!(lines(rustsec(well), ""), "X: no advisory\n");
        assert_eq!(lines(npm_audit(r#"{"auditReportVersion": 2, "vulnerabilities": {}}"#), ""), "X: no advisory\n");
        for text in ["", "{}", "error: couldn't fetch", r#"{"message": "request failed", "error": {"code": "E404"}}"#] {
            assert_eq!((rustsec(text), npm_audit(text)), (None, None), "{text}");
        }
        assert_eq!(rustsec(&well.replace("900", "0")), None);
        assert_eq!(lines(None, ""), "X: NO ANSWER, so nothing is known: none\n");
    }

    #[test]
    fn no_answer_is_told_in_a_line() {
        assert_eq!(no_answer("error:\n  no route\n", "{}"), "error: no route");
        assert_eq!(no_answer("", "{\n}"), "{ }");
    }
}
