//! Domain scores with their reliability, and Haberman's rule: a subscore is worth showing only if it
//! predicts the true subscore better than the total score does.
// Loops run over the items of one table.
#![allow(clippy::indexing_slicing)]

use crate::item::Tally;
use crate::item::reliability::Products;
use crate::number::{Reason, Stat, sum};
use crate::rasch::ability::Model;
use crate::rasch::gamma::{Factor, gamma};
use crate::rasch::scalar::{Scalar, Wide};
use crate::table::Table;
use serde::Serialize;

/// One domain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DomainProfile {
    /// Name.
    pub domain: String,
    /// Number of items.
    pub items: usize,
    /// Maximum score.
    pub max: u64,
    /// Mean share of the points.
    pub mean_share: Stat,
    /// Alpha; no claim with fewer than five items.
    pub alpha: Stat,
    /// Lambda2; no claim with fewer than five items.
    pub lambda2: Stat,
    /// Standard error of measurement in points.
    pub sem: Stat,
    /// Share of the variance of the true subscore predicted by the subscore: its reliability.
    pub prmse_own: Stat,
    /// The same predicted by the total score.
    pub prmse_total: Stat,
    /// The subscore says more than the total: show it. Otherwise call it a global indication.
    pub worth_showing: bool,
    /// Scores per person.
    pub persons: Vec<DomainScore>,
}

/// The score of one person on one domain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DomainScore {
    /// Person.
    pub person: String,
    /// Points.
    pub score: u64,
    /// Share of the points.
    pub share: f64,
    /// One standard error below, as a share.
    pub low: Stat,
    /// One standard error above, as a share.
    pub high: Stat,
    /// Kelley: ρx + (1−ρ) mean, as a share.
    pub augmented: Stat,
}

/// A group on one domain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupProfile {
    /// Domain.
    pub domain: String,
    /// Group.
    pub group: String,
    /// Persons.
    pub n: usize,
    /// Mean share of the points.
    pub mean_share: Stat,
    /// Difference from the reference group.
    pub difference: Stat,
    /// Standard error of it.
    pub se: Stat,
    /// Difference in pooled standard deviations.
    pub effect: Stat,
}

/// Least number of items for a claim about reliability.
const LEAST_ITEMS: usize = 5;

fn domains(table: &Table) -> Vec<(String, Vec<usize>)> {
    let mut list: Vec<(String, Vec<usize>)> = Vec::new();
    for (j, item) in table.items().iter().enumerate() {
        let Some(domain) = &item.domain else { continue };
        match list.iter_mut().find(|(name, _)| name == domain) {
            Some((_, items)) => items.push(j),
            None => list.push((domain.clone(), vec![j])),
        }
    }
    list
}

/// The profiles of all domains named in the item list. One booklet.
#[must_use]
pub fn profiles(table: &Table) -> Vec<DomainProfile> {
    let (_, absent) = table.unreached();
    let present: Vec<usize> = (0..table.persons()).filter(|p| !absent.get(*p)).collect();
    let whole = Tally::of(table);
    let all = Products::of(whole.n, &whole.sums, &whole.cross);
    let order = whole.items();
    let one = |(domain, items): (String, Vec<usize>)| {
        let k = items.len();
        let pick: Vec<i64> = items.iter().map(|j| whole.sums[*j]).collect();
        let pairs = items.iter().flat_map(|a| items.iter().map(move |b| (*a, *b)));
        let cross: Vec<i64> = pairs.map(|(a, b)| whole.cross[a * order + b]).collect();
        let own = Products::of(whole.n, &pick, &cross);
        let claim = |s: Stat| if k < LEAST_ITEMS { Stat::Undefined(Reason::TooShort) } else { s };
        let alpha = own.alpha();
        let max: u64 = items.iter().map(|j| u64::from(table.items()[*j].max)).sum();
        let mean = pick.iter().sum::<i64>() as f64 / whole.n as f64;
        let prmse_total = match alpha {
            Stat::Known(rho) if rho > 0.0 && all.total > 0 => {
                // cov(true subscore, total) = cov(subscore, total) − error variance of the subscore.
                let with_total: i128 = items.iter().map(|j| all.with_total[*j]).sum();
                let true_covariance = with_total as f64 - own.total as f64 * (1.0 - rho);
                let bottom = rho * own.total as f64 * all.total as f64;
                Stat::ratio(true_covariance * true_covariance, bottom, Reason::NoVariance)
            }
            Stat::Known(_) => Stat::Undefined(Reason::ZeroDenominator),
            undefined @ Stat::Undefined(_) => undefined,
        };
        let sem = own.standard_error(own.lambda2());
        let better = matches!((alpha, prmse_total), (Stat::Known(own), Stat::Known(total)) if own > total);
        let score_of = |row: usize| {
            let score: u64 = items.iter().map(|j| u64::from(table.columns()[*j].get(row))).sum();
            let share = score as f64 / max as f64;
            DomainScore {
                person: table.person(row),
                score,
                share,
                low: claim(sem.map(|s| (share - s / max as f64).max(0.0))),
                high: claim(sem.map(|s| (share + s / max as f64).min(1.0))),
                augmented: claim(alpha.map(|r| {
                    let r = r.clamp(0.0, 1.0);
                    (r * score as f64 + (1.0 - r) * mean) / max as f64
                })),
            }
        };
        DomainProfile {
            domain,
            items: k,
            max,
            mean_share: Stat::ratio(mean, max as f64, Reason::NoData),
            alpha: claim(alpha),
            lambda2: claim(own.lambda2()),
            sem: claim(sem),
            prmse_own: claim(alpha),
            prmse_total: claim(prmse_total),
            worth_showing: k >= LEAST_ITEMS && better,
            persons: present.iter().map(|row| score_of(*row)).collect(),
        }
    };
    domains(table).into_iter().map(one).collect()
}

