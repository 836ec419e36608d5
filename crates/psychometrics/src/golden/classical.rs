//! Classical test theory: our values at the places where psych, CTT, dexter, base R and the exact
//! reference put theirs.
// Loops run over the items of one table.
#![allow(clippy::indexing_slicing)]

use super::expect::{Expectations, Tolerance};
use super::texts;
use crate::item::analyse::{Analysis, Settings, analyse};
use crate::item::reliability::{Products, Standardised, standardised};
use crate::item::{ItemStatistics, Tally};
use crate::number::distribution::{normal_density, normal_quantile};
use crate::number::{Matrix, Stat};
use crate::table::Table;
use serde_json::Value;

const EXACT: Tolerance = Tolerance::Exact;
/// Quantities of the guide's first row.
const FINE: Tolerance = Tolerance::Absolute(1e-13);
/// The same quantities where a package rounds more coarsely.
const PACKAGE: Tolerance = Tolerance::Absolute(1e-12);
const SOFT: Tolerance = Tolerance::Absolute(1e-10);

struct Case {
    analysis: Analysis,
    products: Products,
    tally: Tally,
    /// Indices of the items with variance.
    kept: Vec<usize>,
    standard: Option<Standardised>,
}

impl Case {
    fn new(table: &Table) -> Self {
        let tally = Tally::of(table);
        let products = Products::of(tally.n, &tally.sums, &tally.cross);
        let standard = standardised(&products.covariances(), tally.n);
        let analysis = analyse("all", &tally, &Settings { curves: false, ..Settings::default() });
        Case { analysis, kept: products.kept.clone(), products, tally, standard }
    }

    fn items(&self, names: &[String]) -> Vec<&ItemStatistics> {
        names.iter().filter_map(|n| self.analysis.items.iter().find(|i| &i.id == n)).collect()
    }
}

pub(super) fn expect(golden: &Value, root: &str, table: &Table, all: &mut Expectations) {
    let case = Case::new(table);
    let test = &case.analysis.test;
    let at = |tail: &str| format!("{root}/{tail}");
    let whole = |v: Option<u64>| v.map(|v| v as f64);
    all.put(at("n"), "n", EXACT, Some(test.n as f64));
    all.put(at("k"), "k", EXACT, Some(test.k as f64));
    for (name, tolerance, value) in [
        ("mean", FINE, test.mean.value()),
        ("sd", FINE, test.sd.value()),
        ("var", PACKAGE, test.variance.value()),
        ("min", EXACT, whole(test.min)),
        ("max", EXACT, whole(test.max)),
        ("median", EXACT, test.median.value()),
        ("psych_skew", SOFT, test.skewness.value()),
        ("psych_kurtosis", SOFT, test.kurtosis.value()),
    ] {
        all.put(at(&format!("total/{name}")), statistic_of(name), tolerance, value);
    }
    let frequencies =
        |of: fn(&crate::item::analyse::Frequency) -> f64| test.distribution.iter().map(move |f| Some(of(f)));
    all.put_list(
        &at("score_distribution/score"),
        "score frequencies",
        EXACT,
        frequencies(|f| f.score as f64),
    );
    all.put_list(&at("score_distribution/freq"), "score frequencies", EXACT, frequencies(|f| f.n as f64));
    all.put(at("sem_from_psych_alpha"), "SEM", FINE, test.sem_alpha.value());
    all.put(at("psych_splitHalf_covar/lambda2"), "lambda2", FINE, test.lambda2.value());
    all.put(at("psych_splitHalf_covar/alpha"), "alpha", FINE, test.alpha.value());
    base(golden, root, &case, all);
    psych(golden, root, &case, all);
    packages(golden, root, &case, all);
}

fn statistic_of(name: &str) -> &'static str {
    match name {
        "mean" => "mean of the total",
        "sd" => "sd of the total",
        "var" => "variance of the total",
        "psych_skew" => "skewness",
        "psych_kurtosis" => "excess kurtosis",
        _ => "min, max, median",
    }
}

