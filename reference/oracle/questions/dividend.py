"""The question `dividend`: what a dividend comes to, and whether it may be declared so (1(a))."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated

from msgspec import Meta

from reference import history
from reference.charter import COMMON
from reference.distributions import Payable, totals_by_class, totals_by_holder
from reference.dividends import (
    Declared,
    DividendYear,
    Gate,
    Review,
    accrual_rate,
    allocate,
    declared_in,
    dividend_year,
    entitlements,
    full_amounts,
    listed_rate,
    review,
    share_rateably,
    total_of,
)
from reference.events import DeclareDividend
from reference.oracle.amounts import show
from reference.oracle.documents import Amount, Document
from reference.oracle.names import class_named
from reference.oracle.positions import amount, not_negative, series_named
from reference.oracle.refusals import Refusal
from reference.oracle.replies import Amounts, ClassAmounts, Reply, Step, Text
from reference.position import NOTHING, Number
from reference.readings import CommonGateStage, Readings, Year

ByClass = Annotated[dict[str, Amount], Meta(description="$/share by class.")]
Month = Annotated[int, Meta(ge=1, le=12)]


class DividendQuestion(Document, frozen=True, tag_field="question", tag="dividend"):
    """Ask about a dividend: one that is declared, or how to divide the year's dividends."""

    on: Annotated[date, Meta(description="The day of the declaration.")]
    declare: Annotated[ByClass | None, Meta(description="To be declared, $/share by class.")] = None
    total: Annotated[Amount | None, Meta(description="The year's dividends on all classes, $.")] = None
    pool: Annotated[Amount | None, Meta(description="The year's dividends on the Preferred, $.")] = None
    payable: Annotated[Payable | None, Meta(description="What the Common is paid in; left out: cash.")] = None
    issued: Annotated[dict[str, date] | None, Meta(description="When a series was issued, if in the year.")] = None
    fiscal_month: Annotated[Month | None, Meta(description="In which the fiscal year starts.")] = None
    part_of_year: Annotated[Amount, Meta(description="What the Common's dividends are for, above 0 to 1.")] = 1


class YearReply(Reply, frozen=True):
    """Hold the first and the last day of the dividend year."""

    first: date
    last: date


class GateReply(Reply, frozen=True):
    """Say whether a dividend on the Common may be declared.

    required: what every share of each outstanding series must have had in the year, $/share; declared: what the share
    that falls shortest of it has, or was paid where the reading asks for that (AMB-133, AMB-134).
    """

    allowed: bool
    exempt: bool
    required: Amounts
    declared: Amounts
    short: list[str]


class ConformityReply(Reply, frozen=True):
    """Say whether the year's dividends on the Preferred are shared as they must be.

    rateable: whether they must be shared rateably; declared: $/share in the year; schedule: the same money
    shared rateably; out_of_proportion: the days of declarations that are not rateable by themselves.
    """

    conforms: bool
    rateable: bool
    declared: Amounts
    schedule: Amounts
    out_of_proportion: list[date]


class DividendAnswer(Reply, frozen=True, tag_field="question", tag="dividend"):
    """Say what a dividend comes to, $ and $/share.

    full: the full preferential dividends of the year, $/share by series; entitled: these, raised where dividends
    on other shares raise them; accrual_rates: at which undeclared dividends accrue, $/share per year (AMB-17).
    """

    year: YearReply
    full: Amounts
    entitled: Amounts
    accrual_rates: Amounts
    by_class: dict[str, ClassAmounts]
    by_holder: Amounts
    distributed: Text
    undistributed: Text
    gate: GateReply | None
    conformity: ConformityReply | None


Question = DividendQuestion
Answer = DividendAnswer

CHOICES = ("declare", "total", "pool")
"""What the question may give, one of them."""


@dataclass(frozen=True)
class Outcome:
    """Hold what an answer is written from.

    before: declared earlier in the year, $/share by class; per_share: the dividend, $/share by class; common: the
    year's dividends on the Common, $/share.
    """

    year: DividendYear
    full: Mapping[str, Fraction]
    before: Mapping[str, Fraction]
    per_share: Mapping[str, Fraction]
    common: Fraction
    part_of_year: Fraction
    undistributed: Fraction = NOTHING
    fraction: Fraction | None = None
    gate: Gate | None = None
    reviewed: Review | None = None


