"""Kinds of error and the law that catches each: put back in the engine, the error breaks the law.

No law looks at a closed form, so that an error that stands in both, which agreement cannot see, breaks it all the same.
Each wrong engine is the right one with a little of its text changed, see `tests.slips`. A law that no wrong engine
breaks is no law; here each has its own.

Not a law, as it is no relation of answers: that a theorem or a note says of a holder what is true only of the unrounded
number. What an offering gives a holder is held against the event by the law of route.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from reference import (
    antidilution,
    cash_amounts,
    conversion_price,
    equilibrium,
    history,
    notices,
    offering,
    reserve,
)
from reference import position as positions
from reference.oracle import answers, histories
from reference.oracle.questions import dividend
from tests.laws import crossed, test_cut, test_number, test_order, test_route, test_scale, test_sum, test_symmetry
from tests.laws.kit import COMMON, LONG_AGO, SERIES, Document, table
from tests.laws.test_listed import listed
from tests.slips import Slip, made

SPLIT, TODAY, PLACES = "a share count not scaled", "today's shares", "told in one place"
READING, CHOICE, COUNT, IGNORED = "a reading forgotten", "a choice of less", "no more than so many", "held and ignored"


@dataclass(frozen=True)
class Kind:
    """Hold a wrong engine, of what kind the error is, and the law that a case then breaks.

    before, after: what the text of the function says and is made to say; law: of the case; name: of the law.
    """

    kind: str
    error: str
    function: Callable[..., Any]
    before: str
    after: str
    law: Callable[[Document], None]
    case: Document = field(repr=False)


def event(day: int, do: str, **fields: Any) -> Document:
    return {"on": f"1999-09-{day:02}", "do": do, **fields}


ALL = tuple((f"holder of {name}", name, 5) for name in (*SERIES, COMMON))
RATES = {"A": "0.20", "B": "0.286", "C": "0.382", "D": "0.55", "E": "0.83", "F": "1.65"}
ONE_OF_F = (("f", "F", 2), ("new", COMMON, 10))
PURCHASED = {"purchase_dates": dict.fromkeys(SERIES, LONG_AGO)}
B_WARRANT = {"purpose": "warrant", "warrant": {"issued": "1996-08-16", "of": "B"}}
USED = {**B_WARRANT, "warrant": {**B_WARRANT["warrant"], "used": 192_260}}  # type: ignore[dict-item]


def ask(question: str, **fields: Any) -> Document:
    return {"question": question, **fields}


KINDS = (
    Kind(
        READING,
        "an election in interest counts shares, whatever the reading",
        equilibrium.electing_weights,
        "readings.ad_majority is AdMajority.SHARES",
        "True",
        partial(test_scale.series_split, stock="A", ratio=3),
        table(
            ("a", "A", 5),
            ("b", "B", 6),
            ("k", COMMON, 9),
            readings={"cash_rank": "after_F"},
            ask=ask("liquidation", assets="3", elect="in_interest"),
        ),
    ),
    Kind(
        READING,
        "breakpoints do not see that rights are exercised",
        equilibrium.equilibrium_breakpoints,
        "asked = liquidation(position,",
        "asked = liquidation(replace(position, options=()),",
        crossed.straight,
        table(
            ("a", COMMON, 10),
            events=[event(1, "issue_rights", rights="w", shares=5, exercise_price="2")],
            readings={"exercise": "in_the_money_equilibrium"},
            ask=ask("breakpoints"),
        ),
    ),
    Kind(
        READING,
        "Cash Amounts of an earlier election rank nowhere",
        histories.position_of,
        "owed=Owed(cash,",
        "owed=Owed((),",
        partial(test_route.elected_before, assets="70"),
        table(*ALL, readings={"cash_rank": "after_F"}),
    ),
    Kind(
        READING,
        "a reading that decides is not listed",
        answers.looked_at,
        "if looking & set(e.questions)",
        "if looking & set(e.questions) and e.field != 'cash_rank'",
        listed,
        table(*ALL, ask=ask("liquidation", assets="20", elect=True)),
    ),
    Kind(
        READING,
        "shadow beside additive is as official",
        conversion_price.trigger_price,
        "readings.cent_trigger_price is CentTriggerPrice.OFFICIAL",
        "readings.cent_trigger_price is CentTriggerPrice.OFFICIAL or readings.cent_composition.value == 'additive'",
        partial(
            crossed.tells_beside,
            field="cent_trigger_price",
            options=("official", "shadow"),
            cent_composition="additive",
        ),
        table(
            ("a", "A", 100),
            ("k", COMMON, 100),
            **PURCHASED,
            carried=[{"series": "A", "on": "1999-01-01", "amount": "0.009"}],
            events=[event(1, "issue", **{"class": COMMON}, holder="x", shares=100, consideration="99.5")],
            ask=ask("conversion_prices"),
        ),
    ),
    Kind(
        SPLIT,
        "listed warrants keep their number",
        history._classified,
        "book.prices.purchase_dates, book.position(()).splits()",
        "book.prices.purchase_dates, {}",
        partial(test_scale.earlier_series_split, stock="B", ratio=2),
        table(
            ("b", "B", 5),
            events=[
                event(1, "issue_rights", rights="w", shares=2, exercise_price="1", facts=USED, **{"class": "B"}),
            ],
            readings={"series_issue_excluded": "no"},
            ask=ask("position"),
        ),
    ),
    Kind(
        SPLIT,
        "authorised numbers stay",
        positions.Position.authorized,
        "series.authorized.value * split",
        "series.authorized.value",
        partial(test_scale.series_split, stock="E", ratio=2),
        table(*ALL, ask=ask("position")),
    ),
    Kind(
        SPLIT,
        "conversions counted so far stay",
        history._multiply,
        "book.converted[stock] = book.converted[stock] * ratio",
        "book.converted[stock] = book.converted[stock]",
        partial(test_scale.series_split, stock="E", ratio=2),
        table(
            *ALL,
            events=[event(1, "convert", holder="holder of E", shares={"E": 2})],
            readings={"converted_reissuable": "no"},
            ask=ask("position"),
        ),
    ),
    Kind(
        SPLIT,
        "a stock dividend leaves rights as they are",
        history._stock_dividend,
        "increase, before, factor)",
        "increase, before)",
        crossed.dividend_is_a_split,
        table(
            ("k", COMMON, 10),
            events=[
                event(1, "issue_rights", rights="w", shares=4, exercise_price="1"),
                event(2, "stock_dividend", shares="1"),
            ],
            ask=ask("position"),
        ),
    ),
    Kind(
        SPLIT,
        "every new share has the whole floor",
        offering.floor_figure,
        "return figure / split",
        "return figure",
        partial(test_scale.series_split, stock="E", ratio=2),
        table(*ALL, ask=ask("public_offering", on="1999-11-19", price="4", primary_shares=10_000_000)),
    ),
    Kind(
        SPLIT,
        "only the first eight holdings split",
        history._multiply,
        "for key, shares in book.holdings.items():",
        "for key, shares in [*book.holdings.items()][:8]:",
        test_sum.adds_up,
        table(
            *((f"holder {index}", "E", 2) for index in range(10)),
            events=[event(1, "split", ratio=2, **{"class": "E"})],
            ask=ask("position"),
        ),
    ),
    Kind(
        TODAY,
        "shares issued after the year's dividend have had it",
        history._Book.lots_of,
        "list(issues) if daily else list(issues)[-1:]:",
        "():",
        partial(crossed.fewer_shares, holder="f", shares={"F": 2}),
        table(
            *ONE_OF_F,
            events=[
                event(1, "declare_dividend", per_share={"F": "1.65"}),
                event(2, "pay_dividend", per_share={"F": "1.65"}),
                event(3, "issue", holder="late", shares=1, consideration="8.25", **{"class": "F"}),
                event(4, "fund_cash_amounts", amount=0),
            ],
            ask=ask("dividend", on="1999-12-01", declare={COMMON: "0.1"}),
        ),
    ),
    Kind(
        TODAY,
        "a declaration is reviewed on today's shares",
        dividend._outcome,
        "declarations = (*state.declared, *pending,",
        "declarations = (*(Declared(d.on, d.per_share, position.shares) for d in state.declared), *pending,",
        lambda case: crossed.later_shares(
            case, event(9, "issue", holder="x", shares=50, consideration="100", **{"class": "E"})
        ),
        table(
            ("a", "A", 10),
            ("e", "E", 10),
            events=[
                event(1, "declare_dividend", per_share={"A": "0.1", "E": "0.2"}),
                event(2, "pay_dividend", per_share={"A": "0.1", "E": "0.2"}),
            ],
        ),
    ),
    Kind(
        TODAY,
        "a dividend on the Common is owed to who holds it today",
        history.State.owed_to.fget,  # type: ignore[attr-defined]
        "for holder, amount in own.owed.items():",
        "for holder, amount in ((h.holder, h.shares * own.per_share) for h in self.position.holdings):",
        lambda case: crossed.later_shares(
            case, event(9, "transfer", holder="k", to="x", shares=4, **{"class": COMMON})
        ),
        table(("k", COMMON, 10), events=[event(1, "declare_dividend", per_share={COMMON: "1"})]),
    ),
    Kind(
        PLACES,
        "property waits for dividends in the question alone",
        history._distribute,
        "if not needs_nothing_before(event.payable, book.readings) and on_common:",
        "if False:",
        partial(test_route.distributed_as_asked, asked={"on": "1999-12-01"}),
        table(*ONE_OF_F, readings={"in_kind_gate": "both"}),
    ),
    Kind(
        PLACES,
        "the Common is paid before the Preferred",
        history._pay_dividend,
        "        _check_paid(book)\n",
        "",
        crossed.stages,
        table(
            *ONE_OF_F,
            events=[
                event(1, "declare_dividend", per_share={"F": "1.65"}),
                event(2, "declare_dividend", per_share={COMMON: "0.1"}),
                event(3, "pay_dividend", per_share={COMMON: "0.1"}),
            ],
            ask=ask("position"),
        ),
    ),
    Kind(
        PLACES,
        "a part of a year is a whole one when it is declared",
        history._declare_dividend,
        "book.gate(event).check()",
        "book.gate(replace(event, part_of_year=Fraction(1))).check()",
        partial(
            test_route.declared_as_asked,
            asked={"on": "1999-12-01", "declare": {"F": "1.65", COMMON: "1"}, "part_of_year": "1/4"},
        ),
        table(*ONE_OF_F, readings={"annualise": "yes"}),
    ),
    Kind(
        PLACES,
        "a conversion is made where it is written",
        history.instant,
        "return AT_CLOSE",
        "return DURING_THE_DAY",
        partial(test_order.reordered, seed=0),
        table(
            ("e", "E", 3),
            ("k", COMMON, 10),
            conversion_prices={"E": "8.3"},
            events=[
                event(1, "convert", holder="e", shares={"E": 3}),
                event(1, "split", ratio=3, **{"class": COMMON}),
                event(1, "issue", holder="x", shares=1, consideration="9", **{"class": COMMON}),
            ],
            ask=ask("position"),
        ),
    ),
    Kind(
        PLACES,
        "a combination's record date is lost between two parts of a history",
        history._Book.state,
        "combined=tuple(self.combined),",
        "",
        test_cut.cut,
        table(
            ("e", "E", 4),
            ("k", COMMON, 10),
            **PURCHASED,
            events=[
                event(1, "split", ratio="1/2", record_date="1999-09-01", **{"class": COMMON}),
                event(5, "fund_cash_amounts", amount=1),
            ],
        ),
    ),
    Kind(
        CHOICE,
        "who converts forgets the dividend that stays owed",
        equilibrium._either,
        "paid(converted_line(asked, own), place) + outside",
        "paid(converted_line(asked, own), place) + outside - own.debt",
        partial(crossed.no_regret, name="F", holder="f"),
        table(
            ("f", "F", 1),
            ("k", COMMON, 1_000_000),
            unpaid_dividends={"F": "1"},
            ask=ask("liquidation", assets="12000000"),
        ),
    ),
    Kind(
        COUNT,
        "the three earliest days are paid their Cash Amounts",
        cash_amounts._earlier_first,
        "sorted({claim.converted_on for claim in ledger}):",
        "sorted({claim.converted_on for claim in ledger})[:3]:",
        test_number.earliest_first,
        table(*ALL, cash_amounts=test_number.CLAIMS),
    ),
    Kind(
        COUNT,
        "the claims of three days are in a liquidation",
        histories.position_of,
        "in sorted(by_day.items()) if",
        "in sorted(by_day.items())[:3] if",
        test_number.claims_apart,
        table(*ALL, cash_amounts=test_number.CLAIMS),
    ),
    Kind(
        COUNT,
        "two make-goods a day",
        antidilution.pass_time,
        "while new.carried and",
        "while len(made) < 2 and new.carried and",
        test_number.each_series_by_itself,
        table(*ALL, **PURCHASED, carried=[{**own, "on": "1998-06-01"} for own in test_number.CARRIED]),
    ),
    Kind(
        COUNT,
        "only the newest carried amount is kept",
        antidilution.opening,
        "key=lambda item: item.on))",
        "key=lambda item: item.on)[-1:])",
        test_number.carried_in_one,
        table(*ALL, **PURCHASED, carried=[{"series": "A", "on": "1998-06-01", "amount": "0.001"}] * 3),
    ),
    Kind(
        COUNT,
        "a third series is not sought among those that convert",
        equilibrium.decide,
        "frozenset(own.name for own in asked.held if asked.may_choose(own) and",
        "frozenset(own.name for own in [o for o in asked.held if asked.may_choose(o)][:2] if",
        crossed.series_in_two,
        table(("f", "F", 2), ("f too", "F", 2), ("k", COMMON, 5), ask=ask("liquidation", assets="200")),
    ),
    Kind(
        COUNT,
        "a third floor is not regarded",
        reserve.lowest_offering_price,
        "if floor is not None]",
        "if floor is not None][:2]",
        crossed.series_in_two,
        table(("f", "F", 2), ("f too", "F", 1_000_000), ("k", COMMON, 30_000_000), ask=ask("reserve")),
    ),
    Kind(
        COUNT,
        "one consent of a day carries",
        history._consents_by_date,
        "found.setdefault(event.on, []).append(event)",
        "found[event.on] = [event]",
        test_order.consents_in_any_order,
        table(
            *ALL,
            readings={"consent_tie": "consent"},
            events=[
                event(1, "consent_conversion", consents={"holder of E": 5}, **{"class": "E"}),
                event(1, "consent_conversion", consents={"holder of F": 5}, **{"class": "F"}),
                event(1, "public_offering", price="4", primary_shares=10_000_000),
            ],
            ask=ask("position"),
        ),
    ),
    Kind(
        COUNT,
        "dividends owed to later former holders are lost",
        history._apply,
        "if owed != 0:",
        "if owed != 0 and not book.debts:",
        test_number.debts_of_each,
        table(
            ("x", "F", 2),
            ("y", "F", 2),
            unpaid_dividends={"F": "1/2"},
            events=[event(day, "convert", holder=own, shares={"F": 2}) for day, own in ((1, "x"), (2, "y"))],
        ),
    ),
    Kind(
        COUNT,
        "shares issued today are not new in other hands",
        history._transfer,
        "    _transfer_new(book, event, held)\n",
        "",
        test_symmetry.merged,
        table(
            ("ann", COMMON, 1),
            events=[
                event(1, "issue", holder="ann", shares=3, **{"class": "F"}),
                event(1, "transfer", holder="ann", to="bob", shares=3, **{"class": "F"}),
                event(1, "convert", holder="bob", shares={"F": 3}),
            ],
        ),
    ),
    Kind(
        COUNT,
        "what is carried is made good in every year but one",
        conversion_price.anniversary,
        "year = on.year + years",
        "year = on.year + years + (on.year == 1998)",
        test_symmetry.shifted,
        table(
            *ALL,
            **PURCHASED,
            carried=[{"series": "A", "on": "1998-06-01", "amount": "0.001"}],
            ask=ask("position", on="2001-12-31"),
        ),
    ),
    Kind(
        COUNT,
        "a notice is early for one record date",
        notices.latest_mailing,
        "return record_date - days",
        "return record_date - days - (record_date == date(1999, 11, 1)) * timedelta(days=1)",
        test_symmetry.shifted_by_a_day,
        table(*ALL, ask=ask("notice", kind="distribution", record_date="1999-11-01")),
    ),
    Kind(
        IGNORED,
        "rights over Preferred in the money are left aside",
        histories.position_of,
        "for name, own in state.rights.items())",
        "for name, own in state.rights.items() if own.stock == 'common')",
        crossed.exercised_before,
        table(
            ("b", "B", 5),
            ("k", COMMON, 10),
            events=[
                event(1, "issue_rights", rights="w", shares=2, exercise_price="1", facts=B_WARRANT, **{"class": "B"}),
            ],
            ask=ask("liquidation", assets=20),
        ),
    ),
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda own: own.error)
def test_an_error_put_back_breaks_a_law(kind: Kind) -> None:
    kind.law(kind.case)
    slip = Slip(kind.error, kind.function, kind.before, kind.after, "", "")
    with made(slip), pytest.raises(AssertionError):
        kind.law(kind.case)
    kind.law(kind.case)


def test_every_kind_is_put_back() -> None:
    assert {own.kind for own in KINDS} == {READING, SPLIT, TODAY, PLACES, CHOICE, COUNT, IGNORED}
    assert len({own.error for own in KINDS}) == len(KINDS)
