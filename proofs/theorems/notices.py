"""Theorems about section 4: which records need a notice, its last day, and who must be mailed one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.days import LAST, day, number_of
from proofs.explorer import Unknown
from proofs.statements import account_claim, agreement, checked, numbers, sentence, theorem, totality, whole
from proofs.study import Study
from proofs.subjects import DEFAULTS, bounded
from proofs.views import Claim, Subject, View, parts
from reference import notices
from reference.charter import COMMON, Charter
from reference.notices import RecordKind
from reference.position import Holding, Position
from symbolic import notices as closed
from symbolic.account import Account
from symbolic.liquidation import Case
from symbolic.symbols import held

RECORD, MAILED_ON = Unknown("record"), Unknown("mailed_on")
FIRST = 1
"""The number of the first day that there is, in the year 1."""

DAYS = 20
"""So many days before the record a notice must be mailed at the latest (4)."""

SUCH_A_DAY = Hypothesis("The last day does not lie before the year 1.", lambda v: v.inputs["record"] - DAYS >= FIRST)

KINDS: tuple[RecordKind, ...] = get_args(RecordKind)
HOLDERS = (1, 2)
HELD = ("A", "F", COMMON)
RECIPIENTS = "who must be mailed a notice, of two holders"


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    return (timely_study(charter), recipients_study(charter))


# When


def label(kind: RecordKind, mailed: bool) -> str:
    """Name the subject that is a record of a kind."""
    return f"a record for {kind.replace('_', ' ')}, {'a notice mailed' if mailed else 'no notice mailed'}"


def timely_study(charter: Charter) -> Study:
    """Return the study of the last day for a notice and of whether one was in time."""
    subjects = tuple(_record(charter, kind, mailed) for kind in KINDS for mailed in (True, False))
    agrees = [_agrees(charter, kind, mailed) for kind in KINDS for mailed in (True, False)]
    return Study("notices in time", subjects, (*agrees, *_bounds()), weight=1)


def _record(charter: Charter, kind: RecordKind, mailed: bool) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        record, on = day(v["record"]), day(v["mailed_on"]) if mailed else None
        needed = notices.needs_notice(charter, kind)
        latest = notices.latest_mailing(charter, record) if needed else None
        found = {"needs_notice": needed, "is_timely": notices.is_timely(charter, kind, record, on)}
        return found if latest is None else {**found, "latest": number_of(latest)}

    unknowns = (RECORD, MAILED_ON) if mailed else (RECORD,)
    seeds = [numbers(record=730000, mailed_on=730000 - days) for days in (DAYS, 1)]
    seeds.append(numbers(record=FIRST + 1, mailed_on=FIRST))
    terms = [u.term for u in unknowns]
    given = tuple({u.name: seed[u.name] for u in unknowns} for seed in seeds)
    return bounded(
        label(kind, mailed),
        function,
        unknowns,
        given,
        more=(*whole(*terms), *(bound for term in terms for bound in (term >= FIRST, term <= LAST))),
    )


def _agrees(charter: Charter, kind: RecordKind, mailed: bool) -> PathCheck:
    account = Account()
    closed.notice(Case(charter, DEFAULTS), account, holders=0)
    facts = {
        closed.MAILED: int(mailed),
        closed.FOR_CASH: int(kind == "cash_dividend"),
        closed.TO_RECEIVE: int(kind != "vote"),
    }
    outputs = account_claim([replace(own, expression=own.expression.subs(facts)) for own in account.definitions])

    def claim(view: View) -> list[z3.BoolRef]:
        there_is_none = view.inputs["record"] - DAYS < FIRST
        if "raised" in view.structure:
            return [there_is_none, z3.BoolVal(kind not in ("cash_dividend", "vote"))]
        listed = parts(outputs(view))
        return [*listed, z3.Not(there_is_none)] if "latest" in view.outcome else listed

    name = f"notices.equivalence_{kind}_{'mailed' if mailed else 'not_mailed'}"
    words = f"{sentence(label(kind, mailed))}: every output of the code is that of the closed form, and it is refused"
    stated = theorem(name, "", f"{words} exactly if the last day would lie before the year 1.", "4")
    return PathCheck(stated, claim, labels=(label(kind, mailed),), covers_all=True, judges_raising=True)


def _bounds() -> tuple[PathCheck, ...]:
    dividend = label("other_dividend", True)
    return (
        checked(
            theorem(
                "notices.in_time_means_twenty_days",
                "",
                "Where one is needed, a notice is in time exactly if mailed twenty days or more before the record.",
                "4",
            ),
            _days_between(DAYS),
            SUCH_A_DAY,
            labels=(dividend,),
            neighbours=(Neighbour("nineteen days are enough", claim=_days_between(DAYS - 1)),),
        ),
    )


def _days_between(days: int) -> Claim:
    def claim(view: View) -> z3.BoolRef:
        enough = view.inputs["record"] - view.inputs["mailed_on"] >= days
        return enough == z3.BoolVal(bool(view.structure["is_timely"]))

    return claim


# To whom


def recipients_study(charter: Charter) -> Study:
    """Return the study of who must be mailed a notice."""
    account = Account()
    closed.notice(Case(charter, DEFAULTS), account, holders=len(HOLDERS))
    others = [series.name for series in charter.series if series.name not in HELD]
    zero = {held(holder, name): 0 for holder in HOLDERS for name in others}
    gets = [
        replace(own, expression=own.expression.subs(zero))
        for own in account.definitions
        if own.name.startswith("gets_")
    ]
    agrees = agreement("notices.recipients_equivalence", sentence(RECIPIENTS), (RECIPIENTS,), account_claim(gets), "4")
    total = totality("notices.recipients_totality", sentence(RECIPIENTS), (RECIPIENTS,), "4")
    return Study("recipients of notices", (_recipients(charter),), (agrees, total, _common_alone()), weight=1)


def _recipients(charter: Charter) -> Subject:
    unknowns = tuple(Unknown(f"h_{holder}_{name}") for holder in HOLDERS for name in HELD)

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        holdings = tuple(Holding(str(h), name, v[f"h_{h}_{name}"]) for h in HOLDERS for name in HELD)
        found = notices.recipients(Position(charter, {}, holdings=holdings))
        return {f"gets_{holder}": str(holder) in found for holder in HOLDERS}

    seeds = tuple(numbers(**{u.name: int(u.name.startswith(start)) for u in unknowns}) for start in ("h_1", "h_2", "x"))
    return bounded(RECIPIENTS, function, unknowns, seeds)


def _common_alone() -> PathCheck:
    def claim(view: View) -> list[z3.BoolRef]:
        return [
            z3.Implies(
                z3.And(*(view.inputs[f"h_{holder}_{name}"] == 0 for name in HELD if name != COMMON)),
                z3.BoolVal(not view.structure[f"gets_{holder}"]),
            )
            for holder in HOLDERS
        ]

    stated = theorem("notices.common_alone_gets_none", "", "A holder of Common alone need not be mailed a notice.", "4")
    return checked(stated, claim, labels=(RECIPIENTS,))
