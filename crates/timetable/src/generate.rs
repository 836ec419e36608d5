//! Makes schools like a large mbo school: sites, rooms closed by lessons, BOL and BBL groups, correlated enrolments,
//! accommodations, clusters, invigilators, a planted plan, and what goes wrong after publication.
//!
//! The plan is planted first; then rooms are closed until the wanted seat load is reached in every moment, and days
//! are closed for groups that do not need them. So a plan without broken musts exists, and is not easy to find.
#![allow(clippy::indexing_slicing)] // every index is made here

use crate::problem::Plan;
use crate::school::{
    Disruption, Group, Invigilator, Moment, Need, Room, School, Sitting, Weights, problem, usable, watchers,
};
use crate::search::Random;
use std::collections::{BTreeMap, BTreeSet};

/// What kind of school to make.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// Equal seeds make equal schools.
    pub seed: u64,
    /// Students.
    pub students: usize,
    /// Part of the open seats the planted plan fills, 0.5 to 0.95.
    pub load: f64,
    /// Invigilators needed by the planted plan against those available, 0.6 to 1.05.
    pub people: f64,
    /// Take 3 to 8 % of the seats away afterwards, so that no plan may exist.
    pub over_constrained: bool,
}

/// Students of a named size: tiny, small, medium, large, huge.
pub fn size(name: &str) -> Option<usize> {
    Some(match name {
        "tiny" => 40,
        "small" => 600,
        "medium" => 3_000,
        "large" => 12_000,
        "huge" => 25_000,
        _ => return None,
    })
}

const DURATIONS: [u32; 7] = [45, 60, 75, 90, 105, 120, 150];

/// Makes a school; the planted plan is its published plan.
pub fn school(wish: &Wish) -> School {
    let mut r = Random::new(wish.seed ^ 0x7e57);
    let n = wish.students.clamp(20, 60_000);
    let sites = match n {
        0..=300 => 1,
        301..=1500 => 2,
        1501..=6000 => 4,
        _ => 6,
    };
    let days = if n <= 300 {
        4
    } else if n <= 5000 {
        15
    } else {
        20
    };
    let mut s = School {
        name: format!("school of {n}, seed {}", wish.seed),
        reserve: 10,
        sites: (0..sites).map(|i| format!("site {}", i + 1)).collect(),
        moments: moments(days, &mut r),
        rooms: Vec::new(),
        groups: Vec::new(),
        students: Vec::new(),
        sittings: Vec::new(),
        invigilators: Vec::new(),
        weights: Weights { in_a_row: 5, in_a_day: 2, next_day: 1, invigilator: 20 },
        published: None,
        disruptions: Vec::new(),
        removed: Vec::new(),
    };
    people(&mut s, n, &mut r);
    rooms(&mut s, n, &mut r);
    sittings(&mut s, &mut r);
    let planted = plant(&mut s, &mut r);
    tighten(&mut s, &planted, wish, &mut r);
    disrupt(&mut s, &planted, &mut r);
    s.published = Some(planted);
    if wish.over_constrained {
        let all: u32 = s.rooms.iter().map(|x| x.seats).sum();
        let mut goal = all * (3 + r.below(6) as u32) / 100;
        while goal > 0 && s.rooms.len() > 1 {
            let i = r.below(s.rooms.len());
            goal = goal.saturating_sub(s.rooms[i].seats.max(1));
            s.rooms[i].closed = (0..s.moments.len()).collect();
            s.removed.push(s.rooms[i].name.clone());
        }
    }
    s
}

fn moments(days: u32, r: &mut Random) -> Vec<Moment> {
    let mut out = Vec::new();
    for day in 0..days {
        let evening = r.below(10) == 0;
        for (part, (start, minutes)) in
            [(540, 170), (720, 140), (870, 180), (1110, 180)].into_iter().enumerate()
        {
            if part < 3 || evening {
                let name = format!("day {} {:02}:{:02}", day + 1, start / 60, start % 60);
                let penalty = if part == 3 { 30 } else { r.below(3) as i32 * 5 };
                out.push(Moment { name, day, start, minutes, penalty });
            }
        }
    }
    out
}

