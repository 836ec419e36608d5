//! Conditional calibrations and abilities: our values where dexter, psychotools and the exact reference
//! put theirs.
// Loops run over the parameters of one calibration.
#![allow(clippy::indexing_slicing)]

use super::classical::tia;
use super::expect::{Expectations, Tolerance};
use super::{GoldenError, file_error, texts};
use crate::item::Tally;
use crate::item::analyse::{Analysis, Settings, analyse};
use crate::rasch::ability::{Method, Model, ability_table};
use crate::rasch::calibrate::{Anchor, Calibration, calibrate};
use crate::rasch::{Design, Missing};
use crate::table::{Table, read};
use serde_json::Value;
use std::fs::File;
use std::path::Path;

const FINE: Tolerance = Tolerance::Absolute(1e-9);

pub(super) fn expect(golden: &Value, table: &Table, all: &mut Expectations) {
    let Ok(calibration) = calibrate(&Design::of(table, Missing::Wrong), &[]) else { return };
    let plain = table.items().iter().all(|i| i.max == 1);
    if let Some(cml) = golden.get("cml") {
        dexter_parameters(
            cml.get("dexter_fit_enorm_CML"),
            "cml/dexter_fit_enorm_CML",
            &calibration,
            plain,
            all,
        );
        all.put(
            "cml/dexter_log_likelihood",
            "conditional log-likelihood",
            Tolerance::Relative(1e-10),
            Some(calibration.log_likelihood),
        );
        let items: Vec<String> = table.items().iter().map(|i| i.id.clone()).collect();
        let model = Model::of(&calibration, &items);
        for (name, method) in [("MLE", Method::Mle), ("WLE", Method::Wle), ("EAP", Method::Eap)] {
            let key = format!("dexter_ability_{name}");
            abilities(cml.get(&key), &format!("cml/{key}"), &[("", &model)], method, all);
        }
        psychotools(cml.get("psychotools"), &calibration, all);
    }
    if golden.get("exact_cml").is_some() {
        all.put_list(
            "exact_cml/beta",
            "CML beta, 0/1 (exact)",
            Tolerance::Absolute(1e-12),
            calibration.parameters.iter().map(|p| Some(p.beta)),
        );
        all.put_list(
            "exact_cml/se",
            "CML SE, 0/1 (exact)",
            Tolerance::Absolute(1e-11),
            calibration.parameters.iter().map(|p| Some(p.se)),
        );
        all.put(
            "exact_cml/conditional_loglik",
            "conditional log-likelihood",
            Tolerance::Relative(1e-10),
            Some(calibration.log_likelihood),
        );
    }
}

fn dexter_parameters(
    golden: Option<&Value>,
    path: &str,
    calibration: &Calibration,
    plain: bool,
    all: &mut Expectations,
) {
    let Some(golden) = golden else { return };
    let ids = texts(golden.get("item_id"));
    let scores = texts(golden.get("item_score"));
    let (beta, se) = if plain {
        ("CML beta, 0/1 (dexter)", "CML SE, 0/1 (dexter)")
    } else {
        ("CML beta, polytomous, OPLM, anchored (dexter)", "CML SE, polytomous, OPLM, anchored (dexter)")
    };
    for (index, (id, score)) in ids.iter().zip(&scores).enumerate() {
        let found = calibration.parameters.iter().find(|p| &p.item == id && p.score.to_string() == *score);
        all.put(
            format!("{path}/item_score/{index}"),
            "category scores",
            Tolerance::Exact,
            found.map(|p| f64::from(p.score)),
        );
        all.put(format!("{path}/beta/{index}"), beta, FINE, found.map(|p| p.beta));
        all.put(format!("{path}/SE_beta/{index}"), se, Tolerance::Absolute(1e-8), found.map(|p| p.se));
    }
}

