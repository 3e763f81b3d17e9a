"""Theorems about histories: what is true of every state, shown event by event and then for every history.

Each kind of event is folded from any state that satisfies the invariant, on every path: the certificate refuses it,
or the state after it satisfies the invariant again. What is claimed of every history rests on these lemmas, on the
opening, and on a history being the same when it is cut in two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import sympy
import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.days import LAST, day, number_of
from proofs.explorer import Unknown
from proofs.numbers import literal
from proofs.statements import REFUTED, checked, numbers, theorem, whole
from proofs.study import Study
from proofs.subjects import DEFAULTS, chosen
from proofs.theorems import history_amounts, history_conversions, history_rights, history_stock
from proofs.theorems.history_states import (
    ALONE,
    CARRIED_ON,
    FIGURES,
    INVARIANT,
    ON,
    SOUND,
    TODAY,
    Further,
    Values,
    any_sound,
    folded,
    invariant,
    open_ones,
    seed_of,
    shown,
    state_of,
    unknowns_of,
)
from proofs.views import Subject, View
from reference import events, history
from reference.cash_amounts import CashClaim
from reference.charter import COMMON, Charter
from reference.conversion_price import Carried
from reference.history import WORDS, State
from reference.position import Holding, Position
from reference.readings import ConversionsAtClose, Readings, WeightedAverageBase
from reference.refusal import Forbidden
from symbolic import history as closed
from symbolic.algebra import number
from symbolic.dividends import Accrual

PARTS = {
    "stock in a history": history_stock,
    "rights in a history": history_rights,
    "amounts in a history": history_amounts,
    "conversions in a history": history_conversions,
}
EVENTS = tuple(sorted(WORDS.values()))
"""The words of all kinds of events: each has a lemma."""


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of histories, those of like events as one: a study has a process of its own."""
    own = (openings(charter), cuts(charter), told_study(charter), days_study(charter), undeclared_study(charter))
    parts = {name: part.studies(charter) for name, part in PARTS.items()}
    return tuple(_together(name, each) for name, each in {**parts, "every history": own}.items())


def _together(name: str, each: tuple[Study, ...]) -> Study:
    """Return several studies as one."""
    subjects = tuple(subject for study in each for subject in study.subjects)
    checks = tuple(check for study in each for check in study.checks)
    return Study(name, subjects, checks, weight=sum(study.weight for study in each))


# The opening, and every history

OPENED = "the opening of a history, from any position"
IDLE = "a history in which nothing happens"
WAITED = "three years in which nothing happens"
DUE = date(2002, 12, 1)
"""Three years after something was carried."""


def openings(charter: Charter) -> Study:
    """Return the theorems about the opening, the passing of time, and every history."""
    idle = tuple(_idle(charter, label, names) for label, names in IDLE_STATES.items())
    subjects = (_opened(charter), _waited(charter), *idle)
    return Study("every history", subjects, (*_lemmas(charter), *_inductions(charter)), weight=2)


def _opened(charter: Charter) -> Subject:
    """Return the opening at a position whose counts of shares may not be what its holdings add up to."""
    names = "h_1_E h_3_E h_1_common n_E n_common P_E g_E d_E paid_1 unpaid_1"

    def function(v: Values) -> dict[str, Any]:
        holdings = (Holding("1", "E", v["h_1_E"]), Holding("3", "E", v["h_3_E"]), Holding("1", COMMON, v["h_1_common"]))
        position = Position(
            charter,
            {"E": v["n_E"], COMMON: v["n_common"]},
            {"E": v["P_E"]},
            declared_dividends={"E": v["d_E"]},
            holdings=holdings,
            as_of=ON,
        )
        claim = CashClaim(CARRIED_ON, "1", "A", v["paid_1"] + v["unpaid_1"], v["paid_1"])
        carried = {"E": (Carried(CARRIED_ON, v["g_E"]),)}
        return shown(history.opening(position, DEFAULTS, carried=carried, cash=(claim,)))

    unknowns = tuple(Unknown(name) for name in names.split())
    counts = [z3.Real(name) for name in ("h_1_E", "h_3_E", "h_1_common")]
    limits = (z3.Real("n_E") <= charter.series_named("E").authorized.value,)
    amounts = tuple(z3.Real(name) >= 0 for name in ("d_E", "paid_1", "unpaid_1"))
    common = (z3.Real("n_common") <= charter.authorized.common.value,)
    assumed = (*whole(*counts), *(count >= 0 for count in counts), *limits, *common, *amounts)
    seed = seed_of(names, n_E=2, P_E=4, g_E=0)
    return Subject(OPENED, function, unknowns, assumed, (seed, {**seed, "n_E": Fraction(3)}))


