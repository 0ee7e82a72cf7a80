"""Without any option a plan is worth its base business to the cent: worked out here from the tables alone, for both embedded cases."""

from __future__ import annotations

import pytest

import masterplan as mp
from masterplan.data.case import Case

CENT = 1e-11  # in billion USD


def by_year(case: Case, table: str, column: str, *key: str | int) -> dict[int, float]:
    """year -> what a column says for a row."""
    series = case.series(table, column)
    return {year: series[(*key, year) if key else year] for year in case.years}


def factor(case: Case, year: int) -> float:
    """Factor of a flow in the middle of a year."""
    return float((1 + case.setting("discount_rate")) ** -(year - case.first_year + 0.5))


def base_case_by_hand(case: Case) -> float:
    """NPV of cars, S/X, storage, subscriptions, panels and lithium as they stand: every plant runs full, each ware to its own market.

    Storage runs as far as plant, customers and cells go, and takes own cells, then imports, then the contract, by their price.
    """
    price, limit = (lambda market, tier=1, name=name: by_year(case, "markets", name, market, tier) for name in ("price", "limit"))
    cost, credit = (
        lambda activity, name=name: by_year(case, "activities", name, activity) for name in ("variable_cost", "production_credit")
    )
    stands = {name: by_year(case, "existing_capacity", "capacity", name) for name in case.names("existing_capacity")}
    recipe = case.series("recipes", "amount")
    share = case.series("limit_members", "coefficient")
    threshold = case.attribute("gate_conditions", "threshold")
    trained, driven = (
        case.attribute("gate_conditions", "already")["autonomy", "production", name] for name in ("training_compute", "fsd_miles")
    )
    needed = [threshold["autonomy", "production", name] for name in ("training_compute", "fsd_miles")]
    already = case.attribute("limits", "already")["fsd_share"]
    cars, losses, value = case.attribute("resources", "opening_stock")["cars_on_road"], 0.0, 0.0
    for year in case.years:
        # subscriptions: a share of the cars, a fifth of them at most until the year after enough was trained and driven
        made = recipe["core_business", "cars_on_road", "level", year] + 28 * recipe["sx_line", "cars_on_road", "level", year]
        cars = (1 - case.attribute("resources", "storage_loss")["cars_on_road"]) * cars + made
        most = -share["fsd_share", "stock", "cars_on_road", year] * cars - already
        opened = trained >= needed[0] and driven >= needed[1]
        supervised = -share["fsd_supervised_share", "stock", "cars_on_road", year] * cars - already
        subscribed = min(limit("fsd_sales")[year], most if opened else min(most, supervised))
        trained += stands["training_clusters"][year]
        driven += recipe["core_business", "fsd_miles", "level", year] + 4.6 * subscribed
        income = subscribed * (price("fsd_sales")[year] - cost("fsd_supervised")[year])
        # lithium: what cars and cells take, less what is refined
        cells, refined = stands["cell_making"][year], stands["lithium_refining"][year]
        bought = -recipe["core_business", "lithium", "level", year] - cells * recipe["cell_making", "lithium", "level", year] - refined
        income -= bought * price("lithium_purchase")[year] + refined * cost("lithium_refining")[year]
        # storage: two tiers of customers
        first, second = limit("storage_sales")[year], limit("storage_sales", 2)[year]
        imported, contract = limit("cells_import")[year], limit("cells_contract")[year]
        stored = min(stands["storage_assembly"][year], first + second, cells + imported + contract)
        contracted = max(0.0, stored - cells - imported)
        income += min(stored, first) * price("storage_sales")[year] + max(0.0, stored - first) * price("storage_sales", 2)[year]
        income -= stored * cost("storage_assembly")[year] + cells * cost("cell_making")[year] + contracted * price("cells_contract")[year]
        income -= (stored - cells - contracted) * price("cells_import")[year]
        # the rest: one unit of core business, 28 thousand S/X cars, a gigawatt of panels
        income += 28 * (price("sx_sales")[year] - cost("sx_line")[year])
        income += price("panels_us")[year] - cost("panel_making")[year] - cost("core_business")[year]
        untaxed = credit("core_business")[year] + credit("panel_making")[year] + cells * credit("cell_making")[year]
        taxable = income - losses
        losses = max(0.0, -taxable)
        tax = by_year(case, "finance", "tax_rate")[year] * max(0.0, taxable)
        given = by_year(case, "finance", "baseline_cash")[year] - by_year(case, "finance", "committed_capex")[year]
        value += factor(case, year) * (income - tax + untaxed + given)
    return value


def test_the_base_case_without_options_is_worth_its_base_business() -> None:
    case = mp.load("base").scenario("base_business_only")
    by_hand = base_case_by_hand(case)
    plan = mp.solve(case, gap=0, time_limit=60)

    assert plan.status == "optimal"
    assert plan.npv == pytest.approx(by_hand, abs=CENT)
    assert plan.npv == pytest.approx(plan.do_nothing, abs=CENT)


STANDS_STILL = (
    "projects.*.max_per_year=0",
    "given_starts.*.modules=0",
    *(f"existing_capacity.{name}.capacity=0" for name in ("ore_mine", "railway", "port", "converter", "hot_mill", "grid_link")),
    "rules.dam_is_due/tailings_dam.amount=0",
    "limits.home_supply.bound=0",
    "settings.opening_cash=9",
)


def steel_by_hand(case: Case) -> float:
    """NPV of a works that stands still: it sells the coil it has, pays for cold furnaces and for coal it does not take, keeps ore and coal.

    There is no tax: every year is a loss.
    """
    stock, loss, held, worth = (
        case.attribute("resources", name) for name in ("opening_stock", "storage_loss", "holding_cost", "stock_value")
    )
    price, promised = case.series("markets", "price"), case.series("markets", "take_or_pay")
    kept, value = {name: stock[name] for name in ("ore_at_mine", "ore", "coking_coal")}, 0.0
    for year in case.years:
        kept = {name: amount * (1 - loss[name]) for name, amount in kept.items()}
        money = by_year(case, "finance", "baseline_cash")[year] - by_year(case, "finance", "committed_capex")[year]
        money -= price["coal_contract", 1, year] * promised["coal_contract", 1, year]
        for furnace in ("north_furnace", "south_furnace"):
            stands, upkeep = (
                by_year(case, *where, furnace)[year] for where in (("existing_capacity", "capacity"), ("activities", "fixed_cost"))
            )
            money -= stands * upkeep
        money -= sum(held[name] * amount for name, amount in kept.items())
        if year == case.first_year:
            money += stock["coil"] * price["home_customers", 1, year]
        value += factor(case, year) * money
    at_the_end = (1 + case.setting("discount_rate")) ** -len(case.years)
    return float(value + at_the_end * sum(worth[name] * amount for name, amount in kept.items()))


def test_a_steel_works_without_options_is_worth_what_its_tables_say() -> None:
    case = mp.load("steel").change(*STANDS_STILL)
    plan = mp.solve(case, gap=0)

    assert plan.status == "optimal"
    assert plan.npv == pytest.approx(steel_by_hand(case), abs=CENT)
    assert plan.npv == pytest.approx(plan.do_nothing, abs=CENT)
