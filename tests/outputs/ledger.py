"""Histories in closed form: what has become of a case when its question is asked.

Every event is turned into what it changes by itself; every fact after events is one form over all these changes
(`symbolic.history`). Whether an event is allowed is not asked: the engine has accepted it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

import sympy

from reference.charter import COMMON
from reference.readings import ConversionsAtClose, Daycount, IpoOrder
from symbolic import additional_stock, antidilution, dividends, history, recapitalization
from symbolic.account import Account, Definition
from symbolic.antidilution import Changed, Event, Exercised, Expired, Granted, Vested
from symbolic.evaluate import evaluate, evaluate_all, evaluate_each, holds
from symbolic.liquidation import Case
from tests.outputs import conversions
from tests.outputs.compare import NoAnswerError
from tests.outputs.conversions import Conversion, recorded
from tests.outputs.facts import (
    NEVER,
    Claim,
    Declaration,
    Document,
    Facts,
    Lot,
    Right,
    amounts,
    at_opening,
    day,
    exact,
    whole,
)
from tests.outputs.prices import LONG_AGO, Number, Prices, outstanding

OWED, ADJUSTED = "dividend_of_record_date", "combination_of_record_date"
"""The words for what an event leaves to its record date."""

Key = tuple[str, str]
"""A holder and a class."""


@dataclass(frozen=True)
class Anew:
    """Hold what an event does to some rights: what it gives of each term, and how many shares it issues."""

    stock: str
    deliverable: Number | None = None
    exercisable: Number | None = None
    price: Fraction | None = None
    used: Number = 0


@dataclass(frozen=True)
class Change:
    """Hold what one event changes.

    moved: shares by holder and class, below zero if given up; ratio: what it makes of one share, by class; of_rights:
    the same for what rights are over; issued: series of which it issues shares; declared, settled: $/share by class;
    repaid: $ by holder; done: conversions; funds: $; carried: an election that carries; units: property by kind;
    waited: whether it was left to a record date; promised: whether a dividend is owed only later. Of a declaration,
    declared_on: its day; of: which event it is; on_shares: the shares that it is on; common_of: the Common of each
    holder.
    """

    on: date
    moved: Mapping[Key, int] = field(default_factory=dict)
    ratio: Mapping[str, Fraction] = field(default_factory=dict)
    of_rights: Mapping[str, Fraction] = field(default_factory=dict)
    issued: tuple[str, ...] = ()
    rights: Mapping[str, Anew] = field(default_factory=dict)
    declared: Mapping[str, Fraction] = field(default_factory=dict)
    settled: Mapping[str, Fraction] = field(default_factory=dict)
    repaid: Mapping[str, Fraction] = field(default_factory=dict)
    done: tuple[Conversion, ...] = ()
    funds: Fraction | None = None
    carried: bool = False
    consented: str | None = None
    offered: bool = False
    units: Mapping[str, Fraction] = field(default_factory=dict)
    waited: bool = False
    promised: bool = False
    declared_on: date | None = None
    of: Document | None = None
    on_shares: Mapping[str, int] = field(default_factory=dict)
    common_of: Mapping[str, int] = field(default_factory=dict)


def facts_of(document: Document, on: date | None = None) -> Facts:
    """Return the facts of a case after its events, or on a later date, until which carried adjustments are made."""
    ledger = Ledger(document, on)
    return ledger.in_the_end(on)


INSTANTS = {"convert": 1, "elect_conversion": 1, "fund_cash_amounts": 2}
"""What the text puts at the end of a day: conversions under 3(a), then what is paid of their Cash Amounts (3(c))."""


def _instant(event: Document) -> int:
    """Return when in its day an event happens; a distribution has its holders at the close of its record date."""
    if event["do"] == "distribute":
        return 2 if event.get("record_date", event["on"]) == event["on"] else 0
    return INSTANTS.get(event["do"], 0)


class Ledger:
    """Turn the events of a case into changes, in the order in which they take effect."""

    def __init__(self, document: Document, on: date | None = None) -> None:
        """Read the events, and enter one after the other; on: up to which day record dates are looked for."""
        self.document = document
        self.opening = at_opening(document)
        self.listed = self._in_order(document.get("events", ()), on)
        self.changes: list[Change] = []
        self.counts: list[Mapping[str, int]] = []
        self.prices = Prices(self.opening, document, self._bought_in_the_end())
        for on, event in self.listed:
            self.prices.wait(min(on, day(event.get("record_date")) or on))
            before = self.facts(on)
            self.counts.append(before.shares)
            self.changes.append(CHANGES[event["do"]](self, before, on, event))

    def _in_order(self, events: Iterable[Document], until: date | None) -> list[tuple[date, Document]]:
        """Return the events with the days on which they take effect, in that order (AMB-50, AMB-99, AMB-140).

        What waits for a record date is an event of its own: a dividend is owed at the close of that day, a combination
        adjusts the conversion prices before the events of the day after (AMB-139).
        """
        at_close = self.opening.readings.conversions_at_close is ConversionsAtClose.YES
        dated = []
        for event in events:
            offers = event["do"] == "public_offering"
            on = conversions.effective(self.opening, event) if offers else day(event["on"])
            assert on is not None
            dated.append((on, 1, _instant(event) if at_close else 0, event))
            record = day(event.get("record_date"))
            if record is not None and event["do"] == "declare_dividend" and record >= on:
                dated.append((record, 2, 0, {**event, "do": OWED, "record_date": None}))
            if record is not None and _combines(event) and record == on:
                dated.append((record + timedelta(days=1), 0, 0, {**event, "do": ADJUSTED, "record_date": None}))
        last = max([on for on, place, *_ in dated if place == 1] + [until or LONG_AGO])
        reached = {0: last, 1: date.max, 2: last - timedelta(days=1)} if dated else {}
        return [(on, own) for on, place, _, own in sorted(dated, key=lambda own: own[:3]) if on <= reached[place]]

    def until_close(self, on: date) -> Ledger:
        """Return the history until just before what converts at the close of a day (3(c), AMB-140)."""
        if self.opening.readings.conversions_at_close is not ConversionsAtClose.YES:
            return self
        gone = [id(event) for at, event in self.listed if at == on and _instant(event) > 0]
        left = [event for event in self.document.get("events", ()) if id(event) not in gone]
        return Ledger({**self.document, "events": left}, on) if gone else self

    def _bought_in_the_end(self) -> dict[str, date | None]:
        over = {
            event["rights"]: event.get("class", COMMON) for _, event in self.listed if event["do"] == "issue_rights"
        }
        issues = [
            (on, event["class"] if event["do"] == "issue" else over[event["rights"]])
            for on, event in self.listed
            if event["do"] in ("issue", "exercise_rights")
        ]
        return {name: self.first_issued(name, issues) for name in self.opening.series}

    def first_issued(self, name: str, issues: Iterable[tuple[date, str]]) -> date | None:
        """Return the Purchase Date of a series after issues of classes, None if it is long past (3(d)(i)(A))."""
        given = self.opening.first_issued[name]
        if given is None:
            return None
        days = [on.toordinal() for on, stock in issues if stock == name]
        found = _of(history.first_issued, len(days), {"bought_0": given.toordinal()}, issued=days)
        return date.fromordinal(int(found))

    def issues(self) -> list[tuple[date, str]]:
        """Return the issues so far, the days and the series."""
        return [(own.on, name) for own in self.changes for name in own.issued]

    # Facts

    @property
    def last(self) -> date:
        """Return the day up to which the events lead, the first of the calendar if nothing has a date."""
        days = [own.on.toordinal() for own in self.changes if not own.waited]
        start = (self.opening.as_of or LONG_AGO).toordinal()
        return date.fromordinal(int(_of(history.as_of, len(days), {"on_0": start}, on=days)))

    def in_the_end(self, on: date | None) -> Facts:
        """Return the facts after all events, or on a later date."""
        last = self.last
        now = on or (last if self.changes or self.opening.as_of else None)
        if now is not None:
            if now < last:
                raise NoAnswerError("out_of_order")
            if on is not None:
                self.prices.wait(on)
        found = self.facts(now)
        undeclared = self._undeclared(None if now is None else last)
        found = replace(found, undeclared=undeclared, lots=self._lots(found.shares))
        return replace(found, declarations=self._declarations(found.shares))

    def facts(self, on: date | None) -> Facts:
        """Return the facts after the changes so far, on the day to which the prices have come."""
        opening = self.opening
        official = self.prices.official()
        initial = {s.name: s.original_issue_price.value for s in opening.charter.series}
        own_price = {n for n, price in official.items() if n in opening.prices or price != initial[n]}
        first = replace(
            opening,
            as_of=on,
            held=self._held(),
            prices={name: official[name] for name in opening.series if name in own_price},
            splits=self._splits(),
            combined=self._combined(),
            carried=self.prices.carried(),
            first_issued={name: self.first_issued(name, self.issues()) for name in opening.series},
        )
        return replace(
            first,
            declared=self._unpaid(first.shares) | self._unpaid_on_common(),
            owed_on_common=self._owed_on_common(),
            rights=self._rights(),
            claims=self._claims(),
            funds=tuple(own.funds for own in self.changes if own.funds is not None),
            debts=self._debts(),
            converted=self._converted(),
            elected=self._elected(),
            became=self._became(),
        )

    def _each(self, read: Callable[[Change], Number]) -> list[Number]:
        return [read(own) for own in self.changes]

    def _ratios(self, stock: str) -> list[Number]:
        return self._each(lambda own: own.ratio.get(stock, Fraction(1)))

    def _held(self) -> dict[Key, int]:
        keys = dict.fromkeys((*self.opening.held, *(key for own in self.changes for key in own.moved)))
        found = {}
        for key in keys:
            moves = self._each(lambda own, key=key: own.moved.get(key, 0))
            found[key] = _of(
                history.held,
                len(moves),
                {"held_0": self.opening.held.get(key, 0)},
                gained=[max(move, 0) for move in moves],
                lost=[max(-move, 0) for move in moves],
                ratio=self._ratios(key[1]),
            )
        return {key: int(count) for key, count in found.items() if count}

    def _splits(self) -> dict[str, Fraction]:
        split = dict.fromkeys((*self.opening.splits, *(name for own in self.changes for name in own.ratio)))
        return {
            name: _of(
                history.split,
                len(self.changes),
                {"split_0": self.opening.splits.get(name, Fraction(1))},
                ratio=self._ratios(name),
            )
            for name in split
        }

    def _combined(self) -> Fraction:
        given = {"combined_0": self.opening.combined}
        return _of(history.combined, len(self.changes), given, ratio=self._ratios(COMMON))

    def _unpaid(self, shares: Mapping[str, int]) -> dict[str, Fraction]:
        declared = (name for own in self._owed() for name in own.declared if name != COMMON)
        named = dict.fromkeys((*self.opening.declared, *declared))
        found = {}
        for name in named:
            found[name] = _of(
                history.unpaid,
                len(self.changes),
                {"unpaid_0": self.opening.declared.get(name, Fraction(0))},
                declared=self._each(
                    lambda own, name=name: Fraction(0) if own.promised else own.declared.get(name, Fraction(0))
                ),
                settled=self._each(lambda own, name=name: own.settled.get(name, Fraction(0))),
                ratio=self._ratios(name),
                n=[*(counts[name] for counts in self.counts[: len(self.changes)]), shares[name]],
            )
        return {name: each for name, each in found.items() if each}

    def _owed(self) -> list[Change]:
        """Return the changes that let a dividend be owed."""
        return [own for own in self.changes if own.declared and not own.promised]

    def _unpaid_on_common(self) -> dict[str, Fraction]:
        """Return what is unpaid on the Common, $/share, which no change of its shares ends (AMB-137)."""
        values = self._on_common()
        owed = [evaluate(history.unpaid_of(at), values) for at in range(1, len(self._common()) + 1)]
        return {COMMON: sum(owed, Fraction(0))} if any(owed) else {}

    def _owed_on_common(self) -> dict[str, Fraction]:
        """Return what each holder is owed on the Common, $, whoever holds it now (AMB-137)."""
        listed, values = self._common(), self._on_common()
        found = {}
        for holder in dict.fromkeys(holder for own in listed for holder in own.common_of):
            stakes = {
                f"stake_{at}": self._as_now(own, own.common_of.get(holder, 0), COMMON)
                for at, own in enumerate(listed, start=1)
            }
            found[holder] = evaluate(history.owed_on_common(len(listed)), values | stakes)
        return {holder: owed for holder, owed in found.items() if owed}

    def _common(self) -> list[Change]:
        return [own for own in self._owed() if COMMON in own.declared]

    def _on_common(self) -> dict[str, Number]:
        """Return what was declared on the Common and all that was paid on it, $ per share as shares are now."""
        paid = self._each(lambda own: own.settled.get(COMMON, Fraction(0)))
        settled = _of(history.declared_so_far, len(paid), {}, declared=paid, ratio=self._ratios(COMMON))
        declared = {f"declared_{at}": self.declared_at(own, COMMON) for at, own in enumerate(self._common(), start=1)}
        return {"settled_0": settled, **declared}

    def _as_now(self, at: Change, count: int, name: str) -> Fraction:
        """Return what has become of shares of a class that were there at an event."""
        there = self._each(lambda own: count if own is at else 0)
        lost = [0] * len(there)
        return _of(history.held, len(there), {"held_0": 0}, gained=there, lost=lost, ratio=self._ratios(name))

    def _declarations(self, now: Mapping[str, int]) -> tuple[Declaration, ...]:
        found = []
        for place, own in enumerate(self.changes):
            if not own.declared or (own.promised and self._is_owed(own)):
                continue
            per_share = {name: self.declared_at(own, name) for name in own.declared}
            shares = {name: self._as_now(own, count, name) for name, count in own.on_shares.items()}
            on = own.declared_on or own.on
            found.append(Declaration(None if own.promised else place, on, per_share, now if own.promised else shares))
        return tuple(found)

    def _is_owed(self, promised: Change) -> bool:
        """Say whether what was promised has come to be owed."""
        return any(own.waited and own.of is promised.of for own in self.changes)

    def _lots(self, now: Mapping[str, int]) -> dict[str, tuple[Lot, ...]]:
        """Return when the outstanding shares of each series were issued (AMB-134).

        Every share of a series has a number, in the order of issue; who gives up shares, gives up the lowest.
        """
        return {name: self._lots_of(name) for name in self.opening.series if now[name]}

    def _lots_of(self, name: str) -> tuple[Lot, ...]:
        owners: dict[str, list[tuple[Fraction, Fraction, Lot]]] = {}
        end = Fraction(0)
        for (holder, stock), count in self.opening.held.items():
            if stock == name:
                owners.setdefault(holder, []).append((end, end + count, Lot()))
                end += count
        for place, own in enumerate(self.changes):
            gained = {holder: n for (holder, stock), n in own.moved.items() if stock == name and n > 0}
            gone: list[tuple[Fraction, Fraction, Lot]] = []
            for (holder, stock), n in own.moved.items():
                if stock == name and n < 0:
                    given, owners[holder] = _lowest(owners[holder], Fraction(-n))
                    gone += given
            for holder, n in gained.items():
                new = [(end, end + n, Lot(place, own.on))]
                end += 0 if gone else n
                owners[holder] = sorted([*owners.get(holder, []), *(gone or new)], key=lambda part: part[0])
            ratio = own.ratio.get(name, Fraction(1))
            owners = {h: [(a * ratio, b * ratio, lot) for a, b, lot in parts] for h, parts in owners.items()}
            end *= ratio
        parts = sorted((part for own in owners.values() for part in own), key=lambda part: part[0])
        return tuple(dict.fromkeys(lot for _, _, lot in parts))

    def declared_at(self, at: Change, name: str) -> Fraction:
        """Return what one event declares on a class, $ per share as shares are in the end."""
        each = self._each(lambda own: own.declared[name] if own is at else Fraction(0))
        return _of(history.declared_so_far, len(each), {}, declared=each, ratio=self._ratios(name))

    def _debts(self) -> dict[str, Fraction]:
        found = {}
        for holder in dict.fromkeys(own.holder for change in self.changes for own in change.done):
            found[holder] = _of(
                history.debt,
                len(self.changes),
                {},
                owed=self._each(
                    lambda own, holder=holder: sum(
                        (sum(one.dividends.values(), Fraction(0)) for one in own.done if one.holder == holder),
                        Fraction(0),
                    )
                ),
                repaid=self._each(lambda own, holder=holder: own.repaid.get(holder, Fraction(0))),
            )
        return {holder: owed for holder, owed in found.items() if owed}

    def _converted(self) -> dict[str, Fraction]:
        names = dict.fromkeys(name for change in self.changes for own in change.done for name in own.shares)
        return {
            name: _of(
                history.converted,
                len(self.changes),
                {},
                converts=self._each(lambda own, name=name: sum(one.shares.get(name, 0) for one in own.done)),
                ratio=self._ratios(name),
            )
            for name in names
        }

    def _elected(self) -> bool:
        events = len(self.changes)
        values = {f"carried_{at}": int(own.carried) for at, own in enumerate(self.changes, start=1)}
        return holds(history.elected(self.opening.readings, events), values)

    def _became(self) -> dict[str, Fraction]:
        (units,) = [own.units for own in self.changes if own.units] or [{}]
        found = recapitalization.result(tuple(units))
        return {kind: evaluate(form, {f"u_{k}": each for k, each in units.items()}) for kind, form in found.items()}

    def _claims(self) -> tuple[Claim, ...]:
        found = list(self.opening.claims)
        stage = 1
        for own in self.changes:
            stage += own.funds is not None
            found += [
                Claim(one.holder, name, own.on, owed, Fraction(0), stage)
                for one in own.done
                for name, owed in one.cash.items()
            ]
        return tuple(found)

    def _rights(self) -> dict[str, Right]:
        return {name: self._right(name) for name in dict.fromkeys(n for own in self.changes for n in own.rights)}

    def _right(self, name: str) -> Right:
        told = [own.rights.get(name) for own in self.changes]
        stock = next(own.stock for own in told if own is not None)
        of_stock = {"ratio": self._each(lambda own: own.of_rights.get(stock, Fraction(1)))}
        used: list[Number] = [0 if own is None else own.used for own in told]
        events = len(told)

        def term(form: Callable[[int], sympy.Expr], given: Sequence[Number | None]) -> Fraction:
            kept = [int(one is None) for one in given]
            return _of(form, events, {}, anew=[one or 0 for one in given], kept=kept, used=used, **of_stock)

        return Right(
            stock,
            deliverable=term(history.term, [None if own is None else own.deliverable for own in told]),
            exercisable=term(history.term, [None if own is None else own.exercisable for own in told]),
            price=term(history.exercise_price, [None if own is None else own.price for own in told]),
            exercised=_of(history.exercised, events, {}, used=used, **of_stock),
        )

    def _undeclared(self, as_of: date | None) -> dict[str, tuple[Fraction, Fraction]]:
        """Return the undeclared dividends, given or accrued up to the last event (2(a), AMB-16, AMB-17)."""
        found = dict(self.opening.undeclared)
        for name, since in self.document["position"].get("issued_on", {}).items():
            if as_of is None:
                raise NoAnswerError("missing_field")
            found[name] = self._accrued(name, day(since) or LONG_AGO, as_of)
        return found

    def _accrued(self, name: str, since: date, as_of: date) -> tuple[Fraction, Fraction]:
        case = replace(self.facts(as_of).case(), converted=frozenset())
        series = case.charter.series_named(name)
        values = {f"k_{n}": factor for n, factor in self._splits().items()}
        values |= {
            "rate": evaluate(dividends.listed_rate(case, series, Account()), values),
            "held_since": since.toordinal(),
            "as_of": as_of.toordinal(),
            "new_year": date(as_of.year, 1, 1).toordinal(),
            "days_of_year": date(as_of.year, 12, 31).toordinal() - date(as_of.year, 1, 1).toordinal() + 1,
        }

        def declared(counts: Callable[[Change], bool]) -> Fraction:
            each = self._each(
                lambda own: own.declared.get(name, Fraction(0)) if counts(own) and not own.waited else Fraction(0)
            )
            return _of(history.declared_so_far, len(each), {}, declared=each, ratio=self._ratios(name))

        year = declared(lambda own: own.on.year == as_of.year)
        values |= {"in_year": year, "ever": declared(lambda _: True)}
        left = _left_undeclared(case.readings.daycount)
        current, since_issue = evaluate_each((left.current_year, left.since_issue), values)
        return current, since_issue

    # Issues of Additional Stock

    def additional(self, before: Facts, on: date, event: Document) -> tuple[Fraction, tuple[str, ...]]:
        """Return how many shares of an issue are Additional Stock, and for which series (3(d)(ii))."""
        stock = event.get("class", COMMON)
        issues = [*self.issues(), *([(on, stock)] if event["do"] == "issue" else [])]
        bought = {name: self.first_issued(name, issues) for name in before.series}
        dated = frozenset(name for name, first in bought.items() if first is not None)
        account = _classification(Case(before.charter, before.readings), dated)
        found = evaluate_all(account, _issue_values(before, on, event, stock, bought))
        return Fraction(found["additional"]), tuple(name for name in before.series if found[f"counts_{name}"])


def _lowest(
    parts: list[tuple[Fraction, Fraction, Lot]], shares: Fraction
) -> tuple[list[tuple[Fraction, Fraction, Lot]], list[tuple[Fraction, Fraction, Lot]]]:
    """Divide ranges of numbers of shares into those with the lowest numbers, so many, and the others."""
    given, kept = [], []
    for start, stop, lot in parts:
        cut = min(stop, start + shares)
        shares -= cut - start
        given += [(start, cut, lot)] if cut > start else []
        kept += [(cut, stop, lot)] if stop > cut else []
    return given, kept


def _combines(event: Document) -> bool:
    return event["do"] == "split" and event["class"] == COMMON and exact(event["ratio"]) <= 1


def _of(
    form: Callable[[int], sympy.Expr], events: int, values: Mapping[str, Number], **by_event: Sequence[Number]
) -> Fraction:
    """Evaluate a form over a number of events, with the values of its unknowns by event, the first being one."""
    known = dict(values)
    for stem, listed in by_event.items():
        known |= {f"{stem}_{event}": value for event, value in enumerate(listed, start=1)}
    return evaluate(_formed(form, events), known)


@cache
def _formed(form: Callable[[int], sympy.Expr], events: int) -> sympy.Expr:
    return form(events)


@cache
def _left_undeclared(daycount: Daycount) -> dividends.Accrual:
    accrued = dividends.accrual(daycount)
    return history.undeclared(accrued, sympy.Symbol("in_year", real=True), sympy.Symbol("ever", real=True))


@cache
def _classification(case: Case, dated: frozenset[str]) -> list[Definition]:
    return recorded(lambda account: additional_stock.classification(case, account, dated))


def _issue_values(
    before: Facts, on: date, event: Document, stock: str, bought: Mapping[str, date | None]
) -> dict[str, Number]:
    """Return the values of the unknowns of a classification (3(d)(ii))."""
    facts = event.get("facts") or {}
    purpose = facts.get("purpose", "sale")
    plan, warrant = facts.get("plan") or {}, facts.get("warrant") or {}
    approved_on = day(plan.get("board_approved_on"))
    found: dict[str, Number] = {
        "n": whole(event["shares"]),
        "on": on.toordinal(),
        "of_common": int(stock == COMMON),
        "approved": int(facts.get("board_approved", False)),
        "majority": int(facts.get("majority_acquired", False)),
        "plan_approved": int(approved_on is not None),
        "plan_on": (approved_on or NEVER).toordinal(),
        "used": whole(warrant.get("used", 0)),
        "k_of": before.splits.get(stock, Fraction(1)),
    }
    found |= {f"for_{one}": int(one == purpose) for one in additional_stock.PURPOSES}
    found |= {f"over_{one}": int(one == facts.get("underlying")) for one in additional_stock.TRANSACTIONS}
    terms = before.charter.antidilution
    for index, own in enumerate(() if terms is None else terms.excluded_warrants):
        found[f"listed_{index}"] = int(
            warrant.get("issued") == own.issued and warrant.get("of", COMMON) == own.of == stock
        )
    for name in before.series:
        found[f"bought_{name}"] = (bought[name] or LONG_AGO).toordinal()
        found[f"favour_{name}"] = whole(plan.get("in_favour", {}).get(name, 0))
        found[f"voting_{name}"] = whole(plan.get("outstanding", {}).get(name, 0))
    return found


# What each kind of event changes


def _issue(ledger: Ledger, before: Facts, on: date, event: Document) -> Change:
    stock, shares = event["class"], whole(event["shares"])
    received = exact(event.get("consideration", 0)) + exact(event.get("noncash", 0))
    counted, names = ledger.additional(before, on, event)
    each = Fraction(1) if stock == COMMON else conversions.ratio(before, stock)
    ledger.prices.issue(on, counted * each, received * counted / shares, names, before)
    return Change(on, moved={(event["holder"], stock): shares}, issued=(stock,) if stock != COMMON else ())


def _issue_rights(ledger: Ledger, before: Facts, on: date, event: Document) -> Change:
    stock, shares = event.get("class", COMMON), whole(event["shares"])
    given = event.get("exercisable")
    now = shares if given is None else whole(given)
    price = exact(event["exercise_price"])
    if stock == COMMON:
        counted, names = ledger.additional(before, on, event)
        structure, values = outstanding(before)
        values |= {"n": shares, "exercisable": now, "strike": price, "grant": exact(event.get("consideration", 0))}
        granted = Granted(event["rights"], names, structure, part=given is not None, excluded=counted == 0)
        ledger.prices.enter(granted, on, values)
    return Change(on, rights={event["rights"]: Anew(stock, shares, now, price)})


def _change_rights(ledger: Ledger, before: Facts, on: date, event: Document) -> Change:
    name, own = event["rights"], before.rights[event["rights"]]
    terms = {
        field: event[field] for field in ("shares", "exercisable", "exercise_price") if event.get(field) is not None
    }
    read = {field: exact(value) for field, value in terms.items()}
    if "shares" in read and "exercisable" not in read:
        # Of rights exercisable in full all that they deliver is; of others what was, as far as it is left (AMB-142).
        in_full = own.exercisable == own.deliverable
        read["exercisable"] = read["shares"] if in_full else min(own.exercisable, read["shares"])
    if own.stock == COMMON:
        change, given = _as_vesting_or_change(name, own, read, before)
        ledger.prices.enter(change, on, {**outstanding(before)[1], **given})
    anew = Anew(own.stock, read.get("shares"), read.get("exercisable"), read.get("exercise_price"))
    return Change(on, rights={name: anew})


def _as_vesting_or_change(
    name: str, own: Right, read: Mapping[str, Fraction], before: Facts
) -> tuple[Event, dict[str, Number]]:
    """Return a change as an entry of the chain: vesting if no more than that, or the terms that differ (AMB-60)."""
    now = read.get("exercisable", own.exercisable)
    given: dict[str, Number] = {}
    if read.get("shares", own.deliverable) != own.deliverable:
        given["deliverable"] = read["shares"]
    if read.get("exercise_price", own.price) != own.price:
        given["strike"] = read["exercise_price"]
    if not given and now >= own.exercisable:
        return Vested(name, outstanding(before)[0]), {"exercisable": now}
    given["exercisable"] = now
    return Changed(name, frozenset(given)), given  # type: ignore[arg-type]


def _exercise_rights(ledger: Ledger, before: Facts, on: date, event: Document) -> Change:
    name, own, shares = event["rights"], before.rights[event["rights"]], whole(event["shares"])
    if own.stock == COMMON:
        ledger.prices.enter(Exercised(name), on, {"n": shares, "paid": shares * own.price})
    return Change(
        on,
        moved={(event["holder"], own.stock): shares},
        issued=(own.stock,) if own.stock != COMMON else (),
        rights={name: Anew(own.stock, used=shares)},
    )


def _expire_rights(ledger: Ledger, before: Facts, on: date, event: Document) -> Change:
    own = before.rights[event["rights"]]
    if own.stock == COMMON:
        ledger.prices.enter(Expired(event["rights"]), on, {})
    return Change(on, rights={event["rights"]: Anew(own.stock, deliverable=0, exercisable=0)})


def _split(ledger: Ledger, _: Facts, on: date, event: Document) -> Change:
    ratio = {event["class"]: exact(event["ratio"])}
    record = day(event.get("record_date")) or on
    if event["class"] == COMMON and not (event.get("record_date") and _combines(event) and record == on):
        adjusts = record + timedelta(days=int(record != on and _combines(event)))
        ledger.prices.wait(adjusts)
        ledger.prices.enter(antidilution.Split(), adjusts, {"factor": ratio[COMMON]})
    ledger.prices.wait(on)
    return Change(on, ratio=ratio, of_rights=ratio)


def _adjusted(ledger: Ledger, _: Facts, on: date, event: Document) -> Change:
    """Adjust the conversion prices for a combination of the day before (3(d)(iv), AMB-139)."""
    ledger.prices.enter(antidilution.Split(), on, {"factor": exact(event["ratio"])})
    return Change(ledger.last, waited=True)


def _stock_dividend(ledger: Ledger, before: Facts, on: date, event: Document) -> Change:
    each, equivalents = exact(event.get("shares", 0)), exact(event.get("equivalents", 0))
    structure, values = outstanding(before)
    values |= {"increase": before.shares[COMMON] * (each + equivalents), "factor": 1 + each}
    ledger.prices.enter(antidilution.StockDividend(structure), day(event.get("record_date")) or on, values)
    ledger.prices.wait(on)
    return Change(on, ratio={COMMON: 1 + each}, of_rights={COMMON: 1 + each})


def _declare_dividend(ledger: Ledger, before: Facts, on: date, event: Document) -> Change:
    """Declare a dividend, which is owed at once or only at the close of its record date (AMB-139)."""
    ledger.prices.wait(on)
    record = day(event.get("record_date"))
    if record is not None and record >= on:
        promised = amounts(event["per_share"])
        return Change(on, declared=promised, promised=True, of=event["per_share"])
    return _owed(ledger, before, on, event)


def _owed(ledger: Ledger, before: Facts, on: date, event: Document) -> Change:
    declared_on, per_share = day(event["on"]), amounts(event["per_share"])
    assert declared_on is not None
    promised = [own for own in ledger.changes if own.promised and own.of is event["per_share"]]
    if promised:
        # Per share as shares are by now.
        per_share = {name: ledger.declared_at(promised[0], name) for name in per_share}
    return Change(
        on if declared_on == on else ledger.last,
        declared={n: each for n, each in per_share.items() if before.shares[n]},
        waited=event["do"] == OWED,
        declared_on=declared_on,
        of=event["per_share"],
        on_shares=before.shares,
        common_of={holder: count for (holder, stock), count in before.held.items() if stock == COMMON},
    )


def _pay_dividend(_: Ledger, __: Facts, on: date, event: Document) -> Change:
    return Change(on, settled=amounts(event.get("per_share", {})), repaid=amounts(event.get("former_holders", {})))


def _overtaken(ledger: Ledger, on: date, left: bool) -> bool:
    """Say whether an offering of the day has left nothing of what was to convert at its close."""
    return not left and any(own.offered and own.on == on for own in ledger.changes)


def _convert(ledger: Ledger, before: Facts, on: date, event: Document) -> Change:
    if _overtaken(ledger, on, any(before.held.get((event["holder"], name)) for name in event["shares"])):
        return Change(on)
    shares = {name: whole(count) for name, count in event["shares"].items()}
    return _converting(on, (conversions.by_choice(before, event["holder"], shares),))


def _converting(on: date, done: tuple[Conversion, ...], carried: bool = False) -> Change:
    return Change(on, moved=conversions.moved(done), done=done, carried=carried)


def _elect_conversion(ledger: Ledger, before: Facts, on: date, event: Document) -> Change:
    if _overtaken(ledger, on, any(before.shares[name] for name in before.charter.electing)):
        return Change(on)
    offers = {holder: {name: whole(n) for name, n in own.items()} for holder, own in event["consents"].items()}
    counted, done = conversions.by_election(before, offers)
    return _converting(on, done, counted.carried)


def _consent_conversion(ledger: Ledger, before: Facts, on: date, event: Document) -> Change:
    """Convert a series by consent, unless an offering of the day decides what it converts into (3(b), AMB-43)."""
    if any(own.offered and own.on == on for own in ledger.changes):
        return Change(on)
    counted, done = conversions.by_consent(before, event["class"], _in_favour(event))
    qualifying = [own for day_of, own in ledger.listed if day_of == on and own["do"] == "public_offering"]
    if counted.carried and any(conversions.qualifies(before, own) for own in qualifying):
        return Change(on, consented=event["class"])
    return _converting(on, done)


def _in_favour(event: Document) -> dict[str, int]:
    return {holder: whole(count) for holder, count in event["consents"].items()}


def _public_offering(ledger: Ledger, before: Facts, on: date, event: Document) -> Change:
    sold = whole(event["primary_shares"]) + whole(event.get("over_allotment", 0))
    offered = offering_of(ledger, before, on, event)
    moved = conversions.moved(offered.conversions)
    public = (event.get("to", "public"), COMMON)
    moved[public] = moved.get(public, 0) + sold
    return Change(on, moved=moved, done=offered.conversions, offered=offered.qualifies)


def offering_of(ledger: Ledger, before: Facts, on: date, event: Document) -> conversions.Offered:
    """Return what an offering converts, after its own shares have adjusted the conversion prices (3(b), AMB-45)."""
    sold = whole(event["primary_shares"]) + whole(event.get("over_allotment", 0))
    if sold > 0:
        _, names = ledger.additional(before, on, {"do": "public_offering", "shares": sold})
        ledger.prices.issue(on, sold, exact(event["price"]) * sold, names, before)
    first = before.readings.ipo_order is IpoOrder.ADJUST_FIRST
    adjusted = ledger.prices.official() if first else {}
    return conversions.by_offering(before, event, _consenting(ledger, before, on), adjusted)


def _consenting(ledger: Ledger, before: Facts, on: date) -> dict[str, date]:
    """Return the series whose consent of the day carries: when it was given, or as the offering finds it."""
    found = {own.consented: on for own in ledger.changes if own.consented is not None and own.on == on}
    for day_of, event in ledger.listed:
        if day_of == on and event["do"] == "consent_conversion":
            try:
                counted, _ = conversions.by_consent(before, event["class"], _in_favour(event))
            except NoAnswerError:
                continue
            if counted.carried:
                found[event["class"]] = on
    return found


def _fund_cash_amounts(_: Ledger, __: Facts, on: date, event: Document) -> Change:
    return Change(on, funds=exact(event["amount"]))


def _distribute(ledger: Ledger, _: Facts, on: date, __: Document) -> Change:
    ledger.prices.wait(on)
    return Change(on)


def _recapitalize(_: Ledger, __: Facts, on: date, event: Document) -> Change:
    return Change(on, units=amounts(event["units"]))


def _transfer(_: Ledger, __: Facts, on: date, event: Document) -> Change:
    stock, shares = event["class"], whole(event["shares"])
    if event["holder"] == event["to"]:
        return Change(on)
    return Change(on, moved={(event["holder"], stock): -shares, (event["to"], stock): shares})


CHANGES: Mapping[str, Callable[[Ledger, Facts, date, Document], Change]] = {
    "issue": _issue,
    "issue_rights": _issue_rights,
    "change_rights": _change_rights,
    "exercise_rights": _exercise_rights,
    "expire_rights": _expire_rights,
    "split": _split,
    "stock_dividend": _stock_dividend,
    "declare_dividend": _declare_dividend,
    "pay_dividend": _pay_dividend,
    "convert": _convert,
    "elect_conversion": _elect_conversion,
    "consent_conversion": _consent_conversion,
    "public_offering": _public_offering,
    "fund_cash_amounts": _fund_cash_amounts,
    "distribute": _distribute,
    "recapitalize": _recapitalize,
    "transfer": _transfer,
    OWED: _owed,
    ADJUSTED: _adjusted,
}
"""What each kind of event changes, by its word in a document, or what was left to a record date."""