def _waited(charter: Charter) -> Subject:
    names = "h_1_E h_3_E P_E g_E d_E t_1_E"

    def function(v: Values) -> dict[str, Any]:
        try:
            return shown(history.at(state_of(charter, v, further=TODAY), DUE, DEFAULTS))
        except Forbidden as reason:
            return {"refused": reason.code}

    return _any_state(charter, WAITED, names, function)


def _any_state(
    charter: Charter,
    label: str,
    names: str,
    function: Callable[[Values], dict[str, Any]],
    *more: z3.BoolRef,
    of_event: str = "",
) -> Subject:
    """Return a subject whose state is any sound one of a day; more: what is assumed besides of the event's unknowns."""
    ratios = "E" if "c_E" in names.split() else ""
    assumed = any_sound(charter, names, ratios, further=TODAY)
    together = f"{names} {of_event}"
    return Subject(label, function, unknowns_of(charter, together), (*assumed, *more), (seed_of(together),))


IDLE_STATES = {
    f"{IDLE}, from shares, prices and dividends": "h_1_E h_2_E h_1_common t_1_E P_E g_E d_E ever_E v_E k_E k_common",
    f"{IDLE}, from debts, claims and rights": "d_common h_3_common b_1 paid_1 unpaid_1 D_r X_r e_r u_r D_w X_w e_w u_w",
}


def _idle(charter: Charter, label: str, names: str) -> Subject:
    def function(v: Values) -> dict[str, Any]:
        return shown(history.fold(state_of(charter, v, further=TODAY), (), DEFAULTS))

    return _any_state(charter, label, names, function)


def _same_state(charter: Charter) -> Callable[[View], list[z3.BoolRef]]:
    def claim(view: View) -> list[z3.BoolRef]:
        old = shown(state_of(charter, view.inputs, further=TODAY))
        new = {**view.outcome, **view.structure}
        return open_ones(
            new[name] == old[name] if name in view.outcome else z3.BoolVal(new[name] == old[name]) for name in new
        )

    return claim


def _adds_up(view: View) -> z3.BoolRef:
    i = view.inputs
    return z3.And(i["h_1_E"] + i["h_3_E"] == i["n_E"], i["h_1_common"] == i["n_common"])


def _opening_claim(charter: Charter) -> Callable[[View], list[z3.BoolRef]]:
    def claim(view: View) -> list[z3.BoolRef]:
        raised = view.structure.get("raised")
        if raised == "ValueError":
            return [z3.Not(_adds_up(view))]
        if raised is not None:
            return [z3.BoolVal(raised == "Forbidden price_not_positive"), view.inputs["P_E"] <= 0]
        sound = invariant(charter, {**view.outcome, **view.structure})
        return [_adds_up(view), view.inputs["P_E"] > 0, *sound]

    return claim


