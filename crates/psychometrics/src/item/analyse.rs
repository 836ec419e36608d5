//! All statistics of a test and its items, from the integer tally alone.
// Loops run over the items of one tally.
#![allow(clippy::indexing_slicing)]

use super::advise::{Flag, Thresholds, flags};
use super::curve::{Band, CurvePoint, bands, curve};
use super::option::{OTHER, OptionStatistics, miskey_suspect, options};
use super::reliability::{Products, feldt_interval, spearman_brown};
use super::tally::{ScoreGroup, Tally};
use crate::number::stat::{Undefined, collect_undefined};
use crate::number::{Reason, Stat, sum};
use crate::table::Table;
use serde::Serialize;

/// What to calculate, and where the lines are drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Lowest passing score, if there is one.
    pub cut: Option<u64>,
    /// Length (number of items) to which the reliability is also expressed.
    pub norm_length: Option<u32>,
    /// Limits for flags and advice.
    pub thresholds: Thresholds,
    /// Curves for pictures; leave them out when only numbers are wanted.
    pub curves: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { cut: None, norm_length: None, thresholds: Thresholds::default(), curves: true }
    }
}

/// Number of persons with a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Frequency {
    /// Total score.
    pub score: u64,
    /// Number of persons.
    pub n: i64,
}

/// The test as a whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestStatistics {
    /// Persons present.
    pub n: i64,
    /// Items.
    pub k: usize,
    /// Items with variance: the ones that carry the reliability.
    pub k_used: usize,
    /// Largest possible score.
    pub max_possible: u64,
    /// Mean total.
    pub mean: Stat,
    /// Standard deviation of the total (divisor n − 1).
    pub sd: Stat,
    /// Variance of the total.
    pub variance: Stat,
    /// Lowest total.
    pub min: Option<u64>,
    /// Highest total.
    pub max: Option<u64>,
    /// Median total.
    pub median: Stat,
    /// Skewness m3/s³, s with divisor n − 1.
    pub skewness: Stat,
    /// Excess kurtosis m4/s⁴ − 3, s with divisor n − 1.
    pub kurtosis: Stat,
    /// Coefficient alpha: k/(k−1) · (1 − Σ c_jj / Σ c_jl); KR-20 for items scored 0 and 1.
    pub alpha: Stat,
    /// Lower end of Feldt's 95 % interval of alpha: 1 − (1−α)F, F with n−1 and (n−1)(k−1) degrees of freedom.
    pub alpha_low: Stat,
    /// Upper end.
    pub alpha_high: Stat,
    /// Guttman's lambda2, the default reliability: (Σ_{j≠l} c_jl + √(k/(k−1) Σ_{j≠l} c_jl²)) / Σ c_jl.
    pub lambda2: Stat,
    /// Guttman's lambda6: 1 − Σ_j (1/(C⁻¹)_jj) / Σ c_jl.
    pub lambda6: Stat,
    /// Kuder–Richardson 21: k/(k−1) · (1 − M(k−M)/(k s²)), s² with divisor n.
    pub kr21: Stat,
    /// Standard error of measurement from alpha: s_t √(1 − α) over the items with variance.
    pub sem_alpha: Stat,
    /// Standard error of measurement from lambda2: s_t √(1 − λ₂) over the items with variance.
    pub sem: Stat,
    /// Alpha at the norm length: gα/(1 + (g−1)α), g the norm length over the number of items (Spearman–Brown).
    pub alpha_at_norm: Stat,
    /// Mean p over the items.
    pub mean_p: Stat,
    /// Mean Rit over the items with one.
    pub mean_rit: Stat,
    /// Mean Rir over the items with one.
    pub mean_rir: Stat,
    /// Highest total in the low group of the D-index.
    pub low_group_to: Option<u64>,
    /// Lowest total in the high group.
    pub high_group_from: Option<u64>,
    /// Persons in the low group.
    pub low_group_n: i64,
    /// Persons in the high group.
    pub high_group_n: i64,
    /// Persons per total score, from 0 to the highest.
    pub distribution: Vec<Frequency>,
    /// Lowest passing score.
    pub cut: Option<u64>,
    /// Share that passes.
    pub pass_rate: Stat,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemStatistics {
    /// Name.
    pub id: String,
    /// Theoretical maximum.
    pub max: u16,
    /// Persons who left it blank before their last answer.
    pub omitted: i64,
    /// Persons who stopped before it.
    pub not_reached: i64,
    /// Mean score.
    pub mean: Stat,
    /// Standard deviation (divisor n − 1).
    pub sd: Stat,
    /// Mean divided by the maximum.
    pub p: Stat,
    /// p corrected for guessing among A options: (p − 1/A)/(1 − 1/A); for items with options.
    pub p_guess_corrected: Stat,
    /// Rit, the correlation with the total: c_jt/(s_j s_t).
    pub rit: Stat,
    /// Rir, the correlation with the total without the item: (c_jt − c_jj)/(s_j √(s_t² − 2c_jt + c_jj)).
    pub rir: Stat,
    /// Alpha of the test without the item.
    pub alpha_if_dropped: Stat,
    /// D: (mean of the high group − mean of the low group)/maximum; each group holds at least 27 %, ties are
    /// kept together, and D is undefined when the groups overlap.
    pub d_index: Stat,
    /// Options, for multiple choice items.
    pub options: Vec<OptionStatistics>,
    /// Option that looks like the real key.
    pub miskey_suspect: Option<String>,
    /// Mean score and option shares for low to high totals.
    pub curve: Vec<CurvePoint>,
    /// What deserves a look.
    pub flags: Vec<Flag>,
}

