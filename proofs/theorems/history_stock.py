"""Theorems about events that move, issue and split shares: each from any sound state (IV.A, 3(d))."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import z3

from proofs.checks import Neighbour, PathCheck
from proofs.statements import REFUTED, theorem
from proofs.study import Study
from proofs.subjects import chosen
from proofs.theorems.history_states import (
    ALONE,
    FIGURES,
    FIRST,
    ON,
    OTHERS,
    TODAY,
    Case,
    Facts,
    Further,
    Refusals,
    Values,
    equivalence_check,
    held,
    hypotheses_of,
    never,
    only_if,
    seed_of,
    step_check,
    subject_of,
    unless_refused,
)
from proofs.views import View
from reference import events
from reference.additional_stock import IssueFacts, Purpose
from reference.charter import COMMON, Charter
from reference.readings import Readings, Switch

DIRECT = IssueFacts(Purpose.EMPLOYEE)
"""What goes directly to an employee is no Additional Stock (3(d)(ii)(B))."""

RETIRED = Readings(converted_reissuable=Switch.NO)


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of these events."""
    return (transfers(charter), issues(charter), splits(charter), stock_dividends(charter))


# Transfers


def transfers(charter: Charter) -> Study:
    """Return the theorems about transfers."""
    cases = (
        _transfer("a transfer of shares of E, some of them new", "h_1_E h_2_E h_3_E t_1_E t_2_E P_E g_E", "E", "2"),
        _transfer("a transfer of Common", "h_1_common h_2_common h_3_common", COMMON, "2"),
        _transfer("a transfer to its own holder", "h_1_E t_1_E", "E", "1"),
    )
    checks = (
        step_check(charter, "transfer", cases, "A transfer", "IV.A"),
        equivalence_check(charter, "transfer", cases, "A transfer", "IV.A", neighbours=(_nearly_held(cases[1]),)),
        _changes_no_total(cases[:2]),
    )
    return Study("transfers", tuple(subject_of(charter, case) for case in cases), checks, weight=2)


def _nearly_held(case: Case) -> Neighbour:
    return only_if(
        "a holder of one share fewer may transfer as many",
        "not_held",
        lambda v: v["moved"] > v["h_1_common"] + 1,
        case.label,
    )


def _changes_no_total(cases: tuple[Case, ...]) -> PathCheck:
    def claim(view: View) -> list[z3.BoolRef]:
        if "refused" in view.structure:
            return [z3.BoolVal(True)]
        i, o = view.inputs, view.outcome
        stock = COMMON if "h_1_common" in i else "E"
        held_before = [i[held(holder, stock)] for holder in ("1", "2", "3")]
        found = [o[f"n_{stock}"] == z3.Sum(held_before), o[held("3", stock)] == held_before[2]]
        if stock == "E":
            news = o["t_1_E"] + o["t_2_E"] == i["t_1_E"] + i["t_2_E"]
            found += [news, o["P_E"] == i["P_E"], o["x_E"] == i["P_E"] - i["g_E"]]
        return found

    stated = theorem(
        "history.transfer_changes_no_total",
        "",
        "A transfer changes neither how many shares of a class are outstanding, nor how many of them are new, nor what"
        " others hold, nor a conversion price.",
        "IV.A",
        hypotheses=hypotheses_of(cases),
        constants=FIGURES,
    )
    stays = Neighbour(
        "nor what its holder has",
        claim=unless_refused(lambda v: v.outcome["h_1_common"] == v.inputs["h_1_common"]),
        labels=(cases[1].label,),
    )
    return PathCheck(stated, claim, labels=tuple(case.label for case in cases), neighbours=(stays,))