fn zipf(r: &mut Random, n: usize) -> usize {
    let all: f64 = (1..=n).map(|i| 1.0 / i as f64).sum();
    let mut x = r.fraction() * all;
    for i in 1..=n {
        x -= 1.0 / i as f64;
        if x <= 0.0 {
            return i - 1;
        }
    }
    0
}

fn people(s: &mut School, n: usize, r: &mut Random) {
    while s.students.len() < n {
        let (g, bbl) = (s.groups.len(), r.below(100) >= 72);
        let site = zipf(r, s.sites.len());
        s.groups.push(Group {
            name: format!("group {}", g + 1),
            site,
            bbl,
            day_limit: if bbl { 3 } else { 2 },
            away: Vec::new(),
        });
        for _ in 0..(18 + r.below(11)).min(n - s.students.len()) {
            s.students.push(g);
        }
    }
}

fn rooms(s: &mut School, n: usize, r: &mut Random) {
    for site in 0..s.sites.len() {
        let here = s.students.iter().filter(|&&g| s.groups[g].site == site).count();
        // Enough that the busiest moment can be about a sixth of the site's students.
        let mut seats = (here / 5).max(50) as u32;
        let mut i = 0;
        while seats > 0 {
            let size = match r.below(100) {
                0..=4 if n > 1000 => 80 + r.below(171) as u32,
                0..=29 => 33 + r.below(28) as u32,
                _ => 18 + r.below(15) as u32,
            };
            let offers = [Need::Device, Need::Any, Need::Laptop, Need::Device, Need::Laptop][i % 5];
            i += 1;
            s.rooms.push(Room {
                name: format!("{}.{i:02}", site + 1),
                site,
                seats: size,
                offers,
                apart: false,
                closed: Vec::new(),
            });
            seats = seats.saturating_sub(size);
        }
        for k in 0..2 + here / 300 {
            let seats = 9 + r.below(8) as u32;
            s.rooms.push(Room {
                name: format!("{}.S{k}", site + 1),
                site,
                seats,
                offers: Need::Device,
                apart: true,
                closed: Vec::new(),
            });
        }
    }
}

