"""Elections and written consents to convert in closed form: sections 3(a) and 3(b).

A consent fails by what is not in favour: it carries unless that is enough to block it. Where it fails, no share
converts, which a factor of zero says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy

from reference.charter import Charter, Series, Threshold
from reference.readings import AdElection, AdMajority
from symbolic.account import Account
from symbolic.algebra import all_of, positive, total
from symbolic.conversion import current_ratios, given, held_by, holder_conversion, offered
from symbolic.liquidation import Case
from symbolic.symbols import Unknown, held, holdings
from symbolic.voting import Tally, enough, least_needed, votes_of


def election(case: Case, account: Account, holders: int) -> None:
    """Record the election of the class that converts together, and what it converts (3(a), AMB-33).

    Every share of the class converts if it carries, or, under one reading, those in favour alone.
    """
    terms = case.charter.class_election
    assert terms is not None
    names = case.charter.electing
    ratios = current_ratios(case, account)

    def votes(series: Series, count: sympy.Expr) -> sympy.Expr:
        return votes_of(case.readings, series, count, ratios[series.name])

    in_votes = case.readings.ad_majority is AdMajority.VOTES
    carried = _counted(case, account, names, holders, terms.threshold, votes if in_votes else _shares)
    drags = case.readings.ad_election is AdElection.DRAG_ALL
    _converted(case, account, names, holders, carried, held if drags else given, ratios)


def series_consent(case: Case, account: Account, name: str, holders: int) -> None:
    """Record the written consent of one series to convert, and what it converts: every share or none (3(b), AMB-43)."""
    threshold = case.charter.series_named(name).conversion_consent
    assert threshold is not None
    carried = _counted(case, account, (name,), holders, threshold, _shares)
    _converted(case, account, (name,), holders, carried, held, current_ratios(case, account))


def _shares(_: Series, count: sympy.Expr) -> sympy.Expr:
    return count


def _counted(
    case: Case,
    account: Account,
    names: tuple[str, ...],
    holders: int,
    threshold: Threshold,
    measure: Callable[[Series, sympy.Expr], sympy.Expr],
) -> sympy.Symbol:
    """Record the whole, what is in favour, the least whole number that suffices, and whether it carries."""
    series = [case.charter.series_named(name) for name in names]
    clause = threshold.clause
    whole, against = [], []
    for holder in range(1, holders + 1):
        lawful = all_of(*(held_by(holder, name) for name in names))
        meaning = f"whether holder {holder} has the shares in favour"
        account.output(f"lawful_{holder}", lawful, meaning, clause, "yes or no")
        has = total(measure(one, held(holder, one.name)) for one in series)
        has = account.define(f"has_{holder}", has, f"what counts of holder {holder}", clause, "shares or votes")
        offers = total(measure(one, given(holder, one.name)) for one in series)
        offers = account.define(
            f"yes_{holder}", offers, f"what holder {holder} has in favour", clause, "shares or votes"
        )
        whole.append(has)
        against.append(has - offers)
    everything = account.output("whole", total(whole), "the whole", clause, "shares or votes")
    missing = account.define("against", total(against), "what is not in favour", clause, "shares or votes")
    account.output("in_favour", everything - missing, "what is in favour", clause, "shares or votes")
    tally = Tally("consent", names, False, threshold)
    needed = least_needed(tally, everything)
    account.output("needed", needed, "least whole number that suffices", clause, "shares or votes", "whole numbers")
    carries = all_of(positive(everything), enough(tally, everything, missing))
    return account.output("carries", carries, "whether the consent carries", clause, "yes or no")


def _converted(
    case: Case,
    account: Account,
    names: tuple[str, ...],
    holders: int,
    carried: sympy.Symbol,
    converting: Callable[[int, str], sympy.Symbol],
    ratios: Mapping[str, sympy.Expr],
) -> None:
    """Record what every holder gets; `carried` is one if anything converts and zero if not."""
    for holder in range(1, holders + 1):
        counts = {name: carried * converting(holder, name) for name in names}
        holder_conversion(case, account, holder, counts, ratios)


def record(case: Case, account: Account) -> None:
    """Record an election in which two holders have all shares of the class; nothing if there is none (3(a))."""
    if case.charter.class_election is not None:
        election(case, account, 2)


def unknowns(charter: Charter) -> tuple[Unknown, ...]:
    """Describe what two holders have, and what they have in favour (3(a))."""
    return (*holdings(charter, 2), *offered(charter, 2))