def _transfer(label: str, of_state: str, stock: str, to: str) -> Case:
    def facts(v: Values, old: Values, new: Values) -> Facts:
        if to == "1":
            return {}
        moved = v["moved"]
        found: dict[str, dict[str, Any]] = {held("1", stock): {"lost_1": moved}, held(to, stock): {"gained_1": moved}}
        if stock == "E":
            older = old["h_1_E"] - old["t_1_E"]
            young = z3.If(moved > older, moved - older, 0)
            found |= {"t_1_E": {"is": old["t_1_E"] - young}, "t_2_E": {"is": old["t_2_E"] + young}}
        return found

    return Case(
        "transfer",
        label,
        of_state,
        "moved",
        lambda v: events.Transfer(ON, stock, "1", to, v["moved"]),
        lambda v: {"negative_shares": v["moved"] < 0, "not_held": v["moved"] > v[held("1", stock)]},
        facts,
        (seed_of(f"{of_state} moved"),),
        whole="moved",
        further=TODAY,
    )


# Issues


def issues(charter: Charter) -> Study:
    """Return the theorems about issues of shares."""
    cases = (
        _issue_of_common(charter, "an issue of Common to an employee", DIRECT),
        _issue_of_common(charter, "an issue of Common that is Additional Stock for E", IssueFacts()),
        _issue_of_e(charter, "the first issue of E", "v_E P_E g_E", FIRST, RETIRED),
        _issue_of_e(charter, "a later issue of E", "h_1_E h_3_E t_1_E d_E", TODAY, Readings()),
        _issue_of_e(charter, "a later issue of E, converted shares being retired", "h_1_E h_3_E v_E", TODAY, RETIRED),
    )
    again = _issue_of_e(charter, "an issue of E after splits of it", "h_3_E k_E", TODAY, Readings())
    limit = charter.authorized.common.value
    nearly = only_if(
        "one share more than is authorised may be issued",
        "over_authorized",
        lambda v: v["h_1_common"] + v["h_3_common"] + v["new"] > limit + 1,
        cases[0].label,
    )
    checks = (
        step_check(charter, "issue", (*cases, again), "An issue of shares", "IV.A, IV.B, 3(d)(ii)"),
        equivalence_check(
            charter, "issue", (*cases, again), "An issue of shares", "IV.A, IV.B, 3(a)", neighbours=(nearly,)
        ),
        *_authorised_of_a_series(charter, cases, again),
    )
    return Study("issues in a history", tuple(subject_of(charter, c) for c in (*cases, again)), checks, weight=3)


def _authorised_of_a_series(charter: Charter, cases: tuple[Case, ...], again: Case) -> tuple[PathCheck, ...]:
    limit = charter.series_named("E").authorized.value
    first, _, retired = cases[2:]
    doubled = seed_of("h_3_E k_E new paid", h_3_E=limit, k_E=2)

    def with_converted(view: View) -> z3.BoolRef:
        within: z3.BoolRef = view.outcome["n_E"] + view.outcome["v_E"] <= limit
        return within

    def adjusted(view: View) -> z3.BoolRef:
        within: z3.BoolRef = view.outcome["n_E"] <= limit * view.inputs["k_E"]
        return within

    return (
        PathCheck(
            theorem(
                "history.converted_shares_are_not_issued_again",
                "",
                "Under the reading that converted shares are not issued again, no more of a series that was never split"
                " is ever outstanding and converted than authorised.",
                "IV.B",
                hypotheses=hypotheses_of((first, retired)),
                constants=FIGURES,
                readings=chosen(RETIRED),
            ),
            unless_refused(with_converted),
            labels=(first.label, retired.label),
            neighbours=(
                Neighbour(
                    "one share fewer",
                    claim=unless_refused(lambda v: v.outcome["n_E"] + v.outcome["v_E"] <= limit - 1),
                ),
            ),
        ),
        PathCheck(
            theorem(
                "history.series_within_the_authorised_after_splits",
                "",
                "An issue leaves no more of a series outstanding than authorised, adjusted for splits of the series.",
                "IV.B",
                hypotheses=hypotheses_of((again,)),
                constants=FIGURES,
            ),
            unless_refused(adjusted),
            labels=(again.label,),
            neighbours=(
                Neighbour(
                    "half of that number",
                    claim=unless_refused(lambda v: 2 * v.outcome["n_E"] <= limit * v.inputs["k_E"]),
                ),
            ),
        ),
        PathCheck(
            theorem(
                "history.series_within_the_number_in_the_certificate",
                "",
                "An issue leaves no more of a series outstanding than the certificate lists, whatever splits there"
                " were.",
                "IV.B",
                hypotheses=hypotheses_of((again,)),
                constants=FIGURES,
                expected=REFUTED,
            ),
            unless_refused(lambda v: v.outcome["n_E"] <= limit),
            labels=(again.label,),
            suggestions=(doubled,),
            shows="After two for one of E, 6,000,000 may be outstanding: the amendment that splits a series adjusts its"
            " number.",
        ),
    )