/// Groups of a label column beside a reference group, per domain. Groups with fewer than `least` persons
/// are left out (privacy).
#[must_use]
pub fn group_profiles(table: &Table, column: &str, reference: &str, least: usize) -> Vec<GroupProfile> {
    let Some(grouping) = table.grouping(column) else { return Vec::new() };
    let (_, absent) = table.unreached();
    let mut list = Vec::new();
    for (domain, items) in domains(table) {
        let max: u64 = items.iter().map(|j| u64::from(table.items()[*j].max)).sum();
        let points = |p: usize| items.iter().map(|j| u64::from(table.columns()[*j].get(p))).sum::<u64>();
        let shares = |label: &str| -> Vec<f64> {
            (0..table.persons())
                .filter(|p| !absent.get(*p))
                .filter(|p| grouping.labels.get(usize::from(grouping.codes[*p])).is_some_and(|l| l == label))
                .map(|p| points(p) as f64 / max as f64)
                .collect()
        };
        let base = shares(reference);
        for group in &grouping.labels {
            let own = shares(group);
            if own.len() < least || base.len() < least {
                continue;
            }
            let mean = |v: &[f64]| sum::mean(v).unwrap_or(0.0);
            let variance = |v: &[f64]| sum::variance(v).unwrap_or(0.0);
            let (n, m) = (own.len() as f64, base.len() as f64);
            let difference = mean(&own) - mean(&base);
            let pooled = ((n - 1.0) * variance(&own) + (m - 1.0) * variance(&base)) / (n + m - 2.0);
            list.push(GroupProfile {
                domain: domain.clone(),
                group: group.clone(),
                n: own.len(),
                mean_share: Stat::Known(mean(&own)),
                difference: Stat::Known(difference),
                se: Stat::finite((variance(&own) / n + variance(&base) / m).sqrt(), Reason::OutOfRange),
                effect: Stat::ratio(difference, pooled.sqrt(), Reason::NoVariance),
            });
        }
    }
    list
}

/// The expected score on a part of the items for every total on part and rest together, from the products
/// of their γ: E(S | t) = Σ_s s γ_s(part) γ_{t−s}(rest) / γ_t. `None` for totals that cannot occur.
#[must_use]
pub fn expected_scores(part: &Model, rest: &Model) -> Vec<Option<f64>> {
    let curve = |m: &Model| -> Vec<Wide> {
        let factor = |c: &Vec<(f64, f64)>| Factor {
            categories: c.iter().map(|(a, e)| (*a as usize, Wide::exp(*e))).collect(),
        };
        gamma(&m.items.iter().map(factor).collect::<Vec<Factor<Wide>>>())
    };
    let (own, other) = (curve(part), curve(rest));
    (0..own.len() + other.len() - 1)
        .map(|t| {
            let (mut all, mut weighted) = (Wide::ZERO, Wide::ZERO);
            for (s, g) in own.iter().enumerate().take(t + 1) {
                let Some(h) = other.get(t - s) else { continue };
                let product = g.times(*h);
                all = all.plus(product);
                weighted = weighted.plus(product.times(Wide::of(s as f64)));
            }
            (!all.is_zero()).then(|| weighted.ratio(all))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::random::Stream;
    use crate::table::read::ItemLine;

    fn two_domains(own_trait: bool) -> Table {
        let mut stream = Stream::new(6);
        let rows: Vec<Vec<Option<u16>>> = (0..1500)
            .map(|_| {
                let a = stream.normal();
                let b = if own_trait { stream.normal() } else { a };
                (0..16)
                    .map(|j| {
                        let theta: f64 = if j < 8 { a } else { b };
                        Some(u16::from(stream.uniform() < 1.0 / (1.0 + (-1.5 * theta).exp())))
                    })
                    .collect()
            })
            .collect();
        let ids: Vec<String> = (0..16).map(|j| format!("i{j}")).collect();
        let refs: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut table = Table::from_rows(&refs, &rows).unwrap();
        let line = |(j, id): (usize, &String)| ItemLine {
            id: id.clone(),
            domain: Some(if j < 8 { "read" } else { "write" }.to_owned()),
            ..Default::default()
        };
        table.describe(&ids.iter().enumerate().map(line).collect::<Vec<ItemLine>>()).unwrap();
        table
    }

    #[test]
    fn a_subscore_is_worth_showing_only_when_it_measures_something_of_its_own() {
        assert!(profiles(&two_domains(true)).iter().all(|d| d.worth_showing));
        assert!(profiles(&two_domains(false)).iter().all(|d| !d.worth_showing));
    }

    #[test]
    fn equal_items_share_the_total_evenly() {
        let items = |n: usize| Model { items: vec![vec![(1.0, 0.3)]; n], base: 0 };
        for (t, e) in expected_scores(&items(4), &items(8)).iter().enumerate() {
            assert!((e.unwrap() - t as f64 / 3.0).abs() < 1e-12);
        }
    }
}
