//! The schema as the numbered migrations leave it: which area owns a table, and which tables stand above tenants.
//!
//! A migration begins with `-- area: NAME`. The line `-- above tenants` before a `CREATE TABLE` says that its rows
//! belong to no institution. Views under `migrations/views/` are what an area publishes to the others.

use crate::statement;
use crate::tenancy;
use crate::workspace::Workspace;
use crate::{Finding, Findings};
use sqlparser::ast::{
    AlterTableOperation, ColumnOption, CreateTable, CreateView, ObjectName, Statement, TableConstraint,
};
use sqlparser::dialect::{Dialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;
use std::collections::BTreeMap;

pub const AREA: &str = "-- area:";
pub const ABOVE: &str = "-- above tenants";
pub const VIEWS: &str = "migrations/views/";

#[derive(Debug, Default)]
pub struct Schema {
    pub relations: BTreeMap<String, Relation>,
}

#[derive(Debug, Clone)]
pub struct Relation {
    pub area: String,
    /// Its rows belong to an institution.
    pub tenant: bool,
    /// Published to other areas.
    pub view: bool,
}

pub fn parse(sql: &str) -> Result<Vec<Statement>, String> {
    parse_as(&PostgreSqlDialect {}, sql)
}

pub fn parse_sqlite(sql: &str) -> Result<Vec<Statement>, String> {
    parse_as(&SQLiteDialect {}, sql)
}

fn parse_as(dialect: &dyn Dialect, sql: &str) -> Result<Vec<Statement>, String> {
    Parser::parse_sql(dialect, sql).map_err(|e| e.to_string())
}

/// The last part of a name, in lower case as both databases see it.
pub fn name(of: &ObjectName) -> String {
    let part = of.0.last().and_then(|part| part.as_ident()).map(|ident| ident.value.to_lowercase());
    part.unwrap_or_else(|| of.to_string().to_lowercase())
}

impl Schema {
    pub fn read(workspace: &Workspace) -> Result<(Self, Findings), String> {
        let mut schema = Self::default();
        let mut findings = Findings::new();
        let in_folder = |f: &&str| f.starts_with("migrations/");
        let files: Vec<&str> = workspace.files_ending(&[".sql"]).filter(in_folder).collect();
        let (views, tables): (Vec<&str>, Vec<&str>) = files.into_iter().partition(|f| f.starts_with(VIEWS));
        for file in tables.into_iter().chain(views) {
            let text = workspace.read(file)?;
            let Some(area) = text.lines().next().and_then(|l| l.strip_prefix(AREA)).map(str::trim) else {
                findings.push(Finding::new(
                    file,
                    format!("does not begin with `{AREA} NAME`"),
                    "say on the first line which area owns what it makes",
                ));
                continue;
            };
            schema.file(file, area, &text, &mut findings);
        }
        Ok((schema, findings))
    }

    fn file(&mut self, file: &str, area: &str, text: &str, findings: &mut Findings) {
        let above = above_tenants(text);
        // A pair `0042_name.sqlite.sql` and `0042_name.postgres.sql` stands for one migration whose text must differ.
        let sqlite = file.ends_with(".sqlite.sql");
        let plain = statement::ddl(text);
        let statements = match if sqlite { parse_sqlite(&plain) } else { parse(&plain) } {
            Ok(statements) => statements,
            Err(reason) => {
                let way_out = "write the portable form: both databases read this text";
                return findings.push(Finding::new(file, format!("cannot be parsed: {reason}"), way_out));
            }
        };
        for statement in statements {
            let said = match &statement {
                Statement::CreateTable(table) => self.table(area, table, above.contains(&name(&table.name))),
                Statement::CreateView(view) => self.view(area, view),
                Statement::CreateIndex(index) => self.owned(area, &name(&index.table_name)),
                Statement::AlterTable(alter) => {
                    let table = name(&alter.name);
                    let said = self.owned(area, &table);
                    for operation in &alter.operations {
                        if let AlterTableOperation::RenameTable { table_name } = operation
                            && let Some(relation) = self.relations.remove(&table)
                        {
                            let to = match table_name {
                                sqlparser::ast::RenameTableNameKind::As(to)
                                | sqlparser::ast::RenameTableNameKind::To(to) => name(to),
                            };
                            self.relations.insert(to, relation);
                        }
                    }
                    said
                }
                Statement::Drop { names, .. } => {
                    let said = names.iter().flat_map(|n| self.owned(area, &name(n))).collect();
                    names.iter().for_each(|n| drop(self.relations.remove(&name(n))));
                    said
                }
                Statement::Insert(insert) => self.owned(area, &insert.table.to_string().to_lowercase()),
                _ => Vec::new(),
            };
            findings.extend(said.into_iter().map(|(what, way_out)| Finding::new(file, what, way_out)));
        }
    }

    /// A migration of one area leaves the tables of the others alone.
    fn owned(&self, area: &str, table: &str) -> Vec<(String, String)> {
        match self.relations.get(table) {
            Some(relation) if relation.area != area => vec![(
                format!("area {area} changes `{table}`, which is {}'s", relation.area),
                format!("write that change in a migration of area {}", relation.area),
            )],
            _ => Vec::new(),
        }
    }

    fn table(&mut self, area: &str, table: &CreateTable, above: bool) -> Vec<(String, String)> {
        let named = name(&table.name);
        let mut said = self.owned(area, &named);
        self.relations.insert(named.clone(), Relation { area: area.into(), tenant: !above, view: false });
        let mut say = |what: String, way_out: &str| said.push((what, way_out.to_owned()));
        if above {
            return said;
        }
        let has_institution = table.columns.iter().any(|c| c.name.value == tenancy::COLUMN);
        if !has_institution {
            say(
                format!("table `{named}` has no column `institution`"),
                "give it one, first in every key; or write `-- above tenants` before it if no school owns its rows",
            );
            return said;
        }
        for constraint in &table.constraints {
            match constraint {
                TableConstraint::PrimaryKey(key)
                    if !key.columns.iter().any(|c| c.column.expr.to_string() == tenancy::COLUMN) =>
                {
                    say(
                        format!("the primary key of `{named}` does not carry `institution`"),
                        "PRIMARY KEY (institution, …)",
                    );
                }
                TableConstraint::ForeignKey(key) => {
                    let to = name(&key.foreign_table);
                    let tenant = self.relations.get(&to).is_none_or(|r| r.tenant);
                    if tenant && !key.columns.iter().any(|c| c.value == tenancy::COLUMN) {
                        say(
                            format!("the foreign key from `{named}` to `{to}` does not carry `institution`"),
                            "FOREIGN KEY (institution, …) REFERENCES … (institution, …)",
                        );
                    }
                }
                _ => {}
            }
        }
        for column in &table.columns {
            for option in &column.options {
                match &option.option {
                    ColumnOption::ForeignKey(key)
                        if self.relations.get(&name(&key.foreign_table)).is_none_or(|r| r.tenant) =>
                    {
                        say(
                            format!(
                                "column `{named}.{}` refers to `{}` without `institution`",
                                column.name,
                                name(&key.foreign_table)
                            ),
                            "FOREIGN KEY (institution, …) REFERENCES … (institution, …)",
                        );
                    }
                    ColumnOption::PrimaryKey(_) if column.name.value != tenancy::COLUMN => say(
                        format!("the primary key of `{named}` does not carry `institution`"),
                        "PRIMARY KEY (institution, …)",
                    ),
                    _ => {}
                }
            }
        }
        said
    }

    fn view(&mut self, area: &str, view: &CreateView) -> Vec<(String, String)> {
        let named = name(&view.name);
        let mut said = self.owned(area, &named);
        for read in tenancy::relations(&view.query) {
            if let Some(relation) = self.relations.get(&read).filter(|r| r.area != area && !r.view) {
                said.push((
                    format!("view `{named}` reads `{read}`, a table of {}", relation.area),
                    format!("read a published view of {} instead", relation.area),
                ));
            }
        }
        let judged = tenancy::judge_view(self, &view.query);
        said.extend(
            judged
                .problems
                .into_iter()
                .map(|what| (format!("view `{named}`: {what}"), tenancy::WAY_OUT.into())),
        );
        let relation = Relation { area: area.into(), tenant: judged.reads_tenants, view: true };
        self.relations.insert(named.clone(), relation);
        let shows = view.columns.iter().map(|c| c.name.value.clone()).chain(tenancy::columns(&view.query));
        if judged.reads_tenants && !shows.into_iter().any(|c| c == tenancy::COLUMN) {
            said.push((
                format!("view `{named}` does not show `institution`"),
                "make it the first column: who reads the view compares it with $1".into(),
            ));
        }
        said
    }
}

/// The tables named after `-- above tenants:` or made right after that line.
fn above_tenants(text: &str) -> Vec<String> {
    let mut tables = Vec::new();
    let mut waiting = false;
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix(ABOVE) {
            let named =
                rest.trim_start_matches(':').split([',', ' ']).map(str::trim).filter(|n| !n.is_empty());
            let before = tables.len();
            if rest.starts_with(':') {
                tables.extend(named.map(str::to_lowercase));
            }
            waiting = tables.len() == before;
        } else if waiting && line.to_uppercase().starts_with("CREATE TABLE") {
            let name = line
                .get("CREATE TABLE".len()..)
                .unwrap_or_default()
                .split(['(', ' '])
                .find(|w| !w.is_empty());
            tables.extend(name.map(str::to_lowercase));
            waiting = false;
        }
    }
    tables
}

