//! A school in our own form: sittings of groups, seats by class on sites, people who watch; read into the session
//! model, planned there, and seated room by room afterwards.
//!
//! Seats are counted in nested classes per site: any seat, seats that take an own laptop, seats with a managed device.
//! A plan that fits in the nested counts can always be seated, so the search needs no rooms; [`seat`] gives them.
//! Separate rooms are a class of their own (small rooms, outside the nested classes).

use crate::format::ReadError;
use crate::problem::{Exam, Link, LinkKind, Nearness, Period, PeriodRule, Plan, Problem, Relation, Resource};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a sitting needs at every seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// A table.
    Any,
    /// Power and network for an own laptop.
    Laptop,
    /// A managed device.
    Device,
}

/// A moment for sittings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Name.
    pub name: String,
    /// Day number.
    pub day: u32,
    /// Minutes after midnight.
    pub start: u32,
    /// Minutes.
    pub minutes: u32,
    /// Cost per sitting.
    pub penalty: i32,
}

/// A room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Name.
    pub name: String,
    /// Site number.
    pub site: usize,
    /// Seats, the reserve not yet taken off.
    pub seats: u32,
    /// What every seat offers.
    pub offers: Need,
    /// A small room for people who sit apart.
    pub apart: bool,
    /// Moments in which it is used for lessons.
    pub closed: Vec<usize>,
}

/// A group of students with the days it cannot come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Name.
    pub name: String,
    /// Site number.
    pub site: usize,
    /// BBL: works with an employer and comes on few days.
    pub bbl: bool,
    /// Most sittings a day.
    pub day_limit: u8,
    /// Days (numbers) on which nobody of the group comes.
    pub away: Vec<u32>,
}

/// One sitting of an instrument: students who sit it at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// Name.
    pub name: String,
    /// Site number.
    pub site: usize,
    /// Minutes without extra time.
    pub minutes: u32,
    /// Longest extra time of its students.
    pub extra: u32,
    /// What every seat must offer.
    pub need: Need,
    /// Student numbers.
    pub students: Vec<u32>,
    /// How many of them sit in a small room with others who sit apart.
    pub quiet: u32,
    /// How many of them need a small room and an invigilator to themselves.
    pub own: u32,
    /// Moments in which it may be held (a national window); empty: all.
    pub window: Vec<usize>,
    /// Sittings with the same number are one cluster: same moment, one seat per student.
    pub cluster: Option<u32>,
}

/// Somebody who watches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invigilator {
    /// Name.
    pub name: String,
    /// Home site.
    pub site: usize,
    /// May work on other sites.
    pub travels: bool,
    /// May lead a room.
    pub chief: bool,
    /// Moments in which available.
    pub available: Vec<usize>,
    /// Most sittings in the window.
    pub quota: u32,
}

/// Something that went wrong after publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Disruption {
    /// A room cannot be used on a day.
    RoomLost {
        /// Room number.
        room: usize,
        /// Day number.
        day: u32,
    },
    /// A platform that needs managed devices is down.
    PlatformDown {
        /// Moment.
        moment: usize,
    },
    /// Students are added to a sitting.
    LateEnrolment {
        /// Sitting number.
        sitting: usize,
        /// Student numbers.
        students: Vec<u32>,
    },
    /// A whole site is closed for a moment.
    SiteClosed {
        /// Site number.
        site: usize,
        /// Moment.
        moment: usize,
    },
    /// Somebody is ill for a day.
    InvigilatorIll {
        /// Number.
        invigilator: usize,
        /// Day number.
        day: u32,
    },
}

/// What a broken wish costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// A student with two sittings right after each other.
    pub in_a_row: i32,
    /// A student with two sittings on a day, not right after each other.
    pub in_a_day: i32,
    /// A student with sittings on two days running.
    pub next_day: i32,
    /// One invigilator too few for a moment and site.
    pub invigilator: i32,
}

