"""The closed forms as text: complete, in order, and true."""

from __future__ import annotations

from fractions import Fraction

import pytest

from reference.charter import COMMON, Charter
from reference.readings import CapMode, EfConversion, Readings
from symbolic.evaluate import evaluate, holds
from symbolic.formula import SECTIONS, WIDTH, definitions, render, section_unknowns
from tests.strategies import FAMILY

OUTPUTS = [f"per_share_{name}" for name in "ABCDEF"] + [
    f"per_share_{COMMON}",
    *(f"total_{name}" for name in (*"ABCDEF", COMMON)),
    "undistributed",
]
DEFAULT = Readings()
OTHERS = [
    Readings(cap_mode=CapMode.JOINT),
    Readings(cap_mode=CapMode.FIRST_STOPS_ALL),
    Readings(ef_conversion=EfConversion.DOUBLE_DIP),
]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_definition_uses_only_unknowns_and_earlier_definitions(quintus: Charter, section: str) -> None:
    known = {u.symbol for u in section_unknowns(section, quintus)}
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
    values: dict[str, Fraction | int] = {"W": assets, "C": 10_000_000, "owed_dividends": 0, "owed_cash_1": 0}
    for series in quintus.series:
        values |= {f"n_{series.name}": series.authorized.value, f"d_{series.name}": 0}
        values[f"CP_{series.name}"] = series.original_issue_price.value
    values |= {f"h_1_{name}": 0 for name in (*"ABCDEF", COMMON)}
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
    words = " ".join(text.split())
    for definition in definitions(section, quintus):
        domain = "" if definition.domain == "always" else f", where {definition.domain}"
        described = f"{definition.meaning} [{definition.unit}]{domain} ({definition.clause})"
        assert f" {definition.name} {described} " in words
    assert text == render(section, quintus)
    assert max(map(len, text.splitlines())) <= WIDTH


def test_figures_are_written_as_in_the_charter(quintus: Charter) -> None:
    text = render("liquidation", quintus)
    assert "OIP_B = 1.43\n" in text
    assert "K_E = 10.375\n" in text
    assert "x = max(0, x_E, x_EF, x_F, x_none)" in text
    assert "R = max(0, W - T_3 - T_4 - owed_cash_1 - owed_dividends)" in text
    assert r"\mathrm{OIP}_{\mathrm{B}} = 1.43" in render("liquidation", quintus, as_latex=True)


def test_names_are_written_the_same_everywhere(quintus: Charter) -> None:
    for section in SECTIONS:
        text = render(section, quintus)
        assert not {character for character in text if not character.isascii()} - set("─⋅⎧⎪⎨⎩≥≤≠⎛⎜⎝⎞⎟⎠")
        assert "Max(" not in text
        assert "Min(" not in text
        assert "*" not in text


def test_results_stand_under_their_own_heading(quintus: Charter) -> None:
    steps, results = render("liquidation", quintus).split("\nResults\n-------\n")
    assert "\n\nx_EF " in steps
    assert "\n\nper_share_" not in steps
    assert results.count("\nper_share_") == 7


def test_cases_do_not_stand_within_cases(quintus: Charter) -> None:
    fraction = next(d for d in definitions("liquidation", quintus) if d.name == "f_2")
    assert len(fraction.expression.args) == 2
    drawn = render("liquidation", quintus).split("f_2 = ")[1].split("\n\n")[0]
    assert [line.split() for line in drawn.splitlines()[1::2]] == [
        ["⎪", "1", "for", "W", "≥", "owed_dividends"],
        ["⎩", "0", "otherwise"],
    ]
    shown = render("liquidation", quintus, as_latex=True).split("f_{2} = ")[1].split(r"\]")[0]
    assert shown.count(r"\begin{cases}") == 1
    assert shown.count(r"\\") == 2


@pytest.mark.parametrize("section", SECTIONS)
def test_latex(quintus: Charter, section: str) -> None:
    text = render(section, quintus, as_latex=True)
    assert text.count(r"\[") == text.count(r"\]") == len(definitions(section, quintus))
    assert text.count("{") == text.count("}")
    assert text.count(r"\begin{cases}") == text.count(r"\end{cases}")
    assert text.replace(r"\$", "").count("$") % 2 == 0
    for definition in definitions(section, quintus):
        unit = definition.unit.replace("$", r"\$")
        assert f"\n{definition.meaning} [{unit}]" in text


@pytest.mark.parametrize("readings", OTHERS)
def test_other_readings_and_charters(quintus: Charter, readings: Readings) -> None:
    assert render("liquidation", quintus, readings=readings) != render("liquidation", quintus)
    assert "per_share_Capped" in render("liquidation", FAMILY, readings=readings)


def test_an_unknown_section_is_refused(quintus: Charter) -> None:
    with pytest.raises(KeyError, match="bylaws"):
        render("bylaws", quintus)
