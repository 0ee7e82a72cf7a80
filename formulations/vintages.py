"""Vintages: which modules can be started when, and what each costs, uses and can do in every later year.

Plain arithmetic over the tables of a case; the blocks turn it into Sets and Params.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from masterplan.data.case import Case

Start = tuple[str, int]  # project, start year


@lru_cache(maxsize=16)
def vintages(case: Case) -> Vintages:
    """The vintages of a case, worked out once."""
    return Vintages(case)


@dataclass(frozen=True, eq=False)
class Vintages:
    """Look-ups by (project, start year); series of projects are read in the start year."""

    case: Case

    def attribute(self, column: str) -> dict[str, Any]:
        if column not in self._attributes:
            self._attributes[column] = self.case.attribute("projects", column)
        return self._attributes[column]

    @cached_property
    def _attributes(self) -> dict[str, dict[str, Any]]:
        return {}

    @cached_property
    def lead(self) -> dict[str, int]:
        return self.attribute("lead_time")

    @cached_property
    def life(self) -> dict[str, int]:
        return self.attribute("life")

    @cached_property
    def lumpy(self) -> frozenset[str]:
        return frozenset(project for project, answer in self.attribute("lumpy").items() if answer == "yes")

    @cached_property
    def retirable(self) -> frozenset[str]:
        return frozenset(project for project, answer in self.attribute("retirable").items() if answer == "yes")

    @cached_property
    def retirements(self) -> tuple[tuple[str, int, int], ...]:
        """Every (project, start, year) in which modules of a start may be retired: the years of the plan in which they are alive."""
        return tuple((p, s, year) for p, s in self.starts if p in self.retirable for year in self.alive(p, s))

    @cached_property
    def given(self) -> dict[Start, tuple[str, float, float]]:
        """(kind, modules, cost of cancelling one) of every given start."""
        kind, modules, cost = (self.case.attribute("given_starts", name) for name in ("kind", "modules", "cancel_cost"))
        return {start: (kind[start], modules[start], cost[start]) for start in self.case.keys("given_starts")}

    @cached_property
    def windows(self) -> dict[str, range]:
        """Years in which a project may be freely started."""
        case, first, last = self.case, self.attribute("first_start"), self.attribute("last_start")
        return {
            project: range(
                max(first.get(project, case.first_year), case.first_year),
                min(last.get(project, case.last_year - self.lead[project]), case.last_year) + 1,
            )
            for project in case.names("projects")
        }

    @cached_property
    def starts(self) -> tuple[Start, ...]:
        """Every (project, year) with a start decision: free ones and given ones."""
        pairs = [(p, s) for p in self.case.names("projects") for s in self.case.start_years if s in self.windows[p] or (p, s) in self.given]
        return tuple(pairs)

    @cached_property
    def starts_of(self) -> dict[str, list[Start]]:
        """project -> its starts."""
        found: dict[str, list[Start]] = defaultdict(list)
        for start in self.starts:
            found[start[0]].append(start)
        return found

    def most(self, start: Start) -> float:
        """Most modules of a start that is known to have a bound."""
        return float(self.bounds[start][1])  # type: ignore[arg-type]

    @cached_property
    def bounds(self) -> dict[Start, tuple[float, float | None]]:
        """Fewest and most modules of each start; None: no limit."""
        per_year, in_total = self.case.series("projects", "max_per_year"), self.attribute("max_total")
        found: dict[Start, tuple[float, float | None]] = {}
        for project, year in self.starts:
            caps = [cap for cap in (per_year.get((project, year)), in_total.get(project)) if cap is not None]
            most = min(caps) if caps else None
            kind, modules, _ = self.given.get((project, year), ("free", 0.0, 0.0))
            if kind == "fixed" or (kind == "minimum" and year < self.case.first_year):
                found[project, year] = (modules, modules)
            elif kind == "free" or year in self.windows[project]:
                found[project, year] = (modules if kind == "minimum" else 0.0, most if most is None else max(most, modules))
            else:
                found[project, year] = (modules if kind == "minimum" else 0.0, modules)
        return found

    @cached_property
    def most_in_total(self) -> dict[str, float | None]:
        """Most modules a project can ever have started, from data; None: no limit."""
        caps = self.attribute("max_total")
        by_starts = {p for p, basis in self.attribute("total_basis").items() if basis == "starts"}
        found: dict[str, float | None] = {}
        for project in self.case.names("projects"):
            yearly = [self.bounds[start][1] for start in self.starts_of.get(project, ())]
            summed = None if None in yearly else sum(most for most in yearly if most is not None)
            cap = caps.get(project) if project in by_starts else None
            known = [bound for bound in (summed, cap) if bound is not None]
            found[project] = min(known) if known else None
        return found

    # years

    def first_output(self, project: str, start: int) -> int:
        return start + self.lead[project]

    def alive(self, project: str, start: int) -> range:
        """Years of output that fall into the plan."""
        begin = self.first_output(project, start)
        return range(max(begin, self.case.first_year), min(begin + self.life[project] - 1, self.case.last_year) + 1)

    def in_place(self, project: str, start: int) -> range:
        """Years under construction or alive that fall into the plan."""
        return range(max(start, self.case.first_year), min(start + self.lead[project] + self.life[project] - 1, self.case.last_year) + 1)

    # profiles

    @cached_property
    def _profiles(self) -> dict[str, dict[int, dict[int, float]]]:
        """profile -> start year -> age -> value."""
        shares: dict[str, dict[int, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
        for (profile, age, year), value in self.case.series("profiles", "value").items():
            shares[profile][year][age] = value
        return shares

    def _at_age(self, column: str, project: str, start: int, age: int) -> float:
        name = self.attribute(column).get(project)
        if name is None:
            return 1.0
        by_age = self._profiles[name][start]
        return by_age[age] if age in by_age else by_age[min(age, max(by_age))]

    def availability(self, project: str, start: int, year: int) -> float:
        return self._at_age("availability_profile", project, start, year - self.first_output(project, start))

    def worth(self, project: str, start: int, age: int) -> float:
        """What the named output is worth at an age (output profile)."""
        return self._at_age("output_profile", project, start, age)

    def spend_shares(self, project: str, start: int) -> dict[int, float]:
        """year -> share of capex; years after the plan included, years before it left out."""
        name = self.attribute("spend_profile").get(project)
        years = max(self.lead[project], 1)
        shares = self._profiles[name][start] if name is not None else dict.fromkeys(range(years), 1.0 / years)
        return {start + age: share for age, share in shares.items() if start + age >= self.case.first_year and share}

    # inputs of building

    @cached_property
    def _building_rows(self) -> dict[str, list[tuple[Any, str, int]]]:
        """project -> (row key, resource, years after the start) of every input taken in building."""
        rows: dict[str, list[tuple[Any, str, int]]] = defaultdict(list)
        for key in self.case.keys("construction_inputs"):
            project, resource, when, after = key
            if when == "building":
                rows[project].append((key, resource, max(self.lead[project] - 1, 0) if after is None else after))
        return rows

    @cached_property
    def _input_amount(self) -> dict[Any, float]:
        return self.case.series("construction_inputs", "amount")

    @cached_property
    def _input_value(self) -> dict[Any, float]:
        return self.case.series("construction_inputs", "capitalised_value")

    def building_inputs(self, project: str, start: int) -> list[tuple[str, int, float, float]]:
        """(resource, year taken, amount, capitalised value in money) of one module; years before the plan included."""
        found = []
        for key, resource, after in self._building_rows.get(project, []):
            amount = self._input_amount[*key, start]
            found.append((resource, start + after, amount, amount * self._input_value[*key, start]))
        return found

    @cached_property
    def standing_inputs(self) -> dict[tuple[str, str, int], float]:
        """(project, resource, start year) -> amount taken in every year that the module is alive."""
        found: dict[tuple[str, str, int], float] = defaultdict(float)
        for (project, resource, when, _, start), amount in self._input_amount.items():
            if when == "standing" and amount:
                found[project, resource, start] += amount
        return found

    @cached_property
    def standing_of(self) -> dict[Start, list[tuple[str, float]]]:
        """(project, start year) -> (resource, amount) of standing inputs, in the order of resources."""
        place = {resource: number for number, resource in enumerate(self.case.names("resources"))}
        found: dict[Start, list[tuple[str, float]]] = defaultdict(list)
        for (project, resource, start), amount in sorted(self.standing_inputs.items(), key=lambda item: place[item[0][1]]):
            found[project, start].append((resource, amount))
        return found

    # money

    @cached_property
    def capex(self) -> dict[Start, float]:
        return self.case.series("projects", "capex")

    @cached_property
    def fixed_capex(self) -> dict[Start, float]:
        return self.case.series("projects", "fixed_capex")

    def cost_of_module(self, project: str, start: int) -> float:
        """All capex of one module: its own and its capitalised inputs [money]."""
        return self.capex[project, start] + sum(value for _, _, _, value in self.building_inputs(project, start))

    def credit_share(self, project: str, start: int) -> float:
        """Investment credit as a share of capex for a start in this year."""
        end = self.attribute("credit_last_start").get(project)
        return float(self.attribute("credit")[project]) if end is None or start <= end else 0.0

    def remaining_share(self, project: str, start: int) -> float:
        """Share of the cost that is left as book value at the end of the plan: straight line, or the rest of the output profile."""
        used = self.case.last_year - self.first_output(project, start) + 1
        life = self.life[project]
        if used <= 0:
            return 1.0
        if used >= life:
            return 0.0
        if self.attribute("output_profile").get(project) is None:
            return 1.0 - used / life
        worth = [self.worth(project, start, age) for age in range(life)]
        return sum(worth[used:]) / sum(worth) if any(worth) else 0.0
