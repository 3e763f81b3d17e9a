"""The question `conversion`: what holders get who convert, by choice or by consent (3(a), 3(b), 3(h))."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated

from msgspec import Meta

from reference.cash_amounts import due_date
from reference.charter import COMMON
from reference.conversion import ClassConversion, Count, HolderConversion, current_ratios, election, series_consent
from reference.events import Convert
from reference.history import LONG_AGO, State, converted_by_holder
from reference.oracle.amounts import show
from reference.oracle.documents import Count as CountField
from reference.oracle.documents import Document
from reference.oracle.histories import state_on, steps
from reference.oracle.positions import count, series_named
from reference.oracle.refusals import Refusal
from reference.oracle.replies import Amounts, Reply, Step, Text
from reference.position import NOTHING, Number
from reference.readings import AdElection, Readings
from reference.recapitalization import property_received


class ConversionQuestion(Document, frozen=True, tag_field="question", tag="conversion"):
    """Ask what a holder gets for shares, or what a consent of many holders converts; nothing is changed by it.

    holder, shares: who converts how many shares, by series, at its own option. consents: shares in favour, by
    holder and series: of the series that convert together it is their election, of another that one's consent.
    """

    on: date | None = None
    holder: str | None = None
    shares: dict[str, CountField] | None = None
    consents: dict[str, dict[str, CountField]] | None = None


class ConsentReply(Reply, frozen=True):
    """Say how a consent is counted, in shares or votes; needed: the fewest that suffice."""

    in_favour: Text
    whole: Text
    needed: Text
    carried: bool


class ConvertedReply(Reply, frozen=True):
    """Hold what one holder gives and gets.

    shares: given up, by series; exact: the Common before rounding; common: issued; cash_amounts: owed, $ by
    series; dividends: declared ones that stay a debt, $ by series; property: units in place of the Common.
    """

    shares: Amounts
    exact: Text
    common: Text
    cash_amounts: Amounts
    dividends: Amounts
    property: Amounts


class ConversionAnswer(Reply, frozen=True, tag_field="question", tag="conversion"):
    """Hold what a conversion gives.

    consent: null where a holder converts by choice; ratios: exact Common per share; common: issued in all;
    cash_amounts: owed in all, $; due: their last day; shortfall: Common that is not authorised.
    """

    as_of: date | None
    consent: ConsentReply | None
    ratios: Amounts
    by_holder: dict[str, ConvertedReply]
    common: Text
    cash_amounts: Text
    due: Annotated[date | None, Meta(description="Null if nothing is owed or no date is known (3(c)).")]
    shortfall: Text


Question = ConversionQuestion
Answer = ConversionAnswer


def answer(ask: ConversionQuestion, state: State, readings: Readings) -> tuple[ConversionAnswer, list[str], list[Step]]:
    """Answer with what each holder gets; raise Refusal or Forbidden for what does not convert so or is not held."""
    state = state_on(state, ask.on, readings)
    counted: Count | None = None
    clause = "3(a)"
    if ask.consents is None:
        done: tuple[HolderConversion, ...] = (_by_choice(ask, state, readings),)
    else:
        if ask.holder is not None or ask.shares is not None:
            raise Refusal("given_twice", "ask.consents", "cannot be given together with a holder or shares.")
        found, clause = _by_consent(ask.consents, state, readings)
        counted, done = found.count, found.conversions
    common = sum(own.common for own in done)
    cash = sum((own.cash_total for own in done), NOTHING)
    as_of = state.position.as_of
    reply = ConversionAnswer(
        as_of=as_of,
        consent=None if counted is None else _consent(counted),
        ratios=_ratios(state, readings, done),
        by_holder={own.holder: converted_reply(own, state, readings) for own in done},
        common=show(common),
        cash_amounts=show(cash),
        due=due_date(state.position.charter, as_of) if as_of is not None and cash > 0 else None,
        shortfall=show(_shortfall(state, common)),
    )
    return reply, [*_notes(state, readings, done, counted, common)], [*_steps(state, reply, counted, clause, done)]


def _by_choice(ask: ConversionQuestion, state: State, readings: Readings) -> HolderConversion:
    if ask.holder is None:
        raise Refusal("missing_field", "ask.holder", "is required, or else ask.consents.")
    if not ask.holder:
        raise Refusal("empty_name", "ask.holder", "must name the holder.")
    if ask.shares is None:
        raise Refusal("missing_field", "ask.shares", "is required.")
    shares = _counts(ask.shares, state, "ask.shares")
    on = state.position.as_of or LONG_AGO
    return converted_by_holder(state, Convert(on, ask.holder, shares), readings)


def _by_consent(
    consents: Mapping[str, Mapping[str, str | int]], state: State, readings: Readings
) -> tuple[ClassConversion, str]:
    """Return what a consent converts, and the clause that asks for it."""
    path, charter = "ask.consents", state.position.charter
    read = {holder: _counts(shares, state, f"{path}.{holder}") for holder, shares in consents.items()}
    names = tuple(dict.fromkeys(name for shares in read.values() for name in shares))
    if names and all(name in charter.electing for name in names):
        terms = charter.class_election
        return election(state.position, readings, read), "3(a)" if terms is None else terms.threshold.clause
    if len(names) != 1:
        sentence = "must be of the series that convert together, or of one other series; each consent is one question."
        raise Refusal("contradictory_choice", path, sentence)
    (name,) = names
    in_favour = {holder: shares[name] for holder, shares in read.items() if name in shares}
    threshold = charter.series_named(name).conversion_consent
    found = series_consent(state.position, readings, name, in_favour)
    return found, "3(b)" if threshold is None else threshold.clause


def _counts(given: Mapping[str, str | int], state: State, path: str) -> dict[str, int]:
    found = {}
    for name, shares in given.items():
        series_named(name, state.position.charter, f"{path}.{name}")
        found[name] = count(shares, f"{path}.{name}")
    return found


def _consent(counted: Count) -> ConsentReply:
    return ConsentReply(show(counted.in_favour), show(counted.whole), show(counted.needed), counted.carried)


def converted_reply(own: HolderConversion, state: State, readings: Readings) -> ConvertedReply:
    """Return what one conversion gives its holder, as an answer has it."""
    units = property_received(state.position, readings, own.shares, state.property) if state.property else {}
    return ConvertedReply(
        shares=_shown(own.shares),
        exact=show(own.exact),
        common=show(own.common),
        cash_amounts=_shown(own.cash),
        dividends=_shown(own.dividends),
        property=_shown(units),
    )


def _shown(amounts: Mapping[str, Number]) -> Amounts:
    return {name: show(amount) for name, amount in amounts.items()}


def _ratios(state: State, readings: Readings, done: Iterable[HolderConversion]) -> Amounts:
    names = tuple(dict.fromkeys(name for own in done for name in own.shares))
    return _shown(current_ratios(state.position, readings, names))


def _shortfall(state: State, common: Number) -> Number:
    return max(0, state.position.common + common - state.position.charter.authorized.common.value)


def conversion_steps(done: Iterable[HolderConversion], ratios: Mapping[str, Text], clause: str) -> Iterator[Step]:
    """Yield how each holder's conversion comes about: the Common, rounded once, and what is owed besides."""
    for own in done:
        for name, shares in own.shares.items():
            amounts = {"shares": show(shares), "ratio": ratios[name]}
            yield Step(clause, "ratio", f"{own.holder} gives up {name} for so much Common a share.", name, amounts)
        amounts = {"exact": show(own.exact), "common": show(own.common)}
        yield Step("3(h)", "rounding", f"The Common of {own.holder} is a whole number of shares.", COMMON, amounts)
        for name, owed in own.cash.items():
            says = f"{own.holder} is owed the Cash Amount of {name}."
            yield Step(clause, "cash_amount", says, name, {"owed": show(owed)})
        for name, owed in own.dividends.items():
            says = f"The declared dividends on {name} stay owed to {own.holder}."
            yield Step("1(a)", "dividends", says, name, {"owed": show(owed)})


