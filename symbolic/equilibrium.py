"""Conversion decisions around a liquidation in closed form: sections 2 and 3(a) together.

Each class claims an amount that depends only on x, what reaches one Common share: an optional series claims
the greater of its preferred share and its Common, and a tie keeps the preferred. The claims together never
fall as x rises, and x is the least at which they reach the assets. As the claim of a series that may choose
is the greater of two, x is also the least of the amounts per Common share over all profiles of conversions:
that is the explicit form. A profile that would leave assets over is no bound and is skipped; this happens
only without Common.

Domain: that of `symbolic.liquidation`, under the default reading of the caps and of what E and F do. Under
the other readings of the caps no formula is known; `stability` states what their outcome must satisfy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

import sympy

from reference.charter import COMMON
from reference.readings import CapMode, EfConversion
from symbolic.account import Account
from symbolic.algebra import ZERO, above, all_of, any_of, at_most, either, largest, number, positive, smallest, total
from symbolic.liquidation import (
    BreakpointForm,
    Case,
    ImplicitAccount,
    Preferred,
    Sharing,
    Terms,
    distributed,
    forms,
    pay_tiers,
    per_common_share,
    rank_breakpoints,
    share_of_remainder,
    sharing,
    terms,
    tiers,
    undistributed,
)
from symbolic.symbols import PER_COMMON_SHARE, UNDISTRIBUTED, shares


@dataclass(frozen=True)
class EquilibriumForms:
    """Hold the closed forms of a liquidation with chosen conversions.

    per_share: $/share by class, "common" included; total: $ by class; per_common_share: $ reaching one
    Common share; undistributed: $ that no class is entitled to; converted: by optional series, when it does.
    """

    per_share: dict[str, sympy.Expr]
    total: dict[str, sympy.Expr]
    per_common_share: sympy.Expr
    undistributed: sympy.Expr
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


def forms_chosen(case: Case, account: Account | None = None) -> EquilibriumForms:
    """Return every output of a liquidation in which the optional series choose (2, 3(a), AMB-113, AMB-114).

    case: its `converted` must be empty. Raise ValueError for that, and under a reading without a formula.
    """
    _require_formula(case)
    account = account or Account()
    all_terms = terms(case, account)
    choosers = choosing(case, all_terms)
    nobody = _profile(case, account, all_terms, ())
    takers = nobody.shared.base + total(term.as_converted for term in choosers)
    takers = account.define("N", takers, "all shares that are or may become Common", "3(a)", "shares")
    level = account.define(
        "x",
        either(positive(takers), _least(case, account, all_terms, choosers, nobody), nobody.level),
        "amount that reaches one share of Common",
        "2(b), 3(a)",
        "$/share",
    )
    converted = {term.name: above(term.ratio * level, ceiling(term)) for term in choosers}
    per_share = {}
    for term in all_terms:
        kept = nobody.preferred.paid[term.name] + share_of_remainder(case, nobody.shared, term, level)
        per_share[term.name] = largest(kept, term.ratio * level) if term in choosers else kept
    per_share[COMMON] = level
    totals = {name: shares(name) * amount for name, amount in per_share.items()}
    left = either(positive(takers), ZERO, nobody.left)
    never = {name: sympy.false for name in case.charter.optional if name not in converted}
    return EquilibriumForms(per_share, totals, level, left, converted | never)


def _require_formula(case: Case) -> None:
    if case.converted:
        raise ValueError("the conversions are chosen, not given")
    if case.readings.cap_mode is not CapMode.INDIVIDUAL:
        raise ValueError("no formula is known for this reading of the caps")
    if case.readings.ef_conversion is EfConversion.DOUBLE_DIP:
        raise ValueError("under this reading nobody needs to convert")


def choosing(case: Case, all_terms: Iterable[Terms]) -> tuple[Terms, ...]:
    """Return the optional series that may gain by converting: all but those that share without a cap (3(a))."""
    return tuple(
        term for term in all_terms if term.name in case.charter.optional and term.series.participation.kind != "full"
    )


def ceiling(term: Terms) -> sympy.Expr:
    """Return the most that a preferred share gets, $/share: its preference and what 2(b) can add (AMB-114)."""
    return term.preference + (ZERO if term.headroom is None else term.headroom)


def _least(
    case: Case, account: Account, all_terms: tuple[Terms, ...], choosers: tuple[Terms, ...], nobody: _Profile
) -> sympy.Expr:
    profiles = [nobody]
    for size in range(1, len(choosers) + 1):
        for some in combinations(choosers, size):
            profiles.append(_profile(case, account, all_terms, tuple(term.name for term in some)))
    everybody = profiles[-1].level
    bounds = []
    for profile in profiles:
        bound = either(profile.exhausts, profile.level, everybody)
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
    """Return the implicit account of the equilibrium: claims of x that add up to the assets (2, 3(a)).

    x is the least such amount: just below it somebody still shares, unless it is zero.
    """
    _require_formula(case)
    account = Account()
    all_terms = terms(case, account)
    preferred = pay_tiers(case, account, all_terms)
    shared = sharing(case, account, all_terms)
    x, left = PER_COMMON_SHARE, UNDISTRIBUTED
    choosers = choosing(case, all_terms)
    per_share: dict[str, sympy.Expr] = {}
    for term in all_terms:
        claim = preferred.paid[term.name] + share_of_remainder(case, shared, term, x)
        per_share[term.name] = largest(claim, term.ratio * x) if term in choosers else claim
    per_share[COMMON] = x
    conditions = (
        sympy.Ge(x, 0),
        sympy.Ge(left, 0),
        sympy.Or(sympy.Eq(left, 0), sympy.And(*_nobody_shares_above(shared, choosers, x))),
        sympy.Or(sympy.Eq(x, 0), positive(shared.base), *_somebody_shares_below(shared, choosers, x)),
    )
    return ImplicitAccount(x, left, per_share, conditions)


def _nobody_shares_above(shared: Sharing, choosers: tuple[Terms, ...], x: sympy.Expr) -> list[sympy.Basic]:
    bound = [term for term in shared.capped if term not in choosers]
    return [
        sympy.Eq(shared.base, 0),
        *(sympy.Eq(term.shares, 0) for term in choosers),
        *(sympy.Or(sympy.Eq(term.shares, 0), sympy.Ge(x, term.full_at)) for term in bound),
    ]


def _somebody_shares_below(shared: Sharing, choosers: tuple[Terms, ...], x: sympy.Expr) -> list[sympy.Basic]:
    below_cap = [sympy.And(positive(term.shares), sympy.Le(x, term.full_at)) for term in shared.capped]
    converted = [sympy.And(positive(term.shares), sympy.Gt(term.ratio * x, ceiling(term))) for term in choosers]
    return [*below_cap, *converted]


def stability(case: Case) -> sympy.Basic:
    """Return when the given conversions are stable: nobody who holds a choosing series wants otherwise (AMB-116).

    Each takes x as given. One who converted compares with its preferred share under the caps as they would
    stand with its series among the participants.
    """
    account = Account()
    all_terms = terms(case, account)
    outcome = forms(case)
    # Whoever shares without a cap loses its preference by converting, and gains nothing.
    choosers = choosing(case, all_terms)
    losing = case.converted - {term.name for term in choosers}
    conditions = [sympy.Eq(term.shares, 0) for term in all_terms if term.name in losing]
    for term in choosers:
        as_common = term.ratio * outcome.per_common_share
        if term.name in case.converted:
            back = sharing(replace(case, converted=case.converted - {term.name}), account, all_terms)
            level = outcome.per_common_share
            shared = term.ratio * smallest(level, back.stop(term)) if term.headroom is not None else ZERO
            wants = above(as_common, term.preference + shared)
        else:
            wants = at_most(as_common, outcome.per_share[term.name])
        conditions.append(any_of(sympy.Eq(term.shares, 0), wants))
    return all_of(*conditions)


def breakpoints_chosen(case: Case, account: Account | None = None) -> tuple[BreakpointForm, ...]:
    """List the breakpoints with chosen conversions: all claims at the x of each event (2, 3(a))."""
    _require_formula(case)
    account = account or Account()
    all_terms = terms(case, account)
    shared = sharing(case, account, all_terms)
    choosers = choosing(case, all_terms)
    owed = total(tier.owed for tier in tiers(case, all_terms))
    owed = account.define("T", owed, "claims of all tiers", "2(a)", "$")

    def all_claims(words: str, level: sympy.Expr) -> sympy.Expr:
        event = words.replace(" of ", "_")
        level = account.define(f"x_{event}", level, f"amount per Common share at {words}", "2(b), 3(a)", "$/share")
        added = ZERO
        for term in {term.name: term for term in (*shared.capped, *choosers)}.values():
            room = ZERO if term.headroom is None else smallest(term.headroom, term.ratio * level)
            above = largest(room, term.ratio * level - term.preference) if term in choosers else room
            meaning = f"what a share of {term.name} gets above its preference then"
            above = account.define(f"above_{term.name}_{event}", above, meaning, "2(b), 3(a)", "$/share")
            added = added + term.shares * above
        return owed + shared.base * level + added

    found = list(rank_breakpoints(case, all_terms))
    for term in shared.capped:
        level = all_claims(f"cap of {term.name}", term.full_at)
        found.append(BreakpointForm(level, "2(b)", "cap", (term.name,), positive(term.shares)))
    for term in choosers:
        level = all_claims(f"conversion of {term.name}", ceiling(term) / term.ratio)
        found.append(BreakpointForm(level, "3(a)", "conversion", (term.name,), positive(term.shares)))
    return tuple(found)


@dataclass(frozen=True)
class ElectionForms:
    """Hold the electing class's choice (3(a)).

    gains: $/share that each electing series gains by the election; elects: the condition that the class
    converts: some series that all gain hold enough of its shares.
    """

    gains: dict[str, sympy.Expr]
    elects: sympy.Basic


def election(case: Case, account: Account | None = None) -> ElectionForms:
    """Return whether the electing class converts if each series votes its interest, by shares (3(a), AMB-33)."""
    account = account or Account()
    kept = forms_chosen(replace(case, elected=False), account.variant("", ", without the election")).per_share
    elected = account.variant("_el", ", after the election")
    converted = forms_chosen(replace(case, elected=True), elected).per_share
    gains = {}
    for name in case.charter.electing:
        meaning = f"what a share of {name} gains by the election"
        gains[name] = account.define(f"gain_{name}", converted[name] - kept[name], meaning, "3(a)", "$/share")
    if case.charter.class_election is None:
        return ElectionForms(gains, sympy.false)
    threshold = case.charter.class_election.threshold
    needed = number(threshold.value) * total(shares(name) for name in gains)
    needed = account.define("needed", needed, "what an election needs", threshold.clause, "shares")
    carried = []
    for size in range(1, len(gains) + 1):
        for coalition in combinations(gains, size):
            own = f"shares of {', '.join(coalition)}"
            held = total(shares(name) for name in coalition)
            held = account.define(f"n_{''.join(coalition)}", held, own, "IV.B", "shares")
            enough = above(held, needed) if threshold.strict else at_most(needed, held)
            enough = all_of(positive(held), enough)
            enough = account.stated(
                f"enough_{''.join(coalition)}", enough, f"whether {own} are enough", threshold.clause
            )
            carries = all_of(enough, above(smallest(*(gains[name] for name in coalition)), ZERO))
            meaning = f"whether all of {', '.join(coalition)} gain and are enough"
            carried.append(account.stated(f"carries_{''.join(coalition)}", carries, meaning, threshold.clause))
    return ElectionForms(gains, any_of(*carried))
