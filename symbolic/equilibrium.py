"""Conversion decisions around a liquidation in closed form: sections 2 and 3(a) together.

One parameter measures how far the payments have come: first the ranks fill, one after the other, then x grows, what
reaches one Common share. What a series claims depends on that alone: who may choose claims the greater of its
preferred share and of what conversion gives, its Common and a debt or Cash Amount that is paid in rank; a tie keeps
the preferred. The claims together never fall as the parameter grows, and an outcome is where they reach the assets.
As the claim of a series that may choose is the greater of two, the parameter is the least over all profiles of
conversions, and so is each part of it, the paid part of every rank and x: that is the explicit form. A profile that
would leave assets over is no bound and is skipped; this happens only without Common. No conversion is compared with
any other, and nothing is filled up step by step.

Domain: that of `symbolic.liquidation`, under the default reading of the caps and of what E and F do, and where the
assets pay whatever dividends survive a conversion (AMB-125). Under the others no formula is known; `stability` states
what their outcome must satisfy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import sympy

from reference.charter import COMMON
from reference.readings import AdMajority, CapMode, ConvertedDividends, EfConversion
from symbolic.account import Account
from symbolic.algebra import (
    ONE,
    ZERO,
    above,
    all_of,
    any_of,
    at_most,
    either,
    largest,
    number,
    positive,
    smallest,
    total,
)
from symbolic.conversion import conversion_ratio
from symbolic.liquidation import (
    Case,
    ImplicitAccount,
    Preferred,
    Sharing,
    Terms,
    distributed,
    former,
    forms,
    pay_tiers,
    per_common_share,
    ranks,
    share_of_remainder,
    sharing,
    terms,
    undistributed,
)
from symbolic.symbols import PER_COMMON_SHARE, UNDISTRIBUTED, Unknown, held, shares
from symbolic.voting import votes_of


@dataclass(frozen=True)
class EquilibriumForms:
    """Hold the closed forms of a liquidation with chosen conversions.

    per_share: $/share by class, "common" included; total: $ by class; per_common_share: $ reaching one
    Common share; undistributed: $ that no class is entitled to; former_cash, former_dividends: $ to holders who have
    converted before; converted: by series whose holders may choose, when it does.
    """

    per_share: dict[str, sympy.Expr]
    total: dict[str, sympy.Expr]
    per_common_share: sympy.Expr
    undistributed: sympy.Expr
    former_cash: sympy.Expr
    former_dividends: sympy.Expr
    converted: dict[str, sympy.Basic]


@dataclass(frozen=True)
class _Profile:
    """Hold what a profile of conversions gives: x, and when it leaves nothing over."""

    account: Account
    level: sympy.Expr
    exhausts: sympy.Basic
    left: sympy.Expr
    preferred: Preferred
    shared: Sharing


def forms_chosen(
    case: Case, account: Account | None = None, outstanding: frozenset[str] | None = None
) -> EquilibriumForms:
    """Return every output of a liquidation in which those who may convert choose (2, 3(a), AMB-125, AMB-126).

    case: its `converted` must be empty; outstanding: the series that anybody holds, if no others need be looked at.
    Raise ValueError for the first, and under a reading without a formula.
    """
    _require_formula(case)
    account = account or Account()
    all_terms = terms(case, account)
    choosers = tuple(term for term in choosing(case, all_terms) if outstanding is None or term.name in outstanding)
    profiles = [
        _profile(case, account, all_terms, tuple(term.name for term in some))
        for size in range(len(choosers) + 1)
        for some in combinations(choosers, size)
    ]
    nobody, everybody = profiles[0], profiles[-1]
    takers = nobody.shared.base + total(term.as_converted for term in choosers)
    takers = account.define("N", takers, "all shares that are or may become Common", "3(a)", "shares")
    level = account.define(
        "x",
        either(positive(takers), _least(profiles, everybody.level), nobody.level),
        "amount that reaches one share of Common",
        "2(b), 3(a)",
        "$/share",
    )
    fractions = []
    for place, parts in enumerate(zip(*(own.preferred.fractions for own in profiles), strict=True), start=1):
        meaning = f"part of rank {place} that is paid, the least over the profiles"
        fractions.append(account.define(f"f_{place}", smallest(*parts), meaning, "2(a), 3(a)", "ratio"))
    kept_in = _by_claimant(case, all_terms, fractions)
    per_share, converted = {}, {}
    for term in all_terms:
        kept = kept_in.get(term.name, ZERO) + share_of_remainder(case, nobody.shared, term, level)
        per_share[term.name] = kept
        if term in choosers:
            gets = _by_claimant(replace(case, converted=frozenset([term.name])), all_terms, fractions)
            as_common = gets.get(term.name, ZERO) + term.ratio * level
            kept = account.define(
                f"kept_{term.name}", kept, f"what a share of {term.name} gets as held", "2", "$/share"
            )
            meaning = f"what a share of {term.name} gets as Common"
            as_common = account.define(f"common_{term.name}", as_common, meaning, "3(a)", "$/share")
            per_share[term.name] = largest(kept, as_common)
            converted[term.name] = above(as_common, kept)
    per_share[COMMON] = level
    totals = {name: shares(name) * amount for name, amount in per_share.items()}
    left = either(positive(takers), ZERO, nobody.left)
    never = {name: sympy.false for name in case.free if name not in converted}
    return EquilibriumForms(per_share, totals, level, left, *former(case, kept_in), converted | never)


def _by_claimant(case: Case, all_terms: Iterable[Terms], fractions: Iterable[sympy.Expr]) -> dict[str, sympy.Expr]:
    """Return what each claim in rank gets if the ranks are paid in these parts, $ a unit."""
    found: dict[str, sympy.Expr] = {}
    for rank, fraction in zip(ranks(case, all_terms), fractions, strict=True):
        for claim in rank.claims:
            found[claim.who] = found.get(claim.who, ZERO) + claim.each * fraction
    return found


def has_formula(case: Case) -> bool:
    """Say whether the readings are those under which conversions have a formula: claims of one parameter alone.

    Where a surviving dividend is paid besides the assets, a conversion takes claims from them: they fall.
    """
    readings = case.readings
    return (
        readings.cap_mode is CapMode.INDIVIDUAL
        and readings.ef_conversion is not EfConversion.DOUBLE_DIP
        and readings.converted_dividends is not ConvertedDividends.DEBT_OUTSIDE
    )


def _require_formula(case: Case) -> None:
    if case.converted:
        raise ValueError("the conversions are chosen, not given")
    if case.readings.ef_conversion is EfConversion.DOUBLE_DIP:
        raise ValueError("under this reading nobody needs to convert")
    if not has_formula(case):
        raise ValueError("no formula is known for this reading")


def choosing(case: Case, all_terms: Iterable[Terms]) -> tuple[Terms, ...]:
    """Return the series whose holders may convert (3(a), AMB-126)."""
    return tuple(term for term in all_terms if term.name in case.free)


def _least(profiles: list[_Profile], otherwise: sympy.Expr) -> sympy.Expr:
    bounds = []
    for profile in profiles:
        bound = either(profile.exhausts, profile.level, otherwise)
        bounds.append(profile.account.define("x_at_most", bound, "bound on x", "3(a)", "$/share"))
    return smallest(*bounds)


def _profile(case: Case, account: Account, all_terms: tuple[Terms, ...], names: tuple[str, ...]) -> _Profile:
    given = replace(case, converted=frozenset(names))
    who = f"{' and '.join(names)} convert{'' if len(names) > 1 else 's'}" if names else "nobody converts"
    own = account.variant("_" + ("".join(names) or "0"), f", if {who}")
    preferred = pay_tiers(given, own, all_terms)
    shared = sharing(given, own, all_terms)
    left = undistributed(own, preferred.remaining, shared)
    level = per_common_share(own, distributed(own, preferred.remaining, left), shared)
    exhausts = any_of(positive(shared.base), at_most(preferred.remaining, shared.room))
    return _Profile(own, level, exhausts, left, preferred, shared)


def implicit_chosen(case: Case) -> ImplicitAccount:
    """Return the implicit account of the equilibrium: claims of one parameter that add up to the assets (2, 3(a)).

    The parameter is the paid part of each rank, `paid_part` of its place, and x: nothing of a rank is paid before
    all of the rank before it, and x is zero before all ranks are paid. x is the least such amount: just below it
    somebody still shares, unless it is zero.
    """
    _require_formula(case)
    account = Account()
    all_terms = terms(case, account)
    shared = sharing(case, account, all_terms)
    x, left = PER_COMMON_SHARE, UNDISTRIBUTED
    choosers = choosing(case, all_terms)
    parts = [paid_part(place) for place in range(1, len(ranks(case, all_terms)) + 1)]
    kept_in = _by_claimant(case, all_terms, parts)
    per_share: dict[str, sympy.Expr] = {}
    as_common: dict[str, sympy.Expr] = {}
    for term in all_terms:
        claim = kept_in.get(term.name, ZERO) + share_of_remainder(case, shared, term, x)
        if term in choosers:
            gets = _by_claimant(replace(case, converted=frozenset([term.name])), all_terms, parts)
            as_common[term.name] = gets.get(term.name, ZERO) + term.ratio * x
            claim = largest(claim, as_common[term.name])
        per_share[term.name] = claim
    per_share[COMMON] = x
    # The last part of a rank may be open where nobody has a claim in it.
    in_order = [sympy.Or(sympy.Eq(part, 1), sympy.Eq(later, 0)) for part, later in pairwise([*parts, x])]
    conditions = (
        sympy.Ge(x, 0),
        sympy.Ge(left, 0),
        *(condition for part in parts for condition in (sympy.Ge(part, 0), sympy.Le(part, 1))),
        *in_order,
        sympy.Or(sympy.Eq(left, 0), sympy.And(*_nobody_shares_above(shared, choosers, x))),
        sympy.Or(sympy.Eq(x, 0), positive(shared.base), *_somebody_shares_below(shared, choosers, as_common, x)),
    )
    return ImplicitAccount(x, left, per_share, conditions, total(former(case, kept_in)))


def paid_part(place: int) -> sympy.Symbol:
    """Return the part of a rank that is paid, 0 to 1, by its place among all ranks, the first being one (2(a))."""
    return sympy.Symbol(f"part_{place}", nonnegative=True)


def _nobody_shares_above(shared: Sharing, choosers: tuple[Terms, ...], x: sympy.Expr) -> list[sympy.Basic]:
    bound = [term for term in shared.capped if term not in choosers]
    return [
        sympy.Eq(shared.base, 0),
        *(sympy.Eq(term.shares, 0) for term in choosers),
        *(sympy.Or(sympy.Eq(term.shares, 0), sympy.Ge(x, term.full_at)) for term in bound),
    ]


def _somebody_shares_below(
    shared: Sharing, choosers: tuple[Terms, ...], as_common: dict[str, sympy.Expr], x: sympy.Expr
) -> list[sympy.Basic]:
    below_cap = [sympy.And(positive(term.shares), sympy.Le(x, term.full_at)) for term in shared.capped]
    converted = [
        sympy.And(positive(term.shares), sympy.Gt(as_common[term.name], ceiling(term)))
        for term in choosers
        if term.series.participation.kind != "full"
    ]
    return [*below_cap, *converted]


def ceiling(term: Terms) -> sympy.Expr:
    """Return the most that a preferred share gets, $/share: its preference and what 2(b) can add (AMB-114)."""
    return term.preference + (ZERO if term.headroom is None else term.headroom)


def stability(case: Case) -> sympy.Basic:
    """Return when the given conversions are stable: nobody who may convert wants otherwise (AMB-116, AMB-145).

    Each takes x and the paid part of every rank as given, and what is paid besides the assets into account. One who
    converted compares with its preferred share under the caps as they would stand with its series among the
    participants. Nothing is left over while somebody may convert.
    """
    conditions = []
    outcome = forms(case)
    own = {name: choice for name, choice in choices(case).items() if name in case.free}
    for name, (kept, as_common) in own.items():
        wants = above(as_common, kept) if name in case.converted else at_most(as_common, kept)
        conditions.append(any_of(sympy.Eq(shares(name), 0), wants))
    may_convert = [sympy.Eq(shares(name), 0) for name in own if name not in case.converted]
    if may_convert:
        conditions.append(any_of(at_most(outcome.undistributed, ZERO), all_of(*may_convert)))
    return all_of(*conditions)


def choices(case: Case) -> dict[str, tuple[sympy.Expr, sympy.Expr]]:
    """Return what one share gets as held and what it gets as Common, by series, $/share (AMB-116).

    Everybody else is as given, and with them x and the paid part of every rank; of a rank that everybody has left
    nothing is paid while nothing is left for it, for then one share in it would get nothing. The caps are as they
    stand with the share among the participants.
    """
    account = Account()
    all_terms = terms(case, account)
    level = forms(case).per_common_share
    fractions = pay_tiers(case, account, all_terms, once_left=True).fractions
    found = {}
    for term in all_terms:
        name = term.name
        kept_case, common_case = (
            replace(case, converted=names & set(case.free))
            for names in (case.converted - {name}, case.converted | {name})
        )
        kept, gets = (_by_claimant(own, all_terms, fractions) for own in (kept_case, common_case))
        with_it = [replace(own, shares=ONE) if own is term else own for own in all_terms]
        shared = share_of_remainder(kept_case, sharing(kept_case, account, with_it), term, level)
        as_common = gets.get(name, ZERO) + term.ratio * level + (term.surviving if term.besides else ZERO)
        found[name] = kept.get(name, ZERO) + shared, as_common
    return found


@dataclass(frozen=True)
class ElectionForms:
    """Hold the electing class's choice (3(a)).

    gains: $/share that each electing series gains by the election; elects: the condition that the class
    elects: some series that all gain have enough of its shares, or of its votes under one reading.
    """

    gains: dict[str, sympy.Expr]
    elects: sympy.Basic


def election(
    case: Case, account: Account | None = None, holders: int = 1, outstanding: frozenset[str] | None = None
) -> ElectionForms:
    """Return whether the electing class elects if each series votes its interest (3(a), AMB-33, AMB-126).

    holders: how many have its shares, whose votes are rounded one by one; outstanding: as in `forms_chosen`.
    """
    account = account or Account()
    unelected = account.variant("", ", without the election")
    kept = forms_chosen(replace(case, elected=False), unelected, outstanding).per_share
    elected = account.variant("_el", ", after the election")
    converted = forms_chosen(replace(case, elected=True), elected, outstanding).per_share
    gains = {}
    for name in case.charter.electing:
        meaning = f"what a share of {name} gains by the election"
        gains[name] = account.define(f"gain_{name}", converted[name] - kept[name], meaning, "3(a)", "$/share")
    return ElectionForms(gains, in_interest(case, account, gains, holders))


def in_interest(case: Case, account: Account, gains: Mapping[str, sympy.Expr], holders: int) -> sympy.Basic:
    """Return the condition that series that all gain are enough of their class, by what the reading counts (3(a))."""
    if case.charter.class_election is None:
        return sympy.false
    threshold = case.charter.class_election.threshold
    unit = "votes" if case.readings.ad_majority is AdMajority.VOTES else "shares"
    counted = {name: _counted(case, account, name, holders) for name in gains}
    needed = number(threshold.value) * total(counted.values())
    needed = account.define("needed", needed, "what an election needs", threshold.clause, unit)
    carried = []
    for size in range(1, len(gains) + 1):
        for coalition in combinations(gains, size):
            own = f"{unit} of {', '.join(coalition)}"
            together = total(counted[name] for name in coalition)
            together = account.define(f"n_{''.join(coalition)}", together, own, threshold.clause, unit)
            enough = above(together, needed) if threshold.strict else at_most(needed, together)
            enough = all_of(positive(together), enough)
            enough = account.stated(
                f"enough_{''.join(coalition)}", enough, f"whether {own} are enough", threshold.clause
            )
            carries = all_of(enough, above(smallest(*(gains[name] for name in coalition)), ZERO))
            meaning = f"whether all of {', '.join(coalition)} gain and are enough"
            carried.append(account.stated(f"carries_{''.join(coalition)}", carries, meaning, threshold.clause))
    return any_of(*carried)


def gain(name: str) -> sympy.Symbol:
    """Return what a share of a series gains by the election, where it is a step of its own, $/share (3(a))."""
    return sympy.Symbol(f"gain_{name}", real=True)


def _counted(case: Case, account: Account, name: str, holders: int) -> sympy.Expr:
    """Return the shares of a series, or the votes of its holders together, each holder's rounded (5(c))."""
    if case.readings.ad_majority is AdMajority.SHARES:
        return shares(name)
    series = case.charter.series_named(name)
    ratio = conversion_ratio(series, case.readings, case.splits, case.prices, account)
    return total(votes_of(case.readings, series, held(holder, name), ratio) for holder in range(1, holders + 1))


