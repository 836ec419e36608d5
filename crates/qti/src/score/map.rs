//! `map-response` and `map-response-point`.

use super::Fault;
use super::evaluate::Machine;
use crate::item::{AreaMapping, MapEntry, Mapping, Variable};
use crate::value::{Scalar, Val};

impl<'a> Machine<'a> {
    fn mapped(&self, slot: u16) -> Result<(&'a Variable, &'a [Scalar<'a>]), Fault> {
        let variable = self.variables.get(slot).ok_or_else(|| Fault::new("an unknown variable is mapped"))?;
        if let Some(fault) = &variable.fault {
            return Err(Fault::new(fault.as_str()));
        }
        let members = match self.value(slot) {
            Val::Null => &[][..],
            Val::One(scalar) => self.arena.alloc_slice_copy(&[scalar]),
            Val::Bag(members) | Val::List(members) => members,
            Val::Record(_) => {
                return Err(Fault::new(format!("{} is a record and cannot be mapped", variable.identifier)));
            }
        };
        Ok((variable, members))
    }

    pub(super) fn map_response(&self, slot: u16) -> Result<Val<'a>, Fault> {
        let (variable, members) = self.mapped(slot)?;
        let mapping = variable.mapping.as_ref().ok_or_else(|| {
            Fault::new(format!(
                "{} is mapped but has no mapping; add one to its declaration",
                variable.identifier
            ))
        })?;
        if members.is_empty() {
            let none = mapping.entries.iter().find(|e| e.key.is_none()).map_or(mapping.default, |e| e.points);
            return Ok(clamp(none, mapping.lower, mapping.upper));
        }
        let mut total = 0.0;
        for (i, member) in members.iter().enumerate() {
            // Equal values count once.
            if members.iter().take(i).any(|before| before.same(member) == Some(true)) {
                continue;
            }
            total += points(mapping, member);
        }
        Ok(clamp(total, mapping.lower, mapping.upper))
    }

    pub(super) fn map_response_point(&self, slot: u16) -> Result<Val<'a>, Fault> {
        let (variable, members) = self.mapped(slot)?;
        let areas = variable.areas.as_ref().ok_or_else(|| {
            Fault::new(format!(
                "{} is mapped but has no area mapping; add one to its declaration",
                variable.identifier
            ))
        })?;
        Ok(clamp(area_total(areas, members, &variable.identifier)?, areas.lower, areas.upper))
    }
}

fn area_total(areas: &AreaMapping, members: &[Scalar<'_>], name: &str) -> Result<f64, Fault> {
    let mut total = 0.0;
    let mut hit_any = false;
    for (shape, points) in &areas.entries {
        let mut hit = false;
        for member in members {
            let Scalar::Point(x, y) = member else {
                return Err(Fault::new(format!("{name} holds no points")));
            };
            hit |= shape.contains(*x, *y);
        }
        if hit {
            hit_any = true;
            total += points;
        }
    }
    Ok(if hit_any { total } else { areas.default })
}

fn points(mapping: &Mapping, member: &Scalar<'_>) -> f64 {
    // Made only when an entry ignores case, and once.
    let mut folded: Option<String> = None;
    let hit = mapping.entries.iter().find(|entry| matches(entry, member, &mut folded));
    hit.map_or(mapping.default, |entry| entry.points)
}

fn matches(entry: &MapEntry, member: &Scalar<'_>, folded: &mut Option<String>) -> bool {
    match (&entry.folded, member, &entry.key) {
        (Some(key), Scalar::Str(text), _) => {
            if text.is_ascii() && key.is_ascii() {
                key.eq_ignore_ascii_case(text)
            } else {
                folded.get_or_insert_with(|| text.to_lowercase()) == key
            }
        }
        (_, _, Some(key)) => key.scalar().same(member) == Some(true),
        (_, _, None) => false,
    }
}

fn clamp<'a>(total: f64, lower: Option<f64>, upper: Option<f64>) -> Val<'a> {
    let total = lower.map_or(total, |l| total.max(l));
    Val::float(upper.map_or(total, |u| total.min(u)))
}