/// The whole file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct School {
    /// Name.
    pub name: String,
    /// Seats held back, in percent.
    pub reserve: u32,
    /// Site names.
    pub sites: Vec<String>,
    /// Moments in time order.
    pub moments: Vec<Moment>,
    /// Rooms.
    pub rooms: Vec<Room>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Group of each student.
    pub students: Vec<usize>,
    /// Sittings.
    pub sittings: Vec<Sitting>,
    /// Invigilators.
    pub invigilators: Vec<Invigilator>,
    /// Costs.
    pub weights: Weights,
    /// The plan published before, a moment per sitting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Vec<usize>>,
    /// What went wrong since, oldest first.
    #[serde(default)]
    pub disruptions: Vec<Disruption>,
    /// Rooms taken away to make the file over-constrained, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
}

/// Where one sitting is: its moment and (room, people) pairs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Name of the sitting.
    pub sitting: String,
    /// Moment number, none when it has no place.
    pub moment: Option<usize>,
    /// Room number and people in it.
    pub rooms: Vec<(usize, u32)>,
}

/// One seat in `seats` for everybody, the reserve taken off.
pub fn usable(seats: u32, reserve: u32) -> u32 {
    (u64::from(seats) * u64::from(100u32.saturating_sub(reserve)) / 100) as u32
}

/// Reads a school.
pub fn read(text: &str) -> Result<School, ReadError> {
    let s: School = crate::format::json(text)?;
    let wrong = |what: String| Err(ReadError::at(1, 1, &what));
    let (moments, sites) = (s.moments.len(), s.sites.len());
    if moments > 2000 || s.sittings.len() > 50_000 || s.students.len() > 1_000_000 || s.rooms.len() > 10_000 {
        return wrong("at most 2000 moments, 50000 sittings, 10000 rooms and a million students".into());
    }
    for r in &s.rooms {
        if r.site >= sites || r.closed.iter().any(|&m| m >= moments) {
            return wrong(format!("room {} on a known site, closed in known moments", r.name));
        }
    }
    if s.students.iter().any(|&g| g >= s.groups.len()) || s.groups.iter().any(|g| g.site >= sites) {
        return wrong("every student in a known group and every group on a known site".into());
    }
    for x in &s.sittings {
        if x.site >= sites
            || x.students.iter().any(|&i| i as usize >= s.students.len())
            || x.window.iter().any(|&m| m >= moments)
        {
            return wrong(format!(
                "sitting {} to name a known site, known students and known moments",
                x.name
            ));
        }
        if u64::from(x.quiet) + u64::from(x.own) > x.students.len() as u64 {
            return wrong(format!("sitting {} to have no more people apart than students", x.name));
        }
    }
    if s.invigilators.iter().any(|i| i.site >= sites || i.available.iter().any(|&m| m >= moments)) {
        return wrong("every invigilator on a known site, available in known moments".into());
    }
    if s.published.as_ref().is_some_and(|p| p.len() != s.sittings.len() || p.iter().any(|&m| m >= moments)) {
        return wrong("a published plan with one known moment for each sitting".into());
    }
    Ok(s)
}

/// Seats a person who needs a room alone takes from the small rooms: as many as the largest of them has.
fn own_seats(s: &School, site: usize) -> u32 {
    let small = s.rooms.iter().filter(|r| r.apart && r.site == site);
    small.map(|r| usable(r.seats, s.reserve)).max().unwrap_or(1).max(1)
}

/// People a sitting asks for to watch: one per 25 in the hall, one per 8 apart, one for each alone.
pub fn watchers(x: &Sitting) -> u32 {
    let hall = x.students.len() as u32 - x.quiet - x.own;
    hall.div_ceil(25) + x.quiet.div_ceil(8) + x.own
}