fn abilities(
    golden: Option<&Value>,
    path: &str,
    models: &[(&str, &Model)],
    method: Method,
    all: &mut Expectations,
) {
    let Some(golden) = golden else { return };
    let scores = texts(golden.get("booklet_score"));
    let booklets = texts(golden.get("booklet_id"));
    let (statistic, tolerance) = match method {
        Method::Mle => ("ability MLE and SE", FINE),
        Method::Wle => ("ability WLE and SE", FINE),
        Method::Eap => ("ability EAP and SE (dexter's nodes)", Tolerance::Absolute(1e-4)),
    };
    // dexter's own quadrature: 160 Gauss–Hermite nodes, stretched to the standard deviation 4 of its prior.
    // They lie a unit apart, so its EAP is off by up to 0.2; our own integrates to machine precision and is
    // compared with the stored one only through these nodes.
    let nodes: Vec<(f64, f64)> =
        crate::number::hermite::normal_rule(160).iter().map(|(x, w)| (4.0 * x, *w)).collect();
    for (name, model) in models {
        let mut table = ability_table(model, method);
        if method == Method::Eap {
            for a in &mut table {
                let (mean, sd) = model.posterior_on((a.score - model.base) as f64, &nodes);
                a.theta = Some(mean);
                a.se = Some(sd);
            }
        }
        let mine: Vec<usize> = (0..scores.len())
            .filter(|i| name.is_empty() || booklets.get(*i).is_some_and(|b| b == name))
            .collect();
        for index in mine {
            let found = table.iter().find(|a| a.score.to_string() == scores[index]);
            let theta = found.and_then(|a| match a.infinite {
                0 => a.theta,
                sign => Some(f64::from(sign) * f64::INFINITY),
            });
            all.put(
                format!("{path}/booklet_score/{index}"),
                "booklet scores",
                Tolerance::Exact,
                found.map(|a| a.score as f64),
            );
            all.put(format!("{path}/theta/{index}"), statistic, tolerance, theta);
            all.put(format!("{path}/se/{index}"), statistic, tolerance, found.and_then(|a| a.se));
        }
    }
}

fn psychotools(golden: Option<&Value>, calibration: &Calibration, all: &mut Expectations) {
    let Some(golden) = golden else { return };
    let names = texts(golden.get("names"));
    // psychotools stops when its function value settles: parameters good to about 1e-7.
    let loose = Tolerance::Absolute(2e-6);
    // Location of an item: the mean of its thresholds; centred over items.
    let of_item = |name: &String| -> Vec<usize> {
        (0..calibration.parameters.len()).filter(|p| &calibration.parameters[*p].item == name).collect()
    };
    let places: Vec<Vec<usize>> = names.iter().map(of_item).collect();
    let location = |own: &Vec<usize>| {
        own.iter().map(|p| calibration.parameters[*p].beta).sum::<f64>() / own.len() as f64
    };
    let locations: Vec<f64> = places.iter().map(location).collect();
    let mean = locations.iter().sum::<f64>() / locations.len() as f64;
    all.put_list(
        "cml/psychotools/itempar_sum_zero",
        "CML item location (psychotools)",
        loose,
        locations.iter().map(|l| Some(l - mean)),
    );
    let k = places.len() as f64;
    let error = |own: &Vec<usize>| {
        let weight = |p: usize| {
            let mine = if own.contains(&p) { 1.0 / own.len() as f64 } else { 0.0 };
            let size = places.iter().find(|o| o.contains(&p)).map_or(1.0, |o| o.len() as f64);
            mine - 1.0 / (k * size)
        };
        let all_places: Vec<usize> = places.iter().flatten().copied().collect();
        let variance: f64 = all_places
            .iter()
            .flat_map(|a| all_places.iter().map(move |b| (*a, *b)))
            .map(|(a, b)| weight(a) * weight(b) * calibration.covariance.at(a, b))
            .sum();
        variance.max(0.0).sqrt()
    };
    all.put_list(
        "cml/psychotools/se",
        "CML SE of location (psychotools)",
        loose,
        places.iter().map(|o| Some(error(o))),
    );
    let thresholds = names.iter().flat_map(&of_item).map(|p| Some(calibration.parameters[p].beta));
    all.put_list("cml/psychotools/threshpar", "CML thresholds (psychotools)", loose, thresholds);
    all.put(
        "cml/psychotools/loglik",
        "conditional log-likelihood",
        Tolerance::Relative(1e-10),
        Some(calibration.log_likelihood),
    );
}

