"""The pages for people."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import pytest

from proofs.mutation import score
from proofs.report import page, write
from proofs.report.data import ALL_CLEAR, with_files
from proofs.results import Counterexample, Obligation, Result, Run, Verdict
from tests.report import sample
from tests.report.checks import faults

pytestmark = pytest.mark.usefixtures("drawn_once")

DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
HOSTILE = (
    '<img src="https://example.org/x.png"> "double" \'single\' & {{ 7 * 7 }} </script><script>x()</script> | *a* `b`'
)


def html(run: Run) -> str:
    return page.html(with_files(run), sample.charter())


def markdown(run: Run) -> str:
    return page.markdown(with_files(run), sample.charter())


def words(text: str) -> str:
    """Return the visible text of a page, roughly."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text))


@pytest.mark.parametrize("which", ["clean_report", "mixed_report"])
def test_page_is_sound(which: str, request: pytest.FixtureRequest) -> None:
    directory: Path = request.getfixturevalue(which)
    assert faults((directory / "index.html").read_text(encoding="utf-8"), directory) == []


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("</main>", "", "</body> closes nothing"),
        ("</html>", "", "<html> is never closed"),
        ('id="summary"', 'id="theorems"', "the id theorems occurs 2 times"),
        ('href="#readings"', 'href="#reading"', "#reading leads nowhere"),
        ('href="report.json"', 'href="report.xml"', "report.xml is no file of the report"),
        ('href="data:,"', 'href="https://example.org/icon"', "https://example.org/icon is loaded from outside"),
        ('href="data:,"', 'href="//example.org/icon"', "//example.org/icon is loaded from outside"),
        ("body {", "@import 'x'; body {", "the text refers to an outside address"),
        ('lang="en"', "", "the language is not given"),
        ('<h2 id="meaning">', '<h5 id="meaning">', "h5 follows h3"),
        ("<caption>", "<!-- ", "a table has no caption"),
        (' scope="col"', "", "a th has no scope"),
        ('tabindex="0" aria-label="Readings"', "", "a scrolling <div> cannot be reached by keyboard"),
        ('aria-labelledby="payoff-chosen-title" aria', "aria", "a drawing has no name"),
        ('for="filter"', 'for="fitler"', "for=fitler names nothing"),
    ],
)
def test_the_check_can_fail(good: str, bad: str, fault: str, mixed_report: Path) -> None:
    text = (mixed_report / "index.html").read_text(encoding="utf-8")
    assert good in text
    assert fault in faults(text.replace(good, bad, 1), mixed_report)


