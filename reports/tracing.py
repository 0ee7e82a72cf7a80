"""Trace: where a resource comes from and where it goes, year by year, and on through recipes to what it was made of and what becomes of it.

Read from the balance of the resource, so both sides sum to the same amount. Within a year all units are alike: each use draws on every
source in proportion. An activity that makes several things passes the whole share on along each of them. What is built into a project,
delivered to a stock, bought or sold ends its path there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from masterplan.data.findings import Findings, FoundTable
from masterplan.data.plan import Plan
from masterplan.data.rows import advice
from masterplan.reports.recompute import recompute

NAMED = 4  # sources and uses in a sentence
LEAST = 1e-9  # of the total; less is rounding
SURPLUS = "thrown away"
WORDS = {
    "production": "made by",
    "buy": "bought from",
    "arrivals": "arriving from earlier decisions",
    "from_stock": "taken from stock",
    "use": "used by",
    "construction": "built into",
    "standing": "kept in",
    "sell": "sold to",
    "to_stock": "put into stock",
}
PRESENCE = {1: "offered by", -1: "held by"}


@dataclass(frozen=True, eq=False)
class Trace:
    """Where a resource comes from and goes to, in its unit.

    `flows`: year, direction (from, to), how, item, amount, share of the year's total; in every year the amounts of both directions sum
    to the same. `totals`: direction, how, item, amount, share over all years traced. `steps`: step, direction, path, resource, how, item,
    share (of the resource traced): step 1 is the balance itself, each further step what is on the other side of an activity.
    """

    resource: str
    unit: str
    years: tuple[int, ...]
    flows: pd.DataFrame
    totals: pd.DataFrame
    steps: pd.DataFrame

    def findings(self) -> Findings:
        """As sentences and tables."""
        when = str(self.years[0]) if len(self.years) == 1 else f"{self.years[0]} to {self.years[-1]}"
        total = float(self.totals[self.totals["direction"] == "from"]["amount"].sum())
        sentences = [f"{self.resource}, {when}: {total:,.4g} {self.unit} in all."]
        if total > 0:
            sentences += [f"It comes from: {self._named('from')}.", f"It goes to: {self._named('to')}."]
        sentences += list(self._further())
        return Findings(
            "Trace",
            f"Where {self.resource} comes from and where it goes; both sides sum to the same.",
            tuple(sentences),
            (
                FoundTable("Over these years", f"in {self.unit}, and as a share of all", self.totals),
                FoundTable("By year", f"in {self.unit}, and as a share of the year", self.flows),
                FoundTable("Steps", f"shares of all {self.resource} along each path, in both directions", self.steps),
            ),
        )

    def _named(self, direction: str) -> str:
        rows = self.totals[self.totals["direction"] == direction].sort_values("share", ascending=False, kind="stable")
        told = [_flow(row["how"], row["item"], row["share"]) for row in rows.head(NAMED).to_dict("records")]
        rest = float(rows["share"].iloc[NAMED:].sum())
        return ", ".join(told + ([f"others {rest:.0%}"] if rest > 0 else []))

    def _further(self) -> Iterator[str]:
        """The largest path in either direction, where it goes on."""
        for direction, word in (("from", "made of"), ("to", "and on to")):
            rows = self.steps[(self.steps["direction"] == direction) & (self.steps["step"] > 1)]
            if len(rows):
                row = rows.sort_values("share", ascending=False, kind="stable").iloc[0]
                yield f"One step further, {word}: {row['path']}: {row['resource']} {_flow(row['how'], row['item'], row['share'])}."


def trace(plan: Plan, resource: str, year: int | None = None, depth: int = 3) -> Trace:
    """Trace a resource of a plan in one year, or over all its years, `depth` steps up and down through recipes.

    Raises ValueError for a resource or year that the plan has not, a depth below 1, or where there is no plan.
    """
    case = plan.case
    if not plan.found:
        raise ValueError(f"There is no plan to trace: {plan.message}")
    if resource not in case.names("resources"):
        raise ValueError(f"{resource!r} is no resource of the case. {advice(resource, case.names('resources'), 'resource')}")
    if year is not None and year not in case.years:
        raise ValueError(f"The plan has the years {case.first_year} to {case.last_year}, not {year}")
    if depth < 1:
        raise ValueError(f"depth: found {depth}, allowed 1 or more")
    years = case.years if year is None else (year,)
    sides = _Sides(plan, years)
    flows = sides.frame(resource, ["year", "direction", "how", "item"])
    totals = sides.frame(resource, ["direction", "how", "item"])
    steps = [row for direction in ("from", "to") for row in sides.steps(resource, direction, depth)]
    return Trace(
        resource,
        case.attribute("resources", "unit")[resource],
        tuple(years),
        flows,
        totals,
        pd.DataFrame(steps, columns=["step", "direction", "path", "resource", "how", "item", "share"]).astype({"share": float}),
    )


class _Sides:
    """The balances of the years traced as what comes in and what goes out, amounts positive, surplus as a use."""

    def __init__(self, plan: Plan, years: tuple[int, ...]) -> None:
        numbers = recompute(plan)
        rows = [
            (
                row["resource"],
                row["year"],
                "from" if row["amount"] > 0 else "to",
                _how(row["entry"], row["amount"]),
                row["item"] or "",
                abs(row["amount"]),
            )
            for row in numbers.balance[numbers.balance["year"].isin(years)].to_dict("records")
        ]
        over = numbers.surplus[numbers.surplus["year"].isin(years)]
        rows += [
            (row["resource"], row["year"], "to", SURPLUS, "", row["amount"]) for row in over.to_dict("records") if row["amount"] > LEAST
        ]
        self.rows = pd.DataFrame(rows, columns=["resource", "year", "direction", "how", "item", "amount"]).astype({"amount": float})
        through = self.rows[self.rows["how"].isin([WORDS["production"], WORDS["use"], *PRESENCE.values()])]
        self._made: dict[tuple[str, str], list[str]] = {}
        for name, direction, item in through[["resource", "direction", "item"]].drop_duplicates().itertuples(index=False):
            self._made.setdefault((item, direction), []).append(name)

    def frame(self, resource: str, keys: list[str]) -> pd.DataFrame:
        """The flows of a resource summed by keys, with their share of the direction (and year)."""
        rows = self.rows[self.rows["resource"] == resource]
        found = rows.groupby(keys, sort=False)[["amount"]].sum().reset_index()
        within = [key for key in keys if key in ("year", "direction")]
        found["share"] = found["amount"] / found.groupby(within)["amount"].transform("sum") if len(found) else 0.0
        return found.sort_values([*within, "amount"], ascending=[*(True for _ in within), False], kind="stable", ignore_index=True)

    def steps(self, resource: str, direction: str, depth: int) -> Iterator[tuple[object, ...]]:
        """(step, direction, path, resource, how, item, share) of every branch, the traced resource's own balance first."""
        waiting: list[tuple[int, str, str, float, tuple[str, ...]]] = [(1, resource, resource, 1.0, (resource,))]
        while waiting:
            step, path, name, weight, seen = waiting.pop(0)
            flows = self.frame(name, ["direction", "how", "item"])
            for row in flows[flows["direction"] == direction].to_dict("records"):
                share = weight * row["share"]
                if share <= LEAST:
                    continue
                yield step, direction, path, name, row["how"], row["item"], share
                if step < depth and row["how"] in (WORDS["production"], WORDS["use"]):
                    for beyond in self._made.get((row["item"], direction_beyond(direction)), []):
                        if beyond not in seen:
                            arrow = f"{path} < {row['item']} < {beyond}" if direction == "from" else f"{path} > {row['item']} > {beyond}"
                            waiting.append((step + 1, arrow, beyond, share, (*seen, beyond)))


def direction_beyond(direction: str) -> str:
    """On the other side of an activity: what it uses, where its product comes from it; what it makes, where its input goes to it."""
    return "to" if direction == "from" else "from"


def _how(entry: str, amount: float) -> str:
    return PRESENCE[1 if amount > 0 else -1] if entry == "presence" else WORDS.get(entry, entry.replace("_", " "))


def _flow(how: str, item: str, share: float) -> str:
    return f"{how} {item} {share:.0%}" if item else f"{how} {share:.0%}"
