"""How the cells of a plan workbook look: colours with a meaning, number formats, and one shared style per look.

Colours say where a number comes from: blue on cream was typed in, purple on lilac was decided by the solver (or by whoever
edits the plan), black was worked out, green links lead to another sheet. `KEY` is the legend that the sheet About prints.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray

NAVY, MIST, RULE, GREY = "1F3A5F", "E4EAF2", "C9D2DE", "6B7785"
BLUE, CREAM = "0000FF", "FFF8DC"
PURPLE, LILAC = "6A1B9A", "F3E8F9"
GREEN, RED, LEAF, ROSE = "00703C", "B00020", "E3F3E6", "FBE3E4"

TABS: Mapping[str, str] = {"input": "E0A100", "decision": PURPLE, "working": "8A94A0", "output": GREEN, "check": RED}

KEY = (
    ("input", "typed in: a number of the case (sheets with an amber tab)"),
    ("decision", "decided: by the solver, or by whoever edits it; the rest of the workbook follows"),
    ("number", "a formula, worked out from the two above"),
    ("fixed", "a fact of the solve, as the bound, or of a study: a value, no formula, that does not follow edits"),
    ("link", "leads to another place"),
)


def number_format(decimals: int) -> str:
    """Thousands separated, a zero as a dash, a negative number red with its minus."""
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f'{digits};[Red]-{digits};"–"'


PERCENT = '0%;[Red]-0%;"–"'
FINE_PERCENT = '0.00%;[Red]-0.00%;"–"'
FACTOR = "0.0000"
TINY = '0.0E+00;-0.0E+00;"–"'
YEAR = "0"
YEAR_OR_NONE = '0;-0;"–"'


@dataclass(frozen=True)
class Look:
    """What a cell looks like, apart from its number format."""

    colour: str = "000000"
    fill: str = ""
    bold: bool = False
    italic: bool = False
    underline: bool = False
    size: int = 10
    align: str = ""
    indent: int = 0
    wrap: bool = False
    above: bool = False
    below: bool = False
    edge: bool = False


LOOKS: Mapping[str, Look] = {
    "plain": Look(),
    "title": Look(NAVY, bold=True, size=15),
    "subtitle": Look(GREY, italic=True),
    "passed": Look(GREEN, bold=True),
    "failed": Look(RED, bold=True),
    "link": Look(GREEN, underline=True),
    "header": Look(NAVY, MIST, bold=True, below=True),
    "header_number": Look(NAVY, MIST, bold=True, align="right", below=True),
    "header_wrapped": Look(NAVY, MIST, bold=True, align="right", wrap=True, below=True),
    "stage": Look(size=8, align="center"),
    "period": Look(GREY, size=8, align="right"),
    "small": Look(GREY, size=8),
    "header_text": Look(NAVY, MIST, bold=True, below=True, indent=1),
    "header_centred": Look(NAVY, MIST, bold=True, align="center", below=True),
    "section": Look("FFFFFF", NAVY, bold=True),
    "label": Look(),
    "strong": Look(bold=True, above=True),
    "detail": Look(GREY),
    "whole": Look(GREY, align="left"),
    "unit": Look(GREY, indent=1),
    "strong_unit": Look(bold=True, indent=1, above=True),
    "remark": Look(GREY, indent=1),
    "value": Look(align="left"),
    "wrapped": Look(wrap=True),
    "text": Look(wrap=True, indent=1),
    "place": Look(GREY, wrap=True, indent=1),
    "number": Look(align="right"),
    "total": Look(bold=True, align="right", above=True),
    "sum": Look(GREY, align="right"),
    "fixed": Look(GREY, italic=True, align="right"),
    "fixed_total": Look(GREY, bold=True, italic=True, align="right", above=True),
    "decision": Look(PURPLE, LILAC, align="right", edge=True),
    "input": Look(BLUE, CREAM, align="right", edge=True),
    "good": Look(GREEN, LEAF, bold=True),
    "bad": Look(RED, ROSE, bold=True),
    "figure_label": Look(GREY, size=9),
    "figure": Look(NAVY, bold=True, size=18, align="left"),
}


class Styles:
    """The looks of one workbook, each made once and shared by its cells: setting fonts cell by cell is ten times slower."""

    def __init__(self, workbook: Workbook) -> None:
        self._scratch = workbook.create_sheet("scratch")
        self._made: dict[tuple[str, str, bool], StyleArray] = {}
        self._workbook = workbook

    def get(self, look: str, number: str = "General", quoted: bool = False) -> StyleArray:
        """The shared style of a look with a number format (`quoted`: text that must never be read as a formula). Not to be changed."""
        key = (look, number, quoted)
        if key not in self._made:
            cell = self._scratch.cell(1, 1)
            _dress(cell, LOOKS[look])
            cell.number_format = number
            cell.quotePrefix = quoted
            self._made[key] = cell._style
            self._scratch._cells.clear()
        return self._made[key]

    def close(self) -> None:
        """Removes the sheet that the looks were tried on."""
        self._workbook.remove(self._scratch)


def _dress(cell: Any, look: Look) -> None:
    cell.font = Font(
        name="Calibri",
        size=look.size,
        bold=look.bold,
        italic=look.italic,
        color=look.colour,
        underline="single" if look.underline else None,
    )
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=look.fill)
    thin = Side(style="thin", color=RULE)
    hair = Side(style="hair", color=RULE)
    if look.edge:
        cell.border = Border(left=hair, right=hair, top=hair, bottom=hair)
    elif look.above or look.below:
        cell.border = Border(top=thin if look.above else None, bottom=thin if look.below else None)
    cell.alignment = Alignment(horizontal=_aligned(look), vertical="center", indent=look.indent, wrap_text=look.wrap or None)


def _aligned(look: Look) -> str | None:
    """An indent needs a side to count from."""
    return look.align or ("left" if look.indent else None)
