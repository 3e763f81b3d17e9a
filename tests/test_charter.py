"""The charter's data, figure by figure against the certificate, and the faults that a charter may have."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reference.charter import (
    Charter,
    ConversionRight,
    Figure,
    Participation,
    Quantity,
    Series,
    Threshold,
    Tier,
    faults,
)
from reference.oracle.charters import load
from reference.oracle.refusals import Refusal
from tests.strategies import FAMILY

ROOT = Path(__file__).parents[1]

# Typed from the certificate: shares, issue price, dividend rate, Cash Amount, cap, IPO floor, votes.
CERTIFICATE = {
    "A": (9_100_000, "1.00", "0.20", "0.925", None, None, 10),
    "B": (1_000_000, "1.43", "0.286", "1.325", None, None, 14),
    "C": (3_000_000, "1.91", "0.382", "1.765", None, None, 14),
    "D": (1_455_000, "2.75", "0.55", "2.544", None, None, 14),
    "E": (3_000_000, "4.15", "0.83", None, "10.375", "8.30", 14),
    "F": (1_500_000, "8.25", "1.65", None, "12.375", "11.00", 14),
}


def amount(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


@pytest.mark.parametrize("name", CERTIFICATE)
def test_figures_of_a_series(quintus: Charter, name: str) -> None:
    authorized, price, rate, cash, cap, floor, votes = CERTIFICATE[name]
    series = quintus.series_named(name)
    assert series.authorized.value == authorized
    assert series.original_issue_price.value == amount(price)
    assert series.dividend_rate.value == amount(rate)
    assert (series.cash_amount.value if series.cash_amount else None) == amount(cash)
    assert series.participation.cap == amount(cap)
    assert (series.offering_floor.value if series.offering_floor else None) == amount(floor)
    assert series.votes_per_as_converted_share.value == votes


def test_structure(quintus: Charter) -> None:
    assert [series.name for series in quintus.series] == list("ABCDEF")
    assert [tier.series for tier in quintus.liquidation_tiers] == [("F",), ("A", "B", "C", "D", "E")]
    assert quintus.electing == ("A", "B", "C", "D")
    assert quintus.optional == ("E", "F")
    words = [series.preference_dividends.value for series in quintus.series]
    assert words == ["declared"] * 2 + ["undeclared"] * 4
    kinds = [series.participation.kind for series in quintus.series]
    assert kinds == ["none"] * 4 + ["capped"] * 2


def test_sums(quintus: Charter) -> None:
    def add(per_share: str) -> Fraction:
        return sum(
            (s.authorized.value * getattr(s, per_share).value for s in quintus.series if getattr(s, per_share)),
            Fraction(0),
        )

    assert sum(series.authorized.value for series in quintus.series) == 19_055_000
    assert quintus.authorized.preferred.value == 19_055_000
    assert quintus.authorized.common.value == 40_000_000
    assert quintus.authorized.total.value == 59_055_000
    assert quintus.authorized.par_value.value == Fraction(1, 1000)
    assert add("original_issue_price") == 45_086_250
    assert add("dividend_rate") == 9_017_250
    assert add("cash_amount") == 18_739_020
    assert add("votes_per_as_converted_share") == 230_370_000


def test_ratios_between_the_figures(quintus: Charter) -> None:
    for series in quintus.series:
        assert series.dividend_rate.value * 5 == series.original_issue_price.value
    e, f = quintus.series_named("E"), quintus.series_named("F")
    assert e.participation.cap == e.original_issue_price.value * Fraction(5, 2)
    assert f.participation.cap == f.original_issue_price.value * Fraction(3, 2)


def test_figures_of_the_other_clauses(quintus: Charter) -> None:
    offering, cash, antidilution = quintus.public_offering, quintus.cash_payment, quintus.antidilution
    assert offering is not None
    assert (offering.minimum_aggregate.value, offering.underwriting, offering.form) == (
        40_000_000,
        "firm_commitment",
        "S-1",
    )
    assert cash is not None
    assert cash.days.value == 10
    assert antidilution is not None
    assert antidilution.minimum_adjustment.value == Fraction(1, 100)
    assert antidilution.carry_forward_years.value == 3
    assert [(w.issued, w.shares.value, w.of) for w in antidilution.excluded_warrants] == [
        ("1996-04-17", 5_000, "common"),
        ("1996-08-16", 192_262, "B"),
        ("1997-11-10", 331_312, "common"),
        ("1999-08-19", 300_000, "common"),
    ]
    board, approvals = quintus.board, quintus.approvals
    assert board is not None
    assert (board.minimum_directors_in_shift.value, board.senior_share_in_shift.value) == (5, Fraction(3, 4))
    assert approvals is not None
    assert [(a.series, a.threshold.value) for a in approvals.series_supermajorities] == [
        ("E", Fraction(3, 5)),
        ("F", Fraction(3, 5)),
    ]


def thresholds(quintus: Charter) -> dict[str, tuple[Fraction, bool]]:
    election, deemed, approvals = quintus.class_election, quintus.deemed_liquidation, quintus.approvals
    e, f = (quintus.series_named(name).conversion_consent for name in "EF")
    assert election
    assert deemed
    assert approvals
    assert e
    assert f
    found = {
        "3(a)": election.threshold,
        "2(c)": deemed.voting_power_disposed,
        "3(b)(ii)(B)": e,
        "3(b)(iii)(B)": f,
        "6(a)": approvals.preferred_supermajority,
        "6(b)": approvals.preferred_majority,
        "6(c)": approvals.series_majority,
    }
    assert {clause: threshold.clause for clause, threshold in found.items()} == {clause: clause for clause in found}
    return {clause: (threshold.value, threshold.strict) for clause, threshold in found.items()}


def test_thresholds(quintus: Charter) -> None:
    half = Fraction(1, 2)
    assert thresholds(quintus) == {
        "3(a)": (half, True),
        "2(c)": (half, True),
        "3(b)(ii)(B)": (Fraction(3, 5), False),
        "3(b)(iii)(B)": (half, True),
        "6(a)": (Fraction(3, 4), False),
        "6(b)": (half, True),
        "6(c)": (half, True),
    }


@pytest.mark.parametrize(("strict", "exactly"), [(True, False), (False, True)], ids=["strict", "not strict"])
def test_a_threshold_is_reached_or_passed(strict: bool, exactly: bool) -> None:
    threshold = Threshold(Fraction(3, 5), strict, "3(b)")
    assert [threshold.met(part, 10) for part in (5, 6, 7)] == [False, exactly, True]
    parts = (Fraction(59, 100), Fraction(3, 5), Fraction(61, 100))
    assert [threshold.met(part) for part in parts] == [False, exactly, True]


def cited(node: object, path: str = "charter") -> Iterator[tuple[str, object]]:
    """Yield everything in a charter that has a clause or should have one, with its path."""
    if is_dataclass(node):
        names = {f.name for f in fields(node)}
        if "clause" in names or "value" in names:
            yield path, node
        for name in names:
            yield from cited(getattr(node, name), f"{path}.{name}")
    elif isinstance(node, tuple):
        for index, part in enumerate(node):
            yield from cited(part, f"{path}[{index}]")


def test_every_figure_has_its_clause(quintus: Charter) -> None:
    found = dict(cited(quintus))
    assert len(found) > 60  # not an empty walk
    for path, node in found.items():
        clause = getattr(node, "clause", "")
        assert clause, path
        assert clause.startswith("IV.") or clause[0] in "123456", path


def test_the_check_for_clauses_can_fail(quintus: Charter) -> None:
    e = replace(quintus.series_named("E"), dividend_rate=Figure(Fraction(1), ""))
    tampered = replace(quintus, series=(e,))
    assert [path for path, node in cited(tampered) if not getattr(node, "clause", "x")] == [
        "charter.series[0].dividend_rate"
    ]


def test_an_unknown_series(quintus: Charter) -> None:
    with pytest.raises(KeyError, match="G"):
        quintus.series_named("G")


def test_series_are_found_in_any_order(quintus: Charter) -> None:
    turned = replace(quintus, series=quintus.series[::-1])
    assert [turned.series_named(name).name for name in "ABCDEF"] == list("ABCDEF")


def test_a_series_that_never_converts_neither_elects_nor_has_the_option(quintus: Charter) -> None:
    charter = with_series(quintus, "E", conversion=ConversionRight("none", "3(a)"))
    assert (charter.electing, charter.optional) == (("A", "B", "C", "D"), ("F",))


# Faults


def test_sound_charters_have_no_faults(quintus: Charter) -> None:
    assert faults(quintus) == []
    assert faults(FAMILY) == []


def with_series(charter: Charter, which: str, **changes: object) -> Charter:
    changed = tuple(
        replace(series, **changes) if series.name == which else series  # type: ignore[arg-type]
        for series in charter.series
    )
    return replace(charter, series=changed)


def figure(value: str) -> Figure:
    return Figure(Fraction(value), "1")


E: dict[str, dict[str, object]] = {
    "series[4].name": {"name": "common"},
    "series[4].authorized.value": {"authorized": Quantity(-1, "IV.B")},
    "series[4].original_issue_price.value": {"original_issue_price": figure("0")},
    "series[4].dividend_rate.value": {"dividend_rate": figure("-1/100")},
    "series[4].participation.cap": {"participation": Participation("capped", "2(b)", Fraction(-1))},
    "series[4].cash_amount": {"cash_amount": figure("1")},
}


@pytest.mark.parametrize("path", E)
def test_faults_of_a_series(quintus: Charter, path: str) -> None:
    assert path in [where for where, _ in faults(with_series(quintus, "E", **E[path]))]


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("series[4].name", {"name": ""}),
        ("series[4].name", {"name": "A"}),
        ("series[4].participation.cap", {"participation": Participation("capped", "2(b)")}),
        ("series[4].participation.cap", {"participation": Participation("full", "2(b)", Fraction(9))}),
        ("series[4].original_issue_price.value", {"original_issue_price": figure("-1")}),
        ("series[4].cash_amount.value", {"cash_amount": figure("-1")}),
        ("authorized.preferred.value", {"authorized": Quantity(3_000_001, "IV.B")}),
    ],
)
def test_more_faults_of_a_series(quintus: Charter, path: str, changes: dict[str, object]) -> None:
    assert path in [where for where, _ in faults(with_series(quintus, "E", **changes))]


@pytest.mark.parametrize(
    ("which", "changes"),
    [
        ("E", {"authorized": Quantity(0, "IV.B")}),
        ("E", {"dividend_rate": figure("0")}),
        ("E", {"participation": Participation("capped", "2(b)", Fraction(0))}),
        ("E", {"participation": Participation("capped", "2(b)", Fraction(1, 2))}),
        ("A", {"cash_amount": figure("0")}),
    ],
    ids=["nothing authorised", "no dividend", "a cap of nothing", "a cap below a dollar", "no Cash Amount"],
)
def test_what_may_be_nothing_is_no_fault(quintus: Charter, which: str, changes: dict[str, object]) -> None:
    assert faults(with_series(quintus, which, **changes)) == []


def test_a_series_may_have_any_other_name(quintus: Charter) -> None:
    """Only the Common's own name is taken, whatever comes after it in the alphabet."""
    found = faults(with_series(quintus, "E", name="seed"))
    assert "series[4].name" not in [where for where, _ in found]


