"""Theorems about the days of 1(a): dividend years, parts of a year, and what accrues undeclared by the day."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.days import LAST as LAST_DAY
from proofs.days import calendar_day, counted, day, known_day, number_of, unknown_days
from proofs.explorer import Unknown
from proofs.statements import (
    account_claim,
    agreement,
    checked,
    numbers,
    sentence,
    terms_of,
    theorem,
    totality,
    whole,
)
from proofs.study import Study
from proofs.subjects import bounded, chosen
from proofs.views import Subject, View
from reference import dividends
from reference.charter import Charter
from reference.position import Position
from reference.readings import CommonGate, Daycount, Partial, Readings, Year
from symbolic import dividends as closed
from symbolic.account import Account
from symbolic.algebra import number
from symbolic.liquidation import Case

YEAR_OF_DAY, MONTH, DAY_OF_MONTH, FISCAL_MONTH = (
    Unknown(str(s)) for s in (closed.YEAR_OF_DAY, closed.MONTH_OF_DAY, closed.DAY_OF_MONTH, closed.FISCAL_MONTH)
)
OF_CALENDAR = (YEAR_OF_DAY, MONTH, DAY_OF_MONTH)
LAST_YEAR = 9999
"""The last year of the calendar."""


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of days."""
    return (of_dividend_years(), of_parts_of_years(charter), of_accrual())


def is_leap(year: z3.ArithRef) -> z3.BoolRef:
    """Return the condition that a year has a 29th of February."""
    whole_year = z3.ToInt(year)
    return z3.And(whole_year % 4 == 0, z3.Or(whole_year % 100 != 0, whole_year % 400 == 0))


def days_of_month(year: z3.ArithRef, month: z3.ArithRef) -> z3.ArithRef:
    """Return the length of a month, days."""
    short = z3.Or([month == own for own in (4, 6, 9, 11)])
    of_february = z3.If(is_leap(year), z3.RealVal(29), z3.RealVal(28))
    return z3.If(month == 2, of_february, z3.If(short, z3.RealVal(30), z3.RealVal(31)))


def a_day_of_the_calendar() -> tuple[z3.BoolRef, ...]:
    """Assume that year, month and day are those of a day that there is."""
    year, month, on = (u.term for u in OF_CALENDAR)
    return (
        *whole(year, month, on),
        *(year >= 1, year <= LAST_YEAR, month >= 1, month <= 12, on >= 1, on <= days_of_month(year, month)),
    )


def _year_of(own: Year) -> str:
    return f"the dividend year of any day, {own.value}"


# The first and the last day of the calendar, those around a leap day, and the first and the last that are not refused.
DAYS = ((2000, 2, 29), (2000, 3, 1), (1999, 12, 31), (1, 1, 1), (9999, 12, 31), (1900, 2, 28), (2, 1, 1), (9998, 7, 4))


def of_dividend_years() -> Study:
    """Return the theorems about the dividend year in which a day falls."""
    subjects = tuple(_dividend_year(own) for own in Year)
    return Study("dividend years", subjects, (*(_years_agree(own) for own in Year),), weight=8)


def _dividend_year(own: Year) -> Subject:
    readings = Readings(year=own)
    fiscal = own is Year.FISCAL

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        on = known_day(*(values[u.name] for u in OF_CALENDAR))
        month = _one_of_twelve(values[FISCAL_MONTH.name]) if fiscal else None
        with unknown_days(dividends, values):
            found = dividends.dividend_year(readings, on, month)
            return {
                "year_first": number_of(found.first),
                "year_last": number_of(found.last),
                "days": found.days,
                "holds": found.holds(on),
            }

    unknowns = (*OF_CALENDAR, FISCAL_MONTH) if fiscal else OF_CALENDAR
    seeds = tuple(
        {u.name: numbers(year=y, month=m, day=d, fiscal_month=f)[u.name] for u in unknowns}
        for y, m, d in DAYS
        for f in (1, 7)
    )
    more = a_day_of_the_calendar() if not fiscal else (*a_day_of_the_calendar(), *whole(FISCAL_MONTH.term))
    return bounded(_year_of(own), function, unknowns, seeds, readings, more, free=(FISCAL_MONTH,))


