"""What is known of rights over Common, and what is deemed issued under them: section 3(d)(i)(E).

Numbers of shares are in shares of the grant, and count what was exercised with what can still be: exercise moves
shares from the one to the other and changes no number, so that only what tells other terms matters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import sympy

from reference.readings import GrantAlloc, Readings, Vesting
from symbolic.account import Account
from symbolic.algebra import ZERO, at_least, either, largest, positive, quotient, smallest, total
from symbolic.antidilution.events import Changed, Exercised, Expired, Granted, Vested, unknown

CLAUSE = "3(d)(i)(E)"

OfRights = Granted | Vested | Changed | Exercised | Expired


@dataclass(frozen=True)
class Terms:
    """Hold what is known of rights by an entry, in shares and $/share of their grant (AMB-110).

    deemed: by entry, the shares deemed issued up to then; issued, received: by exercise, shares and $;
    whole: all that the grant's price is for.
    """

    granted: int
    deemed: tuple[tuple[int, sympy.Expr], ...]
    deliverable: sympy.Expr
    exercisable: sympy.Expr
    strike: sympy.Expr
    whole: sympy.Expr
    issued: sympy.Expr = ZERO
    received: sympy.Expr = ZERO


class Rights:
    """Say what is known of each rights by each entry; account: receives the definitions."""

    def __init__(self, readings: Readings, account: Account) -> None:
        """Start without any."""
        self.readings, self.account = readings, account
        self.grants: dict[str, tuple[int, Granted]] = {}
        self._multiplied: tuple[int, ...] = ()
        self._terms: dict[str, tuple[tuple[int, Terms], ...]] = {}
        self._exercised: dict[str, tuple[int, ...]] = {}
        self._issues: dict[tuple[str, int, int], tuple[sympy.Expr, sympy.Expr]] = {}

    def copied(self, account: Account) -> Rights:
        """Return the same, to go on by itself with an account of its own."""
        twin = Rights(self.readings, account)
        twin._multiplied = self._multiplied
        twin.grants, twin._terms = dict(self.grants), dict(self._terms)
        twin._exercised, twin._issues = dict(self._exercised), dict(self._issues)
        return twin

    def multiply(self, entry: int) -> None:
        """Let a split, or a dividend in Common, scale what is under all rights (AMB-110, AMB-144)."""
        self._multiplied += (entry,)

    def scale(self, start: int, end: int) -> sympy.Expr:
        """Return what a share under rights at one entry has become at another."""
        return sympy.Mul(*(unknown("factor", at, True) for at in self._multiplied if start < at < end))

    def hear(self, entry: int, event: OfRights) -> None:
        """Learn from an event of rights."""
        name = event.rights
        if isinstance(event, Granted):
            self.grants[name] = (entry, event)
            n = unknown("n", entry)
            exercisable = unknown("exercisable", entry) if event.part else n
            at_once = n if self.readings.vesting is Vesting.COUNT_ALL else exercisable
            terms = Terms(entry, ((entry, at_once),), n, exercisable, unknown("strike", entry), n)
            self._terms[name] = ((entry, terms),)
        elif not self.grants[name][1].excluded:
            terms = self._after(self._terms[name][-1][1], entry, event)
            self._terms[name] = (*self._terms[name], (entry, terms))
        if isinstance(event, Exercised):
            self._exercised[name] = (*self._exercised.get(name, ()), entry)

    def known(self, name: str, by: int) -> Terms:
        """Return what is known of rights by an entry."""
        return [terms for entry, terms in self._terms[name] if entry <= by][-1]

    def issue(self, name: str, entry: int, by: int) -> tuple[sympy.Expr, sympy.Expr]:
        """Return what is deemed issued at an entry, in shares of its day, and for what, $, as known by an entry."""
        key = (name, entry, by)
        if key not in self._issues:
            terms = self.known(name, by)
            at = [each for each, _ in terms.deemed].index(entry)
            upto = terms.deemed[at][1]
            shares, paid = upto, self._consideration(terms, upto)
            if at:
                before = terms.deemed[at - 1][1]
                shares, paid = shares - before, paid - self._consideration(terms, before)
            shares *= self.scale(terms.granted, entry)
            define, tag = self.account.define, f"{entry}_by_{by}"
            shares = define(f"deemed_{tag}", shares, "shares deemed issued, as known then", CLAUSE, "shares")
            paid = define(f"deemed_paid_{tag}", paid, "consideration deemed paid for them", CLAUSE, "$")
            self._issues[key] = shares, paid
        return self._issues[key]

    def unissued(self, name: str, entry: int, by: int) -> sympy.Expr:
        """Return what is deemed issued just before an entry and is not yet, in shares of that day (AMB-53)."""
        terms = self.known(name, by)
        deemed = [shares for at, shares in terms.deemed if at < entry][-1]
        gone = total(
            unknown("n", at) / self.scale(terms.granted, at) for at in self._exercised.get(name, ()) if at < entry
        )
        left = deemed if gone == ZERO else largest(ZERO, deemed - gone)
        return left * self.scale(terms.granted, entry)

    def _after(self, terms: Terms, entry: int, event: OfRights) -> Terms:
        """Return what is known with one more event."""
        scale = self.scale(terms.granted, entry)
        if isinstance(event, Exercised):
            issued, received = terms.issued + unknown("n", entry) / scale, terms.received + unknown("paid", entry)
            return replace(terms, issued=issued, received=received)
        if isinstance(event, Vested):
            return self._vested(terms, entry)
        deliverable, exercisable, whole, strike = terms.deliverable, terms.exercisable, terms.whole, terms.strike
        last = terms.deemed[-1][1]
        if isinstance(event, Expired):
            deliverable = self._anew(terms, entry, "deliverable") if event.left else terms.issued
            in_all = exercisable = self._anew(terms, entry, "exercisable") if event.left else terms.issued
        else:
            assert isinstance(event, Changed)
            if "strike" in event.terms:
                strike = unknown("strike", entry) * scale
            if "deliverable" in event.terms:
                whole = deliverable = self._anew(terms, entry, "deliverable")
            if "exercisable" in event.terms:
                in_all = exercisable = self._anew(terms, entry, "exercisable")
            else:
                in_all = exercisable = self._still(terms, deliverable, f"exercisable_by_{entry}")
            if exercisable == terms.exercisable:
                in_all = last
            elif last != terms.exercisable:
                # Of what has vested and is ignored a change makes nothing; what it adds counts (AMB-146).
                added = last + largest(ZERO, exercisable - terms.exercisable)
                in_all = self._share(f"counted_by_{entry}", smallest(added, exercisable))
        if self.readings.vesting is Vesting.COUNT_ALL:
            in_all = deliverable
        deemed = self._deemed(terms, in_all, entry)
        return replace(
            terms, deliverable=deliverable, exercisable=exercisable, whole=whole, strike=strike, deemed=deemed
        )

    def _vested(self, terms: Terms, entry: int) -> Terms:
        """Return what is known when more has become exercisable (AMB-60)."""
        exercisable, deemed = self._anew(terms, entry, "exercisable"), terms.deemed
        if self.readings.vesting is Vesting.FORWARD_ON_VEST:
            deemed = (*deemed, (entry, exercisable))
        elif self.readings.vesting is Vesting.RECOMPUTE_ON_VEST:
            deemed = ((terms.granted, exercisable),)
        return replace(terms, exercisable=exercisable, deemed=deemed)

    def _deemed(self, terms: Terms, in_all: sympy.Expr, entry: int) -> tuple[tuple[int, sympy.Expr], ...]:
        """Return what is deemed issued by when, if other terms make it so many in all.

        More than before are deemed issued with the grant, as all rights are; fewer leave out those that came last.
        """
        last = terms.deemed[-1][1]
        if in_all == last:
            return terms.deemed
        if len(terms.deemed) == 1:
            return ((terms.granted, in_all),)
        more = largest(ZERO, in_all - last)
        return tuple(
            (at, self._share(f"counted_{at}_by_{entry}", smallest(number + more, in_all)))
            for at, number in terms.deemed
        )

    def _anew(self, terms: Terms, entry: int, stem: str) -> sympy.Expr:
        """Return a number given at an entry, with the shares issued before."""
        own = terms.issued + unknown(stem, entry) / self.scale(terms.granted, entry)
        return self._share(f"{stem}_by_{entry}", own)

    def _still(self, terms: Terms, deliverable: sympy.Expr, name: str) -> sympy.Expr:
        """Return how many shares are exercisable when others become deliverable and nothing is said of it (AMB-142).

        Rights that are wholly exercisable remain so; of others no more are than there are.
        """
        now = terms.exercisable
        if deliverable == terms.deliverable:
            return now
        if terms.exercisable == terms.deliverable:
            return deliverable
        wholly = at_least(terms.exercisable, terms.deliverable)
        return self._share(name, either(wholly, deliverable, smallest(now, deliverable)))

    def _share(self, name: str, expression: sympy.Expr) -> sympy.Expr:
        meaning = "shares under rights as known then, with those issued, in shares of the grant"
        return self.account.define(name, expression, meaning, CLAUSE, "shares")

    def _consideration(self, terms: Terms, shares: sympy.Expr) -> sympy.Expr:
        """Return what is paid for the first so many shares, $ (AMB-61, AMB-109, AMB-143)."""
        grant = unknown("grant", terms.granted)
        if self.readings.grant_alloc is GrantAlloc.PRO_RATA:
            part = grant if shares == terms.whole else grant * quotient(shares, terms.whole)
        else:
            part = either(positive(shares), grant, ZERO)
        if terms.issued == ZERO:
            return part + shares * terms.strike
        if self.readings.vesting in (Vesting.RECOMPUTE_ON_VEST, Vesting.COUNT_ALL):
            return part + terms.received + (shares - terms.issued) * terms.strike
        # What is exercised are the first shares; where fewer count, each for what one brought.
        exercised = quotient(smallest(shares, terms.issued), terms.issued) * terms.received
        return part + exercised + largest(ZERO, shares - terms.issued) * terms.strike