/// The sittings as a session problem.
pub fn problem(s: &School) -> Problem {
    let np = s.moments.len();
    let mut p = Problem::default();
    for m in &s.moments {
        p.periods.push(Period {
            name: m.name.clone(),
            day: m.day,
            start: m.start,
            minutes: m.minutes,
            penalty: m.penalty,
        });
    }
    for (site, name) in s.sites.iter().enumerate() {
        let count = |f: &dyn Fn(&Room) -> bool| -> Vec<u32> {
            (0..np)
                .map(|m| {
                    s.rooms
                        .iter()
                        .filter(|r| r.site == site && f(r) && !r.closed.contains(&m))
                        .map(|r| usable(r.seats, s.reserve))
                        .sum()
                })
                .collect()
        };
        let mut add = |what: &str, capacity, weight| {
            p.resources.push(Resource { name: format!("{name}: {what}"), capacity, weight })
        };
        add("seats", count(&|r| !r.apart), None);
        add("seats for laptops", count(&|r| !r.apart && r.offers >= Need::Laptop), None);
        add("seats with devices", count(&|r| !r.apart && r.offers >= Need::Device), None);
        add("seats apart", count(&|r| r.apart), None);
        let people = (0..np).map(|m| {
            s.invigilators.iter().filter(|i| i.site == site && i.available.contains(&m)).count() as u32
        });
        add("invigilators", people.collect(), Some(s.weights.invigilator));
    }
    let mut lead: BTreeMap<u32, usize> = BTreeMap::new();
    for (e, x) in s.sittings.iter().enumerate() {
        let base = x.site * 5;
        let first = match x.cluster {
            Some(c) => *lead.entry(c).or_insert(e),
            None => e,
        };
        // In a cluster the first sitting takes the seats for all.
        let mut demand = Vec::new();
        if first == e {
            let hall = x.students.len() as u32 - x.quiet - x.own;
            demand.push((base, hall));
            if x.need >= Need::Laptop {
                demand.push((base + 1, hall));
            }
            if x.need >= Need::Device {
                demand.push((base + 2, hall));
            }
            demand.push((base + 3, x.quiet + x.own * own_seats(s, x.site)));
            demand.push((base + 4, watchers(x)));
            demand.retain(|d| d.1 > 0);
        } else {
            p.relations.push(Relation::Cluster(first, e));
        }
        let groups: BTreeSet<usize> =
            x.students.iter().filter_map(|&i| s.students.get(i as usize).copied()).collect();
        let away: BTreeSet<u32> =
            groups.iter().filter_map(|&g| s.groups.get(g)).flat_map(|g| g.away.iter().copied()).collect();
        let allowed = (0..np).filter(|&m| {
            let open = x.window.is_empty() || x.window.contains(&m);
            open && s.moments.get(m).is_some_and(|t| !away.contains(&t.day))
        });
        p.exams.push(Exam {
            name: x.name.clone(),
            // The tests of a cluster follow each other: the first stands for the whole time.
            minutes: x.extra + if first == e { cluster_minutes(s, e) } else { x.minutes },
            students: x.students.clone(),
            window: Some(allowed.collect()),
            demand,
            ..Exam::default()
        });
    }
    p.day_limit = s.students.iter().map(|&g| s.groups.get(g).map_or(0, |g| g.day_limit)).collect();
    bonds(s, &mut p);
    p
}

/// Minutes of all tests in the cluster of a sitting, or its own.
pub(crate) fn cluster_minutes(s: &School, e: usize) -> u32 {
    let Some(x) = s.sittings.get(e) else { return 0 };
    match x.cluster {
        None => x.minutes,
        Some(_) => s.sittings.iter().filter(|y| y.cluster == x.cluster).map(|y| y.minutes).sum(),
    }
}

