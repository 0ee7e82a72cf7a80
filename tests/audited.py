"""Which check of the audit tests again what a row or a bound of the model holds: by name of the constraint, and of the variable.

A new constraint or variable that is not named here fails `test_everything_registered_is_proved`; so does a name of no check.
"""

from __future__ import annotations

CAPACITY = "The capacity that the plan states is what its starts make it, in their time"
CAPEX = "The capex that the plan states is what its starts cost"
CASH_ENTRIES = "The cash entries that the plan states are what its decisions earn and pay"
WHOLE = "Modules of a project with whole modules are whole"
NOT_NEGATIVE = "No decision is negative"
CURVE = (CAPEX,)
SYNERGY = "A synergy is active only where each member reaches its threshold"
LOSSES = "Losses carried forward grow only by the loss of the year"
LIMITS = ("Limits of each year hold", "Limits summed up to each year hold", "Limits over all their years hold")
SWITCH = "A gate is open or shut, a synergy active or not"
OBJECTIVE = "The objective that the plan states is what its decisions are worth"
MOST = "Nothing passes the most that its gate or synergy states"

ROWS: dict[str, tuple[str, ...]] = {
    "no_start_without_opening": ("A year starts no more modules than the project may have in a year", CAPEX),
    "no_opening_without_start": (CAPEX,),
    "start_of_minimum_size": ("A year with a start has at least the fewest modules of the project",),
    "total_starts_within_limit": ("All starts of a project stay within its total",),
    "modules_in_place_within_limit": ("Modules in place stay within the total of their project",),
    "given_start_or_cancelled": ("Cancellable starts are made unless cancelled", "Starts given as a minimum are made"),
    "retirements_add_up": (CAPACITY,),
    "no_more_retired_than_started": ("No more modules are retired than were started",),
    "modules_left_in_place_within_limit": ("Modules in place stay within the total of their project",),
    "conversions_within_existing": ("Conversions and closures take no more than the existing capacity",),
    "level_within_capacity": ("The level of an activity is within its capacity",),
    "capacity_as_built": (CAPACITY,),
    "vintage_within_capacity": ("A vintage runs within its own capacity",),
    "rest_within_capacity": ("What runs outside the vintages is within the remaining capacity",),
    "rest_not_negative": ("The vintages of an activity run no more than the activity",),
    "taken_or_paid": (CASH_ENTRIES,),
    "modules_on_the_curve": CURVE,
    "segment_begins_after_the_last": CURVE,
    "segment_full_if_told": CURVE,
    "segments_stay_built": CURVE,
    "cost_along_the_curve": CURVE,
    "prerequisite_started_first": ("A project that requires another follows it",),
    "at_most_so_many_chosen": (
        "No more projects of a group are started than its rule says",
        "Projects that exclude each other are not both started",
    ),
    "at_least_so_many_chosen": ("As many projects of a group are started as its rule says",),
    "chosen_only_if_started": ("As many projects of a group are started as its rule says",),
    "no_start_unless_chosen": ("No more projects of a group are started than its rule says",),
    "started_by_deadline": ("What has a deadline is started by then", "What must be done is started"),
    "debt_carries_over": ("No more debt is repaid than there is", CASH_ENTRIES),
    "sum_within_limit": LIMITS,
    "sum_reaches_limit": LIMITS,
    "condition_met": ("A gate is open only where each of its conditions is met",),
    "gate_stays_open": ("A gate that is open stays open",),
    "level_waits_for_gate": ("An activity that waits for a gate runs only once it is open", MOST),
    "member_reaches_threshold": (SYNERGY,),
    "bonus_within_level": (CASH_ENTRIES,),
    "no_bonus_unless_active": (CASH_ENTRIES, MOST),
    "whole_bonus_where_active": (CASH_ENTRIES,),
    "within_threshold_unless_above": ("A penalty counts wherever all its members are above their thresholds",),
    "penalty_where_all_above": ("A penalty counts wherever all its members are above their thresholds",),
    "supply_equals_use": ("The balance of every resource closes",),
    "supply_covers_use": ("A resource that may be disposed of is never short",),
    "spend_within_limit": ("Capex is within its limit and what the year before left",),
    "income_after_losses": (LOSSES, CASH_ENTRIES),
    "losses_used_were_left": (LOSSES,),
    "losses_made_not_negative": (LOSSES,),
    "losses_used_within_share": ("Losses offset no more than their share of the year's income",),
    "income_only_if_profitable": (LOSSES, "Taxable income is not negative"),
    "loss_only_if_not_profitable": (LOSSES, "Taxable income is not negative"),
    "debt_within_multiple_of_earnings": ("Debt is within its multiple of earnings",),
    "earnings_are_operating_money": ("Debt is within its multiple of earnings", *LIMITS),
    "cash_carries_over": ("Cash is at or above its minimum",),
}

VARIABLES: dict[str, tuple[str, ...]] = {
    "start": (
        NOT_NEGATIVE,
        WHOLE,
        "Free starts fall inside the start window of their project",
        "A year starts no more modules than the project may have in a year",
        "Fixed starts are made as given",
    ),
    "open_project": (CAPEX,),
    "cancelled": (NOT_NEGATIVE, "Only cancellable starts are cancelled, and no more than was given"),
    "retired": (NOT_NEGATIVE, WHOLE, "Only modules that are alive and may be retired are retired"),
    "gone": (CAPACITY,),
    "closed": (NOT_NEGATIVE, "Only capacity that may be closed is closed"),
    "level": (NOT_NEGATIVE,),
    "vintage_level": (NOT_NEGATIVE, "A vintage runs only from its first output to the end of its life"),
    "capacity": (CAPACITY,),
    "traded": (NOT_NEGATIVE, "A trade is within its limit", "A trade is at least its minimum"),
    "untaken": (CASH_ENTRIES,),
    "stock": (NOT_NEGATIVE, "Stock is within its storage limit", "What cannot be stored is not in stock"),
    "segment_share": CURVE,
    "segment_full": CURVE,
    "curve_cost": CURVE,
    "chosen": ("No more projects of a group are started than its rule says",),
    "debt": ("Debt is within its limit",),
    "drawn": (NOT_NEGATIVE, CASH_ENTRIES),
    "repaid": (NOT_NEGATIVE, CASH_ENTRIES),
    "raised": (NOT_NEGATIVE, "Equity raised is within its limit"),
    "distributed": ("Owners are paid what is asked for",),
    "earnings": ("Debt is within its multiple of earnings", *LIMITS),
    "missed": (OBJECTIVE, *LIMITS),
    "opened": (SWITCH, "A gate opens in no year before its earliest"),
    "synergy_active": (SWITCH,),
    "above": ("A penalty counts wherever all its members are above their thresholds",),
    "bonus": (CASH_ENTRIES,),
    "unspent": ("Capex is within its limit and what the year before left",),
    "loss_pool": (NOT_NEGATIVE, LOSSES),
    "losses_used": (LOSSES,),
    "profitable": (LOSSES,),
    "taxed_income": ("Taxable income is not negative", CASH_ENTRIES),
    "cash": ("Cash is at or above its minimum",),
}
