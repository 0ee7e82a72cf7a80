"""What general limits sum, as formulas: a line per limit on the sheet Sums."""

from __future__ import annotations

from dataclasses import dataclass

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

    def limit(self, name: str) -> Row | None:
        """The line of what a limit's members add up to in each year that it counts; None where it has no members."""
        facts, year = self.facts, year_term(self.facts.case.years)
        members = [key for key in facts.keys("limit_members") if key[0] == name]
        if not members:
            return None
        summed = added([self.inputs.series("limit_members", "coefficient", key) * self.measure(key[1], key[2]) for key in members])
        ends = []
        for column, sign in (("from_year", "<"), ("to_year", ">")):
            if name in facts.attribute("limits", column):
                ends.append(compare(year, sign, self.inputs.attribute("limits", column, name)))
        if ends:
            summed = when(either(*ends), ZERO, summed)
        truth = {each: sum(terms(facts, self.true, name, each)) for each in counted_years(facts, name)}
        return self.sheet.line("Sums of what limits count", name, summed, unit_of(facts.case, name), truth=truth)

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
