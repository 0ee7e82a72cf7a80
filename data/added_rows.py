"""Rows added to a case: how a study states a rule or a limit of its own, which a change of numbers cannot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from masterplan.data.case import Case
from masterplan.data.check import check
from masterplan.data.errors import CaseError
from masterplan.data.rows import rows, rows_frame
from masterplan.data.schema import TABLE


@dataclass(frozen=True)
class Added:
    """A row that is added to a table: its cells by column, blank where not named."""

    table: str
    cells: Mapping[str, Any]

    def __str__(self) -> str:
        told = ", ".join(f"{column} {value}" for column, value in self.cells.items())
        return f"{self.table}: {told}"


def with_rows(case: Case, added: Iterable[Added]) -> Case:
    """The case with more rows, which stand in its `changes_applied`.

    Names and keys are the study's to get right: a name that no table has, or a key that is there already, is not told. Raises CaseError
    where the case then breaks a check, ValueError for a table or a column that is not known.
    """
    more = list(added)
    for row in more:
        if row.table not in TABLE or (unknown := [name for name in row.cells if name not in TABLE[row.table].column_names]):
            raise ValueError(f"{row.table}: found {unknown if row.table in TABLE else row.table!r}, which is not known")
    tables = {
        name: rows_frame(TABLE[name], [*rows(case, name), *(dict(row.cells) for row in more if row.table == name)])
        for name in dict.fromkeys(row.table for row in more)
    }
    changed = replace(case.with_tables(**tables), changes_applied=(*case.changes_applied, *(str(row) for row in more)))
    if errors := [problem for problem in check(changed) if problem.is_error]:
        raise CaseError(errors, f"The changed case {case.name}")
    return changed
