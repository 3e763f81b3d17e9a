"""States of a history at unknown counts, prices and amounts, and what is true of every state.

Three holders stand for any number: an event that names one or two of them treats all others alike, and these are
held together as the third. The unknowns of a state bear its names: `h_1_E` shares of E that holder 1 has, `t_1_E` of
these issued on the last day, `P_E` the conversion price in effect and `g_E` what of it is carried, or `c_E` the
conversion ratio; `d_E` declared and unpaid, `ever_E` declared so far, $/share; `l_1_E` shares of E that holder 1 has
and that were issued after all that is declared; `b_1` dividends owed to holder 1, who has converted, `o_1` declared
dividends on the Common that holder 1 is owed, `paid_1` and `unpaid_1` of a Cash Amount; `D_r`, `X_r`, `e_r`, `u_r`
deliverable, exercisable, exercise price and exercised of rights over Common, `w` for rights over E; `v_E` converted so
far, `k_E` shares that one share has become. What is shown of a state besides: `n_E` outstanding shares, `x_E` the exact
price, `settled_E` dividends paid so far, `unit` what a share of Common has become since rights are counted, `unit_cash`
what a share of Common has become by kind of property, and `did_` what the last event says of itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

import sympy
import z3

from proofs.checks import Neighbour, PathCheck
from proofs.explorer import Unknown
from proofs.numbers import literal
from proofs.statements import nearest_claim, numbers, theorem, whole
from proofs.subjects import DEFAULTS, chosen
from proofs.views import Claim, Subject, View
from reference import events, history
from reference.antidilution import PriceState
from reference.cash_amounts import CashClaim
from reference.charter import COMMON, Charter
from reference.conversion_price import ONE, Carried, SeriesPrice, carried_total
from reference.dividends import Declared, Due
from reference.history import State
from reference.position import NOTHING, Holding, Position
from reference.price_log import Book, Deemed, Node, Outstanding
from reference.price_log import Rights as Record
from reference.readings import Readings, Switch
from symbolic import history as closed

HOLDERS = ("1", "2", "3")
OTHERS = "3"
"""The holder who stands for all others, who have at least a share where there are any."""

CARRIED_ON, BEFORE, ON = date(1999, 12, 1), date(2000, 1, 3), date(2000, 6, 1)
"""The days since when something is carried, of a state, and of the event; nothing falls due in between."""

OVER_COMMON, OVER_E = "r", "w"
"""The names of rights over Common and of rights over E."""

COUNTED, GRANTED_AT = 1_000, Fraction(4)
"""The Common outstanding when rights were deemed issued, and the price of E before it."""

Values = Mapping[str, Any]


def classes(charter: Charter) -> tuple[str, ...]:
    """Return the names of all classes."""
    return (*(series.name for series in charter.series), COMMON)


def held(holder: str, stock: str) -> str:
    """Name the shares of a class that a holder has."""
    return f"h_{holder}_{stock}"


# A state


@dataclass(frozen=True)
class Further:
    """Hold what is fixed about a state.

    purchased: Purchase Dates; deemed: whether rights over Common were deemed issued, at a price of E of $4 and with
    1,000 shares of Common outstanding; elected, offered_on, as_of: as in the state.
    """

    purchased: Mapping[str, date] = field(default_factory=dict)
    deemed: bool = False
    elected: bool = False
    offered_on: date | None = None
    as_of: date = BEFORE


NOTHING_FURTHER = Further()


def state_of(charter: Charter, v: Values, readings: Readings = DEFAULTS, further: Further = NOTHING_FURTHER) -> State:
    """Return the state that unknowns, by name, describe; what is not named is nothing or at its initial value."""
    names = [series.name for series in charter.series]
    holdings = tuple(
        Holding(holder, stock, v[held(holder, stock)])
        for stock in classes(charter)
        for holder in HOLDERS
        if held(holder, stock) in v
    )
    shares = {
        stock: sum(v[held(h, stock)] for h in HOLDERS if held(h, stock) in v)
        for stock in classes(charter)
        if any(held(h, stock) in v for h in HOLDERS)
    }
    prices = _prices(charter, v, readings, further)
    position = Position(
        charter,
        shares,
        conversion_prices=prices.official,
        declared_dividends={name: v[f"d_{name}"] for name in names if f"d_{name}" in v},
        preferred_splits={name: v[f"k_{name}"] for name in names if f"k_{name}" in v},
        common_split=v.get(f"k_{COMMON}"),
        common_combined=v.get(f"q_{COMMON}", ONE if f"k_{COMMON}" in v else None),
        holdings=holdings,
        as_of=further.as_of,
    )
    ever = {stock: v[f"ever_{stock}"] for stock in classes(charter) if f"ever_{stock}" in v}
    return State(
        position,
        prices,
        cash=tuple(
            CashClaim(CARRIED_ON, holder, "A", v[f"paid_{holder}"] + v[f"unpaid_{holder}"], v[f"paid_{holder}"])
            for holder in HOLDERS
            if f"paid_{holder}" in v
        ),
        declared=(Declared(further.as_of, ever, shares),) if ever else (),
        dues=_dues(v),
        lots={
            (holder, name): {(int(bool(ever)), further.as_of): v[f"l_{holder}_{name}"]}
            for holder in HOLDERS
            for name in names
            if f"l_{holder}_{name}" in v
        },
        debts={holder: v[f"b_{holder}"] for holder in HOLDERS if f"b_{holder}" in v},
        rights={
            name: history.Rights(stock, *_terms(v, name))
            for name, stock in ((OVER_COMMON, COMMON), (OVER_E, "E"))
            if f"D_{name}" in v
        },
        converted={name: v[f"v_{name}"] for name in names if f"v_{name}" in v},
        elected=further.elected,
        property={name.removeprefix("unit_"): v[name] for name in v if name.startswith("unit_")},
        issued_today={(h, n): v[f"t_{h}_{n}"] for h in HOLDERS for n in names if f"t_{h}_{n}" in v},
        offered_on=further.offered_on,
    )


def _dues(v: Values) -> tuple[Due, ...]:
    """Return what is owed on the Common as one declaration on the shares that are there."""
    if f"d_{COMMON}" not in v:
        return ()
    each = v[f"d_{COMMON}"]
    owed = {holder: v[held(holder, COMMON)] * each for holder in HOLDERS if held(holder, COMMON) in v}
    return (Due(each, owed),)


def _terms(v: Values, rights: str) -> tuple[Any, Any, Any, Any]:
    """Return what is deliverable and exercisable, the exercise price, and what was exercised."""
    return v[f"D_{rights}"], v[f"X_{rights}"], v[f"e_{rights}"], v.get(f"u_{rights}", NOTHING)


def _prices(charter: Charter, v: Values, readings: Readings, further: Further) -> PriceState:
    prices = {}
    for series in charter.series:
        name = series.name
        official = v.get(f"P_{name}", v.get(f"c_{name}", series.original_issue_price.value))
        carried = (Carried(CARRIED_ON, v[f"g_{name}"]),) if f"g_{name}" in v else ()
        prices[name] = SeriesPrice(official, official - carried_total(carried), carried)
    book = Book()
    if f"D_{OVER_COMMON}" in v:
        deliverable, exercisable, price, exercised = _terms(v, OVER_COMMON)
        granted = deliverable + exercised
        counting = ("E",) if further.deemed else ()
        record = Record(deliverable, exercisable, price, NOTHING, granted, granted, counting, ONE, exercised)
        book = Book({OVER_COMMON: replace(record, entries=1) if further.deemed else record})
    found = PriceState(charter, readings, further.as_of, prices, further.purchased, rights=book)
    return replace(found, log=_deemed(found, v)) if further.deemed else found


def _deemed(state: PriceState, v: Values) -> Node:
    """Return the log of one grant of rights, deemed an issue of all that was deliverable then."""
    price = SeriesPrice(GRANTED_AT, GRANTED_AT)
    before_it = replace(state, prices={**state.prices, "E": price}, rights=Book())
    shares = v["X_r"] + v.get("u_r", NOTHING)
    grant = Deemed(state.on, OVER_COMMON, shares, shares * v["e_r"], ("E",), Outstanding(COUNTED), ONE)
    return Node(grant, before_it)


def shown(state: State, ratios: str = "") -> dict[str, Any]:
    """Name everything in a state, numbers as those of the state's unknowns are named.

    ratios: the series of which the conversion ratio is shown in place of the conversion price.
    """
    position, charter = state.position, state.position.charter
    found: dict[str, Any] = {}
    for stock in classes(charter):
        for holder in HOLDERS:
            own = [each.shares for each in position.holdings if (each.holder, each.stock) == (holder, stock)]
            found[held(holder, stock)] = sum(own[1:], own[0]) if own else 0
        found[f"n_{stock}"] = position.shares.get(stock, 0)
        found[f"ever_{stock}"] = sum((own.per_share.get(stock, NOTHING) for own in state.declared), NOTHING)
        found[f"settled_{stock}"] = sum((own.per_share.get(stock, NOTHING) for own in state.paid), NOTHING)
    found |= _of_series(state, ratios)
    found[f"d_{COMMON}"] = state.owed_on_common
    found[f"k_{COMMON}"] = 1 if position.common_split is None else position.common_split
    found[f"q_{COMMON}"] = 1 if position.common_combined is None else position.common_combined
    found["unit"] = state.prices.unit
    found |= {f"b_{holder}": state.debts.get(holder, NOTHING) for holder in HOLDERS}
    found |= {f"o_{holder}": state.owed_to.get(holder, NOTHING) for holder in HOLDERS}
    for at, claim in enumerate(state.cash, start=1):
        found |= {f"paid_{at}": claim.paid, f"unpaid_{at}": claim.unpaid}
    for name, rights in state.rights.items():
        terms = (rights.deliverable, rights.exercisable, rights.exercise_price, rights.exercised)
        found |= {f"{stem}_{name}": term for stem, term in zip("DXeu", terms, strict=True)}
    found |= {f"unit_{kind}": each for kind, each in state.property.items()}
    if state.log:
        found |= {f"did_{name}": amount for name, amount in state.log[-1].amounts.items()}
    return found | _structure(state)


def _of_series(state: State, ratios: str) -> dict[str, Any]:
    position = state.position
    found: dict[str, Any] = {}
    for series in position.charter.series:
        name, price = series.name, state.prices.prices[series.name]
        in_effect = position.conversion_prices[name]
        if name in ratios:
            found[f"c_{name}"] = series.original_issue_price.value / in_effect
        else:
            found |= {f"P_{name}": in_effect, f"x_{name}": price.exact, f"g_{name}": carried_total(price.carried)}
        found[f"d_{name}"] = position.declared_dividends.get(name, NOTHING)
        found[f"k_{name}"] = position.preferred_splits.get(name, 1)
        found[f"v_{name}"] = state.converted.get(name, 0)
        found |= {f"t_{holder}_{name}": state.issued_today.get((holder, name), 0) for holder in HOLDERS}
    return found


def _structure(state: State) -> dict[str, Any]:
    position, names = state.position, classes(state.position.charter)
    keys = [(own.holder, own.stock) for own in position.holdings]
    return {
        "strangers": tuple(
            sorted(
                {key for key in (*keys, *state.issued_today) if key[0] not in HOLDERS or key[1] not in names}
                | {(holder, "") for holder in state.debts if holder not in HOLDERS}
            )
        ),
        "twice_listed": len(set(keys)) < len(keys),
        "split_series": tuple(sorted(position.preferred_splits)),
        "elected": state.elected,
        "offered_on": str(state.offered_on),
        "day": str(position.as_of),
        "purchased": tuple(sorted((name, str(on)) for name, on in state.prices.purchase_dates.items())),
        "claimants": tuple((own.holder, own.series, str(own.converted_on)) for own in state.cash),
        "rights_over": tuple(sorted((name, own.stock) for name, own in state.rights.items())),
        "events": tuple(own.event for own in state.log),
    }


def before(
    charter: Charter,
    inputs: Mapping[str, z3.ArithRef],
    ratios: str = "",
    readings: Readings = DEFAULTS,
    further: Further = NOTHING_FURTHER,
) -> dict[str, Any]:
    """Return the state that unknowns describe as it is shown, in terms of these; ratios: as in `shown`."""
    unknown_ratios = {name for name in inputs if name.startswith("c_")}
    values = {name: literal(Fraction(1)) if name in unknown_ratios else term for name, term in inputs.items()}
    found = shown(state_of(charter, values, readings, further), ratios)
    return {name: inputs[name] if name in unknown_ratios else _as_term(value) for name, value in found.items()}


def _as_term(value: Any) -> Any:
    """Return a number as a term, and anything else as it is."""
    number = isinstance(value, int | Fraction) and not isinstance(value, bool)
    return literal(Fraction(value)) if number else value


# What is true of every state

INVARIANT = (
    "every holding is a whole number of shares, none below zero, and what the holders of a class have adds up to its "
    "outstanding shares; unless an offering has converted the Preferred, no more Common is outstanding than "
    "authorised; of a series no more is outstanding than authorised, as its splits adjust the number, under the "
    "reading that converted shares are not issued again with those; conversion prices are above zero, and what is "
    "carried is what they differ from the exact ones; of each Cash Amount no less than nothing and no more than what "
    "is owed has been paid; no dividend owed is below zero, and none is owed on a class without shares; of rights no "
    "more is exercisable than deliverable, and no term of theirs is below zero; of the shares issued on the day no "
    "more count as such than are held"
)
"""What is claimed of every state, in words; `invariant` says it in terms."""


def invariant(charter: Charter, found: Values, readings: Readings = DEFAULTS, capped: bool = True) -> list[z3.BoolRef]:
    """Say of a state, as it is shown, what is true of every state; conditions that hold for all values are left out.

    capped: whether that includes the authorised number of the Common.
    """
    at = {name: _as_term(value) for name, value in found.items()}
    conditions = [
        *_shares_sound(charter, at, readings),
        *_amounts_sound(charter, at),
        *_rights_sound(at),
        *([_within_the_authorised(charter, at)] if capped and at["offered_on"] == "None" else []),
        z3.BoolVal(at["strangers"] == () and not at["twice_listed"]),
    ]
    return open_ones(conditions)


def open_ones(conditions: Iterable[z3.BoolRef]) -> list[z3.BoolRef]:
    """Return the conditions that do not hold for all values as they are written, or one if all do."""
    return [c for c in conditions if not z3.is_true(z3.simplify(c))] or [z3.BoolVal(True)]


def _within_the_authorised(charter: Charter, at: Values) -> z3.BoolRef:
    within: z3.BoolRef = at[f"n_{COMMON}"] <= charter.authorized.common.value
    return within


def _shares_sound(charter: Charter, at: Values, readings: Readings) -> list[z3.BoolRef]:
    conditions: list[z3.BoolRef] = []
    for stock in classes(charter):
        own = [at[held(holder, stock)] for holder in HOLDERS]
        conditions += [*whole(*own), *(shares >= 0 for shares in own), z3.Sum(own) == at[f"n_{stock}"]]
    for series in charter.series:
        name = series.name
        used = at[f"n_{name}"]
        if readings.converted_reissuable is Switch.NO:
            used = used + at[f"v_{name}"]
        conditions.append(used <= series.authorized.value * at[f"k_{name}"])
        conditions += [at[f"v_{name}"] >= 0, at[f"k_{name}"] > 0]
        for holder in HOLDERS:
            today = at[f"t_{holder}_{name}"]
            conditions += [today >= 0, today <= at[held(holder, name)]]
    combined = at[f"q_{COMMON}"]
    return [*conditions, at[f"k_{COMMON}"] > 0, combined > 0, combined <= 1, at["unit"] > 0]


def _amounts_sound(charter: Charter, at: Values) -> list[z3.BoolRef]:
    conditions: list[z3.BoolRef] = []
    for series in charter.series:
        name = series.name
        if f"c_{name}" in at:
            conditions.append(at[f"c_{name}"] > 0)
        else:
            conditions += [at[f"P_{name}"] > 0, at[f"P_{name}"] - at[f"x_{name}"] == at[f"g_{name}"]]
    for stock in classes(charter):
        conditions += [at[f"d_{stock}"] >= 0, z3.Implies(at[f"n_{stock}"] == 0, at[f"d_{stock}"] == 0)]
        conditions += [at[f"ever_{stock}"] >= 0, at[f"settled_{stock}"] >= 0]
    conditions += [at[f"{stem}_{holder}"] >= 0 for stem in "bo" for holder in HOLDERS]
    conditions += [term >= 0 for name, term in at.items() if name.startswith(("paid_", "unpaid_", "unit_"))]
    return conditions


def _rights_sound(at: Values) -> list[z3.BoolRef]:
    conditions: list[z3.BoolRef] = []
    for name, _ in at["rights_over"]:
        conditions += [at[f"{stem}_{name}"] >= 0 for stem in "DXeu"]
        conditions.append(at[f"X_{name}"] <= at[f"D_{name}"])
    return conditions


# One event from any state

Refused: TypeAlias = z3.BoolRef | tuple[z3.BoolRef, z3.BoolRef] | None
"""When an event is refused, or when it may be and when it must be; None where other sections say when."""

Refusals = dict[str, Refused]

Facts = Mapping[str, Mapping[str, Any]]
"""By what of the state, what an event adds to it and multiplies it by, as the closed forms name it."""


@dataclass(frozen=True)
class Case:
    """Describe one event from any state.

    kind: its word; label: in words; of_state, of_event: unknowns, separated by spaces, whole: those of the event that
    are whole numbers; ratios: series of which the conversion ratio is unknown; event: from the unknowns; domain: what
    is assumed of the event; refusals: by code, when it is refused, None where other sections say when; facts: what it
    changes, for the closed forms, with `is` for what it makes of something outright, `where` for a condition on it,
    `nearest` for the exact Common that is given rounded, `besides` for more of it, and nothing for what is left to
    other claims; seeds: inputs to start from; about: what is assumed besides, in words.
    """

    kind: str
    label: str
    of_state: str
    of_event: str
    event: Callable[[Values], events.Event]
    refusals: Callable[[Values], Refusals]
    facts: Callable[[Values, Values, Values], Facts]
    seeds: tuple[Mapping[str, Fraction], ...]
    whole: str = ""
    ratios: str = ""
    domain: tuple[z3.BoolRef, ...] = ()
    readings: Readings = DEFAULTS
    further: Further = NOTHING_FURTHER
    about: str = ""


def unknowns_of(charter: Charter, names: str) -> tuple[Unknown, ...]:
    """Return unknowns by their names, separated by spaces; the code gets a conversion ratio as a price."""
    prices = {f"c_{series.name}": series.original_issue_price.value for series in charter.series}
    return tuple(Unknown(name, prices.get(name)) for name in names.split())


def any_sound(
    charter: Charter,
    names: str,
    ratios: str = "",
    readings: Readings = DEFAULTS,
    further: Further = NOTHING_FURTHER,
    capped: bool = False,
) -> tuple[z3.BoolRef, ...]:
    """Assume that the state of some unknowns is sound, and that the others have a share where there are any.

    capped: whether that includes that no more Common is outstanding than authorised: after an offering more may be.
    """
    terms = {unknown.name: unknown.term for unknown in unknowns_of(charter, names)}
    others = tuple(term > 0 for name, term in terms.items() if name.startswith(f"h_{OTHERS}_"))
    return (*invariant(charter, before(charter, terms, ratios, readings, further), readings, capped), *others)


def subject_of(charter: Charter, case: Case) -> Subject:
    """Return the subject of a case: the fold of one event from any state that satisfies the invariant."""

    def function(v: Values) -> dict[str, Any]:
        start = state_of(charter, v, case.readings, case.further)
        return folded(start, (case.event(v),), case.readings, case.ratios)

    counts = whole(*(z3.Real(name) for name in case.whole.split()))
    assumed = any_sound(charter, case.of_state, case.ratios, case.readings, case.further)
    unknowns = unknowns_of(charter, f"{case.of_state} {case.of_event}")
    return Subject(case.label, function, unknowns, (*assumed, *counts, *case.domain), case.seeds, chosen(case.readings))


def folded(start: State, happened: tuple[events.Event, ...], readings: Readings, ratios: str = "") -> dict[str, Any]:
    """Return the state after events as it is shown, or why one of them is refused."""
    try:
        return shown(history.fold(start, happened, readings), ratios)
    except history.RefusedEventError as error:
        return {"refused": error.reason.code}


def seed_of(names: str, **more: str | int) -> dict[str, Fraction]:
    """Return one for every unknown, and what is given."""
    ones: dict[str, str | int] = dict.fromkeys(names.split(), 1)
    return numbers(**{**ones, **more})


TODAY = Further(as_of=ON)
"""The state is one of the same day, so that shares issued on that day are known as such."""

ALONE = Further(purchased=dict.fromkeys("ABCDF", ON))
"""Only Series E is old enough to have its price adjusted."""

FIRST = Further(purchased={"E": history.NEVER})
"""Series E is yet to be issued."""


# Claims


def _before(charter: Charter, view: View, case: Case) -> dict[str, Any]:
    """Return the state before the event of a case as it is shown, in terms of the view's inputs."""
    inputs = {name: term for name, term in view.inputs.items() if name in case.of_state.split()}
    return before(charter, inputs, case.ratios, case.readings, case.further)


