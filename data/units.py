"""Units: quantities such as `1.5 GWh` or `200 USD/kg`, turned into the unit of a column. Nothing is evaluated."""

from __future__ import annotations

import re
from functools import lru_cache
from tokenize import TokenError
from typing import Any

CURRENCIES = ("USD", "EUR", "GBP", "JPY", "CNY")
LONGEST_UNIT = 60

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_QUANTITY = re.compile(rf"({_NUMBER})[ \u00a0]*((?![xX]\d|[eE][+-]?\d)[^\W\d_][^\n]*|[%$€£¥][^\n]*)")
_PLAIN_NUMBER = re.compile(_NUMBER)
_WORD = r"(?:[^\W\d_]+[0-9]?|%|1)(?:(?:\*\*|\^)-?[1-4])?"
_PINT_UNIT = re.compile(rf"{_WORD}(?:(?: / | ?\* ?| ){_WORD})*")
_MULTIPLES = {
    "k": 1e3,
    "thousand": 1e3,
    "M": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "B": 1e9,
    "bn": 1e9,
    "billion": 1e9,
    "T": 1e12,
    "tn": 1e12,
    "trillion": 1e12,
}
_DEFINITIONS = (
    *(f"{currency} = [{currency.lower()}]" for currency in CURRENCIES),
    "thousand = 1e3",
    "million = 1e6",
    "billion = 1e9",
    "trillion = 1e12",
    "module = []",
    "fraction = []",
    "kilotonne = 1e3 * metric_ton = kt",  # to pint alone, kt is a knot
)
_SYMBOLS = {"US$": "USD", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_MONEY = re.compile(rf"(?<![A-Za-z])(k|M|mn|B|bn|T|tn)? ?(US\$|[$€£¥]|(?:{'|'.join(CURRENCIES)})(?![A-Za-z]))")
_MULTIPLE_FIRST = re.compile(rf"({'|'.join(_MULTIPLES)}) (?=\S)")
_MEANING = {"k": "thousand", "M": "million", "mn": "million", "B": "billion", "bn": "billion", "T": "trillion", "tn": "trillion"}


class UnitError(ValueError):
    """A unit that is not known, or not of the wanted kind."""


def parse_number(text: str) -> float | None:
    """The number of a text that is nothing but a plain number (sign, digits, point, exponent), else None."""
    return float(text) if _PLAIN_NUMBER.fullmatch(text) else None


def parse_quantity(text: str) -> tuple[float, str] | None:
    """The number and the unit of a text such as `1.5 GWh`; None if it is anything else.

    The exponent needs a digit (`3 E` is three of a unit `E`); the unit begins with a letter, a percent or a currency sign.
    """
    found = _QUANTITY.fullmatch(text.strip())
    if not found or len(found.group(2)) > LONGEST_UNIT:
        return None
    return float(found.group(1)), found.group(2).strip()


def convert(number: float, unit: str, target: str) -> float:
    """The number in the target unit.

    A target that pint does not know (`k wafers`) accepts its own words only, with `k`, `million` and the like in front of them.
    Raises UnitError if the unit is unknown or measures something else.
    """
    given, wanted = _tidy(unit), _tidy(target)
    if given == wanted:
        return number
    return float(f"{number * _factor(given, wanted, unit, target):.15g}")


@lru_cache(maxsize=4096)
def _factor(given: str, wanted: str, unit: str, target: str) -> float:
    if _known(given) and _known(wanted):
        return _pint_factor(given, wanted, unit, target)
    parts, wanted_parts = _parts(given), _parts(wanted)
    if len(parts) != len(wanted_parts):
        raise UnitError(f"the unit {unit!r} does not fit {target!r}")
    factor = 1.0
    for place, (part, wanted_part) in enumerate(zip(parts, wanted_parts, strict=True)):
        one = _part_factor(part, wanted_part, unit, target)
        factor = factor / one if place else factor * one
    return factor


def _part_factor(part: str, wanted: str, unit: str, target: str) -> float:
    """How many of the wanted part is one of this part: words that pint does not know must be the same, but for multiples."""
    if part == wanted:
        return 1.0
    (multiple, words), (wanted_multiple, wanted_words) = _multiple(part), _multiple(wanted)
    if words == wanted_words:
        return multiple / wanted_multiple
    for text in (part, wanted):
        if not _known(text):
            raise UnitError(f"the unit {text!r} is not known, so {unit!r} cannot be turned into {target!r}")
    return _pint_factor(part, wanted, unit, target)


def _pint_factor(given: str, wanted: str, unit: str, target: str) -> float:
    import pint

    units = _registry()
    try:
        return float(units.Quantity(1.0, units.parse_units(given)).to(units.parse_units(wanted)).magnitude)
    except pint.PintError as error:
        raise UnitError(f"the unit {unit!r} does not measure the same as {target!r}") from error


@lru_cache(maxsize=4096)
def _known(unit: str) -> bool:
    """Does pint know every word of the unit? Only words, `*`, `/` and small powers are ever handed to it."""
    import pint

    if not _PINT_UNIT.fullmatch(unit) or len(unit) > LONGEST_UNIT * 3:
        return False
    try:
        return bool(_registry().parse_units(unit) is not None)
    except (pint.PintError, TokenError, ValueError, TypeError, SyntaxError, AttributeError):
        return False


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    units = pint.UnitRegistry()
    for definition in _DEFINITIONS:
        units.define(definition)
    return units


def _tidy(unit: str) -> str:
    """One spelling for spaces, currency signs and multiples of money: `M$ / kg` and `million USD/kg` are the same."""
    text = " ".join(unit.replace("\u00a0", " ").replace("²", "^2").replace("³", "^3").split())
    text = " / ".join(part.strip() for part in text.split("/"))
    text = _MONEY.sub(lambda found: f"{_MEANING.get(found.group(1), '')} {_SYMBOLS.get(found.group(2), found.group(2))}".strip(), text)
    return _MULTIPLE_FIRST.sub(lambda found: f"{_MEANING.get(found.group(1), found.group(1))} ", text)


def _parts(unit: str) -> list[str]:
    """Numerator and denominators; a module or a fraction is a bare count and may be left out."""
    first, *others = [part.strip() for part in unit.split(" / ")]
    return [first, *(part for part in others if part not in ("module", "fraction"))]


def _multiple(part: str) -> tuple[float, str]:
    word, _, rest = part.partition(" ")
    return (_MULTIPLES[word], rest) if rest and word in _MULTIPLES else (1.0, part)