def _lemmas(charter: Charter) -> tuple[PathCheck, ...]:
    def waited(view: View) -> list[z3.BoolRef]:
        if "refused" in view.structure:
            told = view.structure["refused"] == "price_not_positive"
            return [z3.BoolVal(told), view.inputs["P_E"] - view.inputs["g_E"] <= 0]
        sound = invariant(charter, {**view.outcome, **view.structure})
        return [*sound, view.outcome["P_E"] == view.inputs["P_E"] - view.inputs["g_E"], view.outcome["t_1_E"] == 0]

    return (
        checked(
            theorem(
                "history.step_time",
                "",
                "The passing of three years leaves a sound state, with what was carried made and no share new, or is"
                " refused because it would leave a price of nothing.",
                "3(d)(i)(B)",
                constants=FIGURES,
            ),
            waited,
            Hypothesis(SOUND, lambda v: []),
            labels=(WAITED,),
            covers_all=True,
            neighbours=(Neighbour("it is never refused", claim=lambda v: z3.BoolVal("refused" not in v.structure)),),
        ),
        checked(
            theorem(
                "history.nothing_happens",
                "",
                "A history in which nothing happens leaves everything in a state as it was.",
                "IV",
                constants=FIGURES,
            ),
            _same_state(charter),
            Hypothesis(SOUND, lambda v: []),
            labels=tuple(IDLE_STATES),
            covers_all=True,
        ),
        checked(
            theorem(
                "history.step_opening",
                "",
                "An opening is refused exactly if the holdings do not add up to the shares or a conversion price is"
                " not above zero; otherwise the state is sound.",
                "IV, 3(a)",
                constants=FIGURES,
            ),
            _opening_claim(charter),
            Hypothesis(
                "the position itself is within bounds: whole holdings not below zero, no more outstanding than"
                " authorised, and no amount below zero",
                lambda v: [],
            ),
            labels=(OPENED,),
            covers_all=True,
            judges_raising=True,
            neighbours=(Neighbour("it is never refused", claim=lambda v: z3.BoolVal("raised" not in v.structure)),),
        ),
    )


def _inductions(charter: Charter) -> tuple[PathCheck, ...]:
    steps = tuple(f"history.step_{kind}" for kind in EVENTS)
    further = ("history.step_opening", "history.step_time", "history.nothing_happens", "history.cut_in_two")

    def opened(view: View) -> list[z3.BoolRef]:
        return invariant(charter, {**view.outcome, **view.structure})

    lawful = Hypothesis(
        "the holdings add up to the shares, and conversion prices are above zero",
        lambda v: [_adds_up(v), v.inputs["P_E"] > 0],
    )
    entered = Hypothesis("each event is one that its lemma speaks of: no amount in it is below zero", lambda v: [])
    return (
        checked(
            theorem(
                "history.invariant_in_every_history",
                "",
                f"In every history {INVARIANT}: so it is at the opening, and each kind of event keeps it or is"
                " refused.",
                "IV",
                constants=FIGURES,
                rests_on=(*steps, *further),
            ),
            opened,
            lawful,
            entered,
            labels=(OPENED,),
            neighbours=(
                Neighbour("conversion prices may be anything", hypotheses=(Hypothesis("", lambda v: [_adds_up(v)]),)),
                Neighbour(
                    "every share is held by one holder",
                    claim=lambda v: v.outcome["h_1_E"] == v.outcome["n_E"],
                ),
                Neighbour(
                    "one share fewer is outstanding than held",
                    claim=lambda v: v.outcome["h_1_E"] + v.outcome["h_3_E"] == v.outcome["n_E"] + 1,
                ),
            ),
        ),
    )


# A history that is cut in two, and the order of one day

PAIRS: dict[str, tuple[str, str, Callable[[Values], tuple[events.Event, events.Event]]]] = {
    "a transfer and a conversion": (
        "h_1_E h_3_E t_1_E c_E",
        "moved given",
        lambda v: (events.Transfer(ON, "E", "1", "3", v["moved"]), events.Convert(ON, "3", {"E": v["given"]})),
    ),
    "a dividend on E and a split of E": (
        "h_3_E d_E ever_E",
        "each ratio",
        lambda v: (events.DeclareDividend(ON, {"E": v["each"]}), events.Split(ON, "E", v["ratio"])),
    ),
    "a split of E and a dividend on E": (
        "h_3_E d_E ever_E",
        "each ratio",
        lambda v: (events.Split(ON, "E", v["ratio"]), events.DeclareDividend(ON, {"E": v["each"]})),
    ),
    "an exercise of rights and a split of Common": (
        "h_3_common D_r X_r e_r u_r",
        "new ratio",
        lambda v: (events.ExerciseRights(ON, "r", "1", v["new"]), events.Split(ON, COMMON, v["ratio"])),
    ),
    "an election and funds for its Cash Amounts": (
        "h_1_A h_3_common d_A",
        "given funds",
        lambda v: (events.ElectConversion(ON, {"1": {"A": v["given"]}}), events.FundCashAmounts(ON, v["funds"])),
    ),
}
"""By pair: unknowns of the state, of the events, and the two events of one day."""

