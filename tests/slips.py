"""Slips in the engine, as a hurried hand would make them: each is caught by whatever checks the engine.

A slip changes the text of one function, and everything that uses the function runs the changed one.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from reference import (
    additional_stock,
    antidilution,
    approvals,
    cash_amounts,
    conversion,
    conversion_price,
    distributions,
    dividends,
    liquidation,
    notices,
    offering,
    payoff,
    recapitalization,
    reserve,
    rounding,
    voting,
)


@dataclass(frozen=True)
class Slip:
    """Hold a slip: the function, what stands there, what the slip makes of it, and the clause that it breaks.

    question: a question whose answers it changes.
    """

    name: str
    function: Callable[..., Any]
    before: str
    after: str
    clause: str
    question: str


@contextmanager
def made(slip: Slip) -> Iterator[None]:
    """Run the engine with a slip; the text that it changes must stand in the function exactly once."""
    function: Any = slip.function
    source = textwrap.dedent(inspect.getsource(function))
    if source.count(slip.before) != 1:
        raise AssertionError(f"{slip.name}: {slip.before!r} does not stand once in {function.__qualname__}")
    code = compile(source.replace(slip.before, slip.after), f"<{slip.name}>", "exec", dont_inherit=True, flags=FUTURE)
    namespace: dict[str, Any] = {}
    exec(code, function.__globals__, namespace)
    changed = namespace[function.__name__]
    changed = changed.fget if isinstance(changed, property) else changed
    kept = function.__code__
    function.__code__ = changed.__code__
    try:
        yield
    finally:
        function.__code__ = kept


FUTURE = __import__("__future__").annotations.compiler_flag

SLIPS: tuple[Slip, ...] = (
    Slip("a wrong comparison", payoff.paid, " < ", " <= ", "2(a)", "liquidation"),
    Slip(
        "a cap without the preference",
        liquidation.participation_headroom,
        "cap - counted",
        "cap",
        "2(b)",
        "liquidation",
    ),
    Slip(
        "a cap that grows by a split",
        liquidation.participation_cap,
        "cap / split",
        "cap * split",
        "2(b)",
        "liquidation",
    ),
    Slip(
        "a preference without dividends",
        liquidation.stake,
        "issue_price(position, series) + unpaid_dividend(position, readings, series)",
        "issue_price(position, series)",
        "2(a)",
        "liquidation",
    ),
    Slip(
        "tiers ignored",
        liquidation.ranks,
        "return tuple(",
        "return (lambda tiers: (Rank('2(a)', tuple(claim for tier in tiers for claim in tier.claims)),))(",
        "2(a)",
        "liquidation",
    ),
    Slip(
        "a Cash Amount in another rank",
        liquidation.order,
        "CashRank.CREDITOR",
        "CashRank.LAST",
        "3(c)",
        "liquidation",
    ),
    Slip(
        "a conversion at the ratio upside down",
        payoff.conversion_point,
        "/ own.ratio",
        "* own.ratio",
        "3(a)",
        "liquidation",
    ),
    Slip(
        "a second holding forgotten",
        liquidation.by_holder,
        "totals.get(holding.holder, NOTHING) + amount",
        "amount",
        "2",
        "liquidation",
    ),
    Slip(
        "a ratio upside down",
        conversion.conversion_ratio,
        "return issue_price / price",
        "return price / issue_price",
        "3(a)",
        "conversion",
    ),
    Slip(
        "rounding down",
        rounding.nearest,
        "up = math.floor(quantity + ONE_HALF)",
        "up = math.floor(quantity)",
        "3(h)",
        "conversion",
    ),
    Slip(
        "each share rounded",
        conversion.common_issued,
        "return nearest(exact_common(shares, ratios), readings.half)",
        "return sum(count * nearest(ratios[name], readings.half) for name, count in shares.items())",
        "3(h)",
        "conversion",
    ),
    Slip(
        "a Cash Amount without dividends",
        conversion.cash_amount,
        "return fixed + position.declared_dividends.get(series.name, NOTHING)",
        "return fixed",
        "3(a)",
        "conversion",
    ),
    Slip(
        "exactly half as a majority",
        conversion.counted,
        "threshold.met(in_favour, whole)",
        "in_favour >= share",
        "3(a)",
        "conversion",
    ),
    Slip(
        "a floor at its own price",
        offering._outcome,
        "price >= trigger",
        "price > trigger + 1",
        "3(b)(ii)",
        "public_offering",
    ),
    Slip(
        "a floor that replaces the price",
        offering._outcome,
        "quotient if binds else ratio",
        "quotient",
        "3(b)(iii)",
        "public_offering",
    ),
    Slip(
        "exactly the minimum is too little",
        offering.qualification,
        "size < terms.minimum_aggregate.value",
        "size <= terms.minimum_aggregate.value",
        "3(b)(i)",
        "public_offering",
    ),
    Slip(
        "Cash Amounts by the debt and not the rest of it",
        cash_amounts._share,
        "amount * claim.unpaid / total",
        "amount * claim.owed / sum(each.owed for each in ledger)",
        "3(c)",
        "cash_amounts",
    ),
    Slip(
        "an as-converted base with options",
        antidilution.averaging_base,
        "        return base + outstanding.options\n    return base",
        "        return base\n    return base + outstanding.options",
        "3(d)(i)(A)",
        "conversion_prices",
    ),
    Slip(
        "the shares after the issue instead of before",
        conversion_price.weighted_average,
        "after = base + shares",
        "after = base + 2 * shares",
        "3(d)(i)(A)",
        "conversion_prices",
    ),
    Slip(
        "cents that never add up",
        conversion_price.held_or_made,
        "cumulative = readings.cent_test is CentTest.CUMULATIVE",
        "cumulative = False",
        "3(d)(i)(B)",
        "conversion_prices",
    ),
    Slip(
        "a missing carry",
        conversion_price.held_or_made,
        "return replace(price, exact=target, carried=(*price.carried, Carried(on, price.exact - target)))",
        "return price",
        "3(d)(i)(B)",
        "conversion_prices",
    ),
    Slip(
        "a carry that does not split",
        conversion_price.scaled,
        "Carried(item.on, item.amount / factor)",
        "Carried(item.on, item.amount)",
        "3(d)(iii)",
        "conversion_prices",
    ),
    Slip(
        "the Purchase Date itself",
        additional_stock._dated,
        "on <= purchased",
        "on < purchased",
        "3(d)(i)(A)",
        "conversion_prices",
    ),
    Slip(
        "ten votes for every series",
        conversion.votes_of_shares,
        "each = series.votes_per_as_converted_share.value",
        "each = 10",
        "5(c)",
        "votes",
    ),
    Slip(
        "a tie elects everybody",
        voting.in_voting_shift,
        "powers.preferred <= powers.common",
        "powers.preferred < powers.common",
        "5(a)",
        "directors",
    ),
    Slip(
        "seats rounded up",
        voting.seats,
        "nearest(directors * share.value, readings.half)",
        "-math.floor(-directors * share.value)",
        "5(a)",
        "directors",
    ),
    Slip(
        "exactly what is due is short",
        dividends.common_dividend_gate,
        "had[name] < amount",
        "had[name] <= amount",
        "1(a)",
        "dividend",
    ),
    Slip(
        "a day less",
        dividends._amounts_until,
        "(min(until, year.last) - since).days + 1",
        "(min(until, year.last) - since).days",
        "1(a)",
        "dividend",
    ),
    Slip(
        "a shortfall by shares",
        dividends.share_rateably,
        "fraction * amount for name, amount in full.items()",
        "pool / max(1, sum(position.shares.values())) for name in full",
        "1(a)",
        "dividend",
    ),
    Slip("units by shares", distributions.apportion, "units * weight / base", "units / base", "1(b)", "distribution"),
    Slip(
        "stock that is outstanding counted as free",
        reserve.Reserve.available.fget,
        "self.authorized - self.outstanding - self.sold",
        "self.authorized - self.sold",
        "3(i)",
        "reserve",
    ),
    Slip(
        "notice after the record date",
        notices.latest_mailing,
        "record_date - days",
        "record_date + days",
        "4",
        "notice",
    ),
    Slip(
        "one unit for all shares", recapitalization.property_received, "count * amount", "amount", "3(f)", "conversion"
    ),
    Slip(
        "shares instead of votes",
        approvals._of_preferred,
        '"votes", terms.preferred_supermajority',
        '"shares", terms.preferred_supermajority',
        "6(a)",
        "approvals",
    ),
)