@pytest.mark.parametrize("common", [39_999_999, 40_000_001])
def test_classes_that_do_not_add_up(quintus: Charter, common: int) -> None:
    authorized = replace(quintus.authorized, common=Quantity(common, "IV.A"))
    assert [where for where, _ in faults(replace(quintus, authorized=authorized))] == ["authorized.total.value"]


def test_faults_are_told_in_the_order_of_series_tiers_totals_and_names(quintus: Charter) -> None:
    assert quintus.board is not None
    tampered = replace(
        with_series(quintus, "A", dividend_rate=figure("-1")),
        board=replace(quintus.board, senior_series=("X",)),
        authorized=replace(quintus.authorized, total=Quantity(1, "IV.A")),
        liquidation_tiers=(),
    )
    assert [where for where, _ in faults(tampered)] == [
        "series[0].dividend_rate.value",
        "liquidation_tiers",
        "authorized.total.value",
        "board.senior_series",
    ]


@pytest.mark.parametrize(
    "tiers",
    [
        (("F",), ("A", "B", "C", "D")),
        (("E",), ("A", "B", "C", "D")),
        (("F",), ("A", "B", "C", "D", "E", "F")),
        (("F",), ("A", "B", "C", "D", "E", "G")),
        (("F", "A"), ("B", "C", "D", "E")),
    ],
    ids=["one left out", "the last one left out", "one twice", "an unknown one", "the electing class apart"],
)
def test_faults_of_the_tiers(quintus: Charter, tiers: tuple[tuple[str, ...], ...]) -> None:
    tampered = replace(quintus, liquidation_tiers=tuple(Tier(series, "2(a)") for series in tiers))
    assert [where for where, _ in faults(tampered)] == ["liquidation_tiers"]