def sound(charter: Charter, cases: Mapping[str, Case]) -> Callable[[View], list[z3.BoolRef]]:
    """Claim that an event is refused for a reason that it may have, or that the state after it is sound.

    The state before may be one after an offering, of which more Common may be outstanding than authorised; where it
    is not, it is not afterwards.
    """

    def claim(view: View) -> list[z3.BoolRef]:
        case = cases[view.label]
        if "refused" in view.structure:
            return [z3.BoolVal(view.structure["refused"] in case.refusals(view.inputs))]
        old, new = _before(charter, view, case), {**view.outcome, **view.structure}
        conditions = invariant(charter, new, case.readings, capped=False)
        if new["offered_on"] != "None":
            return conditions
        capped = z3.Implies(_within_the_authorised(charter, old), _within_the_authorised(charter, new))
        return [*conditions, capped]

    return claim


def as_in_closed_form(charter: Charter, cases: Mapping[str, Case]) -> Callable[[View], list[z3.BoolRef]]:
    """Claim that an event is refused exactly where it may be, and that it leaves what the closed forms say."""

    def claim(view: View) -> list[z3.BoolRef]:
        case = cases[view.label]
        refusals = case.refusals(view.inputs)
        if "refused" in view.structure:
            return [_may(refusals.get(view.structure["refused"], z3.BoolVal(False)))]
        old, new = _before(charter, view, case), {**view.outcome, **view.structure}
        facts = case.facts(view.inputs, old, new)
        if not facts.keys() <= new.keys():
            raise KeyError(f"nothing in the state bears the names {sorted(facts.keys() - new.keys())}")
        claims = [z3.Not(_must(refused)) for refused in refusals.values()]
        for name in new:
            if name.startswith("n_"):
                claims.append(_outstanding(view, old, new, facts, name.removeprefix("n_")))
            elif name in facts:
                claims += _changed(view, old, new, name, facts[name])
            elif name not in ("events", "day") and not name.startswith("did_"):
                claims.append(_same(old.get(name, 0), new[name]))
        return open_ones([*claims, z3.BoolVal(new["events"] == (case.kind,) and new["day"] == str(ON))])

    return claim


