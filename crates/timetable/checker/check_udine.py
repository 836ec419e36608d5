#!/usr/bin/env python3
"""Independent checker for the Udine family (house rules, see the README of this crate).

usage: check_udine.py INSTANCE.json SOLUTION.json [--json]

Exit status: 0 feasible, 1 infeasible, 2 unreadable input. Standard library only.
"""
import json
import sys
from collections import Counter


def check(data, plan):
    bad = Counter()
    at, rooms = {}, {}
    kind = {r["Room"]: r["Type"] for r in data["Rooms"]}
    for a in plan["Assignments"]:
        if a["Course"] in at:
            bad["twice"] += 1
        at[a["Course"]], rooms[a["Course"]] = a["Period"], a["Rooms"]
    users = Counter()
    teacher = Counter()
    for c in data["Courses"]:
        name, ask = c["Course"], c.get("RoomsRequested") or {}
        p = at.get(name)
        if p is None or not 0 <= p < data["Periods"]:
            bad["unscheduled"] += 1
            continue
        got, n = rooms[name], ask.get("Number", 0)
        if len(got) != n or len(set(got)) != n or any(kind.get(r) != ask.get("Type") for r in got):
            bad["rooms"] += 1
        for r in got:
            users[p, r] += 1
        teacher[p, c["Teacher"]] += 1
    bad["room_twice"] += sum(n - 1 for n in users.values())
    bad["teacher_twice"] += sum(n * (n - 1) // 2 for n in teacher.values())
    soft = Counter()
    clash = set()
    pp, ps = data.get("PrimaryPrimaryDistance", 0), data.get("PrimarySecondaryDistance", 0)
    for cur in data["Curricula"]:
        first, second = cur.get("PrimaryCourses", []), cur.get("SecondaryCourses", [])
        for i, a in enumerate(first):
            for b in first[i + 1:]:
                if a == b or a not in at or b not in at:
                    continue
                gap = abs(at[a] - at[b])
                if gap == 0:
                    clash.add(frozenset((a, b)))
                else:
                    soft["primary_primary_distance"] += 2 * max(0, pp - gap)
            for b in second:
                if a == b or a not in at or b not in at:
                    continue
                gap = abs(at[a] - at[b])
                soft["primary_secondary_same_period"] += 5 * (gap == 0)
                soft["primary_secondary_distance"] += max(0, ps - gap)
    bad["primary_clash"] += len(clash)
    bad = {k: v for k, v in bad.items() if v}
    return {"feasible": not bad, "hard": bad, "soft": dict(soft), "cost": sum(soft.values())}


def main(argv):
    files = [a for a in argv if not a.startswith("--")]
    if len(files) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        with open(files[0], encoding="utf-8") as a, open(files[1], encoding="utf-8") as b:
            result = check(json.load(a), json.load(b))
    except (OSError, ValueError, KeyError, IndexError, TypeError) as err:
        print(f"error: {err!r}", file=sys.stderr)
        return 2
    print(json.dumps(result, indent=None if "--json" in argv else 1))
    return 0 if result["feasible"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
