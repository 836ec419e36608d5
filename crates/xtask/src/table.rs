//! Who may touch which table: an area writes and reads its own tables, and of the others only published views; and
//! every statement stays inside one institution.

use crate::rust_source::Source;
use crate::schema::{self, Schema};
use crate::statement::{self, Fragments, Kind, MACROS};
use crate::tenancy;
use crate::workspace::Workspace;
use crate::{Finding, Findings};
use sqlparser::ast::{FromTable, Statement, TableFactor};

/// They run SQL that is no use case: the layer itself, the kit that tests it, and this crate.
const BELOW_STATEMENTS: &[&str] = &["db", "testkit", "xtask"];

/// The layer that keeps institutions apart, and therefore may look at all of them.
const KEEPER: &str = "db";

pub fn check(workspace: &Workspace) -> Result<Findings, String> {
    let (schema, mut findings) = Schema::read(workspace)?;
    let mut sources = Vec::new();
    for file in workspace.files_ending(&[".rs"]) {
        // The kit's statements run on tables that tests bring with them.
        let below = ["xtask", "testkit"];
        let area = Workspace::crate_of(file).filter(|area| file.contains("/src/") && !below.contains(area));
        if let Some(area) = area {
            sources.push((file, area, workspace.read(file)?));
        }
    }
    let mut parsed = Vec::new();
    let mut fragments = Fragments::new();
    for (file, area, text) in &sources {
        let read = Source::parse(text).and_then(|source| {
            let (statements, shared) = (statement::read(&source)?, statement::fragments(&source)?);
            Ok((source, statements, shared))
        });
        match read {
            Ok((source, statements, shared)) => {
                fragments.extend(shared);
                parsed.push((*file, *area, source, statements));
            }
            Err(reason) => findings.push(Finding::new(*file, reason, "see crates/db/src/statement.rs")),
        }
    }
    for (file, area, source, statements) in parsed {
        judge(file, area, &statements, &schema, &fragments, &mut findings);
        if !BELOW_STATEMENTS.contains(&area) {
            loose_sql(file, &source, &mut findings);
        }
    }
    Ok(findings)
}

fn judge(
    file: &str,
    area: &str,
    statements: &[statement::Statement],
    schema: &Schema,
    fragments: &Fragments,
    findings: &mut Findings,
) {
    for this in statements.iter().filter(|s| !s.in_tests) {
        let place = format!("{file}:{} ({})", this.line, this.name);
        let parse = if this.kind == Kind::SqliteHalf { schema::parse_sqlite } else { schema::parse };
        let parsed = match statement::expanded(&this.sql, fragments).and_then(|sql| parse(&sql)) {
            Ok(parsed) => parsed,
            Err(reason) => {
                let way_out = "write the portable form: both databases read this text";
                findings.push(Finding::new(place, format!("cannot be parsed: {reason}"), way_out));
                continue;
            }
        };
        for sql in &parsed {
            findings.extend(
                ownership(schema, area, sql).into_iter().map(|(w, o)| Finding::new(place.clone(), w, o)),
            );
            match this.kind {
                Kind::Tenant | Kind::SqliteHalf => {
                    let problems = tenancy::judge(schema, sql);
                    findings.extend(
                        problems.into_iter().map(|p| Finding::new(place.clone(), p, tenancy::WAY_OUT)),
                    );
                }
                Kind::Global => {
                    let is_tenant =
                        |r: &String| schema.relations.get(r).is_none_or(|relation| relation.tenant);
                    findings.extend(tenancy::relations(sql).into_iter().filter(is_tenant).map(|r| {
                        let way_out = "use `statements!`, and compare `institution` with $1";
                        Finding::new(place.clone(), format!("`{r}` does not stand above tenants"), way_out)
                    }));
                }
                Kind::System if area != KEEPER => findings.push(Finding::new(
                    place.clone(),
                    "housekeeping over all institutions outside `db`",
                    "ask within one institution; jobs go through the schools one by one",
                )),
                Kind::System => {}
            }
        }
    }
}

