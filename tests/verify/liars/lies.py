"""The slips behind the tools that lie: changes of the engine's text, made apart from the catalogue of mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reference import (
    antidilution,
    conversion,
    conversion_price,
    distributions,
    dividends,
    equilibrium,
    liquidation,
    notices,
    offering,
    payoff,
    voting,
)
from tests.slips import Slip


def _slip(function: Callable[..., Any], before: str, after: str) -> Slip:
    return Slip(function.__name__, function, before, after, "", "")


NO_CLAMP = _slip(
    conversion_price.averaged,
    "min(price.exact, weighted_average(price.exact, base, shares, consideration))",
    "weighted_average(price.exact, base, shares, consideration)",
)

CHOSEN = (
    "converted = frozenset(own.name for own in asked.held if asked.may_choose(own) and gains(asked, own, place) > 0)"
)

KEPT = """if own.participates:
        return preferred_line(asked, own, caps([own], asked.readings))
    rung, amount = asked.on_conversion(own)"""

ONCE = """alone = distribute_among(asked.held, asked.position, asked.readings, assets, NOBODY, asked.elected)
        own = [s for s in asked.held if asked.may_choose(s)]
        converted = frozenset(s.name for s in own if s.ratio * alone.per_common_share > alone.per_share[s.name])"""

ALONE = """def share(names, name):
            who = (asked.held, asked.position, asked.readings, assets, frozenset(names), asked.elected)
            return distribute_among(*who).per_share[name]
        own = [s.name for s in asked.held if asked.may_choose(s)]
        converted = frozenset(name for name in own if share([name], name) > share([], name))"""

BY_FRACTIONS = """if asked.given is None:
        held, position, readings = asked.held, asked.position, asked.readings
        every = position.common + sum(s.as_converted for s in held)
        if every == 0:
            return distribute_among(held, position, readings, assets, NOBODY, asked.elected)
        fraction = {s.name: assets / every * s.ratio for s in held}
        gone = [s for s in held if s.name in position.charter.optional and s.headroom is not None
                and fraction[s.name] > s.preference + s.headroom]
        names = frozenset(s.name for s in gone)
        left = replace(position, shares={n: c for n, c in position.shares.items() if n not in names})
        taken = sum(s.shares * fraction[s.name] for s in gone)
        rest = distribute_among(stakes(left, readings), left, readings, assets - taken, NOBODY, asked.elected)
        per_share = {n: fraction[n] if n in names else each for n, each in rest.per_share.items()}
        return replace(rest, shares=position.shares, per_share=per_share, converted=rest.converted | names)
    decisions = decide(asked, assets)"""

SLIPS: dict[str, tuple[Slip, ...]] = {
    "one_shot": (_slip(equilibrium.decide, CHOSEN, ONCE),),
    "tested_alone": (_slip(equilibrium.decide, CHOSEN, ALONE),),
    "cap_never_lifts": (
        _slip(payoff.chosen_line, "rung, amount = asked.on_conversion(own)", KEPT),
        _slip(equilibrium.gains, "converted - preferred", "NOTHING if own.participates else converted - preferred"),
    ),
    "whole_exit": (_slip(equilibrium.settle, "decisions = decide(asked, assets)", BY_FRACTIONS),),
    "tiers_ignored": (
        _slip(
            liquidation.order,
            "[(place,) for place in range(len(position.charter.liquidation_tiers))]",
            "[tuple(range(len(position.charter.liquidation_tiers)))]",
        ),
    ),
    "cap_besides": (_slip(liquidation.participation_headroom, "max(NOTHING, cap - counted)", "cap"),),
    "uncapped": (_slip(liquidation.participation_headroom, "if cap is None:", "if True:"),),
    "unsplit_preference": (_slip(liquidation.issue_price, "price / split", "price"),),
    "no_dividends": (
        _slip(
            liquidation.unpaid_dividend,
            "declared = position.declared_dividends.get(series.name, NOTHING)",
            "declared = NOTHING",
        ),
    ),
    "rounds_down": (
        _slip(
            conversion.common_issued,
            "return nearest(exact_common(shares, ratios), readings.half)",
            "return math.floor(exact_common(shares, ratios))",
        ),
    ),
    "fraction_shares": (
        _slip(
            conversion.common_issued,
            "return nearest(exact_common(shares, ratios), readings.half)",
            "return exact_common(shares, ratios)",
        ),
    ),
    "up_round": (
        NO_CLAMP,
        _slip(
            antidilution._adjusted_for_shares,
            "and entry.consideration < trigger_price(state.prices[name], state.readings) * entry.shares",
            "",
        ),
    ),
    "issue_price": (
        NO_CLAMP,
        _slip(
            antidilution._adjusted_for_shares,
            "trigger_price(state.prices[name], state.readings)",
            "(state.charter.series_named(name).original_issue_price.value / state.prices[name].scale)",
        ),
    ),
    "ratchet": (
        _slip(
            conversion_price.averaged,
            "min(price.exact, weighted_average(price.exact, base, shares, consideration))",
            "min(price.exact, consideration / shares) if consideration else price.exact",
        ),
    ),
    "base_after": (
        _slip(
            conversion_price.weighted_average,
            "after = base + shares",
            "after = base + 2 * shares",
        ),
    ),
    "unsplit_price": (_slip(antidilution.split, "_applied(state, Split(on, factor))", "pass_time(state, on)"),),
    "no_options": (
        _slip(antidilution.issue_rights, "if excluded:", "counting, excluded = (), True\n    if excluded:"),
    ),
    "cents_lost": (
        _slip(
            conversion_price.held_or_made,
            "return replace(price, exact=target, carried=(*price.carried, Carried(on, price.exact - target)))",
            "return price",
        ),
    ),
    "for_ever": (
        _slip(
            antidilution.pass_time,
            "anniversary(new.carried[0].on, terms.carry_forward_years.value) <= on",
            "False",
        ),
    ),
    "one_for_one": (_slip(conversion.conversion_ratio, "issue_price = series.original_issue_price.value", "return 1"),),
    "no_cash": (
        _slip(
            conversion.cash_amount,
            "return fixed + position.declared_dividends.get(series.name, NOTHING)",
            "return NOTHING",
        ),
    ),
    "no_floor": (_slip(offering.floor_trigger, "if floor is None:", "if True:"),),
    "one_vote": (_slip(conversion.votes_of_shares, "each = series.votes_per_as_converted_share.value", "each = 1"),),
    "fourteen_votes": (
        _slip(conversion.votes_of_shares, "each = series.votes_per_as_converted_share.value", "each = 14"),
    ),
    "open_gate": (_slip(dividends.common_dividend_gate, "had[name] < amount", "False"),),
    "common_alone": (
        _slip(distributions.apportion_per_common, "units * ratio for", "units * (ratio if name == COMMON else 0) for"),
    ),
    "floor_of_seats": (
        _slip(voting.seats, "nearest(directors * share.value, readings.half)", "math.floor(directors * share.value)"),
    ),
    "notice_to_all": (_slip(notices.recipients, "h.stock != COMMON and h.shares > 0", "h.shares > 0"),),
}
"""The slips by the name of the tool that makes them."""