fn base(golden: &Value, root: &str, case: &Case, all: &mut Expectations) {
    let test = &case.analysis.test;
    let at = |tail: &str| format!("{root}/base/{tail}");
    let lambda1 = case.products.alpha().map(|a| a * (test.k_used as f64 - 1.0) / test.k_used as f64);
    for (name, statistic, tolerance, value) in [
        ("k_used", "k used", EXACT, Some(test.k_used as f64)),
        ("alpha", "alpha", FINE, test.alpha.value()),
        ("kr20", "alpha", FINE, test.alpha.value()),
        ("lambda1", "lambda1", FINE, lambda1.value()),
        ("lambda2", "lambda2", FINE, test.lambda2.value()),
        ("lambda6", "lambda6", SOFT, test.lambda6.value()),
        ("sem_alpha", "SEM", FINE, test.sem_alpha.value()),
        ("sem_lambda2", "SEM", FINE, test.sem.value()),
        ("kr21", "KR-21", FINE, test.kr21.value()),
    ] {
        all.put(at(name), statistic, tolerance, value);
    }
    let names = texts(golden.pointer("/base/item/item"));
    let items = case.items(&names);
    let observed_max = |i: &ItemStatistics| if i.mean.value() == Some(0.0) { 0.0 } else { f64::from(i.max) };
    put_items(all, &at("item/mean"), "item mean", FINE, &items, |i| i.mean);
    put_items(all, &at("item/sd"), "item sd", FINE, &items, |i| i.sd);
    put_items(all, &at("item/p_observed_max"), "p", FINE, &items, |i| i.p);
    put_items(all, &at("item/rit"), "Rit", FINE, &items, |i| i.rit);
    put_items(all, &at("item/rir"), "Rir", FINE, &items, |i| i.rir);
    all.put_list(
        &at("item/max_observed"),
        "item maximum",
        EXACT,
        items.iter().map(|i| Some(observed_max(i))),
    );
}

fn put_items(
    all: &mut Expectations,
    path: &str,
    statistic: &'static str,
    tolerance: Tolerance,
    items: &[&ItemStatistics],
    of: impl Fn(&ItemStatistics) -> Stat,
) {
    all.put_list(path, statistic, tolerance, items.iter().map(|i| of(i).value()));
}

fn put_standard(all: &mut Expectations, path: &str, at: &str, s: Option<&Standardised>) {
    for (name, statistic, value) in [
        ("std.alpha", "standardised alpha", s.map(|s| s.alpha)),
        ("G6(smc)", "standardised lambda6", s.and_then(|s| s.lambda6)),
        ("average_r", "mean inter-item correlation", s.map(|s| s.mean_correlation)),
        ("S/N", "signal to noise", s.map(|s| s.signal_to_noise)),
        ("ase", "standard error of alpha", s.map(|s| s.alpha_error)),
        ("alpha se", "standard error of alpha", s.map(|s| s.alpha_error)),
        ("median_r", "median inter-item correlation", s.map(|s| s.median_correlation)),
        ("med.r", "median inter-item correlation", s.map(|s| s.median_correlation)),
        ("var.r", "variance of inter-item correlations", s.map(|s| s.variance_of_correlations)),
    ] {
        all.put(format!("{path}/{name}{at}"), statistic, SOFT, value);
    }
}