WHOLE = {"moved", "given", "new"}
TRADED = "a dividend on E and a split of E"
CONSENTED = "a consent of E and an offering of the same day"
CLOSING: dict[str, tuple[str, str, Callable[[Values], tuple[events.Event, events.Event]]]] = {
    "a conversion and a dividend": (
        "h_1_E h_3_E c_E d_E",
        "given each",
        lambda v: (events.Convert(ON, "1", {"E": v["given"]}), events.DeclareDividend(ON, {"E": v["each"]})),
    ),
    "a conversion and a transfer of what converts": (
        "h_1_E h_3_E c_E",
        "given moved",
        lambda v: (events.Convert(ON, "1", {"E": v["given"]}), events.Transfer(ON, "E", "1", "2", v["moved"])),
    ),
    "an election and a dividend": (
        "h_1_A h_3_common d_A",
        "given each",
        lambda v: (events.ElectConversion(ON, {"1": {"A": v["given"]}}), events.DeclareDividend(ON, {"A": v["each"]})),
    ),
    "an election and funds": (
        "h_1_A h_3_common d_A",
        "given funds",
        lambda v: (events.ElectConversion(ON, {"1": {"A": v["given"]}}), events.FundCashAmounts(ON, v["funds"])),
    ),
}
"""Pairs of events of one day of which the first is made at the close, whichever is written first (3(c), AMB-140)."""

AS_WRITTEN = Readings(conversions_at_close=ConversionsAtClose.AS_WRITTEN)
LOW, SOLD = 4, 10_000_000
"""The price of an offering below the floor of E, $/share, and the shares sold."""


def cuts(charter: Charter) -> Study:
    """Return the theorems about histories that are cut in two."""
    closing = (_closing(charter, label, readings) for label in CLOSING for readings in (DEFAULTS, AS_WRITTEN))
    subjects = (*(_pair(charter, label) for label in PAIRS), _consented(charter), *closing)
    return Study("histories cut in two", subjects, (*_cut(charter), *_at_the_close()), weight=4)


def _written(label: str, readings: Readings) -> str:
    """Name the subject that is two events of one day in either order."""
    return f"{label}, in either order{', as written' if readings is AS_WRITTEN else ''}"


def _closing(charter: Charter, label: str, readings: Readings) -> Subject:
    of_state, of_events, pair = CLOSING[label]
    names = of_events.split()

    def function(v: Values) -> dict[str, Any]:
        first, second = pair(v)
        ratios = "E" if "c_E" in v else ""
        found: dict[str, Any] = {}
        for how, written in (("once", (first, second)), ("swapped", (second, first))):
            start = state_of(charter, v, readings, further=TODAY)
            found |= {f"{how}_{name}": value for name, value in folded(start, written, readings, ratios).items()}
        return found

    above_zero = tuple(z3.Real(name) >= 0 for name in names if name in ("each", "funds"))
    counts = whole(*(z3.Real(name) for name in names if name in WHOLE))
    own = _any_state(charter, _written(label, readings), of_state, function, *counts, *above_zero, of_event=of_events)
    return replace(own, readings=chosen(readings))


