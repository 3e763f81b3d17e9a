"""Liquidation in closed form: section 2, and 3(a) and 3(c) where a conversion bears on it.

Two ideas carry the derivation. Ranks are paid by cumulative sums: a rank gets what the assets exceed the sum
of the ranks before it, at most what it is owed. The amount per Common share is a maximum over subsets: if
exactly the participants in S have reached their caps, then it is what remains after S has had its room,
over the shares that still share; for any other subset the same quotient is smaller. Nothing is filled up
step by step, which is what makes the comparison with the engine worth having.

What is owed to holders who have converted, before or around the liquidation, stands in ranks of its own: dividends
that survive a conversion before everything (AMB-125), Cash Amounts where the reading has them (AMB-23, AMB-128).

Domain: counts, dividends and assets are at least zero, prices and split factors above zero. Two outputs are
mere conventions, and outside any claim that two accounts agree: the amount per share of a class that nobody
holds, and the amount per Common share where assets are left over, for then there is no Common.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import sympy

from reference.charter import COMMON, Charter, Series
from reference.readings import (
    AdElection,
    CapAdjustsFor,
    CapMode,
    CashPool,
    CashRank,
    ConvertedDividends,
    EfConversion,
    MergerScope,
    Readings,
    Switch,
    UnpaidDiv,
)
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
    quotient,
    smallest,
    total,
)
from symbolic.conversion import cash_amount, conversion_ratio, original_issue_price
from symbolic.symbols import (
    ASSETS,
    COMMON_SHARES,
    COMMON_SPLIT,
    PER_COMMON_SHARE,
    UNDISTRIBUTED,
    UNPAID_DIVIDENDS,
    Unknown,
    declared_dividend,
    held,
    per_share,
    preferred_split,
    shares,
    undeclared_current_year,
    undeclared_since_issue,
    unpaid_cash,
)

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Case:
    """Say for which structure a form is wanted.

    converted: series whose shares are all Common at their holders' choice; elected: whether the class of the
    electing series has elected, which converts them or, under one reading, frees their holders to (AMB-126);
    splits: series (and "common") with a split factor; prices: series with a conversion price of their own;
    days: on how many days conversions took place whose Cash Amounts are unpaid (AMB-128); former: whether dividends
    are owed to holders who have converted.
    """

    charter: Charter
    readings: Readings
    converted: frozenset[str] = NONE
    elected: bool = False
    splits: frozenset[str] = NONE
    prices: frozenset[str] = NONE
    days: int = 0
    former: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError if a series named in `converted` has no holder's option to convert."""
        stray = sorted(self.converted - set(self.free))
        if stray:
            raise ValueError(f"{stray[0]} does not convert at its holder's option")

    @property
    def unlocked(self) -> bool:
        """Say whether an election has freed each holder of its class to convert (3(a), AMB-33)."""
        return self.elected and self.readings.ad_election is AdElection.UNLOCK_INDIVIDUAL

    @property
    def free(self) -> tuple[str, ...]:
        """Name the series whose holders may each convert, in the charter's order."""
        return tuple(
            series.name
            for series in self.charter.series
            if series.name in self.charter.optional or (self.unlocked and series.name in self.charter.electing)
        )

    @property
    def as_common(self) -> frozenset[str]:
        """Name the series whose shares are Common."""
        dragged = self.elected and not self.unlocked
        return self.converted | frozenset(self.charter.electing if dragged else ())


@dataclass(frozen=True)
class Terms:
    """Hold one series' terms as expressions.

    shares: outstanding; preference: $/share under 2(a); ratio: Common per share; cash: Cash Amount, $/share;
    surviving: declared dividends that are still owed after a conversion, $/share; besides: whether the assets are
    not what pays them; headroom: $/share that 2(b) can add, None if there is no cap.
    """

    series: Series
    shares: sympy.Expr
    preference: sympy.Expr
    ratio: sympy.Expr
    cash: sympy.Expr
    surviving: sympy.Expr
    besides: bool
    headroom: sympy.Expr | None

    @property
    def name(self) -> str:
        """Name the series."""
        return self.series.name

    @property
    def as_converted(self) -> sympy.Expr:
        """Return the Common into which all its shares would convert."""
        return self.shares * self.ratio

    @property
    def full_at(self) -> sympy.Expr:
        """Return the amount per Common share at which its cap is reached, $; only for a capped series."""
        return self.headroom / self.ratio

    @property
    def room(self) -> sympy.Expr:
        """Return what 2(b) can add to all its shares, $; only for a capped series."""
        return self.shares * self.headroom