def exercise(account: Account, sets: Sequence[Sequence[int]]) -> tuple[sympy.Expr, list[sympy.Basic]]:
    """Return what a share gets, and which rights over its class are exercised if any set of these might be (AMB-147).

    sets: the sets, rights numbered from one. Exercised rights claim what their shares get above their price, and
    nothing else claims them: so all claims together are the greatest over the sets, and what a share gets is the
    least, a set that leaves assets over being no bound. Then those are exercised that cost less than that.
    """
    bounds = [gets_if(names) for names in sets]
    gets = account.define("gets", smallest(*bounds), "what a share gets", "2(b)", "$/share")
    numbers = sorted({own for names in sets for own in names})
    return gets, [above(gets, exercise_price(own)) for own in numbers]


def gets_if(names: Sequence[int]) -> sympy.Symbol:
    """Return what a share of the class gets if exactly these rights are exercised, $/share (AMB-147)."""
    return sympy.Symbol(f"gets_{'_'.join(map(str, names)) or 'none'}", nonnegative=True)


def exercise_price(number_of: int) -> sympy.Symbol:
    """Return the exercise price of rights, numbered from one, $/share (AMB-147)."""
    return sympy.Symbol(f"price_{number_of}", nonnegative=True)


def delivered(number_of: int) -> sympy.Symbol:
    """Return the shares that rights deliver, numbered from one (AMB-147)."""
    return sympy.Symbol(f"delivers_{number_of}", nonnegative=True)


def record_exercise(account: Account) -> None:
    """Record the exercise of one issue of rights over a class: whether, and what it is worth (AMB-147)."""
    gets, (pays,) = exercise(account, ((), (1,)))
    account.output("exercised_1", pays, "whether the rights are exercised", "2(b)", "yes or no")
    count, price = delivered(1), exercise_price(1)
    account.output("gross_1", count * gets, "what their shares get", "2(b)", "$")
    account.output("net_1", count * (gets - price), "the same, less what they cost", "2(b)", "$")


RIGHTS = (
    Unknown(gets_if(()), "what a share gets if they are not exercised", "$/share", "gets_none >= 0", "2(b)"),
    Unknown(gets_if((1,)), "what a share gets if they are", "$/share", "gets_1 >= 0", "2(b)"),
    Unknown(exercise_price(1), "exercise price", "$/share", "price_1 >= 0", "2(b)"),
    Unknown(delivered(1), "shares that the rights deliver", "shares", "delivers_1 >= 0", "2(b)"),
)
"""The unknowns of `record_exercise`; what a share gets is an output of `forms_chosen` or `symbolic.liquidation`."""