/// Instruments per group (correlated), central ones in parts of at most 250, accommodations, clusters.
fn sittings(s: &mut School, r: &mut Random) {
    let central = 12.min(2 + s.students.len() / 100);
    let mut wants: Vec<Vec<usize>> = vec![Vec::new(); s.students.len()];
    let mut instrument = central;
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); s.groups.len()];
    for (i, &g) in s.students.iter().enumerate() {
        members[g].push(i as u32);
    }
    for list in &members {
        let mut own: Vec<usize> = Vec::new();
        for _ in 0..1 + r.below(2) {
            own.push(r.below(central));
        }
        for _ in 0..1 + r.below(2) {
            own.push(instrument);
            instrument += 1;
        }
        for &i in list {
            let share = if r.below(5) < 4 { 85 } else { 40 };
            wants[i as usize].extend(own.iter().filter(|_| r.below(100) < share));
            if r.below(100) < 12 {
                wants[i as usize].push(r.below(central));
            }
        }
    }
    for list in &mut wants {
        list.sort_unstable();
        list.dedup();
        if list.is_empty() {
            list.push(r.below(central));
        }
    }
    // (instrument, site) -> students, group by group.
    let mut by: BTreeMap<(usize, usize), Vec<u32>> = BTreeMap::new();
    for (i, list) in wants.iter().enumerate() {
        let home = s.groups[s.students[i]].site;
        for &x in list {
            let site = if s.sites.len() > 1 && x < central && r.below(100) < 2 {
                r.below(s.sites.len())
            } else {
                home
            };
            by.entry((x, site)).or_default().push(i as u32);
        }
    }
    let kind: Vec<(u32, Need)> = (0..instrument)
        .map(|i| {
            let need = match r.below(20) {
                0..=6 => Need::Device,
                7..=13 => Need::Laptop,
                _ => Need::Any,
            };
            (DURATIONS[r.below(7)].min(if i < central { 120 } else { 150 }), need)
        })
        .collect();
    for ((x, site), students) in by {
        // Parts are cut between groups where that is possible, and stay small enough for one site and moment.
        let here: u32 = s
            .rooms
            .iter()
            .filter(|q| q.site == site && !q.apart && q.offers >= kind[x].1)
            .map(|q| usable(q.seats, s.reserve))
            .sum();
        let most = 250.min((here as usize / 2).max(8));
        for (part, chunk) in students.chunks(most).enumerate() {
            let (mut extra, mut quiet, mut own) = (0, 0, 0);
            for _ in chunk {
                if r.below(100) < 14 {
                    extra = extra.max(20);
                }
                quiet += u32::from(r.below(100) < 4);
                own += u32::from(r.below(1000) < 5);
            }
            let apart: u32 = s
                .rooms
                .iter()
                .filter(|q| q.site == site && q.apart)
                .map(|q| usable(q.seats, s.reserve))
                .sum();
            own = own.min(1);
            quiet = quiet
                .min((apart / 3).saturating_sub(own * 14))
                .min(chunk.len() as u32 - own.min(chunk.len() as u32));
            let name = format!("instrument {} {} part {}", x + 1, s.sites[site], part + 1);
            s.sittings.push(Sitting {
                name,
                site,
                minutes: kind[x].0,
                extra,
                need: kind[x].1,
                students: chunk.to_vec(),
                quiet,
                own: own.min(chunk.len() as u32),
                window: Vec::new(),
                cluster: None,
            });
        }
    }
    clusters(s, r);
}

/// Two short tests of the very same students become one cluster now and then.
fn clusters(s: &mut School, r: &mut Random) {
    let mut next = 0;
    for e in 0..s.sittings.len() {
        if r.below(100) >= 12 || s.sittings[e].cluster.is_some() || s.sittings[e].minutes > 75 {
            continue;
        }
        let mut twin = s.sittings[e].clone();
        twin.name += " (second test)";
        twin.minutes = 45;
        (twin.cluster, s.sittings[e].cluster) = (Some(next), Some(next));
        next += 1;
        s.sittings.push(twin);
    }
}

/// Places every sitting, largest first, where it breaks nothing; sittings that find no place are left out of the file.
fn plant(s: &mut School, r: &mut Random) -> Vec<usize> {
    let p = problem(s);
    let np = s.moments.len();
    let mut used = vec![0u32; p.resources.len() * np];
    let mut at: Vec<Option<usize>> = vec![None; s.sittings.len()];
    let mut near: Vec<Vec<(usize, usize, bool)>> = vec![Vec::new(); s.sittings.len()];
    for l in &p.links {
        near[l.a].push((l.b, l.kind, true));
        near[l.b].push((l.a, l.kind, false));
    }
    let mut sat: BTreeMap<(u32, u32), u8> = BTreeMap::new();
    let mut order: Vec<usize> = (0..s.sittings.len())
        .filter(|&e| {
            s.sittings[e].cluster.is_none()
                || s.sittings[..e].iter().all(|y| y.cluster != s.sittings[e].cluster)
        })
        .collect();
    order.sort_by_key(|&e| (std::cmp::Reverse(s.sittings[e].students.len()), e));
    for e in order {
        let twins: Vec<usize> = (0..s.sittings.len())
            .filter(|&x| {
                x == e || (s.sittings[e].cluster.is_some() && s.sittings[x].cluster == s.sittings[e].cluster)
            })
            .collect();
        let start = r.below(np);
        let place =
            (0..np).map(|i| (i * 7 + start) % np).chain((0..np).map(|i| (i + start) % np)).find(|&m| {
                let day = s.moments[m].day;
                twins.iter().all(|&x| p.fits_period(x, m))
                    && p.exams[e].demand.iter().all(|&(k, a)| {
                        p.resources[k].weight.is_some() || used[k * np + m] + a <= p.resources[k].capacity[m]
                    })
                    && twins.iter().all(|&t| {
                        near[t].iter().all(|&(x, k, first)| {
                            at[x].is_none_or(|q| {
                                !p.kinds[k].clash[if first { m * np + q } else { q * np + m }]
                            })
                        })
                    })
                    && s.sittings[e]
                        .students
                        .iter()
                        .all(|&i| sat.get(&(i, day)).copied().unwrap_or(0) < p.day_limit[i as usize])
            });
        let Some(m) = place else { continue };
        for &x in &twins {
            at[x] = Some(m);
        }
        for &(k, a) in &p.exams[e].demand {
            used[k * np + m] += a;
        }
        for &i in &s.sittings[e].students {
            *sat.entry((i, s.moments[m].day)).or_default() += 1;
        }
    }
    let mut keep = at.iter().map(Option::is_some);
    s.sittings.retain(|_| keep.next().unwrap_or(false));
    at.into_iter().flatten().collect()
}

