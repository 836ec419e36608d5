//! Markers: our values where irr, psych, scikit-learn, krippendorff, irrCAC, pingouin and lme4 put theirs.
// Loops run over markers.
#![allow(clippy::indexing_slicing)]

use super::expect::{Expectations, Tolerance};
use super::texts;
use crate::marker::correlation::{Coefficient, IntraClass};
use crate::marker::pair::{Kappa, PairAgreement};
use crate::marker::{
    Level, Ratings, components_of_variance, fleiss, gwet_ac1, intra_class, krippendorff, pair_agreement,
    severity,
};
use crate::number::distribution::{f_above, f_quantile};
use crate::number::{Reason, Stat};
use serde_json::Value;

const EXACT: Tolerance = Tolerance::Exact;
const FINE: Tolerance = Tolerance::Absolute(1e-10);
const TEST: Tolerance = Tolerance::Relative(1e-7);
/// Golden values rounded to five digits.
const FIVE: Tolerance = Tolerance::Absolute(6e-6);
/// Golden values rounded to two digits.
const TWO: Tolerance = Tolerance::Absolute(5.1e-3);

pub(super) fn expect(golden: &Value, ratings: &Ratings, all: &mut Expectations) {
    all.put("n", "n", EXACT, Some(ratings.objects.len() as f64));
    all.put("raters", "number of markers", EXACT, Some(ratings.markers.len() as f64));
    let grid = ratings.grid();
    let pair = |a: &str, b: &str| -> Option<(PairAgreement, PairAgreement)> {
        // R replaces signs in column names by dots; the file may have them as they are.
        let place = |name: &str| ratings.markers.iter().position(|m| m == name);
        let (i, j) = (place(a)?, place(b)?);
        let pairs: Vec<(f64, f64)> = grid.iter().filter_map(|row| Some((row[i]?, row[j]?))).collect();
        Some((pair_agreement(a, b, &pairs), pair_agreement(a, b, &ranked(&pairs))))
    };
    for (index, part) in golden.get("pairs").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let names = texts(part.get("raters"));
        if let Some((own, by_rank)) = names.first().zip(names.get(1)).and_then(|(a, b)| pair(a, b)) {
            expect_pair(&format!("pairs/{index}"), &own, &by_rank, all);
        }
    }
    for root in ["sklearn_kappa", "exact_weighted_kappa"] {
        for (index, part) in golden.get(root).and_then(Value::as_array).into_iter().flatten().enumerate() {
            let names = texts(part.get("pair"));
            if let Some((own, by_rank)) = names.first().zip(names.get(1)).and_then(|(a, b)| pair(a, b)) {
                let p = if root == "sklearn_kappa" { by_rank } else { own };
                all.put(format!("{root}/{index}/unweighted"), "kappa", FINE, p.kappa.value.value());
                all.put(
                    format!("{root}/{index}/linear"),
                    "kappa, linear",
                    FINE,
                    p.kappa_linear.value.value(),
                );
                all.put(
                    format!("{root}/{index}/quadratic"),
                    "kappa, quadratic",
                    FINE,
                    p.kappa_quadratic.value.value(),
                );
            }
        }
    }
    let f = fleiss(ratings);
    all.put("fleiss/value", "Fleiss kappa", FINE, f.value.value());
    all.put("fleiss/z", "Fleiss kappa z", TEST, f.z.value());
    for (name, level) in
        [("nominal", Level::Nominal), ("ordinal", Level::Ordinal), ("interval", Level::Interval)]
    {
        let value = krippendorff(ratings, level).value();
        all.put(format!("krippendorff_alpha_{name}"), "Krippendorff alpha", FINE, value);
    }
    let g = gwet_ac1(ratings);
    all.put("irrCAC_gwet_ac1/coefficient_value", "Gwet AC1 (5 digits in golden)", FIVE, g.value.value());
    all.put("irrCAC_gwet_ac1/se", "Gwet AC1 SE (5 digits in golden)", FIVE, g.se.value());
    if let Some(icc) = ratings.complete().and_then(|rows| intra_class(&rows)) {
        expect_icc(golden, &icc, all);
    }
    expect_severity(golden, ratings, all);
}

