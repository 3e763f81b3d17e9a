"""What rests on a lemma that is not proved is not proved."""

from __future__ import annotations

from dataclasses import replace

from proofs.lemmas import settled, with_lemmas
from proofs.results import Result, Verdict
from tests.proofs.toys import theorem


def result(name: str, verdict: Verdict, *rests_on: str) -> Result:
    """Return the result of a theorem that rests on others."""
    return Result(
        replace(theorem(name=f"toy.{name}"), rests_on=tuple(f"toy.{other}" for other in rests_on)), verdict, 1, ()
    )


def verdicts(*results: Result) -> dict[str, str]:
    return {found.theorem.id.removeprefix("toy."): found.verdict.value for found in settled(results)}


def test_an_unproved_lemma_opens_what_rests_on_it_however_far() -> None:
    for verdict in (Verdict.UNKNOWN, Verdict.REFUTED, Verdict.VACUOUS, Verdict.ERROR):
        found = verdicts(
            result("top", Verdict.PROVED, "middle"),
            result("middle", Verdict.PROVED, "sound", "lemma"),
            result("sound", Verdict.PROVED),
            result("lemma", verdict),
        )
        assert found == {"top": "UNKNOWN", "middle": "UNKNOWN", "sound": "PROVED", "lemma": verdict.value}


def test_the_reason_names_the_lemma() -> None:
    (top, _) = settled([result("top", Verdict.PROVED, "lemma"), result("lemma", Verdict.UNKNOWN)])
    assert top.detail == "it rests on toy.lemma, which is not proved"
    assert not top.as_expected


def test_proved_lemmas_change_nothing() -> None:
    given = [
        result("top", Verdict.PROVED, "lemma"),
        result("lemma", Verdict.PROVED),
        result("no", Verdict.REFUTED, "top"),
    ]
    assert settled(given) == given


def test_lemmas_are_chosen_with_what_rests_on_them() -> None:
    stated = [
        result(*own).theorem for own in (("a", Verdict.PROVED, "b"), ("b", Verdict.PROVED, "c"), ("c", Verdict.PROVED))
    ]
    assert with_lemmas(["toy.a"], stated) == {"toy.a", "toy.b", "toy.c"}
    assert with_lemmas(["toy.c"], stated) == {"toy.c"}