def test_an_election_needs_electing_series_and_they_need_it(quintus: Charter) -> None:
    without_election = replace(quintus, class_election=None)
    assert [where for where, _ in faults(without_election)] == ["class_election"]
    nobody = replace(
        quintus,
        series=tuple(replace(s, conversion=ConversionRight("none", "3(a)"), cash_amount=None) for s in quintus.series),
    )
    assert [where for where, _ in faults(nobody)] == ["class_election"]
    assert faults(replace(nobody, class_election=None)) == []


def test_a_fault_is_one_sentence(quintus: Charter) -> None:
    for changes in E.values():
        for _, sentence in faults(with_series(quintus, "E", **changes)):
            assert sentence.endswith(".")
            assert "\n" not in sentence


def test_terms_are_frozen(quintus: Charter) -> None:
    series: Series = quintus.series[0]
    with pytest.raises(AttributeError):
        series.name = "Z"  # type: ignore[misc]


def test_what_names_a_series_that_there_is_not(quintus: Charter) -> None:
    assert quintus.antidilution is not None
    assert quintus.approvals is not None
    assert quintus.board is not None
    changes = {
        "antidilution": replace(quintus.antidilution, plans_approved_before="Z", plan_approval_series=("A", "Y")),
        "board": replace(quintus.board, senior_series=("X",)),
    }
    found = faults(replace(quintus, **changes))  # type: ignore[arg-type]
    assert [path for path, _ in found] == [
        "antidilution.plans_approved_before",
        "antidilution.plan_approval_series",
        "board.senior_series",
    ]
    assert found[0][1] == "There is no series Z."


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(part, (*path, key))
    else:
        yield path, value


