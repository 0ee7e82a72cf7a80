"""Quantities are read by a strict expression and converted by pint; nothing else is parsed, nothing evaluated."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masterplan.data.units import UnitError, convert, parse_number, parse_quantity


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("1.5 GWh", 1.5, "GWh"),
        ("200 USD/kg", 200.0, "USD/kg"),
        ("-3e2 t", -300.0, "t"),
        ("8%", 8.0, "%"),
        (".5 million USD / module", 0.5, "million USD / module"),
        ("3 E", 3.0, "E"),
        ("12 $/kg", 12.0, "$/kg"),
    ],
)
def test_quantity_is_number_and_unit(text: str, number: float, unit: str) -> None:
    assert parse_quantity(text) == (number, unit)


@pytest.mark.parametrize(
    "text", ["", "GWh", "1,5 GWh", "1.5", "1..5 kg", "1.5 =kg", "0x10 kg", "1_000 kg", "inf kg", "1 \nkg", "0E0", "1e5", "5 " + "k" * 61]
)
def test_anything_else_is_no_quantity(text: str) -> None:
    assert parse_quantity(text) is None


@settings(deadline=None)
@given(st.text(max_size=30))
def test_no_text_breaks_the_parser(text: str) -> None:
    quantity = parse_quantity(text)

    assert quantity is None or isinstance(quantity[0], float)
    assert parse_number(text) is None or quantity is None


@settings(deadline=None)  # the first unit loads pint
@given(st.text(alphabet="GWhkgtUSDmiol / *()^-1234%", max_size=20), st.sampled_from(["GWh", "billion USD / kt", "k wafers", "fraction"]))
def test_no_unit_breaks_the_conversion(unit: str, target: str) -> None:
    with suppress(UnitError):
        assert isinstance(convert(1.0, unit, target), float)


@settings(deadline=None)
@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=1e-6, max_value=1e12),
    st.sampled_from(["GWh", "kg", "billion USD", "k wafers"]),
)
def test_quantity_survives_being_written(number: float, unit: str) -> None:
    assert parse_quantity(f"{number!r} {unit}") == (number, unit)
    assert convert(number, unit, unit) == number


@pytest.mark.parametrize(
    ("number", "unit", "target", "expected"),
    [
        (1500, "MWh", "GWh", 1.5),
        (500, "million USD", "billion USD", 0.5),
        (500, "M$", "billion USD", 0.5),
        (500, "MUSD", "billion USD", 0.5),
        (2, "B USD", "million USD", 2000),
        (200, "USD/kg", "billion USD / kilotonne", 0.2),
        (8, "%", "fraction", 0.08),
        (18, "month", "year", 1.5),
        (5, "billion USD", "billion USD / module", 5),
        (3, "GW / module", "MW / module", 3000),
        (7, "k wafers", "k wafers", 7),
        (7, "M robots", "k robots", 7000),
        (7, "million robots", "M robots", 7),
        (90, "USD / k wafers", "million USD / k wafers", 0.00009),
        (2, "billion USD / M robots", "thousand USD / robots", 2),
    ],
)
def test_conversion(number: float, unit: str, target: str, expected: float) -> None:
    assert convert(number, unit, target) == expected


@pytest.mark.parametrize(
    ("unit", "target", "reason"),
    [
        ("kg", "GWh", "does not measure the same"),
        ("EUR", "USD", "does not measure the same"),
        ("wafers", "k chips", "is not known"),
        ("GWhh", "GWh", "is not known"),
        ("USD/kg", "USD", "does not measure the same"),
        ("k wafers / day", "k wafers", "does not fit"),
        ("GW**9999999", "GW", "is not known"),
        ("degC", "kg", "does not measure the same"),
    ],
)
def test_wrong_dimension_is_refused_with_a_reason(unit: str, target: str, reason: str) -> None:
    with pytest.raises(UnitError, match=reason):
        convert(1.0, unit, target)
