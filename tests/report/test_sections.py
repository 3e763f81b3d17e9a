"""The pages of the sections: every clause, formula and theorem stands on one, and formulas say what they mean."""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatch
from fractions import Fraction
from functools import cache
from html import unescape
from math import ceil, floor
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sympy

from proofs.matrix.cells import Cell, Kept, source_of
from proofs.report import contents
from proofs.report.contents import PAGES, SECTIONS, Section, fields_of, section_of
from proofs.report.mathml import equation, symbol
from proofs.report.sections import home, pages
from proofs.results import Result, Verdict
from reference.oracle.explain import clauses
from symbolic.account import Definition
from symbolic.evaluate import evaluate_all
from symbolic.formula import SECTIONS as FORMS
from symbolic.formula import definitions
from symbolic.outputs import FIELDS
from tests.report import sample
from tests.report.checks import Page, faults
from tests.report.test_style import STYLE

ROOT = Path(__file__).parents[2]
LARGEST = 2_000_000
NAMES = [section.name for section in PAGES]
# What MathML Core has, of the elements and attributes that formulas use.
CORE = {"math", "semantics", "annotation", "mrow", "mi", "mn", "mo", "mtext", "mfrac", "msub", "mtable", "mtr", "mtd"}
CORE_ATTRIBUTES = {"display", "alttext", "encoding", "mathvariant", "separator", "stretchy", "displaystyle"}

a, b, c = sympy.symbols("a b c")


@cache
def text_of(report: Path, name: str) -> str:
    """Return the text of a page."""
    return (report / f"sections/{name}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*NAMES, "readings"])
def test_every_page_is_sound_and_small(name: str, mixed_report: Path) -> None:
    assert faults(text_of(mixed_report, name), mixed_report / "sections") == []
    assert len(text_of(mixed_report, name).encode()) < LARGEST
    assert "<script" not in text_of(mixed_report, name)


@pytest.mark.parametrize("name", [*NAMES, "readings"])
def test_every_page_has_the_style_of_the_report_and_no_other(name: str, mixed_report: Path) -> None:
    text = text_of(mixed_report, name)
    assert re.findall(r"<style>\n(.*?)</style>", text, re.DOTALL) == [STYLE]
    assert not Page(text).having("style")


def test_hostile_text_is_shown_not_obeyed() -> None:
    hostile = '<img src="https://example.org/x.png"> {{ 7 * 7 }} </style><script>x()</script>'
    theorem = replace(sample.SPLIT.theorem, statement=hostile, clauses=(hostile,), readings={"cash_rank": hostile})
    for name, text in pages(sample.run(replace(sample.SPLIT, theorem=theorem)), sample.charter()).items():
        assert "<img" not in text
        assert "<script" not in text
        assert ("{{ 7 * 7 }}" in text) == (name in {"sections/liquidation.html", "sections/readings.html"})


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("</main>", "", "</body> closes nothing"),
        ('href="#unknown-W"', 'href="#unknown-V"', "#unknown-V leads nowhere"),
        ('href="../index.html"', 'href="../indes.html"', "../indes.html is no file of the report"),
        ("index.html#coverage", "index.html#cover", "../index.html#cover leads nowhere"),
        ("</mrow>", "", "</semantics> closes nothing"),
        ('alttext="', 'title="', "a formula has no name"),
        ('class="scroll formula" role="region" tabindex="0"', 'class="scroll"', "cannot be reached by keyboard"),
        ("<pre", '<img src="https://example.org/x"><pre', "https://example.org/x is loaded from outside"),
    ],
)
def test_the_check_can_fail(good: str, bad: str, fault: str, mixed_report: Path) -> None:
    text = text_of(mixed_report, "liquidation")
    assert good in text
    assert any(fault in found for found in faults(text.replace(good, bad, 1), mixed_report / "sections"))


def test_the_index_leads_to_every_page_and_every_page_back(mixed_report: Path) -> None:
    linked = Page((mixed_report / "index.html").read_text(encoding="utf-8")).having("href")
    for name in [*NAMES, "readings"]:
        assert f"sections/{name}.html" in linked
        assert "../index.html" in Page(text_of(mixed_report, name)).having("href")
    assert {path.stem for path in (mixed_report / "sections").iterdir()} == {*NAMES, "readings"}