/// Two booklets with common items: concurrent, alone, anchored; unweighted and weighted.
pub(super) fn expect_anchor(
    golden: &Value,
    dir: &Path,
    table: &Table,
    all: &mut Expectations,
) -> Result<(), GoldenError> {
    let path = dir.join("data/sim_anchor_items.csv");
    let file = File::open(&path).map_err(|e| file_error(&path, &e.to_string()))?;
    let lines = read::items(file)
        .map_err(|source| GoldenError::Table { file: path.display().to_string(), source })?;
    for mode in ["rasch", "oplm"] {
        let Some(part) = golden.get(mode) else { continue };
        let mut table = table.clone();
        if mode == "oplm" {
            let weights: Vec<(String, u16)> =
                lines.iter().filter_map(|l| Some((l.id.clone(), l.weight?))).collect();
            table
                .weigh(&weights)
                .map_err(|source| GoldenError::Table { file: "weights".to_owned(), source })?;
        }
        anchored(part, mode, &table, all);
    }
    Ok(())
}

fn anchored(part: &Value, mode: &str, table: &Table, all: &mut Expectations) {
    let Ok(concurrent) = calibrate(&Design::of(table, Missing::Wrong), &[]) else { return };
    let plain = mode == "rasch";
    dexter_parameters(part.get("concurrent"), &format!("{mode}/concurrent"), &concurrent, plain, all);
    let booklets = table.booklets();
    let mut models = Vec::new();
    let mut analyses: Vec<(&str, Analysis)> = Vec::new();
    for booklet in &booklets {
        let names: Vec<String> = booklet.items.iter().map(|i| table.items()[*i].id.clone()).collect();
        models.push((booklet.id.as_str(), Model::of(&concurrent, &names)));
        let tally = Tally::of(&table.part(&booklet.items, &booklet.rows));
        analyses.push((booklet.id.as_str(), analyse(&booklet.id, &tally, &Settings::default())));
    }
    let models: Vec<(&str, &Model)> = models.iter().map(|(b, m)| (*b, m)).collect();
    for (name, method) in [("MLE", Method::Mle), ("WLE", Method::Wle), ("EAP", Method::Eap)] {
        let key = format!("ability_{name}");
        abilities(part.get(&key), &format!("{mode}/{key}"), &models, method, all);
    }
    let analyses: Vec<(&str, &Analysis)> = analyses.iter().map(|(b, a)| (*b, a)).collect();
    tia(part.get("tia"), &format!("{mode}/tia"), &analyses, all);
    let [first, second] = booklets.as_slice() else { return };
    let Ok(alone) = calibrate(&Design::of(&table.part(&first.items, &first.rows), Missing::Wrong), &[])
    else {
        return;
    };
    dexter_parameters(part.get("A_alone"), &format!("{mode}/A_alone"), &alone, plain, all);
    let common: Vec<&String> =
        first.items.iter().filter(|i| second.items.contains(i)).map(|i| &table.items()[*i].id).collect();
    let anchors: Vec<Anchor> = alone
        .parameters
        .iter()
        .filter(|p| common.contains(&&p.item))
        .map(|p| Anchor { item: p.item.clone(), score: p.score, beta: p.beta })
        .collect();
    let design = Design::of(&table.part(&second.items, &second.rows), Missing::Wrong);
    if let Ok(new) = calibrate(&design, &anchors) {
        dexter_parameters(
            part.get("B_with_A_anchor_fixed"),
            &format!("{mode}/B_with_A_anchor_fixed"),
            &new,
            false,
            all,
        );
    }
}
