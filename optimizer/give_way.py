"""Give way: which of a planner's numbers a repair may change, in which rows of the model each stands, and what never gives way.

A way names one column of one table, whether a repair raises or lowers it, the constraints and bounds in which the number stands, what a
unit of it costs in money, and how it is said. What defines capacity, cash, tax or cost curves holds whatever a planner decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

YEAR_SHARE = 0.1  # a year sooner or later costs this share of the capex of the modules that it is for
EMERGENCY = 2.0  # a unit that no source of the case has costs so many times its price

Operation = Literal["plus", "minus", "set", "drop"]


@dataclass(frozen=True)
class Way:
    """One kind of number that may give way.

    `rows` are families of constraints, `bounds` are bounds of variables (`traded upper`), in which the number stands. `price` says what a
    unit costs. `says` tells a repair and `rule` what holds in a conflict; both may use {key} {item} {amount} {when} {value} and {other}.
    """

    table: str
    column: str
    operation: Operation
    price: str
    says: str
    rule: str
    rows: tuple[str, ...] = ()
    bounds: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`markets.limit`; unique among the ways."""
        return f"{self.table}.{self.column}"

    @property
    def cell(self) -> str:
        """The column of the table; ways of rules are named after the kind of the rule."""
        return {"at_most": "amount", "at_least": "amount", "excludes": "kind", "requires": "kind"}.get(self.column, self.column)


_MONEY = "1 for 1"
_RESOURCE = "the highest market price of the resource, else what its users make of it, else what it costs to make"
_EMERGENCY = f"{EMERGENCY:g} times the price of the resource"
_MODULE = "what a module costs"
_YEAR = f"{YEAR_SHARE:.0%} of what the modules cost, for each year"

WAYS: dict[str, Way] = {
    way.name: way
    for way in (
        Way(
            "resources", "arrivals", "plus", _EMERGENCY, "{amount} of {key} from elsewhere {when}", "{key} has to balance {when}",
            rows=("supply_equals_use", "supply_covers_use"),
        ),
        Way(
            "resources", "disposal", "set", _EMERGENCY, "a way to be rid of {amount} of {key} {when}", "{key} cannot be thrown away {when}",
            rows=("supply_equals_use",),
        ),
        Way(
            "resources", "storage_limit", "plus", _RESOURCE, "room to store {amount} more of {key} {when}", "storage of {key} {when}",
            bounds=("stock upper",),
        ),
        Way(
            "finance", "capex_limit", "plus", _MONEY, "{amount} more capex {when}", "the capex limit {when}",
            rows=("spend_within_limit",),
        ),
        Way(
            "finance", "minimum_cash", "minus", _MONEY, "a minimum of cash that is lower by {amount} {when}", "the minimum of cash {when}",
            bounds=("cash lower",),
        ),
        Way(
            "finance", "external_capital", "plus", _MONEY, "{amount} more capital from outside {when}", "the given capital {when}",
            rows=("cash_carries_over",),
        ),
        Way(
            "finance", "debt_limit", "plus", _MONEY, "{amount} more debt allowed {when}", "the debt limit {when}",
            bounds=("debt upper",),
        ),
        Way(
            "finance", "debt_multiple", "set", _MONEY, "a debt multiple of {value} {when}", "the debt multiple {when}",
            rows=("debt_within_multiple_of_earnings",),
        ),
        Way(
            "finance", "raise_limit", "plus", _MONEY, "{amount} more equity raised {when}", "the limit on raising equity {when}",
            bounds=("raised upper",),
        ),
        Way(
            "finance", "distributions", "minus", _MONEY, "{amount} less paid out to owners {when}", "what owners are paid {when}",
            bounds=("distributed lower",),
        ),
        Way(
            "markets", "limit", "plus", _RESOURCE, "{amount} more through the market {item} {when}",
            "the limit of the market {item} {when}",
            bounds=("traded upper",),
        ),
        Way(
            "markets", "minimum", "minus", _RESOURCE, "{amount} less asked for by the market {item} {when}",
            "the minimum of the market {item} {when}",
            bounds=("traded lower",),
        ),
        Way(
            "markets", "take_or_pay", "minus", "the price of the contract", "{amount} less take-or-pay of {item} {when}",
            "take-or-pay of {item} {when}",
            rows=("taken_or_paid",),
        ),
        Way(
            "limits", "bound", "plus", "the least that a unit of its members costs", "the limit {key} {other} by {amount} {when}",
            "the limit {key} {when}",
            rows=("sum_within_limit", "sum_reaches_limit"),
        ),
        Way(
            "projects", "max_per_year", "plus", _MODULE, "{amount} more of {key} {when}", "the most of {key} started {when}",
            rows=("no_start_without_opening", "no_start_unless_chosen"), bounds=("start upper",),
        ),
        Way(
            "projects", "max_total", "plus", _MODULE, "{amount} more of {key} in all", "the most of {key} in all",
            rows=("total_starts_within_limit", "modules_in_place_within_limit", "modules_left_in_place_within_limit"),
        ),
        Way(
            "projects", "min_per_year", "minus", _MODULE, "a smallest start of {key} that is lower by {amount}",
            "the smallest start of {key}",
            rows=("start_of_minimum_size",),
        ),
        Way(
            "projects", "first_start", "set", _YEAR, "{key} started from {value} on", "the first start of {key}",
            bounds=("start upper",),
        ),
        Way(
            "projects", "last_start", "set", _YEAR, "{key} started until {value}", "the last start of {key}",
            bounds=("start upper",),
        ),
        Way(
            "projects", "lead_time", "minus", _YEAR, "{key} {amount} sooner after its start", "the lead time of {key}",
        ),
        Way(
            "given_starts", "modules", "minus", _MODULE, "{amount} less of the given start {key}", "the given start {key}",
            bounds=("start lower",),
        ),
        Way(
            "rules", "amount", "minus", _MODULE, "{amount} less asked for by the rule {item}", "the rule {item}",
            rows=("started_by_deadline",),
        ),
        Way(
            "rules", "deadline", "plus", _YEAR, "the deadline of the rule {item} {amount} later", "the deadline of the rule {item}",
            rows=("started_by_deadline",),
        ),
        Way(
            "rules", "at_most", "plus", _MODULE, "{amount} more allowed by the rule {key}", "the rule {key}",
            rows=("at_most_so_many_chosen",),
        ),
        Way(
            "rules", "at_least", "minus", _MODULE, "{amount} fewer asked for by the rule {key}", "the rule {key}",
            rows=("at_least_so_many_chosen",),
        ),
        Way(
            "rules", "excludes", "drop", _MODULE, "{other} both allowed: the rule {item} dropped",
            "the rule {item}: {other} exclude each other",
            rows=("at_most_so_many_chosen",),
        ),
        Way(
            "rules", "requires", "drop", "what a module of the other project costs", "the rule {item} ({other}) dropped",
            "the rule {item}: {other}",
            rows=("prerequisite_started_first",),
        ),
        Way(
            "gate_conditions", "threshold", "minus", "what a unit of the measure costs", "the gate {item} at {amount} less",
            "the gate {item}",
            rows=("condition_met",),
        ),
        Way(
            "gates", "earliest_year", "set", f"{YEAR_SHARE:.0%} of what a year of the waiting activities is worth, for each year",
            "the gate {key} open from {value} on", "the earliest year of the gate {key}",
            bounds=("opened upper",),
        ),
        Way(
            "gates", "most", "plus", "what a unit of the activity is worth", "{amount} more than the most that the gate {item} states",
            "the most that the gate {item} states",
            rows=("level_waits_for_gate",),
        ),
        Way(
            "synergy_members", "most", "plus", "what a unit of the measure costs",
            "{amount} more than the most that the synergy {item} states",
            "the most that the synergy {item} states",
            rows=("within_threshold_unless_above",),
        ),
        Way(
            "synergies", "most", "plus", "what a unit of the activity is worth",
            "{amount} more than the most that the synergy {key} states",
            "the most that the synergy {key} states",
            rows=("no_bonus_unless_active", "whole_bonus_where_active"),
        ),
    )
}  # fmt: skip