/// A complete analysis of one booklet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Analysis {
    /// Booklet name.
    pub booklet: String,
    /// The test.
    pub test: TestStatistics,
    /// The items.
    pub items: Vec<ItemStatistics>,
    /// Every statistic that has no value, and why.
    pub undefined: Vec<Undefined>,
}

/// Averages over booklets, weighted by the number of persons. Totals of different booklets are never
/// pooled.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BookletAverages {
    /// Persons in all booklets.
    pub n: i64,
    /// Mean alpha.
    pub alpha: Stat,
    /// Mean lambda2.
    pub lambda2: Stat,
    /// Mean p.
    pub mean_p: Stat,
    /// Mean Rit.
    pub mean_rit: Stat,
    /// Mean Rir.
    pub mean_rir: Stat,
}

/// Analyses every booklet of a table on its own.
#[must_use]
pub fn analyse_booklets(table: &Table, settings: &Settings) -> (Vec<Analysis>, BookletAverages) {
    let booklets = table.booklets();
    let analyses: Vec<Analysis> = match booklets.as_slice() {
        [only] if only.items.len() == table.items().len() && only.rows.len() == table.persons() => {
            vec![analyse(&only.id, &Tally::of(table), settings)]
        }
        several => several
            .iter()
            .map(|b| analyse(&b.id, &Tally::of(&table.part(&b.items, &b.rows)), settings))
            .collect(),
    };
    let averages = average(analyses.iter().map(|a| &a.test));
    (analyses, averages)
}

/// Averages over booklets, weighted by their persons; an undefined value has no weight.
#[must_use]
pub fn average<'a>(tests: impl Iterator<Item = &'a TestStatistics> + Clone) -> BookletAverages {
    let n = tests.clone().map(|t| t.n).sum();
    let weighted = |of: fn(&TestStatistics) -> Stat| {
        let known: Vec<(f64, f64)> =
            tests.clone().filter_map(|t| of(t).value().map(|v| (v, t.n as f64))).collect();
        let weight: f64 = known.iter().map(|(_, w)| w).sum();
        Stat::ratio(sum::accurate(known.iter().map(|(v, w)| v * w)), weight, Reason::NoData)
    };
    BookletAverages {
        n,
        alpha: weighted(|t| t.alpha),
        lambda2: weighted(|t| t.lambda2),
        mean_p: weighted(|t| t.mean_p),
        mean_rit: weighted(|t| t.mean_rit),
        mean_rir: weighted(|t| t.mean_rir),
    }
}

/// Analyses one booklet.
#[must_use]
pub fn analyse(booklet: &str, tally: &Tally, settings: &Settings) -> Analysis {
    let products = Products::of(tally.n, &tally.sums, &tally.cross);
    let halves = Halves::of(tally);
    let bands = if settings.curves { bands(tally) } else { Vec::new() };
    let mut items: Vec<ItemStatistics> =
        (0..tally.items()).map(|j| item(tally, &products, &halves, &bands, j)).collect();
    let test = test(tally, &products, &halves, &items, settings);
    for item in &mut items {
        item.flags = flags(item, &test, &settings.thresholds);
    }
    let undefined = undefined(&test, &items);
    Analysis { booklet: booklet.to_owned(), test, items, undefined }
}

/// The low and high groups of the D-index: whole score groups of at least 27 % each.
struct Halves {
    low_to: Option<u64>,
    high_from: Option<u64>,
    low_n: i64,
    high_n: i64,
    /// Σ x_j in the low and in the high group.
    low_sums: Vec<i64>,
    high_sums: Vec<i64>,
}

