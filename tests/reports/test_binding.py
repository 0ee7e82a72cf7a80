import masterplan as mp
from masterplan.reports import binding
from masterplan.reports.recompute import recompute
from tests.reports.hand_plans import hand_plan
from tests.small_cases import small_case


def test_what_is_at_its_limit_is_named_with_its_years():
    """One oven a year, capex 3 within 3, cash never below 0: the oven runs in full and sells all it can until the street has enough."""
    case = small_case(
        {"opening_cash": 3},
        recipes=[{"activity": "shop", "resource": "bread", "amount": 1}],
        projects=[{"project": "oven", "activity": "shop", "capex": 3, "max_per_year": 1, "last_start": 2026}],
        markets=[{"market": "street", "resource": "bread", "side": "sell", "price": 2, "limit": 1}],
        finance=[{"capex_limit": 3, "minimum_cash": 0}],
    )
    plan = mp.solve(case, gap=0)
    numbers = recompute(plan)
    found = set(binding.binding(plan, numbers))
    assert found == {
        ("Money", "capex limit", 2026),
        ("Money", "minimum cash", 2026),
        ("Starts a year", "starts of oven", 2026),
        ("Capacity in full use", "shop", 2027),
        ("Capacity in full use", "shop", 2028),
        ("Sales", "street", 2027),
        ("Sales", "street", 2028),
    }
    table = binding.table(plan, numbers)
    assert table.set_index("item")["total"].to_dict()["street"] == 2
    assert "shop 2027-2028" in binding.in_words(plan, numbers)


def test_a_start_given_before_the_plan_is_at_no_limit_of_it():
    case = small_case(
        projects=[{"project": "oven", "activity": "shop", "max_per_year": 1, "lead_time": 3}],
        given_starts=[{"project": "oven", "year": year, "modules": 1} for year in (2024, 2026)],
    )
    plan = hand_plan(case, starts={("oven", 2024): 1, ("oven", 2026): 1})
    numbers = recompute(plan)
    assert set(binding.binding(plan, numbers)) == {("Starts a year", "starts of oven", 2026)}
    assert binding.table(plan, numbers)["total"].tolist() == [1]


def test_ceilings_floors_and_debt_are_at_their_limit_when_they_are_met():
    """A ceiling of 4 a year, one of 6 over all years, a floor of 4, debt of 5: met in the years in which 4, in sum 6 and 5 are there."""
    case = small_case(
        {"opening_debt": 5},
        activities=[{"activity": "dig", "capacity_limited": "no"}],
        limits=[
            {"limit": "permit", "bound": 4},
            {"limit": "reserve", "bound": 6, "span": "total"},
            {"limit": "quota", "bound": 4, "sense": "at_least", "penalty": 1},
            {"limit": "nothing", "bound": 0},
        ],
        limit_members=[{"limit": limit, "measure": "level", "item": "dig"} for limit in ("permit", "reserve", "quota", "nothing")],
        finance=[{"debt_limit": 5}, {"year": 2028, "debt_limit": 6}],
    )
    plan = hand_plan(case, levels={("dig", 2026): 4, ("dig", 2027): 2})
    assert set(binding.binding(plan, recompute(plan))) == {
        ("Limits", "permit", 2026),
        ("Limits", "quota", 2026),
        ("Limits", "reserve", 2028),
        ("Money", "debt limit", 2026),
        ("Money", "debt limit", 2027),
    }