def _issue_of_common(charter: Charter, label: str, facts_given: IssueFacts) -> Case:
    limit = charter.authorized.common.value
    counts = facts_given is not DIRECT
    of_state = "h_1_common h_3_common P_E g_E"

    def refusals(v: Values) -> Refusals:
        over = v["h_1_common"] + v["h_3_common"] + v["new"] > limit
        found: Refusals = {"nothing_issued": v["new"] <= 0, "over_authorized": over}
        return found | ({"bad_issue": v["paid"] < 0, "price_not_positive": None} if counts else {})

    def facts(v: Values, old: Values, new: Values) -> Facts:
        prices: dict[str, dict[str, Any]] = {"P_E": {}, "x_E": {}, "g_E": {}} if counts else {}
        return {"h_1_common": {"gained_1": v["new"]}, **prices}

    names = f"{of_state} new paid"
    return Case(
        "issue",
        label,
        of_state,
        "new paid",
        lambda v: events.Issue(ON, COMMON, "1", v["new"], v["paid"], facts=facts_given),
        refusals,
        facts,
        (seed_of(names, g_E=0), seed_of(names, P_E=4, g_E=0)),
        whole="new",
        further=ALONE,
    )


def _issue_of_e(charter: Charter, label: str, of_state: str, further: Further, readings: Readings) -> Case:
    limit = charter.series_named("E").authorized.value

    def refusals(v: Values) -> Refusals:
        used = v.get("h_1_E", 0) + v.get("h_3_E", 0) + (v["v_E"] if readings is RETIRED else 0)
        found: Refusals = {
            "nothing_issued": v["new"] <= 0,
            "over_authorized": v["new"] + used > limit * v.get("k_E", 1),
        }
        return found | ({"dividends_unpaid": v["d_E"] != 0} if "d_E" in v else {})

    def facts(v: Values, old: Values, new: Values) -> Facts:
        found: dict[str, dict[str, Any]] = {
            "h_1_E": {"gained_1": v["new"]},
            "t_1_E": {"is": old["t_1_E"] + v["new"]},
        }
        return found | ({"purchased": {"is": (("E", str(ON)),)}} if further is FIRST else {})

    return Case(
        "issue",
        label,
        of_state,
        "new paid",
        lambda v: events.Issue(ON, "E", "1", v["new"], v["paid"]),
        refusals,
        facts,
        (seed_of(f"{of_state} new paid"),),
        whole="new",
        readings=readings,
        further=further,
    )


# Splits


def splits(charter: Charter) -> Study:
    """Return the theorems about splits and combinations."""
    of_common = "h_1_common h_3_common P_E g_E d_common ever_common k_common q_common"
    cases = (
        _split_of_common(charter, "a split of Common", of_common),
        _split_of_common(charter, "a split of Common, rights over it outstanding", "h_3_common D_r X_r e_r u_r"),
        _split_of_e(charter, "a split of E", "h_1_E h_3_E t_1_E d_E ever_E k_E v_E"),
        _split_of_e(charter, "a split of E, rights over it outstanding", "h_3_E D_w X_w e_w u_w"),
    )
    checks = (
        step_check(charter, "split", cases, "A split or combination", "3(d)(iii), 3(d)(iv)"),
        equivalence_check(
            charter,
            "split",
            cases,
            "A split or combination",
            "3(d)(iii), 3(d)(iv)",
            neighbours=(never(cases[2].label),),
        ),
        _keeps_what_is_owed(cases[2]),
    )
    return Study("splits in a history", tuple(subject_of(charter, case) for case in cases), checks, weight=4)