def _steps(
    state: State, reply: ConversionAnswer, counted: Count | None, clause: str, done: tuple[HolderConversion, ...]
) -> Iterator[Step]:
    yield from steps(state)
    if counted is not None:
        amounts = {"in_favour": show(counted.in_favour), "whole": show(counted.whole), "needed": show(counted.needed)}
        says = "The consent suffices." if counted.carried else "The consent does not suffice; nothing converts."
        yield Step(clause, "consent", says, amounts=amounts)
    yield from conversion_steps(done, reply.ratios, clause)


def _notes(
    state: State,
    readings: Readings,
    done: tuple[HolderConversion, ...],
    counted: Count | None,
    common: Number,
) -> Iterator[str]:
    short = _shortfall(state, common)
    if short > 0:
        yield f"The authorised Common is {show(short)} shares short: it must be increased first (IV.A, 3(i))."
    if counted is not None and not counted.carried:
        yield "The consent does not suffice: nothing converts."
    drags = readings.ad_election is AdElection.DRAG_ALL
    if counted is not None and counted.carried and not drags and any(own.cash for own in done):
        yield "Under ad_election = unlock_individual only those convert who consented (AMB-33)."
    for own in done:
        if own.common == 0 and own.exact > 0:
            yield f"The Common of {own.holder} rounds to no share, and nothing is paid in its place (3(h), AMB-77)."
    if any(sum(own.dividends.values(), Fraction(0)) for own in done):
        yield "Declared dividends on converted E or F stay a debt to their former holders (AMB-37)."
    if state.property:
        yield "The Common has become other property: a holder receives that in place of Common (3(f), AMB-75)."