fn psych(golden: &Value, root: &str, case: &Case, all: &mut Expectations) {
    let test = &case.analysis.test;
    let k = test.k_used as f64;
    let path = format!("{root}/psych_alpha");
    all.put(format!("{path}/raw_alpha"), "alpha", FINE, test.alpha.value());
    put_standard(all, &path, "", case.standard.as_ref());
    // psych reports the mean item score over the items with variance.
    let sum: i64 = case.kept.iter().map(|j| case.tally.sums[*j]).sum();
    all.put(format!("{path}/mean"), "psych mean item score", FINE, Some(sum as f64 / test.n as f64 / k));
    all.put(
        format!("{path}/sd"),
        "psych sd of the mean score",
        FINE,
        Some(case.products.total_deviation() / k),
    );

    let path = format!("{root}/psych_item");
    let names = texts(golden.pointer("/psych_item/item"));
    let items = case.items(&names);
    all.put_list(&format!("{path}/n"), "n", EXACT, items.iter().map(|_| Some(test.n as f64)));
    put_items(all, &format!("{path}/raw.r"), "Rit", FINE, &items, |i| i.rit);
    put_items(all, &format!("{path}/r.drop"), "Rir", FINE, &items, |i| i.rir);
    put_items(all, &format!("{path}/mean"), "item mean", FINE, &items, |i| i.mean);
    put_items(all, &format!("{path}/sd"), "item sd", FINE, &items, |i| i.sd);
    let place = |name: &String| case.kept.iter().position(|j| &case.analysis.items[*j].id == name);
    let standard = |of: &dyn Fn(&Standardised, usize) -> Option<f64>| -> Vec<Option<f64>> {
        names.iter().map(|n| case.standard.as_ref().and_then(|s| of(s, place(n)?))).collect()
    };
    all.put_list(
        &format!("{path}/std.r"),
        "standardised item-total",
        SOFT,
        standard(&|s, p| s.item_total.get(p).copied()),
    );
    all.put_list(
        &format!("{path}/r.cor"),
        "corrected item-total",
        SOFT,
        standard(&|s, p| s.item_total_corrected.get(p).copied().flatten()),
    );

    let path = format!("{root}/psych_alpha_drop");
    let names = texts(golden.pointer("/psych_alpha_drop/item"));
    put_items(all, &format!("{path}/raw_alpha"), "alpha if dropped", FINE, &case.items(&names), |i| {
        i.alpha_if_dropped
    });
    for (index, name) in names.iter().enumerate() {
        let Some(dropped) = place(name) else { continue };
        let rest: Vec<usize> = (0..case.kept.len()).filter(|j| *j != dropped).collect();
        let covariances = case.products.covariances();
        let smaller = Matrix::from_fn(rest.len(), rest.len(), |a, b| covariances.at(rest[a], rest[b]));
        put_standard(all, &path, &format!("/{index}"), standardised(&smaller, test.n).as_ref());
    }
}

fn packages(golden: &Value, root: &str, case: &Case, all: &mut Expectations) {
    let test = &case.analysis.test;
    let n = test.n as f64;
    let path = format!("{root}/psychometric_item_exam");
    let items = case.items(&texts(golden.pointer("/psychometric_item_exam/item")));
    let shrink = ((n - 1.0) / n).sqrt();
    let times_sd = |r: Stat, i: &ItemStatistics| match (r, i.sd) {
        (Stat::Known(r), Stat::Known(sd)) => Stat::Known(r * sd * shrink),
        (undefined, _) => undefined,
    };
    put_items(all, &format!("{path}/Sample.SD"), "item sd", FINE, &items, |i| i.sd);
    put_items(all, &format!("{path}/Item.total"), "Rit", FINE, &items, |i| i.rit);
    put_items(all, &format!("{path}/Item.Tot.woi"), "Rir", FINE, &items, |i| i.rir);
    put_items(all, &format!("{path}/Difficulty"), "item mean", FINE, &items, |i| i.mean);
    put_items(all, &format!("{path}/Item.Reliab"), "item reliability index", FINE, &items, |i| {
        times_sd(i.rit, i)
    });
    put_items(all, &format!("{path}/Item.Rel.woi"), "item reliability index", FINE, &items, |i| {
        times_sd(i.rir, i)
    });

    let path = format!("{root}/CTT");
    let sum: i64 = case.kept.iter().map(|j| case.tally.sums[*j]).sum();
    all.put(format!("{path}/alpha"), "alpha", FINE, test.alpha.value());
    all.put(format!("{path}/scaleMean"), "mean of the total", FINE, Some(sum as f64 / n));
    all.put(format!("{path}/scaleSD"), "sd of the total", FINE, Some(case.products.total_deviation()));
    let items = case.items(&texts(golden.pointer("/CTT/items/itemName")));
    put_items(all, &format!("{path}/items/itemMean"), "item mean", FINE, &items, |i| i.mean);
    put_items(all, &format!("{path}/items/pBis"), "Rir", FINE, &items, |i| i.rir);
    put_items(all, &format!("{path}/items/alphaIfDeleted"), "alpha if dropped", FINE, &items, |i| {
        i.alpha_if_dropped
    });
    if items.iter().all(|i| i.max == 1) {
        let biserial = |i: &ItemStatistics| match (i.rir, i.p) {
            (Stat::Known(r), Stat::Known(p)) => {
                Stat::Known(r * (p * (1.0 - p)).sqrt() / normal_density(normal_quantile(p)))
            }
            (undefined, _) => undefined,
        };
        put_items(all, &format!("{path}/items/bis"), "biserial Rir", SOFT, &items, biserial);
    }

    let path = format!("{root}/dexter_tia");
    tia(golden.get("dexter_tia"), &path, &[("", &case.analysis)], all);
}

