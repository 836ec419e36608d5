//! Everything about one test in one typed result: the analysis of each booklet with what follows from it.

use super::advice::{Advice, advise};
use super::language::Language;
use crate::cut::{Classification, WhatIf, livingston_lewis, what_if};
use crate::domain::{DomainProfile, GroupProfile, expected_scores, group_profiles, profiles};
use crate::item::analyse::{Analysis, BookletAverages, Settings, analyse, average};
use crate::item::glb::{GreatestLowerBound, greatest_lower_bound};
use crate::item::reliability::Products;
use crate::item::tally::Tally;
use crate::item::time::{ItemTimes, item_times};
use crate::number::stat::collect_undefined;
use crate::number::{Reason, Stat};
use crate::rasch::Calibration;
use crate::rasch::ability::Model;
use crate::table::score::Neutralised;
use crate::table::{Table, Times};
use serde::Serialize;

/// What to report beside the analysis.
#[derive(Debug, Clone)]
pub struct Request {
    /// Cut, norm length and limits.
    pub settings: Settings,
    /// Label column for pass rates and domain profiles per group.
    pub group: Option<String>,
    /// Group the others are compared with; the largest one if not named.
    pub reference: Option<String>,
    /// Answer times.
    pub times: Option<Times>,
    /// Items that were taken out or given to everybody before the analysis.
    pub neutralised: Vec<(String, Neutralised)>,
    /// Language of the advice.
    pub language: Language,
}

/// Everything about a test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestReport {
    /// Booklet by booklet; totals of different booklets are never pooled.
    pub booklets: Vec<BookletReport>,
    /// Averages over booklets.
    pub averages: BookletAverages,
    /// Rows left out because the person had an earlier row in the same sitting.
    pub repeated_rows: usize,
    /// Items that were neutralised, and how.
    pub neutralised: Vec<(String, Neutralised)>,
    /// Limits of the flags.
    pub limits: crate::item::advise::Thresholds,
}

/// Everything about one booklet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BookletReport {
    /// The analysis.
    #[serde(flatten)]
    pub analysis: Analysis,
    /// Advice on the flagged items.
    pub advice: Vec<ItemAdvice>,
    /// The greatest lower bound to reliability; left out for more than 120 items.
    pub greatest_lower_bound: Option<GreatestLowerBound>,
    /// Labels of the groups in `what_if`.
    pub groups: Vec<String>,
    /// What each cut would do.
    pub what_if: Vec<WhatIf>,
    /// How often the cut puts people on the right side (Livingston–Lewis), or why that cannot be said.
    pub classification: Option<Result<Classification, Reason>>,
    /// Domains of the item list.
    pub domains: Vec<DomainProfile>,
    /// Expected domain score for every total, under the calibration.
    pub expected: Vec<ExpectedScores>,
    /// Groups beside the reference group.
    pub group_profiles: Vec<GroupProfile>,
    /// Answer times.
    pub times: Vec<ItemTimes>,
}

/// Advice on one item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemAdvice {
    /// Item.
    pub item: String,
    /// Advice on each of its flags.
    pub advice: Vec<Advice>,
}

/// What persons with each total score on average on a domain, if the model holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExpectedScores {
    /// Domain.
    pub domain: String,
    /// Per total from 0; `None` for totals that cannot occur.
    pub by_total: Vec<Option<f64>>,
}

/// The bound takes an inverse per step: beyond this many items it is no longer worth waiting for.
const MOST_ITEMS_FOR_BOUND: usize = 120;

impl TestReport {
    /// Reports on a table. A calibration adds the expected domain scores.
    #[must_use]
    pub fn of(table: &Table, request: &Request, calibration: Option<&Calibration>) -> Self {
        let booklets: Vec<BookletReport> = table
            .booklets()
            .iter()
            .map(|b| {
                let whole = b.items.len() == table.items().len() && b.rows.len() == table.persons();
                let times = request.times.as_ref();
                if whole {
                    booklet(&b.id, table, times, request, calibration)
                } else {
                    let times = times.map(|t| t.part(&b.items, &b.rows));
                    booklet(&b.id, &table.part(&b.items, &b.rows), times.as_ref(), request, calibration)
                }
            })
            .collect();
        TestReport {
            averages: average(booklets.iter().map(|b| &b.analysis.test)),
            booklets,
            repeated_rows: table.repeated(),
            neutralised: request.neutralised.clone(),
            limits: request.settings.thresholds.clone(),
        }
    }
}

