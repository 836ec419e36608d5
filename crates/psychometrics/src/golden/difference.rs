//! Mantel–Haenszel: our values where base R and difR put theirs.
// Loops run over the items of one analysis.
#![allow(clippy::indexing_slicing)]

use super::expect::{Expectations, Tolerance};
use super::texts;
use crate::dif::{ItemDif, Members, mantel_haenszel};
use crate::table::Table;
use serde_json::Value;

const FINE: Tolerance = Tolerance::Relative(1e-9);

pub(super) fn expect(golden: &Value, table: &Table, all: &mut Expectations) {
    let Some(map) = golden.as_object() else { return };
    for (key, part) in map.iter().filter(|(_, part)| part.get("base_mantelhaen").is_some()) {
        // A focal group such as 2 may be written as a number.
        let focal = texts(part.get("focal")).into_iter().next().unwrap_or_default();
        let has_label = |g: &&crate::table::Grouping| g.labels.contains(&focal);
        let grouping = table
            .groupings()
            .iter()
            .find(|g| &g.name == key && has_label(g))
            .or_else(|| table.groupings().iter().find(has_label));
        let Some(grouping) = grouping else { continue };
        let Ok(members) = Members::of(table, &grouping.name, Some(&focal)) else { continue };
        let binary;
        let used = if table.items().iter().any(|i| i.max > 1) {
            binary = full_marks_only(table);
            &binary
        } else {
            table
        };
        let result = mantel_haenszel(used, &members, true);
        let names = texts(part.pointer("/base_mantelhaen/item"));
        expect_base(key, &names, &result.items, all);
        expect_difr(&format!("{key}/difR"), &texts(part.pointer("/difR/item")), &result.items, all);
        if let Some(purified) = &result.purified {
            let path = format!("{key}/difR_purified");
            expect_difr(&path, &names, purified, all);
            let flagged: Vec<Option<f64>> = names
                .iter()
                .enumerate()
                .filter(|(_, n)| purified.iter().any(|i| &i.item == *n && i.flagged))
                .map(|(at, _)| Some(at as f64 + 1.0))
                .collect();
            all.put_list(
                &format!("{path}/DIFitems"),
                "MH flagged items after purification",
                Tolerance::Exact,
                flagged,
            );
        }
    }
}

/// 1 for the maximum score, otherwise 0.
fn full_marks_only(table: &Table) -> Table {
    let ids: Vec<&str> = table.items().iter().map(|i| i.id.as_str()).collect();
    let rows: Vec<Vec<Option<u16>>> = (0..table.persons())
        .map(|p| {
            table
                .items()
                .iter()
                .zip(table.columns())
                .map(|(item, column)| Some(u16::from(column.get(p) == item.max)))
                .collect()
        })
        .collect();
    Table::from_rows(&ids, &rows).unwrap_or_else(|_| table.clone())
}

fn find<'a>(items: &'a [ItemDif], name: &String) -> Option<&'a ItemDif> {
    items.iter().find(|i| &i.item == name)
}

fn expect_base(key: &str, names: &[String], items: &[ItemDif], all: &mut Expectations) {
    let mut put = |column: &str, statistic: &'static str, of: &dyn Fn(&ItemDif) -> Option<f64>| {
        all.put_list(
            &format!("{key}/base_mantelhaen/{column}"),
            statistic,
            FINE,
            names.iter().map(|n| find(items, n).and_then(of)),
        );
    };
    put("chisq", "MH chi-square (base R)", &|i| i.chi_square.value());
    put("p", "MH p-value (base R)", &|i| i.p.value());
    put("odds_ratio_ref_over_focal", "MH alpha (base R)", &|i| i.alpha.value());
    put("lo95", "MH alpha interval (base R)", &|i| i.low.value());
    put("hi95", "MH alpha interval (base R)", &|i| i.high.value());
    put("chisq_nocorr", "MH chi-square without correction (base R)", &|i| i.chi_square_plain.value());
    put("p_nocorr", "MH p-value (base R)", &|i| i.p_plain.value());
}

fn expect_difr(path: &str, names: &[String], items: &[ItemDif], all: &mut Expectations) {
    let mut put = |column: &str, statistic: &'static str, of: &dyn Fn(&ItemDif) -> Option<f64>| {
        all.put_list(
            &format!("{path}/{column}"),
            statistic,
            FINE,
            names.iter().map(|n| find(items, n).and_then(of)),
        );
    };
    // difR subtracts the half always, also where base R and we do not.
    let always = |i: &ItemDif| {
        let x = (i.difference.abs() - 0.5).powi(2) / i.variance;
        x.is_finite().then_some(x)
    };
    put("MH_chisq", "MH chi-square (difR's convention)", &always);
    put("alphaMH", "MH alpha (difR)", &|i| i.alpha.value());
    put("varLambda", "MH variance of ln alpha (difR)", &|i| i.log_variance.value());
    put("deltaMH", "MH Delta (difR)", &|i| i.delta.value());
}