fn bonds(s: &School, p: &mut Problem) {
    let np = s.moments.len();
    let day = |m: usize| s.moments.get(m).map_or(0, |x| x.day);
    let table =
        |f: &dyn Fn(usize, usize) -> i32| -> Vec<i32> { (0..np * np).map(|i| f(i / np, i % np)).collect() };
    let row = table(&|a, b| if a.abs_diff(b) == 1 && day(a) == day(b) { s.weights.in_a_row } else { 0 });
    let one = table(&|a, b| if a.abs_diff(b) > 1 && day(a) == day(b) { s.weights.in_a_day } else { 0 });
    let next = table(&|a, b| if day(a).abs_diff(day(b)) == 1 { s.weights.next_day } else { 0 });
    let nearness = || {
        vec![
            Nearness { name: "two_in_a_row".into(), cost: row.clone() },
            Nearness { name: "two_in_a_day".into(), cost: one.clone() },
            Nearness { name: "next_day".into(), cost: next.clone() },
        ]
    };
    let same: Vec<bool> = (0..np * np).map(|i| i / np == i % np).collect();
    let travel = (0..np * np).map(|i| (i / np).abs_diff(i % np) <= 1 && day(i / np) == day(i % np)).collect();
    p.kinds.push(LinkKind { name: "students".into(), clash: same, nearness: nearness() });
    p.kinds.push(LinkKind {
        name: "students who would have to travel".into(),
        clash: travel,
        nearness: nearness(),
    });
    let site = |e: usize| s.sittings.get(e).map(|x| x.site);
    let cluster = |e: usize| s.sittings.get(e).and_then(|x| x.cluster);
    let links = crate::format::common_students(&p.exams, 0)
        .into_iter()
        .filter(|l| cluster(l.a).is_none() || cluster(l.a) != cluster(l.b));
    p.links = links.map(|l| Link { kind: usize::from(site(l.a) != site(l.b)), ..l }).collect();
}

/// The problem after the disruptions, starting from the published plan: every move away from it costs the people who
/// must be told, dearer the sooner the old moment is; `frozen` moments cannot change at all.
pub fn replan(s: &School, published: &[usize], frozen: &BTreeSet<usize>) -> (School, Problem) {
    let mut now = s.clone();
    for d in &s.disruptions {
        now.apply(d);
    }
    let mut p = problem(&now);
    let mut cost = Vec::new();
    let np = p.periods.len();
    for (e, &old) in published.iter().enumerate() {
        let Some(exam) = p.exams.get_mut(e) else { continue };
        if frozen.contains(&old) {
            exam.fixed = Some(old);
        }
        let told = exam.students.len() as i32 + 5;
        let near = 20 - (old as i32 * 15 / np.max(1) as i32);
        cost.extend((0..np).filter(|&m| m != old).map(|m| (e, m, told * near)));
    }
    p.period_rules.push(PeriodRule { name: "people_told".into(), cost });
    (now, p)
}

impl School {
    /// The school as it is after a disruption.
    pub fn apply(&mut self, d: &Disruption) {
        let days: Vec<u32> = self.moments.iter().map(|m| m.day).collect();
        let on = |day: u32| days.iter().enumerate().filter(move |x| *x.1 == day).map(|x| x.0);
        match d {
            Disruption::RoomLost { room, day } => {
                if let Some(r) = self.rooms.get_mut(*room) {
                    r.closed.extend(on(*day));
                }
            }
            Disruption::PlatformDown { moment } => {
                let all: Vec<usize> = (0..days.len()).collect();
                for x in self.sittings.iter_mut().filter(|x| x.need == Need::Device) {
                    let open = if x.window.is_empty() { &all } else { &x.window };
                    x.window = open.iter().copied().filter(|m| m != moment).collect();
                }
            }
            Disruption::LateEnrolment { sitting, students } => {
                if let Some(x) = self.sittings.get_mut(*sitting) {
                    x.students.extend(students);
                    x.students.sort_unstable();
                    x.students.dedup();
                }
            }
            Disruption::SiteClosed { site, moment } => {
                for r in self.rooms.iter_mut().filter(|r| r.site == *site) {
                    r.closed.push(*moment);
                }
            }
            Disruption::InvigilatorIll { invigilator, day } => {
                let gone: Vec<usize> = on(*day).collect();
                if let Some(i) = self.invigilators.get_mut(*invigilator) {
                    i.available.retain(|m| !gone.contains(m));
                }
            }
        }
    }
}

