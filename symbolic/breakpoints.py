"""Breakpoints in closed form: the assets at which what somebody gets for a further dollar changes (2, 3(a), 3(c)).

What each claimant claims is a line with corners in one parameter, how far the payments have come: first the ranks fill
one after the other, then x grows, what reaches one Common share. At each event that can turn a line the claims
together are assets, a candidate level; on either side of it every claim grows at some rate. A further dollar goes to
the claimants in proportion to these rates, and a candidate is a breakpoint exactly where that proportion differs on
the two sides for somebody, or where nobody claims any further dollar. Where the claims stand still for a while, the
candidates at both ends are at the same assets: the rates before the first of them and after the last one count.
Nobody walks from one level to the next.

Domain: that of `symbolic.liquidation` with given conversions, that of `symbolic.equilibrium` with chosen ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import sympy

from reference.charter import COMMON
from reference.readings import CapMode
from symbolic.account import Account
from symbolic.algebra import (
    ONE,
    ZERO,
    above,
    all_of,
    any_of,
    at_least,
    at_most,
    below,
    either,
    largest,
    positive,
    smallest,
    total,
)
from symbolic.equilibrium import choosing, delivered, exercise_price, has_formula
from symbolic.evaluate import Values, evaluate_each
from symbolic.liquidation import (
    FORMER,
    Case,
    Sharing,
    Tier,
    day_label,
    ranks,
    sharing,
    terms,
)
from symbolic.symbols import shares

Event = Literal["rank_paid", "kept", "cap", "conversion", "exercise", "tail"]
Growth = Mapping[str, sympy.Expr]
"""How fast each claimant's claims together grow in the parameter, $."""


@dataclass(frozen=True)
class BreakpointForm:
    """Hold a candidate: its level, $, its clause and event, and when it stands there.

    names: who it is about, each with its condition; there: when the event takes place; before, after: how the claims
    grow on its two sides; rates: the sums of these.
    """

    assets: sympy.Expr
    clause: str
    event: Event
    names: tuple[tuple[str, sympy.Basic], ...]
    there: sympy.Basic
    before: Growth
    after: Growth
    rates: tuple[sympy.Expr, sympy.Expr]

    @property
    def turns(self) -> sympy.Basic:
        """Return the condition that somebody's share of a further dollar changes here, no other event being near."""
        one, other = self.rates
        return any_of(
            at_most(other, ZERO), *(sympy.Ne(self.before[own] * other, self.after[own] * one) for own in self.before)
        )


@dataclass(frozen=True)
class _Line:
    """Hold what one share claims at a point, $, and how it grows on the two sides of it."""

    at: sympy.Expr
    left: sympy.Expr
    right: sympy.Expr


@dataclass(frozen=True)
class _Point:
    """Hold a value of the parameter: the rank that is filling, None where x grows, and how far that has come.

    label, words: what names of quantities there end with, and what that means; left, right: whether the parameter
    comes from, or goes on to, values of the same kind.
    """

    label: str
    words: str
    place: int | None
    to: sympy.Expr
    left: sympy.Basic = sympy.true
    right: sympy.Basic = sympy.true

    @property
    def x(self) -> sympy.Expr:
        """Return the amount per Common share, $."""
        return self.to if self.place is None else ZERO

    def part(self, place: int) -> sympy.Expr:
        """Return the part of a rank that is paid."""
        if self.place is None or place < self.place:
            return ONE
        return self.to if place == self.place else ZERO


def breakpoints(
    case: Case,
    account: Account | None = None,
    chosen: bool = False,
    rights: tuple[str, ...] = (),
    outstanding: frozenset[str] | None = None,
) -> tuple[BreakpointForm, ...]:
    """List the candidates, with given conversions or chosen ones, and rights over classes that are exercised (2, 3(a)).

    rights: the classes that they are over; outstanding: the series that anybody holds or has rights over, where the
    form need look at no others. Raise ValueError if conversions are chosen under a reading without a formula.
    """
    if chosen and (case.converted or not has_formula(case)):
        raise ValueError("no formula is known for this")
    found = _Claims(case, account or Account(), chosen, rights, outstanding)
    return tuple(found.candidates())


