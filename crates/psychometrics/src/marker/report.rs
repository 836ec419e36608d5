//! Everything about a set of ratings in one result.

use super::component::{Components, components_of_variance};
use super::consensus::{Consensus, Level, fleiss, gwet_ac1, krippendorff};
use super::correlation::{IntraClass, intra_class};
use super::pair::{PairAgreement, pair_agreement};
use super::rating::Ratings;
use super::severity::{Severity, severity};
use crate::number::Stat;
use crate::number::stat::{Undefined, collect_undefined};
use serde::Serialize;

/// Agreement, severity and variance components.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// Objects.
    pub objects: usize,
    /// Markers.
    pub markers: usize,
    /// Ratings.
    pub ratings: usize,
    /// Every pair of markers with common objects.
    pub pairs: Vec<PairAgreement>,
    /// Fleiss' kappa.
    pub fleiss: Consensus,
    /// Krippendorff's alpha for names.
    pub krippendorff_nominal: Stat,
    /// For ranks.
    pub krippendorff_ordinal: Stat,
    /// For numbers.
    pub krippendorff_interval: Stat,
    /// Gwet's AC1.
    pub gwet_ac1: Consensus,
    /// Intra-class correlations, when every marker rated every object.
    pub intra_class: Option<IntraClass>,
    /// Severities, or the sentence why they cannot be compared.
    pub severity: Result<Severity, String>,
    /// Variance components.
    pub components: Option<Components>,
    /// Every statistic that has no value, and why.
    pub undefined: Vec<Undefined>,
}

/// Calculates everything. Pairs without a common object are left out.
#[must_use]
pub fn agreement(ratings: &Ratings) -> Agreement {
    let grid = ratings.grid();
    let mut pairs = Vec::new();
    for (i, first) in ratings.markers.iter().enumerate() {
        for (j, second) in ratings.markers.iter().enumerate().skip(i + 1) {
            let common: Vec<(f64, f64)> =
                grid.iter().filter_map(|row| Some(((*row.get(i)?)?, (*row.get(j)?)?))).collect();
            if !common.is_empty() {
                pairs.push(pair_agreement(first, second, &common));
            }
        }
    }
    let mut undefined = Vec::new();
    for p in &pairs {
        let place = format!("{} / {}", p.first, p.second);
        collect_undefined(
            &mut undefined,
            &place,
            &[
                ("kappa", p.kappa.value),
                ("kappa_linear", p.kappa_linear.value),
                ("kappa_quadratic", p.kappa_quadratic.value),
                ("sd_difference", p.sd_difference),
                ("correlation", p.correlation),
            ],
        );
    }
    let consensus = fleiss(ratings);
    let [nominal, ordinal, interval] =
        [Level::Nominal, Level::Ordinal, Level::Interval].map(|l| krippendorff(ratings, l));
    let gwet = gwet_ac1(ratings);
    collect_undefined(
        &mut undefined,
        "all markers",
        &[
            ("fleiss", consensus.value),
            ("krippendorff_nominal", nominal),
            ("krippendorff_ordinal", ordinal),
            ("krippendorff_interval", interval),
            ("gwet_ac1", gwet.value),
        ],
    );
    let components = components_of_variance(ratings);
    if let Some(c) = &components {
        let named = [("reliability_one", c.reliability_one), ("reliability_two", c.reliability_two)];
        collect_undefined(&mut undefined, "all markers", &named);
    }
    let numeric = ratings.categories.is_none() || ratings.list.iter().any(|r| r.value > 0.0);
    let intra_class = ratings.complete().filter(|_| numeric).and_then(|rows| intra_class(&rows));
    if let Some(icc) = &intra_class {
        let named = [
            ("icc_1", icc.one_single.value),
            ("icc_a1", icc.agreement_single.value),
            ("icc_c1", icc.consistency_single.value),
            ("icc_1k", icc.one_average.value),
            ("icc_ak", icc.agreement_average.value),
            ("icc_ck", icc.consistency_average.value),
        ];
        collect_undefined(&mut undefined, "all markers", &named);
    }
    Agreement {
        objects: ratings.objects.len(),
        markers: ratings.markers.len(),
        ratings: ratings.list.len(),
        pairs,
        fleiss: consensus,
        krippendorff_nominal: nominal,
        krippendorff_ordinal: ordinal,
        krippendorff_interval: interval,
        gwet_ac1: gwet,
        intra_class,
        severity: severity(ratings).map_err(|e| e.to_string()),
        components,
        undefined,
    }
}
