"""Who converts, as the question and the readings have it: section 3(a) around a liquidation."""

from __future__ import annotations

from collections.abc import Mapping

from reference.charter import COMMON, Charter
from reference.oracle.documents import Question
from reference.oracle.positions import series_named
from reference.oracle.refusals import Refusal
from reference.position import NOTHING, Position
from reference.readings import AdElection, CapMode, EfConversion, Exercise, Readings

MAX_SETS_OF = 12
"""The most optional series of which every set is tried, as the readings of AMB-19 besides the default demand."""


def converting(ask: Question, position: Position, readings: Readings) -> frozenset[str] | None:
    """Return the series that convert by choice, or None where the equilibrium decides (3(a), AMB-22).

    Raise Refusal for a series that cannot convert so, and where the readings leave the choice to the question
    or exclude it.
    """
    charter = position.charter
    chosen = _default(charter, readings) if ask.conversions is None else ask.conversions
    if isinstance(chosen, dict):
        carried = ask.elect is True or position.elected
        return _named(chosen, charter, carried and readings.ad_election is AdElection.UNLOCK_INDIVIDUAL)
    if chosen == "as_held":
        return frozenset()
    _check_equilibrium(charter, readings)
    return None


def _default(charter: Charter, readings: Readings) -> str | dict[str, bool]:
    if readings.ef_conversion is EfConversion.EQUILIBRIUM:
        return "equilibrium"
    if readings.ef_conversion is EfConversion.FORCED:
        return dict.fromkeys(charter.optional, True)
    if readings.ef_conversion is EfConversion.GIVEN:
        sentence = "is required under the reading ef_conversion = given."
        raise Refusal("conversions_required", "ask.conversions", sentence)
    return "as_held"


def _check_equilibrium(charter: Charter, readings: Readings) -> None:
    if readings.ef_conversion is EfConversion.DOUBLE_DIP:
        sentence = "cannot be 'equilibrium' under the reading ef_conversion = double_dip, which converts in any case."
        raise Refusal("contradictory_choice", "ask.conversions", sentence)
    if readings.cap_mode is not CapMode.INDIVIDUAL and len(charter.optional) > MAX_SETS_OF:
        sentence = f"has more than {MAX_SETS_OF} series that convert by choice, too many for this reading of the caps."
        raise Refusal("too_many_series", "charter.series", sentence)


def _named(chosen: Mapping[str, bool], charter: Charter, freed: bool) -> frozenset[str]:
    for name in chosen:
        path = f"ask.conversions.{name}"
        series = series_named(name, charter, path)
        if series.conversion.by == "class_election" and not freed:
            sentence = "converts only when its class elects to; use ask.elect."
            raise Refusal("converts_only_by_election", path, sentence, series.conversion.clause)
        if series.conversion.by == "none":
            raise Refusal("not_convertible", path, "has no right to convert.", series.conversion.clause)
    return frozenset(name for name, converts in chosen.items() if converts)


def check_election(ask: Question, charter: Charter, chosen: frozenset[str] | None) -> None:
    """Refuse an election where no class can elect, and a vote in interest where conversions are not chosen (3(a))."""
    if ask.elect is False:
        return
    if charter.class_election is None:
        raise Refusal("no_class_election", "ask.elect", f"needs a class that can elect; {charter.name} has none.")
    if ask.elect == "in_interest" and chosen is not None:
        sentence = "can be 'in_interest' only with ask.conversions = 'equilibrium': a vote weighs what all would do."
        raise Refusal("contradictory_choice", "ask.elect", sentence)


def check_rights(position: Position, readings: Readings) -> None:
    """Refuse to exercise rights over a series with unpaid dividends: what new shares have of these is not said."""
    if readings.exercise is Exercise.GIVEN:
        return
    for own in position.options:
        if own.stock != COMMON and position.declared_dividends.get(own.stock, NOTHING) != 0:
            sentence = f"cannot be told: {own.name} is over {own.stock}, which has unpaid dividends, and nothing says "
            raise Refusal("dividends_unpaid", "ask", f"{sentence}what new shares have of them.", "1(a)")
