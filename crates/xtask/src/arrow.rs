//! Crate arrows: who uses whom, against `house.txt`.

use crate::house::{Allowance, House, TEXT};
use crate::workspace::{Crate, Workspace};
use crate::{Finding, Findings};

pub fn check(workspace: &Workspace) -> Result<Findings, String> {
    Ok(judge(&House::parse(TEXT)?, &workspace.crates))
}

fn judge(house: &House, crates: &[Crate]) -> Findings {
    let mut findings = Findings::new();
    for this in crates {
        let place = format!("crates/{}/Cargo.toml", this.name);
        let Some(allowance) = house.allowance(&this.name) else {
            findings.push(Finding::new(
                place,
                format!("the house has no crate `{}`", this.name),
                "give it a line in crates/xtask/src/house.txt, after thinking about which layer it is",
            ));
            continue;
        };
        if let Allowance::Only(may) = &allowance {
            for used in &this.uses {
                let a_test_may =
                    used.in_tests && used.name == "testkit" && house.in_layer_above_core(&this.name);
                let itself = used.in_tests && used.name == this.name;
                if !(may.contains(&used.name) || a_test_may || itself) {
                    findings.push(Finding::new(
                        place.clone(),
                        format!("{} → {} is no arrow of the house", this.name, used.name),
                        house.way_out(&this.name, &used.name),
                    ));
                }
            }
        }
        for used in &this.outside {
            let reserved = house.reserved.get(&used.name).filter(|who| !who.contains(&this.name));
            if let Some(who) = reserved.filter(|_| !used.in_tests) {
                let who: Vec<_> = who.iter().map(String::as_str).collect();
                findings.push(Finding::new(
                    place.clone(),
                    format!("{} names {}, which only {} may", this.name, used.name, who.join(", ")),
                    "ask that crate for what you need",
                ));
            }
            let closed = house.closed.get(&this.name).filter(|may| !may.contains(&used.name));
            if closed.is_some() && !used.in_tests {
                findings.push(Finding::new(
                    place.clone(),
                    format!("{} must stay true without a computer, and names {}", this.name, used.name),
                    "move what needs it one layer up; or, if it is as pure as a date, add it to house.txt",
                ));
            }
            if used.any_version {
                let what = format!("{} takes any version of {}", this.name, used.name);
                findings.push(Finding::new(place.clone(), what, "name the version it was written for"));
            }
            if used.name == "chrono" {
                findings.push(Finding::new(place.clone(), "chrono", "time is jiff's"));
            }
        }
    }
    findings
}

impl House {
    /// Engines and core stand alone: their tests do too.
    fn in_layer_above_core(&self, name: &str) -> bool {
        let alone = self.members("engine");
        name != "core" && name != "xtask" && !alone.iter().any(|e| e == name)
    }

    /// Where the thing that made somebody draw this arrow belongs.
    fn way_out(&self, from: &str, to: &str) -> String {
        let is = |name: &str, group: &str| self.members(group).iter().any(|m| m == name);
        if is(from, "area") && is(to, "area") {
            return format!(
                "read {to}'s published view (migrations/views), or follow its events in the outbox; \
                 a rule that both need belongs in core"
            );
        }
        if is(from, "door") && to == "db" {
            return "a door parses, calls a use case and renders: put the reading in the area".into();
        }
        if is(from, "door") && is(to, "door") {
            return "what both doors need is a use case: put it in the area".into();
        }
        if is(from, "engine") {
            return "an engine is publishable on its own: pass in what it needs".into();
        }
        match self.allowance(from) {
            Some(Allowance::Only(may)) if may.is_empty() => {
                format!("{from} may use none of ours; what is needed twice moves one layer down")
            }
            Some(Allowance::Only(may)) => {
                let may: Vec<_> = may.iter().map(String::as_str).collect();
                format!(
                    "{from} may use {}; what is needed twice moves one layer down, never sideways",
                    may.join(", ")
                )
            }
            _ => "see crates/xtask/src/house.txt".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Use;

    fn of(name: &str, uses: &[&str], outside: &[&str]) -> Crate {
        let named = |names: &[&str]| {
            names.iter().map(|n| Use { name: (*n).into(), in_tests: false, any_version: false }).collect()
        };
        Crate { name: name.into(), uses: named(uses), outside: named(outside) }
    }

    fn judged(this: Crate) -> Vec<String> {
        judge(&House::parse(TEXT).unwrap(), &[this])
            .into_iter()
            .map(|f| format!("{}; {}", f.what, f.way_out))
            .collect()
    }

    #[test]
    fn the_arrows_of_the_house_pass() {
        assert_eq!(judged(of("planning", &["core", "db", "access", "timetable"], &["tracing"])), [""; 0]);
        assert_eq!(judged(of("app", &["planning", "db", "web"], &["tokio"])), [""; 0]);
        assert_eq!(judged(of("core", &[], &["jiff", "uuid"])), [""; 0]);
    }

    #[test]
    fn an_area_that_uses_an_area_is_sent_to_views_and_events() {
        let said = judged(of("planning", &["people"], &[]));
        assert!(said[0].contains("planning → people") && said[0].contains("published view"), "{said:?}");
    }

    #[test]
    fn a_door_does_not_meet_the_database_or_the_other_door() {
        assert!(judged(of("web", &["db"], &[]))[0].contains("put the reading in the area"));
        assert!(judged(of("api", &["web"], &[]))[0].contains("use case"));
    }

    #[test]
    fn an_engine_uses_none_of_ours_not_even_in_tests() {
        assert!(judged(of("qti", &["core"], &[]))[0].contains("pass in what it needs"));
        let mut tested = of("qti", &[], &[]);
        tested.uses.push(Use { name: "testkit".into(), in_tests: true, any_version: true });
        assert_eq!(judged(tested).len(), 1);
    }

    #[test]
    fn tests_of_an_area_may_use_the_testkit_and_its_code_may_not() {
        let mut tested = of("people", &["core"], &[]);
        tested.uses.push(Use { name: "testkit".into(), in_tests: true, any_version: true });
        assert_eq!(judged(tested), [""; 0]);
        assert_eq!(judged(of("people", &["testkit"], &[])).len(), 1);
    }

    #[test]
    fn only_db_names_a_driver_and_core_names_next_to_nothing() {
        assert!(judged(of("people", &[], &["rusqlite"]))[0].contains("only db, testkit may"));
        assert_eq!(judged(of("db", &["core"], &["rusqlite"])), [""; 0]);
        assert!(judged(of("core", &[], &["tokio"]))[0].contains("without a computer"));
        assert!(judged(of("people", &[], &["chrono"]))[0].contains("jiff"));
    }

    #[test]
    fn a_foreign_crate_has_a_version() {
        let mut this = of("people", &[], &["serde"]);
        this.outside.iter_mut().for_each(|used| used.any_version = true);
        assert!(judged(this)[0].contains("any version of serde"));
    }

    #[test]
    fn a_crate_nobody_placed_is_refused() {
        assert!(judged(of("misc", &[], &[]))[0].contains("no crate `misc`"));
    }

    #[test]
    fn a_line_that_is_not_understood_is_named() {
        assert!(House::parse("core -> \nwhat is this").unwrap_err().contains("line 2"));
    }
}