fn loose_sql(file: &str, source: &Source, findings: &mut Findings) {
    let macros: Vec<&str> = MACROS.iter().map(|(name, _)| *name).chain(["fragments"]).collect();
    for (line, text) in source.strings(&macros).into_iter().filter(|(_, text)| looks_like_sql(text)) {
        let start: String = text.chars().take(40).collect();
        findings.push(Finding::new(
            format!("{file}:{line}"),
            format!("SQL outside `statements!`: {start}"),
            "give it a name in a `statements!` block of the area's store: only those are run on both databases in tests",
        ));
    }
}

fn ownership(schema: &Schema, area: &str, sql: &Statement) -> Vec<(String, String)> {
    let mut said = Vec::new();
    let written = written(sql);
    for name in tenancy::relations(sql) {
        let writes = written.contains(&name);
        match schema.relations.get(&name) {
            None => said.push((
                format!("`{name}` is in no migration"),
                "make the table in a numbered file under migrations/".into(),
            )),
            Some(relation) if relation.view && writes => {
                said.push((format!("writes the view `{name}`"), "write the table behind it".into()));
            }
            Some(relation) if relation.area == area || relation.view => {}
            Some(relation) => said.push((
                format!(
                    "{area} {} `{name}`, a table of {}",
                    if writes { "writes" } else { "reads" },
                    relation.area
                ),
                if writes {
                    format!("only {} writes it: ask it by an event in the outbox", relation.area)
                } else {
                    format!("read a view that {} publishes under {}", relation.area, schema::VIEWS)
                },
            )),
        }
    }
    said
}

/// The tables a statement changes, also inside `WITH`.
fn written(sql: &Statement) -> Vec<String> {
    let of = |factor: &TableFactor| match factor {
        TableFactor::Table { name, .. } => Some(schema::name(name)),
        _ => None,
    };
    let mut tables = Vec::new();
    let _ = sqlparser::ast::visit_statements(sql, |statement: &Statement| {
        match statement {
            Statement::Insert(insert) => {
                if let sqlparser::ast::TableObject::TableName(table) = &insert.table {
                    tables.push(schema::name(table));
                }
            }
            Statement::Update(update) => tables.extend(of(&update.table.relation)),
            Statement::Delete(delete) => {
                let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
                tables.extend(from.iter().filter_map(|t| of(&t.relation)));
            }
            _ => {}
        }
        std::ops::ControlFlow::<()>::Continue(())
    });
    tables
}