/// dexter's test and item tables, for one or more booklets.
pub(super) fn tia(
    golden: Option<&Value>,
    path: &str,
    booklets: &[(&str, &Analysis)],
    all: &mut Expectations,
) {
    let Some(golden) = golden else { return };
    let ids = texts(golden.pointer("/booklets/booklet_id"));
    for (index, id) in ids.iter().enumerate() {
        let Some((_, a)) = booklets.iter().find(|(b, _)| b == id || b.is_empty()) else { continue };
        // dexter counts and averages over items with variance.
        let kept: Vec<&ItemStatistics> =
            a.items.iter().filter(|i| i.sd.value().is_some_and(|s| s > 0.0)).collect();
        let mean_p = kept.iter().filter_map(|i| i.p.value()).sum::<f64>() / kept.len() as f64;
        let max: u64 = kept.iter().map(|i| u64::from(i.max)).sum();
        let kept_mean: f64 = kept.iter().filter_map(|i| i.mean.value()).sum();
        let mut put = |name: &str, statistic: &'static str, tolerance: Tolerance, value: Option<f64>| {
            all.put(format!("{path}/booklets/{name}/{index}"), statistic, tolerance, value);
        };
        put("n_items", "k used", EXACT, Some(kept.len() as f64));
        put("n_persons", "n", EXACT, Some(a.test.n as f64));
        put("max_booklet_score", "item maximum", EXACT, Some(max as f64));
        put("alpha", "alpha (dexter)", PACKAGE, a.test.alpha.value());
        put("mean_pvalue", "mean p (dexter)", PACKAGE, Some(mean_p));
        put("mean_rit", "mean Rit (dexter)", PACKAGE, a.test.mean_rit.value());
        put("mean_rir", "mean Rir (dexter)", PACKAGE, a.test.mean_rir.value());
        put("mean_booklet_score", "mean of the total (dexter)", PACKAGE, Some(kept_mean));
        put("sd_booklet_score", "sd of the total (dexter)", PACKAGE, a.test.sd.value());
    }
    let names = texts(golden.pointer("/items/item_id"));
    let of_booklet = texts(golden.pointer("/items/booklet_id"));
    for (index, name) in names.iter().enumerate() {
        let booklet = of_booklet.get(index).or(of_booklet.first());
        let analysis = booklets.iter().find(|(b, _)| b.is_empty() || booklet.is_some_and(|id| id == b));
        let Some(item) = analysis.and_then(|(_, a)| a.items.iter().find(|i| &i.id == name)) else { continue };
        let n = analysis.map_or(0.0, |(_, a)| a.test.n as f64);
        let max = if item.mean.value() == Some(0.0) { 0.0 } else { f64::from(item.max) };
        let mut put = |column: &str, statistic: &'static str, tolerance: Tolerance, value: Option<f64>| {
            all.put(format!("{path}/items/{column}/{index}"), statistic, tolerance, value);
        };
        put("mean_score", "item mean (dexter)", PACKAGE, item.mean.value());
        put("sd_score", "item sd (dexter)", PACKAGE, item.sd.value());
        put("max_score", "item maximum", EXACT, Some(max));
        put("pvalue", "p (dexter)", PACKAGE, item.p.value());
        put("rit", "Rit (dexter)", PACKAGE, item.rit.value());
        put("rir", "Rir (dexter)", PACKAGE, item.rir.value());
        put("n_persons", "n", EXACT, Some(n));
    }
}