def issue_price(case: Case, series: Series, account: Account) -> sympy.Expr:
    """Return the Original Issue Price adjusted for splits of the series, $/share (2(a), AMB-30)."""
    price = original_issue_price(series, account)
    return price / preferred_split(series.name) if series.name in case.splits else price


def unpaid_dividend(case: Case, series: Series) -> sympy.Expr:
    """Return the unpaid dividends that join the preference, $/share (2(a), AMB-16)."""
    declared = declared_dividend(series.name)
    if series.preference_dividends.value == "declared":
        return declared
    return {
        UnpaidDiv.DECLARED: declared,
        UnpaidDiv.UNDECLARED_CURRENT_YEAR: undeclared_current_year(series.name),
        UnpaidDiv.UNDECLARED_ALL: undeclared_since_issue(series.name),
        UnpaidDiv.LITERAL_EMPTY: ZERO,
        UnpaidDiv.DECLARED_PLUS_UNDECLARED_CURRENT: declared + undeclared_current_year(series.name),
    }[case.readings.unpaid_div]


def participation_cap(case: Case, series: Series, account: Account) -> sympy.Expr | None:
    """Return the cap on 2(a) and 2(b) together, $/share, adjusted for splits; None if there is none (AMB-21)."""
    terms_of_cap = series.participation
    if terms_of_cap.kind != "capped" or terms_of_cap.cap is None:
        return None
    cap = account.figure(f"K_{series.name}", terms_of_cap.cap, f"cap of {series.name}", terms_of_cap.clause)
    factor = preferred_split(series.name) if series.name in case.splits else ONE
    if case.readings.cap_adjusts_for is CapAdjustsFor.ANY_LITERAL and COMMON in case.splits:
        factor = factor * COMMON_SPLIT
    return cap / factor


def terms(case: Case, account: Account) -> tuple[Terms, ...]:
    """Return the terms of every series, in the charter's order, each step recorded in the account."""
    return tuple(_terms(case, account, series) for series in case.charter.series)


def _terms(case: Case, account: Account, series: Series) -> Terms:
    name = series.name
    price = issue_price(case, series, account)
    preference = account.define(
        f"p_{name}", price + unpaid_dividend(case, series), f"liquidation preference of {name}", "2(a)", "$/share"
    )
    ratio = account.define(
        f"c_{name}",
        conversion_ratio(series, case.readings, case.splits, case.prices, account),
        f"Common into which one share of {name} converts",
        "3(a)",
        "shares",
        f"CP_{name} > 0" if name in case.prices else "always",
    )
    cap = participation_cap(case, series, account)
    headroom = None
    if cap is not None:
        counted = preference if case.readings.cap_includes_dividends is Switch.YES else price
        headroom = account.define(
            f"h_{name}", largest(ZERO, cap - counted), f"what 2(b) can add for {name}", "2(b)", "$/share"
        )
    cash = ZERO
    if name in case.charter.electing and case.elected:
        amount = cash_amount(series, case.readings, case.splits, account)
        cash = account.define(f"cash_{name}", amount, f"Cash Amount of {name}", "3(a)", "$/share")
    fate = case.readings.converted_dividends
    in_cash = series.cash_amount is not None
    surviving = ZERO if in_cash or fate is ConvertedDividends.FORFEITED else declared_dividend(name)
    besides = fate is ConvertedDividends.DEBT_OUTSIDE
    return Terms(series, shares(name), preference, ratio, cash, surviving, besides, headroom)


FORMER = "former holders"
"""Who is owed dividends on shares that have converted before."""


def day_label(day: int) -> str:
    """Name those whose Cash Amounts are of an earlier day of conversion, the first being one."""
    return f"day {day}"


@dataclass(frozen=True)
class Claim:
    """Hold a claim that stands in a rank: whose it is, a series' or former holders', how many units, $ a unit."""

    who: str
    units: sympy.Expr
    each: sympy.Expr


@dataclass(frozen=True)
class Tier:
    """Hold the claims that are paid together, and the clause that ranks them."""

    claims: tuple[Claim, ...]
    clause: str

    @property
    def owed(self) -> sympy.Expr:
        """Return the sum of the claims, $."""
        return total(claim.units * claim.each for claim in self.claims)