#[cfg(test)]
pub fn planted(files: &[(&str, &str)]) -> (Schema, Vec<String>) {
    let (_folder, workspace) = crate::workspace::planted(files);
    let (schema, findings) = Schema::read(&workspace).unwrap();
    (schema, findings.into_iter().map(|f| f.what).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: &str = "-- area: people\n\
        -- above tenants\nCREATE TABLE account (id {uuid} PRIMARY KEY, mail {text} NOT NULL);\n\
        CREATE TABLE person (institution {uuid} NOT NULL, id {uuid} NOT NULL, PRIMARY KEY (institution, id));";

    fn said(files: &[(&str, &str)]) -> Vec<String> {
        let all: Vec<(&str, &str)> =
            [("migrations/0001_people.sql", PEOPLE)].iter().chain(files).copied().collect();
        planted(&all).1
    }

    #[test]
    fn owners_and_tenancy_are_read_from_the_migrations() {
        let (schema, findings) = planted(&[("migrations/0001_people.sql", PEOPLE)]);
        assert!(findings.is_empty(), "{findings:?}");
        let short: Vec<_> =
            schema.relations.iter().map(|(n, r)| (n.as_str(), r.area.as_str(), r.tenant)).collect();
        assert_eq!(short, [("account", "people", false), ("person", "people", true)]);
    }

    #[test]
    fn a_migration_without_an_area_is_refused() {
        assert!(
            said(&[("migrations/0002.sql", "CREATE TABLE a (b INT)")])[0].contains("does not begin with")
        );
    }

    #[test]
    fn a_migration_does_not_change_another_areas_table() {
        for change in [
            "ALTER TABLE person ADD COLUMN age INT;",
            "CREATE INDEX i ON person (institution, id);",
            "DROP TABLE person;",
        ] {
            let said = said(&[("migrations/0002.sql", &format!("-- area: planning\n{change}"))]);
            assert!(said[0].contains("changes `person`, which is people's"), "{change}: {said:?}");
        }
    }

    #[test]
    fn keys_carry_the_institution() {
        for (table, expected) in [
            ("CREATE TABLE room (id INT PRIMARY KEY);", "has no column"),
            ("CREATE TABLE room (institution INT, id INT, PRIMARY KEY (id));", "primary key"),
            ("CREATE TABLE room (institution INT, id INT PRIMARY KEY);", "primary key"),
            (
                "CREATE TABLE room (institution INT, id INT, who INT, PRIMARY KEY (institution, id), \
                 FOREIGN KEY (who) REFERENCES person (id));",
                "foreign key from `room` to `person`",
            ),
            ("CREATE TABLE room (institution INT, who INT REFERENCES person (id));", "column `room.who`"),
        ] {
            let said = said(&[("migrations/0002.sql", &format!("-- area: people\n{table}"))]);
            assert!(said.iter().any(|s| s.contains(expected)), "{table}: {said:?}");
        }
        let fine =
            "-- area: people\nCREATE TABLE login (institution INT, account INT REFERENCES account (id));";
        assert_eq!(said(&[("migrations/0002.sql", fine)]), [""; 0]);
    }

    #[test]
    fn a_view_reads_its_own_area_and_shows_the_institution() {
        let view = |sql: &str| said(&[("migrations/views/a.sql", sql)]);
        assert_eq!(
            view("-- area: people\nCREATE VIEW person_card AS SELECT institution, id FROM person"),
            [""; 0]
        );
        assert!(
            view("-- area: planning\nCREATE VIEW a AS SELECT institution FROM person")[0]
                .contains("a table of people")
        );
        assert!(view("-- area: people\nCREATE VIEW a AS SELECT id FROM person")[0].contains("does not show"));
        let joined = "-- area: people\nCREATE VIEW a AS SELECT p.institution FROM person p JOIN person q ON p.id = q.id";
        assert!(view(joined)[0].contains("`q`"), "{:?}", view(joined));
    }

    #[test]
    fn what_cannot_be_parsed_is_said() {
        assert!(
            said(&[("migrations/0002.sql", "-- area: people\nCREATE TABEL x")])[0]
                .contains("cannot be parsed")
        );
    }
}