/// Items over the persons who answered them.
pub(super) fn expect_available(golden: &Value, table: &Table, all: &mut Expectations) {
    for (index, name) in texts(golden.get("item")).iter().enumerate() {
        let Some(j) = table.items().iter().position(|i| &i.id == name) else { continue };
        let scores: Vec<u16> = (0..table.persons()).filter_map(|p| table.score(p, j)).collect();
        let n = scores.len();
        let sum: u64 = scores.iter().map(|s| u64::from(*s)).sum();
        all.put(format!("available/n_answered/{index}"), "n answered", EXACT, Some(n as f64));
        let mean = if n == 0 { None } else { Some(sum as f64 / n as f64) };
        all.put(format!("available/mean_answered/{index}"), "item mean", FINE, mean);
    }
}

/// The exact rational reference, the tie-safe D and pingouin's alpha.
pub(super) fn expect_exact(golden: &Value, table: &Table, all: &mut Expectations) {
    let case = Case::new(table);
    let test = &case.analysis.test;
    for (name, statistic, tolerance, value) in [
        ("n", "n", EXACT, Some(test.n as f64)),
        ("k", "k", EXACT, Some(test.k as f64)),
        ("k_used", "k used", EXACT, Some(test.k_used as f64)),
        ("mean", "mean of the total", FINE, test.mean.value()),
        ("sd", "sd of the total", FINE, test.sd.value()),
        ("alpha", "alpha", FINE, test.alpha.value()),
        ("lambda2", "lambda2", FINE, test.lambda2.value()),
        ("sem_alpha", "SEM", FINE, test.sem_alpha.value()),
        ("sem_lambda2", "SEM", FINE, test.sem.value()),
    ] {
        all.put(format!("exact_ctt/{name}"), statistic, tolerance, value);
    }
    for (j, item) in case.analysis.items.iter().enumerate() {
        let at = |name: &str| format!("exact_ctt/items/{j}/{name}");
        all.put(at("item_index"), "k", EXACT, Some(j as f64));
        all.put(at("mean"), "item mean", FINE, item.mean.value());
        all.put(at("sd"), "item sd", FINE, item.sd.value());
        all.put(at("rit"), "Rit", FINE, item.rit.value());
        all.put(at("rir"), "Rir", FINE, item.rir.value());
        all.put(format!("exact_d_index_27/d/{j}"), "D index", FINE, item.d_index.value());
    }
    let whole = |v: Option<u64>| v.map(|v| v as f64);
    for (name, value) in [
        ("lower_max_score", whole(test.low_group_to)),
        ("upper_min_score", whole(test.high_group_from)),
        ("n_lower", Some(test.low_group_n as f64)),
        ("n_upper", Some(test.high_group_n as f64)),
    ] {
        all.put(format!("exact_d_index_27/{name}"), "D groups", EXACT, value);
    }
    all.put("pingouin_cronbach_alpha", "alpha", PACKAGE, test.alpha.value());
    if golden.get("pingouin_alpha_ci95").is_some() {
        let rounded = Tolerance::Absolute(6e-4);
        all.put_list(
            "pingouin_alpha_ci95",
            "alpha interval (3 digits in golden)",
            rounded,
            [test.alpha_low.value(), test.alpha_high.value()],
        );
    }
}
