//! Whether a statement stays inside one institution: every tenant relation it names must be tied to `$1`, either by
//! `x.institution = $1` or by `x.institution = y.institution` where `y` is tied already. Only conditions that must
//! hold count: one side of an OR ties nothing.

use crate::schema::{Schema, name};
use sqlparser::ast::{
    AssignmentTarget, BinaryOperator, Expr, FromTable, Insert, JoinConstraint, JoinOperator, Query, Select,
    SelectItem, SetExpr, Statement, TableFactor, TableObject, TableWithJoins, UpdateTableFromKind, Value,
    Visit, Visitor,
};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

pub const COLUMN: &str = "institution";
pub const WAY_OUT: &str = "compare its `institution` with $1, or with that of a relation which is";
const INSTITUTION_PARAMETER: &str = "$1";

#[derive(Debug, Default)]
pub struct Judgement {
    pub problems: Vec<String>,
    pub reads_tenants: bool,
}

pub fn judge(schema: &Schema, statement: &Statement) -> Vec<String> {
    let mut judge = Judge { schema, is_view: false, found: Judgement::default() };
    judge.statement(statement, &Scope::default());
    judge.found.problems
}

/// A view is tied by its readers: its first relation counts as tied, the others must be tied to it.
pub fn judge_view(schema: &Schema, query: &Query) -> Judgement {
    let mut judge = Judge { schema, is_view: true, found: Judgement::default() };
    judge.query(query, &Scope::default());
    judge.found
}

/// Every relation named in it, without the names that `WITH` gives.
pub fn relations(node: &impl Visit) -> BTreeSet<String> {
    struct Names(BTreeSet<String>, BTreeSet<String>);
    impl Visitor for Names {
        type Break = ();
        fn pre_visit_relation(&mut self, relation: &sqlparser::ast::ObjectName) -> ControlFlow<()> {
            self.0.insert(name(relation));
            ControlFlow::Continue(())
        }
        fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
            self.1.extend(with_names(query));
            ControlFlow::Continue(())
        }
        // A table-valued function is no relation.
        fn post_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
            if let TableFactor::Table { name: of, args: Some(_), .. } = factor {
                self.1.insert(name(of));
            }
            ControlFlow::Continue(())
        }
    }
    let mut names = Names(BTreeSet::new(), BTreeSet::new());
    let _ = node.visit(&mut names);
    names.0.difference(&names.1).cloned().collect()
}

/// The output columns of a query, as far as they have names.
pub fn columns(query: &Query) -> Vec<String> {
    first_select(&query.body).map_or_else(Vec::new, |select| {
        select
            .projection
            .iter()
            .filter_map(|item| match item {
                SelectItem::ExprWithAlias { alias, .. } => Some(alias.value.clone()),
                SelectItem::UnnamedExpr(expr) => column(expr).map(|(_, column)| column),
                _ => None,
            })
            .collect()
    })
}

fn first_select(body: &SetExpr) -> Option<&Select> {
    match body {
        SetExpr::Select(select) => Some(select),
        SetExpr::Query(query) => first_select(&query.body),
        SetExpr::SetOperation { left, .. } => first_select(left),
        _ => None,
    }
}

fn with_names(query: &Query) -> Vec<String> {
    let tables = query.with.iter().flat_map(|with| &with.cte_tables);
    tables.map(|cte| cte.alias.name.value.to_lowercase()).collect()
}

/// What the surrounding query has tied, and the names given by `WITH`.
#[derive(Debug, Default, Clone)]
struct Scope {
    tied: BTreeSet<String>,
    /// Name to whether its rows can only come from the institution.
    with: BTreeMap<String, bool>,
}

struct Judge<'a> {
    schema: &'a Schema,
    is_view: bool,
    found: Judgement,
}

/// One relation at this level.
struct Relation {
    alias: String,
    table: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Must be tied.
    Tenant,
    /// A query of its own that reads tenants, judged by itself: its rows are the institution's.
    Judged,
    /// Above tenants, or a table function: needs no tie, and can tie nothing.
    Free,
}