class _Claims:
    """Hold everybody's claims as functions of the parameter."""

    def __init__(
        self, case: Case, account: Account, chosen: bool, rights: tuple[str, ...], outstanding: frozenset[str] | None
    ) -> None:
        """Read the terms, and how the ranks stand where everybody, or nobody, has converted."""
        self.case, self.account, self.rights = case, account, rights
        self.known: dict[tuple[str, _Point], _Line] = {}
        self.as_held: dict[tuple[str, _Point], _Line] = {}
        every = terms(case, account)
        self.terms = {t.name: t for t in every if outstanding is None or t.name in outstanding}
        self.stop, self.again = self._stops(sharing(case, account, every), outstanding)
        free = {term.name for term in choosing(case, every)} if chosen else set()
        self.choosers = tuple(name for name in self.terms if name in free)
        self.kept_in = ranks(case, every)
        self.common_in = ranks(replace(case, converted=case.converted | free), every)
        owed = case.former and self.kept_in[0].claims
        self.former = (*((FORMER,) if owed else ()), *map(day_label, range(1, case.days + 1)))

    def _stops(
        self, shared: Sharing, outstanding: frozenset[str] | None
    ) -> tuple[Mapping[str, sympy.Expr], sympy.Expr | None]:
        """Return where each participant stops, and from where on all go on with the Common, None if they do not."""
        at = {term.name: term.full_at for term in shared.capped if term.name in self.terms}
        if outstanding is None and (shared.joint_stop is not None or shared.again):
            raise ValueError("where all stop together depends on what is outstanding")
        if at and shared.joint_stop is not None:
            extreme = largest if self.case.readings.cap_mode is CapMode.JOINT else smallest
            at = dict.fromkeys(at, extreme(*at.values()))
        return at, largest(ZERO, *at.values()) if shared.again else None

    # Lines

    def _in_ranks(self, who: str, listed: tuple[Tier, ...], at: _Point) -> tuple[sympy.Expr, sympy.Expr]:
        """Return what a claimant's claims in rank come to, $ a unit, and how they grow in the point's rank."""
        claims = [(place, own.each) for place, rank in enumerate(listed) for own in rank.claims if own.who == who]
        return total(each * at.part(place) for place, each in claims), total(
            each for place, each in claims if place == at.place
        )

    def kept(self, name: str, at: _Point) -> _Line:
        """Return what a share claims that stays as it is: in rank, and of the remainder (2(a), 2(b))."""
        term = self.terms[name]
        paid, grows = self._in_ranks(name, self.kept_in, at)
        if at.place is not None:
            return _Line(paid, grows, grows)
        if name in self.case.as_common or term.series.participation.kind == "full":
            return _Line(paid + term.ratio * at.x, term.ratio, term.ratio)
        if name not in self.stop:
            return _Line(paid, ZERO, ZERO)
        stop, again = self.stop[name], self.again
        paid = paid + term.ratio * smallest(at.x, stop)
        left, right = at_most(at.x, stop), below(at.x, stop)
        if again is not None:
            paid = paid + term.ratio * largest(ZERO, at.x - again)
            left, right = any_of(left, above(at.x, again)), any_of(right, at_least(at.x, again))
        return _Line(paid, either(left, term.ratio, ZERO), either(right, term.ratio, ZERO))

    def as_common(self, name: str, at: _Point) -> _Line:
        """Return what a share claims that converts: in rank, and as Common (3(a), 3(c))."""
        term = self.terms[name]
        paid, grows = self._in_ranks(name, self.common_in, at)
        rate = term.ratio if at.place is None else grows
        return _Line(paid + term.ratio * at.x, rate, rate)

    def share(self, name: str, at: _Point) -> _Line:
        """Return what a share of a class claims at a point: of two choices, the greater claim."""
        if (name, at) not in self.known:
            self.known[name, at] = self._share(name, at)
        return self.known[name, at]

    def _share(self, name: str, at: _Point) -> _Line:
        if name == COMMON:
            rate = ONE if at.place is None else ZERO
            return _Line(at.x, rate, rate)
        kept = self._named(f"kept_{name}_{at.label}", f"a share of {name} as held", self.kept(name, at), at)
        if name not in self.choosers:
            return kept
        self.as_held[name, at] = kept
        converted = f"a share of {name} as Common"
        common = self._named(f"common_{name}_{at.label}", converted, self.as_common(name, at), at)

        def chosen(on_kept: sympy.Expr, on_common: sympy.Expr, at_tie: sympy.Expr) -> sympy.Expr:
            of_common = either(above(common.at, kept.at), on_common, at_tie)
            return either(above(kept.at, common.at), on_kept, of_common)

        left = chosen(kept.left, common.left, smallest(kept.left, common.left))
        right = chosen(kept.right, common.right, largest(kept.right, common.right))
        best = _Line(largest(kept.at, common.at), left, right)
        return self._named(f"{name}_{at.label}", f"a share of {name}, the greater of the two", best, at)

    def _at_x(self, label: str, words: str, level: sympy.Expr) -> _Point:
        """Return the point at which x is a level, which no payment reaches where it is below zero."""
        meaning = f"amount per Common share: {words}"
        level = self.account.define(f"x_{label}", level, meaning, "2(b), 3(a)", "$/share")
        return _Point(label, words, None, level, positive(level), at_least(level, ZERO))

    def _named(self, name: str, who: str, line: _Line, at: _Point) -> _Line:
        """Record what a line is at a point, and how it grows there."""
        where = at.words
        return _Line(
            self.account.define(name, line.at, f"claim of {who}: {where}", "2, 3(a)", "$/share"),
            self.account.define(
                f"left_{name}", line.left, f"how that grows just before: {where}", "2, 3(a)", "$/share"
            ),
            self.account.define(
                f"right_{name}", line.right, f"how that grows just after: {where}", "2, 3(a)", "$/share"
            ),
        )

    def right(self, number_of: int, at: _Point) -> _Line:
        """Return what a share of rights claims: what a share of their class does above their price (AMB-147)."""
        own, price = self.share(self.rights[number_of - 1], at), exercise_price(number_of)
        return _Line(
            largest(ZERO, own.at - price),
            either(above(own.at, price), own.left, ZERO),
            either(at_least(own.at, price), own.right, ZERO),
        )

    def claimants(self, at: _Point) -> Iterator[tuple[str, sympy.Expr, _Line]]:
        """Yield everybody who may claim: who, how many units, and what a unit claims."""
        for name in (*self.terms, COMMON):
            yield name, shares(name), self.share(name, at)
        for number_of in range(1, len(self.rights) + 1):
            yield f"rights {number_of}", delivered(number_of), self.right(number_of, at)
        for who in self.former:
            units = next(own.units * own.each for rank in self.kept_in for own in rank.claims if own.who == who)
            place = next(p for p, rank in enumerate(self.kept_in) if any(own.who == who for own in rank.claims))
            rate = ONE if place == at.place else ZERO
            yield who, units, _Line(at.part(place), rate, rate)

    # Candidates

    def candidate(
        self,
        clause: str,
        event: Event,
        names: tuple[tuple[str, sympy.Basic], ...],
        at: _Point,
        there: sympy.Basic,
        onward: _Point | None = None,
    ) -> BreakpointForm:
        """Return the candidate that an event at a point is; onward: the same point as the start of what follows it."""
        what, words = at.label, " ".join([event.replace("_", " "), *(name for name, _ in names)])

        def growth(side: str, rate: sympy.Expr, who: str, units: sympy.Expr) -> sympy.Expr:
            meaning = f"how fast the claims of {who} grow just {side} it: {words}"
            name = f"{side}_{who.replace(' ', '_')}_{what}"
            return self.account.define(name, units * rate, meaning, clause, "$")

        level, before = [], {}
        for who, units, line in self.claimants(at):
            level.append(units * line.at)
            before[who] = growth("before", either(at.left, line.left, ZERO), who, units)
        goes_on = sympy.true if onward else at.right
        after = {
            who: growth("after", either(goes_on, line.right, ZERO), who, units)
            for who, units, line in self.claimants(onward or at)
        }
        rates = tuple(
            self.account.define(
                f"{side}_all_{what}", total(own.values()), f"their sum, {side} it: {words}", clause, "$"
            )
            for side, own in (("before", before), ("after", after))
        )
        return BreakpointForm(total(level), clause, event, names, there, before, after, (rates[0], rates[1]))

    def candidates(self) -> Iterator[BreakpointForm]:
        """Yield the candidates: ends of ranks, then what becomes of each series, then exercises."""
        for place in range(len(self.kept_in)):
            yield self._rank_paid(place)
        for name in self.terms:
            yield from self._choices(name)
            yield from self._caps(name)
        for number_of in range(1, len(self.rights) + 1):
            yield from self._exercises(number_of)

    def _rank_paid(self, place: int) -> BreakpointForm:
        end = _Point(f"r{place + 1}", f"rank {place + 1} paid", place, ONE, right=sympy.false)
        # Past its end the next rank fills, or x grows.
        onward = _Point(
            f"p{place + 1}", f"past rank {place + 1}", place + 1 if place + 1 < len(self.kept_in) else None, ZERO
        )
        members: dict[str, sympy.Basic] = {}
        for own in self.kept_in[place].claims:
            if own.who in self.terms:
                kept = self._keeps(own.who, end)
                members[own.who] = all_of(self._outstanding(own.who, end), positive(own.each), kept)
            elif own.who in self.former:
                members[own.who] = positive(own.units * own.each)
        for own in self.common_in[place].claims:
            if own.who in self.choosers:
                converts = sympy.Not(self._keeps(own.who, end))
                found = all_of(self._outstanding(own.who, end), positive(own.each), converts)
                members[own.who] = any_of(members[own.who], found) if own.who in members else found
        there = any_of(sympy.false, *members.values())
        return self.candidate(self.kept_in[place].clause, "rank_paid", tuple(members.items()), end, there, onward)

    def _keeps(self, name: str, at: _Point) -> sympy.Basic:
        """Return the condition that a share stays as it is at a point; a tie keeps it (AMB-113)."""
        best = self.share(name, at)
        return at_least(self.as_held[name, at].at, best.at) if name in self.choosers else sympy.true

    def _outstanding(self, name: str, at: _Point) -> sympy.Basic:
        """Return the condition that somebody has shares of a class: holders, or who exercises rights."""
        return positive(shares(name) + total(self._exercised(name, at)))

    def _exercised(self, name: str, at: _Point) -> list[sympy.Expr]:
        return [
            either(above(self.share(name, at).at, exercise_price(n)), delivered(n), ZERO)
            for n, stock in enumerate(self.rights, start=1)
            if stock == name
        ]

    def _choices(self, name: str) -> Iterator[BreakpointForm]:
        """Yield where a series keeps its preferred shares from then on, and where it converts (3(a), AMB-125)."""
        if name not in self.choosers:
            return
        term = self.terms[name]
        home = next(p for p, rank in enumerate(self.kept_in) if any(own.who == name for own in rank.claims))
        debts = [(p, own.each) for p, rank in enumerate(self.common_in) for own in rank.claims if own.who == name]
        fixed = total(each for _, each in debts)
        earlier = total(each for place, each in debts if place < home)
        if earlier != ZERO:
            to = earlier / term.preference
            there = all_of(positive(earlier), at_most(earlier, term.preference))
            point = _Point(
                f"k{name}",
                f"{name} kept",
                home,
                to,
                left=at_most(earlier, term.preference),
                right=below(earlier, term.preference),
            )
            yield self._about(name, "3(a)", "kept", point, there)
        for place, each in debts:
            if place > home:
                there = at_most(term.preference, each)
                point = _Point(
                    f"c{name}{place + 1}",
                    f"{name} converts",
                    place,
                    _part(term.preference, each),
                    left=there,
                    right=below(term.preference, each),
                )
                yield self._about(name, "3(a)", "conversion", point, there)
        if term.series.participation.kind != "full":
            ceiling = term.preference + (ZERO if term.headroom is None else term.headroom)
            level = (ceiling - fixed) / term.ratio
            yield self._about(
                name,
                "3(a)",
                "conversion",
                self._at_x(f"c{name}", f"{name} converts", level),
                at_most(fixed, term.preference),
            )

    def _caps(self, name: str) -> Iterator[BreakpointForm]:
        """Yield where a series stops sharing, and where it starts again (2(b))."""
        if name not in self.stop:
            return
        levels: list[tuple[Event, sympy.Expr | None]] = [("cap", self.stop[name]), ("tail", self.again)]
        for event, level in levels:
            if level is not None:
                point = self._at_x(f"{event}{name}", f"{event} of {name}", level)
                yield self._about(name, "2(b)", event, point, self._keeps(name, point))

    def _about(self, name: str, clause: str, event: Event, at: _Point, there: sympy.Basic) -> BreakpointForm:
        """Return a candidate about one series, where anybody has its shares."""
        held = all_of(there, self._outstanding(name, at))
        return self.candidate(clause, event, ((name, sympy.true),), at, held)

    def _exercises(self, number_of: int) -> Iterator[BreakpointForm]:
        """Yield where a share of their class is worth the price of rights, and goes on to be worth more (AMB-147)."""
        name, price = self.rights[number_of - 1], exercise_price(number_of)
        for at, defined in self._worth(name, price):
            own = self.share(name, at)
            worth = all_of(at_least(own.at, price), at_most(own.at, price), at.right, positive(own.right))
            there = all_of(defined, positive(delivered(number_of)), worth)
            yield self.candidate("2(b)", "exercise", ((f"rights {number_of}", sympy.true),), at, there)

    def _worth(self, name: str, price: sympy.Expr) -> Iterator[tuple[_Point, sympy.Basic]]:
        """Yield where one of the claims that a share may have is a price, and the condition that it ever is."""
        if name == COMMON:
            yield self._at_x("price", "rights are exercised", price), sympy.true
            return
        for tiers in (self.kept_in, self.common_in):
            # No debt is among them: rights over a series with unpaid dividends are refused.
            claims = [(p, own.each) for p, rank in enumerate(tiers) for own in rank.claims if own.who == name and p]
            for place, each in claims:
                defined = all_of(positive(each), at_most(price, each))
                left, right = all_of(defined, positive(price)), all_of(defined, below(price, each))
                yield _Point(f"price{place}", "rights are exercised", place, _part(price, each), left, right), defined
            level = (price - total(each for _, each in claims)) / self.terms[name].ratio
            yield self._at_x("price", "rights are exercised", level), at_least(level, ZERO)


