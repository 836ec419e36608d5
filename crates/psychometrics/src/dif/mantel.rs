//! Mantel–Haenszel DIF for items scored 0 and 1, with purification and the ETS classes.

use super::stratum::{Matcher, Members, Stratum};
use crate::number::distribution::{chi_square_above, normal_quantile};
use crate::number::{Reason, Stat};
use crate::table::Table;
use serde::Serialize;

/// The classes of the Educational Testing Service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum DifClass {
    /// Negligible: |Δ| below 1 or not significant.
    A,
    /// In between.
    B,
    /// Large: |Δ| at least 1.5 and significantly above 1.
    C,
}

/// DIF of one item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemDif {
    /// Item.
    pub item: String,
    /// Common odds ratio of the reference group against the focal group.
    pub alpha: Stat,
    /// −2.35 ln α: negative means harder for the focal group.
    pub delta: Stat,
    /// Standard error of Δ.
    pub delta_se: Stat,
    /// Variance of ln α (Phillips and Holland).
    pub log_variance: Stat,
    /// Ends of the 95 % interval of α.
    pub low: Stat,
    /// Upper end.
    pub high: Stat,
    /// χ² with continuity correction (none when |ΣA − ΣE| is below a half).
    pub chi_square: Stat,
    /// p-value of it.
    pub p: Stat,
    /// χ² without correction.
    pub chi_square_plain: Stat,
    /// p-value of it.
    pub p_plain: Stat,
    /// ΣA − ΣE.
    pub difference: f64,
    /// ΣV.
    pub variance: f64,
    /// ETS class.
    pub class: Option<DifClass>,
    /// Significant at 5 %.
    pub flagged: bool,
}

/// A Mantel–Haenszel analysis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MantelHaenszel {
    /// Focal group.
    pub focal: String,
    /// Reference group.
    pub reference: String,
    /// Persons in the focal group.
    pub focal_n: usize,
    /// Persons in the reference group.
    pub reference_n: usize,
    /// Items, matched on the total of all items.
    pub items: Vec<ItemDif>,
    /// Items, matched on the total without flagged items; `None` when not asked for.
    pub purified: Option<Vec<ItemDif>>,
    /// Rounds of purification.
    pub rounds: usize,
    /// Items with other scores than 0 and 1: see the polytomous analysis.
    pub skipped: Vec<String>,
}

/// Level at which an item counts as flagged.
const LEVEL: f64 = 0.05;
/// Purification stops here even when the set still changes.
const ROUNDS: usize = 10;

/// Analyses all items scored 0 and 1. The matching score is the total including the studied item.
#[must_use]
pub fn mantel_haenszel(table: &Table, members: &Members, purify: bool) -> MantelHaenszel {
    let matcher = Matcher::new(table, members);
    let k = table.items().len();
    let binary: Vec<bool> = table
        .items()
        .iter()
        .zip(table.columns())
        .map(|(i, c)| i.max <= 1 && c.max(table.persons()) <= 1)
        .collect();
    let strata = matcher.split(&vec![true; k]);
    let items = all(table, &strata, &binary, |_| None);
    let (purified, rounds) = if purify { purification(table, &matcher, &binary, &items) } else { (None, 0) };
    let count = |focal: bool| members.of.iter().filter(|m| **m == Some(focal)).count();
    MantelHaenszel {
        focal: members.focal.clone(),
        reference: members.reference.clone(),
        focal_n: count(true),
        reference_n: count(false),
        items,
        purified,
        rounds,
        skipped: table.items().iter().zip(&binary).filter(|(_, b)| !**b).map(|(i, _)| i.id.clone()).collect(),
    }
}

fn all(
    table: &Table,
    strata: &[Stratum],
    binary: &[bool],
    special: impl Fn(usize) -> Option<Vec<Stratum>>,
) -> Vec<ItemDif> {
    table
        .items()
        .iter()
        .enumerate()
        .filter(|(j, _)| binary.get(*j) == Some(&true))
        .map(|(j, item)| match special(j) {
            Some(own) => one(&item.id, &own, j),
            None => one(&item.id, strata, j),
        })
        .collect()
}

