//! A migration adds; only a later release takes away. While nodes are replaced one by one, the release before still runs
//! on the new schema: what it reads must be there, and what it writes must be allowed.
//!
//! A migration that takes away says why that hurts nobody any more: `-- contract: nothing reads person.nickname since 0.4`.

use crate::schema::{AREA, VIEWS, name, parse, parse_sqlite};
use crate::statement;
use crate::workspace::Workspace;
use crate::{Finding, Findings};
use sqlparser::ast::{AlterTableOperation, ColumnOption, Statement};
use std::collections::BTreeSet;

const CONTRACT: &str = "-- contract:";
/// Up to this number the migrations are those of the first release: no release before it runs anywhere.
const FIRST_RELEASE: u32 = 10;

pub fn check(workspace: &Workspace) -> Result<Findings, String> {
    let mut findings = Findings::new();
    for file in workspace.files_ending(&[".sql"]) {
        if !file.starts_with("migrations/") || file.starts_with(VIEWS) {
            continue;
        }
        let number = file.trim_start_matches("migrations/").split('_').next().unwrap_or_default();
        if number.parse::<u32>().is_ok_and(|number| number <= FIRST_RELEASE) {
            continue;
        }
        let text = workspace.read(file)?;
        let reason = text.lines().find_map(|line| line.trim().strip_prefix(CONTRACT)).map(str::trim);
        // What cannot be parsed is told where tables are read.
        let found = taken_away(&text, file.ends_with(".sqlite.sql")).unwrap_or_default();
        match reason {
            None => findings.extend(found.into_iter().map(|what| {
                let way_out = format!(
                    "add now and take away in a later release; then say `{CONTRACT} why nothing needs it` under `{AREA}`"
                );
                Finding::new(file, what, way_out)
            })),
            Some("") => findings.push(Finding::new(file, format!("`{CONTRACT}` without a reason"), "say since which release nothing needs it")),
            Some(_) if found.is_empty() => findings.push(Finding::new(
                file,
                format!("says `{CONTRACT}` and takes nothing away"),
                "remove that line",
            )),
            Some(_) => {}
        }
    }
    Ok(findings)
}

/// What the release before would miss, in sentences.
fn taken_away(text: &str, sqlite: bool) -> Result<Vec<String>, String> {
    let plain = statement::ddl(text);
    let statements = if sqlite { parse_sqlite(&plain) } else { parse(&plain) }?;
    let mut new = BTreeSet::new();
    let mut found = Vec::new();
    for one in statements {
        match &one {
            Statement::CreateTable(table) => drop(new.insert(name(&table.name))),
            Statement::CreateIndex(index) if index.unique && !new.contains(&name(&index.table_name)) => {
                let table = name(&index.table_name);
                found.push(format!(
                    "a unique index refuses rows of `{table}` that the release before may write"
                ));
            }
            Statement::AlterTable(alter) if !new.contains(&name(&alter.name)) => {
                let table = name(&alter.name);
                found.extend(alter.operations.iter().filter_map(|operation| altered(&table, operation)));
            }
            Statement::Drop { object_type, names, .. } if object_type.to_string() != "INDEX" => {
                let gone = names.iter().map(name).filter(|one| !new.contains(one));
                found.extend(gone.map(|one| format!("drops `{one}`, which the release before may use")));
            }
            Statement::Delete(_) | Statement::Truncate { .. } => {
                found.push("removes rows that the release before may need".into());
            }
            _ => {}
        }
    }
    Ok(found)
}

fn altered(table: &str, operation: &AlterTableOperation) -> Option<String> {
    match operation {
        AlterTableOperation::AddColumn { column_def, .. } => {
            let has =
                |wanted: fn(&ColumnOption) -> bool| column_def.options.iter().any(|o| wanted(&o.option));
            let required = has(|option| matches!(option, ColumnOption::NotNull))
                && !has(|option| matches!(option, ColumnOption::Default(_) | ColumnOption::Generated { .. }));
            required.then(|| {
                format!(
                    "`{table}.{}` must be filled and has no default: the release before does not fill it",
                    column_def.name
                )
            })
        }
        AlterTableOperation::RenameTable { .. } => {
            Some(format!("renames `{table}`, which the release before may use"))
        }
        AlterTableOperation::DropColumn { .. } => {
            Some(format!("drops a column of `{table}` that the release before may use"))
        }
        AlterTableOperation::RenameColumn { .. } => {
            Some(format!("renames a column of `{table}` that the release before may use"))
        }
        AlterTableOperation::AlterColumn { .. } => {
            Some(format!("changes a column of `{table}` under the release before"))
        }
        AlterTableOperation::AddConstraint { .. } => {
            Some(format!("a constraint refuses rows of `{table}` that the release before may write"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(sql: &str) -> Vec<String> {
        let text = format!("-- area: people\n{sql}");
        let (_folder, workspace) = crate::workspace::planted(&[("migrations/0042_next.sql", &text)]);
        check(&workspace).unwrap().into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn what_only_adds_may_pass() {
        for fine in [
            "CREATE TABLE a (institution {uuid} NOT NULL, b {int} NOT NULL); CREATE UNIQUE INDEX c ON a (b);",
            "ALTER TABLE person ADD COLUMN nickname {text};",
            "ALTER TABLE person ADD COLUMN quiet {bool} NOT NULL DEFAULT {false};",
            "CREATE INDEX d ON person (institution, id);",
            "DROP INDEX d;",
            "UPDATE person SET quiet = {false};",
        ] {
            assert_eq!(said(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn what_takes_away_is_refused_until_it_says_why_nobody_needs_it() {
        for (sql, expected) in [
            ("DROP TABLE person;", "drops `person`"),
            ("ALTER TABLE person DROP COLUMN phone;", "drops a column"),
            ("ALTER TABLE person RENAME COLUMN phone TO telephone;", "renames a column"),
            ("ALTER TABLE person RENAME TO human;", "renames `person`"),
            ("ALTER TABLE person ALTER COLUMN phone SET NOT NULL;", "changes a column"),
            ("ALTER TABLE person ADD COLUMN age {int} NOT NULL;", "must be filled"),
            ("ALTER TABLE person ADD CONSTRAINT c CHECK (age > 0);", "a constraint"),
            ("CREATE UNIQUE INDEX d ON person (institution, mail);", "a unique index"),
            ("DELETE FROM person;", "removes rows"),
        ] {
            let found = said(sql);
            assert!(found.len() == 1 && found.iter().all(|what| what.contains(expected)), "{sql}: {found:?}");
            assert_eq!(said(&format!("-- contract: nothing needs it since 0.4\n{sql}")), [""; 0], "{sql}");
            assert!(!said(&format!("-- contract:\n{sql}")).is_empty(), "{sql}");
        }
        assert!(!said("-- contract: for later\nCREATE TABLE a (institution {uuid});").is_empty());
    }
}
