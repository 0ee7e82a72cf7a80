"""Values: raw tables turned into normalised frames, cell by cell; every fault is told with its place."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from masterplan.data.cells import CellFault, UnitUnknown, plain, read_number, read_text
from masterplan.data.grid import Findings, RawTable, is_blank
from masterplan.data.names import listed, meant, tidy
from masterplan.data.rows import key_text
from masterplan.data.schema import SCHEMA_VERSION, SETTING, SETTINGS, TABLE, TABLES, Column, Table

Cells = dict[str, list[Any]]


@dataclass
class Values:
    """What the tables say: per table and column a list of cells (text or None, number or NaN), and which cells were faulty."""

    raws: dict[str, RawTable]
    findings: Findings
    unsure: set[str]
    columns: dict[str, Cells] = field(default_factory=dict)
    faulty: set[tuple[str, int, str]] = field(default_factory=set)
    settings: dict[str, Any] = field(default_factory=dict)
    settings_rows: dict[str, int] = field(default_factory=dict)

    def key(self, table: str, row: int) -> str:
        """The key of a row in words."""
        raw = self.raws[table]
        return key_text(table, tuple(_part(raw.table.column(name), raw.raw(row, name)) for name in raw.table.key)) if raw.table.key else ""

    def tell(self, fault: CellFault, table: str, row: int, column: str, key: str | None = None) -> None:
        """Take in what is wrong with a cell."""
        place = self.raws[table].place(row, column, self.key(table, row) if key is None else key)
        cause = (fault.code, table, key, column, fault.found)
        self.findings.add(replace(place, code=fault.code, found=fault.found, allowed=fault.allowed, fix=fault.fix), cause)
        self.faulty.add((table, row, column))

    def frames(self) -> dict[str, pd.DataFrame]:
        """Every table of the schema as a normalised frame."""
        return {table.name: _frame(table, self.columns.get(table.name, {})) for table in TABLES}


def read_values(raws: dict[str, RawTable], unsure: set[str], findings: Findings) -> Values:
    """The values of all tables: texts first, since the unit of a number may hang on them."""
    values = Values(raws, findings, unsure)
    if "settings" in raws:
        _read_settings(values)
    others = [raw for name, raw in raws.items() if name != "settings"]
    for raw in others:
        values.columns[raw.table.name] = {column: _texts(values, raw, column) for column in _text_columns(raw.table)}
    units = _Units(values)
    for raw in others:
        for name in raw.table.column_names:
            if raw.table.column(name).is_number:
                values.columns[raw.table.name][name] = _numbers(values, raw, name, units)
    return values


def _text_columns(table: Table) -> list[str]:
    return [name for name in table.column_names if not table.column(name).is_number]


def _texts(values: Values, raw: RawTable, name: str) -> list[str | None]:
    column, table = raw.table.column(name), raw.table
    found: list[str | None] = []
    for row in range(len(raw.rows)):
        try:
            found.append(read_text(column, raw.raw(row, name)))
        except CellFault as fault:
            values.tell(fault, table.name, row, name)
            found.append(tidy(str(raw.raw(row, name))) if fault.code == "E108" else None)
            if table.key and name == table.key[0] and fault.code != "E108":
                values.unsure.add(table.name)
    return found


def _numbers(values: Values, raw: RawTable, name: str, units: _Units) -> list[float]:
    column, table = raw.table.column(name), raw.table.name
    plain_text = raw.grid.source != "workbook"
    found: list[float] = []
    for row in range(len(raw.rows)):
        number = math.nan
        try:
            number = read_number(column, raw.raw(row, name), lambda row=row: units.unit(table, column, row), plain_text)  # type: ignore[misc]
        except CellFault as fault:
            values.tell(fault, table, row, name)
        except UnitUnknown:
            values.faulty.add((table, row, name))
        found.append(number)
    return found


class _Units:
    """The unit that a number of a row is in: the words of `Column.unit`, filled in from the row's resource or activity."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._attributes: dict[tuple[str, str], dict[str, str]] = {}

    def unit(self, table: str, column: Column, row: int) -> str:
        """The unit in words, empty where the column has none. Raises UnitUnknown where what it hangs on is wrong itself."""
        words = {"year": "year", "module": "module", "fraction": "fraction"}
        found = []
        for word in column.unit.split(" / ") if column.unit else []:
            found.append(words.get(word) or (self._money() if word == "money" else self._of(word, table, row)))
        return " / ".join(found)

    def _money(self) -> str:
        return str(self._values.settings.get("money_unit") or SETTING["money_unit"].default)

    def _of(self, word: str, table: str, row: int) -> str:
        """The unit of the resource or activity that the row names."""
        owner = {"resource": "resources", "activity": "activities"}[word]
        name = self._values.key(table, row) if table == owner else self._named(word, table, row)
        unit = self._attribute(owner, "unit").get(name or "")
        if unit is None:
            raise UnitUnknown(f"{word} {name}")
        return unit

    def _named(self, word: str, table: str, row: int) -> str | None:
        declared = TABLE[table]
        column = next(name for name in (word, f"from_{word}") if name in declared.column_names)
        if column in declared.key:
            return str(self._values.columns[table][column][row])
        return self._attribute(table, column).get(self._values.key(table, row))

    def _attribute(self, table: str, column: str) -> dict[str, str]:
        if (table, column) not in self._attributes:
            stated = self._values.columns.get(table, {}).get(column, [])
            keys = [self._values.key(table, row) for row in range(len(stated))]
            self._attributes[table, column] = {key: value for key, value in zip(keys, stated, strict=True) if value is not None}
        return self._attributes[table, column]


