"""The closed forms as text: complete, in order, and true."""

from __future__ import annotations

from fractions import Fraction

import pytest

from reference.charter import COMMON, Charter
from reference.readings import CapMode, EfConversion, Readings
from symbolic.evaluate import evaluate, holds
from symbolic.formula import SECTIONS, WIDTH, definitions, render
from symbolic.symbols import unknowns
from tests.strategies import FAMILY

OUTPUTS = [f"per_share_{name}" for name in "ABCDEF"] + [f"per_share_{COMMON}", "undistributed"]
DEFAULT = Readings()
OTHERS = [
    Readings(cap_mode=CapMode.JOINT),
    Readings(cap_mode=CapMode.FIRST_STOPS_ALL),
    Readings(ef_conversion=EfConversion.DOUBLE_DIP),
]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_definition_uses_only_unknowns_and_earlier_definitions(quintus: Charter, section: str) -> None:
    known = {u.symbol for u in (*unknowns(quintus), *SECTIONS[section].unknowns)}
    listed = definitions(section, quintus)
    assert len({definition.name for definition in listed}) == len(listed)
    for definition in listed:
        assert definition.expression.free_symbols <= known
        assert definition.clause
        assert definition.unit
        assert definition.domain
        known.add(definition.symbol)


@pytest.mark.parametrize("section", ["liquidation", "equilibrium"])
def test_outputs_come_last(quintus: Charter, section: str) -> None:
    names = [definition.name for definition in definitions(section, quintus) if definition.output]
    assert names[: len(OUTPUTS)] == OUTPUTS
    assert [definition.name for definition in definitions(section, quintus)][-len(names) :] == names


@pytest.mark.parametrize(
    ("section", "assets", "expected"),
    [
        # W = 110,000,000: 64,913,750 remain; F takes 6,187,500 and stops; 13,000,000 shares share the rest.
        ("liquidation", 110_000_000, {"E": "8.6674038461", "F": "12.375", "common": "4.5174038461"}),
        # W = 200,000,000: E and F convert; 179,738,750 over 14,500,000 shares.
        ("equilibrium", 200_000_000, {"E": "12.3957758620", "F": "12.3957758620", "common": "12.3957758620"}),
    ],
)
def test_the_definitions_evaluated_in_order_give_the_known_figures(
    quintus: Charter, section: str, assets: int, expected: dict[str, str]
) -> None:
    values: dict[str, Fraction | int] = {"W": assets, "C": 10_000_000}
    for series in quintus.series:
        values |= {f"n_{series.name}": series.authorized.value, f"d_{series.name}": 0}
        values[f"CP_{series.name}"] = series.original_issue_price.value
    for definition in definitions(section, quintus):
        if definition.expression.is_Boolean:
            assert holds(definition.expression, values)
        else:
            values[definition.name] = evaluate(definition.expression, values)
    for name, amount in expected.items():
        assert abs(values[f"per_share_{name}"] - Fraction(amount)) < Fraction(1, 10**10)


@pytest.mark.parametrize("section", SECTIONS)
def test_text_names_every_output_with_its_clause(quintus: Charter, section: str) -> None:
    text = render(section, quintus)
    for definition in definitions(section, quintus):
        assert f"\n{definition.name}: {definition.meaning} [{definition.unit}]  ({definition.clause})\n" in text
    assert text == render(section, quintus)
    assert max(map(len, text.splitlines())) <= WIDTH


def test_figures_are_written_as_in_the_charter(quintus: Charter) -> None:
    text = render("liquidation", quintus)
    assert "OIP_B = 1.43\n" in text
    assert "K_E = 10.375\n" in text
    assert "x = Max(0, x_E, x_EF, x_F, x_none)" in text


@pytest.mark.parametrize("section", SECTIONS)
def test_latex(quintus: Charter, section: str) -> None:
    text = render(section, quintus, latex=True)
    assert text.count(r"\[") == text.count(r"\]") == len(definitions(section, quintus))
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("readings", OTHERS)
def test_other_readings_and_charters(quintus: Charter, readings: Readings) -> None:
    assert render("liquidation", quintus, readings=readings) != render("liquidation", quintus)
    assert "per_share_Capped" in render("liquidation", FAMILY, readings=readings)


def test_an_unknown_section_is_refused(quintus: Charter) -> None:
    with pytest.raises(KeyError, match="voting"):
        render("voting", quintus)
