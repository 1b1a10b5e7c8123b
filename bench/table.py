#!/usr/bin/env python3
"""Makes one table of what Google Benchmark and the Node harness measured (Python's standard library only).

usage: table.py [--json OUT] [--missed OUT [--all]] BUILD=FILE…     BUILD is main, scalar, evp or node; FILE is its JSON

Every number is a median over the repetitions, in CPU time unless the row says wall. A ratio is to the row named under `of`, measured
in the same process; `of` is "hmac" where nothing else is named, and H is the time of that row.
"""
import argparse, collections, json, os, statistics

# Row: most it may be, in multiples of `of` (allows: nanoseconds; two threads: at least), with SHA-256 through EVP only, allocations.
MUST = {
    "mint": (1.5, 1.75, 1),
    "mint/clock_and_random_jti": (1.65, None, 1),
    "prepared/p_of_68": (1.0, 1.15, 1),
    "prepared/p_of_200_and_more": (0.75, None, 1),
    "batch/prepared/p_of_68": (1.0, None, 0),
    "verify/1_to_3_statements": (2.0, 2.25, 0),
    "verify/20_statements": (2.5, None, 1),
    "refuse/bad_signature": (1.35, 1.5, 0),
    "verify/ES256/seen_before": (2.0, None, None),
    "verify/EdDSA/seen_before": (2.0, None, None),
}
for algorithm in ("ES256", "ES384", "EdDSA", "RS256", "PS256"):
    MUST["mint/" + algorithm] = MUST["verify/" + algorithm] = (1.05, None, None)
MOST_NS = {"allows/20_statements": 100}
AT_LEAST = {"mint/2_threads": 1.9, "verify/2_threads": 1.9}
HEADINGS = (("hmac", "the hash alone"), ("raw/", "signatures of libcrypto alone"), ("mint", "minting"), ("prepared", "minting"),
            ("batch", "minting"), ("verify", "verifying"), ("refuse", "verifying"), ("allows", "deciding"), ("peer", "others"))


def medians(path):
    """Row → its medians, from Google Benchmark's JSON."""
    with open(path) as f:
        runs = [b for b in json.load(f)["benchmarks"] if b["run_type"] == "iteration"]
    grouped = collections.defaultdict(list)
    for run in runs:
        grouped[run["run_name"].split("/real_time")[0].split("/threads")[0]].append(run)
    rows = {}
    for name, group in grouped.items():
        times = group[0].get("times", 1)
        rows[name] = {"ns": statistics.median(r["cpu_time"] for r in group) / times,
                      "wall": statistics.median(r["real_time"] for r in group) / times,
                      "of": group[0].get("label", ""), "allocations": round(group[0].get("allocations", 0), 1),
                      "libcrypto": round(group[0].get("libcrypto_allocations", 0), 1), "repetitions": len(group)}
    return rows


def rows_of(build, path, h_ns):
    if build == "node":
        with open(path) as f:
            return [{"name": "peer/" + row["name"], "ns": row["ns"], "ratio": row["ns"] / h_ns, "of": "hmac", "allocations": None}
                    for row in json.load(f)]
    measured = medians(path)
    result = []
    for name, row in measured.items():
        one = name.replace("/2_threads", "/1_thread")
        if one != name:  # how often more is done in the same time
            row["ns"], of = row["wall"], one
            ratio = measured[one]["wall"] / row["wall"] if one in measured else None
        else:
            of = row["of"] or "hmac"
            ratio = row["ns"] / measured[of]["ns"] if of in measured else None
        where = "" if build == "main" else " (%s)" % {"scalar": "scalar base64", "evp": "EVP only"}[build]
        result.append({"name": name + where, "ns": row["ns"], "ratio": ratio, "of": of, "allocations": row["allocations"]})
    return result


def verdict(row):
    """What the row must reach, and by how much it does: at most 1 is good, above 1.5 is a gross break. None: no demand."""
    name, evp = row["name"].replace(" (EVP only)", ""), row["name"].endswith(" (EVP only)")
    if "(scalar" in row["name"]:
        return None
    if name in MOST_NS:
        return "≤ %d ns" % MOST_NS[name], row["ns"] / MOST_NS[name]
    if name in AT_LEAST and not evp and row["ratio"] is not None and (os.cpu_count() or 1) > 1:
        return "≥ %.1f" % AT_LEAST[name], AT_LEAST[name] / row["ratio"]
    limit = MUST.get(name, (None, None))[1 if evp else 0]
    return None if limit is None or row["ratio"] is None else ("≤ %.2f" % limit, row["ratio"] / limit)


def too_many_allocations(row):
    most = MUST.get(row["name"], (None, None, None))[2]
    return most is not None and row["allocations"] is not None and row["allocations"] > most + 0.1


def show(rows, h_ns):
    print("H = %.0f ns: libcrypto's HMAC-SHA-256 of 323 letters, from states of the key that were hashed before\n" % h_ns)
    width = max(len(row["name"]) for row in rows)
    print("%-*s %11s %8s  %-6s %-8s %s" % (width, "row", "ns", "ratio", "alloc", "must", "of"))
    heading = None
    for row in rows:
        here = next((text for start, text in HEADINGS if row["name"].startswith(start)), "")
        if here != heading:
            print("\n-- " + here)
            heading = here
        demand = verdict(row)
        mark = "" if demand is None else demand[0] + ("" if demand[1] <= 1 else " !")
        print("%-*s %11.1f %8s  %-6s %-8s %s" % (
            width, row["name"], row["ns"], "" if row["ratio"] is None else "%.2f" % row["ratio"],
            "" if row["allocations"] is None else "%g%s" % (row["allocations"], "!" if too_many_allocations(row) else ""), mark,
            "" if row["of"] == row["name"] else row["of"]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json")
    parser.add_argument("--missed")
    parser.add_argument("--all", action="store_true", help="a row of MUST that was not measured is missed")
    parser.add_argument("inputs", nargs="+", metavar="BUILD=FILE")
    arguments = parser.parse_args()
    inputs = dict(text.split("=", 1) for text in arguments.inputs)
    h_ns = medians(inputs["main"])["hmac"]["ns"]
    rows = [row for build, path in inputs.items() for row in rows_of(build, path, h_ns)]
    rows.sort(key=lambda row: next((i for i, (start, _) in enumerate(HEADINGS) if row["name"].startswith(start)), 99))
    show(rows, h_ns)
    if arguments.json:
        with open(arguments.json, "w") as f:
            json.dump({"H_ns": h_ns, "rows": rows}, f, indent=1)
    if arguments.missed:
        with open(arguments.missed, "w") as f:
            for row in rows:
                demand = verdict(row)
                if demand is not None and demand[1] > 1.5:
                    f.write(row["name"] + "\n")
            for name in {*MUST, *MOST_NS, *AT_LEAST} - {row["name"] for row in rows} if arguments.all else ():
                f.write(name + " (not measured)\n")


if __name__ == "__main__":
    main()
