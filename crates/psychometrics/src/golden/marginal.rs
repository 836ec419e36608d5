//! Marginal maximum likelihood: our values where mirt and ltm put theirs.
// Loops run over the items of one fit.
#![allow(clippy::indexing_slicing)]

use super::expect::{Expectations, Tolerance};
use super::texts;
use crate::mml::fit::posterior;
use crate::mml::{Fit, FitSettings, Model, Patterns, fit};
use crate::rasch::Missing;
use crate::table::Table;
use serde_json::Value;

/// Relative to 1 at least: an offset near zero has no relative scale (the origin of θ is arbitrary).
const PARAMETER: Tolerance = Tolerance::Scaled(1e-4);
const ERROR: Tolerance = Tolerance::Relative(1e-3);
/// The guide compares parameters with mirt. ltm stops earlier (its likelihood is lower), so its parameters
/// get a wide berth.
const LTM_PARAMETER: Tolerance = Tolerance::Scaled(5e-3);
const LTM_ERROR: Tolerance = Tolerance::Relative(5e-3);
const LIKELIHOOD: Tolerance = Tolerance::NotBelow(1e-5);

pub(super) fn expect(golden: &Value, table: &Table, all: &mut Expectations) {
    let Ok(patterns) = Patterns::of(table, Missing::Wrong) else { return };
    for (model, mirt, ltm) in
        [(Model::OneParameter, "mirt_Rasch", "ltm_1PL"), (Model::TwoParameter, "mirt_2PL", "ltm_2PL")]
    {
        let Ok(fitted) = fit(&patterns, &FitSettings::new(model)) else { continue };
        if let Some(part) = golden.get(mirt) {
            expect_mirt(part, &format!("mml/{mirt}"), table, &fitted, all);
        }
        if let Some(part) = golden.get(ltm) {
            expect_ltm(part, &format!("mml/{ltm}"), &fitted, all);
        }
    }
}

fn expect_mirt(golden: &Value, path: &str, table: &Table, fitted: &Fit, all: &mut Expectations) {
    let rasch = fitted.settings.model == Model::OneParameter;
    let slope = fitted.items.first().map_or(1.0, |i| i.a);
    for (index, name) in texts(golden.pointer("/items/item")).iter().enumerate() {
        let Some(item) = fitted.items.iter().find(|i| &i.item == name) else { continue };
        let at = |column: &str| format!("{path}/items/{column}/{index}");
        // mirt's Rasch model fixes the slopes at 1 and frees the variance instead.
        if rasch {
            all.put(at("a"), "MML slope fixed at 1", Tolerance::Exact, Some(1.0));
        } else {
            all.put(at("a"), "MML a (mirt)", PARAMETER, Some(item.a));
            all.put(at("se_a"), "MML SE (mirt)", ERROR, item.se_a);
        }
        all.put(at("d"), "MML d (mirt)", PARAMETER, Some(item.d));
        all.put(at("se_d"), "MML SE (mirt)", ERROR, item.se_d);
    }
    if rasch {
        let se = fitted.items.first().and_then(|i| i.se_a);
        all.put(format!("{path}/group_var"), "MML variance (mirt)", PARAMETER, Some(slope * slope));
        all.put(format!("{path}/se_group_var"), "MML SE (mirt)", ERROR, se.map(|s| 2.0 * slope * s));
    } else {
        all.put(format!("{path}/group_var"), "MML slope fixed at 1", Tolerance::Exact, Some(1.0));
    }
    all.put(format!("{path}/loglik"), "MML log-likelihood", LIKELIHOOD, Some(fitted.log_likelihood));
    all.put(format!("{path}/AIC"), "MML AIC, BIC", Tolerance::NotAbove(2e-5), Some(fitted.aic));
    all.put(format!("{path}/BIC"), "MML AIC, BIC", Tolerance::NotAbove(2e-5), Some(fitted.bic));
    let persons = texts(golden.get("first20_EAP")).len();
    let scale = if rasch { slope } else { 1.0 };
    // The guide names no tolerance for these; they hang on the parameters, which may differ 1e-4.
    let loose = Tolerance::Absolute(2e-4);
    for person in 0..persons.min(table.persons()) {
        let answers: Vec<bool> = fitted
            .items
            .iter()
            .map(|i| {
                let j = table.items().iter().position(|t| t.id == i.item).unwrap_or(0);
                table.columns()[j].get(person) == 1
            })
            .collect();
        let (mean, sd) = posterior(fitted, &answers);
        all.put(format!("{path}/first20_EAP/{person}"), "MML person EAP and SE", loose, Some(mean * scale));
        all.put(format!("{path}/first20_EAP_se/{person}"), "MML person EAP and SE", loose, Some(sd * scale));
    }
}

fn expect_ltm(golden: &Value, path: &str, fitted: &Fit, all: &mut Expectations) {
    let names = texts(golden.get("items"));
    let find = |name: &String| fitted.items.iter().find(|i| &i.item == name);
    all.put_list(
        &format!("{path}/d"),
        "MML d (ltm)",
        LTM_PARAMETER,
        names.iter().map(|n| find(n).map(|i| i.d)),
    );
    all.put_list(
        &format!("{path}/a"),
        "MML a (ltm)",
        LTM_PARAMETER,
        names.iter().map(|n| find(n).map(|i| i.a)),
    );
    let offsets = names.iter().map(|n| find(n).and_then(|i| i.se_d));
    let slopes: Vec<Option<f64>> = match fitted.settings.model {
        Model::OneParameter => vec![fitted.items.first().and_then(|i| i.se_a)],
        Model::TwoParameter => names.iter().map(|n| find(n).and_then(|i| i.se_a)).collect(),
    };
    all.put_list(&format!("{path}/se"), "MML SE (ltm)", LTM_ERROR, offsets.chain(slopes));
    all.put(format!("{path}/loglik"), "MML log-likelihood", LIKELIHOOD, Some(fitted.log_likelihood));
}