/// The same pairs with values replaced by their rank among the values that occur: irr, psych and
/// scikit-learn weigh disagreements by the place of a class, so a score nobody gave shortens the distance.
/// We (and the exact reference) weigh by real distances.
fn ranked(pairs: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut values: Vec<f64> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let rank = |v: f64| values.iter().position(|w| *w == v).unwrap_or(0) as f64;
    pairs.iter().map(|(a, b)| (rank(*a), rank(*b))).collect()
}

fn expect_pair(path: &str, p: &PairAgreement, by_rank: &PairAgreement, all: &mut Expectations) {
    let percent = |s: crate::number::Stat| s.map(|v| 100.0 * v).value();
    all.put(format!("{path}/exact_percent"), "exact agreement", FINE, percent(p.exact));
    all.put(format!("{path}/within1_percent"), "agreement within one", FINE, percent(p.within_one));
    let mut kappa = |name: &str, statistic: &'static str, k: &Kappa| {
        all.put(format!("{path}/{name}/value"), statistic, FINE, k.value.value());
        all.put(format!("{path}/{name}/z"), "kappa z", TEST, k.z.value());
        // irr computes the p-value as 2(1 − Φ(z)), which keeps sixteen decimals and not sixteen digits.
        all.put(format!("{path}/{name}/p"), "kappa p-value", Tolerance::Absolute(1e-13), k.p.value());
    };
    kappa("kappa2_unweighted", "kappa", &p.kappa);
    kappa("kappa2_equal", "kappa, linear (class ranks)", &by_rank.kappa_linear);
    kappa("kappa2_squared", "kappa, quadratic (class ranks)", &by_rank.kappa_quadratic);
    all.put(format!("{path}/psych/kappa"), "kappa", FINE, p.kappa.value.value());
    all.put(
        format!("{path}/psych/weighted_kappa_quadratic"),
        "kappa, quadratic (class ranks)",
        FINE,
        by_rank.kappa_quadratic.value.value(),
    );
    all.put(format!("{path}/mean_difference"), "mean difference", FINE, p.mean_difference.value());
    all.put(format!("{path}/sd_difference"), "sd of differences", FINE, p.sd_difference.value());
    all.put(format!("{path}/pearson"), "correlation of markers", FINE, p.correlation.value());
}

fn expect_icc(golden: &Value, icc: &IntraClass, all: &mut Expectations) {
    let one = (&icc.one_single, &icc.one_average);
    let agreement = (&icc.agreement_single, &icc.agreement_average);
    let consistency = (&icc.consistency_single, &icc.consistency_average);
    for (name, (single, average)) in [
        ("oneway_consistency", one),
        ("oneway_agreement", one),
        ("twoway_consistency", consistency),
        ("twoway_agreement", agreement),
    ] {
        for (unit, c) in [("single", single), ("average", average)] {
            let path = format!("irr_icc_{name}_{unit}");
            let adapted;
            let c = if name == "twoway_agreement" && unit == "average" {
                adapted = irr_average_agreement(icc, c);
                &adapted
            } else {
                c
            };
            all.put(format!("{path}/value"), "ICC", FINE, c.value.value());
            all.put(format!("{path}/F"), "ICC F", TEST, c.f.value());
            all.put(format!("{path}/p"), "ICC p-value", P_VALUE, c.p.value());
            all.put(format!("{path}/lo"), "ICC interval", FINE, c.low.value());
            all.put(format!("{path}/hi"), "ICC interval", FINE, c.high.value());
        }
    }
    let six = [one.0, agreement.0, consistency.0, one.1, agreement.1, consistency.1];
    // psych and pingouin test absolute agreement with the degrees of freedom of consistency.
    let tested = [one.0, consistency.0, consistency.0, one.1, consistency.1, consistency.1];
    let types = texts(golden.pointer("/psych_ICC/type"));
    let order = ["ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"];
    for (index, name) in types.iter().enumerate() {
        let Some(at) = order.iter().position(|o| o == name) else { continue };
        let put = |column: &str| format!("psych_ICC/{column}/{index}");
        all.put(put("ICC"), "ICC", FINE, six[at].value.value());
        all.put(put("F"), "ICC F", TEST, six[at].f.value());
        all.put(put("df1"), "ICC degrees of freedom", EXACT, Some(tested[at].df1));
        all.put(put("df2"), "ICC degrees of freedom", EXACT, Some(tested[at].df2));
        all.put(put("p"), "ICC p-value", P_VALUE, tested[at].p.value());
        all.put(put("lower bound"), "ICC interval", FINE, six[at].low.value());
        all.put(put("upper bound"), "ICC interval", FINE, six[at].high.value());
    }
    let pingouin = ["ICC(1,1)", "ICC(A,1)", "ICC(C,1)", "ICC(1,k)", "ICC(A,k)", "ICC(C,k)"];
    let older = ["ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"];
    for (index, part) in
        golden.get("pingouin_icc").and_then(Value::as_array).into_iter().flatten().enumerate()
    {
        let name = part.get("Type").and_then(Value::as_str).unwrap_or_default();
        let Some(at) =
            pingouin.iter().position(|p| *p == name).or_else(|| older.iter().position(|p| *p == name))
        else {
            continue;
        };
        let put = |column: &str| format!("pingouin_icc/{index}/{column}");
        let own: &Coefficient = six[at];
        all.put(put("ICC"), "ICC", FINE, own.value.value());
        all.put(put("F"), "ICC F", TEST, own.f.value());
        all.put(put("df1"), "ICC degrees of freedom", EXACT, Some(tested[at].df1));
        all.put(put("df2"), "ICC degrees of freedom", EXACT, Some(tested[at].df2));
        all.put(put("pval"), "ICC p-value", P_VALUE, tested[at].p.value());
        all.put(put("CI95/0"), "ICC interval (2 digits in golden)", TWO, own.low.value());
        all.put(put("CI95/1"), "ICC interval (2 digits in golden)", TWO, own.high.value());
    }
}

