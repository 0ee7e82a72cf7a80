"""The benchmarks: `make bench` (quick) or `make bench FULL=1`. Every figure is a ratio measured in the same run.

Results go to tests/benchmarks/RESULTS.md, with machine, versions and date, and gap over time to gap.png.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.around import around
from tests.benchmarks.hard import HARD
from tests.benchmarks.picture import draw
from tests.benchmarks.race import WAYS, Record, race, ratios
from tests.benchmarks.resolves import resolves
from tests.benchmarks.sizes import sizes

FOLDER = Path(__file__).parent
QUICK = ("group", "tesla_tight", "group_quarters", "knapsack_1")
SEEDS = (0, 1, 2)


def main() -> None:
    """Run all, print as it goes; the results are written after each case, so that a run cut short leaves what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="every hard case, more time, a million non-zeros")
    full = parser.parse_args().full
    limit, names = (60.0, tuple(HARD)) if full else (20.0, QUICK)
    parts = [
        _part("Build and hand-over [CPU s]", sizes(60, 3000) if full else sizes(10, 300)),
        _part("The whole command on the base case [s]", [around()]),
        _part("What-ifs on the base case: seconds from the last plan, and from nothing", resolves(quick=not full)),
    ]
    records: list[Record] = []
    for number, name in enumerate(names, 1):
        records += [_told(record) for record in _races(name, limit)]
        _write(full, [*parts, *_race_part(records, limit, f"{number} of {len(names)} cases")])
        draw(records, FOLDER / "gap.png")
    print("\n".join(_race_part(records, limit, f"{len(names)} cases")))


def _write(full: bool, parts: Sequence[str]) -> None:
    (FOLDER / "RESULTS.md").write_text("\n".join([_head(full), *parts, "![gap over time](gap.png)\n"]), encoding="utf-8")


def _race_part(records: Sequence[Record], limit: float, done: str) -> list[str]:
    means = ", ".join(f"{name} {value:.2f}" for name, value in ratios(records).items())
    late = {way: sum(record.seconds >= limit for record in records if record.way == way) for way in WAYS}
    title = f"Search: seconds to a proven gap of 0.5 % (one thread, limit {limit:g} s, seeds {', '.join(map(str, SEEDS))})"
    told = f"Geometric means of ours / plain HiGHS over {len(records) // 2} runs ({done}), time-outs counted at the limit: **{means}**."
    return [_table(title, _by_case(records)), f"{told} Time-outs: ours {late['ours']}, plain {late['plain']}.\n"]


def _races(name: str, limit: float) -> Iterable[Record]:
    case = replace(HARD[name](), name=name)
    for seed in SEEDS:
        for way in WAYS:
            yield race(case, seed, limit, way)


def _told(record: Record) -> Record:
    print(
        f"{record.case:24} seed {record.seed} {record.way:6} {record.seconds:7.1f} s  gap {record.gap:.4f}  {record.nodes} nodes",
        flush=True,
    )
    return record


def _by_case(records: Sequence[Record]) -> list[dict[str, Any]]:
    rows = []
    for name in dict.fromkeys(record.case for record in records):
        mine = [record for record in records if record.case == name]
        row: dict[str, Any] = {"case": name}
        for way in WAYS:
            row[way] = " ".join(f"{record.seconds:.1f}" for record in mine if record.way == way)
        rows.append(row | {f"{measure}: ours / plain": value for measure, value in ratios(mine).items()})
    return rows


def _part(title: str, rows: Iterable[dict[str, Any]]) -> str:
    """A table in Markdown, printed as soon as it is there."""
    text = _table(title, list(rows))
    print(text, flush=True)
    return text


def _table(title: str, found: Sequence[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in found for name in row))
    lines = [f"## {title}", "", "| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(_cell(row.get(name)) for name in names) + " |" for row in found]
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.3g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _head(full: bool) -> str:
    names = ("masterplan", "pyomo", "highspy", "linopy")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    command = "make bench FULL=1" if full else "make bench"
    machine = f"{platform.machine()}, {_processor()}, Python {platform.python_version()}"
    return (
        f"# Benchmarks\n\n{time.strftime('%Y-%m-%d')}, `{command}`, {machine}, {versions}.\n"
        "`ours / plain` below 1, and `/ masterplan` above 1, is in favour of masterplan.\n"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(models)} x {models[0]}" if models else platform.processor()


if __name__ == "__main__":
    main()
