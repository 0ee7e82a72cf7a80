"""For each check of the audit on rules: a small case, decisions that keep the rule, and decisions that break it and nothing else."""

from tests.small_cases import small_case

PIT = {"project": "pit", "activity": "mine", "capex": 10.0, "lead_time": 1, "life": 4}
PAIR = [{"project": name, "capex": 10.0, "max_per_year": 9} for name in ("a", "b")]
STANDS = small_case(existing_capacity=[{"activity": "mine", "capacity": 10}])
TWO_STAND = [{"activity": name, "capacity": 10} for name in ("mine", "mill")]
OPENED_2026 = tuple(("go", year) for year in (2026, 2027, 2028))
SOLD_AND_BOUGHT = [
    {"market": "in", "resource": "ore", "side": "buy", "price": 2},
    {"market": "out", "resource": "ore", "side": "sell", "price": 1},
]


def pit(project=(), **tables):
    return small_case(projects=[{**PIT, **dict(project)}], **tables)


def fading():
    ages = [{"profile": "fades", "age": age, "kind": "output", "value": value} for age, value in ((0, 1.0), (1, 0.6))]
    return pit(
        {"module_capacity": 5.0, "output_profile": "fades", "output_resource": "ore"},
        existing_capacity=[{"activity": "mine", "capacity": 3.0}],
        recipes=[{"activity": "mine", "resource": "ore", "amount": 2}],
        resources=[{"resource": "ore", "disposal": "yes"}],
        profiles=ages,
    )


def trading(ore=(), **market):
    markets = [{**SOLD_AND_BOUGHT[0], **market}, SOLD_AND_BOUGHT[1]]
    return small_case(markets=markets, resources=[{"resource": "ore", **dict(ore)}])


def given(kind, **project):
    return pit(project, given_starts=[{"project": "pit", "year": 2026, "modules": 2, "kind": kind}])


def ruled(kind, **rule):
    members = [rule] if "project" in rule else [{"project": name, **rule} for name in ("a", "b")]
    return small_case(projects=PAIR, rules=[{"rule": "law", "kind": kind, **member} for member in members])


def limited(measure, bounds, **limit):
    later = [{"limit": "cap", "year": year, "bound": bound} for year, bound in bounds.items() if year > 2026]
    rows = [{"limit": "cap", **limit, "bound": bounds[2026]}, *later]
    return small_case(projects=PAIR, limits=rows, limit_members=[{"limit": "cap", "measure": measure, "item": "a"}])


def gated(condition=None, **gate):
    conditions = [] if condition is None else [{"gate": "go", **condition}]
    return small_case(existing_capacity=TWO_STAND, gates=[{"gate": "go", "activity": "mine", **gate}], gate_conditions=conditions)


def fitting(benefit):
    asked = (("mine", 2), ("mill", 3))
    members = [{"synergy": "fit", "measure": "level", "item": name, "threshold": least, "most": 10} for name, least in asked]
    return small_case(existing_capacity=TWO_STAND, synergies=[{"synergy": "fit", "benefit": benefit}], synergy_members=members)


def funded(settings=(), **finance):
    return small_case(dict(settings), finance=[{"debt_limit": 9, **finance}])


def flows(**by_flow):
    return {"financing": {(flow, year): amount for flow, years in by_flow.items() for year, amount in years.items()}}


def taxed():
    return small_case(finance=[{"tax_rate": 0.25}, {"year": 2026, "baseline_taxable": -5}, {"year": 2027, "baseline_taxable": 0}])


def vintage(level, year, vintage_level):
    return {"starts": {("pit", 2026): 1}, "levels": {("mine", year): level}, "vintage_levels": {("pit", 2026, year): vintage_level}}


def starts(*rows):
    return {"starts": {(project, year): modules for project, year, modules in rows}}


def trades(year, bought, sold):
    return {("in", 1, year): bought, ("out", 1, year): sold}


