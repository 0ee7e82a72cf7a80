"""A folder full of independent faults: every one is told, once, at its place, in one run; a fault with many consequences is one message."""

from __future__ import annotations

from pathlib import Path

import pytest

from masterplan.data.errors import CaseError, Problem
from masterplan.data.read import load

# A row with a fault says in its note which message it must cause: its code and a word of it. All other rows are sound.
TABLES = {
    "settings": """
setting,value,note
first_year,2026,
last_year,2035,
discount_rate,8,E106 Did you mean 0.08?
colour,blue,E109 which is no setting
opening_cash,5 kg,E114 Give it in billion USD
objective,profit,E107 objective is one of
""",
    "resources": """
resource,unit,disposal,storable,opening_stock,year,arrivals,note
ore,t,,,,,,
metal,t,,,,,,
heat,GWh,yes,,5,,,E701 heat is not storable
mud,t,maybe,,,,,E107 disposal is one of
dust,t,yes,,,20x8,,E102 year is a number
""",
    "activities": """
activity,unit,capacity_limited,colour,note
dig,t,,,E004 'colour'
smelt,t,,,
melt,t,,,
wash,,,,E101 unit is required
""",
    "recipes": """
activity,resource,basis,lag,year,amount,note
dig,ore,,,,1,
dig,ore,,,,1.1,E110 a second row of dig/ore
smelt,orr,,,,-1,E109 Did you mean 'ore'?
smelt,metal,,,,0.5,
smelt,heat,,,,one,E102 the text 'one'
melt,heat,,,,5 kg,E114 Give it in GWh / t
melt,metal,,,,3 blurbs,E114 3 blurbs
dig,heat,capacity,2,,1,E703 only a recipe per level has a lag
melt,ore,level,,,"1,5",E102 Type 1.5 as a number
""",
    "existing_capacity": """
activity,year,capacity,note
smelt,,-5,E106 capacity is at least 0
melt,2028,5,E112 stated from 2028 on
dig,2026,5,
dig,2026,6,E110 for 2026
""",
    "projects": """
project,year,activity,capex,fixed_capex,lead_time,life,first_start,last_start,min_per_year,max_per_year,max_total,spend_profile,output_profile,note
half_year,,dig,2,,2.5,20,,,,,9,,,E105 lead_time is a whole number
backwards,,dig,2,,1,20,2032,2030,,,9,,,E302 the last start is 2030
narrow,,dig,2,,1,20,,,3,2,9,,,E303 max_per_year is 2 in 2026
unsaid,,dig,2,,1,20,,,,,9,,wear,E306 an output profile names the output
mixed_up,,dig,2,,1,20,,,,,9,wear,,E309 a spend profile belongs here
endless,,dig,2,,1,,,,,,9,,,E101 life is required
far,,dig,2,,1,20,20300,,,,9,,,E113 a year lies between
two_homes,,dig,2,,1,20,,,,,9,,,
two_homes,2030,melt,2,,,,,,,,,,,E111 found 'melt'
unbounded,,dig,2,1,1,20,,,,,,,,E304 which needs a most number
first,,dig,2,,1,20,,,,,9,,,
second,,dig,2,,1,20,,,,,9,,,
third,,dig,2,,1,20,,,,,9,,,
""",
    "profiles": """
profile,age,kind,value,note
short,0,spend,0.5,E312 sum to 0.9
short,1,spend,0.4,
wear,0,output,1,
wear,1,output,0.5,
""",
    "rules": """
rule,kind,project,other,note
a,requires,first,second,E401 first requires second requires third requires first
b,requires,second,third,
c,requires,third,first,
d,excludes,second,,E402 excludes needs the other project
""",
    "limits": """
limit,bound,note
empty,5,E414 a limit sums at least one
""",
    "markets": """
market,tier,resource,side,price,take_or_pay,note
world,1,ore,sell,3,,E706 buy and sell
world,2,ore,buy,2,,
local,1,ore,sell,3,1,E709 only a market to buy has it
far,1,ore,sell,dear,,E102 the text 'dear'
""",
    "conversions": """
project,amount,note
first,1,E005 from_activity
""",
    "given_starts": """
project,year,modules,note
third,2040,1,E317 the plan ends in 2035
forth,2027,1,E109 'forth'
""",
    "scenarios": """
scenario,kind,probability,note
strike,disruption,1.5,E106 probability is at most 1
dear,variant,,
""",
    "changes": """
scenario,step,table,key,column,value,note
dear,1,projects,second,capx,3,E505 Did you mean 'capex'?
dear,2,projects,secnd,capex,3,E506 Did you mean 'second'?
""",
    "reliefs": """
relief,limit,table,key,column,operation,step,max_relief,note
none,makers,projects,first,capex,plus,0,,E611 a step changes something
tiny,makers,projects,first,capex,plus,2,1,E612 at least one step of 2
gone,makers,projects,first,capex,times,-1,-1,E613 less than 1
lost,makers,markets,far,prise,plus,1,,E505 Did you mean 'price'?
""",
    "colours": """
colour,note
blue,E001 which is no table
""",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Problem, ...]:
    """What reading the folder says."""
    folder = tmp_path_factory.mktemp("faulty")
    for table, text in TABLES.items():
        (folder / f"{table}.csv").write_text(text.lstrip(), encoding="utf-8")
    with pytest.raises(CaseError) as error:
        load(folder)
    return error.value.problems