def _part(amount: sympy.Expr, whole: sympy.Expr) -> sympy.Expr:
    """Return what part an amount is of a whole, and something defined where it is more than the whole."""
    return amount / largest(amount, whole)


def listed(forms: Iterable[BreakpointForm], values: Values) -> list[tuple[Fraction, Event, tuple[str, ...], str]]:
    """Return the breakpoints at exact values: level, event, who it is about, and clause, in order; raise as `evaluate`.

    A candidate is listed where it takes place, above no assets, and somebody's share of a further dollar changes
    at its level: from before the first candidate there to after the last one, after which there may be nobody.
    """
    rows = [_valued(form, values) for form in forms]
    found = set()
    for form, level, names, there, _, _ in rows:
        if not there or level <= 0:
            continue
        before, after = ([own[side] for own in rows if own[1] == level] for side in (4, 5))
        one, other = ([sum(rates) for rates in zip(*sides, strict=True)] for sides in (before, after))
        if not any(other) or any(a * sum(other) != b * sum(one) for a, b in zip(one, other, strict=True)):
            found.add((level, form.event, names, form.clause))
    return sorted(found)


def _valued(
    form: BreakpointForm, values: Values
) -> tuple[BreakpointForm, Fraction, tuple[str, ...], bool, list[Fraction], list[Fraction]]:
    who = list(form.before)
    found = evaluate_each(
        (
            form.assets,
            *(form.before[own] for own in who),
            *(form.after[own] for own in who),
            form.there,
            *(condition for _, condition in form.names),
        ),
        values,
    )
    level, rates, there = found[0], list(found[1 : 2 * len(who) + 1]), found[2 * len(who) + 1]
    held = found[2 * len(who) + 2 :]
    names = tuple(name for (name, _), holds in zip(form.names, held, strict=True) if holds)
    return form, level, names, bool(there), rates[: len(who)], rates[len(who) :]