def test_every_section_of_closed_forms_belongs_to_one_page() -> None:
    assert sorted(form for section in PAGES for form in section.forms) == sorted(FORMS)


@pytest.mark.parametrize("section", PAGES, ids=NAMES)
def test_every_closed_form_is_typeset(section: Section, mixed_report: Path) -> None:
    page = Page(text_of(mixed_report, section.name))
    shown = page.having("alttext")
    described = unescape(page.text).replace("<wbr>", "")
    for form in section.forms:
        for own in definitions(form, sample.charter()):
            assert re.search(r'alttext="([^"]*)"', equation(own.name, own.expression))
            assert unescape(re.search(r'alttext="([^"]*)"', equation(own.name, own.expression))[1]) in shown  # type: ignore[index]
            assert f": {own.meaning} [{own.unit}]" in described
    assert len([display for display in page.having("display") if display == "block"]) == described.count('class="form')


def test_every_rule_has_one_home_and_stands_there_with_its_code(mixed_report: Path) -> None:
    for rule in clauses():
        holding = home(rule.clause)
        assert holding is not None, rule.clause
        text = text_of(mixed_report, holding.name)
        assert f'<span class="label">{rule.id}:</span>' in text
        for name in rule.code:
            assert f'id="code-{name}"' in text
    assert "def fill(" in text_of(mixed_report, "liquidation")


def test_every_theorem_stands_on_one_page(mixed_report: Path) -> None:
    for result in sample.mixed().results:
        link = f'<th scope="row"><a href="../index.html#theorem-{result.theorem.id}">'
        assert [name for name in NAMES if link in text_of(mixed_report, name)] == [section_of(result.theorem.id).name]
        command = f"charterproof prove --only {result.theorem.id}"
        assert command in text_of(mixed_report, section_of(result.theorem.id).name).replace("<wbr>", "")
    assert section_of("equilibrium.unique").name == "equilibrium"
    assert section_of("offering.sizes").name == "conversion"
    assert section_of("arithmetic.shares_of_nothing").name == "history"


def test_a_section_of_whose_theorems_none_was_run_says_so(mixed_report: Path) -> None:
    assert "tested, not proved" in text_of(mixed_report, "recapitalization")
    assert "tested, not proved" not in text_of(mixed_report, "liquidation")


def test_every_field_of_an_answer_stands_on_a_page() -> None:
    everywhere = {(q, f) for section in PAGES for q, own in fields_of(section).items() for f in own}
    assert everywhere == {(question, field) for question, fields in FIELDS.items() for field in fields}


def test_the_test_files_exist() -> None:
    patterns = {pattern for section in PAGES for pattern in contents.tests_of(section)}
    for pattern in patterns:
        assert "*" in pattern or (ROOT / pattern).is_file(), pattern
    for file in [*ROOT.glob("tests/proofs/test_explored_*.py"), *ROOT.glob("tests/proofs/test_theorems_*.py")]:
        assert any(fnmatch(str(file.relative_to(ROOT)), pattern) for pattern in patterns), file


def test_pages_are_the_same_each_time() -> None:
    assert pages(sample.mixed(), sample.charter()) == pages(sample.mixed(), sample.charter())


def readings_page(kept: Kept, monkeypatch: pytest.MonkeyPatch, *results: Result) -> str:
    """Return the text of the page of the readings with a matrix of one's own."""
    monkeypatch.setattr("proofs.matrix.shown.load", lambda: kept)
    found = pages(sample.run(*results), sample.charter())["sections/readings.html"]
    return re.sub(r"<[^>]*>", "", found)


