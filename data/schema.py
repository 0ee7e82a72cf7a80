"""Every table and column of a case, once: reading, checking, the template and the manual follow from here.

A table has key columns (they name the row), attributes (stated once per key) and series (numbers that may vary by year).
In a table with `by_year`, a row whose `year` is filled holds from that year until the next such row of the same key;
a blank year means from the beginning. A blank cell says nothing: it never means zero.

Units are written with these words: `money` (the case's money unit), `resource` and `activity` (the unit of the resource or
activity that the row names), `module`, `year`, `fraction`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SCHEMA_VERSION = 1

Kind = Literal["name", "text", "number", "whole", "year", "choice"]


class _Required:
    """Marks a column that has no default."""

    def __repr__(self) -> str:
        return "required"


REQUIRED = _Required()
Default = float | int | str | None | _Required

YES_NO = ("yes", "no")
MEASURES = ("level", "capacity", "starts", "modules", "spend", "buy", "sell", "production", "use", "stock")
LONGEST = 1000  # years; more is a slip of the hand, and would only cost time


@dataclass(frozen=True)
class Column:
    """One input column. `series` columns may vary by year; `refers` names the table whose first key column lists the allowed names."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    default: Default = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    refers: str = ""
    series: bool = False

    @property
    def is_number(self) -> bool:
        return self.kind in ("number", "whole", "year")

    @property
    def is_required(self) -> bool:
        return self.default is REQUIRED