# check -> case, decisions that keep it, decisions that break it and nothing else
BROKEN = {
    "No decision is negative": (STANDS, {}, {"levels": {("mine", 2026): -1}}),
    "Modules of a project with whole modules are whole": (pit(), starts(("pit", 2026, 1)), starts(("pit", 2026, 1.5))),
    "Free starts fall inside the start window of their project": (
        pit({"first_start": 2027}),
        starts(("pit", 2027, 1)),
        starts(("pit", 2026, 1)),
    ),
    "A year starts no more modules than the project may have in a year": (
        pit({"max_per_year": 2}),
        starts(("pit", 2026, 2)),
        starts(("pit", 2026, 3)),
    ),
    "A year with a start has at least the fewest modules of the project": (
        pit({"min_per_year": 2, "max_per_year": 4}),
        starts(("pit", 2026, 2)),
        starts(("pit", 2026, 1)),
    ),
    "All starts of a project stay within its total": (
        pit({"max_total": 2}),
        starts(("pit", 2026, 1), ("pit", 2027, 1)),
        starts(("pit", 2026, 2), ("pit", 2027, 1)),
    ),
    "Modules in place stay within the total of their project": (
        pit({"max_total": 1, "total_basis": "in_place", "lead_time": 0, "life": 1}),
        starts(("pit", 2026, 1), ("pit", 2027, 1)),
        starts(("pit", 2026, 2)),
    ),
    "Fixed starts are made as given": (given("fixed"), starts(("pit", 2026, 2)), starts(("pit", 2026, 3))),
    "Starts given as a minimum are made": (given("minimum"), starts(("pit", 2026, 3)), starts(("pit", 2026, 1))),
    "Cancellable starts are made unless cancelled": (
        given("cancellable"),
        {**starts(("pit", 2026, 1)), "cancellations": {("pit", 2026): 1}},
        starts(("pit", 2026, 1)),
    ),
    "Only cancellable starts are cancelled, and no more than was given": (
        given("cancellable"),
        {"cancellations": {("pit", 2026): 2}},
        {"cancellations": {("pit", 2026): 3}},
    ),
    "The level of an activity is within its capacity": (STANDS, {"levels": {("mine", 2026): 10}}, {"levels": {("mine", 2026): 11}}),
    "A vintage runs only from its first output to the end of its life": (fading(), vintage(3, 2026, 0), vintage(3, 2026, 1)),
    "A vintage runs within its own capacity": (fading(), vintage(6, 2027, 5), vintage(6, 2027, 6)),
    "The vintages of an activity run no more than the activity": (fading(), vintage(5, 2027, 5), vintage(4, 2027, 5)),
    "What runs outside the vintages is within the remaining capacity": (fading(), vintage(8, 2027, 5), vintage(9, 2027, 5)),
    "Only modules that are alive and may be retired are retired": (
        pit({"retirable": "yes"}),
        {**starts(("pit", 2026, 1)), "retirements": {("pit", 2026, 2027): 1}},
        {**starts(("pit", 2026, 1)), "retirements": {("pit", 2026, 2026): 1}},
    ),
    "No more modules are retired than were started": (
        small_case(projects=[{"project": "a", "retirable": "yes", "max_per_year": 9}]),
        {**starts(("a", 2026, 2)), "retirements": {("a", 2026, 2027): 1, ("a", 2026, 2028): 1}},
        {**starts(("a", 2026, 2)), "retirements": {("a", 2026, 2027): 1, ("a", 2026, 2028): 2}},
    ),
    "Only capacity that may be closed is closed": (
        small_case(existing_capacity=TWO_STAND, activities=[{"activity": "mine", "closable": "yes"}]),
        {"closures": {("mine", 2027): 4}},
        {"closures": {("mill", 2027): 4}},
    ),
    "Conversions and closures take no more than the existing capacity": (
        small_case(
            projects=PAIR,
            activities=[{"activity": "mine", "capacity_limited": "no"}],
            existing_capacity=[{"activity": "mine", "capacity": 4}],
            conversions=[{"project": "a", "from_activity": "mine", "amount": 4}],
        ),
        starts(("a", 2026, 1)),
        starts(("a", 2026, 2)),
    ),
    "The balance of every resource closes": (trading(), {"trades": trades(2026, 1, 1)}, {"trades": trades(2026, 2, 1)}),
    "A resource that may be disposed of is never short": (
        trading({"disposal": "yes"}),
        {"trades": trades(2026, 2, 1)},
        {"trades": trades(2026, 1, 2)},
    ),
    "Stock is within its storage limit": (
        trading({"storable": "yes", "storage_limit": 3}),
        {"trades": trades(2026, 3, 0) | trades(2027, 0, 3), "stocks": {("ore", 2026): 3}},
        {"trades": trades(2026, 4, 0) | trades(2027, 0, 4), "stocks": {("ore", 2026): 4}},
    ),
    "What cannot be stored is not in stock": (trading(), {}, {"stocks": {("ore", 2026): 1}}),
    "A trade is at least its minimum": (
        trading({"disposal": "yes"}, minimum=1),
        {"trades": trades(2026, 1, 0) | trades(2027, 1, 0) | trades(2028, 1, 0)},
        {"trades": trades(2026, 1, 0) | trades(2028, 1, 0)},
    ),
    "A trade is within its limit": (
        trading({"disposal": "yes"}, limit=2),
        {"trades": trades(2026, 2, 0)},
        {"trades": trades(2026, 3, 0)},
    ),
    "A project that requires another follows it": (
        ruled("requires", project="a", other="b", lag=1),
        starts(("b", 2026, 1), ("a", 2027, 1)),
        starts(("b", 2026, 1), ("a", 2026, 1)),
    ),
    "Projects that exclude each other are not both started": (
        ruled("excludes", project="a", other="b"),
        starts(("a", 2026, 1)),
        starts(("a", 2026, 1), ("b", 2027, 1)),
    ),
    "No more projects of a group are started than its rule says": (
        ruled("at_most", amount=1),
        starts(("a", 2026, 2)),
        starts(("a", 2026, 1), ("b", 2027, 1)),
    ),
    "As many projects of a group are started as its rule says": (ruled("at_least", amount=1), starts(("b", 2026, 1)), {}),
    "What has a deadline is started by then": (
        ruled("deadline", project="a", deadline=2026),
        starts(("a", 2026, 1)),
        starts(("a", 2027, 1)),
    ),
    "What must be done is started": (ruled("must_do", project="a", amount=2), starts(("a", 2026, 2)), starts(("a", 2026, 1))),
    "A gate is open or shut, a synergy active or not": (
        gated(earliest_year=2026),
        {"gates": dict.fromkeys(OPENED_2026, 1)},
        {"gates": dict.fromkeys(OPENED_2026, 0.7)},
    ),
    "A gate opens in no year before its earliest": (
        gated(earliest_year=2027),
        {"gates": {("go", 2027): 1, ("go", 2028): 1}},
        {"gates": dict.fromkeys(OPENED_2026, 1)},
    ),
    "A gate is open only where each of its conditions is met": (
        gated({"measure": "level", "item": "mill", "threshold": 9, "already": 1, "lag": 1}),
        {"levels": {("mill", 2026): 8}, "gates": {("go", 2027): 1, ("go", 2028): 1}},
        {"levels": {("mill", 2026): 7}, "gates": {("go", 2027): 1, ("go", 2028): 1}},
    ),
    "A gate that is open stays open": (
        gated(earliest_year=2026),
        {"gates": {("go", 2027): 1, ("go", 2028): 1}},
        {"gates": {("go", 2027): 1}},
    ),
    "An activity that waits for a gate runs only once it is open": (
        gated(earliest_year=2026),
        {"levels": {("mine", 2028): 1}, "gates": {("go", 2028): 1}},
        {"levels": {("mine", 2027): 1}, "gates": {("go", 2028): 1}},
    ),
    "A synergy is active only where each member reaches its threshold": (
        fitting(benefit=5),
        {"levels": {("mine", 2027): 2, ("mill", 2027): 3}, "synergies": {("fit", 2027): 1}},
        {"levels": {("mine", 2027): 2, ("mill", 2027): 2}, "synergies": {("fit", 2027): 1}},
    ),
    "A penalty counts wherever all its members are above their thresholds": (
        fitting(benefit=-5),
        {"levels": {("mine", 2027): 3, ("mill", 2027): 3, ("mine", 2028): 3, ("mill", 2028): 4}, "synergies": {("fit", 2028): 1}},
        {"levels": {("mine", 2027): 3, ("mill", 2027): 4}},
    ),
    "Nothing passes the most that its gate or synergy states": (
        gated(earliest_year=2026, most=5),
        {"levels": {("mine", 2026): 5}, "gates": dict.fromkeys(OPENED_2026, 1)},
        {"levels": {("mine", 2026): 6}, "gates": dict.fromkeys(OPENED_2026, 1)},
    ),
    "Limits of each year hold": (limited("starts", {2026: 1}), starts(("a", 2026, 1)), starts(("a", 2026, 2))),
    "Limits summed up to each year hold": (
        limited("starts", {2026: 1, 2027: 1, 2028: 2}, span="cumulative"),
        starts(("a", 2026, 1)),
        starts(("a", 2026, 1), ("a", 2027, 1)),
    ),
    "Limits over all their years hold": (
        limited("spend", {2026: 20}, span="total", sense="at_least"),
        starts(("a", 2026, 1), ("a", 2027, 1)),
        starts(("a", 2026, 1)),
    ),
    "No more debt is repaid than there is": (
        funded({"opening_debt": 2}),
        flows(repaid={2026: 2}, drawn={2027: 3}),
        flows(repaid={2026: 3}, drawn={2027: 3}),
    ),
    "Debt is within its limit": (
        funded({"opening_debt": 2}),
        flows(drawn={2026: 7}),
        flows(drawn={2026: 8}, repaid={2027: 1}),
    ),
    "Debt is within its multiple of earnings": (
        funded(debt_multiple=2, baseline_cash=3),
        flows(drawn={2026: 6}),
        flows(drawn={2026: 7}, repaid={2027: 1}),
    ),
    "Equity raised is within its limit": (funded(raise_limit=4), flows(raised={2027: 4}), flows(raised={2027: 5})),
    "Owners are paid what is asked for": (
        funded(distributions=1),
        flows(distributed={2026: 1, 2027: 2, 2028: 1}),
        flows(distributed={2026: 1, 2028: 1}),
    ),
    "Capex is within its limit and what the year before left": (
        pit(finance=[{"capex_limit": 10, "carry_over_share": 1}]),
        starts(("pit", 2027, 2)),
        starts(("pit", 2026, 2)),
    ),
    "Cash is at or above its minimum": (
        pit(finance=[{"baseline_cash": 10, "minimum_cash": 0}]),
        starts(("pit", 2027, 2)),
        starts(("pit", 2026, 2)),
    ),
    "Taxable income is not negative": (
        taxed(),
        {"loss_pool": {2026: 5, 2027: 5, 2028: 5}},
        {"loss_pool": {2026: 4, 2027: 4, 2028: 4}},
    ),
    "Losses offset no more than their share of the year's income": (
        small_case({"opening_losses": 9}, finance=[{"tax_rate": 0.25, "baseline_taxable": 4, "loss_cap": 0.5}]),
        {"loss_pool": {2026: 7, 2027: 5, 2028: 3}},
        {"loss_pool": {2026: 6, 2027: 4, 2028: 2}},
    ),
    "Losses carried forward grow only by the loss of the year": (
        taxed(),
        {"loss_pool": {2026: 5, 2027: 5, 2028: 5}},
        {"loss_pool": {2026: 5, 2027: 6, 2028: 6}},
    ),
}