impl Halves {
    fn of(tally: &Tally) -> Self {
        let reach = |groups: &mut dyn Iterator<Item = (&u64, i64)>| {
            let mut n = 0;
            for (total, size) in groups {
                n += size;
                if 100 * n >= 27 * tally.n {
                    return (Some(*total), n);
                }
            }
            (None, n)
        };
        let (low_to, low_n) = reach(&mut tally.groups.iter().map(|(t, g)| (t, g.n)));
        let (high_from, high_n) = reach(&mut tally.groups.iter().rev().map(|(t, g)| (t, g.n)));
        let sums = |groups: &mut dyn Iterator<Item = &ScoreGroup>| {
            let mut sums = vec![0_i64; tally.items()];
            for group in groups {
                for (sum, part) in sums.iter_mut().zip(&group.sums) {
                    *sum += part;
                }
            }
            sums
        };
        let low_sums = sums(&mut tally.groups.range(..=low_to.unwrap_or(0)).map(|(_, g)| g));
        let high_sums = sums(&mut tally.groups.range(high_from.unwrap_or(0)..).map(|(_, g)| g));
        Halves { low_to, high_from, low_n, high_n, low_sums, high_sums }
    }

    fn d_index(&self, tally: &Tally, item: usize) -> Stat {
        let (Some(low_to), Some(high_from)) = (self.low_to, self.high_from) else {
            return Stat::Undefined(Reason::NoData);
        };
        if low_to >= high_from {
            return Stat::Undefined(Reason::GroupsOverlap);
        }
        if tally.sums[item] == 0 && !tally.shape.max_known[item] {
            return Stat::Undefined(Reason::NoVariance);
        }
        let (low, high) = (self.low_sums[item], self.high_sums[item]);
        let top = i128::from(high) * i128::from(self.low_n) - i128::from(low) * i128::from(self.high_n);
        let bottom = i128::from(self.low_n) * i128::from(self.high_n) * i128::from(tally.shape.max[item]);
        Stat::ratio(top as f64, bottom as f64, Reason::NoData)
    }
}

fn item(tally: &Tally, products: &Products, halves: &Halves, bands: &[Band], j: usize) -> ItemStatistics {
    let n = tally.n as f64;
    let max = tally.shape.max[j];
    let own = products.at(j, j);
    let with_total = products.with_total[j];
    let p = Stat::ratio(tally.sums[j] as f64, n * f64::from(max), Reason::NoData);
    let options = options(tally, j);
    let choices = tally.shape.options[j].iter().filter(|o| *o != OTHER).count() as f64;
    let p_guess_corrected = if choices < 2.0 {
        Stat::Undefined(Reason::NoData)
    } else {
        p.map(|p| (p - 1.0 / choices) / (1.0 - 1.0 / choices))
    };
    let rest = products.total - 2 * with_total + own;
    let correlation = |top: i128, spread: i128, reason: Reason| {
        if tally.n < 2 {
            Stat::Undefined(Reason::TooFewPersons)
        } else if own == 0 {
            Stat::Undefined(Reason::NoVariance)
        } else if spread == 0 {
            Stat::Undefined(reason)
        } else {
            Stat::finite(top as f64 / (own as f64 * spread as f64).sqrt(), Reason::OutOfRange)
        }
    };
    let miskey = miskey_suspect(&options).and_then(|o| o.option.clone());
    ItemStatistics {
        id: tally.shape.items[j].clone(),
        max,
        omitted: tally.omitted[j],
        not_reached: tally.unreached[j],
        mean: Stat::ratio(tally.sums[j] as f64, n, Reason::NoData),
        sd: if tally.n < 2 {
            Stat::Undefined(Reason::TooFewPersons)
        } else {
            Stat::Known((own as f64 / products.divisor()).sqrt())
        },
        p,
        p_guess_corrected,
        rit: correlation(with_total, products.total, Reason::NoVariance),
        rir: correlation(with_total - own, rest, Reason::NoRestVariance),
        alpha_if_dropped: products.alpha_without(j),
        d_index: halves.d_index(tally, j),
        options,
        miskey_suspect: miskey,
        curve: curve(tally, j, bands),
        flags: Vec::new(),
    }
}

