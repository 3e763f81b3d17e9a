"""The theorems about histories: every kind of event has its lemma, and each of them notices a wrong fold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pytest
import z3

from proofs.lemmas import settled
from proofs.results import Result, Verdict
from proofs.study import Study, run_study
from proofs.theorems import history as theorems
from proofs.theorems import history_amounts, history_conversions, history_rights, history_states, history_stock
from proofs.theorems.history_states import NOTHING_FURTHER, Further, invariant, shown, state_of
from reference import antidilution, events, history
from reference.antidilution import PriceState
from reference.cash_amounts import Funding
from reference.charter import COMMON, Charter
from reference.conversion import ClassConversion, HolderConversion
from reference.dividends import Gate
from reference.history import ENTER, RefusedEventError, Rights, _Book
from reference.position import NOTHING
from reference.readings import Readings

ALL = "history.invariant_in_every_history"


# What is stated


def stated(charter: Charter) -> dict[str, Any]:
    return {check.theorem.id: check.theorem for study in theorems.studies(charter) for check in study.checks}


def test_every_kind_of_event_has_a_lemma_and_a_closed_form(quintus: Charter) -> None:
    found = stated(quintus)
    kinds = {history.WORDS[kind] for kind in ENTER}
    assert len(kinds) == 17
    for kind in kinds:
        assert found[f"history.step_{kind}"].expected is Verdict.PROVED
        assert found[f"history.{kind}_equivalence"].expected is Verdict.PROVED


def test_every_history_rests_on_every_lemma(quintus: Charter) -> None:
    found = stated(quintus)
    steps = {name for name in found if name.startswith("history.step_")}
    assert len(steps) == 19
    assert steps <= set(found[ALL].rests_on)


@pytest.mark.parametrize("kind", [*history.WORDS.values(), "time", "opening"])
def test_a_lemma_that_is_not_proved_leaves_every_history_open(quintus: Charter, kind: str) -> None:
    found = stated(quintus)
    lemma = f"history.step_{kind}"
    results = [Result(own, Verdict.PROVED, 1, ()) for own in found.values() if own.expected is Verdict.PROVED]
    opened = [replace(r, verdict=Verdict.UNKNOWN) if r.theorem.id == lemma else r for r in results]
    (top,) = [result for result in settled(opened) if result.theorem.id == ALL]
    assert (top.verdict, top.as_expected) == (Verdict.UNKNOWN, False)
    assert lemma in top.detail
    assert all(result.verdict is Verdict.PROVED for result in settled(results))


def test_short_studies_come_out_as_expected(quintus: Charter) -> None:
    for study in (
        history_stock.transfers(quintus),
        history_amounts.funded(quintus),
        history_amounts.in_kind(quintus),
        theorems.openings(quintus),
        theorems.days_study(quintus),
        theorems.undeclared_study(quintus),
    ):
        results, _ = run_study(study)
        assert [result.theorem.id for result in results if not result.as_expected] == []


# The invariant


def sound(charter: Charter, values: Mapping[str, int], further: Further = NOTHING_FURTHER, **more: Any) -> bool:
    """Say whether a concrete state satisfies the invariant."""
    state = state_of(charter, {name: Fraction(value) for name, value in values.items()}, further=further)
    conditions = invariant(charter, shown(replace(state, **more)))
    return all(z3.is_true(z3.simplify(condition)) for condition in conditions)


SOUND = {"h_1_E": 2, "h_3_E": 1, "h_1_common": 5, "P_E": 4, "g_E": 1, "t_1_E": 2, "d_E": 1, "paid_1": 1, "unpaid_1": 0}


@pytest.mark.parametrize(
    "changed",
    [
        {"h_1_E": -1},
        {"h_1_E": 3_000_000},
        {"h_1_common": 40_000_001},
        {"P_E": 0},
        {"t_1_E": 3},
        {"t_1_E": -1},
        {"d_E": -1},
        {"d_F": 1},
        {"paid_1": -1},
        {"unpaid_1": -1},
        {"b_1": -1},
        {"v_E": -1},
        {"d_common": -1},
        {"D_w": 1, "X_w": 2, "e_w": 0, "u_w": 0},
        {"D_r": 1, "X_r": -1, "e_r": 0, "u_r": 0},
        {"D_r": 1, "X_r": 0, "e_r": -1, "u_r": 0},
        {"D_r": 1, "X_r": 0, "e_r": 0, "u_r": -1},
        {"k_E": 0},
        {"k_common": -1},
        {"unit_cash": -1},
    ],
)
def test_each_part_of_the_invariant_can_fail(quintus: Charter, changed: dict[str, int]) -> None:
    assert sound(quintus, SOUND)
    assert not sound(quintus, SOUND | changed)


def test_shares_that_do_not_add_up_or_are_not_whole_are_noticed(quintus: Charter) -> None:
    position = state_of(quintus, SOUND).position
    assert not sound(quintus, SOUND, position=replace(position, shares={**position.shares, "E": 4}))
    assert not sound(quintus, {**SOUND, "h_1_common": Fraction(1, 2)})  # type: ignore[dict-item]
    twice = replace(position, holdings=(*position.holdings, *position.holdings[:1]))
    assert not sound(quintus, SOUND, position=replace(twice, shares={**position.shares, "E": 5}))


def test_what_a_split_or_an_offering_lifts(quintus: Charter) -> None:
    assert sound(quintus, {**SOUND, "h_1_E": 3_000_000, "k_E": 2})
    assert sound(quintus, {**SOUND, "h_1_common": 40_000_001}, Further(offered_on=history_states.ON))


# Wrong folds


@dataclass(frozen=True)
class Wrong:
    """Describe a wrong fold: what of the engine is replaced, by what, and which study is to notice."""

    module: Any
    name: str
    instead: Any
    study: Callable[[Charter], Study]
    kind: str = ""


def entering(kind: type, instead: Callable[[_Book, Any], Any]) -> Mapping[type, Any]:
    """Return how each event is entered, one of them in another way."""
    return {**ENTER, kind: instead}


def taken_from_nobody(book: _Book, event: events.Transfer) -> Any:
    book.add(event.to, event.stock, event.shares)
    return "IV.A", "", {}


def one_share_too_many(book: _Book, event: events.Transfer) -> Any:
    book.add(event.holder, event.stock, -event.shares)
    book.add(event.to, event.stock, event.shares)
    return "IV.A", "", {}


real_apply, real_multiply, real_pay, real_fund = history._apply, history._multiply, history.pay, history.fund
real_convert, real_election, real_consent = history.convert, history.election, history.series_consent
real_declare, real_exercise, real_expire = history.declare, antidilution.exercise_rights, antidilution.expire_rights


def nothing_taken(book: _Book, conversions: Any) -> Any:
    return real_apply(book, [replace(own, shares={}) for own in conversions])


def no_debt(book: _Book, conversions: Any) -> Any:
    return real_apply(book, [replace(own, dividends={}) for own in conversions])


def one_forgotten(book: _Book, stock: str, ratio: Fraction) -> None:
    before = dict(book.holdings)
    real_multiply(book, stock, ratio)
    for key in list(before)[:1]:
        book.holdings[key] = before[key]


def owed_on_each_as_before(book: _Book, stock: str, ratio: Fraction) -> None:
    owed = book.dividends.get(stock, NOTHING)
    real_multiply(book, stock, ratio)
    book.dividends[stock] = owed


def fractions_dropped(book: _Book, stock: str, ratio: Fraction) -> None:
    for key in list(book.holdings):
        if key[1] == stock:
            book.holdings[key] = book.holdings[key] * ratio
    book.shares[stock] = book.shares.get(stock, 0) * ratio


def beyond_what_is_owed(owed: Mapping[str, Fraction], per_share: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {**owed, **{name: owed.get(name, NOTHING) - each for name, each in per_share.items()}}


def debts_never_paid(book: _Book, event: events.PayDividend) -> Any:
    book.dividends = real_pay(book.dividends, event.per_share)
    book.paid.append(event)
    return "1(a)", "", {}


real_had = _Book.had


def declared_on_all(position: Any, owed: Any, per_share: Any) -> Any:
    return {name: real_declare(position, owed, per_share).get(name, NOTHING) + 1 for name in per_share}


def all_exercisable(book: _Book, name: str) -> Rights:
    own = {**book.over_preferred}.get(name) or real_right(book, name)
    return replace(own, exercisable=own.deliverable)


real_right = _Book.right


def not_taken_off(state: PriceState, on: Any, rights: str, shares: Any, consideration: Any) -> PriceState:
    return replace(real_exercise(state, on, rights, shares, consideration), rights=state.rights)


def still_exercisable(
    state: PriceState, on: Any, rights: str, deliverable: Any = 0, exercisable: Any = 0
) -> PriceState:
    return replace(real_expire(state, on, rights), rights=state.rights)


def funds_kept(ledger: Any, amount: Fraction, readings: Readings) -> Funding:
    return replace(real_fund(ledger, amount, readings), excess=NOTHING)


def first_claim_first(ledger: Any, amount: Fraction, readings: Readings) -> Funding:
    found = real_fund(ledger, amount, readings)
    first, *others = found.ledger
    moved = min((own.paid for own in others), default=NOTHING)
    return replace(found, ledger=(replace(first, paid=first.paid + moved), *others))


def a_share_more(*given: Any, **more: Any) -> HolderConversion:
    own = real_convert(*given, **more)
    return replace(own, common=own.common + 1)


def always_carries(*given: Any) -> ClassConversion:
    own = real_consent(*given)
    conversions = own.conversions or history_whole_series(*given[:3])
    return replace(own, conversions=conversions)


def history_whole_series(position: Any, readings: Readings, name: str) -> Any:
    from reference.conversion import whole_series

    return whole_series(position, readings, name)


def first_holder_only(*given: Any) -> ClassConversion:
    own = real_election(*given)
    return replace(own, conversions=own.conversions[:1])


def units_sold(book: _Book, event: events.Distribute) -> Any:
    for key in list(book.holdings)[:1]:
        book.add(*key, -1)
    return "1(b)", "", {}


def into_property_twice(book: _Book, event: events.Recapitalize) -> Any:
    book.property = dict(event.units)
    return "3(f)", "", {}


def sold_out_of_nothing(book: _Book, event: events.PublicOffering) -> Any:
    return ENTER[events.PublicOffering](book, replace(event, to="1"))


def not_free(book: _Book, event: events.ElectConversion) -> Any:
    found = ENTER[events.ElectConversion](book, event)
    book.elected = False
    return found


def not_noted(book: _Book, event: events.PublicOffering) -> Any:
    found = ENTER[events.PublicOffering](book, event)
    book.offered_on = None
    return found


def still_new(self: _Book, on: Any) -> None:
    new = dict(self.issued_today)
    real_move(self, on)
    self.issued_today = new


real_move = _Book.move


def room_without_end(book: _Book, stock: str, shares: Any) -> None:
    return None


def half_as_dividend(book: _Book, event: events.StockDividend) -> Any:
    history._multiply(book, COMMON, 1 + event.shares)
    return "3(d)(iii)", "", {}


STOCK, RIGHTS, AMOUNTS, CONVERSIONS = history_stock, history_rights, history_amounts, history_conversions

WRONG: Mapping[str, Wrong] = {
    "a transfer that forgets to subtract": Wrong(
        history, "ENTER", entering(events.Transfer, taken_from_nobody), STOCK.transfers, "transfer"
    ),
    "a transfer of what is not held": Wrong(
        history, "ENTER", entering(events.Transfer, one_share_too_many), STOCK.transfers, "transfer"
    ),
    "new shares that a transfer makes old": Wrong(
        history, "_transfer_new", lambda book, event, held: None, STOCK.transfers, "transfer"
    ),
    "an issue over the authorised number": Wrong(history, "_check_room", room_without_end, STOCK.issues, "issue"),
    "converted shares issued again": Wrong(
        history, "issuable", lambda p, r, name, _: 3_000_000 - p.shares.get(name, 0), STOCK.issues, "issue"
    ),
    "a first issue without a Purchase Date": Wrong(
        history, "_check_new", lambda book, stock, n: history._check_room(book, stock, n), STOCK.issues, "issue"
    ),
    "a split that forgets one holder": Wrong(history, "_multiply", one_forgotten, STOCK.splits, "split"),
    "a split that multiplies what is owed": Wrong(history, "_multiply", owed_on_each_as_before, STOCK.splits, "split"),
    "fractions of shares": Wrong(history, "_multiply", fractions_dropped, STOCK.splits, "split"),
    "a stock dividend that no price notices": Wrong(
        history, "ENTER", entering(events.StockDividend, half_as_dividend), STOCK.stock_dividends, "stock_dividend"
    ),
    "rights with more exercisable than there are": Wrong(
        history, "_checked", lambda own: own, RIGHTS.issued, "issue_rights"
    ),
    "a change to more exercisable than there are": Wrong(
        history, "_checked", lambda own: own, RIGHTS.changed, "change_rights"
    ),
    "an exercise beyond what is exercisable": Wrong(
        _Book, "right", all_exercisable, RIGHTS.exercised, "exercise_rights"
    ),
    "an exercise that leaves the rights": Wrong(
        antidilution, "exercise_rights", not_taken_off, RIGHTS.exercised, "exercise_rights"
    ),
    "rights that never end": Wrong(antidilution, "expire_rights", still_exercisable, RIGHTS.expired, "expire_rights"),
    "a dollar more than is declared": Wrong(history, "declare", declared_on_all, AMOUNTS.declared, "declare_dividend"),
    "a dividend on Common before those on E": Wrong(
        history, "common_dividend_gate", lambda *_: Gate(True, {}, {}, ()), AMOUNTS.declared, "declare_dividend"
    ),
    "later shares taken for the first ones": Wrong(
        _Book, "had", lambda book, name, year, after=0: real_had(book, name, year), AMOUNTS.declared, "declare_dividend"
    ),
    "a payment on the Common before that on E": Wrong(
        history, "_check_paid", lambda book: None, AMOUNTS.paid, "pay_dividend"
    ),
    "dividends on the Common for who holds it now": Wrong(
        history, "pay_common", lambda dues, paid: dues[:-1], AMOUNTS.paid, "pay_dividend"
    ),
    "property that never waits": Wrong(
        history, "needs_nothing_before", lambda payable, readings: True, AMOUNTS.in_kind, "distribute"
    ),
    "a payment beyond what is owed": Wrong(history, "pay", beyond_what_is_owed, AMOUNTS.paid, "pay_dividend"),
    "debts that are never paid": Wrong(
        history, "ENTER", entering(events.PayDividend, debts_never_paid), AMOUNTS.paid, "pay_dividend"
    ),
    "funds that are kept": Wrong(history, "fund", funds_kept, AMOUNTS.funded, "fund_cash_amounts"),
    "a claim that is paid twice": Wrong(history, "fund", first_claim_first, AMOUNTS.funded, "fund_cash_amounts"),
    "a distribution that takes a share": Wrong(
        history, "ENTER", entering(events.Distribute, units_sold), AMOUNTS.in_kind, "distribute"
    ),
    "a second recapitalization": Wrong(
        history, "ENTER", entering(events.Recapitalize, into_property_twice), AMOUNTS.in_kind, "recapitalize"
    ),
    "a conversion that does not take the Preferred": Wrong(
        history, "_apply", nothing_taken, CONVERSIONS.at_option, "convert"
    ),
    "a conversion that forgets the dividends": Wrong(history, "_apply", no_debt, CONVERSIONS.at_option, "convert"),
    "a share too many": Wrong(history, "convert", a_share_more, CONVERSIONS.at_option, "convert"),
    "converted shares that stay new": Wrong(
        history, "_forget_converted", lambda book, key: None, CONVERSIONS.by_consent, "consent_conversion"
    ),
    "a conversion into more Common than authorised": Wrong(
        history, "_check_common", lambda book, conversions: None, CONVERSIONS.at_option, "convert"
    ),
    "an election of one holder": Wrong(
        history, "election", first_holder_only, CONVERSIONS.by_election, "elect_conversion"
    ),
    "an election that frees nobody": Wrong(
        history, "ENTER", entering(events.ElectConversion, not_free), CONVERSIONS.by_election, "elect_conversion"
    ),
    "an offering that is not noted": Wrong(
        history, "ENTER", entering(events.PublicOffering, not_noted), CONVERSIONS.by_offering, "public_offering"
    ),
    "a consent that always carries": Wrong(
        history, "series_consent", always_carries, CONVERSIONS.by_consent, "consent_conversion"
    ),
    "an offering sold to another": Wrong(
        history,
        "ENTER",
        entering(events.PublicOffering, sold_out_of_nothing),
        CONVERSIONS.by_offering,
        "public_offering",
    ),
    "an offering of more than is authorised": Wrong(
        history, "_check_room", room_without_end, CONVERSIONS.by_offering, "public_offering"
    ),
    "shares that stay new": Wrong(_Book, "move", still_new, theorems.openings),
    "holdings that need not add up": Wrong(history, "outstanding", lambda holdings: {}, theorems.openings),
    "declarations in shares of another day": Wrong(history, "_multiplied", lambda each, _: dict(each), theorems.cuts),
    "events in any order": Wrong(
        history, "_effective_dates", lambda start, happened, readings: [e.on for e in happened], theorems.days_study
    ),
    "declared dividends that are undeclared": Wrong(
        history, "_declared_on", lambda declaration, name: NOTHING, theorems.undeclared_study
    ),
}
"""Wrong folds, each with the study that notices it."""


@pytest.mark.parametrize("name", WRONG)
def test_wrong_folds_are_noticed(quintus: Charter, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    wrong = WRONG[name]
    monkeypatch.setattr(wrong.module, wrong.name, wrong.instead)
    results = run_study(wrong.study(quintus), fail_fast=True)[0]
    assert [result.theorem.id for result in results if not result.as_expected] != []


def test_every_kind_of_event_is_entered_wrongly_once() -> None:
    assert {wrong.kind for wrong in WRONG.values()} - {""} == set(history.WORDS.values())


def test_nothing_but_a_refusal_is_raised(quintus: Charter, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(book: _Book, event: events.Transfer) -> Any:
        return {}[event.holder, event.stock]

    monkeypatch.setattr(history, "ENTER", entering(events.Transfer, fails))
    (result,), _ = run_study(history_stock.transfers(quintus), ["history.step_transfer"])
    assert result.verdict is Verdict.REFUTED
    assert result.counterexample is not None
    assert result.counterexample.engine == {"raised": "KeyError"}


def test_a_refusal_says_which_event(quintus: Charter) -> None:
    start = state_of(quintus, {"h_1_E": Fraction(1)})
    moves = [events.Transfer(history_states.ON, "E", "1", "2", 1)] * 2
    with pytest.raises(RefusedEventError) as found:
        history.fold(start, moves, Readings())
    assert (found.value.index, found.value.reason.code) == (1, "not_held")
