"""The question `liquidation`: who receives what when assets are distributed (2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from reference.charter import COMMON, Charter
from reference.equilibrium import class_elects, election_gains, exercised, settle
from reference.liquidation import Distribution, Event, by_holder, is_liquidation
from reference.oracle.amounts import show
from reference.oracle.choices import check_election, check_rights, converting
from reference.oracle.documents import EventDocument, LiquidationQuestion
from reference.oracle.notes import notes
from reference.oracle.positions import amount, not_negative
from reference.oracle.refusals import Refusal
from reference.oracle.replies import ClassAmounts, ExercisedRights, FormerAmounts, LiquidationAnswer, Step
from reference.oracle.trace import because
from reference.payoff import Liquidation, liquidation
from reference.position import NOTHING, Option, Position
from reference.readings import CashPool, CashRank, Cents, Readings
from reference.rounding import down_to_cents

if TYPE_CHECKING:
    from reference.history import State

Question = LiquidationQuestion
Answer = LiquidationAnswer


@dataclass(frozen=True)
class Assets:
    """Hold what there is, $: cash and the like, fair values of the rest (2(d)), and what may be distributed."""

    assets: Fraction
    noncash: Fraction
    available: Fraction

    @property
    def withheld(self) -> Fraction:
        """Return what may not be distributed, $ (AMB-24)."""
        return self.assets + self.noncash - self.available


def answer(
    ask: LiquidationQuestion, position: Position, readings: Readings, state: State | None = None
) -> tuple[LiquidationAnswer, list[str], list[Step]]:
    """Answer one liquidation: the amounts, the notes and the reasoning.

    state: after a history. Raise Refusal if a choice is not open or the event is no liquidation,
    NoEquilibriumError where no conversions are stable.
    """
    charter = position.charter
    _check_event(ask.event, charter, readings)
    assets = _assets(ask)
    chosen = converting(ask, position, readings)
    check_election(ask, charter, chosen)
    check_rights(position, readings)
    in_interest = ask.elect == "in_interest"
    elected = class_elects(position, readings, assets.available) if in_interest else ask.elect is True
    asked = liquidation(position, readings, chosen, elected)
    outcome = settle(asked, assets.available)
    after = exercised(position, outcome.exercised)
    steps = [*_start(assets), *_exercised(outcome)]
    if in_interest:
        steps.append(_vote(position, readings, assets.available, elected))
    steps += because(after, readings, outcome, chosen is None)
    steps += _end(outcome)
    told = notes(ask, asked, assets.available, assets.withheld, outcome)
    return _reply(asked, outcome, assets.withheld, state), told, steps


def _exercised(outcome: Distribution) -> Iterator[Step]:
    for own in outcome.exercised:
        amounts = {"shares": own.shares, "exercise_price": own.price, "received": own.shares * own.price}
        says = f"The rights {own.name} are exercised: a share of {own.stock} receives more than their price."
        yield Step("2(b)", "exercise", says, own.stock, {name: show(amount) for name, amount in amounts.items()})


def _check_event(document: EventDocument | None, charter: Charter, readings: Readings) -> None:
    """Refuse an event that is not a liquidation (2(c))."""
    if document is None:
        return
    path = "ask.event.voting_power_disposed"
    disposed = amount(document.voting_power_disposed, path)
    if not 0 <= disposed <= 1:
        raise Refusal("out_of_range", path, "is a share of the whole, between 0 and 1.")
    if is_liquidation(charter, readings, Event(document.kind, document.counterparty, disposed)):
        return
    clause = charter.deemed_liquidation.clause if charter.deemed_liquidation is not None else "2(c)"
    raise Refusal("not_a_liquidation", "ask.event", f"does not count as a liquidation ({clause}).", clause)


def _assets(ask: LiquidationQuestion) -> Assets:
    assets = not_negative(ask.assets, "ask.assets")
    values = (not_negative(value, f"ask.noncash[{index}]") for index, value in enumerate(ask.noncash))
    noncash = sum(values, NOTHING)
    available = assets + noncash
    if ask.legally_available is not None:
        available = min(available, not_negative(ask.legally_available, "ask.legally_available"))
    return Assets(assets, noncash, available)


def _reply(asked: Liquidation, outcome: Distribution, withheld: Fraction, state: State | None) -> LiquidationAnswer:
    position, readings = asked.position, asked.readings
    names = [*(series.name for series in position.charter.series), COMMON]
    totals = {name: outcome.total(name) for name in names}
    per_share = {name: show(outcome.per_share[name]) if outcome.shares.get(name, 0) else None for name in names}
    exact = _by_holder(position, readings, outcome, state)
    paid = exact
    if readings.cents is Cents.ROUND_DOWN_RESIDUAL:
        paid = {name: Fraction(down_to_cents(total)) for name, total in exact.items()}
    former = outcome.former_cash + outcome.former_dividends
    return LiquidationAnswer(
        by_class={name: ClassAmounts(show(totals[name]), per_share[name]) for name in names},
        by_holder={name: show(paid[name]) for name in sorted(paid)},
        converted=_converted(asked, outcome),
        elected=outcome.elected,
        per_common_share=None if outcome.undistributed else show(outcome.per_common_share),
        undistributed=show(outcome.undistributed + withheld),
        distributed=show(sum(totals.values(), NOTHING) + former),
        residual=show(sum(exact.values(), NOTHING) - sum(paid.values(), NOTHING)),
        earlier_conversions=_earlier(position, outcome),
        exercised={own.name: _of_rights(own, outcome) for own in outcome.exercised} or UNSET,
    )


def _by_holder(
    position: Position, readings: Readings, outcome: Distribution, state: State | None
) -> dict[str, Fraction]:
    """Return what each holder gets, $; one of rights net of what it pays, and one who had converted what is owed."""
    found = by_holder(outcome, position.holdings)
    for own in outcome.exercised:
        found[f"rights {own.name}"] = own.shares * (outcome.per_share[own.stock] - own.price)
    if state is None:
        return found
    if outcome.former_dividends:
        part = outcome.former_dividends / position.owed.dividends
        for holder, debt in state.debts.items():
            found[holder] = found.get(holder, NOTHING) + debt * part
    if outcome.former_cash:
        from reference.cash_amounts import fund  # a cold answer seldom needs it

        if readings.cash_rank is CashRank.PARI_SECOND_TIER:
            readings = replace(readings, cash_pool=CashPool.MERGED)  # a tier is rateable, whatever the day
        for claim, payment in zip(state.cash, fund(state.cash, outcome.former_cash, readings).payments, strict=True):
            found[claim.holder] = found.get(claim.holder, NOTHING) + payment
    return found


def _earlier(position: Position, outcome: Distribution) -> FormerAmounts | UnsetType:
    if not position.owed.cash_amounts and not position.owed.dividends:
        return UNSET
    return FormerAmounts(show(outcome.former_cash), show(outcome.former_dividends))


def _of_rights(own: Option, outcome: Distribution) -> ExercisedRights:
    gross = own.shares * outcome.per_share[own.stock]
    net = gross - own.shares * own.price
    return ExercisedRights(own.stock, show(own.shares), show(own.price), show(gross), show(net))


def _converted(asked: Liquidation, outcome: Distribution) -> dict[str, bool]:
    """Say of each series whether it converts; of one that has no holder to choose, that it does not."""
    choosers = {own.name for own in asked.held if asked.given is None and asked.may_choose(own)}
    idle = {name for name in choosers if not outcome.shares.get(name)}
    return {own.name: own.name in outcome.converted and own.name not in idle for own in asked.held}


def _start(assets: Assets) -> Iterator[Step]:
    yield Step("2(a)", "assets", "These are the assets.", amounts={"assets": show(assets.assets)})
    if assets.noncash:
        says = "What is not cash counts at its fair value."
        yield Step("2(d)", "noncash", says, amounts={"noncash": show(assets.noncash)})
    if assets.withheld:
        amounts = {"available": show(assets.available), "withheld": show(assets.withheld)}
        yield Step("2(a)", "legally_available", "Only what is legally available is distributed.", amounts=amounts)


def _end(outcome: Distribution) -> Iterator[Step]:
    if outcome.undistributed:
        amounts = {"undistributed": show(outcome.undistributed)}
        yield Step("2(b)", "undistributed", "Nobody is left to share the rest.", amounts=amounts)


def _vote(position: Position, readings: Readings, assets: Fraction, elected: bool) -> Step:
    gains = election_gains(position, readings, assets)
    amounts = {f"gain_per_share_{name}": show(gain) for name, gain in gains.items() if position.shares.get(name, 0)}
    says = f"The class of {', '.join(gains)} {'elects' if elected else 'does not elect'} to convert."
    return Step("3(a)", "election", says, amounts=amounts)
