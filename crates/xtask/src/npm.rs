//! What npm brings: the licences that `deny.toml` accepts, and every package fixed by its checksum.

use crate::workspace::Workspace;
use crate::{Finding, Findings};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

pub fn check(workspace: &Workspace) -> Result<Findings, String> {
    let mut findings = Findings::new();
    for file in workspace.files_ending(&["package.json"]) {
        let lock = file.replace("package.json", "package-lock.json");
        if !workspace.files.contains(&lock) {
            findings.push(Finding::new(
                file,
                "has no package-lock.json beside it",
                "run npm install there and commit it",
            ));
        }
    }
    let locks: Vec<&str> = workspace.files_ending(&["package-lock.json"]).collect();
    if locks.is_empty() {
        return Ok(findings);
    }
    let accepted = accepted(&workspace.read("deny.toml")?);
    for file in locks {
        let lock: Lock = serde_json::from_str(&workspace.read(file)?).map_err(|e| format!("{file}: {e}"))?;
        for (path, package) in
            lock.packages.iter().filter(|(path, package)| !path.is_empty() && !package.link)
        {
            let name = path.rsplit("node_modules/").next().unwrap_or(path);
            match package.license.as_deref() {
                Some(licence) if holds(licence, &accepted) => {}
                Some(licence) => findings.push(Finding::new(
                    file,
                    format!("{name} has licence {licence}, which deny.toml does not accept"),
                    "use another package; a licence is added only when it cannot reach into our code",
                )),
                None => findings.push(Finding::new(
                    file,
                    format!("{name} names no licence"),
                    "use another package",
                )),
            }
            if package.integrity.is_none() {
                let way_out = "take it from the registry by its version";
                findings.push(Finding::new(file, format!("{name} is not fixed by a checksum"), way_out));
            }
        }
    }
    Ok(findings)
}

/// The strings of `allow = […]` under `[licenses]`.
fn accepted(deny: &str) -> BTreeSet<String> {
    let list = deny.split_once("[licenses]").and_then(|(_, rest)| rest.split_once("allow = ["));
    let list = list.and_then(|(_, rest)| rest.split_once("\n]")).map_or("", |(list, _)| list);
    list.lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.split('"').next().map(str::to_owned))
        .collect()
}

fn holds(expression: &str, accepted: &BTreeSet<String>) -> bool {
    // One package writes 0BSD as nobody else does.
    let expression = expression.replace("BSD-0-Clause", "0BSD");
    spdx::Expression::parse_mode(&expression, spdx::ParseMode::LAX)
        .is_ok_and(|e| e.evaluate(|licence| accepted.contains(&licence.to_string())))
}

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    packages: BTreeMap<String, Package>,
}

#[derive(Deserialize)]
struct Package {
    license: Option<String>,
    integrity: Option<String>,
    #[serde(default)]
    link: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::planted;

    const DENY: (&str, &str) = ("deny.toml", "[licenses]\nallow = [\n  \"MIT\", # fine\n  \"ISC\",\n]\n");

    fn said(package: &str) -> Vec<String> {
        let lock = format!("{{\"packages\": {{\"\": {{}}, \"node_modules/a\": {package}}}}}");
        let files = [DENY, ("web-client/package.json", "{}"), ("web-client/package-lock.json", &lock)];
        let (_folder, workspace) = planted(&files);
        check(&workspace).unwrap().into_iter().map(|f| f.what).collect()
    }

    #[test]
    fn accepted_licences_with_a_checksum_pass() {
        for licence in ["MIT", "(MIT OR GPL-3.0)", "MIT AND ISC", "(GPL-3.0 AND MIT) OR ISC"] {
            assert_eq!(
                said(&format!(r#"{{"license": "{licence}", "integrity": "sha512-x"}}"#)),
                [""; 0],
                "{licence}"
            );
        }
    }

    #[test]
    fn other_licences_and_loose_packages_are_named() {
        for licence in ["GPL-3.0", "MIT AND GPL-3.0", "(MIT", "MIT GPL-3.0", ""] {
            let said = said(&format!(r#"{{"license": "{licence}", "integrity": "sha512-x"}}"#));
            assert_eq!(said.len(), 1, "{licence}");
        }
        assert_eq!(said(r#"{"integrity": "sha512-x"}"#), ["a names no licence"]);
        assert_eq!(said(r#"{"license": "MIT"}"#), ["a is not fixed by a checksum"]);
    }

    #[test]
    fn a_package_without_a_lock_file_is_named() {
        let (_folder, workspace) = planted(&[DENY, ("e2e/package.json", "{}")]);
        assert!(check(&workspace).unwrap()[0].what.contains("no package-lock.json"));
    }
}