def _read_settings(values: Values) -> None:
    """The settings, each typed by its own declaration; rows without a value say nothing."""
    raw = values.raws["settings"]
    rows = [(row, tidy(str(raw.raw(row, "setting")))) for row in range(len(raw.rows)) if not is_blank(raw.raw(row, "setting"))]
    for row, name in sorted(rows, key=lambda item: item[1] != "money_unit"):
        if is_blank(raw.raw(row, "value")) or name.casefold().startswith("note"):
            continue
        if name not in SETTING:
            unused = [setting for setting in SETTING if setting not in {other for _, other in rows}]
            fix = meant(name, unused, f"Use one of: {listed(SETTING, 20)}")
            values.tell(CellFault("E109", repr(name), "which is no setting", fix), "settings", row, "setting", key=name)
        elif name in values.settings_rows:
            fault = CellFault("E110", f"the setting {name} twice", "a setting is stated once", "Delete one of the rows")
            values.tell(fault, "settings", row, "setting", key=name)
        else:
            values.settings_rows[name] = row
            _read_setting(values, raw, row, SETTING[name])
    _missing_settings(values, {name for _, name in rows})
    stated = [name for _, name in rows if values.settings.get(name) is not None]
    stated = list(dict.fromkeys(stated))
    values.columns["settings"] = {"setting": stated, "value": [values.settings[name] for name in stated]}


def _read_setting(values: Values, raw: RawTable, row: int, column: Column) -> None:
    cell = raw.raw(row, "value")
    unit = {"money": str(values.settings.get("money_unit") or SETTING["money_unit"].default)}.get(column.unit, column.unit)
    try:
        if column.is_number:
            values.settings[column.name] = read_number(column, cell, lambda: unit, raw.grid.source != "workbook")
        else:
            values.settings[column.name] = read_text(column, cell)
        _refuse_newer(column, values.settings[column.name])
    except CellFault as fault:
        values.tell(fault, "settings", row, "value", key=column.name)


def _refuse_newer(column: Column, value: Any) -> None:
    if column.name == "schema_version" and value is not None and value > SCHEMA_VERSION:
        fix = "Read it with a newer version of masterplan"
        raise CellFault("E010", f"version {plain(value)}", f"this program knows tables up to version {SCHEMA_VERSION}", fix)


def _missing_settings(values: Values, named: set[str]) -> None:
    """Tell required settings that have no value, unless a misspelt or faulty one explains it."""
    if "settings" in values.unsure:
        return
    missing = [column for column in SETTINGS if column.is_required and column.name not in values.settings_rows]
    misspelt = [name for name in named if name not in SETTING]
    for column in missing:
        if any(meant(name, [column.name], "") for name in misspelt):
            continue
        raw = values.raws["settings"]
        row = next((row for row in range(len(raw.rows)) if tidy(str(raw.raw(row, "setting"))) == column.name), None)
        place = raw.place(row, "value" if row is not None else "setting", column.name)
        fix = f"Add the row {column.name}: {column.meaning}" if row is None else f"Fill it in: {column.meaning}"
        values.findings.add(
            replace(place, code="E101", column="value", allowed=f"the setting {column.name} has no value", fix=fix), ("E101", column.name)
        )


def _part(column: Column, raw: Any) -> Any:
    """A part of a key as its message shows it."""
    if is_blank(raw):
        return column.default if isinstance(column.default, str | int) else None
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return int(raw) if column.kind == "whole" and float(raw).is_integer() else plain(raw)
    text = tidy(str(raw))
    return int(text) if column.kind == "whole" and text.isascii() and text.isdigit() else text


def _frame(table: Table, columns: Cells) -> pd.DataFrame:
    """A frame with exactly the columns of the table: numbers as float64, texts as object with None."""
    series: dict[str, pd.Series[Any]] = {}
    for name in table.column_names:
        series[name] = pd.Series(columns.get(name, []), dtype="float64" if table.column(name).is_number else object)
    return pd.DataFrame(series)