impl Judge<'_> {
    fn statement(&mut self, statement: &Statement, outer: &Scope) {
        match statement {
            Statement::Query(query) => self.query(query, outer),
            Statement::Insert(insert) => self.insert(insert, outer),
            Statement::Update(update) => {
                let from = match &update.from {
                    Some(UpdateTableFromKind::BeforeSet(from) | UpdateTableFromKind::AfterSet(from)) => {
                        from.as_slice()
                    }
                    None => &[],
                };
                let tables: Vec<&TableWithJoins> = std::iter::once(&update.table).chain(from).collect();
                let scope = self.level(&tables, update.selection.as_ref(), outer);
                for assignment in &update.assignments {
                    if let AssignmentTarget::ColumnName(to) = &assignment.target
                        && name(to) == COLUMN
                    {
                        self.found.problems.push("moves a row to another institution".into());
                    }
                }
                self.nested(statement, &scope);
            }
            Statement::Delete(delete) => {
                let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
                let tables: Vec<&TableWithJoins> = from.iter().chain(delete.using.iter().flatten()).collect();
                let scope = self.level(&tables, delete.selection.as_ref(), outer);
                self.nested(statement, &scope);
            }
            other => self.found.problems.push(format!("is no SELECT, INSERT, UPDATE or DELETE: {other}")),
        }
    }

    fn query(&mut self, query: &Query, outer: &Scope) {
        let mut scope = outer.clone();
        for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
            let judged = self.reads_tenants(&cte.query, &scope);
            scope.with.insert(cte.alias.name.value.to_lowercase(), judged);
            self.query(&cte.query, &scope);
        }
        self.body(&query.body, &scope);
        if let Some(order) = &query.order_by {
            self.nested(order, &scope);
        }
    }

    fn body(&mut self, body: &SetExpr, scope: &Scope) {
        match body {
            SetExpr::Select(select) => {
                let tables: Vec<&TableWithJoins> = select.from.iter().collect();
                let inner = self.level(&tables, select.selection.as_ref(), scope);
                self.nested(select.as_ref(), &inner);
            }
            SetExpr::Query(query) => self.query(query, scope),
            SetExpr::SetOperation { left, right, .. } => {
                self.body(left, scope);
                self.body(right, scope);
            }
            SetExpr::Values(values) => self.nested(values, scope),
            SetExpr::Insert(s) | SetExpr::Update(s) | SetExpr::Delete(s) | SetExpr::Merge(s) => {
                self.statement(s, scope)
            }
            SetExpr::Table(table) => {
                self.found.problems.push(format!("TABLE {table:?} cannot be tied to an institution"))
            }
        }
    }

    /// Judges the queries inside expressions and FROM.
    fn nested(&mut self, node: &impl Visit, scope: &Scope) {
        struct Nested(usize, Vec<Query>);
        impl Visitor for Nested {
            type Break = ();
            fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
                if self.0 == 0 {
                    self.1.push(query.clone());
                }
                self.0 += 1;
                ControlFlow::Continue(())
            }
            fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
                self.0 -= 1;
                ControlFlow::Continue(())
            }
        }
        let mut nested = Nested(0, Vec::new());
        let _ = node.visit(&mut nested);
        for query in nested.1 {
            self.query(&query, scope);
        }
    }

    /// Ties the relations of one level, complains of those that stay loose, and gives the scope for what is inside.
    fn level(&mut self, tables: &[&TableWithJoins], selection: Option<&Expr>, outer: &Scope) -> Scope {
        let mut relations = Vec::new();
        let mut conditions = Vec::new();
        let mut using = false;
        for table in tables {
            self.relation(&table.relation, outer, &mut relations);
            for join in &table.joins {
                self.relation(&join.relation, outer, &mut relations);
                match constraint(&join.join_operator) {
                    Some(JoinConstraint::On(on)) => all_of(on, &mut conditions),
                    Some(JoinConstraint::Using(columns)) => {
                        using |= columns.iter().any(|c| name(c) == COLUMN)
                    }
                    _ => {}
                }
            }
        }
        if let Some(selection) = selection {
            all_of(selection, &mut conditions);
        }
        let mut scope = outer.clone();
        // A name of this level hides the same one outside.
        scope.tied.retain(|tied| relations.iter().all(|r| r.alias != *tied));
        scope.tied.extend(relations.iter().filter(|r| r.kind == Kind::Judged).map(|r| r.alias.clone()));
        self.found.reads_tenants |= relations.iter().any(|r| r.kind == Kind::Tenant);
        if self.is_view
            && let Some(first) = relations.iter().find(|r| r.kind == Kind::Tenant)
        {
            scope.tied.insert(first.alias.clone());
        }
        let only = match relations.iter().filter(|r| r.kind == Kind::Tenant).collect::<Vec<_>>().as_slice() {
            [one] => Some(one.alias.clone()),
            _ => None,
        };
        loop {
            let before = scope.tied.len();
            for condition in &conditions {
                tie(condition, only.as_deref(), &mut scope.tied);
            }
            if using && relations.iter().any(|r| scope.tied.contains(&r.alias)) {
                scope
                    .tied
                    .extend(relations.iter().filter(|r| r.kind == Kind::Tenant).map(|r| r.alias.clone()));
            }
            if scope.tied.len() == before {
                break;
            }
        }
        for loose in relations.iter().filter(|r| r.kind == Kind::Tenant && !scope.tied.contains(&r.alias)) {
            let shown =
                if loose.alias == loose.table { String::new() } else { format!(" (`{}`)", loose.alias) };
            self.found.problems.push(format!("`{}`{shown} is not tied to the institution", loose.table));
        }
        scope
    }

    fn relation(&mut self, factor: &TableFactor, scope: &Scope, relations: &mut Vec<Relation>) {
        let of_kind = |alias: String, kind| Relation { table: alias.clone(), alias, kind };
        match factor {
            TableFactor::Table { name: of, alias, args, .. } => {
                let table = name(of);
                let alias = alias.as_ref().map_or_else(|| table.clone(), |a| a.name.value.to_lowercase());
                let kind = match scope.with.get(&table) {
                    Some(true) => Kind::Judged,
                    Some(false) => Kind::Free,
                    None if args.is_some() || !self.is_tenant(&table) => Kind::Free,
                    None => Kind::Tenant,
                };
                relations.push(Relation { alias, table, kind });
            }
            TableFactor::NestedJoin { table_with_joins, .. } => {
                self.found.problems.push(format!("joins in brackets are not understood: {table_with_joins}"));
            }
            TableFactor::Derived { alias, subquery, .. } => {
                let kind = if self.reads_tenants(subquery, scope) { Kind::Judged } else { Kind::Free };
                relations.extend(alias.iter().map(|a| of_kind(a.name.value.to_lowercase(), kind)));
            }
            TableFactor::TableFunction { alias, .. }
            | TableFactor::Function { alias, .. }
            | TableFactor::UNNEST { alias, .. } => {
                relations.extend(alias.iter().map(|a| of_kind(a.name.value.to_lowercase(), Kind::Free)));
            }
            other => self.found.problems.push(format!("not understood: {other}")),
        }
    }

    /// A relation nobody knows counts as a tenant's.
    fn is_tenant(&self, table: &str) -> bool {
        self.schema.relations.get(table).is_none_or(|r| r.tenant)
    }

    fn reads_tenants(&self, query: &Query, scope: &Scope) -> bool {
        relations(query).iter().any(|r| scope.with.get(r).copied().unwrap_or_else(|| self.is_tenant(r)))
    }

    fn insert(&mut self, insert: &Insert, outer: &Scope) {
        let TableObject::TableName(table) = &insert.table else {
            return self.found.problems.push("inserts into something that is no table".into());
        };
        let table = name(table);
        if self.is_tenant(&table) && !self.gives_institution(insert, outer) {
            self.found.problems.push(format!("inserts into `{table}` without giving $1 as `institution`"));
        }
        let mut scope = outer.clone();
        scope.tied.insert(table);
        if let Some(source) = &insert.source {
            self.query(source, outer);
        }
        if let Some(returning) = &insert.returning {
            self.nested(returning, &scope);
        }
        if let Some(on) = &insert.on {
            self.nested(on, &scope);
        }
    }

    fn gives_institution(&self, insert: &Insert, outer: &Scope) -> bool {
        let Some(at) = insert.columns.iter().position(|c| name(c) == COLUMN) else { return false };
        insert.source.as_ref().is_some_and(|source| self.gives(&source.body, at, outer))
    }

    /// Whether every row of the source has the institution at that place: `$1`, or the column of a table that is
    /// judged to be tied anyway.
    fn gives(&self, body: &SetExpr, at: usize, outer: &Scope) -> bool {
        match body {
            SetExpr::Values(values) => values.rows.iter().all(|row| row.get(at).is_some_and(is_institution)),
            SetExpr::Select(select) => select.projection.get(at).is_some_and(|item| match item {
                SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                    is_institution(expr) || self.is_tied_column(expr, select, outer)
                }
                _ => false,
            }),
            SetExpr::Query(query) => self.gives(&query.body, at, outer),
            SetExpr::SetOperation { left, right, .. } => {
                self.gives(left, at, outer) && self.gives(right, at, outer)
            }
            _ => false,
        }
    }

    fn is_tied_column(&self, expr: &Expr, select: &Select, outer: &Scope) -> bool {
        let Some((of, COLUMN)) = column(expr).as_ref().map(|(of, column)| (of.clone(), column.as_str()))
        else {
            return false;
        };
        let factors = select
            .from
            .iter()
            .flat_map(|t| std::iter::once(&t.relation).chain(t.joins.iter().map(|j| &j.relation)));
        factors.into_iter().any(|factor| match factor {
            TableFactor::Table { name: table, alias, args: None, .. } => {
                let table = name(table);
                let alias = alias.as_ref().map_or_else(|| table.clone(), |a| a.name.value.to_lowercase());
                (of.is_empty() || of == alias) && !outer.with.contains_key(&table) && self.is_tenant(&table)
            }
            _ => false,
        })
    }
}