def _may(refused: Refused) -> z3.BoolRef:
    """Say when an event may be refused for a reason."""
    if refused is None:
        return z3.BoolVal(True)
    return refused[0] if isinstance(refused, tuple) else refused


def _must(refused: Refused) -> z3.BoolRef:
    """Say when an event must be refused for a reason."""
    if refused is None:
        return z3.BoolVal(False)
    return refused[1] if isinstance(refused, tuple) else refused


def _same(old: Any, new: Any) -> z3.BoolRef:
    return old == new if isinstance(new, z3.ExprRef) else z3.BoolVal(bool(old == new))


def _at(view: View, form: sympy.Basic, values: Values) -> Any:
    """Return a closed form at given terms, with nothing else known."""
    named = {str(symbol): 0 for symbol in form.free_symbols if not str(symbol).startswith("ratio")}
    ratios = {str(symbol): 1 for symbol in form.free_symbols if str(symbol).startswith("ratio")}
    return view.at({name: _as_term(value) for name, value in {**named, **ratios, **values}.items()}).form(form)


def _held(view: View, old: Values, new: Values, facts: Facts, name: str) -> Any:
    """Return what a holder has of a class in closed form; what is rounded is claimed apart."""
    if name not in facts:
        return old[name]
    if "nearest" in facts[name]:
        return new[name]
    return _at(view, closed.held(1), {"held_0": old[name], **facts[name]})


