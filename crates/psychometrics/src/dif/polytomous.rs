//! DIF for items with more than two scores: Mantel's χ² on the mean scores, and the standardised mean
//! difference. On items scored 0 and 1 Mantel's χ² equals the uncorrected Mantel–Haenszel one.

use super::mantel::DifClass;
use super::stratum::{Matcher, Members};
use crate::number::distribution::chi_square_above;
use crate::number::{Reason, Stat, sum};
use crate::table::Table;
use serde::Serialize;

/// DIF of one item with any whole scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PolytomousDif {
    /// Item.
    pub item: String,
    /// Mantel's χ² with one degree of freedom.
    pub chi_square: Stat,
    /// p-value.
    pub p: Stat,
    /// Mean score of the focal group minus that of the reference group at equal totals, weighted by the
    /// focal group: positive means easier for the focal group.
    pub smd: Stat,
    /// The same divided by the standard deviation of the item.
    pub effect: Stat,
    /// ETS class for items of more than one point: A when not significant (5 %) or |effect| is at most 0.17,
    /// C when it is above 0.25, B in between.
    pub class: Option<DifClass>,
}

fn class(p: Stat, effect: Stat) -> Option<DifClass> {
    let (p, size) = (p.value()?, effect.value()?.abs());
    Some(match (p < 0.05, size) {
        (true, s) if s > 0.25 => DifClass::C,
        (true, s) if s > 0.17 => DifClass::B,
        _ => DifClass::A,
    })
}

/// Analyses all items; the matching score is the total including the studied item.
#[must_use]
pub fn polytomous(table: &Table, members: &Members) -> Vec<PolytomousDif> {
    let strata = Matcher::new(table, members).split(&vec![true; table.items().len()]);
    table
        .items()
        .iter()
        .enumerate()
        .map(|(j, item)| {
            let at = |list: &[i64]| list.get(j).map_or(0.0, |v| *v as f64);
            let (mut gaps, mut variances, mut weighted, mut weight) = (vec![], vec![], vec![], 0.0);
            let (mut n, mut all, mut squares) = (0.0, 0.0, 0.0);
            for s in &strata {
                let [n_reference, n_focal] = s.n.map(|n| n as f64);
                let (reference, focal) =
                    (s.sums.first().map_or(0.0, |v| at(v)), s.sums.last().map_or(0.0, |v| at(v)));
                let total = n_reference + n_focal;
                n += total;
                all += reference + focal;
                squares += at(&s.squares);
                if n_reference == 0.0 || n_focal == 0.0 {
                    continue;
                }
                let both = reference + focal;
                gaps.push(focal - n_focal * both / total);
                variances.push(
                    n_reference * n_focal * (total * at(&s.squares) - both * both)
                        / (total * total * (total - 1.0)),
                );
                weighted.push(n_focal * (focal / n_focal - reference / n_reference));
                weight += n_focal;
            }
            let gap = sum::accurate(gaps);
            let chi_square = Stat::ratio(gap * gap, sum::accurate(variances), Reason::ZeroDenominator);
            let smd = Stat::ratio(sum::accurate(weighted), weight, Reason::NoData);
            let sd = ((squares - all * all / n) / (n - 1.0)).sqrt();
            let p = chi_square.map(|x| chi_square_above(x, 1.0));
            let effect = match smd {
                Stat::Known(v) if sd > 0.0 => Stat::finite(v / sd, Reason::OutOfRange),
                Stat::Known(_) => Stat::Undefined(Reason::NoVariance),
                undefined @ Stat::Undefined(_) => undefined,
            };
            PolytomousDif { item: item.id.clone(), chi_square, p, smd, effect, class: class(p, effect) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::mantel_haenszel;
    use super::*;
    use crate::number::random::Stream;

    fn table(scores: u16, dif: f64) -> (Table, Members) {
        let mut stream = Stream::new(17);
        let mut rows = Vec::new();
        let mut of = Vec::new();
        for person in 0..800 {
            let focal = person % 2 == 1;
            let theta = stream.normal();
            let row = (0..8)
                .map(|j| {
                    let shift = if j == 2 && focal { dif } else { 0.0 };
                    let p = 1.0 / (1.0 + (-(theta - shift)).exp());
                    Some((0..scores).map(|_| u16::from(stream.uniform() < p)).sum())
                })
                .collect();
            rows.push(row);
            of.push(Some(focal));
        }
        let ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let members = Members { focal: "f".into(), reference: "r".into(), of };
        (Table::from_rows(&ids, &rows).unwrap(), members)
    }

    #[test]
    fn on_right_or_wrong_items_it_is_mantel_haenszel_without_correction() {
        let (table, members) = table(1, 0.7);
        let plain = mantel_haenszel(&table, &members, false);
        for (a, b) in polytomous(&table, &members).iter().zip(&plain.items) {
            let (x, y) = (a.chi_square.value().unwrap(), b.chi_square_plain.value().unwrap());
            assert!((x - y).abs() < 1e-10 * (1.0 + y), "{x} {y}");
        }
    }

    #[test]
    fn a_harder_item_for_the_focal_group_stands_out() {
        let (table, members) = table(3, 0.8);
        let found = polytomous(&table, &members);
        assert!(found[2].smd.value().unwrap() < -0.2);
        assert!(found[2].p.value().unwrap() < 1e-6);
        assert_eq!(found[2].class, Some(DifClass::C));
        assert!(
            found
                .iter()
                .enumerate()
                .filter(|(j, _)| *j != 2)
                .all(|(_, d)| d.smd.value().unwrap().abs() < 0.2)
        );
    }
}
