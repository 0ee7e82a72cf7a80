"""Pages of the plan workbook: every cell goes through `put`, every page has the same five header rows.

Row 1 title, row 2 what the page shows, row 3 the audit in words and a link to the index, row 4 money and periods, row 5 column names.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from masterplan.data.files import looks_like_formula, safe_text
from masterplan.data.sheet_xml import Formula
from masterplan.data.template import put
from masterplan.reports.style import RED, TABS, Styles
from masterplan.reports.timeline import HEADER_ROW

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
FIRST_PAGE, WIDE = 28, 110  # rows of a page, characters that fill a page across


@dataclass(frozen=True)
class Banner:
    """What every page says in rows 3 and 4 and in its margins; `formula` gives the verdict where the workbook works it out."""

    passed: bool
    verdict: str
    money: str
    run: str
    formula: str = ""


@dataclass(frozen=True)
class Page:
    """A sheet that is being written."""

    sheet: Worksheet
    styles: Styles

    def put(self, row: int, column: int, value: object, look: str = "plain", number: str = "General") -> None:
        """Write one cell: a finite number, a text that stays text, or nothing. `formula` puts a formula over it.

        Raises ValueError for a number that is not finite, a place outside the sheet, or a value of another type.
        """
        if row > LAST_ROW or column > LAST_COLUMN:
            raise ValueError(f"{self.sheet.title}: row {row}, column {column} is outside an Excel sheet")
        if isinstance(value, str):
            value = safe_text(value) or None
        elif value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value)):
            raise ValueError(f"{self._place(row, column)}: {value!r} is not a finite number or a text")
        cell = self.sheet.cell(row, column)
        cell._style = self.styles.get(look, number, quoted=isinstance(value, str) and looks_like_formula(value))
        put(cell, value)

    def formula(self, row: int, column: int, text: str, value: float | str) -> None:
        """Put a formula (without its equals sign) into a cell that is written already, with the value that it gives.

        Raises ValueError for a value that is not finite: a formula never stands without the number that the file shows.
        """
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{self._place(row, column)}: the formula {text} has no value")
        cell = self.sheet.cell(row, column)
        cell._value, cell.data_type = Formula(f"={text}", safe_text(value) if isinstance(value, str) else value), "f"

    def _place(self, row: int, column: int) -> str:
        return f"{self.sheet.title}!{get_column_letter(column)}{row}"

    def look(self, row: int, column: int, look: str) -> None:
        """Change the look of a cell that is written already; its number format stays."""
        cell = self.sheet.cell(row, column)
        cell._style = self.styles.get(look, cell.number_format)

    def is_number(self, row: int, column: int) -> bool:
        """Does a number stand in the cell?"""
        return isinstance(self.sheet.cell(row, column).value, int | float)

    def number_at(self, row: int, column: int) -> float:
        """The number of a cell that is written already: its own, or that of its formula."""
        written = self.sheet.cell(row, column)._value
        value: Any = written.value if isinstance(written, Formula) else written
        return float(value)

    def link(self, row: int, column: int, text: str, sheet: str, cell: str = "A1", look: str = "link") -> None:
        """Write a text that leads to a cell of the workbook."""
        self.put(row, column, text, look)
        place = f"{get_column_letter(column)}{row}"
        quoted = sheet.replace("'", "''")
        target = self.sheet.cell(row, column)
        target._hyperlink = Hyperlink(ref=place, location=f"'{quoted}'!{cell}", display=safe_text(text))
        self.sheet._hyperlinks.append(target._hyperlink)

    def head(self, title: str, subtitle: str, banner: Banner, tab: str) -> None:
        """The first four rows and the colour of the tab."""
        self.put(1, 1, title, "title")
        self.put(2, 1, subtitle, "subtitle")
        self.verdict(banner)
        if self.sheet.title != "About":
            self.link(3, 7, "Index", "About")
        self.put(4, 1, f"Money in {banner.money}", "small")
        self.sheet.sheet_properties.tabColor = TABS[tab]

    def verdict(self, banner: Banner) -> None:
        """Row 3: do all checks hold? Red where a formula says that they do not."""
        self.put(3, 1, banner.verdict, "passed" if banner.passed else "failed")
        if banner.formula:
            self.formula(3, 1, banner.formula, banner.verdict)
            failed = FormulaRule(formula=['LEFT($A$3,1)="✗"'], font=Font(color=RED, bold=True))
            self.sheet.conditional_formatting.add("A3", failed)

    def print_setup(self, banner: Banner, columns: int, freeze: str) -> None:
        """A4, upright where columns are few, one page wide, header rows and margins on every page; what stays in view."""
        sheet = self.sheet
        sheet.freeze_panes = freeze
        sheet.sheet_view.showGridLines = False
        sheet.sheet_view.zoomScale = 90
        width = sum(sheet.column_dimensions[get_column_letter(column)].width for column in range(1, columns + 1))
        sheet.page_setup.orientation = "landscape" if width > WIDE else "portrait"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = f"1:{HEADER_ROW}"
        sheet.print_area = f"A1:{get_column_letter(columns)}{max(sheet.max_row, HEADER_ROW)}"
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.page_margins.top = sheet.page_margins.bottom = 0.8
        sheet.page_margins.header = sheet.page_margins.footer = 0.35
        self.margins(banner)

    def margins(self, banner: Banner) -> None:
        """Which run, which sheet and which page, in the margins of print."""
        self.sheet.oddHeader.right.text = _margin(banner.run)
        self.sheet.oddFooter.left.text = _margin(self.sheet.title)
        self.sheet.oddFooter.right.text = "Page &P of &N"

    def on_one_page(self) -> None:
        """Prints the whole sheet on one upright page."""
        self.sheet.page_setup.orientation, self.sheet.page_setup.fitToHeight = "portrait", 1

    def print_first_page(self) -> None:
        """Prints the first page only: a list for programs would fill a binder."""
        columns = self.sheet.print_area.split(":")[1].replace("$", "").rstrip("0123456789")
        self.sheet.print_area = f"A1:{columns}{min(self.sheet.max_row, FIRST_PAGE)}"

    def widths(self, widths: Sequence[float]) -> None:
        """Column widths from column A on, in characters."""
        for column, width in enumerate(widths, start=1):
            self.sheet.column_dimensions[get_column_letter(column)].width = width


def width_of(values: Sequence[Any], least: float = 2, most: float = 34) -> float:
    """A column width that shows these texts, within limits."""
    longest = max((len(str(value)) for value in values if value is not None), default=0)
    return min(most, max(least, longest * 1.1 + 2 if longest else 0))


def _margin(text: str) -> str:
    return safe_text(text).replace("&", "&&")[:200]
