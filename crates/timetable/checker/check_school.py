#!/usr/bin/env python3
"""Independent checker for school plans (the planner's own form).

usage: check_school.py SCHOOL.json PLAN.json [--json]

Recomputes every must and every cost from the two files and nothing else: people per room, seats held back,
closed rooms, what seats offer, small rooms, rooms for one person, days away, windows, lengths with extra time,
clusters, clashes, travel, sittings a day, invigilators per moment and site.
Exit status: 0 feasible, 1 infeasible, 2 unreadable input. Standard library only.
"""
import json
import sys
from collections import Counter, defaultdict
from itertools import combinations

OFFERS = {"any": 0, "laptop": 1, "device": 2}


def check(school, plan):
    bad = Counter()
    notes = []

    def broken(rule, text):
        bad[rule] += 1
        notes.append(f"{rule}: {text}")

    moments, rooms, sittings = school["moments"], school["rooms"], school["sittings"]
    group_of, groups = school["students"], school["groups"]
    reserve = school["reserve"]
    places = {}
    for p in plan:
        if p["sitting"] in places:
            broken("twice", p["sitting"])
        places[p["sitting"]] = p
    for name in set(places) - {s["name"] for s in sittings}:
        broken("unknown", name)

    clusters = defaultdict(list)
    for i, s in enumerate(sittings):
        if s["cluster"] is not None:
            clusters[s["cluster"]].append(i)
    follower = {i for members in clusters.values() for i in members[1:]}

    at = []
    for i, s in enumerate(sittings):
        p = places.get(s["name"])
        m = p["moment"] if p else None
        if m is None or not 0 <= m < len(moments):
            broken("unscheduled", s["name"])
            m = None
        at.append(m)

    for i, s in enumerate(sittings):
        m = at[i]
        if m is None:
            continue
        total = s["minutes"] + s["extra"]
        if s["cluster"] is not None and i not in follower:
            total = sum(sittings[j]["minutes"] for j in clusters[s["cluster"]]) + s["extra"]
        if total > moments[m]["minutes"]:
            broken("length", f"{s['name']} takes {total} of {moments[m]['minutes']} minutes")
        if s["window"] and m not in s["window"]:
            broken("window", s["name"])
        for g in {group_of[x] for x in s["students"]}:
            if moments[m]["day"] in groups[g]["away"]:
                broken("away", f"{groups[g]['name']} at {s['name']}")
    for members in clusters.values():
        if len({at[i] for i in members}) > 1:
            broken("cluster", sittings[members[0]]["name"])

    # Rooms: who sits where, the reserve taken off, one person alone in a room of their own.
    people = Counter()
    alone = Counter()
    for i, s in enumerate(sittings):
        m = at[i]
        if m is None or i in follower:
            continue
        seated = {False: 0, True: 0}
        ones = 0
        for r, n in places[s["name"]]["rooms"]:
            room = rooms[r]
            if room["site"] != s["site"]:
                broken("site", f"{s['name']} in room {room['name']}")
            if not room["apart"] and OFFERS[room["offers"]] < OFFERS[s["need"]]:
                broken("offers", f"{s['name']} in room {room['name']}")
            if m in room["closed"]:
                broken("closed", f"{s['name']} in room {room['name']}")
            seated[room["apart"]] += n
            people[m, r] += n
            if room["apart"] and n == 1:
                ones += 1
                alone[m, r] += 1
        hall = len(s["students"]) - s["quiet"] - s["own"]
        if seated[False] != hall or seated[True] != s["quiet"] + s["own"]:
            broken("seats", f"{s['name']}: {seated[False]}+{seated[True]} seated of {hall}+{s['quiet'] + s['own']}")
        single = sum(1 for r, n in places[s["name"]]["rooms"] if rooms[r]["apart"] and n == 1)
        if single < s["own"]:
            broken("own_room", s["name"])
    for (m, r), n in people.items():
        usable = rooms[r]["seats"] * (100 - reserve) // 100
        if n > usable:
            broken("overfull", f"room {rooms[r]['name']} moment {m}: {n} of {usable}")
    for i, s in enumerate(sittings):
        if at[i] is None or i in follower or not s["own"]:
            continue
        own = [r for r, n in places[s["name"]]["rooms"] if rooms[r]["apart"] and n == 1 and people[at[i], r] == 1]
        if len(own) < s["own"]:
            broken("own_room", s["name"])

    # Students: clashes, travel, sittings a day; costs of nearness.
    w = school["weights"]
    soft = Counter(two_in_a_row=0, two_in_a_day=0, next_day=0, period_penalty=0, invigilators=0)
    sits = defaultdict(list)
    for i, s in enumerate(sittings):
        if at[i] is not None:
            soft["period_penalty"] += moments[at[i]]["penalty"]
            for x in s["students"]:
                sits[x].append(i)
    clashing = set()
    for x, mine in sits.items():
        days = defaultdict(set)
        for i in mine:
            days[moments[at[i]]["day"]].add(sittings[i]["cluster"] if sittings[i]["cluster"] is not None else -1 - i)
        limit = groups[group_of[x]]["day_limit"]
        if limit:
            for day, n in days.items():
                if len(n) > limit:
                    broken("day_limit", f"student {x} day {day}: {len(n)}")
        for i, j in combinations(mine, 2):
            a, b = sittings[i], sittings[j]
            if a["cluster"] is not None and a["cluster"] == b["cluster"]:
                continue
            gap = abs(at[i] - at[j])
            one = moments[at[i]]["day"] == moments[at[j]]["day"]
            if gap == 0 or (a["site"] != b["site"] and one and gap <= 1):
                clashing.add((i, j))
            if one and gap == 1:
                soft["two_in_a_row"] += w["in_a_row"]
            elif one and gap > 1:
                soft["two_in_a_day"] += w["in_a_day"]
            elif abs(moments[at[i]]["day"] - moments[at[j]]["day"]) == 1:
                soft["next_day"] += w["next_day"]
    for i, j in clashing:
        broken("clash", f"{sittings[i]['name']} and {sittings[j]['name']}")

    need = Counter()
    for i, s in enumerate(sittings):
        if at[i] is not None and i not in follower:
            hall = len(s["students"]) - s["quiet"] - s["own"]
            need[s["site"], at[i]] += -(-hall // 25) + -(-s["quiet"] // 8) + s["own"]
    have = Counter((v["site"], m) for v in school["invigilators"] for m in v["available"])
    for key, n in need.items():
        soft["invigilators"] += max(0, n - have[key]) * w["invigilator"]
    return {"feasible": not bad, "hard": dict(bad), "soft": dict(soft), "cost": sum(soft.values())}, notes


def main(argv):
    files = [a for a in argv if not a.startswith("--")]
    if len(files) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        with open(files[0], encoding="utf-8") as a, open(files[1], encoding="utf-8") as b:
            school, plan = json.load(a), json.load(b)
        result, notes = check(school, plan)
    except (OSError, ValueError, KeyError, IndexError, TypeError) as err:
        print(f"error: {err!r}", file=sys.stderr)
        return 2
    if "--json" in argv:
        print(json.dumps(result))
    else:
        print(json.dumps(result, indent=1))
        for n in notes[:50]:
            print("  ", n)
    return 0 if result["feasible"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