def _shipped() -> dict[str, Any]:
    return tomllib.loads((ROOT / "reference/charters/quintus-1999.toml").read_text())


FIGURES = [path for path, _ in _leaves(_shipped()) if path[-1] in ("value", "cap")]
DATES = [path for path, _ in _leaves(_shipped()) if path[-1] in ("dated", "issued")]
WORDS = [path for path, _ in _leaves(_shipped()) if path[-1] not in ("value", "cap", "strict", "adjusted_numerator")]


def _with(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    changed = _shipped()
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


@pytest.mark.parametrize("value", [-1, "-1/3", "banana"])
@pytest.mark.parametrize("path", FIGURES, ids=str)
def test_every_figure_has_its_range(path: tuple[str | int, ...], value: object) -> None:
    with pytest.raises(Refusal):
        load(_with(path, value))


@pytest.mark.parametrize("value", ["banana", "1999-02-29", "1999-8-24", "19990824"])
@pytest.mark.parametrize("path", DATES, ids=str)
def test_every_date_is_one(path: tuple[str | int, ...], value: str) -> None:
    with pytest.raises(Refusal, match=str(path[-1])):
        load(_with(path, value))


@pytest.mark.parametrize("path", WORDS, ids=str)
def test_no_word_and_no_clause_is_empty(path: tuple[str | int, ...]) -> None:
    with pytest.raises(Refusal):
        load(_with(path, ""))


def test_thresholds_and_shares_are_parts_of_the_whole() -> None:
    for path in FIGURES:
        if "threshold" in path or path[:2] in ((("board", "senior_share_in_shift")), ("approvals", "series_majority")):
            with pytest.raises(Refusal):
                load(_with(path, "101/100"))