def _one_of_twelve(month: Any) -> Any:
    """Return a month as a plain number, each a path of its own, which spares the solver a rounding; or no month."""
    return next((each for each in range(1, 13) if month == each), counted(month))


def _years_agree(own: Year) -> PathCheck:
    readings = Readings(year=own)
    account = Account(named=True)
    closed.dividend_year(readings, account)

    def claim(view: View) -> list[z3.BoolRef]:
        year = view.inputs[YEAR_OF_DAY.name]
        inside = z3.And(year > 1, year < LAST_YEAR)
        month = view.inputs.get(FISCAL_MONTH.name, z3.RealVal(1))
        is_month = z3.And(month >= 1, month <= 12)
        if view.structure.get("raised") == "Forbidden outside_calendar":
            return [z3.Not(inside)]
        if view.structure.get("raised") == "ValueError":
            return [inside, z3.Not(is_month)]
        if "raised" in view.structure:
            return [z3.BoolVal(False)]
        found, (first, last) = terms_of(view, account.definitions), ("year_first", "year_last")
        ends = [view.outcome[name] == found[name] for name in (first, last)]
        length = view.outcome["days"] == view.outcome[last] - view.outcome[first] + 1
        return [inside, is_month, *ends, length, z3.BoolVal(view.structure["holds"])]

    name = f"dividends.year_equivalence_{own.value}"
    stated = theorem(
        name,
        "",
        f"{sentence(_year_of(own))}: first and last day are those of the closed form, the day lies between them, and"
        " it is refused exactly in the first and the last year of the calendar, or where its first month is none.",
        "1(a)",
        readings=chosen(readings),
    )
    return PathCheck(stated, claim, labels=(_year_of(own),), covers_all=True, judges_raising=True)


# Parts of a year

FIRST, LAST, ON, ISSUED, SPLIT = Unknown("first"), Unknown("last"), Unknown("on"), Unknown("issued_A"), Unknown("k_A")


def _parts_of(partial: Partial, gate: CommonGate) -> str:
    return f"dividends for a part of any year, A issued and split in it, {partial.value}, {gate.value}"


def of_parts_of_years(charter: Charter) -> Study:
    """Return the theorems about full dividends of a year and what must come before one on the Common."""
    options = tuple(product(Partial, CommonGate))
    subjects = tuple(_amounts(charter, *own) for own in options)
    checks = [_amounts_agree(charter, *own) for own in options]
    checks.append(totality("dividends.amounts_totality", "Dividends for a part of a year", (), "1(a)"))
    return Study("parts of dividend years", subjects, (*checks, _whole_years()), weight=2)


def _whole_years() -> PathCheck:
    daily = (_parts_of(Partial.DAILY, CommonGate.FULL_YEAR),)
    before = Hypothesis(
        "A was issued no later than on the first day", lambda v: v.inputs["issued_A"] <= v.inputs["first"]
    )
    return checked(
        theorem(
            "dividends.whole_year_has_the_whole_rate",
            "",
            "A series that is issued before the year gets its whole rate, however many days the year has.",
            "1(a)",
            readings=chosen(Readings(partial=Partial.DAILY)),
        ),
        lambda v: v.outcome["full_A"] == v.outcome["annual_A"],
        before,
        labels=daily,
        neighbours=(Neighbour("it is issued later", hypotheses=()),),
    )


def _amounts(charter: Charter, partial: Partial, gate: CommonGate) -> Subject:
    readings = Readings(partial=partial, common_gate=gate)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = Position(charter, {}, preferred_splits={"A": values["k_A"]})
        year = dividends.DividendYear(day(values["first"]), day(values["last"]))
        issued = {"A": day(values["issued_A"])}
        with unknown_days(dividends, values):
            annual = dividends.annual_amounts(at)
            full = dividends.full_amounts(at, readings, year, issued)
            before = dividends.amounts_before_common(at, readings, year, day(values["on"]), issued)
        found = {"annual": annual, "full": full, "before": before}
        return {f"{word}_{name}": amount for word, amounts in found.items() for name, amount in amounts.items()}

    unknowns = (FIRST, LAST, ON, ISSUED, SPLIT)
    days = (FIRST.term, LAST.term, ON.term, ISSUED.term)
    seeds = tuple(
        numbers(first=730000, last=730364, on=on, issued_A=issued, k_A=2)
        for on, issued in ((730100, 730050), (730100, 729000), (730050, 730100), (730400, 730500))
    )
    dates = tuple(bound for term in days for bound in (term >= 1, term <= LAST_DAY))
    # What holds for days of any number holds for whole ones, which the solver is slow at.
    return bounded(_parts_of(partial, gate), function, unknowns, seeds, readings, (*dates, FIRST.term <= LAST.term))