fn constraint(operator: &JoinOperator) -> Option<&JoinConstraint> {
    match operator {
        JoinOperator::Join(c)
        | JoinOperator::Inner(c)
        | JoinOperator::Left(c)
        | JoinOperator::LeftOuter(c)
        | JoinOperator::Right(c)
        | JoinOperator::RightOuter(c)
        | JoinOperator::FullOuter(c)
        | JoinOperator::CrossJoin(c) => Some(c),
        _ => None,
    }
}

/// The conditions that must all hold.
fn all_of<'e>(expr: &'e Expr, into: &mut Vec<&'e Expr>) {
    match expr {
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            all_of(left, into);
            all_of(right, into);
        }
        Expr::Nested(inner) => all_of(inner, into),
        other => into.push(other),
    }
}

fn is_institution(expr: &Expr) -> bool {
    match expr {
        Expr::Value(value) => matches!(&value.value, Value::Placeholder(p) if p == INSTITUTION_PARAMETER),
        Expr::Cast { expr, .. } | Expr::Nested(expr) => is_institution(expr),
        _ => false,
    }
}

/// `(alias, column)`; an empty alias when there is none.
fn column(expr: &Expr) -> Option<(String, String)> {
    match expr {
        Expr::Identifier(column) => Some((String::new(), column.value.to_lowercase())),
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [.., of, column] => Some((of.value.to_lowercase(), column.value.to_lowercase())),
            _ => None,
        },
        _ => None,
    }
}