fn purification(
    table: &Table,
    matcher: &Matcher<'_>,
    binary: &[bool],
    first: &[ItemDif],
) -> (Option<Vec<ItemDif>>, usize) {
    let k = table.items().len();
    let flags_of = |items: &[ItemDif]| -> Vec<bool> {
        let mut results = items.iter();
        (0..k).map(|j| binary.get(j) == Some(&true) && results.next().is_some_and(|r| r.flagged)).collect()
    };
    let mut flagged = flags_of(first);
    let mut now = first.to_vec();
    for round in 1..=ROUNDS {
        let clean: Vec<bool> = flagged.iter().map(|f| !f).collect();
        let strata = matcher.split(&clean);
        now = all(table, &strata, binary, |j| {
            // A flagged item is matched on the clean items and itself.
            (flagged.get(j) == Some(&true)).then(|| {
                let mut own = clean.clone();
                if let Some(slot) = own.get_mut(j) {
                    *slot = true;
                }
                matcher.split(&own)
            })
        });
        let next = flags_of(&now);
        if next == flagged {
            return (Some(now), round);
        }
        flagged = next;
    }
    (Some(now), ROUNDS)
}

fn one(id: &str, strata: &[Stratum], j: usize) -> ItemDif {
    let (mut ad, mut bc) = (Vec::new(), Vec::new());
    let (mut difference, mut variance) = (Vec::new(), Vec::new());
    let mut cells = Vec::new();
    for s in strata {
        let [n_reference, n_focal] = s.n.map(|n| n as f64);
        let [a, c] = [0, 1].map(|g| s.sums.get(g).and_then(|v| v.get(j)).map_or(0.0, |v| *v as f64));
        let (b, d) = (n_reference - a, n_focal - c);
        let total = n_reference + n_focal;
        let right = a + c;
        let wrong = b + d;
        // One person, one group, or no variance: such a stratum says nothing.
        if total < 2.0 || n_reference == 0.0 || n_focal == 0.0 || right == 0.0 || wrong == 0.0 {
            continue;
        }
        ad.push(a * d / total);
        bc.push(b * c / total);
        difference.push(a - n_reference * right / total);
        variance.push(n_reference * n_focal * right * wrong / (total * total * (total - 1.0)));
        cells.push((a, b, c, d, total));
    }
    let sum = |values: Vec<f64>| crate::number::sum::accurate(values);
    let (top, bottom) = (sum(ad), sum(bc));
    let (difference, variance) = (sum(difference), sum(variance));
    let alpha = Stat::ratio(top, bottom, Reason::ZeroDenominator);
    let log_variance = match alpha {
        Stat::Known(alpha) if top > 0.0 => {
            let sum = crate::number::sum::accurate(
                cells
                    .iter()
                    .map(|(a, b, c, d, t)| (a * d + alpha * b * c) * (a + d + alpha * (b + c)) / (t * t)),
            );
            Stat::finite(sum / (2.0 * top * top), Reason::OutOfRange)
        }
        Stat::Known(_) => Stat::Undefined(Reason::ZeroDenominator),
        undefined @ Stat::Undefined(_) => undefined,
    };
    let delta = match alpha {
        Stat::Known(alpha) if alpha > 0.0 => Stat::Known(-2.35 * alpha.ln()),
        Stat::Known(_) => Stat::Undefined(Reason::ZeroDenominator),
        undefined @ Stat::Undefined(_) => undefined,
    };
    let delta_se = log_variance.map(|v| 2.35 * v.sqrt());
    let chi = |correction: f64| {
        Stat::ratio((difference.abs() - correction).powi(2), variance, Reason::ZeroDenominator)
    };
    let chi_square = chi(if difference.abs() < 0.5 { 0.0 } else { 0.5 });
    let chi_square_plain = chi(0.0);
    let z = normal_quantile(0.975);
    let end = |sign: f64| match (alpha, log_variance) {
        (Stat::Known(a), Stat::Known(v)) => {
            Stat::finite((a.ln() + sign * z * v.sqrt()).exp(), Reason::OutOfRange)
        }
        _ => Stat::Undefined(Reason::ZeroDenominator),
    };
    let p = chi_square.map(|x| chi_square_above(x, 1.0));
    let flagged = p.value().is_some_and(|p| p < LEVEL);
    ItemDif {
        item: id.to_owned(),
        alpha,
        delta,
        delta_se,
        log_variance,
        low: end(-1.0),
        high: end(1.0),
        chi_square,
        p,
        chi_square_plain,
        p_plain: chi_square_plain.map(|x| chi_square_above(x, 1.0)),
        difference,
        variance,
        class: class(delta, delta_se, flagged),
        flagged,
    }
}

fn class(delta: Stat, se: Stat, significant: bool) -> Option<DifClass> {
    let (size, se) = (delta.value()?.abs(), se.value()?);
    Some(if size < 1.0 || !significant {
        DifClass::A
    } else if size >= 1.5 && (size - 1.0) / se > normal_quantile(0.95) {
        DifClass::C
    } else {
        DifClass::B
    })
}