/// irr takes the degrees of freedom of ICC(A,k) from k times the coefficient, as if it were the single one;
/// McGraw and Wong, psych, pingouin and we do not. This is irr's version, for comparison only.
fn irr_average_agreement(icc: &IntraClass, own: &Coefficient) -> Coefficient {
    let mut c = *own;
    if let (Some(value), Some(m)) = (own.value.value(), icc.squares) {
        let share = m.k * value / (m.n * (1.0 - value));
        let b = 1.0 + share * (m.n - 1.0);
        let v = (share * m.markers + b * m.residual).powi(2)
            / ((share * m.markers).powi(2) / (m.k - 1.0)
                + (b * m.residual).powi(2) / ((m.n - 1.0) * (m.k - 1.0)));
        let upper = f_quantile(0.975, m.n - 1.0, v);
        let lower = f_quantile(0.975, v, m.n - 1.0);
        let low =
            m.n * (m.objects - upper * m.residual) / (upper * (m.markers - m.residual) + m.n * m.objects);
        let high =
            m.n * (lower * m.objects - m.residual) / (m.markers - m.residual + m.n * lower * m.objects);
        c.df2 = v;
        c.p = own.f.map(|f| f_above(f, m.n - 1.0, v));
        c.low = Stat::finite(low, Reason::OutOfRange);
        c.high = Stat::finite(high, Reason::OutOfRange);
    }
    c
}

/// Packages print 0 for p-values under their smallest number.
const P_VALUE: Tolerance = Tolerance::Absolute(1e-12);

fn expect_severity(golden: &Value, ratings: &Ratings, all: &mut Expectations) {
    if golden.get("severity").is_none() {
        return;
    }
    if let Ok(found) = severity(ratings) {
        for (index, name) in texts(golden.pointer("/severity/fixed_two_way/marker")).iter().enumerate() {
            let marker = found.markers.iter().find(|m| &m.marker == name);
            let path = "severity/fixed_two_way";
            all.put(format!("{path}/effect/{index}"), "marker severity", FINE, marker.map(|m| m.effect));
            all.put(format!("{path}/se/{index}"), "marker severity SE", FINE, marker.map(|m| m.se));
        }
        all.put("severity/residual_sd", "residual sd of markings", FINE, Some(found.residual_sd));
    }
    if let Some(found) = components_of_variance(ratings) {
        for (index, name) in texts(golden.pointer("/severity/lme4_REML/component")).iter().enumerate() {
            let value = match name.as_str() {
                "id" => found.script,
                "r" => found.marker,
                _ => found.residual,
            };
            all.put(
                format!("severity/lme4_REML/variance/{index}"),
                "variance components (REML)",
                Tolerance::Relative(1e-4),
                Some(value),
            );
        }
    }
}