/// Reads a plan as [`seat`] makes it.
pub fn read_plan(s: &School, text: &str) -> Result<Plan, ReadError> {
    let places: Vec<Place> = crate::format::json(text)?;
    let index: BTreeMap<&str, usize> =
        s.sittings.iter().enumerate().map(|(i, x)| (x.name.as_str(), i)).collect();
    let mut plan = Plan::empty(s.sittings.len());
    for p in &places {
        let e = index.get(p.sitting.as_str());
        let e = *e.ok_or_else(|| crate::format::place(text, &p.sitting, "a sitting of the school"))?;
        if let Some(at) = plan.period.get_mut(e) {
            *at = p.moment;
        }
    }
    Ok(plan)
}

/// Gives every sitting its rooms: demanding seats first, plain rooms before better ones, few rooms per sitting.
pub fn seat(s: &School, plan: &Plan) -> Vec<Place> {
    let mut out: Vec<Place> = s
        .sittings
        .iter()
        .zip(&plan.period)
        .map(|(x, &moment)| Place { sitting: x.name.clone(), moment, rooms: Vec::new() })
        .collect();
    let mut led: BTreeMap<u32, usize> = BTreeMap::new();
    for moment in 0..s.moments.len() {
        let open = |r: &Room| !r.closed.contains(&moment);
        let mut free: Vec<u32> =
            s.rooms.iter().map(|r| if open(r) { usable(r.seats, s.reserve) } else { 0 }).collect();
        // (need, people, sitting, apart): each person alone is an order of its own.
        let mut orders: Vec<(Need, u32, usize, u8)> = Vec::new();
        for (e, x) in
            s.sittings.iter().enumerate().filter(|(e, _)| plan.period.get(*e) == Some(&Some(moment)))
        {
            if let Some(c) = x.cluster
                && *led.entry(c).or_insert(e) != e
            {
                continue;
            }
            orders.extend((0..x.own).map(|_| (Need::Device, 1, e, 2)));
            orders.push((Need::Device, x.quiet, e, 1));
            orders.push((x.need, x.students.len() as u32 - x.quiet - x.own, e, 0));
        }
        orders.sort_by_key(|o| (std::cmp::Reverse((o.3, o.0, o.1)), o.2));
        for (need, mut people, e, apart) in orders {
            let Some(site) = s.sittings.get(e).map(|x| x.site) else { continue };
            while people > 0 {
                let fits =
                    |r: &Room| r.site == site && r.apart == (apart > 0) && (apart > 0 || r.offers >= need);
                let rooms = s.rooms.iter().enumerate().filter(|(i, r)| {
                    let left = free.get(*i).copied().unwrap_or(0);
                    fits(r) && left > 0 && (apart < 2 || left == usable(r.seats, s.reserve))
                });
                // The plainest class first; in it the smallest room that takes all, else the largest.
                let best = rooms.min_by_key(|(i, r)| {
                    let left = free.get(*i).copied().unwrap_or(0);
                    (r.offers, left < people, if left < people { u32::MAX - left } else { left })
                });
                let Some((i, _)) = best else { break };
                let Some(left) = free.get_mut(i) else { break };
                let take = people.min(*left);
                *left = if apart == 2 { 0 } else { *left - take };
                people -= take;
                if let Some(place) = out.get_mut(e) {
                    match place.rooms.iter_mut().find(|x| x.0 == i) {
                        Some(x) => x.1 += take,
                        None => place.rooms.push((i, take)),
                    }
                }
            }
        }
    }
    // A cluster sits where its first sitting sits.
    for (e, x) in s.sittings.iter().enumerate() {
        if let Some(&first) = x.cluster.as_ref().and_then(|c| led.get(c))
            && first != e
        {
            let rooms = out.get(first).map(|p| p.rooms.clone()).unwrap_or_default();
            if let Some(p) = out.get_mut(e) {
                p.rooms = rooms;
            }
        }
    }
    out
}