def _amounts_agree(charter: Charter, partial: Partial, gate: CommonGate) -> PathCheck:
    readings = Readings(partial=partial, common_gate=gate)
    account = Account(named=True)
    closed.amounts(Case(charter, readings, splits=frozenset("A")), account, frozenset("A"))
    return agreement(
        f"dividends.amounts_equivalence_{partial.value}_{gate.value}",
        f"{sentence(_parts_of(partial, gate))}",
        (_parts_of(partial, gate),),
        account_claim(account.definitions),
        "1(a)",
        readings=chosen(readings),
    )


# What accrues

RATE, SINCE = Unknown("rate"), Unknown("held_since")


def _accrual(count: Daycount) -> str:
    return f"what accrues undeclared from any day to any other, {count.value}"


def of_accrual() -> Study:
    """Return the theorems about undeclared dividends that accrue by the day."""
    subjects = tuple(_accrued(own) for own in Daycount)
    return Study("undeclared dividends", subjects, (*(_accrued_agrees(own) for own in Daycount),), weight=6)


def _accrued(count: Daycount) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        as_of = known_day(*(values[u.name] for u in OF_CALENDAR))
        since = day(values["held_since"])
        new_year, end = (calendar_day(values["year"], *own) for own in ((1, 1), (12, 31)))
        with unknown_days(dividends, values):
            found = dividends.accrued_undeclared(values["rate"], since, as_of, count)
        return {
            "as_of": number_of(as_of),
            "new_year": number_of(new_year),
            "days_of_year": (end - new_year).days + 1,
            "y": found.current_year,
            "z": found.since_issue,
        }

    unknowns = (*OF_CALENDAR, SINCE, RATE)
    seeds = tuple(
        numbers(year=y, month=m, day=d, held_since=since, rate="1/5") for y, m, d in DAYS for since in (1, 730000)
    )
    return bounded(
        _accrual(count), function, unknowns, seeds, more=(*a_day_of_the_calendar(), *whole(SINCE.term), SINCE.term >= 1)
    )


def _accrued_agrees(count: Daycount) -> PathCheck:
    form = closed.accrual(count)
    as_of = closed.day_number(closed.YEAR_OF_DAY, closed.MONTH_OF_DAY, closed.DAY_OF_MONTH)
    new_year, next_year = (closed.day_number(closed.YEAR_OF_DAY + more, number(1), number(1)) for more in (0, 1))
    # What the numbers of the days are is shown once.
    rests_on = () if count is Daycount.ACTUAL_365 else (f"dividends.accrual_equivalence_{Daycount.ACTUAL_365.value}",)

    def claim(view: View) -> list[z3.BoolRef]:
        today = view.form(as_of)
        if "raised" in view.structure:
            return [z3.BoolVal(view.structure["raised"] == "ValueError"), view.inputs["held_since"] > today]
        length = view.form(next_year - new_year)
        days = {"as_of": today, "new_year": view.form(new_year), "days_of_year": length}
        # The days are claimed first: the amounts are then those of the same days, whatever their numbers.
        at = view.at({name: view.outcome[name] for name in days})
        return [
            *(view.outcome[name] == number for name, number in days.items() if not rests_on),
            view.inputs["held_since"] <= view.outcome["as_of"],
            view.outcome["y"] == at.form(form.current_year),
            view.outcome["z"] == at.form(form.since_issue),
        ]

    stated = theorem(
        f"dividends.accrual_equivalence_{count.value}",
        "",
        f"{sentence(_accrual(count))}: both amounts are those of the closed form, and it is refused exactly if the days"
        " are reversed.",
        "1(a)",
        rests_on=rests_on,
    )
    return PathCheck(stated, claim, labels=(_accrual(count),), covers_all=True, judges_raising=True)
