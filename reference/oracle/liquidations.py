"""The question `liquidation`: who receives what when assets are distributed (2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from reference.charter import COMMON, Charter
from reference.equilibrium import class_elects, election_gains, liquidate
from reference.liquidation import Distribution, Event, by_holder, distribute, is_liquidation
from reference.oracle.amounts import show
from reference.oracle.choices import check_election, converting
from reference.oracle.documents import EventDocument, LiquidationQuestion
from reference.oracle.notes import notes
from reference.oracle.positions import amount, not_negative
from reference.oracle.refusals import Refusal
from reference.oracle.replies import ClassAmounts, LiquidationAnswer, Step
from reference.oracle.trace import because
from reference.position import NOTHING, Holding, Position
from reference.readings import Cents, Exercise, Readings
from reference.rounding import down_to_cents

if TYPE_CHECKING:
    from reference.history import Rights

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
    ask: LiquidationQuestion, position: Position, readings: Readings, rights: Mapping[str, Rights] | None = None
) -> tuple[LiquidationAnswer, list[str], list[Step]]:
    """Answer one liquidation: the amounts, the notes and the reasoning.

    rights: outstanding after a history, which one reading lets their holders exercise. Raise Refusal if a choice
    is not open or the event is no liquidation, NoEquilibriumError where no conversions are stable.
    """
    charter = position.charter
    _check_event(ask.event, charter, readings)
    assets = _assets(ask)
    chosen = converting(ask, charter, readings)
    check_election(ask, charter, chosen)
    in_interest = ask.elect == "in_interest"
    exercised: list[Step] = []
    if rights and readings.exercise is Exercise.IN_THE_MONEY_EQUILIBRIUM:
        position, assets, exercised = _exercised(ask, position, readings, rights, assets, chosen)
    elected = _elected(ask, position, readings, assets.available)
    outcome = settle(position, readings, assets.available, chosen, elected)
    reply = _reply(position, readings, outcome, assets.withheld, chosen is None)
    steps = [*_start(assets), *exercised]
    if in_interest:
        steps.append(_vote(position, readings, assets.available, elected))
    steps += because(position, readings, outcome, chosen is None)
    steps += _end(outcome)
    return reply, notes(ask, position, readings, assets.available, assets.withheld, chosen, outcome), steps


def _elected(ask: LiquidationQuestion, position: Position, readings: Readings, assets: Fraction) -> bool:
    return class_elects(position, readings, assets) if ask.elect == "in_interest" else ask.elect is True


def _exercised(
    ask: LiquidationQuestion,
    position: Position,
    readings: Readings,
    rights: Mapping[str, Rights],
    assets: Assets,
    chosen: frozenset[str] | None,
) -> tuple[Position, Assets, list[Step]]:
    """Return the position and assets after what pays is exercised, each right as a holder of its own (AMB-32b)."""
    from reference.exercise import Option, exercised_in_equilibrium  # a cold answer seldom needs it

    options = [Option(name, own.exercisable, own.exercise_price) for name, own in rights.items() if own.stock == COMMON]
    found = exercised_in_equilibrium(
        position,
        assets.available,
        options,
        lambda then, what: settle(then, readings, what, chosen, _elected(ask, then, readings, what)),
    )
    # Rights may deliver parts of a share after a split; nobody issues them here, and nothing is rounded.
    holders = tuple(Holding(f"rights {own.name}", COMMON, own.shares) for own in found.options)  # type: ignore[arg-type]
    steps = [
        Step(
            "2(b)",
            "exercise",
            f"The rights {own.name} are exercised: a Common share receives more than their price.",
            COMMON,
            {"shares": show(own.shares), "exercise_price": show(own.price), "received": show(own.shares * own.price)},
        )
        for own in found.options
    ]
    more = found.assets - assets.available
    after = Assets(assets.assets + more, assets.noncash, found.assets)
    return replace(found.position, holdings=(*position.holdings, *holders)), after, steps


def settle(
    position: Position, readings: Readings, assets: Fraction, chosen: frozenset[str] | None, elected: bool
) -> Distribution:
    """Distribute assets, $, with the chosen conversions or, with None, those of the equilibrium (2, 3(a))."""
    if chosen is None:
        return liquidate(position, readings, assets, elected)
    return distribute(position, readings, assets, chosen, elected)


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


def _reply(
    position: Position, readings: Readings, outcome: Distribution, withheld: Fraction, in_equilibrium: bool
) -> LiquidationAnswer:
    names = [*(series.name for series in position.charter.series), COMMON]
    totals = {name: outcome.total(name) for name in names}
    per_share = {name: show(outcome.per_share[name]) if position.shares.get(name, 0) else None for name in names}
    exact = by_holder(outcome, position.holdings)
    paid = exact
    if readings.cents is Cents.ROUND_DOWN_RESIDUAL:
        paid = {name: Fraction(down_to_cents(total)) for name, total in exact.items()}
    return LiquidationAnswer(
        by_class={name: ClassAmounts(show(totals[name]), per_share[name]) for name in names},
        by_holder={name: show(paid[name]) for name in sorted(paid)},
        converted=_converted(position, outcome, in_equilibrium),
        elected=outcome.elected,
        per_common_share=None if outcome.undistributed else show(outcome.per_common_share),
        undistributed=show(outcome.undistributed + withheld),
        distributed=show(sum(totals.values(), NOTHING)),
        residual=show(sum(exact.values(), NOTHING) - sum(paid.values(), NOTHING)),
    )


def _converted(position: Position, outcome: Distribution, in_equilibrium: bool) -> dict[str, bool]:
    """Say of each series whether it converts; of one that has no holder to choose, that it does not."""
    idle = {name for name in position.charter.optional if in_equilibrium and not position.shares.get(name, 0)}
    return {s.name: s.name in outcome.converted and s.name not in idle for s in position.charter.series}


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
