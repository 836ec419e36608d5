//! Differential item functioning: do persons of two groups with the same total do equally well on an item?

pub mod mantel;
pub mod polytomous;
pub mod stratum;

pub use mantel::{DifClass, ItemDif, MantelHaenszel, mantel_haenszel};
pub use polytomous::{PolytomousDif, polytomous};
pub use stratum::{DifError, Members};

use crate::number::stat::{Undefined, collect_undefined};

/// Every statistic of the two analyses that has no value, and why.
#[must_use]
pub fn undefined(mantel_haenszel: &MantelHaenszel, polytomous: &[PolytomousDif]) -> Vec<Undefined> {
    let mut list = Vec::new();
    let purified = mantel_haenszel.purified.iter().flatten().map(|i| (i, " purified"));
    for (i, kind) in mantel_haenszel.items.iter().map(|i| (i, "")).chain(purified) {
        let named = [
            ("alpha", i.alpha),
            ("delta", i.delta),
            ("delta_se", i.delta_se),
            ("log_variance", i.log_variance),
            ("low", i.low),
            ("high", i.high),
            ("chi_square", i.chi_square),
            ("p", i.p),
            ("chi_square_plain", i.chi_square_plain),
            ("p_plain", i.p_plain),
        ];
        collect_undefined(&mut list, &format!("{}{kind}", i.item), &named);
    }
    for i in polytomous {
        let named = [("chi_square", i.chi_square), ("p", i.p), ("smd", i.smd), ("effect", i.effect)];
        collect_undefined(&mut list, &format!("{} polytomous", i.item), &named);
    }
    list
}
