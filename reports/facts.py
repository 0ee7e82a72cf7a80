"""Facts: the numbers of a case beside the readable decisions of a plan, with the modules of one start year as a `Vintage`.

The semantics of ages and profiles stand here once; the parts of the recomputation ask for them by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from masterplan.data.case import Case
from masterplan.data.plan import Plan
from masterplan.reports.curves import Points, on_curve, points, reached
from masterplan.reports.reading import Amounts, Decisions, Unreadable, read_claims, read_decisions

ANY = 1e-6  # modules below this are the solver's noise, not a start
NEAR = 1e-6  # share of a limit or a bound that is as good as all of it: what the checks let pass


@dataclass(frozen=True)
class Vintage:
    """The modules of one project started in one year; money is per module, `fixed_capex` and `curve_capex` for the year as a whole.

    `retired` are (year, modules) that end before their life does, at the beginning of the year.
    """

    project: str
    start: int
    modules: float
    activity: str | None
    lead_time: int
    life: int
    module_capacity: float
    capex: float
    fixed_capex: float
    inputs_value: float
    credit: float
    curve_capex: float = 0.0
    retired: tuple[tuple[int, float], ...] = ()

    @property
    def first_output(self) -> int:
        """First year of output."""
        return self.start + self.lead_time

    @property
    def last_output(self) -> int:
        """Last year of output."""
        return self.first_output + self.life - 1

    def is_alive(self, year: int) -> bool:
        """Does it stand finished, within its life?"""
        return self.first_output <= year <= self.last_output

    def left(self, year: int) -> float:
        """Modules that are not retired by a year, whatever their life [modules]."""
        return self.modules - sum(modules for retired_in, modules in self.retired if retired_in <= year)

    @property
    def cost(self) -> float:
        """Capex, fixed capex and capitalised inputs over all years, before the credit [money]."""
        return (self.capex + self.inputs_value) * self.modules + self.curve_capex + self.fixed_capex

    def net_cost_left(self, year: int) -> float:
        """Cost less the credit of what is not retired by a year; fixed capex stays with the start as a whole [money]."""
        retired = (self.capex + self.inputs_value) * (self.modules - self.left(year))
        return (self.cost - retired) * (1.0 - self.credit)

    @property
    def credit_paid(self) -> float:
        """Investment credit, paid in the first output year [money]."""
        return self.credit * self.cost


class Facts:
    """A case and the readable decisions of a plan, with cached look-ups."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.case: Case = plan.case
        self.decisions: Decisions = read_decisions(plan)
        self._series: dict[tuple[str, str], dict[Any, float]] = {}
        self._attributes: dict[tuple[str, str], dict[Any, Any]] = {}
        self._keys: dict[str, tuple[Any, ...]] = {}
        claims = read_claims(plan)
        self.claims: dict[str, Amounts] = claims[0]
        self.unreadable: tuple[Unreadable, ...] = self.decisions.unreadable + claims[1]

    def keys(self, table: str) -> tuple[Any, ...]:
        """The row keys of a table, see `Case.keys`."""
        if table not in self._keys:
            self._keys[table] = self.case.keys(table)
        return self._keys[table]

    def series(self, table: str, column: str) -> dict[Any, float]:
        """(*key, year) -> number, see `Case.series`."""
        if (table, column) not in self._series:
            self._series[table, column] = self.case.series(table, column)
        return self._series[table, column]

    def attribute(self, table: str, column: str) -> dict[Any, Any]:
        """key -> value, see `Case.attribute`."""
        if (table, column) not in self._attributes:
            self._attributes[table, column] = self.case.attribute(table, column)
        return self._attributes[table, column]

    def finance(self, column: str, year: int) -> float:
        """A number of the finance table, 0 where it is not given."""
        return self.series("finance", column).get(year, 0.0)

    @cached_property
    def rate(self) -> float:
        """The yearly discount rate."""
        return float(self.case.setting("discount_rate"))

    @cached_property
    def is_taxed(self) -> bool:
        """Is there a tax rate in any year?"""
        return any(self.finance("tax_rate", year) for year in self.case.years)

    @cached_property
    def vintages(self) -> tuple[Vintage, ...]:
        """Every start of the plan, work in progress included."""
        return tuple(
            self._vintage(project, start, modules) for (project, start), modules in self.decisions.starts.items() if abs(modules) > ANY
        )

    @cached_property
    def curves(self) -> dict[str, Points]:
        """project -> the points of its cost curve."""
        return points(self.case)

    @cached_property
    def retired(self) -> dict[tuple[str, int], tuple[tuple[int, float], ...]]:
        """(project, start) -> (year, modules) of its retirements."""
        found: dict[tuple[str, int], tuple[tuple[int, float], ...]] = {}
        for (project, start, year), modules in self.decisions.retirements.items():
            found[project, start] = (*found.get((project, start), ()), (year, modules))
        return found

    def curve_capex(self, project: str, start: int) -> float:
        """Capex of the starts of a year on the project's cost curve, 0 where it has none [money]."""
        if project not in self.curves:
            return 0.0
        before, after = reached(self.case, self.decisions.starts, project, start)
        return on_curve(self.curves[project], after) - on_curve(self.curves[project], before)

    @cached_property
    def building(self) -> dict[str, list[tuple[str, int, tuple[Any, ...]]]]:
        """project -> its building inputs as (resource, years after the start, row key)."""
        found: dict[str, list[tuple[str, int, tuple[Any, ...]]]] = {}
        for key in self.keys("construction_inputs"):
            project, resource, when, years = key
            if when == "building":
                lead = self.attribute("projects", "lead_time")[project]
                found.setdefault(project, []).append((resource, max(lead - 1, 0) if years is None else years, key))
        return found

    def input_value(self, key: tuple[Any, ...], start: int) -> float:
        """Capitalised value of a construction input, per module started in a year [money / module]."""
        amount, value = (self.series("construction_inputs", column) for column in ("amount", "capitalised_value"))
        return amount[*key, start] * value[*key, start]

    def _vintage(self, project: str, start: int, modules: float) -> Vintage:
        last_credit = self.attribute("projects", "credit_last_start").get(project, start)
        return Vintage(
            project=project,
            start=start,
            modules=modules,
            activity=self.attribute("projects", "activity").get(project),
            lead_time=self.attribute("projects", "lead_time")[project],
            life=self.attribute("projects", "life")[project],
            module_capacity=self.series("projects", "module_capacity")[project, start],
            capex=self.series("projects", "capex")[project, start],
            fixed_capex=self.series("projects", "fixed_capex")[project, start],
            inputs_value=sum(self.input_value(key, start) for _, _, key in self.building.get(project, [])),
            credit=self.attribute("projects", "credit")[project] if start <= last_credit else 0.0,
            curve_capex=self.curve_capex(project, start),
            retired=self.retired.get((project, start), ()),
        )

    # profiles by age

    def profile(self, name: str, age: int, start: int) -> float:
        """The share at an age; the last age given holds on."""
        ages = [given for profile, given in self.keys("profiles") if profile == name]
        held = max((given for given in ages if given <= age), default=min(ages))
        return self.series("profiles", "value")[name, held, start]

    def spend_shares(self, project: str, start: int) -> dict[int, float]:
        """Years after the start -> share of capex."""
        name = self.attribute("projects", "spend_profile").get(project)
        if name is None:
            ages = max(self.attribute("projects", "lead_time")[project], 1)
            return dict.fromkeys(range(ages), 1.0 / ages)
        value = self.series("profiles", "value")
        return {age: value[name, age, start] for profile, age in self.keys("profiles") if profile == name}

    def availability(self, vintage: Vintage, year: int) -> float:
        """Usable share of nameplate in a year; 0 before the first output and after the life."""
        if not vintage.is_alive(year):
            return 0.0
        name = self.attribute("projects", "availability_profile").get(vintage.project)
        return 1.0 if name is None else self.profile(name, year - vintage.first_output, vintage.start)

    def vintage_capacity(self, vintage: Vintage, year: int) -> float:
        """Capacity of a vintage in a year [activity unit]."""
        return vintage.module_capacity * self.availability(vintage, year) * vintage.left(year)

    def output_profile(self, project: str) -> str | None:
        """Name of the project's output profile; None where every output is worth the same."""
        name = self.attribute("projects", "output_profile").get(project)
        return None if name is None else str(name)

    def output_worth(self, project: str, start: int, year: int) -> float:
        """Worth of one output of a vintage in a year."""
        name = self.output_profile(project)
        age = year - start - int(self.attribute("projects", "lead_time")[project])
        return 1.0 if name is None else self.profile(name, age, start)