def _outstanding(view: View, old: Values, new: Values, facts: Facts, stock: str) -> z3.BoolRef:
    stakes = {
        f"stake_{at}": _held(view, old, new, facts, held(holder, stock)) for at, holder in enumerate(HOLDERS, start=1)
    }
    same: z3.BoolRef = new[f"n_{stock}"] == _at(view, closed.outstanding(len(HOLDERS)), stakes)
    return same


def _changed(view: View, old: Values, new: Values, name: str, facts: Mapping[str, Any]) -> list[z3.BoolRef]:
    """Claim that what an event changes is what its closed form says."""
    if "is" in facts:
        return [_same(facts["is"], new[name])]
    if "nearest" in facts:
        given = z3.simplify(new[name] - old[name] - facts.get("besides", 0), som=True)
        return nearest_claim(view, given, z3.simplify(facts["nearest"], som=True), DEFAULTS.half)
    if "where" in facts:
        condition: z3.BoolRef = facts["where"](new[name])
        return [condition]
    if not facts:
        return []
    stem, _, rest = name.partition("_")
    was = old.get(name, 0)
    match stem:
        case "h":
            form, known = closed.held(1), {"held_0": was}
        case "k":
            form, known = closed.split(1), {"split_0": was}
        case "q":
            form, known = closed.combined(1), {"combined_0": was}
        case "v":
            form, known = closed.converted(2), {"converts_1": was}
        case "d":
            form, known = closed.unpaid(1), {"unpaid_0": was, "n_1": old[f"n_{rest}"], "n_2": new[f"n_{rest}"]}
        case "b":
            form, known = closed.debt(2), {"owed_2": was}
        case "ever" | "settled":
            form, known = closed.declared_so_far(2), {"declared_1": was}
        case "D" | "X":
            form, known = closed.term(2), {"anew_1": was, "kept_2": 1}
        case "e":
            form, known = closed.exercise_price(2), {"anew_1": was, "kept_2": 1}
        case "u":
            form, known = closed.exercised(2), {"used_1": was}
        case _:
            raise KeyError(name)
    return [new[name] == _at(view, form, {**known, **facts})]


