"""Comparison: numbers as they are written, in each mode; what is missing or too much differs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec
import pytest

from reference.oracle.answers import answer_document
from reference.oracle.questions import MODULES
from reference.oracle.seeded import drawn
from reference.oracle.verify.comparison import (
    EXACTLY,
    Mode,
    beyond,
    compared_fields,
    differences,
    mode_named,
)
from symbolic.outputs import FIELDS

ANSWER = {"by_class": {"common": "2"}, "by_holder": {"ann": "20", "bob": "1/3"}, "total": "61/3", "motion": None}
CENT = mode_named("cent")


def found(told: Any, mode: Mode = EXACTLY) -> list[str]:
    return [own.says for own in beyond(differences("votes", ANSWER, told), mode)]


@pytest.mark.parametrize("written", ["20", 20, "20.00", "40/2", "2e1"])
def test_a_number_may_be_written_in_any_exact_form(written: Any) -> None:
    assert found({**ANSWER, "by_holder": {"ann": written, "bob": "1/3"}}) == []


@pytest.mark.parametrize("written", ["20.001", 21, "twenty", None, True, [20], {}, 20.0, "20/0", "", " 20", "1e9999"])
def test_what_is_not_that_number_differs(written: Any) -> None:
    assert len(found({**ANSWER, "by_holder": {"ann": written, "bob": "1/3"}})) == 1


def test_what_is_missing_or_too_much_differs() -> None:
    assert found({**ANSWER, "by_holder": {"ann": 20}}) == ["by_holder.bob: 1/3 expected, nothing told"]
    more = {**ANSWER, "by_holder": {"ann": 20, "bob": "1/3", "zoe": "1"}}
    assert found(more) == ["by_holder.zoe: nothing expected, 1 told"]
    assert found({**ANSWER, "by_holder": {"ann": 20, "bob": "1/3", "zoe": "0"}}) == []
    assert found({**ANSWER, "remark": "a field of the tool's own"}) == []
    for nothing in ({}, [], None, "20", 7):
        assert found(nothing) != []


@pytest.mark.parametrize(
    ("mode", "written", "agrees"),
    [
        ("cent", 0.33, True),
        ("cent", "0.338", True),
        ("cent", "0.3384", False),
        ("cent", 0.34, False),
        ("relative:1e-3", "0.3336", True),
        ("relative:1e-3", "0.3337", False),
        ("exact", 0.333333, False),
    ],
)
def test_modes(mode: str, written: Any, agrees: bool) -> None:
    told = {**ANSWER, "by_holder": {"ann": 20, "bob": written}}
    assert (found(told, mode_named(mode)) == []) is agrees


def test_half_a_cent_is_the_most() -> None:
    assert CENT.agree(Fraction(1), Fraction("1.005"))
    assert not CENT.agree(Fraction(1), Fraction("1.0050000001"))


@pytest.mark.parametrize(
    "text", ["", "cents", "relative", "relative:", "relative:2", "relative:-1", "exact:1", "relative:x"]
)
def test_a_mode_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="is no mode"):
        mode_named(text)


def test_words_yes_and_no_have_to_be_the_same() -> None:
    answer = {"needed": True, "latest_mailing": "1999-08-14", "timely": None, "recipients": ["ann", "bob"]}
    assert differences("notice", answer, dict(answer)) == []
    assert differences("notice", answer, {k: v for k, v in answer.items() if v is not None}) == []
    for name, told in (
        ("needed", "true"),
        ("needed", 1),
        ("latest_mailing", "1999-08-15"),
        ("timely", False),
        ("recipients", ["ann"]),
        ("recipients", ["bob", "ann"]),
        ("recipients", "ann"),
    ):
        assert len(beyond(differences("notice", answer, {**answer, name: told}), CENT)) == 1, (name, told)


def test_only_declared_fields() -> None:
    assert compared_fields("votes", ["by_*"]) == ("by_class.*", "by_holder.*")
    assert compared_fields("votes", ["by_owner.*"]) == ()
    assert differences("votes", ANSWER, {"by_class": {"common": 2}}, ("by_class.*",)) == []
    assert compared_fields("breakpoints", ["breakpoints[].assets"]) == ("breakpoints[].assets",)


def test_rows_without_an_order_may_come_in_any() -> None:
    for number in range(40):
        document = drawn("breakpoints", 5, number)
        answer = msgspec.to_builtins(answer_document(document).answer)
        assert differences("breakpoints", answer, {"breakpoints": answer["breakpoints"][::-1]}) == []


@pytest.mark.parametrize("question", MODULES)
def test_every_field_that_is_compared_can_differ(question: str) -> None:
    seen: set[str] = set()
    for number in range(80):
        answer = msgspec.to_builtins(answer_document(drawn(question, 11, number)).answer)
        assert differences(question, answer, answer) == []
        seen.update(own.field for own in differences(question, answer, {}))
    assert seen >= {field for field in FIELDS[question] if "[]" not in field and "*" not in field}