@dataclass(frozen=True)
class Table:
    """One input table: `key` columns name a row, `by_year` adds the free column `year`."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    by_year: bool = False
    required: bool = False

    @property
    def column_names(self) -> tuple[str, ...]:
        names = [column.name for column in self.columns]
        if self.by_year:
            names.insert(len(self.key), "year")
        return tuple(names)

    def column(self, name: str) -> Column:
        return YEAR if name == "year" and self.by_year else next(column for column in self.columns if column.name == name)

    @property
    def series(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.series)

    @property
    def attributes(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if not column.series and column.name not in self.key)


YEAR = Column("year", "year", "the row holds from this year until the next row of the same key; blank: from the beginning")


def _name(name: str, meaning: str, refers: str = "", default: Default = REQUIRED) -> Column:
    return Column(name, "name", meaning, refers=refers, default=default)


def _choice(name: str, meaning: str, choices: tuple[str, ...], default: Default = REQUIRED) -> Column:
    return Column(name, "choice", meaning, choices=choices, default=default)


def _series(
    name: str, meaning: str, unit: str, default: Default = 0.0, minimum: float | None = None, maximum: float | None = None
) -> Column:
    return Column(name, "number", meaning, unit=unit, default=default, minimum=minimum, maximum=maximum, series=True)


SETTINGS = (
    Column("title", "text", "the case in a few words", default=""),
    Column("description", "text", "what system this is, for whom, and where the numbers come from", default=""),
    Column("schema_version", "whole", "version of the table layout", default=SCHEMA_VERSION, minimum=1),
    Column("first_year", "year", "first year of the plan", default=REQUIRED),
    Column("last_year", "year", "last year of the plan", default=REQUIRED),
    Column("money_unit", "text", "the one money unit of the case", default="billion USD"),
    _choice("price_basis", "real money of the price year, or nominal money", ("real", "nominal"), "real"),
    Column("price_year", "year", "the year whose prices real money has; blank: the first year"),
    Column("discount_rate", "number", "yearly rate (WACC) for discounting, on the price basis", "fraction", REQUIRED, minimum=0, maximum=1),
    _choice("flow_timing", "when in its year a flow falls", ("mid_year", "start_of_year", "end_of_year"), "mid_year"),
    _choice("objective", "what the plan maximises (npv, final_cash) or minimises (least_cost)", ("npv", "least_cost", "final_cash"), "npv"),
    _choice("terminal_value", "what stands at the end of the last year is worth", ("none", "book_value", "perpetuity"), "none"),
    Column("perpetuity_growth", "number", "yearly growth of the perpetuity", "fraction", 0.0, minimum=-1, maximum=1),
    Column(
        "terminal_discount_factor",
        "number",
        "factor of the end of the last year; blank: from the rate, or the last given factor",
        "fraction",
        minimum=0,
    ),
    Column("opening_cash", "number", "cash at the start of the first year", "money", 0.0),
    Column("opening_losses", "number", "tax losses carried into the first year", "money", 0.0, minimum=0),
    Column("opening_debt", "number", "debt at the start of the first year", "money", 0.0, minimum=0),
    Column("debt_spread", "number", "yearly cost of debt above the discount rate that NPV charges", "fraction", 0.0, minimum=0, maximum=1),
    _choice("committed_inside_limit", "whether committed capex uses up the capex limit", YES_NO, "no"),
)

TABLES = (
    Table(
        "settings",
        "One row per setting of the whole case.",
        ("setting",),
        (_name("setting", "which setting"), Column("value", "text", "its value")),
        required=True,
    ),
    Table(
        "resources",
        "Anything with a yearly balance and one unit.",
        ("resource",),
        (
            _name("resource", "the resource"),
            Column("unit", "text", "its one unit", default=REQUIRED),
            _choice("disposal", "may a surplus be thrown away for free", YES_NO, "no"),
            _choice("storable", "may it be kept from one year to the next", YES_NO, "no"),
            _series("storage_limit", "most that can be in stock at the end of a year; blank: no limit", "resource", None, 0),
            _series("storage_loss", "share of last year's stock that is lost", "fraction", 0.0, 0, 1),
            _series("holding_cost", "cost of a unit in stock at the end of a year", "money / resource", 0.0),
            Column("opening_stock", "number", "stock at the start of the first year", "resource", 0.0, minimum=0),
            Column("stock_value", "number", "book value of a unit in stock at the end of the plan", "money / resource", 0.0, minimum=0),
            _series("arrivals", "deliveries from decisions made before the first year", "resource", 0.0, 0),
        ),
        by_year=True,
        required=True,
    ),
    Table(
        "activities",
        "What turns resources into others at a yearly level, within its capacity.",
        ("activity",),
        (
            _name("activity", "the activity"),
            Column("system", "text", "the part of the company it belongs to", default=""),
            Column("unit", "text", "unit of its level and capacity", default=REQUIRED),
            _choice("capacity_limited", "is its level limited by its capacity", YES_NO, "yes"),
            _choice("closable", "may existing capacity be closed for good", YES_NO, "no"),
            _series("closing_cost", "paid once per unit of existing capacity closed", "money / activity"),
            _series("variable_cost", "cost per unit of level, besides bought resources", "money / activity"),
            _series("fixed_cost", "cost per unit of capacity, used or not", "money / activity"),
            _series("production_credit", "untaxed credit per unit of level", "money / activity"),
        ),
        by_year=True,
        required=True,
    ),
    Table(
        "recipes",
        "What a unit of level, or of capacity, makes (positive) and takes (negative).",
        ("activity", "resource", "basis"),
        (
            _name("activity", "the activity", "activities"),
            _name("resource", "the resource", "resources"),
            _choice("basis", "per unit of level, or per unit of capacity whether used or not", ("level", "capacity"), "level"),
            Column("lag", "whole", "years from the level to the delivery", "year", 0, minimum=0, maximum=LONGEST),
            _series("amount", "made (+) or taken (-); read in the year of the level", "resource / activity", REQUIRED),
        ),
        by_year=True,
        required=True,
    ),
    Table(
        "existing_capacity",
        "Capacity that stands without any start, by year.",
        ("activity",),
        (
            _name("activity", "the activity", "activities"),
            _series("capacity", "capacity that stands in the year", "activity", REQUIRED, 0),
        ),
        by_year=True,
    ),
    Table(
        "projects",
        "Investment options: modules of capacity for one activity. Series are read in the start year, `fixed_cost` in the year it is paid.",
        ("project",),
        (
            _name("project", "the project"),
            _name(
                "activity", "the activity it adds capacity to; blank: none (a site, a licence that only others require)", "activities", None
            ),
            Column("system", "text", "the part of the company it belongs to; blank: that of its activity", default=""),
            _series("module_capacity", "nameplate capacity of one module", "activity / module", 1.0, 0),
            _choice("lumpy", "are modules whole", YES_NO, "yes"),
            _series("capex", "capex per module, without the construction inputs", "money / module", 0.0, 0),
            _series("fixed_capex", "capex paid once in every year with a start", "money", 0.0, 0),
            Column("lead_time", "whole", "years from start to first output", "year", REQUIRED, minimum=0, maximum=LONGEST),
            Column("life", "whole", "years of output", "year", REQUIRED, minimum=1, maximum=LONGEST),
            Column("first_start", "year", "first year a module may be started; blank: the first year"),
            Column("last_start", "year", "last year a module may be started; blank: the last year from which output falls inside the plan"),
            Column("min_per_year", "number", "fewest modules in a year with a start", "module", None, minimum=0),
            _series("max_per_year", "most modules started in a year; blank: no limit", "module", None, 0),
            Column("max_total", "number", "most modules started, or in place, over the plan; blank: no limit", "module", None, minimum=0),
            _choice(
                "total_basis",
                "does max_total count all starts, or only modules under construction or alive",
                ("starts", "in_place"),
                "starts",
            ),
            _name("spend_profile", "share of capex by years after the start; blank: even over the lead time", "profiles", None),
            _name("availability_profile", "usable share of nameplate by age; blank: 1", "profiles", None),
            _name("output_profile", "worth of one output by age; blank: 1", "profiles", None),
            _name("output_resource", "the output that the output profile scales", "resources", None),
            _series("fixed_cost", "yearly cost of a module alive, used or not", "money / module"),
            _choice("retirable", "may modules be retired before the end of their life", YES_NO, "no"),
            _series(
                "retirement_cost", "paid once per module retired early (negative: salvage), in the year of retirement", "money / module"
            ),
            _name("depreciation_class", "how capex is deducted from taxable income; blank: when it is spent", "depreciation", None),
            Column("built_before", "number", "modules built before the plan, for the cost curve", "module", 0.0, minimum=0),
            Column(
                "credit",
                "number",
                "investment credit as a share of capex, paid in the first output year",
                "fraction",
                0.0,
                minimum=0,
                maximum=1,
            ),
            Column("credit_last_start", "year", "last start year that earns the credit; blank: no end"),
        ),
        by_year=True,
        required=True,
    ),
    Table(
        "construction_inputs",
        "Resources that a module takes while it is built, or in every year that it is alive. Series are read in the start year.",
        ("project", "resource", "when", "years_after_start"),
        (
            _name("project", "the project", "projects"),
            _name("resource", "the resource", "resources"),
            _choice("when", "once in building, or standing: every year the module is alive", ("building", "standing"), "building"),
            Column(
                "years_after_start",
                "whole",
                "the year of building it is taken in; blank: the last (lead time - 1)",
                "year",
                minimum=0,
                maximum=LONGEST,
            ),
            _series("amount", "taken per module", "resource / module", REQUIRED, 0),
            _series(
                "capitalised_value",
                "money per unit that counts as capex (limits, tax, credits, book value) and leaves operating cost",
                "money / resource",
                0.0,
                0,
            ),
        ),
        by_year=True,
    ),
    Table(
        "profiles",
        "Shares by age: spend (0 = start year, sums to 1), availability and output (0 = first output year; the last age given holds on).",
        ("profile", "age"),
        (
            _name("profile", "the profile"),
            Column("age", "whole", "years after the start (spend) or after the first output", "year", REQUIRED, minimum=0, maximum=LONGEST),
            _choice("kind", "what the shares apply to", ("spend", "availability", "output")),
            _series("value", "the share; `year` is the start year of the module", "fraction", REQUIRED, 0),
        ),
        by_year=True,
    ),
    Table(
        "conversions",
        "Existing capacity that a project takes out of another activity for good.",
        ("project", "from_activity"),
        (
            _name("project", "the project", "projects"),
            _name("from_activity", "the activity that loses existing capacity", "activities"),
            Column("amount", "number", "capacity lost per module", "activity / module", REQUIRED, minimum=0),
            Column("out_from", "whole", "years after the start from which it is gone", "year", 0, minimum=0, maximum=LONGEST),
        ),
    ),
    Table(
        "given_starts",
        "Starts that are decided already; years before the first are work in progress.",
        ("project", "year"),
        (
            _name("project", "the project", "projects"),
            Column("year", "year", "the start year", default=REQUIRED),
            Column("modules", "number", "modules started", "module", REQUIRED, minimum=0),
            _choice("kind", "exactly these, at least these, or these unless cancelled", ("fixed", "minimum", "cancellable"), "fixed"),
            Column(
                "cancel_cost", "number", "paid per module cancelled, in the start year or the first year", "money / module", 0.0, minimum=0
            ),
        ),
    ),
    Table(
        "rules",
        "Logic between projects.",
        ("rule", "project", "other"),
        (
            _name("rule", "the rule; rows of one name form one rule"),
            _choice(
                "kind",
                "requires (project needs other), excludes (not both), at_most / at_least (so many of the rule's projects), "
                "deadline (amount modules started by the year), must_do (amount modules started at all)",
                ("requires", "excludes", "at_most", "at_least", "deadline", "must_do"),
            ),
            _name("project", "the project", "projects"),
            _name("other", "requires and excludes: the other project", "projects", None),
            Column(
                "amount",
                "number",
                "requires: modules per module of other (blank: any number); at_most and at_least: how many; else modules (blank: 1)",
                "",
                None,
                minimum=0,
            ),
            Column(
                "lag", "whole", "requires: years from the start of other to the start of project", "year", 0, minimum=0, maximum=LONGEST
            ),
            Column("deadline", "year", "deadline: the last year to start in"),
        ),
    ),
    Table(
        "limits",
        "General limits on sums of measures; the members stand in `limit_members`.",
        ("limit",),
        (
            _name("limit", "the limit"),
            _choice("sense", "is the bound a ceiling or a floor", ("at_most", "at_least"), "at_most"),
            Column("penalty", "number", "money per unit beyond the bound; blank: the limit is hard", "", None, minimum=0),
            Column("already", "number", "what counts from before the plan, added to the sum", "", 0.0),
            _choice(
                "span", "in each year, summed up to each year, or summed over all years", ("each_year", "cumulative", "total"), "each_year"
            ),
            Column("from_year", "year", "first year that counts; blank: the first year"),
            Column("to_year", "year", "last year that counts; blank: the last year"),
            _series("bound", "the bound; a total reads it in its last year", "", REQUIRED),
        ),
        by_year=True,
    ),
    Table(
        "limit_members",
        "What a limit sums: coefficient times measure.",
        ("limit", "measure", "item"),
        (
            _name("limit", "the limit", "limits"),
            _choice(
                "measure",
                "level, capacity (of an activity), starts, modules, spend (of a project; modules = alive), buy, sell (of a market), "
                "production, use, stock (of a resource), earnings, debt (of the company)",
                (*MEASURES, "earnings", "debt"),
            ),
            _name("item", "the activity, project, market or resource"),
            _series("coefficient", "weight in the sum; negative to compare two measures", "", 1.0),
        ),
        by_year=True,
    ),
    Table(
        "markets",
        "Places to buy or sell a resource, in price tiers.",
        ("market", "tier"),
        (
            _name("market", "the market"),
            Column("tier", "whole", "price tier, best price first", "", 1, minimum=1),
            _name("resource", "what is traded", "resources"),
            _choice("side", "does the company buy or sell here", ("buy", "sell")),
            _series("price", "price per unit", "money / resource", REQUIRED),
            _series("limit", "most that can be traded in a year; blank: no limit", "resource", None, 0),
            _series("minimum", "least that must be traded in a year", "resource", 0.0, 0),
            _series("take_or_pay", "bought quantity that is paid for whether taken or not", "resource", 0.0, 0),
        ),
        by_year=True,
        required=True,
    ),
    Table(
        "finance",
        "The company's money by year.",
        (),
        (
            _series("capex_limit", "most capex in a year, gross of credits; blank in every row: no limit", "money", None),
            _series("carry_over_share", "share of last year's unspent limit that adds to this year's", "fraction", 0.0, 0, 1),
            _series("baseline_cash", "operating cash after tax of what the plan does not decide", "money"),
            _series("baseline_taxable", "taxable income of what the plan does not decide, where it can shelter or be sheltered", "money"),
            _series("committed_capex", "capex that is not open to choice", "money", 0.0, 0),
            _series("external_capital", "equity raised (given); moves cash, not NPV", "money"),
            _series("minimum_cash", "least cash at the end of the year; blank in every row: cash is not limited", "money", None),
            _series("discount_factor", "given factor of the year's flows; blank in every row: from the rate", "fraction", None, 0),
            _series("tax_rate", "profit tax; losses are carried forward", "fraction", 0.0, 0, 1),
            _series("loss_cap", "most of a year's taxable income that earlier losses may offset", "fraction", 1.0, 0, 1),
            _series("debt_limit", "most debt at the end of the year; blank in every row: no fixed amount", "money", None, 0),
            _series("debt_multiple", "most debt as a multiple of the year's earnings; blank in every row: no multiple", "", None, 0),
            _series("interest_rate", "interest on the debt at the start of the year", "fraction", 0.0, 0, 1),
            _series("raise_limit", "most equity that may be raised in the year by choice", "money", 0.0, 0),
            _series("issue_cost", "cost of drawing debt or raising equity by choice, as a share", "fraction", 0.0, 0, 1),
            _series("distributions", "least paid out to owners", "money", 0.0, 0),
        ),
        by_year=True,
    ),
    Table(
        "depreciation",
        "Classes of tax depreciation; it begins in the first output year.",
        ("depreciation_class",),
        (
            _name("depreciation_class", "the class"),
            _choice(
                "method",
                "straight line over the years, declining balance that turns to straight line when that is more, or at once",
                ("straight_line", "declining_balance", "expensing"),
            ),
            Column("years", "whole", "years over which it is written off", "year", 1, minimum=1, maximum=LONGEST),
            Column("rate", "number", "declining balance: share of what is left, per year", "fraction", None, minimum=0, maximum=1),
            Column(
                "immediate",
                "number",
                "share deducted at once in the first output year (bonus depreciation)",
                "fraction",
                0.0,
                minimum=0,
                maximum=1,
            ),
        ),
    ),
    Table(
        "learning",
        "Cost curves: what so many modules cost in total; between the points it is straight. They replace a project's capex per module.",
        ("project", "modules"),
        (
            _name("project", "the project", "projects"),
            Column("modules", "number", "modules in total, from 0 to the most that can be built", "module", REQUIRED, minimum=0),
            _choice(
                "basis",
                "modules ever built, built_before included (learning), or started in one year (economies of scale)",
                ("cumulative", "per_year"),
                "cumulative",
            ),
            Column("cost", "number", "capex of so many modules together", "money", REQUIRED, minimum=0),
        ),
    ),
    Table(
        "gates",
        "Activities that may run only after a condition.",
        ("gate", "activity"),
        (
            _name("gate", "the gate; rows of one name open together"),
            _name("activity", "the activity that waits", "activities"),
            Column("earliest_year", "year", "first year in which it can open, whatever else; blank: the first year"),
            Column("most", "number", "most the activity can ever run; blank: from its capacity and projects", "activity", None, minimum=0),
        ),
    ),
    Table(
        "gate_conditions",
        "What a gate waits for: each measure, summed up from the first year, has to reach its threshold.",
        ("gate", "measure", "item"),
        (
            _name("gate", "the gate", "gates"),
            _choice(
                "measure",
                "as in limit_members",
                MEASURES,
            ),
            _name("item", "the activity, project, market or resource"),
            Column("threshold", "number", "sum at which the gate can open", "", REQUIRED, minimum=0),
            Column("already", "number", "what counts from before the plan", "", 0.0, minimum=0),
            Column("lag", "whole", "years from reaching the threshold to opening", "year", 0, minimum=0, maximum=LONGEST),
        ),
    ),
    Table(
        "synergies",
        "Benefits that exist only in years in which every member is above its threshold.",
        ("synergy",),
        (
            _name("synergy", "the synergy"),
            Column("meaning", "text", "why the members fit", default=""),
            _series("benefit", "money in a year in which it is active (negative: a penalty)", "money"),
            _name("per_activity", "an activity whose level earns a benefit while it is active; blank: none", "activities", None),
            _series("benefit_per_level", "money per unit of that level", "money / activity", 0.0, 0),
            Column("most", "number", "most that level can ever be; blank: from its capacity and projects", "", None, minimum=0),
        ),
        by_year=True,
    ),
    Table(
        "synergy_members",
        "What a synergy needs.",
        ("synergy", "measure", "item"),
        (
            _name("synergy", "the synergy", "synergies"),
            _choice(
                "measure",
                "as in limit_members",
                MEASURES,
            ),
            _name("item", "the activity, project, market or resource"),
            Column("threshold", "number", "least amount in the year", "", REQUIRED, minimum=0),
            Column("most", "number", "most the measure can ever be (needed for a penalty)", "", None, minimum=0),
        ),
    ),
    Table(
        "scenarios",
        "Named sets of changes.",
        ("scenario",),
        (
            _name("scenario", "the scenario"),
            _choice(
                "kind",
                "whose company it is, a variant, a disruption with its own chance, or a future",
                ("perimeter", "variant", "disruption", "future"),
                "variant",
            ),
            Column("probability", "number", "chance of a disruption, or weight of a future", "fraction", None, minimum=0, maximum=1),
            Column("description", "text", "what happens", default=""),
        ),
    ),
    Table(
        "changes",
        "What a scenario changes, in order.",
        ("scenario", "step"),
        (
            _name("scenario", "the scenario", "scenarios"),
            Column("step", "whole", "order of the change", "", REQUIRED, minimum=1),
            Column("table", "text", "table to change", default=REQUIRED),
            Column("key", "text", "row key, parts joined by /; * stands for every name", default=""),
            Column("column", "text", "column to change", default=REQUIRED),
            _choice("operation", "what to do with the number", ("set", "times", "plus"), "set"),
            Column("value", "text", "number or text", default=REQUIRED),
            Column("from_year", "year", "first year of the change; blank: from the beginning"),
            Column("to_year", "year", "last year of the change; blank: to the end"),
        ),
    ),
    Table(
        "reliefs",
        "What may hold the plan back could be relieved in these ways: `bottlenecks` tells what each is worth.",
        ("relief",),
        (
            _name("relief", "the way to relieve it"),
            Column("limit", "text", "what it relieves, in words; several ways may relieve one limit", default=REQUIRED),
            Column("table", "text", "table to change", default=REQUIRED),
            Column("key", "text", "row key, parts joined by /; * stands for every name", default=""),
            Column("column", "text", "column to change", default=REQUIRED),
            _choice("operation", "plus adds the amount; times adds it as a share: 0.1 is a tenth more", ("plus", "times"), "plus"),
            Column("step", "number", "one step; negative where less is a relief (a lead time, a price)", default=REQUIRED),
            Column("max_relief", "number", "the most that is allowed, all steps together; blank: one step"),
            Column("from_year", "year", "first year of the relief; blank: from the beginning"),
            Column("to_year", "year", "last year of the relief; blank: to the end"),
            Column("cost", "number", "paid once, in the first year of the relief; blank: not known", "money", None, minimum=0),
            Column("way", "text", "how it could be relieved", default=""),
        ),
    ),
    Table(
        "sources",
        "Where numbers come from and how sure they are.",
        ("source",),
        (
            _name("source", "the fact"),
            Column("description", "text", "what it says", default=""),
            Column("unit", "text", "its unit", default=""),
            Column("low", "number", "low end"),
            Column("central", "number", "central value"),
            Column("high", "number", "high end"),
            Column("as_of", "text", "year it is about", default=""),
            Column("title", "text", "document", default=""),
            Column("reference", "text", "where to find it", default=""),
            Column("confidence", "text", "A: primary document read, B: report read, C: estimate or memory", default=""),
            Column("remark", "text", "anything else", default=""),
        ),
    ),
    Table(
        "provenance",
        "Which source, derivation or assumption stands behind the numbers of a row.",
        ("table", "key", "column"),
        (
            Column("table", "text", "the table", default=REQUIRED),
            Column("key", "text", "row key, parts joined by /; * stands for every name", default=""),
            Column("column", "text", "the column; * stands for every column", default="*"),
            _choice("basis", "read from a source, worked out from sources, or assumed", ("sourced", "derived", "assumed")),
            Column("sources", "text", "names in the table sources, joined by ;", default=""),
            Column(
                "elasticity",
                "text",
                "percent that the number moves when a source moves by one (-1: inversely, 0: not at all); one for all sources, "
                "or one each joined by ;; blank: 1",
                default="",
            ),
            Column("reasoning", "text", "the derivation, or why the assumption", default=""),
        ),
    ),
)

TABLE = {table.name: table for table in TABLES}
SETTING = {column.name: column for column in SETTINGS}