def test_no_absolute_path_and_no_date_of_writing(mixed_report: Path) -> None:
    places = [str(Path(__file__).parents[2]), str(mixed_report.parent), str(Path.home()), sys.prefix]
    terms = (files("reference") / "charters" / "quintus-1999.toml").read_text(encoding="utf-8")
    for path in mixed_report.rglob("*.*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not [place for place in places if place + "/" in text]
            assert set(DATE.findall(text)) <= set(DATE.findall(terms))


def test_every_verdict_is_shown_in_words() -> None:
    broken = replace(
        sample.SAME, verdict=Verdict.ERROR, theorem=replace(sample.SAME.theorem, id="liquidation.broke_off")
    )
    text = html(sample.run(*sample.mixed().results, broken))
    for verdict in Verdict:
        assert re.search(rf'<span class="verdict [a-z]+">{verdict}</span>', text)
    assert "expected PROVED" in words(text)


def test_a_clean_run_is_called_clean() -> None:
    for text in (html(sample.clean()), markdown(sample.clean())):
        assert ALL_CLEAR in words(text)
    assert 'class="overall clean"' in html(sample.clean())


@pytest.mark.parametrize("spoiler", [sample.ELECTION, sample.NOTHING])
def test_an_undecided_or_unexpected_theorem_is_never_called_clean(spoiler: Result) -> None:
    run = sample.run(sample.SAME, spoiler)
    assert 'class="overall clean"' not in html(run)
    for text in (html(run), markdown(run)):
        assert ALL_CLEAR not in words(text)
        assert "Not everything came out as expected" in words(text)


def test_only_what_is_proved_as_expected_is_green() -> None:
    rows = page.rows(with_files(sample.mixed()))
    assert [row.tone for row in rows] == ["proved", "proved", "refuted", "refuted", "open", "bad"]


def test_each_theorem_is_listed_and_detailed(mixed_report: Path) -> None:
    text = (mixed_report / "index.html").read_text(encoding="utf-8")
    for result in sample.mixed().results:
        assert f'<a href="#theorem-{result.theorem.id}">' in text
        assert f"charterproof prove --only {result.theorem.id}" in text
    for hypothesis in sample.CAPS.theorem.hypotheses:
        assert hypothesis in words(text)
    assert 'href="obligations/liquidation.caps_respected--path-03.smt2"' in text


def test_two_theorems_whose_names_look_alike_keep_apart(tmp_path: Path) -> None:
    twin = replace(sample.SAME, theorem=replace(sample.SAME.theorem, id="liquidation.CODE is_closed_form"))
    other = replace(sample.SAME, theorem=replace(sample.SAME.theorem, id="liquidation.code-is_closed_form"))
    write(sample.run(twin, other), tmp_path / "report", sample.charter())
    assert faults((tmp_path / "report/index.html").read_text(encoding="utf-8"), tmp_path / "report") == []
    assert len(list((tmp_path / "report/obligations").iterdir())) == 24


def test_what_is_not_covered_is_said() -> None:
    text = words(html(sample.run(sample.SAME, sample.ELECTION)))
    uncovered = text[text.index("Not covered yet:") : text.index("Nothing in this report")]
    assert "adjustment of conversion prices (3(d))" in uncovered
    assert "protective provisions (6)" in uncovered
    assert "conversion decisions around a liquidation" in uncovered  # its only theorem is undecided
    assert "liquidation preference" not in uncovered


def test_counterexample_stands_side_by_side() -> None:
    text = words(html(sample.run(sample.SENIORITY, sample.SPLIT)))
    assert "1260980/1500000 ≈ 0.840653" in text
    assert "63049/75000 ≈ 0.840653agree" in text
    assert "83/16 = 5.187583/8 = 10.375differ" in text
    assert "nonenot givenone side only" in text


def test_readings_are_listed_with_those_chosen_otherwise() -> None:
    text = words(html(sample.clean()))
    assert "creditor (default): Paid first, as a debt." in text
    assert "liquidation.split_neutral_under_literal_caps: any_literal" in text
    assert "liquidation.f_stays_senior_after_election: creditor" not in text


def test_hostile_text_is_shown_not_obeyed(tmp_path: Path) -> None:
    theorem = replace(
        sample.SENIORITY.theorem,
        statement=HOSTILE,
        hypotheses=(HOSTILE,),
        constants=HOSTILE,
        register=(HOSTILE,),
        clauses=(HOSTILE,),
        readings={HOSTILE: HOSTILE},
        rests_on=(HOSTILE,),
    )
    result = replace(
        sample.SENIORITY,
        theorem=theorem,
        counterexample=Counterexample({HOSTILE: HOSTILE}, {HOSTILE: HOSTILE}, {HOSTILE: "1"}, HOSTILE),
        obligations=(Obligation(HOSTILE, HOSTILE, 1, "x"),),
        witness={HOSTILE: HOSTILE},
        detail=HOSTILE,
    )
    exploration = replace(sample.EXPLORATIONS[0], function=HOSTILE, unknowns=(HOSTILE,))
    run = replace(sample.run(result, explorations=(exploration,)), versions={HOSTILE: HOSTILE})
    text = html(run)
    assert "<img" not in text
    assert text.count("<script") == text.count("</script") == 1
    assert "{{ 7 * 7 }}" in text
    assert "&lt;img src=" in text
    write(run, tmp_path / "report", sample.charter())
    # The address is text here, which the check cannot tell from one that is loaded.
    assert faults(text, tmp_path / "report") == ["the text refers to an outside address"]


def test_markdown_lists_every_theorem_in_a_whole_table() -> None:
    text = markdown(sample.mixed())
    table = [line for line in text.split("## Theorems")[1].split("\n##")[0].splitlines() if line.startswith("|")]
    assert len(table) == 2 + 6
    for line in table:
        assert len(re.findall(r"(?<!\\)\|", line)) == 8
    for result in sample.mixed().results:
        assert any(f"`{result.theorem.id}`" in line and str(result.verdict) in line for line in table)


def test_markdown_shows_hostile_text_as_text() -> None:
    statement = replace(sample.SAME, theorem=replace(sample.SAME.theorem, statement=HOSTILE))
    text = markdown(sample.run(statement))
    assert "<img" not in text
    assert r"\| \*a\* \`b\`" in text


def test_an_empty_run_has_a_page(tmp_path: Path) -> None:
    write(sample.run(explorations=()), tmp_path / "report", sample.charter())
    text = (tmp_path / "report/index.html").read_text(encoding="utf-8")
    assert faults(text, tmp_path / "report") == []
    assert "Nothing is established" in words(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("12375000", "12,375,000"),
        ("33/4", "33/4 = 8.25"),
        ("1/3", "1/3 ≈ 0.333333"),
        ("-99/8", "-99/8 = -12.375"),
        ("-1/8", "-1/8 = -0.125"),
        ("13.20", "13.2"),
        ("2000/2", "1,000"),
        ("1/0", "1/0"),
        ("F, E", "F, E"),
        ("", ""),
    ],
)
def test_amounts_are_readable(text: str, shown: str) -> None:
    assert page.amount(text) == shown


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [("12375000", 0, "$12,375,000"), ("1", 2, "$1.00"), ("8.275", 2, "$8.275"), ("1/3", 2, "$1/3 ≈ 0.333333")],
)
def test_dollars_are_readable(value: str, places: int, shown: str) -> None:
    assert page.dollars(Fraction(value), places) == shown


def test_the_score_of_mutation_says_what_is_stale_not_run_or_unexplained(monkeypatch: pytest.MonkeyPatch) -> None:
    left = (score.Named("nearest", "core/X", "a > b", "a < b", 1, 7, "survived"),)
    by, alone = {"differential": 5, "example": 6, "proof": 4}, {"differential": 1, "example": 2, "proof": 0}
    old = score.Score("of another source", 9, 8, by, alone, left, {})
    new = score.Score(score.digest_of(score.source_of("voting")), 8, 8, by, alone, (), {})
    found = {"rounding": old, "voting": new}
    monkeypatch.setattr(score, "scores", lambda: found)
    found_rows = ROW.findall(html(sample.clean()))
    rows = {name.replace("<wbr>", ""): re.findall("<td.*?>(.*?)</td>", row) for name, row in found_rows}
    assert set(score.MODULES) <= set(rows)
    stale = "<strong>stale: the module has changed since</strong>"
    assert rows["rounding"] == ["9", "8", "5 (1)", "6 (2)", "4 (0)", "0", "<strong>1</strong>", stale]
    assert rows["voting"][-2:] == ["0", "of the module as it is"]
    assert rows["history"] == ["", "<strong>not run</strong>"]


ROW = re.compile(r'<tr><th scope="row"><code>(\w+(?:<wbr>\w+)*)</code></th>(.*?)</tr>')
