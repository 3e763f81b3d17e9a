"""Every section function of the engine runs under the explorer, its amounts unknown; here the remaining ones."""

from __future__ import annotations

import ast
import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import z3

from proofs.explorer import Explored, Unknown, explore
from reference import events, history
from reference.additional_stock import IssueFacts, Plan, Purpose, is_additional_stock, plan_is_excluded
from reference.charter import COMMON, Charter
from reference.distributions import totals_by_class, totals_by_holder
from reference.equilibrium import liquidate
from reference.offering import Offering, offering_size
from reference.position import Holding, Option, Position
from reference.readings import Exercise, Half, IpoSize, Readings
from reference.rounding import down_to_cents, nearest
from reference.voting import total_votes, voting_powers

ROOT = Path(__file__).parents[2]
DEFAULTS = Readings()
DAY = date(1999, 9, 1)


def explored(function: Any, names: str, seed: dict[str, int], *hypotheses: z3.BoolRef) -> Explored:
    """Explore a function of some unknowns, none of them negative, from one seed."""
    unknowns = [Unknown(name) for name in names.split()]
    at_least = [u.term >= 0 for u in unknowns]
    found = explore(
        "sections", function, unknowns, [*at_least, *hypotheses], [{n: Fraction(v) for n, v in seed.items()}]
    )
    assert found.paths != []
    assert found.undecided == []
    return found


def raised(found: Explored) -> set[str | None]:
    return {path.raised for path in found.paths}


def test_rounding() -> None:
    for half in Half:
        assert raised(explored(lambda i, h=half: {"whole": nearest(i["x"], h)}, "x", {"x": 1})) == {None}
    assert raised(explored(lambda i: {"cents": down_to_cents(i["x"])}, "x", {"x": 1})) == {None}


def test_additional_stock(quintus: Charter) -> None:
    dates = {"E": date(1998, 1, 1), "F": date(1999, 1, 1)}
    assert quintus.antidilution is not None

    def decided(inputs: Any) -> dict[str, object]:
        in_favour, others = inputs["f"], inputs["o"]
        plan = Plan(date(1999, 8, 30), {"A": in_favour}, {"A": in_favour + others})
        facts = IssueFacts(Purpose.PLAN, plan=plan)
        excluded = plan_is_excluded(quintus.antidilution, DEFAULTS, plan, dates)  # type: ignore[arg-type]
        return {"excluded": excluded, "counts": is_additional_stock(quintus, DEFAULTS, facts, DAY, "A", COMMON, dates)}

    found = explored(decided, "f o", {"f": 2, "o": 1})
    assert {(path.structure["excluded"], path.structure["counts"]) for path in found.paths} == {
        (True, False),
        (False, True),
    }


def test_exercise(quintus: Charter) -> None:
    in_the_money = Readings(exercise=Exercise.IN_THE_MONEY_EQUILIBRIUM)

    def paid(inputs: Any) -> dict[str, object]:
        options = (Option("one", COMMON, inputs["n"], Fraction(2)),)
        found = liquidate(Position(quintus, {COMMON: inputs["C"]}, options=options), in_the_money, inputs["W"])
        return {"x": found.per_common_share, "exercised": len(found.exercised)}

    found = explored(paid, "W C n", {"W": 9, "C": 2, "n": 1}, z3.Real("C") > 0)
    assert raised(found) == {None}
    assert {path.expected["exercised"] for path in found.paths} == {0, 1}


def test_the_size_of_an_offering() -> None:
    for size in IpoSize:
        readings = Readings(ipo_size=size)

        def sized(inputs: Any, readings: Readings = readings) -> dict[str, object]:
            offering = Offering(inputs["p"], inputs["n"], "firm_commitment", "S-1", inputs["s"], discount=inputs["d"])
            return {"size": offering_size(readings, offering)}

        assert raised(explored(sized, "p n s d", {"p": 9, "n": 2, "s": 1, "d": 1})) == {None}