def test_the_page_of_the_readings_shows_what_becomes_of_a_theorem(monkeypatch: pytest.MonkeyPatch) -> None:
    name = sample.CAPS.theorem.id
    row = {"joint": Cell(Verdict.REFUTED, inputs={"W": "140000000"}), "first_stops_all": Cell(Verdict.UNKNOWN, "Open.")}
    current = {"liquidation": source_of("liquidation")}
    kept = Kept(current, {name: ("cap_mode", "cash_rank")}, {name: {"cap_mode": row, "cash_rank": {}}})
    text = readings_page(kept, monkeypatch, sample.CAPS)
    assert "Of the 1 theorems of this run, 1 are stated under the default readings and 0 under others" in text
    changed = next(line for line in text.splitlines() if line.startswith("cap_mode = joint"))
    assert re.search(r"PROVEDREFUTEDW140,000,000$", changed)
    assert re.search(r"PROVEDUNKNOWNOpen\.$", next(s for s in text.splitlines() if s.startswith("cap_mode = first_")))
    assert "liquidation.caps_respectedPROVEDREFUTEDUNKNOWN" in text
    assert "liquidation.caps_respectedPROVEDits ownits ownits own" in text
    assert "No theorem of this run consults it." in text
    assert "stale" not in text


def test_a_stale_matrix_is_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    name = sample.CAPS.theorem.id
    kept = Kept({"liquidation": "0"}, {name: ("cap_mode",)}, {name: {"cap_mode": {"joint": Cell(Verdict.PROVED)}}})
    text = readings_page(kept, monkeypatch, sample.CAPS)
    assert "Some of it is stale" in text
    assert "liquidation.caps_respectedPROVEDPROVED stalenot decided" in text


def test_without_a_matrix_nothing_is_called_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    text = readings_page(Kept(), monkeypatch, sample.CAPS)
    assert "No verdict that is kept differs" in text
    assert "1 theorems have not been looked at yet" in text
    assert "PROVEDPROVED" not in text


def test_a_reading_is_named_only_where_it_is_not_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    theorem = replace(sample.SAME.theorem, readings={"cash_rank": "after_F"})
    text = readings_page(Kept(), monkeypatch, replace(sample.SAME, theorem=theorem))
    assert "0 are stated under the default readings and 1 under others" in text
    row = next(line for line in text.splitlines() if line.startswith("PROVED as expected"))
    assert "liquidation.code_is_closed_form" in row
    assert "cash_rankafter_F" in row


# What a formula on the page says, read as a reader does: from left to right, by the rules for signs and brackets.


JOINS = str.maketrans({",": "_", "\u00a0": "_"})
SIGNS = str.maketrans({"−": "-"})  # noqa: RUF001


def read(element: ElementTree.Element) -> str:
    """Return a formula as Python, from its marks alone."""
    inner = [read(child) for child in element]
    if element.tag == "mfrac":
        return f"(({inner[0]})/({inner[1]}))"
    if element.tag == "msub":
        return "_".join("".join(part.itertext()).translate(JOINS) for part in element)
    if element.tag == "mtable":
        return f"cases({','.join(inner)})"
    if element.tag == "mtr":
        return f"(lambda: {inner[0]}, lambda: {inner[1]})"
    text = (element.text or "").replace("\u00a0", "_" if element.tag == "mi" else " ")
    if element.tag == "mn":
        return f"F('{text.translate(SIGNS)}')"
    words = {"·": "*", "−": "-", "=": "==", "≠": "!=", "≤": "<=", "≥": ">=", "⌊": "floor(", "⌋": ")", "⌈": "ceil("}  # noqa: RUF001
    words |= {"⌉": ")", "otherwise": "True", "for ": "", "yes": "True", "no": "False", "{": ""}
    return words.get(text, text) + "".join(inner)


def cases(*rows: tuple[object, object]) -> object:
    """Return the first value whose condition holds."""
    return next(value() for value, holds in rows if holds())  # type: ignore[operator]


def said(definition: Definition, values: dict[str, Fraction]) -> object:
    """Return the value of what stands to the right of the equation of a definition."""
    formula = ElementTree.fromstring(str(equation(definition.name, definition.expression)))
    left, _, right = formula[0][0]
    assert read(left) == definition.name
    known = {"F": Fraction, "cases": cases, "max": max, "min": min, "floor": floor, "ceil": ceil}
    return eval(read(right), {**known, **values})