def ranks(case: Case, all_terms: Iterable[Terms]) -> tuple[Tier, ...]:
    """List the ranks in order of payment, those without a claim too: as many whoever converts.

    Dividends that survive a conversion come first (AMB-125); then the preferences (2(a)). Cash Amounts (3(c)) stand,
    by the reading: before these, just before or inside the tier of the electing series, or after every preference
    (AMB-23); those of earlier conversions with those of an election, or by day before them (AMB-51, AMB-128).
    """
    by_name = {term.name: term for term in all_terms}
    from_assets = case.readings.converted_dividends is ConvertedDividends.DEBT_FROM_ASSETS
    owed = [Claim(n, by_name[n].shares, by_name[n].surviving) for n in by_name if n in case.converted]
    owed = [claim for claim in owed if claim.each != ZERO] + [Claim(FORMER, ONE, UNPAID_DIVIDENDS)] * case.former
    debts = Tier(tuple(owed) if from_assets else (), "3(a)")
    cash = _cash_ranks(case, by_name)
    rank = case.readings.cash_rank
    listed = [debts, *(cash if rank is CashRank.CREDITOR else ())]
    for tier in case.charter.liquidation_tiers:
        kept = tuple(
            Claim(name, by_name[name].shares, by_name[name].preference)
            for name in tier.series
            if name not in case.as_common
        )
        home = any(name in case.charter.electing for name in tier.series)
        if home and rank is CashRank.AFTER_F:
            listed += cash
        inside = home and rank is CashRank.PARI_SECOND_TIER
        listed.append(Tier((*(claim for own in cash for claim in own.claims if inside), *kept), tier.clause))
    return (*listed, *(cash if rank is CashRank.LAST else ()))


def _cash_ranks(case: Case, by_name: dict[str, Terms]) -> list[Tier]:
    """List the ranks of Cash Amounts: one for all, or one for each day, that of an election the last (AMB-51)."""
    names = [name for name in case.charter.electing if case.elected and name in case.as_common]
    days = [(Claim(day_label(day), ONE, unpaid_cash(day)),) for day in range(1, case.days + 1)]
    by_day = [*days, tuple(Claim(name, by_name[name].shares, by_name[name].cash) for name in names)]
    if case.readings.cash_pool is CashPool.MERGED:
        by_day = [tuple(claim for own in by_day for claim in own)]
    return [Tier(own, "3(c)") for own in by_day]


def tiers(case: Case, all_terms: Iterable[Terms]) -> tuple[Tier, ...]:
    """List the ranks in which anybody has a claim, in order of payment."""
    return tuple(tier for tier in ranks(case, all_terms) if tier.claims)


@dataclass(frozen=True)
class Preferred:
    """Hold what the ranks take: $ a unit by whose claim, the part of each rank that is paid, and what is left, $.

    A rank without a claim is paid as soon as what stands before it is, or once anything is left for it.
    """

    paid: dict[str, sympy.Expr]
    fractions: tuple[sympy.Expr, ...]
    remaining: sympy.Expr


def pay_tiers(case: Case, account: Account, all_terms: Iterable[Terms], once_left: bool = False) -> Preferred:
    """Pay the ranks by cumulative sums: each gets what is left above the sum of the ranks before it (2(a)).

    once_left: whether of a rank without a claim nothing is paid before anything is left for it.
    """
    paid = {series.name: ZERO for series in case.charter.series}
    owed: list[sympy.Expr] = []
    fractions = []
    for tier in ranks(case, all_terms):
        before = total(owed)
        if tier.claims and len(owed) > 1:
            meaning = f"claims of the tiers before tier {len(owed) + 1}"
            before = account.define(f"before_{len(owed) + 1}", before, meaning, "2(a)", "$")
        reached = sympy.Gt(ASSETS, before) if once_left else sympy.Ge(ASSETS, before) if owed else sympy.true
        promised = either(reached, ONE, ZERO)
        if not tier.claims:
            fractions.append(promised)
            continue
        place = len(owed) + 1
        names = ", ".join(claim.who for claim in tier.claims)
        due = account.define(f"T_{place}", tier.owed, f"claims of tier {place}: {names}", tier.clause, "$")
        received = smallest(due, largest(ZERO, ASSETS - before) if owed else ASSETS)
        fraction = account.define(
            f"f_{place}", quotient(received, due, promised), f"fraction of tier {place} that is paid", "2(a)", "ratio"
        )
        for claim in tier.claims:
            paid[claim.who] = paid.get(claim.who, ZERO) + claim.each * fraction
        fractions.append(fraction)
        owed.append(due)
    remaining = account.define("R", largest(ZERO, ASSETS - total(owed)), "assets that remain after 2(a)", "2(b)", "$")
    return Preferred(paid, tuple(fractions), remaining)