def test_a_history(quintus: Charter) -> None:
    def folded(inputs: Any) -> dict[str, object]:
        holdings = (Holding("ann", COMMON, inputs["C"]), Holding("eve", "E", inputs["e"]))
        position = Position(
            quintus, {COMMON: inputs["C"], "E": inputs["e"]}, holdings=holdings, as_of=date(1999, 8, 24)
        )
        happened = [
            events.Issue(DAY, COMMON, "cy", inputs["n"], inputs["c"]),
            events.Convert(date(1999, 9, 2), "eve", {"E": inputs["v"]}),
            events.Transfer(date(1999, 9, 3), COMMON, "cy", "ann", inputs["n"]),
        ]
        state = history.fold(history.opening(position, DEFAULTS), happened, DEFAULTS)
        return {"price": state.prices.official["E"], "common": state.position.common}

    table = {"C": 10, "e": 3, "n": 2, "c": 1, "v": 1}
    small = [z3.Real(name) <= 1_000_000 for name in "Cev"]
    found = explored(folded, "C e n c v", table, z3.Real("n") > 0, z3.Real("n") <= 1_000_000, z3.Real("C") > 0, *small)
    # What the history forbids is a path that raises; nothing else does.
    assert raised(found) <= {None, "RefusedEventError"}
    assert None in raised(found)


def test_what_a_state_would_lead_to(quintus: Charter) -> None:
    def asked(inputs: Any) -> dict[str, object]:
        holdings = (Holding("ann", COMMON, inputs["C"]), Holding("eve", "E", inputs["e"]))
        shares = {COMMON: inputs["C"], "E": inputs["e"]}
        position = Position(quintus, shares, holdings=holdings, as_of=date(1999, 8, 24))
        start = history.opening(position, DEFAULTS)
        own = history.converted_by_holder(start, events.Convert(DAY, "eve", {"E": inputs["e"]}), DEFAULTS)
        offering = events.PublicOffering(DAY, inputs["p"], inputs["n"])
        outcome, prices = history.offered(start, offering, DEFAULTS)
        later = history.at(start, DAY, DEFAULTS)
        accrued = history.undeclared(later, {"E": date(1999, 8, 1)}, DEFAULTS)["E"]
        each = {"E": inputs["p"], COMMON: inputs["p"]}
        voting = voting_powers(position, DEFAULTS)
        return {
            "common": own.common,
            "needed": outcome.common_needed,
            "price": prices["E"],
            "accrued": accrued.current_year,
            "ann": totals_by_holder(holdings, each)["ann"],
            "all": totals_by_class(position, each)["E"],
            "votes": voting.preferred + total_votes(position, DEFAULTS),
        }

    table = {"C": 10, "e": 3, "n": 5, "p": 9}
    below = [z3.Real(name) <= 1_000_000 for name in "Cen"]
    above = [z3.Real(name) > 0 for name in "Cenp"]
    assert raised(explored(asked, "C e n p", table, *below, *above)) == {None}


DATES_ONLY = {
    "anniversary",
    "declared_in",
    "dividend_year",
    "due_date",
    "effective_date",
    "ground_of",
    "is_timely",
    "latest_mailing",
    "needs_notice",
    "shares_as_converted",
    "accrued_undeclared",
}
"""Functions whose arguments are dates, words and records, or which multiply one rate by days: no amount decides."""

PLAIN = {"__init__", "charter", "readings", "position", "refusal", "events"}
"""Modules of data."""


def functions() -> dict[str, set[str]]:
    """Return the names that each function of the sections uses, by its own name."""
    found: dict[str, set[str]] = {}
    for file in (ROOT / "reference").glob("*.py"):
        if file.stem not in PLAIN:
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.FunctionDef):
                    used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
                    used |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
                    found[node.name] = found.get(node.name, set()) | used
    return found


def reached() -> set[str]:
    """Return the functions that what is explored calls, in tests or theorems, directly or through others."""
    files = [*(ROOT / "tests/proofs").glob("test_explored*.py"), *(ROOT / "proofs/theorems").glob("*.py")]
    words = {word for file in files for word in re.findall(r"\w+", file.read_text())}
    uses = functions()
    waiting = [name for name in uses if name in words]
    found = set(waiting)
    while waiting:
        for name in uses[waiting.pop()] & set(uses) - found:
            found.add(name)
            waiting.append(name)
    return found


def test_every_public_function_of_a_section_is_explored() -> None:
    public = set()
    for file in (ROOT / "reference").glob("*.py"):
        if file.stem not in PLAIN:
            public |= {node.name for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)}
    missing = {name for name in public if not name.startswith("_")} - reached() - DATES_ONLY
    assert sorted(missing) == []