def _at_the_close() -> tuple[PathCheck, ...]:
    dividend, funded = "a conversion and a dividend", "an election and funds"
    ten_cents = seed_of("h_1_E h_3_E c_E d_E given each", d_E=0)
    claim = _all_alike("once", "swapped")
    return (
        checked(
            theorem(
                "history.order_around_the_close",
                "",
                "A conversion under 3(a) leads to the same state, or is refused for the same reason, whether it is"
                " written before or after a dividend or a transfer of its day, or funds for its Cash Amounts.",
                "3(c)",
                constants=f"{FIGURES}; four pairs of events",
            ),
            claim,
            Hypothesis(SOUND, lambda v: []),
            labels=tuple(_written(label, DEFAULTS) for label in CLOSING),
            neighbours=(
                Neighbour(
                    "as the events are written", labels=(_written(dividend, AS_WRITTEN),), suggestions=(ten_cents,)
                ),
            ),
        ),
        checked(
            theorem(
                "history.order_around_the_close_as_written",
                "",
                "The same holds where the events of a day are taken as they are written.",
                "3(c)",
                readings=chosen(AS_WRITTEN),
                constants=FIGURES,
                expected=REFUTED,
            ),
            claim,
            Hypothesis(SOUND, lambda v: []),
            labels=(_written(funded, AS_WRITTEN),),
            suggestions=(seed_of("h_1_A h_3_common d_A given funds", d_A=0),),
            shows="Funds that are written before the election on the same day find no Cash Amounts to be paid.",
        ),
    )


def _twice(start: State, pair: tuple[events.Event, events.Event], ratios: str, swapped: bool = False) -> dict[str, Any]:
    """Fold two events at once and one after the other, and in the other order if that is asked for."""
    first, second = pair
    found = {"once": folded(start, pair, DEFAULTS, ratios)}
    if swapped:
        found["swapped"] = folded(start, (second, first), DEFAULTS, ratios)
    try:
        between = history.fold(start, (first,), DEFAULTS)
        found["twice"] = folded(between, (second,), DEFAULTS, ratios)
    except history.RefusedEventError as error:
        found["twice"] = {"refused": error.reason.code}
    return {f"{how}_{name}": value for how, shown_there in found.items() for name, value in shown_there.items()}


def _pair(charter: Charter, label: str) -> Subject:
    of_state, of_events, pair = PAIRS[label]
    names = of_events.split()

    def function(v: Values) -> dict[str, Any]:
        start = state_of(charter, v, further=TODAY)
        return _twice(start, pair(v), "E" if "c_E" in v else "", label == TRADED)

    above_zero = tuple(z3.Real(name) >= 0 for name in names if name == "each")
    counts = whole(*(z3.Real(name) for name in names if name in WHOLE))
    plain = _any_state(charter, label, of_state, function, *counts, *above_zero, of_event=of_events)
    doubled = {name: Fraction(2) for name in names if name == "ratio"}
    return replace(plain, seeds=(*plain.seeds, {**plain.seeds[0], **doubled}))


def _consented(charter: Charter) -> Subject:
    def function(v: Values) -> dict[str, Any]:
        start = state_of(charter, v, further=Further(purchased=dict.fromkeys("ABCDEF", ON), as_of=ON))
        offering = events.PublicOffering(ON, Fraction(LOW), SOLD, to="3")
        found = _twice(start, (events.ConsentConversion(ON, "E", {"1": v["h_1_E"]}), offering), "")
        return {name: found[name] for name in ("once_h_1_common", "twice_h_1_common") if name in found}

    names = "h_1_E"
    assumed = (*whole(z3.Real("h_1_E")), z3.Real("h_1_E") >= 1, z3.Real("h_1_E") <= 3_000_000)
    return Subject(CONSENTED, function, (Unknown(names),), assumed, (seed_of(names),))


def _all_alike(one: str, other: str) -> Callable[[View], list[z3.BoolRef]]:
    def claim(view: View) -> list[z3.BoolRef]:
        found = {**view.outcome, **view.structure}
        left = {name.removeprefix(f"{one}_") for name in found if name.startswith(f"{one}_")}
        right = {name.removeprefix(f"{other}_") for name in found if name.startswith(f"{other}_")}
        if left != right:
            return [z3.BoolVal(False)]
        pairs = [(found[f"{one}_{name}"], found[f"{other}_{name}"]) for name in sorted(left)]
        return open_ones(a == b if isinstance(a, z3.ExprRef) else z3.BoolVal(a == b) for a, b in pairs)

    return claim