def evaluated(definition: Definition, values: dict[str, Fraction]) -> object:
    """Return the value of a definition, by the evaluation of closed forms."""
    return evaluate_all([definition], values)[definition.name]


def of(expression: sympy.Basic) -> Definition:
    """Return a definition of a quantity q."""
    return Definition("q", sympy.Symbol("q"), expression, "2", "$", "always", "a quantity")


def numbers(definition: Definition, seed: int) -> dict[str, Fraction]:
    """Return a number for each name of a form, small, of both sides of one."""
    names = sorted(own.name for own in definition.expression.free_symbols)
    return {
        name: Fraction((7 * seed + 3 * place * place) % 11 + 1, 1 + (place + seed) % 4)
        for place, name in enumerate(names)
    }


@pytest.mark.parametrize("section", FORMS)
def test_formulas_say_what_the_closed_forms_are(section: str) -> None:
    for own in definitions(section, sample.charter()):
        for seed in range(3):
            values = numbers(own, seed)
            assert said(own, values) == evaluated(own, values), own.name


@pytest.mark.parametrize(
    "expression",
    [
        sympy.Mul(-1, a + b, evaluate=False),
        sympy.Mul(a, b - c, evaluate=False),
        a - (b - c) * 2,
        a / (b + c) - c / 3,
        -a / 7 - b,
        sympy.Mul(a, sympy.Piecewise((b, c > 1), (a, True)), evaluate=False),
        sympy.floor(a / 2, evaluate=False) * sympy.ceiling(b / 2, evaluate=False),
        sympy.Piecewise((a, sympy.Or(a > b, sympy.And(b > 1, c <= 2, evaluate=False), evaluate=False)), (b, True)),
        sympy.Piecewise((a, a > b), (sympy.Piecewise((b, b > c), (c, True), evaluate=False), True), evaluate=False),
        sympy.Max(0, a - b, -c, evaluate=False),
        sympy.Rational(-83, 8),
        sympy.Rational(1, 3),
    ],
)
def test_brackets_stand_where_they_are_needed(expression: sympy.Basic) -> None:
    for seed in range(8):
        values = numbers(of(expression), seed)
        assert said(of(expression), values) == evaluated(of(expression), values)


def test_a_wrong_formula_would_be_noticed() -> None:
    right, wrong = of(a - (b + c)), str(equation("q", a - b + c))
    formula = ElementTree.fromstring(wrong)
    values = numbers(right, 1)
    assert eval(read(formula[0][0][2]), {"F": Fraction, **values}) != evaluated(right, values)


def test_formulas_are_mathml_core() -> None:
    for section in FORMS:
        for own in definitions(section, sample.charter()):
            for element in ElementTree.fromstring(str(equation(own.name, own.expression))).iter():
                assert element.tag in CORE
                assert set(element.attrib) <= CORE_ATTRIBUTES


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("W", "<mi>W</mi>"),
        ("n_A", '<msub><mi>n</mi><mi mathvariant="normal">A</mi></msub>'),
        ("CP_E", '<msub><mi>CP</mi><mi mathvariant="normal">E</mi></msub>'),
        ("f_2", "<msub><mi>f</mi><mn>2</mn></msub>"),
        (
            "x_conversion_E",
            '<msub><mi>x</mi><mrow><mi>conversion</mi><mo separator="true">,</mo>'
            '<mi mathvariant="normal">E</mi></mrow></msub>',
        ),
        ("per_share_E", '<msub><mi>per\u00a0share</mi><mi mathvariant="normal">E</mi></msub>'),
    ],
)
def test_names(name: str, shown: str) -> None:
    assert shown in symbol(name)


def test_signs_of_comparison_are_escaped() -> None:
    shown = str(equation("q", sympy.Piecewise((a, sympy.StrictLessThan(a, b, evaluate=False)), (b, True))))
    assert "<mo>&lt;</mo>" in shown
    assert ">otherwise<" in shown


def test_the_sections_are_in_the_order_of_the_certificate() -> None:
    assert [section.name for section in SECTIONS][:3] == ["dividends", "distributions", "liquidation"]
    assert len(set(NAMES)) == len(NAMES)
