"""Times searches as whole processes, in each tool's syntax: the newest 50 hits, and the count.

usage: search.py WORK QUERIES CUSTODIA SENDER RUNS TOOL...

Three runs come first that are not measured. Appends to WORK/search.tsv: query, tool, hits, median and 95th percentile in
milliseconds of the list and of the count.
"""

import json
import os
import statistics
import subprocess
import sys
import time

WARM_UP = 3


def commands(tool, query, work, custodia):
    if tool == "custodia":
        base = [custodia, "--quiet", "--archive", f"{work}/custodia/archive"]
        return base + ["search", "--limit", "50", query], base + ["--json", "search", "--count", query]
    if tool == "notmuch":
        return (["notmuch", "search", "--limit=50", "--sort=newest-first", query],
                ["notmuch", "count", "--output=messages", query])
    home = f"--muhome={work}/mu"
    # mu has no count: it prints every id, and the lines are counted.
    return (["mu", "find", home, "--maxnum=50", "--sortfield=date", "--reverse", query],
            ["mu", "find", home, "--fields=i", query])


def hits(tool, output):
    if tool == "custodia":
        return json.loads(output.splitlines()[0])["messages"]
    return int(output) if tool == "notmuch" else output.count(b"\n")


def measure(command, runs, environment):
    times = []
    for run in range(WARM_UP + runs):
        start = time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, check=False)
        spent = (time.perf_counter() - start) * 1000
        # mu ends with 2 (4 in newer versions) where nothing matches.
        if done.returncode not in (0, 2, 4) or (done.returncode and command[0] != "mu"):
            sys.exit(f"{command} failed: {done.stderr.decode()}")
        if run >= WARM_UP:
            times.append(spent)
    times.sort()
    p95 = times[min(len(times) - 1, -(-len(times) * 95 // 100) - 1)]
    return statistics.median(times), p95, done.stdout


def main():
    work, queries, custodia, sender, runs, *tools = sys.argv[1:]
    environment = os.environ | {"NOTMUCH_CONFIG": f"{work}/notmuch/config"}
    name = sender.split("@")[0].split(".")[0]
    with open(queries, encoding="utf-8") as lines, open(f"{work}/search.tsv", "w", encoding="utf-8") as out:
        for line in lines:
            if line.startswith("#"):
                continue
            title, *texts = line.rstrip("\n").split("\t")
            for tool, text in zip(("custodia", "notmuch", "mu"), texts):
                if tool not in tools:
                    continue
                text = text.format(sender=sender, name=name)
                listing, counting = commands(tool, text, work, custodia)
                listed = measure(listing, int(runs), environment)
                counted = measure(counting, int(runs), environment)
                figures = [f"{value:.1f}" for value in listed[:2] + counted[:2]]
                print(title, tool, hits(tool, counted[2]), *figures, sep="\t", file=out)
            print(f"searched: {title}", file=sys.stderr)


if __name__ == "__main__":
    main()