def _cut(charter: Charter) -> tuple[PathCheck, ...]:
    at_once = _all_alike("once", "twice")
    in_any_order = seed_of("h_3_E d_E ever_E each ratio", ratio=2, each=1)
    return (
        checked(
            theorem(
                "history.cut_in_two",
                "",
                "A history of two events of one day leads to the same state, or is refused for the same reason, when"
                " it is cut in two between them.",
                "IV",
                constants=f"{FIGURES}; five pairs of events",
            ),
            at_once,
            Hypothesis(SOUND, lambda v: []),
            labels=tuple(PAIRS),
            covers_all=True,
            neighbours=(
                Neighbour(
                    "the two events change places",
                    claim=_all_alike("once", "swapped"),
                    labels=(TRADED,),
                    suggestions=(in_any_order,),
                ),
            ),
        ),
        checked(
            theorem(
                "history.order_of_one_day",
                "",
                "Two events of one day lead to the same state in either order.",
                "IV",
                expected=REFUTED,
            ),
            _all_alike("once", "swapped"),
            Hypothesis(SOUND, lambda v: []),
            labels=(TRADED,),
            suggestions=(in_any_order,),
            shows="A dollar declared before a two-for-one split is half a dollar per new share, and one declared"
            " after it is a dollar.",
        ),
        checked(
            theorem(
                "history.consent_before_an_offering",
                "",
                "A history is the same when it is cut between a consent of E and an offering of the same day.",
                "3(b)",
                expected=REFUTED,
            ),
            lambda v: v.outcome["once_h_1_common"] == v.outcome["twice_h_1_common"],
            labels=(CONSENTED,),
            suggestions=(seed_of("h_1_E", h_1_E=1000),),
            shows="A consent of the day of an offering leaves the conversion to it, which at $4 gives 2.075 Common for"
            " each share; a history that ends with the consent gives one.",
        ),
    )


# Days

DAYS = "two transfers on unknown days"


def days_study(charter: Charter) -> Study:
    """Return the theorems about the days of events."""

    def function(v: Values) -> dict[str, Any]:
        start = state_of(charter, {"h_1_E": v["h_1_E"]}, further=Further(as_of=day(v["on_0"])))
        moves = tuple(events.Transfer(day(v[name]), "E", "1", "2", 1) for name in ("on_1", "on_2"))
        try:
            end = history.fold(start, moves, DEFAULTS)
        except history.RefusedEventError as error:
            return {"refused": error.reason.code, "at": error.index}
        return {"as_of": number_of(end.position.as_of), "n_E": end.position.shares["E"]}

    names = ("on_0", "on_1", "on_2")
    terms = [z3.Real(name) for name in names]
    bounds = (bound for term in terms for bound in (term >= 1, term <= LAST))
    many = (*whole(z3.Real("h_1_E")), z3.Real("h_1_E") >= 2)
    unknowns = tuple(Unknown(name) for name in ("h_1_E", *names))
    seeds = tuple(
        numbers(h_1_E=3, on_0=730_000, on_1=730_000 + a, on_2=730_000 + b) for a, b in ((0, 0), (1, 2), (2, 1), (-1, 1))
    )
    subject = Subject(DAYS, function, unknowns, (*many, *whole(*terms), *bounds), seeds)

    def claim(view: View) -> list[z3.BoolRef]:
        i = view.inputs
        ordered = z3.And(i["on_0"] <= i["on_1"], i["on_1"] <= i["on_2"])
        if "refused" in view.structure:
            first = i["on_1"] < i["on_0"]
            place = z3.If(first, z3.RealVal(0), z3.RealVal(1))
            return [
                z3.BoolVal(view.structure["refused"] == "out_of_order"),
                z3.Not(ordered),
                view.outcome["at"] == place,
            ]
        return [ordered, view.outcome["as_of"] == view.form(closed.as_of(2)), view.outcome["n_E"] == i["h_1_E"]]

    stated = theorem(
        "history.days_in_order",
        "",
        "Events lead up to the day of the last one, and are refused exactly if one lies before the state or an earlier"
        " event, at that place.",
        "3",
    )
    no_refusal = Neighbour("any days will do", claim=lambda v: z3.BoolVal("refused" not in v.structure))
    check = PathCheck(stated, claim, labels=(DAYS,), covers_all=True, neighbours=(no_refusal,))
    return Study("days of a history", (subject,), (check,), weight=1)


