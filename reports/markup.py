"""Markup: HTML and SVG from pieces. Text is escaped unless it is `Markup` already, so that a name from a table can never become code."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable

from masterplan.data.files import safe_text

Value = str | int | float | bool | None
MINUS = "−"


class Markup(str):
    """Text that is markup already: made by `tag` and `joined`, or written by hand in this package; never text of a case."""

    __slots__ = ()


def escape(text: object) -> Markup:
    """Any text as it is to be read: characters with a meaning in HTML are written out, control characters left out."""
    return Markup(html.escape(safe_text(text), quote=True))


def joined(parts: Iterable[str], between: str = "") -> Markup:
    """The pieces one after the other, each escaped unless it is Markup."""
    return Markup(between.join(part if isinstance(part, Markup) else escape(part) for part in parts))


def tag(name: str, /, *content: str, **attributes: Value) -> Markup:
    """An element. `class_` is `class`, other underscores are hyphens; an attribute that is None or False is left out, True has no value."""
    written = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None and value is not False)
    return Markup(f"<{name}{written}>{joined(content)}</{name}>")


def empty(name: str, /, **attributes: Value) -> Markup:
    """An element of HTML that has no content and no end, as `input`."""
    written = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None and value is not False)
    return Markup(f"<{name}{written}>")


def amount(value: float | None, digits: int = 4) -> str:
    """A number for people, with about so many digits that say something; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    told = f"{abs(value):,.{min(decimals, 8)}f}"
    told = told.rstrip("0").rstrip(".") if "." in told else told
    return f"{MINUS}{told}" if value < 0 and told != "0" else told


def percent(share: float | None, digits: int = 0) -> str:
    """A share as percent; a dash where there is none."""
    return "–" if share is None or not math.isfinite(share) else f"{share:.{digits}%}".replace("-", MINUS)


def nearly(share: float) -> str:
    """A share of what there is: all of it is 100%, and nothing less is."""
    return ">99%" if 0.995 <= share < 1 - 1e-6 else percent(share)


def _attribute(key: str, value: Value) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return f' {name}="{escape(place(value) if isinstance(value, float) else value)}"'


def place(value: float) -> str:
    """A coordinate with two decimals at most."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is no place on a drawing")
    return f"{value + 0.0:.2f}".rstrip("0").rstrip(".") if abs(value) >= 0.005 else "0"
