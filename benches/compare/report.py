"""Prints what `run` measured as Markdown.

usage: report.py WORK
"""

import collections
import statistics
import sys

MIB = 1 << 20


def rows(path):
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines]


def table(heads, lines):
    print("| " + " | ".join(heads) + " |")
    print("|---" + "|---:" * (len(heads) - 1) + "|")
    for line in lines:
        print("| " + " | ".join(line) + " |")
    print()


def builds(work, mails, raw):
    by_tool = collections.defaultdict(list)
    for tool, _, *figures in rows(f"{work}/build.tsv"):
        by_tool[tool].append([float(figure) for figure in figures])
    walls = {tool: statistics.median(run[0] for run in runs) for tool, runs in by_tool.items()}
    own = walls.get("custodia")
    lines = []
    for tool, runs in by_tool.items():
        wall = walls[tool]
        user, system, rss, apparent, blocks = (statistics.median(run[n] for run in runs) for n in range(1, 6))
        kept = apparent if tool == "custodia" else apparent + raw
        lines.append([
            tool,
            f"{wall:.2f}",
            " ".join(f"{run[0]:.1f}" for run in runs),
            f"{user + system:.1f}",
            f"{mails / wall:,.0f}",
            f"{raw / wall / 1e6:.1f}",
            f"{wall / own:.1f}x" if own else "",
            f"{rss / 1024:.0f}",
            f"{apparent / MIB:.1f}",
            f"{blocks / MIB:.1f}",
            f"{apparent / raw:.2f}x",
            f"{kept / raw:.2f}x",
            " ".join(f"{run[6]:.1f}" for run in runs),
        ])
    table(["build", "wall s, median", "each run", "CPU s", "mails/s", "MB/s", "wall / Custodia", "peak RSS MiB",
           "size MiB", "du MiB", "of raw", "with the originals", "load before"], lines)


def searches(work):
    queries = collections.defaultdict(dict)
    tools = []
    for title, tool, found, *figures in rows(f"{work}/search.tsv"):
        queries[title][tool] = (found, [float(figure) for figure in figures])
        if tool not in tools:
            tools.append(tool)
    heads = ["query", "hits " + " / ".join(tools)]
    for tool in tools:
        heads += [f"{tool} list 50", f"{tool} count"]
    others = [tool for tool in tools if tool != "custodia"] if "custodia" in tools else []
    heads += [f"{tool} / Custodia, list" for tool in others]
    lines = []
    for title, results in queries.items():
        line = [title, " / ".join(f"{int(results[tool][0]):,}" for tool in tools)]
        for tool in tools:
            p50, p95, count50, count95 = results[tool][1]
            line += [f"{p50:.1f} / {p95:.1f}", f"{count50:.1f} / {count95:.1f}"]
        line += [f"{results[tool][1][0] / results['custodia'][1][0]:.2f}x" for tool in others]
        lines.append(line)
    print("Searches as whole processes, ms, median / 95th percentile:\n")
    table(heads, lines)


def main():
    work = sys.argv[1]
    mails, raw = (int(figure) for figure in rows(f"{work}/corpus.tsv")[0])
    print(f"{mails:,} mails, {raw:,} bytes.\n")
    builds(work, mails, raw)
    searches(work)


if __name__ == "__main__":
    main()