# What is told beforehand, and what the widest base counts

TOLD = "a conversion of E, told beforehand and folded"
TOLD_OFFERING = "an offering, told beforehand and folded"
COUNTED = "the Common under all rights, as an issue counts it"
EVERY_RIGHT = Readings(weighted_average_base=WeightedAverageBase.PLUS_ALL_OPTIONS)
MILLIONS = 2_000_000
"""The shares sold in the offering, at $20."""


def told_study(charter: Charter) -> Study:
    """Return the theorems about what a conversion or an offering would do, and about all rights together."""
    subjects = (_told_conversion(charter), _told_offering(charter), _every_right(charter))
    return Study("what a history would do", subjects, _told(), weight=3)


def _told_conversion(charter: Charter) -> Subject:
    def function(v: Values) -> dict[str, Any]:
        start, event = state_of(charter, v, further=TODAY), events.Convert(ON, "1", {"E": v["given"]})
        done = folded(start, (event,), DEFAULTS, "E")
        try:
            told = history.converted_by_holder(start, event, DEFAULTS)
        except Forbidden as reason:
            return {"told_refused": reason.code, "refused": done.get("refused")}
        found = {"told": told.common, "told_owed": told.dividends.get("E", 0)}
        if "refused" in done:
            return {**found, "refused": done["refused"]}
        return {**found, "got": done["h_1_common"] - v["h_1_common"], "owed": done["b_1"]}

    names = "h_1_E t_1_E h_1_common c_E d_E"
    return _any_state(charter, TOLD, names, function, z3.IsInt(z3.Real("given")), of_event="given")


def _told_offering(charter: Charter) -> Subject:
    def function(v: Values) -> dict[str, Any]:
        further = Further(purchased=dict.fromkeys("ABCDEF", ON), as_of=ON)
        start, event = state_of(charter, v, further=further), events.PublicOffering(ON, Fraction(20), MILLIONS, to="3")
        told, prices = history.offered(start, event, DEFAULTS)
        done = folded(start, (event,), DEFAULTS, "E")
        found = {
            "told": told.common_by_holder.get("1", 0),
            "told_short": told.shortfall,
            "told_c_E": charter.series_named("E").original_issue_price.value / prices["E"],
        }
        if "refused" in done:
            return {**found, "refused": done["refused"]}
        return {**found, "got": done["h_1_common"], "n_common": done["n_common"], "c_E": done["c_E"]}

    return _any_state(charter, TOLD_OFFERING, "h_1_E h_3_common c_E", function)


def _every_right(charter: Charter) -> Subject:
    """Return what is counted of rights over Common and over E, before an issue that counts for E."""

    def function(v: Values) -> dict[str, Any]:
        start = state_of(charter, v, EVERY_RIGHT, ALONE)
        end = history.fold(start, (events.Issue(ON, COMMON, "1", 1, Fraction(0)),), EVERY_RIGHT)
        log = end.prices.log
        assert log is not None
        return {"options": log.entry.outstanding.options}  # type: ignore[union-attr]

    names = "h_3_common c_E D_r X_r e_r u_r D_w X_w e_w u_w"
    enough = z3.Real("h_3_common") < charter.authorized.common.value
    plain = _any_state(charter, COUNTED, names, function, enough)
    return replace(plain, readings=chosen(EVERY_RIGHT))