def planted() -> list[tuple[str, str, str]]:
    """(table, code, word of the message) of every fault."""
    notes = [(table, line.rsplit(",", 1)[-1]) for table, text in TABLES.items() for line in text.strip().splitlines()[1:]]
    return [(table, *note.split(" ", 1)) for table, note in notes if note]  # type: ignore[misc]


@pytest.mark.parametrize(("table", "code", "words"), planted())
def test_every_fault_is_told_once(told: tuple[Problem, ...], table: str, code: str, words: str) -> None:
    found = [problem for problem in told if problem.code == code and problem.sheet == f"{table}.csv" and words in str(problem)]
    assert len(found) == 1, "\n".join(str(problem) for problem in told if problem.sheet == f"{table}.csv")


def test_nothing_else_is_told(told: tuple[Problem, ...]) -> None:
    assert len(planted()) >= 30
    assert len(told) == len(planted()), "\n".join(str(problem) for problem in told)


def test_every_message_has_its_place_what_is_allowed_and_what_to_do(told: tuple[Problem, ...]) -> None:
    for problem in told:
        assert problem.sheet, problem
        assert problem.allowed, problem
        assert problem.fix, problem
        assert problem.cell or problem.code == "E001", problem


def test_a_name_that_is_wrong_in_forty_rows_is_one_message(tmp_path: Path) -> None:
    resources = "".join(f"r{number},t\n" for number in range(40))
    recipes = "".join(f"smelter,r{number},1\n" for number in range(40))
    markets = "".join(f"m{number},r{number},sell,1\n" for number in range(40))
    (tmp_path / "settings.csv").write_text("setting,value\nfirst_year,2026\nlast_year,2030\ndiscount_rate,0.08\n")
    (tmp_path / "resources.csv").write_text(f"resource,unit\n{resources}")
    (tmp_path / "activities.csv").write_text("activity,unit\nsmelt,t\n")
    (tmp_path / "recipes.csv").write_text(f"activity,resource,amount\n{recipes}")
    (tmp_path / "projects.csv").write_text("project,activity,lead_time,life\nplant,smelter,1,20\n")
    (tmp_path / "markets.csv").write_text(f"market,resource,side,price\n{markets}")
    with pytest.raises(CaseError) as error:
        load(tmp_path)
    (problem,) = error.value.problems
    assert problem.code == "E109"
    assert len(problem.also) == 40
    assert "'smelter'" in str(problem)
    assert "Did you mean 'smelt'?" in str(problem)