def answer(
    ask: DividendQuestion, state: history.State, readings: Readings
) -> tuple[DividendAnswer, list[str], list[Step]]:
    """Answer with the amounts, the gate and the conformity of the year.

    Raise Refusal where the question does not give exactly one dividend, or a fact that a reading needs.
    """
    choice = _choice(ask)
    as_of = state.position.as_of
    if as_of is not None and ask.on < as_of:
        raise Refusal("contradiction", "ask.on", "cannot be before the position or its last event.")
    if readings.year is Year.FISCAL and ask.fiscal_month is None:
        raise Refusal("missing_field", "ask.fiscal_month", "is required under the reading year = fiscal.")
    # Declared in the course of the day, before what converts at its close.
    then = history.at(history.in_course_of(state, ask.on), ask.on, readings)
    year = dividend_year(readings, ask.on, ask.fiscal_month)
    part = amount(ask.part_of_year, "ask.part_of_year")
    if not 0 < part <= 1:
        raise Refusal("out_of_range", "ask.part_of_year", "is a part of the whole year, above 0 and at most 1.")
    found = _outcome(choice, ask, then, readings, year, part)
    return _reply(then, readings, found), [*_notes(choice, then, found, readings)], [*_steps(then, found)]


def _choice(ask: DividendQuestion) -> str:
    given = [name for name in CHOICES if getattr(ask, name) is not None]
    if not given:
        raise Refusal("missing_field", "ask.declare", "is required, or total or pool instead.")
    if len(given) > 1:
        raise Refusal("given_twice", f"ask.{given[1]}", f"cannot be given together with {given[0]}.")
    if ask.payable is not None and given[0] != "declare":
        raise Refusal("contradictory_choice", "ask.payable", f"says nothing about {given[0]}.")
    return given[0]


def _issued(ask: DividendQuestion, state: history.State) -> dict[str, date]:
    """Return when each series was issued: its Purchase Date in the history, or what the question says."""
    known = {name: day for name, day in state.prices.purchase_dates.items() if day is not None and day <= ask.on}
    for name, day in (ask.issued or {}).items():
        path = f"ask.issued.{name}"
        series_named(name, state.position.charter, path)
        if day > ask.on:
            raise Refusal("contradiction", path, "cannot be after the day of the dividend.")
    return {**known, **(ask.issued or {})}


def _outcome(
    choice: str, ask: DividendQuestion, state: history.State, readings: Readings, year: DividendYear, part: Fraction
) -> Outcome:
    position, issued = state.position, _issued(ask, state)
    full = full_amounts(position, readings, year, issued)
    before = declared_in(year, (*state.declared, *state.pending))
    if choice == "pool":
        shared = share_rateably(position, full, not_negative(ask.pool or 0, "ask.pool"))
        common = before.get(COMMON, NOTHING)
        return Outcome(year, full, before, shared.per_share, common, part, shared.excess, shared.fraction)
    if choice == "total":
        divided = allocate(position, readings, full, not_negative(ask.total or 0, "ask.total"), part)
        return Outcome(year, full, before, divided.per_share, divided.per_share[COMMON], part, divided.undistributed)
    per_share = {
        class_named(name, position.charter, f"ask.declare.{name}"): not_negative(value, f"ask.declare.{name}")
        for name, value in (ask.declare or {}).items()
    }
    own = DeclareDividend(ask.on, per_share, ask.fiscal_month, part)
    pending = [Declared(each.on, each.per_share, position.shares) for each in state.pending]
    declarations = (*state.declared, *pending, Declared(ask.on, per_share, position.shares))
    common = declared_in(year, declarations).get(COMMON, NOTHING)
    gate = None
    if per_share.get(COMMON, NOTHING) > 0:
        gate = history.common_gate(state, own, readings, ask.payable or "cash", ask.issued or {})
    reviewed = review(readings, full, year, declarations)
    return Outcome(year, full, before, per_share, common, part, gate=gate, reviewed=reviewed)


def _reply(state: history.State, readings: Readings, found: Outcome) -> DividendAnswer:
    position = state.position
    entitled = entitlements(position, readings, found.full, found.common, found.part_of_year)
    rates = {
        series.name: accrual_rate(position, readings, series, found.common, found.part_of_year)
        for series in position.charter.series
    }
    per_share = dict.fromkeys((*found.full, COMMON), NOTHING) | dict(found.per_share)
    by_class = {
        name: ClassAmounts(show(total), show(per_share[name]) if position.shares.get(name, 0) else None)
        for name, total in totals_by_class(position, per_share).items()
    }
    return DividendAnswer(
        year=YearReply(found.year.first, found.year.last),
        full=_shown(found.full),
        entitled=_shown(entitled),
        accrual_rates=_shown(rates),
        by_class=by_class,
        by_holder=_shown(dict(sorted(totals_by_holder(position.holdings, per_share).items()))),
        distributed=show(total_of(position, per_share)),
        undistributed=show(found.undistributed),
        gate=None if found.gate is None else gate_reply(found.gate),
        conformity=None if found.reviewed is None else _conformity(found.reviewed),
    )


def _shown(amounts: Mapping[str, Number]) -> Amounts:
    return {name: show(each) for name, each in amounts.items()}


