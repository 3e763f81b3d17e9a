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

ONCE = """alone = distribute_among(held, position, readings, assets, NOBODY, elected)
    own = [s for s in held if s.name in charter.optional]
    return frozenset(s.name for s in own if s.ratio * alone.per_common_share > alone.per_share[s.name])"""

ALONE = """def pays(name):
        try_it = distribute_among(held, position, readings, assets, frozenset([name]), elected)
        leave_it = distribute_among(held, position, readings, assets, NOBODY, elected)
        return try_it.per_share[name] > leave_it.per_share[name]
    return frozenset(filter(pays, charter.optional))"""

BY_FRACTIONS = """every = position.common + sum(s.as_converted for s in held)
    if every == 0:
        return distribute_among(held, position, readings, assets, NOBODY, elected)
    fraction = {s.name: assets / every * s.ratio for s in held}
    gone = [s for s in held if s.name in position.charter.optional and s.headroom is not None
            and fraction[s.name] > s.preference + s.headroom]
    names = frozenset(s.name for s in gone)
    from dataclasses import replace
    left = replace(position, shares={n: c for n, c in position.shares.items() if n not in names})
    taken = sum(s.shares * fraction[s.name] for s in gone)
    rest = distribute(left, readings, assets - taken, NOBODY, elected)
    per_share = {n: fraction[n] if n in names else each for n, each in rest.per_share.items()}
    return replace(rest, shares=position.shares, per_share=per_share, converted=rest.converted | names)"""

TIERS_AND_CASH = """    if not elected:
        return tuple(tiers)
    cash = Rank("3(c)", tuple(Claim(n, by_name[n].shares, by_name[n].cash) for n in charter.electing))
    own = """

SLIPS: dict[str, tuple[Slip, ...]] = {
    "one_shot": (_slip(equilibrium.conversions_among, "if assets <= owed:\n        return NOBODY", ONCE),),
    "tested_alone": (_slip(equilibrium.conversions_among, "if assets <= owed:\n        return NOBODY", ALONE),),
    "cap_never_lifts": (_slip(equilibrium.conversion_kinks, "if s.headroom is not None", "if not s.participates"),),
    "whole_exit": (
        _slip(
            equilibrium.liquidate,
            "converted = conversions_among(held, position, readings, assets, elected)",
            BY_FRACTIONS,
        ),
    ),
    "tiers_ignored": (
        _slip(
            liquidation.ranks,
            TIERS_AND_CASH,
            f"    tiers = [Rank('2(a)', tuple(claim for tier in tiers for claim in tier.claims))]\n{TIERS_AND_CASH}0 #",
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
            "(price * base + consideration) / (base + shares)",
            "(price * (base + shares) + consideration) / (base + 2 * shares)",
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