def step_check(
    charter: Charter, kind: str, cases: tuple[Case, ...], words: str, clauses: str, **more: Any
) -> PathCheck:
    """Return the lemma that one kind of event keeps the invariant, or is refused."""
    listed = {case.label: case for case in cases}
    stated = theorem(
        f"history.step_{kind}",
        "",
        f"{words} is refused for a reason of its own, or leaves a sound state; nothing else is raised.",
        clauses,
        hypotheses=hypotheses_of(cases),
        constants=FIGURES,
    )
    return PathCheck(stated, sound(charter, listed), labels=tuple(listed), covers_all=True, **more)


def equivalence_check(
    charter: Charter, kind: str, cases: tuple[Case, ...], words: str, clauses: str, **more: Any
) -> PathCheck:
    """Return the theorem that one kind of event is its closed form, and is refused exactly where it may be."""
    listed = {case.label: case for case in cases}
    stated = theorem(
        f"history.{kind}_equivalence",
        "",
        f"{words} is refused exactly where it may not be, and otherwise everything in the state after it is as in the"
        " closed forms, or as it was.",
        clauses,
        hypotheses=hypotheses_of(cases),
        constants=FIGURES,
    )
    return PathCheck(stated, as_in_closed_form(charter, listed), labels=tuple(listed), **more)


def only_if(change: str, code: str, condition: Callable[[Values], z3.BoolRef], *labels: str) -> Neighbour:
    """Return the twin that an event is refused for a reason under a narrower condition only."""

    def claim(view: View) -> z3.BoolRef:
        return condition(view.inputs) if view.structure.get("refused") == code else z3.BoolVal(True)

    return Neighbour(change, claim=claim, labels=labels or None)


def never(*labels: str) -> Neighbour:
    """Return the twin that an event is never refused."""
    claim: Claim = lambda v: z3.BoolVal("refused" not in v.structure)  # noqa: E731 (a claim like the others)
    return Neighbour("it is never refused", claim=claim, labels=labels or None)


def unless_refused(claim: Claim) -> Claim:
    """Claim something of an event that is not refused."""
    return lambda view: z3.BoolVal(True) if "refused" in view.structure else claim(view)


FIGURES = "two holders, and all others together as a third; A for the series of its class, E for those at option"

SOUND = f"the state before is sound: {INVARIANT}"


def hypotheses_of(cases: tuple[Case, ...]) -> tuple[str, ...]:
    """Return what is assumed, in words."""
    about = tuple(dict.fromkeys(case.about for case in cases if case.about))
    return (SOUND, *about)