/// What an equation ties. A bare `institution` is the one tenant relation of this level, when there is only one.
fn tie(condition: &Expr, only: Option<&str>, tied: &mut BTreeSet<String>) {
    let Expr::BinaryOp { left, op: BinaryOperator::Eq, right } = condition else { return };
    let side = |expr: &Expr| match column(expr) {
        Some((of, column)) if column == COLUMN && of.is_empty() => only.map(str::to_owned),
        Some((of, column)) if column == COLUMN => Some(of),
        _ => None,
    };
    match (side(left), side(right)) {
        (Some(of), None) if is_institution(right) => drop(tied.insert(of)),
        (None, Some(of)) if is_institution(left) => drop(tied.insert(of)),
        (Some(a), Some(b)) if tied.contains(&a) || tied.contains(&b) => tied.extend([a, b]),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{parse, planted};

    const SCHEMA: &str = "-- area: people\n\
        -- above tenants\nCREATE TABLE account (id INT PRIMARY KEY, institution INT);\n\
        CREATE TABLE person (institution INT, id INT, name TEXT, PRIMARY KEY (institution, id));\n\
        CREATE TABLE role (institution INT, person INT, name TEXT, PRIMARY KEY (institution, person, name));";

    fn said(sql: &str) -> String {
        let (schema, findings) = planted(&[("migrations/0001.sql", SCHEMA)]);
        assert!(findings.is_empty(), "{findings:?}");
        let statements = parse(sql).unwrap();
        statements.iter().flat_map(|s| judge(&schema, s)).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_statement_inside_one_institution_passes() {
        for fine in [
            "SELECT name FROM person WHERE institution = $1 AND id = $2",
            "SELECT name FROM person AS p WHERE p.institution = $1 AND (p.id = $2 OR p.id = $3)",
            "SELECT 1 FROM person p JOIN role r ON r.institution = p.institution AND r.person = p.id WHERE p.institution = $1",
            "SELECT 1 FROM person p LEFT JOIN role r ON r.institution = $1 AND r.person = p.id WHERE $1 = p.institution",
            "SELECT 1 FROM person p JOIN role r USING (institution) WHERE p.institution = $1",
            "SELECT id FROM person p WHERE institution = $1 AND EXISTS \
             (SELECT 1 FROM role r WHERE r.institution = p.institution AND r.person = p.id)",
            "SELECT id FROM person WHERE institution = $1 AND id IN ($2)",
            "SELECT mail FROM account WHERE id = $2",
            "WITH chosen AS (SELECT institution, id FROM person WHERE institution = $1) \
             SELECT r.name FROM role r JOIN chosen c ON c.institution = r.institution AND c.id = r.person",
            "SELECT n FROM (SELECT count(*) AS n FROM person WHERE institution = $1) AS counted",
            "INSERT INTO person (institution, id, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            "INSERT INTO role (institution, person, name) SELECT $1, id, $2 FROM person WHERE institution = $1",
            "INSERT INTO role (institution, person, name) SELECT p.institution, id, $2 FROM person p WHERE p.institution = $1",
            "UPDATE person SET name = $3 WHERE institution = $1 AND id = $2 RETURNING id",
            "DELETE FROM role WHERE institution = $1 AND person = $2",
            "SELECT id FROM person WHERE institution = $1 UNION ALL SELECT person FROM role WHERE institution = $1",
        ] {
            assert_eq!(said(fine), "", "{fine}");
        }
    }

    #[test]
    fn a_statement_that_could_leave_it_is_refused() {
        for (bad, about) in [
            ("SELECT name FROM person WHERE id = $2", "`person` is not tied"),
            ("SELECT name FROM person WHERE institution = $2 AND id = $1", "`person` is not tied"),
            ("SELECT name FROM person WHERE institution = $1 OR id = $2", "`person` is not tied"),
            ("SELECT name FROM person WHERE NOT (institution = $1)", "`person` is not tied"),
            ("SELECT name FROM person WHERE institution <> $1", "`person` is not tied"),
            (
                "SELECT 1 FROM person p JOIN role r ON r.person = p.id WHERE p.institution = $1",
                "`role` (`r`)",
            ),
            ("SELECT 1 FROM person p, role r WHERE p.institution = $1", "`role` (`r`)"),
            (
                "SELECT id FROM person WHERE institution = $1 AND id IN (SELECT person FROM role)",
                "`role` is not tied",
            ),
            ("SELECT (SELECT count(*) FROM role) FROM person WHERE institution = $1", "`role` is not tied"),
            ("WITH all_of AS (SELECT id FROM person) SELECT id FROM all_of", "`person` is not tied"),
            ("SELECT id FROM person p JOIN account a ON a.institution = p.institution", "`person` (`p`)"),
            (
                "WITH x AS (SELECT $2 AS institution) SELECT id FROM person p JOIN x ON x.institution = p.institution",
                "`p`",
            ),
            (
                "SELECT id FROM person WHERE institution = $1 UNION ALL SELECT person FROM role",
                "`role` is not tied",
            ),
            ("INSERT INTO person (id, name) VALUES ($1, $2)", "inserts into `person`"),
            ("INSERT INTO person (institution, id) VALUES ($2, $1)", "inserts into `person`"),
            ("INSERT INTO person (institution, id) VALUES ($1, $2), ($3, $4)", "inserts into `person`"),
            ("INSERT INTO person VALUES ($1, $2, $3)", "inserts into `person`"),
            (
                "INSERT INTO role (institution, person) SELECT institution, id FROM person",
                "`person` is not tied",
            ),
            ("UPDATE person SET name = $2 WHERE id = $1", "`person` is not tied"),
            ("UPDATE person SET institution = $2 WHERE institution = $1", "another institution"),
            ("UPDATE person SET name = (SELECT name FROM role) WHERE institution = $1", "`role` is not tied"),
            ("DELETE FROM person WHERE id = $1", "`person` is not tied"),
            ("SELECT a FROM unheard_of WHERE id = $1", "`unheard_of` is not tied"),
            ("CREATE TABLE x (a INT)", "is no SELECT"),
        ] {
            assert!(said(bad).contains(about), "{bad}: {}", said(bad));
        }
    }

    #[test]
    fn relations_are_those_of_the_schema() {
        let names = |sql: &str| relations(&parse(sql).unwrap()).into_iter().collect::<Vec<_>>();
        assert_eq!(
            names("WITH a AS (SELECT 1 FROM b) SELECT 1 FROM a, c WHERE x IN (SELECT 1 FROM d)"),
            ["b", "c", "d"]
        );
        assert_eq!(names("INSERT INTO a (b) SELECT value FROM json_each($2)"), ["a"]);
    }
}