fn looks_like_sql(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().take(3).collect();
    let has = |word: &str| text.split_whitespace().any(|w| w == word);
    match words.as_slice() {
        ["SELECT", ..] => has("FROM"),
        ["INSERT", "INTO" | "OR", ..] | ["DELETE", "FROM", ..] => true,
        ["UPDATE", ..] => has("SET"),
        ["WITH", ..] => has("AS") && has("SELECT"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::planted;

    const PEOPLE: (&str, &str) = (
        "migrations/0001_people.sql",
        "-- area: people\n-- above tenants\nCREATE TABLE account (id INT PRIMARY KEY);\n\
         CREATE TABLE person (institution INT, id INT, PRIMARY KEY (institution, id));",
    );
    const CARD: (&str, &str) = (
        "migrations/views/person_card.sql",
        "-- area: people\nCREATE VIEW person_card AS SELECT institution, id FROM person;",
    );

    fn said(file: &str, text: &str) -> Vec<String> {
        let (_folder, workspace) = planted(&[PEOPLE, CARD, (file, text)]);
        check(&workspace).unwrap().into_iter().map(|f| format!("{}: {}", f.place, f.what)).collect()
    }

    #[test]
    fn an_area_touches_its_own_tables_and_published_views() {
        let own = r#"statements! { fn all() -> Row = "SELECT id FROM person WHERE institution = $1"; }"#;
        assert_eq!(said("crates/people/src/person/store.rs", own), [""; 0]);
        let view =
            r#"statements! { fn all() -> Row = "SELECT id FROM person_card WHERE institution = $1"; }"#;
        assert_eq!(said("crates/planning/src/seat/store.rs", view), [""; 0]);
    }

    #[test]
    fn another_areas_table_is_neither_written_nor_read() {
        let file = "crates/planning/src/seat/store.rs";
        for (sql, verb) in [
            ("SELECT id FROM person WHERE institution = $1", "reads"),
            ("UPDATE person SET id = $2 WHERE institution = $1", "writes"),
            ("INSERT INTO person (institution, id) VALUES ($1, $2)", "writes"),
            ("DELETE FROM person WHERE institution = $1", "writes"),
            (
                "WITH gone AS (DELETE FROM person WHERE institution = $1 RETURNING id) SELECT id FROM gone",
                "writes",
            ),
        ] {
            let said = said(file, &format!("statements! {{ fn it() = \"{sql}\"; }}"));
            let expected = format!("{file}:1 (it): planning {verb} `person`, a table of people");
            assert_eq!(said, [expected], "{sql}");
        }
    }

    #[test]
    fn a_statement_without_its_institution_is_found_with_its_line() {
        let text = "statements! {\n fn find() -> Row = \"SELECT id FROM person WHERE id = $2\";\n}";
        let said = said("crates/people/src/store.rs", text);
        assert_eq!(said, ["crates/people/src/store.rs:2 (find): `person` is not tied to the institution"]);
    }

    #[test]
    fn only_tables_above_tenants_are_read_globally() {
        let global = |sql: &str| {
            said("crates/people/src/store.rs", &format!("global_statements! {{ fn f() = \"{sql}\"; }}"))
        };
        assert_eq!(global("SELECT id FROM account WHERE id = $1"), [""; 0]);
        assert!(global("SELECT id FROM person WHERE id = $1")[0].contains("does not stand above tenants"));
    }

    #[test]
    fn only_the_keeper_looks_at_all_institutions() {
        let text = "system_statements! { fn f() = \"SELECT id FROM person\"; }";
        assert!(said("crates/people/src/store.rs", text)[0].contains("outside `db`"));
        let journal = ("migrations/0002.sql", "-- area: db\nCREATE TABLE journal (institution INT);");
        let text = "system_statements! { fn f() = \"SELECT institution FROM journal\"; }";
        let (_folder, workspace) = planted(&[journal, ("crates/db/src/seal.rs", text)]);
        assert_eq!(check(&workspace).unwrap(), []);
    }

    #[test]
    fn sql_outside_a_statements_block_is_found() {
        let file = "crates/people/src/person/find.rs";
        assert!(
            said(file, r#"fn f() { run("SELECT id FROM person"); }"#)[0].contains("outside `statements!`")
        );
        assert!(
            said(file, r#"fn f() { run("UPDATE person SET id = 1"); }"#)[0].contains("outside `statements!`")
        );
        assert_eq!(said(file, r#"fn f() { say("SELECT your school"); say("Update the room"); }"#), [""; 0]);
        assert_eq!(said(file, "#[cfg(test)] mod tests { const A: &str = \"DELETE FROM person\"; }"), [""; 0]);
    }

    #[test]
    fn a_fragment_is_judged_where_it_is_used() {
        let file = "crates/people/src/store.rs";
        let with = |condition: &str| {
            said(file, &format!(
                "fragments! {{ there = \"EXISTS (SELECT 1 FROM person q WHERE {condition} q.id = {{1}}.id)\"; }}
                 statements! {{ fn f() = \"SELECT id FROM person p WHERE p.institution = $1 AND {{there p}}\"; }}"
            ))
        };
        assert_eq!(with("q.institution = $1 AND"), [""; 0]);
        assert!(with("")[0].contains("`person` (`q`) is not tied"));
        let unknown =
            "statements! { fn f() = \"SELECT id FROM person p WHERE p.institution = $1 AND {theer p}\"; }";
        assert!(said(file, unknown)[0].contains("no token and no fragment"));
    }

    #[test]
    fn views_are_not_written_and_unknown_tables_are_named() {
        let file = "crates/people/src/store.rs";
        let view = "statements! { fn f() = \"DELETE FROM person_card WHERE institution = $1\"; }";
        assert!(said(file, view)[0].contains("writes the view"));
        let unknown = "statements! { fn f() = \"DELETE FROM persoon WHERE institution = $1\"; }";
        assert!(said(file, unknown)[0].contains("`persoon` is in no migration"));
    }

    #[test]
    fn unreadable_sql_and_statements_are_said() {
        let file = "crates/people/src/store.rs";
        assert!(said(file, "statements! { fn f() = \"SELEC 1\"; }")[0].contains("cannot be parsed"));
        assert!(said(file, "statements! { fn f() = 1; }")[0].contains("not of the form"));
    }
}