def former(case: Case, paid: dict[str, sympy.Expr]) -> tuple[sympy.Expr, sympy.Expr]:
    """Return what holders who have converted before get, $: of their Cash Amounts, and of their dividends."""
    cash = total(paid[day_label(day)] for day in range(1, case.days + 1))
    return cash, paid.get(FORMER, ZERO)


@dataclass(frozen=True)
class Sharing:
    """Hold who shares the remainder: the as-converted shares that always do, and the capped participants.

    joint_stop: the amount per Common share at which all of these stop, None if each stops at its own cap;
    again: whether they go on with the Common after the last stop.
    """

    base: sympy.Expr
    capped: tuple[Terms, ...]
    joint_stop: sympy.Expr | None
    again: bool

    @property
    def together(self) -> sympy.Expr:
        """Return the as-converted shares of the capped participants."""
        return total(term.as_converted for term in self.capped)

    @property
    def everybody(self) -> sympy.Expr:
        """Return the as-converted shares of all who share at the start."""
        return self.base + self.together

    @property
    def takers(self) -> sympy.Expr:
        """Return the as-converted shares that share without end."""
        return self.everybody if self.again else self.base

    def stop(self, term: Terms) -> sympy.Expr:
        """Return the amount per Common share up to which a capped participant shares, $."""
        return term.full_at if self.joint_stop is None else self.joint_stop

    @cached_property
    def last_stop(self) -> sympy.Expr:
        """Return the amount per Common share at which no capped participant shares any more, $."""
        if self.joint_stop is not None:
            return self.joint_stop
        return largest(ZERO, *(_if_outstanding(term, ZERO) for term in self.capped))

    @cached_property
    def room(self) -> sympy.Expr:
        """Return what the capped participants can take until they have stopped, $."""
        if self.joint_stop is not None:
            return self.together * self.joint_stop
        return total(term.room for term in self.capped)


def _if_outstanding(term: Terms, otherwise: sympy.Expr) -> sympy.Expr:
    return either(positive(term.shares), term.full_at, otherwise)


def sharing(case: Case, account: Account, all_terms: Iterable[Terms]) -> Sharing:
    """Say who shares the remainder, and until when (2(b), AMB-19, AMB-22)."""
    base, capped = COMMON_SHARES, []
    for term in all_terms:
        if term.name in case.as_common or term.series.participation.kind == "full":
            base = base + term.as_converted
        elif term.headroom is not None:
            capped.append(term)
    base = account.define("B", base, "Common, and the shares that are as good as Common", "2(b)", "shares")
    stop = _joint_stop(case.readings.cap_mode, capped)
    if stop is not None:
        stop = account.define("x_stop", stop, "amount per Common share at which all sharing stops", "2(b)", "$/share")
    return Sharing(base, tuple(capped), stop, case.readings.ef_conversion is EfConversion.DOUBLE_DIP)


def _joint_stop(mode: CapMode, capped: list[Terms]) -> sympy.Expr | None:
    """Return where all stop together; a cap counts only if somebody holds the series (AMB-19)."""
    if mode is CapMode.INDIVIDUAL or not capped:
        return None
    if mode is CapMode.JOINT:
        return largest(ZERO, *(_if_outstanding(term, ZERO) for term in capped))
    never_first = largest(*(term.full_at for term in capped))
    return smallest(*(_if_outstanding(term, never_first) for term in capped))


def undistributed(account: Account, remaining: sympy.Expr, shared: Sharing) -> sympy.Expr:
    """Return what nobody is entitled to, $: what is left when all have stopped and there is no Common (AMB-25)."""
    takers, left = shared.takers, remaining if shared.again else largest(ZERO, remaining - shared.room)
    return account.define("L", either(positive(takers), ZERO, left), "assets that no class is entitled to", "2(b)", "$")