/// Closes rooms and days that the planted plan does not need, gives windows, hires people.
fn tighten(s: &mut School, planted: &[usize], wish: &Wish, r: &mut Random) {
    let np = s.moments.len();
    let load = wish.load.clamp(0.3, 0.95);
    let plan =
        Plan { period: planted.iter().map(|&m| Some(m)).collect(), rooms: vec![Vec::new(); planted.len()] };
    let p = problem(s);
    let mut need = vec![0u32; p.resources.len() * np];
    for (e, &m) in planted.iter().enumerate() {
        for &(k, a) in &p.exams[e].demand {
            need[k * np + m] += a;
        }
    }
    let mut have: Vec<u32> = p.resources.iter().flat_map(|x| x.capacity.iter().copied()).collect();
    for m in 0..np {
        let mut order: Vec<usize> = (0..s.rooms.len()).collect();
        r.shuffle(&mut order);
        for i in order {
            let x = &s.rooms[i];
            let seats = usable(x.seats, s.reserve);
            let base = x.site * 5;
            let classes: Vec<usize> =
                if x.apart { vec![base + 3] } else { (0..=x.offers as usize).map(|k| base + k).collect() };
            let fits = classes.iter().all(|&k| {
                f64::from(need[k * np + m])
                    <= load * f64::from(have[k * np + m] - seats.min(have[k * np + m]))
            });
            if fits && r.below(100) < 85 {
                for k in classes {
                    have[k * np + m] -= seats;
                }
                s.rooms[i].closed.push(m);
            }
        }
    }
    let mut busy: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); s.groups.len()];
    for (e, x) in s.sittings.iter().enumerate() {
        for &i in &x.students {
            busy[s.students[i as usize]].insert(s.moments[planted[e]].day);
        }
    }
    let days = s.moments.last().map_or(0, |m| m.day + 1);
    for (g, busy) in s.groups.iter_mut().zip(&busy) {
        let (first, second) = (r.below(5) as u32, r.below(5) as u32);
        g.away = (0..days)
            .filter(|d| {
                !busy.contains(d)
                    && if g.bbl {
                        d % 5 != first && (d % 5 != second || r.below(5) > 0) && r.below(10) < 7
                    } else {
                        r.below(100) < 12
                    }
            })
            .collect();
    }
    for (e, x) in s.sittings.iter_mut().enumerate() {
        if x.students.len() > 60 && x.cluster.is_none() && r.below(3) == 0 {
            let (from, to) = (planted[e].saturating_sub(np / 4), (planted[e] + np / 4).min(np - 1));
            x.window = (from..=to).collect();
        }
    }
    staff(s, &plan, wish, r);
}

