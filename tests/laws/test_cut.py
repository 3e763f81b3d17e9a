"""Cut: a history that is folded in two parts, between two days, is the history folded whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reference import history
from reference.charter import COMMON
from reference.oracle import charters
from reference.oracle.documents import read_case
from reference.oracle.event_documents import read
from reference.oracle.histories import state_after
from tests.laws.kit import MANY, Document, asking, drawn_cases, last_day, table


def cut(case: Document) -> None:
    """A history folded in two parts leads to the state to which it leads whole, wherever two days part.

    An offering that is priced before it closes may take effect on an earlier day than events written before it,
    where the reading says so (AMB-50): such a history is not cut.
    """
    typed = read_case(asking(case, "position"))
    charter = charters.load(typed.charter)
    opening = state_after(read_case(asking({**case, "events": []}, "position")), charter)
    happened = [read(event, charter, "event") for event in typed.events]
    if any(getattr(event, "priced_on", None) for event in happened):
        return
    try:
        whole = history.fold(opening, happened, typed.readings)
    except history.RefusedEventError:
        return
    for place in range(1, len(happened)):
        if happened[place - 1].on < happened[place].on and not _at_a_record(happened[place]):
            first = history.fold(opening, happened[:place], typed.readings)
            second = history.fold(first, happened[place:], typed.readings)
            assert second == whole, (case, place)


def _at_a_record(event: object) -> bool:
    return getattr(event, "record_date", None) is not None


def passing(case: Document) -> None:
    """That time passes in steps is that it passes: to a day in between, and on (3(d)(i)(B))."""
    typed = read_case(asking(case, "position"))
    start = state_after(typed, charters.load(typed.charter))
    day = start.position.as_of
    if day is None:
        return
    later = [day.replace(year=day.year + years, day=min(day.day, 28)) for years in (1, 2, 3, 4)]
    steps = start
    for on in later:
        steps = history.at(steps, on, typed.readings)
    once = history.at(start, later[-1], typed.readings)
    assert _led_to(steps) == _led_to(once), case


def _led_to(state: history.State) -> history.State:
    """Return where a history has led to, without what tells how."""
    return replace(state, log=(), prices=replace(state.prices, latest=()))


def test_a_history_in_two_parts() -> None:
    for case in drawn_cases("position", 250, seed=20):
        cut(case)
        passing(case)


@pytest.mark.parametrize("held", ["A", "E", COMMON])
def test_a_history_of_many_days(held: str) -> None:
    days = [f"1999-09-{day:02}" for day in range(1, 13)]
    events = [
        {"on": day, "do": "issue", "class": COMMON, "holder": f"holder {day}", "shares": 7, "consideration": "1/2"}
        for day in days
    ]
    events[5:5] = [{"on": days[5], "do": "split", "class": "E", "ratio": 2}]
    cut(table(("ann", held, 1000), ("bob", "E", 500), ("cat", COMMON, 2000), events=events))


def test_what_is_carried_is_made_good_whenever_time_passes() -> None:
    carried = [
        {"series": name, "on": f"199{6 + year}-0{3 + year}-01", "amount": f"0.00{1 + year}"}
        for name in "ABEF"
        for year in range(4)
    ]
    position = {"carried": carried, "purchase_dates": dict.fromkeys("ABCDEF", "1990-06-11"), "as_of": "1999-03-01"}
    case = table(*((f"holder of {name}", name, 10) for name in "ABEF"), **position)
    carried[-1]["on"] = carried[-5]["on"] = carried[3]["on"] = carried[7]["on"] = "1999-02-28"
    assert last_day(case)
    for reading in ("all", "item"):
        passing({**case, "readings": {"cent_anniversary": reading}})


@MANY
def test_cut_on_many_cases() -> None:
    for case in drawn_cases("position", 8000, seed=21):
        cut(case)
        passing(case)
