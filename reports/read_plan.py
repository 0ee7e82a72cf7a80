"""Reading a plan workbook back: the case from its tables, the decisions from their sheets, what the solver claimed from RunLog and Data.

Decisions are taken as they stand on their sheets. Where they, or the tables, were edited since the solve, what the solver said about
the plan no longer holds: results and gap are left out, with edited tables the bound and the do-nothing plan too, and the objective is
the recomputed one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast, get_args

import pandas as pd

from masterplan.data.case import Case
from masterplan.data.errors import CaseError, Problem
from masterplan.data.guard import sheet_names
from masterplan.data.plan import DECISIONS, RESULTS, Plan, Status, Stopped
from masterplan.data.read import read_case
from masterplan.data.sheets import Rows, sheet_rows
from masterplan.reports import run_log, tidy
from masterplan.reports.read_decisions import read_decision
from masterplan.reports.recompute import recompute
from masterplan.reports.sheets import DECIDED, RARE
from masterplan.reports.tidy import Kind
from masterplan.reports.timeline import HEADER_ROW

SAME = 1e-9  # relative difference below which an edited number is the number as solved
TOLD = 5


def read_plan(path: str | Path) -> Plan:
    """The plan of a workbook that `write_workbook` wrote, perhaps edited since; `message` says what was edited.

    Raises CaseError with every problem of the case tables, or else of the decision sheets (with sheet and cell).
    """
    file = Path(path)
    if not file.is_file():
        problem = Problem("F001", found=repr(str(path)), allowed="which is no file", fix="Give the name of a plan workbook")
        raise CaseError([problem], file.name)
    decided, listed = {report.SHEET for report in DECIDED}, {tidy.SHEET, run_log.SHEET}
    case, problems = read_case(file)
    errors = [problem for problem in problems if problem.is_error or problem.code.startswith("F")]
    is_workbook = not any(problem.code.startswith("F") for problem in errors)
    if is_workbook and not decided & set(sheet_names(file)):
        fix = "Give a workbook that `masterplan solve -o` wrote"
        raise CaseError([Problem("E801", found=repr(file.name), allowed="which is the workbook of no plan", fix=fix)], file.name)
    if case is None or errors:
        raise CaseError(errors, file.name)
    sheets = sheet_rows(file, decided.__contains__, lambda name: name.split("_")[0] in listed)  # `Data_2` goes on from `Data`
    frames, problems_found = _decisions(sheets, case)
    log, more = _log(sheets.get(run_log.SHEET, []))
    if problems_found or more:
        raise CaseError([*problems_found, *more], file.name)
    case = _identity(case, log)
    return _plan(case, frames, log, _data(sheets))


def _decisions(sheets: Mapping[str, Rows], case: Case) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Every decision frame; a sheet that only some plans have may be missing."""
    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for report in DECIDED:
        decision = report.DECISION
        frames[decision.frame] = pd.DataFrame(columns=list(DECISIONS[decision.frame]))
        if report.SHEET in sheets:
            frames[decision.frame], found = read_decision(sheets[report.SHEET], decision, report.HEADS, case)
            problems += found
        elif report not in RARE:
            fix = "Give a workbook that `masterplan solve -o` wrote, with this sheet in it"
            problems.append(Problem("E801", found="no such sheet", allowed=f"a plan workbook has the sheet {report.SHEET}", fix=fix))
    return frames, problems


def _log(rows: Rows) -> tuple[dict[str, list[Any]], list[Problem]]:
    """name -> values of the run log, and what cannot be read of the claims."""
    found: dict[str, list[Any]] = {}
    problems: list[Problem] = []
    for number, cells in rows:
        if number <= HEADER_ROW or len(cells) < 2 or cells[0] is None or cells[1] is None:
            continue
        name, value = str(cells[0]), cells[1]
        allowed = _misread(name, value)
        if allowed:
            fix = "Write the plan again" + (" with this version of masterplan" if name == "layout" else ", or delete the row")
            problems.append(Problem("E807", "RunLog", name, found=repr(value), allowed=allowed, fix=fix, sheet="RunLog", cell=f"B{number}"))
        else:
            found.setdefault(name, []).append(value)
    return found, problems


def _misread(name: str, value: object) -> str:
    """What a claim of the run log should have been, or nothing where it is."""
    if name == "layout" and value != run_log.LAYOUT:
        return f"this program reads plans of the layout {run_log.LAYOUT}"
    if name in run_log.NUMBERS and (isinstance(value, bool) or not isinstance(value, int | float)):
        return f"{name} is a number"
    allowed = {"status": get_args(Status), "stopped_because": get_args(Stopped)}.get(name)
    return f"{name} is one of {', '.join(allowed)}" if allowed and value not in allowed else ""


def _identity(case: Case, log: Mapping[str, list[Any]]) -> Case:
    """The case under the name, scenarios and changes that it was solved with."""
    return replace(
        case,
        name=str(log.get("case", [case.name])[0]),
        scenarios_applied=tuple(str(name) for name in log.get("scenario", [])),
        changes_applied=tuple(str(change) for change in log.get("change", [])),
    )