fn staff(s: &mut School, plan: &Plan, wish: &Wish, r: &mut Random) {
    let np = s.moments.len();
    let mut need = vec![0u32; s.sites.len() * np];
    let mut seen = BTreeSet::new();
    for (x, m) in s.sittings.iter().zip(&plan.period) {
        if let Some(m) = m
            && x.cluster.is_none_or(|c| seen.insert(c))
        {
            need[x.site * np + m] += watchers(x);
        }
    }
    for site in 0..s.sites.len() {
        let demand: u32 = need[site * np..(site + 1) * np].iter().sum();
        let mut given = 0.0;
        while given < f64::from(demand) / wish.people.clamp(0.3, 1.5) {
            let part = 30 + r.below(41);
            // Mostly there when the planted plan needs somebody.
            let available: Vec<usize> = (0..np)
                .filter(|&m| r.below(100) < if need[site * np + m] > 0 { part + 20 } else { part / 2 })
                .collect();
            let quota = if r.below(5) == 0 { 4 + r.below(7) as u32 } else { 60 };
            let worth: u32 = available.iter().map(|&m| u32::from(need[site * np + m] > 0)).sum();
            given += f64::from(worth.min(quota)).max(0.5);
            let name = format!("invigilator {}", s.invigilators.len() + 1);
            s.invigilators.push(Invigilator {
                name,
                site,
                travels: r.below(10) < 3,
                chief: r.below(2) == 0,
                available,
                quota,
            });
        }
    }
}

fn disrupt(s: &mut School, planted: &[usize], r: &mut Random) {
    let used: Vec<usize> = planted.iter().copied().filter(|&m| m > s.moments.len() / 4).collect();
    let moment = used.get(r.below(used.len())).copied().unwrap_or(0);
    let open: Vec<usize> =
        (0..s.rooms.len()).filter(|&i| !s.rooms[i].closed.contains(&moment) && !s.rooms[i].apart).collect();
    if let Some(&room) = open.get(r.below(open.len())) {
        s.disruptions.push(Disruption::RoomLost { room, day: s.moments[moment].day });
    }
    if !s.sittings.is_empty() {
        for _ in 0..s.sittings.len() / 100 + 1 {
            let sitting = r.below(s.sittings.len());
            let site = s.sittings[sitting].site;
            let near: Vec<u32> = (0..s.students.len() as u32)
                .filter(|&i| s.groups[s.students[i as usize]].site == site)
                .collect();
            let students = near.get(r.below(near.len())).into_iter().copied().collect();
            s.disruptions.push(Disruption::LateEnrolment { sitting, students });
        }
    }
    if !s.invigilators.is_empty() {
        let invigilator = r.below(s.invigilators.len());
        s.disruptions.push(Disruption::InvigilatorIll { invigilator, day: s.moments[moment].day });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::breaches;

    #[test]
    fn the_planted_plan_breaks_no_must_and_everybody_gets_a_seat() {
        for (seed, students) in [(1, 40), (2, 600), (3, 1700)] {
            let s = school(&Wish { seed, students, load: 0.95, people: 0.9, over_constrained: false });
            assert_eq!(crate::school::read(&serde_json::to_string(&s).unwrap()).unwrap(), s);
            let period = s.published.clone().unwrap().into_iter().map(Some).collect();
            let plan = Plan { period, rooms: vec![Vec::new(); s.sittings.len()] };
            let (score, why) = breaches(&problem(&s), &plan);
            assert!(score.feasible(), "{why:?}");
            for (x, place) in s.sittings.iter().zip(crate::school::seat(&s, &plan)) {
                assert_eq!(
                    place.rooms.iter().map(|p| p.1).sum::<u32>(),
                    x.students.len() as u32,
                    "{}",
                    x.name
                );
            }
        }
    }
}