def per_common_share(account: Account, remaining: sympy.Expr, shared: Sharing) -> sympy.Expr:
    """Return the amount that reaches one share of Common, $ (2(b)).

    With nobody left to share it is the amount at which the last participant stopped.
    """
    if not shared.again:
        return account.define(
            "x", _level(account, remaining, shared), "amount that reaches one share of Common", "2(b)", "$/share"
        )
    # All go on together after the last stop: first to that stop, then by the shares of everybody.
    to_stop = account.define(
        "R_stop", shared.base * shared.last_stop + shared.room, "what it takes to reach the last stop", "2(b)", "$"
    )
    level = _level(account, smallest(remaining, to_stop), shared) + quotient(
        largest(ZERO, remaining - to_stop), shared.everybody
    )
    return account.define("x", level, "amount that reaches one share of Common", "2(b)", "$/share")


def _level(account: Account, remaining: sympy.Expr, shared: Sharing) -> sympy.Expr:
    """Return the largest quotient of what the participants outside S leave, over every set S that has stopped."""
    if shared.joint_stop is not None:
        before = quotient(remaining, shared.everybody)
        after = quotient(remaining - shared.room, shared.base)
        return largest(
            ZERO,
            account.define("x_before", before, "x if sharing has not stopped", "2(b)", "$/share"),
            account.define("x_after", after, "x if all sharing has stopped", "2(b)", "$/share"),
        )
    quotients = []
    for size in range(len(shared.capped) + 1):
        for stopped in combinations(shared.capped, size):
            going = [term for term in shared.capped if term not in stopped]
            taken = total(term.room for term in stopped)
            weight = shared.base + total(term.as_converted for term in going)
            names = [term.name for term in stopped]
            quotients.append(
                account.define(
                    f"x_{''.join(names) or 'none'}",
                    quotient(remaining - taken, weight),
                    f"x if exactly these have stopped: {', '.join(names) or 'none'}",
                    "2(b)",
                    "$/share",
                )
            )
    return largest(ZERO, *quotients)


@dataclass(frozen=True)
class Forms:
    """Hold the closed forms of a liquidation, in terms of the unknowns of `symbolic.symbols`.

    per_share: $/share by class, "common" included, Cash Amounts included; total: $ by class;
    per_common_share: $ reaching one Common share; undistributed: $ that no class is entitled to;
    preferences: the part of per_share paid in rank; fractions: the part of each rank that is paid, in order;
    former_cash, former_dividends: $ to holders who have converted before.
    """

    per_share: dict[str, sympy.Expr]
    preferences: dict[str, sympy.Expr]
    fractions: tuple[sympy.Expr, ...]
    total: dict[str, sympy.Expr]
    per_common_share: sympy.Expr
    undistributed: sympy.Expr
    former_cash: sympy.Expr
    former_dividends: sympy.Expr


def forms(case: Case, account: Account | None = None) -> Forms:
    """Return every output of a liquidation with given conversions (2(a), 2(b), 3(c)).

    account: records the steps; one with `named` set makes the forms refer to its definitions.
    """
    account = account or Account()
    all_terms = terms(case, account)
    preferred = pay_tiers(case, account, all_terms)
    shared = sharing(case, account, all_terms)
    left = undistributed(account, preferred.remaining, shared)
    level = per_common_share(account, distributed(account, preferred.remaining, left), shared)
    per_share = {
        term.name: preferred.paid[term.name] + share_of_remainder(case, shared, term, level) for term in all_terms
    }
    per_share[COMMON] = level
    totals = {name: shares(name) * amount for name, amount in per_share.items()}
    preferences = {term.name: preferred.paid[term.name] for term in all_terms}
    return Forms(per_share, preferences, preferred.fractions, totals, level, left, *former(case, preferred.paid))


def distributed(account: Account, remaining: sympy.Expr, left: sympy.Expr) -> sympy.Expr:
    """Return what the participants and the Common share, $ (2(b))."""
    return account.define("S", remaining - left, "what is shared under 2(b)", "2(b)", "$")


def share_of_remainder(case: Case, shared: Sharing, term: Terms, level: sympy.Expr) -> sympy.Expr:
    """Return what one share gets besides its preference, $: as Common, or as a participant (2(b))."""
    if term.name in case.as_common or term.series.participation.kind == "full":
        return term.ratio * level
    if term.headroom is None:
        return ZERO
    until_stop = smallest(term.headroom, term.ratio * level)
    if shared.joint_stop is not None:
        until_stop = term.ratio * smallest(level, shared.joint_stop)
    if not shared.again:
        return until_stop
    return until_stop + term.ratio * largest(ZERO, level - shared.last_stop)