def _keeps_what_is_owed(case: Case) -> PathCheck:
    def claim(view: View) -> list[z3.BoolRef]:
        if "refused" in view.structure:
            return [z3.BoolVal(True)]
        i, o = view.inputs, view.outcome
        total = i["h_1_E"] + i["h_3_E"]
        parts = [o[held(holder, "E")] * total == i[held(holder, "E")] * o["n_E"] for holder in ("1", OTHERS)]
        return [o["n_E"] == total * i["ratio"], o["n_E"] * o["d_E"] == total * i["d_E"], *parts]

    stated = theorem(
        "history.split_keeps_what_is_owed",
        "",
        "A split or combination of a series leaves what is owed on it in dividends in all, and what part of it each"
        " holder has.",
        "1(a), 3(d)(iii), 3(d)(iv)",
        hypotheses=hypotheses_of((case,)),
        constants=FIGURES,
    )
    by_share = Neighbour(
        "it leaves what is owed on a share", claim=unless_refused(lambda v: v.outcome["d_E"] == v.inputs["d_E"])
    )
    return PathCheck(stated, claim, labels=(case.label,), neighbours=(by_share,))


def _holdings(v: Values, stock: str) -> list[Any]:
    return [v[held(holder, stock)] for holder in ("1", OTHERS) if held(holder, stock) in v]


def _fractional(v: Values, stock: str, ratio: Any) -> z3.BoolRef:
    return z3.Not(z3.And(*(z3.IsInt(shares * ratio) for shares in _holdings(v, stock))))


def _divided(old: Values, names: list[str], ratio: Any) -> dict[str, dict[str, Any]]:
    """Say that amounts per share are divided by what becomes of one."""

    def by_ratio(was: Any) -> dict[str, Any]:
        return {"where": lambda now: now * ratio == was}

    return {name: by_ratio(old[name]) for name in names}


def _of_split(old: Values, stock: str, ratio: Any) -> dict[str, dict[str, Any]]:
    """Return what a split does to everything that is counted in shares of a class, or owed on one of them."""
    multiplied = [*(held(holder, stock) for holder in "123"), f"k_{stock}", f"d_{stock}", f"ever_{stock}"]
    multiplied.append(f"q_{COMMON}" if stock == COMMON else f"v_{stock}")
    return {name: {"ratio_1": ratio, "ratio_2": ratio} for name in multiplied}


def _rights_split(old: Values, name: str, ratio: Any) -> dict[str, dict[str, Any]]:
    return {f"{stem}_{name}": {"ratio_2": ratio} for stem in "DXeu" if f"D_{name}" in old}


def _split_of_common(charter: Charter, label: str, of_state: str) -> Case:
    limit = charter.authorized.common.value
    prices = [f"{stem}_{series.name}" for series in charter.series for stem in "Pxg"]

    def refusals(v: Values) -> Refusals:
        over = sum(_holdings(v, COMMON)) * v["ratio"] > limit
        return {
            "bad_split": v["ratio"] <= 0,
            "fractional_shares": _fractional(v, COMMON, v["ratio"]),
            "over_authorized": over,
        }

    def facts(v: Values, old: Values, new: Values) -> Facts:
        ratio = v["ratio"]
        found = {**_of_split(old, COMMON, ratio), **_rights_split(old, "r", ratio), **_divided(old, prices, ratio)}
        return {**found, "unit": {"is": old["unit"] * ratio}}

    return _split(label, of_state, COMMON, refusals, facts)