def _told() -> tuple[PathCheck, ...]:
    def as_folded(view: View) -> list[z3.BoolRef]:
        s, o = view.structure, view.outcome
        if "told_refused" in s:
            return [z3.BoolVal(s["told_refused"] == s["refused"])]
        if "refused" in s:
            return [z3.BoolVal(s["refused"] == "over_authorized")]
        return [o["told"] == o["got"], o["told_owed"] == o["owed"]]

    def as_offered(view: View) -> list[z3.BoolRef]:
        s, o = view.structure, view.outcome
        if "refused" in s:
            return [z3.BoolVal(s["refused"] == "over_authorized"), o["told_short"] > 0]
        over = o["n_common"] - 40_000_000
        short = o["told_short"] == z3.If(over > 0, over, 0)
        return [o["told"] == o["got"], o["told_c_E"] == o["c_E"], short]

    def counted(view: View) -> z3.BoolRef:
        i = view.inputs
        known = {"under_1": i["D_r"], "each_1": literal(Fraction(1)), "under_2": i["D_w"], "each_2": i["c_E"]}
        same: z3.BoolRef = view.outcome["options"] == view.at(known).form(closed.options(2))
        return same

    sound_before = Hypothesis(SOUND, lambda v: [])
    return (
        checked(
            theorem(
                "history.conversion_as_told",
                "",
                "What a conversion at option is told to give is what it gives, and it is refused for the same reason or"
                " for want of authorised Common.",
                "3(a)",
                constants=FIGURES,
            ),
            as_folded,
            sound_before,
            labels=(TOLD,),
            neighbours=(
                Neighbour("it is told only where it can be", claim=lambda v: z3.BoolVal("refused" not in v.structure)),
            ),
        ),
        checked(
            theorem(
                "history.offering_as_told",
                "",
                "What an offering is told to convert, and how much Common is short, is what comes of it; where too"
                " little is authorised for the sale itself, the shortfall is told all the same.",
                "3(b), IV.A",
                constants=f"{FIGURES}; 2,000,000 shares at $20",
            ),
            as_offered,
            sound_before,
            labels=(TOLD_OFFERING,),
            neighbours=(Neighbour("nothing is ever short", claim=lambda v: v.outcome["told_short"] == 0),),
        ),
        checked(
            theorem(
                "history.options_equivalence",
                "",
                "Under the widest reading the base counts the Common under all rights as in the closed form: those over"
                " E by what each share of it converts into.",
                "3(d)(i)(A), 3(d)(i)(E)",
                readings=chosen(EVERY_RIGHT),
                constants=FIGURES,
            ),
            counted,
            sound_before,
            labels=(COUNTED,),
            neighbours=(
                Neighbour(
                    "only those that can be exercised",
                    claim=lambda v: v.outcome["options"] == v.inputs["X_r"] + v.inputs["X_w"] * v.inputs["c_E"],
                ),
            ),
        ),
    )


# What has not been declared

LEFT = "what has accrued on E and has not been declared"
SINCE = date(1999, 9, 1)
OF_THE_YEAR, IN_ALL = 153, 275
"""The days from the first of the year, and from the issue, to the state's, both ends counted."""


def undeclared_study(charter: Charter) -> Study:
    """Return the theorem about undeclared dividends."""
    rate = charter.series_named("E").dividend_rate.value

    def function(v: Values) -> dict[str, Any]:
        found = history.undeclared(state_of(charter, v, further=TODAY), {"E": SINCE}, DEFAULTS)["E"]
        return {"y": found.current_year, "z": found.since_issue}

    subject = Subject(LEFT, function, (Unknown("ever_E"),), (z3.Real("ever_E") >= 0,), (seed_of("ever_E"),))
    y, z = (number(rate * days / 365) for days in (OF_THE_YEAR, IN_ALL))
    declared = sympy.Symbol("ever_E", real=True)
    left = closed.undeclared(Accrual(y, z), declared, declared)

    def claim(view: View) -> list[z3.BoolRef]:
        return [view.outcome["y"] == view.form(left.current_year), view.outcome["z"] == view.form(left.since_issue)]

    stated = theorem(
        "history.undeclared_equivalence",
        "",
        "What has accrued and has not been declared is as in the closed form, in the current year and since the issue.",
        "2(a)",
        constants="a share of E issued 275 days and declared on within the last 153",
    )
    less = Neighbour(
        "all that was declared counts in the year and again since the issue",
        claim=lambda v: v.outcome["z"] >= v.outcome["y"] + literal(rate * (IN_ALL - OF_THE_YEAR) / 365),
    )
    check = PathCheck(stated, claim, labels=(LEFT,), covers_all=True, neighbours=(less,))
    return Study("undeclared dividends of a history", (subject,), (check,), weight=1)