def _data(sheets: Mapping[str, Rows]) -> list[tuple[Any, ...]]:
    """The rows of the sheet Data (and Data_2, …) as (entity_type, metric, entity, unit, year, value), those with a number."""
    last = len(tidy.COLUMNS) - 1
    rows = [row for name, rows in sheets.items() if name.split("_")[0] == tidy.SHEET for row in rows]
    return [cells[1 : last + 1] for number, cells in rows if number > HEADER_ROW and len(cells) > last and _is_number(cells[last])]


def _plan(case: Case, frames: dict[str, pd.DataFrame], log: Mapping[str, list[Any]], data: list[tuple[Any, ...]]) -> Plan:
    """The plan as the workbook claims it, or as it stands where it was edited."""
    claims = {name: float(log[name][0]) for name in run_log.NUMBERS if name in log}
    texts = {name: str(log[name][0]) for name in run_log.TEXTS if name in log}
    results = {kind.frame: _from_data(data, kind, RESULTS[kind.frame]) for kind in tidy.WORKED_OUT}
    results["kpis"] = pd.DataFrame([(row[1], row[5], row[3] or "") for row in data if row[0] == tidy.KPI], columns=list(RESULTS["kpis"]))
    parts: dict[str, Any] = {**claims, **frames, **results}
    plan = Plan(
        case,
        cast(Status, texts.get("status", "feasible")),
        cast(Stopped, texts.get("stopped_because", "proof")),
        **parts,
        message=texts.get("message", ""),
        run=run_log.nested({name.removeprefix("run."): values[0] for name, values in log.items() if name.startswith("run.")}),
        extra_entries=tuple(str(name) for name in log.get("extra_entry", [])),
    )
    tables_edited, edits = log.get("input_hash", [""])[0] != case.input_hash, _edits(frames, data)
    return _as_it_stands(plan, edits, tables_edited) if tables_edited or edits else plan


def _as_it_stands(plan: Plan, edits: list[str], tables_edited: bool) -> Plan:
    """An edited plan: no claims of the solver but, for unedited tables, the bound and the do-nothing plan; its value as recomputed."""
    empty: dict[str, Any] = {name: pd.DataFrame(columns=list(columns)) for name, columns in RESULTS.items()}
    proven: dict[str, Any] = {"bound": None, "do_nothing": None} if tables_edited else {}
    bare = replace(plan, status="feasible", gap=None, gap_money=None, message=_edited(plan, edits, tables_edited), **empty, **proven)
    totals = recompute(bare).totals
    return replace(bare, objective=totals["objective"], npv=totals["npv"], npv_without_terminal=totals["npv_without_terminal"])


def _edits(frames: Mapping[str, pd.DataFrame], data: list[tuple[Any, ...]]) -> list[str]:
    """Where the decision sheets differ from the decisions as solved, one text per number."""
    edits = []
    for kind in tidy.DECIDED:
        now, then = (_numbers(frame) for frame in (frames[kind.frame], _from_data(data, kind, DECISIONS[kind.frame])))
        for key in [*now, *(key for key in then if key not in now)]:
            new, old = now.get(key, 0.0), then.get(key, 0.0)
            if abs(new - old) > SAME * max(1.0, abs(old)):
                edits.append(f"{kind.frame} {' '.join(str(part) for part in key)} from {old:g} to {new:g}")
    return edits


def _edited(plan: Plan, edits: list[str], tables: bool) -> str:
    told = "; ".join(edits[:TOLD]) + (f"; and {len(edits) - TOLD} more" if len(edits) > TOLD else "")
    left_out = f" Left out: the entries {', '.join(plan.extra_entries)} of the caller's own blocks." if plan.extra_entries else ""
    parts = [*(["the tables of the case"] if tables else []), *([told] if told else [])]
    return f"Edited since the solve: {', and '.join(parts)}.{left_out}"


def _numbers(frame: pd.DataFrame) -> dict[tuple[Any, ...], float]:
    columns = [frame[name].tolist() for name in frame.columns]
    return {tuple(key): float(value) for *key, value in zip(*columns, strict=True)}


def _from_data(data: list[tuple[Any, ...]], kind: Kind, columns: tuple[str, ...]) -> pd.DataFrame:
    """A frame of the plan from the tidy rows: keys in the order of `columns`, the number last."""
    rows = []
    for entity_type, metric, entity, _, year, value in data:
        if entity_type != kind.entity_type or (kind.metric and metric != kind.metric):
            continue
        parts = str(entity or "").rsplit("/", len(kind.entity) - 1) if kind.entity else []
        named = dict(zip(kind.entity, parts, strict=False)) | {"entry": metric, "year": year}
        key = [int(named[name]) if name in ("year", "start_year", "tier") else str(named[name]) for name in columns[:-1]]
        rows.append((*key, float(value)))
    return pd.DataFrame(rows, columns=list(columns))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