@dataclass(frozen=True)
class ImplicitAccount:
    """Hold a liquidation as equations instead of a formula: the amount x per Common share is an unknown.

    per_share: $/share by class at x; former: $ to holders who have converted before; balance: all claims and what is
    left over add up to the assets; conditions: what else must hold of x and the left-over; together they determine
    both.
    """

    per_common_share: sympy.Symbol
    undistributed: sympy.Symbol
    per_share: dict[str, sympy.Expr]
    conditions: tuple[sympy.Basic, ...]
    former: sympy.Expr = ZERO

    @property
    def claims(self) -> dict[str, sympy.Expr]:
        """Return what each class claims in all at x, $."""
        return {name: shares(name) * amount for name, amount in self.per_share.items()}

    @property
    def balance(self) -> sympy.Basic:
        """Return the condition that the claims and what is left over add up to the assets."""
        return sympy.Eq(total(self.claims.values()) + self.former + self.undistributed, ASSETS)


def implicit(case: Case) -> ImplicitAccount:
    """Return the implicit account of a liquidation with given conversions (2(a), 2(b), 3(c)).

    The left-over is zero unless nobody shares at x; x is then no more than the last stop.
    """
    account = Account()
    all_terms = terms(case, account)
    preferred = pay_tiers(case, account, all_terms)
    shared = sharing(case, account, all_terms)
    x, left = PER_COMMON_SHARE, UNDISTRIBUTED
    per_share = {term.name: preferred.paid[term.name] + share_of_remainder(case, shared, term, x) for term in all_terms}
    per_share[COMMON] = x
    nobody = sympy.And(
        sympy.Eq(shared.takers, 0),
        *(sympy.Or(sympy.Eq(term.shares, 0), sympy.Ge(x, shared.stop(term))) for term in shared.capped),
    )
    conditions = (
        sympy.Ge(x, 0),
        sympy.Ge(left, 0),
        sympy.Or(sympy.Eq(left, 0), nobody),
        sympy.Or(positive(shared.takers), sympy.Le(x, shared.last_stop)),
    )
    return ImplicitAccount(x, left, per_share, conditions, total(former(case, preferred.paid)))


DISSOLVED, SOLD, MERGED, EXCEPTED = (
    sympy.Symbol(name, nonnegative=True) for name in ("dissolved", "sold", "merged", "excepted")
)
"""One for a dissolution, a sale of all assets, a merger, an excepted party to it; zero otherwise (2(c))."""

DISPOSED = sympy.Symbol("disposed", nonnegative=True)
"""The voting power that an event disposes of, a share of the whole, 0 to 1 (2(c))."""


EVENT = (
    Unknown(DISSOLVED, "one for a dissolution, zero otherwise", "1 or 0", "dissolved >= 0", "2(c)"),
    Unknown(SOLD, "one for a sale of substantially all assets, zero otherwise", "1 or 0", "sold >= 0", "2(c)"),
    Unknown(MERGED, "one for a merger, zero otherwise", "1 or 0", "merged >= 0", "2(c)"),
    Unknown(EXCEPTED, "one if the other party to it is excepted, zero otherwise", "1 or 0", "excepted >= 0", "2(c)"),
    Unknown(DISPOSED, "voting power that is disposed of, of the whole", "ratio", "disposed >= 0", "2(c)"),
)
"""The unknowns that say what happened (2(c))."""


def deemed(case: Case) -> sympy.Basic:
    """Return the condition that an event counts as a liquidation (2(c), AMB-26).

    What the parenthesis excepts is a merger alone: a disposal of votes counts whoever the other party is (AMB-127).
    """
    terms = case.charter.deemed_liquidation
    if terms is None:
        return positive(DISSOLVED)
    threshold = terms.voting_power_disposed
    limit = number(threshold.value)
    shifted = above(DISPOSED, limit) if threshold.strict else at_most(limit, DISPOSED)
    merger = all_of(positive(MERGED), sympy.Not(positive(EXCEPTED)))
    mergers = merger if case.readings.merger_scope is MergerScope.LITERAL else sympy.false
    return any_of(positive(DISSOLVED), positive(SOLD), shifted, mergers)


def payment(charter: Charter, holder: int) -> sympy.Expr:
    """Return what a holder gets in all, $: its shares of each class times what each gets (2)."""
    names = (*(series.name for series in charter.series), COMMON)
    return total(held(holder, name) * per_share(name) for name in names)
