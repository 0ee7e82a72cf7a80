"""What general limits sum, as formulas: a line per limit on the sheet Sums."""

from __future__ import annotations

from dataclasses import dataclass, field

from masterplan.reports.facts import Facts
from masterplan.reports.flows import borrows
from masterplan.reports.formula import ZERO, Term, added, compare, either, greatest, least, when
from masterplan.reports.live_ages import Ages
from masterplan.reports.live_inputs import Inputs
from masterplan.reports.live_money import Spent, closing_debt
from masterplan.reports.live_operation import Decided, Operation
from masterplan.reports.live_sheet import LiveSheet, Row, year_term
from masterplan.reports.live_worth import Worth
from masterplan.reports.measures import Measures, counted_years, terms
from masterplan.reports.targets import unit_of

TITLE = "Sums"
HEADS = ("Limit", "", "")


@dataclass(frozen=True, eq=False)
class Measured:
    """The measures of a plan, and the sheet with the sums of its limits."""

    facts: Facts
    inputs: Inputs
    ages: Ages
    decided: Decided
    operation: Operation
    spent: Spent
    worth: Worth
    sheet: LiveSheet
    true: Measures
    summed: dict[str, Row] = field(default_factory=dict)

    def reached(self, name: str) -> Term:
        """What a limit compares with its bound: of each year, or so far, and what counts already."""
        row, already = self._limit(name), self.inputs.attribute("limits", "already", name)
        if row is None:
            return already
        return (row.here if self.facts.attribute("limits", "span")[name] == "each_year" else row.so_far) + already

    def members(self, name: str) -> list[tuple[str, str, str]]:
        """The keys of what a limit counts."""
        return [key for key in self.facts.keys("limit_members") if key[0] == name]

    def bound(self, name: str) -> Term:
        """The bound of a limit by year; a total has that of its last year in all."""
        if self.facts.attribute("limits", "span")[name] == "total":
            return self.inputs.at("limits", "bound", name, self._end(name))
        return self.inputs.series("limits", "bound", name)

    def counts(self, name: str, then: Term, checked: bool = False) -> Term:
        """A term in the years that a limit counts (or, `checked`, in which it has to hold), 0 in all others."""
        year, known = year_term(self.facts.case.years), self.facts.attribute("limits", "from_year")
        total = checked and self.facts.attribute("limits", "span")[name] == "total"
        begin = self._end(name) if total else self.inputs.attribute("limits", "from_year", name) if name in known else None
        outside = [compare(year, "<", begin)] if begin else []
        if total or name in self.facts.attribute("limits", "to_year"):
            outside.append(compare(year, ">", self._end(name)))
        return when(either(*outside), ZERO, then) if outside else then

    def _end(self, name: str) -> Term:
        last, stated = self.inputs.setting("last_year"), name in self.facts.attribute("limits", "to_year")
        return least(self.inputs.attribute("limits", "to_year", name), last) if stated else last

    def _limit(self, name: str) -> Row | None:
        """The line of what a limit's members add up to in each year that it counts, written once; None where it has none."""
        facts, members = self.facts, self.members(name)
        if name not in self.summed and members:
            summed = added([self.inputs.series("limit_members", "coefficient", key) * self.measure(key[1], key[2]) for key in members])
            truth = {each: sum(terms(facts, self.true, name, each)) for each in counted_years(facts, name)}
            label = "Sums of what limits count"
            self.summed[name] = self.sheet.line(label, name, self.counts(name, summed), unit_of(facts.case, name), truth=truth)
        return self.summed.get(name)

    def measure(self, measure: str, item: str) -> Term:
        """One measure of one thing, by year."""
        lines = {
            "level": self.operation.levels,
            "capacity": self.operation.capacity,
            "starts": self.ages.started,
            "modules": self.ages.alive,
            "spend": self.spent.projects,
        }
        if measure in lines:
            return lines[measure][item].here if item in lines[measure] else ZERO
        if measure in ("buy", "sell"):
            return added([row.here for key, row in self.decided["trades"].items() if key[0] == item])
        if measure == "stock":
            return self.decided["stocks"][item, ""].here if (item, "") in self.decided["stocks"] else ZERO
        if measure == "debt":
            return closing_debt(self.facts, self.inputs, self.decided) if borrows(self.facts.case) else ZERO
        if measure == "earnings":
            entries = self.worth.entries.items()
            counted = [
                row for entry, row in entries if self.worth.kinds[entry] in ("operating", "baseline") or entry == "production_credit"
            ]
            return added([row.here for row in counted])
        return self._flow(measure, item)

    def _flow(self, measure: str, resource: str) -> Term:
        """What is made, or used, of a resource."""
        found = []
        for (entry, _), row in self.operation.balance.get(resource, {}).items():
            if entry == "production" and measure == "production":
                found.append(row.here)
            elif entry in ("use", "construction", "standing") and measure == "use":
                found.append(-row.here)
            elif entry == "presence":
                found.append(greatest(ZERO, row.here) if measure == "production" else -least(ZERO, row.here))
        return added(found)