def _split_of_e(charter: Charter, label: str, of_state: str) -> Case:
    def refusals(v: Values) -> Refusals:
        return {"bad_split": v["ratio"] <= 0, "fractional_shares": _fractional(v, "E", v["ratio"])}

    def facts(v: Values, old: Values, new: Values) -> Facts:
        ratio = v["ratio"]
        found = {**_of_split(old, "E", ratio), **_rights_split(old, "w", ratio)}
        return {**found, "t_1_E": {"is": old["t_1_E"] * ratio}, "split_series": {"is": ("E",)}}

    return _split(label, of_state, "E", refusals, facts)


def _split(label: str, of_state: str, stock: str, refusals: Any, facts: Any) -> Case:
    names = f"{of_state} ratio"
    return Case(
        "split",
        label,
        of_state,
        "ratio",
        lambda v: events.Split(ON, stock, v["ratio"]),
        refusals,
        facts,
        (seed_of(names, ratio=2), seed_of(names, ratio="1/2")),
        further=TODAY,
    )


# Stock dividends


def stock_dividends(charter: Charter) -> Study:
    """Return the theorems about dividends paid in Common or in rights to it."""
    of_state = "h_1_common P_E g_E d_common ever_common k_common q_common"
    cases = (
        _stock_dividend(charter, "a stock dividend", of_state),
        _stock_dividend(charter, "a stock dividend, rights over Common outstanding", "h_1_common D_r X_r e_r u_r"),
    )
    below = replace(cases[0], label="a stock dividend of any number of shares", of_state="h_1_common", domain=())
    listed = seed_of("h_1_common shares equivalents", shares=-2, equivalents=3)
    checks = (
        step_check(charter, "stock_dividend", cases, "A stock dividend", "3(d)(iii)"),
        equivalence_check(charter, "stock_dividend", cases, "A stock dividend", "3(d)(iii)", neighbours=(never(),)),
        PathCheck(
            theorem(
                "history.stock_dividend_below_nothing",
                "",
                "The fold refuses a stock dividend that would leave a holder with fewer shares than none.",
                "3(d)(iii)",
                constants=FIGURES,
                expected=REFUTED,
            ),
            unless_refused(lambda v: v.outcome["h_1_common"] >= 0),
            labels=(below.label,),
            suggestions=(listed,),
            shows="Two shares of Common taken for each, and rights to three given, count as one more; a document with a"
            " number below zero is refused before it comes to the fold.",
        ),
    )
    every = (*cases, replace(below, seeds=(listed,)))
    return Study("stock dividends in a history", tuple(subject_of(charter, c) for c in every), checks, weight=2)


def _stock_dividend(charter: Charter, label: str, of_state: str) -> Case:
    limit = charter.authorized.common.value
    prices = [f"{stem}_{series.name}" for series in charter.series for stem in "Pxg"]

    def refusals(v: Values) -> Refusals:
        factor = 1 + v["shares"]
        return {
            "bad_dividend": v["h_1_common"] <= 0,
            "fractional_shares": _fractional(v, COMMON, factor),
            "over_authorized": v["h_1_common"] * factor > limit,
        }

    def facts(v: Values, old: Values, new: Values) -> Facts:
        factor = 1 + v["shares"]
        rights, unit = _rights_split(old, "r", factor), {"unit": {"is": old["unit"] * factor}}
        return {**_of_split(old, COMMON, factor), **rights, **unit, **_divided(old, prices, factor + v["equivalents"])}

    names = f"{of_state} shares equivalents"
    return Case(
        "stock_dividend",
        label,
        of_state,
        "shares equivalents",
        lambda v: events.StockDividend(ON, v["shares"], v["equivalents"]),
        refusals,
        facts,
        (seed_of(names),),
        domain=(z3.Real("shares") >= 0, z3.Real("equivalents") >= 0),
        about="the dividend is not below zero",
    )