fn booklet(
    id: &str,
    table: &Table,
    times: Option<&Times>,
    request: &Request,
    calibration: Option<&Calibration>,
) -> BookletReport {
    let tally = Tally::of(table);
    let mut analysis = analyse(id, &tally, &request.settings);
    let limits = &request.settings.thresholds;
    let advice = analysis
        .items
        .iter()
        .filter(|i| !i.flags.is_empty())
        .map(|i| ItemAdvice { item: i.id.clone(), advice: advise(i, limits, request.language) })
        .collect();
    let products = Products::of(tally.n, &tally.sums, &tally.cross);
    let bound = (tally.n >= 2 && products.kept.len() <= MOST_ITEMS_FOR_BOUND)
        .then(|| greatest_lower_bound(&products.covariances(), tally.n));
    let t = &analysis.test;
    let least = usize::try_from(limits.hide_below).unwrap_or(0);
    let (groups, what_if) = match (t.sem, t.lambda2) {
        (Stat::Known(sem), Stat::Known(rho)) => {
            let (scores, codes, labels) = scores_and_groups(table, request.group.as_deref());
            let table = what_if(&scores, &codes, labels.len(), t.max_possible, sem, rho);
            (labels, table)
        }
        _ => (Vec::new(), Vec::new()),
    };
    let classification = t.cut.map(|cut| match (t.mean, t.variance, t.lambda2) {
        (Stat::Known(mean), Stat::Known(variance), Stat::Known(rho)) => {
            livingston_lewis(mean, variance, rho, t.max_possible as f64, cut as f64)
        }
        (_, _, Stat::Undefined(reason))
        | (_, Stat::Undefined(reason), _)
        | (Stat::Undefined(reason), _, _) => Err(reason),
    });
    let domains = profiles(table);
    let group_profiles = match &request.group {
        None => Vec::new(),
        Some(column) => {
            let reference = request.reference.clone().or_else(|| largest(table, column));
            reference.map_or_else(Vec::new, |r| group_profiles(table, column, &r, least))
        }
    };
    let times = times.map_or_else(Vec::new, |t| item_times(table, t));
    let list = &mut analysis.undefined;
    if let Some(bound) = &bound {
        collect_undefined(list, "test", &[("greatest_lower_bound", bound.value)]);
    }
    for d in &domains {
        let place = format!("domain {}", d.domain);
        let named = [
            ("alpha", d.alpha),
            ("lambda2", d.lambda2),
            ("sem", d.sem),
            ("prmse_own", d.prmse_own),
            ("prmse_total", d.prmse_total),
        ];
        collect_undefined(list, &place, &named);
    }
    for g in &group_profiles {
        let place = format!("domain {} group {}", g.domain, g.group);
        collect_undefined(list, &place, &[("se", g.se), ("effect", g.effect)]);
    }
    for t in &times {
        let named = [
            ("median", t.times.median),
            ("rapid_share", t.times.rapid_share),
            ("log_time_score", t.times.log_time_score),
        ];
        collect_undefined(list, &format!("{} time", t.item), &named);
    }
    BookletReport {
        advice,
        greatest_lower_bound: bound,
        groups,
        what_if,
        classification,
        expected: calibration.map_or_else(Vec::new, |c| expected(table, &domains, c)),
        domains,
        group_profiles,
        times,
        analysis,
    }
}

/// The total of every person present, the index of their group, and the labels.
fn scores_and_groups(table: &Table, column: Option<&str>) -> (Vec<u64>, Vec<Option<usize>>, Vec<String>) {
    let (_, absent) = table.unreached();
    let grouping = column.and_then(|name| table.grouping(name));
    let labels = grouping.map_or_else(Vec::new, |g| g.labels.clone());
    let mut totals = vec![0_u64; table.persons()];
    for column in table.columns() {
        for (person, total) in totals.iter_mut().enumerate() {
            *total += u64::from(column.get(person));
        }
    }
    let code = |row: usize| {
        let code = grouping?.codes.get(row).copied()?;
        (code != u16::MAX).then_some(usize::from(code))
    };
    let (scores, codes) = totals
        .into_iter()
        .enumerate()
        .filter(|(row, _)| !absent.get(*row))
        .map(|(row, total)| (total, code(row)))
        .unzip();
    (scores, codes, labels)
}

/// The label most persons have.
fn largest(table: &Table, column: &str) -> Option<String> {
    let grouping = table.grouping(column)?;
    let size = |at: usize| grouping.codes.iter().filter(|c| usize::from(**c) == at).count();
    let at = (0..grouping.labels.len()).max_by_key(|at| (size(*at), std::cmp::Reverse(*at)))?;
    grouping.labels.get(at).cloned()
}

fn expected(table: &Table, domains: &[DomainProfile], calibration: &Calibration) -> Vec<ExpectedScores> {
    let model_of = |inside: &dyn Fn(Option<&str>) -> bool| {
        let names: Vec<String> =
            table.items().iter().filter(|i| inside(i.domain.as_deref())).map(|i| i.id.clone()).collect();
        Model::of(calibration, &names)
    };
    domains
        .iter()
        .filter_map(|d| {
            let part = model_of(&|domain| domain == Some(d.domain.as_str()));
            let rest = model_of(&|domain| domain != Some(d.domain.as_str()));
            // Items that could not be calibrated would shift the totals: then there is nothing to expect.
            let used = part.items.len() + rest.items.len();
            (used == table.items().len() && part.base + rest.base == 0)
                .then(|| ExpectedScores { domain: d.domain.clone(), by_total: expected_scores(&part, &rest) })
        })
        .collect()
}