_DEFINES = "defines what the others are about"
NEVER_ROWS: dict[str, str] = {
    "no_opening_without_start": _DEFINES,
    "given_start_or_cancelled": "a start that may be cancelled can be cancelled",
    "retirements_add_up": _DEFINES,
    "no_more_retired_than_started": _DEFINES,
    "conversions_within_existing": "what stands is a fact",
    "level_within_capacity": "what stands and was built is a fact",
    "capacity_as_built": _DEFINES,
    "vintage_within_capacity": _DEFINES,
    "rest_within_capacity": "what stands and was built is a fact",
    "rest_not_negative": _DEFINES,
    "modules_on_the_curve": _DEFINES,
    "segment_begins_after_the_last": _DEFINES,
    "segment_full_if_told": _DEFINES,
    "segments_stay_built": _DEFINES,
    "cost_along_the_curve": _DEFINES,
    "chosen_only_if_started": _DEFINES,
    "debt_carries_over": _DEFINES,
    "gate_stays_open": _DEFINES,
    "member_reaches_threshold": "a benefit need not be taken",
    "bonus_within_level": _DEFINES,
    "penalty_where_all_above": _DEFINES,
    "income_after_losses": "the law on tax",
    "losses_used_were_left": "the law on tax",
    "losses_made_not_negative": "the law on tax",
    "losses_used_within_share": "the law on tax",
    "income_only_if_profitable": "the law on tax",
    "loss_only_if_not_profitable": "the law on tax",
    "earnings_are_operating_money": _DEFINES,
}

NEVER_BOUNDS: dict[str, str] = {
    "retired upper": "no more than was started",
    "closed upper": "what stands is a fact",
    "cancelled upper": "no more than was given",
    "segment_share upper": _DEFINES,
    "segment_full upper": _DEFINES,
    "open_project upper": _DEFINES,
    "chosen upper": _DEFINES,
    "synergy_active upper": _DEFINES,
    "above upper": _DEFINES,
    "profitable upper": _DEFINES,
}