def gate_reply(gate: Gate) -> GateReply:
    """Return what is told of a dividend on the Common (1(a), AMB-10)."""
    return GateReply(gate.allowed, gate.exempt, _shown(gate.required), _shown(gate.had), list(gate.short))


def _conformity(found: Review) -> ConformityReply:
    days = [declaration.on for declaration in found.out_of_proportion]
    return ConformityReply(found.conforms, found.short, _shown(found.totals), _shown(found.schedule), days)


def _steps(state: history.State, found: Outcome) -> Iterator[Step]:
    position = state.position
    says = f"The dividend year is {found.year.first} to {found.year.last}."
    yield Step("1(a)", "year", says, amounts={"days": show(found.year.days)})
    held = [series for series in position.charter.series if position.shares.get(series.name, 0)]
    for series in held:
        amounts = {"rate": listed_rate(position, series), "full": found.full[series.name]}
        says = f"{series.name} has its full preferential dividend for the year."
        yield Step(series.dividend_rate.clause, "full_amount", says, series.name, _shown(amounts))
    if found.gate is not None:
        yield from gate_steps(found.gate)
    if found.reviewed is not None:
        yield from _review_steps(found.reviewed, [series.name for series in held])
    if found.fraction is not None:
        amounts = {"fraction": found.fraction, "owed": total_of(position, found.full)}
        yield Step(
            "1(a)", "rateable", "The pool gives each series this part of its full amount.", amounts=_shown(amounts)
        )
    totals = totals_by_class(position, found.per_share)
    for name in (*(series.name for series in held), *([COMMON] if position.common else [])):
        if name in found.per_share:
            paid: dict[str, Number] = {"per_share": found.per_share[name], "paid": totals[name]}
            clause = "IV.C.1" if name == COMMON else "1(a)"
            yield Step(clause, "dividend", f"{name} has this dividend.", name, _shown(paid))
    if found.undistributed:
        amounts = {"undistributed": found.undistributed}
        yield Step("1(a)", "undistributed", "No class can take the rest.", amounts=_shown(amounts))


def gate_steps(gate: Gate) -> Iterator[Step]:
    """Yield why a dividend on the Common may or may not be declared (1(a), AMB-10)."""
    if gate.exempt:
        yield Step("1(a)", "gate", "What the Common is paid in needs no dividend on the Preferred before it.", COMMON)
    for name, required in gate.required.items():
        verb = "has not had" if name in gate.short else "has had"
        amounts = {"required": required, "declared": gate.had[name]}
        yield Step("1(a)", "gate", f"{name} {verb} what comes before the Common.", name, _shown(amounts))


def _review_steps(found: Review, held: list[str]) -> Iterator[Step]:
    if not found.short:
        yield Step("1(a)", "year_review", "The year's dividends on the Preferred need not be shared rateably.")
    for name in held if found.short else ():
        amounts = {"declared": found.totals[name], "rateable": found.schedule[name]}
        says = f"{name}: in a short year all is shared rateably."
        yield Step("1(a)", "year_review", says, name, _shown(amounts))


def gate_notes(gate: Gate, readings: Readings) -> Iterator[str]:
    """Yield that a dividend on the Common may not be declared, if it may not (1(a), AMB-10, AMB-133)."""
    if not gate.allowed:
        paid = readings.common_gate_stage is CommonGateStage.PAID
        must = "be paid more first (1(a), AMB-133)" if paid else "have more first (1(a), AMB-10)"
        yield f"The dividend on the Common may not be declared: {', '.join(gate.short)} must {must}."


def _notes(choice: str, state: history.State, found: Outcome, readings: Readings) -> Iterator[str]:
    if found.gate is not None:
        yield from gate_notes(found.gate, readings)
        totals = {} if found.reviewed is None else found.reviewed.totals
        later = [name for name, had in found.gate.had.items() if had < totals.get(name, NOTHING)]
        if later and readings.common_gate_stage is CommonGateStage.STAGE_BY_STAGE:
            yield f"Some shares of {', '.join(later)} were issued after what others had in the year (1(a), AMB-134)."
    if found.reviewed is not None and not found.reviewed.conforms:
        yield "The year's dividends on the Preferred must be shared rateably and are not (1(a), AMB-08)."
    if choice != "declare" and any(found.before.values()):
        yield "Of these amounts, which are for the whole year, part has been declared already (AMB-121)."
    nobody = [n for n, each in found.per_share.items() if each and not state.position.shares.get(n, 0)]
    if choice == "declare" and nobody:
        yield f"Nobody holds {', '.join(nobody)}: what is declared on it goes to nobody."
    if found.undistributed:
        what = "more than the full preferential amounts" if choice == "pool" else "more than any class can take"
        yield f"{show(found.undistributed)} is {what} (1(a), AMB-121)."