fn test(
    tally: &Tally,
    products: &Products,
    halves: &Halves,
    items: &[ItemStatistics],
    settings: &Settings,
) -> TestStatistics {
    let n = tally.n as f64;
    let grand: i128 = tally.sums.iter().map(|s| i128::from(*s)).sum();
    let mean = Stat::ratio(grand as f64, n, Reason::NoData);
    let variance = if tally.n < 2 {
        Stat::Undefined(Reason::TooFewPersons)
    } else {
        Stat::Known(products.total as f64 / products.divisor())
    };
    let moment = |power: i32| {
        let (Some(centre), Some(s2)) = (mean.value(), variance.value()) else {
            return Stat::Undefined(Reason::TooFewPersons);
        };
        let central =
            sum::accurate(tally.groups.iter().map(|(t, g)| g.n as f64 * (*t as f64 - centre).powi(power)))
                / n;
        Stat::ratio(central, s2.powf(f64::from(power) / 2.0), Reason::NoVariance)
    };
    let alpha = products.alpha();
    let lambda2 = products.lambda2();
    let interval = alpha.value().and_then(|a| feldt_interval(a, tally.n, products.kept.len(), 0.95));
    let end = |pick: fn((f64, f64)) -> f64| {
        interval.map(pick).map_or(Stat::Undefined(alpha.reason().unwrap_or(Reason::TooFewItems)), Stat::Known)
    };
    let average = |of: fn(&ItemStatistics) -> Stat| {
        let known: Vec<f64> = items.iter().filter_map(|i| of(i).value()).collect();
        sum::mean(&known).map_or(Stat::Undefined(Reason::NoData), Stat::Known)
    };
    let highest = tally.groups.last_key_value().map(|(t, _)| *t);
    // Only totals that occur and the gaps between them; a huge maximum must not make a huge list.
    let distribution = match highest {
        Some(top) if top <= 10_000 => (0..=top)
            .map(|score| Frequency { score, n: tally.groups.get(&score).map_or(0, |g| g.n) })
            .collect(),
        _ => tally.groups.iter().map(|(score, g)| Frequency { score: *score, n: g.n }).collect(),
    };
    let pass_rate = match settings.cut {
        None => Stat::Undefined(Reason::NoData),
        Some(cut) => {
            Stat::ratio(tally.groups.range(cut..).map(|(_, g)| g.n).sum::<i64>() as f64, n, Reason::NoData)
        }
    };
    let dichotomous = tally.shape.max.iter().all(|m| *m == 1);
    TestStatistics {
        n: tally.n,
        k: tally.items(),
        k_used: products.kept.len(),
        max_possible: tally.max_total(),
        mean,
        sd: variance.map(f64::sqrt),
        variance,
        min: tally.groups.first_key_value().map(|(t, _)| *t),
        max: highest,
        median: median(tally),
        skewness: moment(3),
        kurtosis: moment(4).map(|v| v - 3.0),
        alpha,
        alpha_low: end(|i| i.0),
        alpha_high: end(|i| i.1),
        lambda2,
        lambda6: products.lambda6(),
        kr21: products.kr21(&tally.sums, dichotomous),
        sem_alpha: products.standard_error(alpha),
        sem: products.standard_error(lambda2),
        alpha_at_norm: match (settings.norm_length, alpha) {
            (Some(length), Stat::Known(a)) => {
                spearman_brown(a, f64::from(length) / products.kept.len() as f64)
            }
            (None, _) => Stat::Undefined(Reason::NoData),
            (_, undefined) => undefined,
        },
        mean_p: average(|i| i.p),
        mean_rit: average(|i| i.rit),
        mean_rir: average(|i| i.rir),
        low_group_to: halves.low_to,
        high_group_from: halves.high_from,
        low_group_n: halves.low_n,
        high_group_n: halves.high_n,
        distribution,
        cut: settings.cut,
        pass_rate,
    }
}

fn median(tally: &Tally) -> Stat {
    if tally.n == 0 {
        return Stat::Undefined(Reason::NoData);
    }
    let at = |place: i64| {
        let mut seen = 0;
        for (total, group) in &tally.groups {
            seen += group.n;
            if seen > place {
                return *total as f64;
            }
        }
        0.0
    };
    Stat::Known(0.5 * (at((tally.n - 1) / 2) + at(tally.n / 2)))
}

fn undefined(test: &TestStatistics, items: &[ItemStatistics]) -> Vec<Undefined> {
    let mut list = Vec::new();
    collect_undefined(
        &mut list,
        "test",
        &[
            ("mean", test.mean),
            ("sd", test.sd),
            ("skewness", test.skewness),
            ("kurtosis", test.kurtosis),
            ("alpha", test.alpha),
            ("lambda2", test.lambda2),
            ("lambda6", test.lambda6),
            ("kr21", test.kr21),
            ("sem", test.sem),
        ],
    );
    for item in items {
        collect_undefined(
            &mut list,
            &item.id,
            &[
                ("mean", item.mean),
                ("sd", item.sd),
                ("p", item.p),
                ("rit", item.rit),
                ("rir", item.rir),
                ("alpha_if_dropped", item.alpha_if_dropped),
                ("d_index", item.d_index),
            ],
        );
        for option in &item.options {
            let place = format!("{} option {}", item.id, option.option.as_deref().unwrap_or("blank"));
            collect_undefined(&mut list, &place, &[("rat", option.rat), ("rar", option.rar)]);
        }
    }
    list
}
