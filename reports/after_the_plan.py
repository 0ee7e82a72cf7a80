"""After the plan: what the starts of a plan are worth when it ends, and whether only that pays for them.

A start may run at a loss inside the plan and still add value, by the book value that is left of it at the end. That is sound where the
years after the plan are as good as its last ones, and should be known. Starts that were given are no choice and are left out. A
perpetuity values the last year as a whole: there nothing can be told apart by start.
"""

from __future__ import annotations

from dataclasses import dataclass

from masterplan.data.plan import Plan
from masterplan.reports.facts import Facts
from masterplan.reports.recompute import Recomputed, recompute_facts
from masterplan.reports.worth import terminal_factor

NOISE = 1e-9


@dataclass(frozen=True)
class Left:
    """What is left of a plan's own starts after its last year.

    `worth`: project -> its share of the terminal value, discounted [money]. `silent`: project -> start years of modules that have their
    first output after the last year only. `added` is the value added less all of that worth, None where one of the two is not known.
    """

    worth: dict[str, float]
    silent: dict[str, tuple[int, ...]]
    added: float | None

    @property
    def only_by_terminal(self) -> bool:
        """Would the plan be worth less than doing nothing, were its starts worth nothing after its last year?"""
        return self.added is not None and self.added < -NOISE and any(amount > NOISE for amount in self.worth.values())


def left(plan: Plan, numbers: Recomputed | None = None) -> Left:
    """What is left of the free starts of a plan; `numbers` are recomputed where they are not given."""
    facts = Facts(plan)
    free = [vintage for vintage in facts.vintages if (vintage.project, vintage.start) not in set(plan.case.keys("given_starts"))]
    project_of = {f"{vintage.project} {vintage.start}{more}": vintage.project for vintage in free for more in ("", ", tax still saved")}
    worth: dict[str, float] = {}
    is_book_value = plan.case.setting("terminal_value") == "book_value"
    if is_book_value:
        rows = (recompute_facts(facts) if numbers is None else numbers).terminal
        for item, amount in zip(rows["item"], rows["amount"], strict=True):
            if item in project_of:
                worth[project_of[item]] = worth.get(project_of[item], 0.0) + float(amount) * terminal_factor(facts)
    silent: dict[str, tuple[int, ...]] = {}
    for vintage in free:
        if vintage.first_output > plan.case.last_year and vintage.activity is not None:
            silent[vintage.project] = (*silent.get(vintage.project, ()), vintage.start)
    counts = is_book_value and plan.case.setting("objective") != "final_cash" and plan.value_added is not None
    return Left(worth, silent, (plan.value_added or 0.0) - sum(worth.values()) if counts else None)


def sentences(found: Left, money: str) -> list[str]:
    """What a planner should know of it; empty where the plan pays for itself inside its years."""
    told = []
    if found.only_by_terminal and found.added is not None:
        worth = f"{sum(found.worth.values()):,.4g} {money}"
        told.append(
            f"The starts pay only through the terminal value: without the {worth} that they are worth after the last year, the plan would"
            f" be worth {-found.added:,.4g} {money} less than doing nothing."
        )
    for project, years in found.silent.items():
        begun = ", ".join(str(year) for year in sorted(years))
        told.append(f"{project} started in {begun} has no output inside the plan: only the terminal value or a rule speaks for it.")
    return told
