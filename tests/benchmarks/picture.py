"""Picture: gap over time, a panel per hard case, plain HiGHS grey and ours blue, a line per seed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.race import Record

COLOURS = {"plain": "#9aa4ae", "ours": "#1f6feb"}


def draw(records: Sequence[Record], path: Path) -> None:
    """Write the picture as PNG."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = list(dict.fromkeys(record.case for record in records))
    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    figure, panels = pyplot.subplots(rows, columns, figsize=(4.2 * columns, 2.9 * rows), squeeze=False, layout="constrained")
    for panel in panels.flat[len(names) :]:
        panel.axis("off")
    for panel, name in zip(panels.flat, names, strict=False):
        for record in (record for record in records if record.case == name):
            seconds = [max(at, 0.1) for at, _ in record.trace]
            panel.step(seconds, [max(gap, 1e-4) for _, gap in record.trace], where="post", color=COLOURS[record.way], linewidth=1.4)
        panel.axhline(0.005, color="#d1495b", linewidth=0.8, linestyle="--")
        panel.set(title=name, xscale="log", yscale="log", ylim=(1e-3, 1.0), xlabel="seconds", ylabel="gap")
        panel.spines[["top", "right"]].set_visible(False)
    lines = [pyplot.Line2D([], [], color=colour, label=way) for way, colour in COLOURS.items()]
    figure.legend(handles=lines, loc="outside upper right", frameon=False, ncols=2)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
