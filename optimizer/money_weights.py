"""Money weights: what a unit of a resource, an activity, a project or a limit is worth in money, from the tables alone.

They weigh a gigawatt against a dollar where rules have to give way. A resource: its highest market price of the year, else of any year;
without one, what its users make of a unit (so that a bottleneck is not cheap); else what it costs to make (running cost, inputs, and
capex spread evenly over life); else 1.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from masterplan.data.case import Case
from masterplan.formulations.learn import curves
from masterplan.formulations.vintages import vintages


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights of one case; all are positive [money of the case per unit]."""

    case: Case

    def resource(self, resource: str, year: int) -> float:
        """A unit of the resource in the year [money/resource unit]."""
        return self._market.get((resource, year)) or self._usual.get(resource) or 1.0

    def basis(self, resource: str) -> str:
        """Where the weight of a resource comes from, in words."""
        return self._basis.get(resource, "no price anywhere: 1 a unit")

    def activity(self, activity: str, year: int) -> float:
        """A unit of level: what it makes, else what its capacity costs [money/activity unit]."""
        made = sum(amount * self.resource(resource, year) for resource, amount in self._recipes[activity].items() if amount > 0)
        return made or self._capacity_cost.get(activity) or 1.0

    def module(self, project: str, year: int) -> float:
        """A module with the fixed capex and its inputs; where that is nothing, as much as the cheapest of the others [money]."""
        year = min(max(year, self.case.start_years[0]), self.case.last_year)
        return self._module_cost(project, year) or self._cheapest

    def measure(self, measure: str, item: str, year: int) -> float:
        """A unit of a measure of limits, gates or synergies [money/its unit]."""
        if measure in ("level", "capacity"):
            return self.activity(item, year)
        if measure in ("starts", "modules"):
            return self.module(item, year)
        if measure in ("buy", "sell"):
            return self.resource(self._resource_of[item], year)
        return self.resource(item, year) if measure in ("production", "use", "stock") else 1.0

    def limit(self, limit: str, year: int) -> float:
        """A unit of a limit: the least that one of its members costs [money/the limit's unit]."""
        weight = self.case.series("limit_members", "coefficient")
        members = [key for key in self.case.keys("limit_members") if key[0] == limit and weight.get((*key, year))]
        return min((self.measure(key[1], key[2], year) / abs(weight[*key, year]) for key in members), default=1.0)

    # projects

    def _module_cost(self, project: str, year: int) -> float:
        v = vintages(self.case)
        curve = curves(self.case).get(project)
        own = curve.costs[0] / curve.lengths[0] if curve else v.capex.get((project, year), 0.0)
        inputs = sum(
            max(value, amount * self._market.get((resource, year), 0.0)) for resource, _, amount, value in v.building_inputs(project, year)
        )
        return own + v.fixed_capex.get((project, year), 0.0) + inputs

    @cached_property
    def _cheapest(self) -> float:
        first = self.case.first_year
        return min((cost for project in self.case.names("projects") if (cost := self._module_cost(project, first))), default=1.0)

    # resources

    @cached_property
    def _resource_of(self) -> dict[str, str]:
        return {key[0]: resource for key, resource in self.case.attribute("markets", "resource").items()}

    @cached_property
    def _market(self) -> dict[tuple[str, int], float]:
        resource = self.case.attribute("markets", "resource")
        found: dict[tuple[str, int], float] = defaultdict(float)
        for (market, tier, year), price in self.case.series("markets", "price").items():
            at = resource[market, tier], year
            found[at] = max(found[at], abs(price))
        return dict(found)

    @cached_property
    def _recipes(self) -> dict[str, dict[str, float]]:
        """activity -> resource -> amount per unit of level or capacity, in the first year that has one."""
        found: dict[str, dict[str, float]] = defaultdict(dict)
        for (activity, resource, _, year), amount in self.case.series("recipes", "amount").items():
            if amount and year >= self.case.first_year:
                found[activity].setdefault(resource, amount)
        return found

    @cached_property
    def _capacity_cost(self) -> dict[str, float]:
        """activity -> capex of a unit of capacity, of its cheapest project."""
        v, size, found = vintages(self.case), self.case.series("projects", "module_capacity"), dict[str, float]()
        for project, activity in v.attribute("activity").items():
            if (cost := self._module_cost(project, self.case.first_year)) and (each := size.get((project, self.case.first_year))):
                found[activity] = min(found.get(activity, cost / each), cost / each)
        return found

    @cached_property
    def _worked_out(self) -> tuple[dict[str, float], dict[str, str]]:
        """resource -> weight, and resource -> where it comes from; the price of the year itself may be more."""
        market: dict[str, float] = {}
        for (resource, _), amount in self._market.items():
            market[resource] = max(market.get(resource, 0.0), amount)
        price = {resource: amount for resource, amount in market.items() if amount}
        basis = dict.fromkeys(price, "the highest price of a market")
        for said, work_out in (("what its users make of it", self._worth_to_users), ("what it costs to make", self._made_for)):
            for _ in self.case.names("resources"):
                new = {r: worth for r in self.case.names("resources") if r not in price and (worth := work_out(r, price))}
                if not new:
                    break
                price |= new
                basis |= dict.fromkeys(new, said)
        return price, basis

    @property
    def _usual(self) -> dict[str, float]:
        return self._worked_out[0]

    @property
    def _basis(self) -> dict[str, str]:
        return self._worked_out[1]

    def _made_for(self, resource: str, price: dict[str, float]) -> float:
        """Cost of a unit from its cheapest maker; 0 where no maker's inputs all have a price."""
        running = self.case.series("activities", "variable_cost")
        found = []
        for activity, amounts in self._recipes.items():
            inputs = {r: -amount for r, amount in amounts.items() if amount < 0}
            if amounts.get(resource, 0.0) > 0 and inputs.keys() <= price.keys():
                bought = sum(price[r] * amount for r, amount in inputs.items())
                own = running.get((activity, self.case.first_year), 0.0) + self._yearly_capex(activity)
                found.append((own + bought) / amounts[resource])
        return max(min(found, default=0.0), 0.0)

    def _yearly_capex(self, activity: str) -> float:
        v, size = vintages(self.case), self.case.series("projects", "module_capacity")
        each = {p: size.get((p, self.case.first_year), 0.0) for p, a in v.attribute("activity").items() if a == activity}
        return min((self._module_cost(p, self.case.first_year) / (n * v.life[p]) for p, n in each.items() if n), default=0.0)

    def _worth_to_users(self, resource: str, price: dict[str, float]) -> float:
        """The most that a unit helps to make, or to build."""
        found = [
            sum(price.get(r, 0.0) * amount for r, amount in amounts.items() if amount > 0) / -amounts[resource]
            for amounts in self._recipes.values()
            if amounts.get(resource, 0.0) < 0
        ]
        amount = self.case.series("construction_inputs", "amount")
        for key in self.case.keys("construction_inputs"):
            if key[1] == resource and (taken := amount.get((*key, self.case.first_year))):
                found.append(self._module_cost(key[0], self.case.first_year) / taken)
        return max(found, default=0.0)
