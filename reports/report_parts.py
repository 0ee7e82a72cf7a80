"""What every section of the report is made from: the plan with what follows from it, a section with its heading, a chart with its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from masterplan.data.findings import Findings
from masterplan.data.plan import Plan
from masterplan.reports.markup import Markup, tag
from masterplan.reports.names import activity_systems, money_unit, project_systems
from masterplan.reports.recompute import Recomputed
from masterplan.reports.svg import COLOURS

Prices = Mapping[tuple[str, int], tuple[float, str]]


@dataclass(frozen=True)
class Told:
    """A plan, everything that follows from it, and what studies found out about it."""

    plan: Plan
    numbers: Recomputed
    findings: Sequence[Findings] = field(default=())

    @property
    def years(self) -> tuple[int, ...]:
        return self.plan.case.years

    @property
    def money(self) -> str:
        return money_unit(self.plan.case)

    @cached_property
    def colours(self) -> Mapping[str, int]:
        """system -> the number of its colour, the same in every chart."""
        case = self.plan.case
        systems = [*activity_systems(case).values(), *project_systems(case).values()]
        return {system: place % COLOURS for place, system in enumerate(dict.fromkeys(systems))}

    @cached_property
    def prices(self) -> Prices:
        """(resource, year) -> what one more unit is worth with builds fixed, and in which unit; empty where no study looked."""
        found = {}
        for study in self.findings:
            for table in study.tables:
                if (
                    study.sheet == "Bottlenecks"
                    and table.title == "Prices"
                    and {"kind", "name", "year", "price", "unit"} <= set(table.rows)
                ):
                    rows = table.rows[table.rows["kind"] == "resource"]
                    for name, year, price, unit in rows[["name", "year", "price", "unit"]].itertuples(index=False):
                        found[str(name), int(year)] = (float(price), str(unit))
        return found


def section(name: str, heading: str, *content: str) -> Markup:
    """A part of the page with an anchor."""
    return tag("section", tag("h2", heading, id=name), *content, aria_labelledby=name)


def figure(caption: str, *content: str) -> Markup:
    """A chart with what it shows in words, and the table behind it."""
    return tag("figure", tag("figcaption", caption), *content)
