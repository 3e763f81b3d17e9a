"""Theorems about dividends, Cash Amounts, distributions and recapitalizations in a history (1, 3(c), 3(e), 3(f))."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.numbers import literal
from proofs.statements import REFUTED, checked, theorem
from proofs.study import Study
from proofs.subjects import DEFAULTS
from proofs.theorems.history_states import (
    FIGURES,
    ON,
    SOUND,
    Case,
    Facts,
    Refusals,
    Values,
    any_sound,
    equivalence_check,
    folded,
    hypotheses_of,
    never,
    only_if,
    seed_of,
    state_of,
    step_check,
    subject_of,
    unknowns_of,
)
from proofs.views import Subject, View
from reference import events, history
from reference.charter import COMMON, Charter
from reference.readings import CommonGateStage, InKindGate, Readings, Year


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of these events."""
    return (declared(charter), paid(charter), funded(charter), in_kind(charter))


# Dividends


def declared(charter: Charter) -> Study:
    """Return the theorems about declarations of dividends."""
    listed = charter.series_named("E").dividend_rate.value
    cases = (
        _declared("a dividend declared on A and E", "h_1_A h_3_E d_A d_E ever_E", ("A", "E"), None),
        _declared("a dividend declared on Common and E", "h_3_common h_1_E d_common ever_E", (COMMON, "E"), listed),
        _later_shares(listed),
        _paid_before(listed),
        _in_no_year(),
    )
    words, clauses = "A declaration of dividends", "1(a)"
    cent = Fraction(1, 100)
    nearly = only_if(
        "a cent less than the full dividend on E is enough",
        "preferred_dividends_first",
        lambda v: v["ever_E"] + v["each_E"] < literal(listed - cent),
        cases[1].label,
    )
    checks = (
        step_check(charter, "declare_dividend", cases, words, clauses),
        equivalence_check(charter, "declare_dividend", cases, words, clauses, neighbours=(nearly,)),
        _owed_grows(cases[0]),
        _told_check(),
    )
    subjects = (*(subject_of(charter, c) for c in cases), _told(charter))
    return Study("dividends declared in a history", subjects, checks, weight=2)


TOLD = "what is told of a dividend on Common and E, and what comes of it"


def _told(charter: Charter) -> Subject:
    """Return what the gate says of a dividend, beside the fold of that dividend."""
    names, of_event = "h_3_common h_1_E l_1_E d_E ever_E", "each_common each_E"

    def function(v: Values) -> dict[str, Any]:
        start = state_of(charter, v)
        event = events.DeclareDividend(ON, {COMMON: v["each_common"], "E": v["each_E"]})
        told = history.common_gate(start, event, DEFAULTS)
        return {"allowed": told.allowed, "refused": "refused" in folded(start, (event,), DEFAULTS)}

    later = z3.Real("l_1_E")
    above = (z3.Real("each_common") > 0, z3.Real("each_E") >= 0, later > 0, later <= z3.Real("h_1_E"))
    together = f"{names} {of_event}"
    assumed = (*any_sound(charter, names), *above)
    return Subject(TOLD, function, unknowns_of(charter, together), assumed, (seed_of(together),))


def _told_check() -> PathCheck:
    return checked(
        theorem(
            "history.the_gate_is_kept",
            "",
            "A dividend on the Common is refused in a history exactly if the question says that it may not be.",
            "1(a)",
            constants=FIGURES,
        ),
        lambda v: z3.BoolVal(v.structure["allowed"] is not v.structure["refused"]),
        Hypothesis(SOUND, lambda v: []),
        labels=(TOLD,),
        covers_all=True,
        neighbours=(Neighbour("it is never refused", claim=lambda v: z3.BoolVal(not v.structure["refused"])),),
    )


def _owed_grows(case: Case) -> PathCheck:
    def claim(view: View) -> list[z3.BoolRef]:
        i, o = view.inputs, view.outcome
        n = {"A": i["h_1_A"], "E": i["h_3_E"]}
        return [o[f"d_{s}"] * n[s] == i[f"d_{s}"] * n[s] + i[f"each_{s}"] * n[s] for s in n]

    stated = theorem(
        "history.declaration_adds_to_what_is_owed",
        "",
        "A declaration adds to what is owed on a class in all what it declares on a share times the shares, and nothing"
        " on a class that nobody holds.",
        "1(a)",
        hypotheses=hypotheses_of((case,)),
        constants=FIGURES,
    )
    without = Neighbour(
        "as much on a share of a class that nobody holds",
        claim=lambda v: v.outcome["d_A"] == v.inputs["d_A"] + v.inputs["each_A"],
    )
    return PathCheck(stated, claim, labels=(case.label,), neighbours=(without,))


def _later_shares(listed: Fraction) -> Case:
    """Return a dividend on Common and E where some or all shares of E came after what was declared (AMB-134)."""
    label = "a dividend declared on Common and E, of which shares were issued after the earlier ones"
    case = _declared(label, "h_3_common h_1_E l_1_E ever_E", (COMMON, "E"), listed)

    def refusals(v: Values) -> Refusals:
        # The later shares have had what is declared with the Common's, and nothing before.
        short = z3.Or(v["each_E"] < literal(listed), v["each_E"] < v["each_common"])
        return {"preferred_dividends_first": z3.And(v["each_common"] > 0, short)}

    later = z3.Real("l_1_E")
    return replace(
        case,
        refusals=refusals,
        domain=(*case.domain, later > 0, later <= z3.Real("h_1_E")),
        about="no dividend below zero is declared, and some shares of E were issued after all others",
    )


def _paid_before(listed: Fraction) -> Case:
    """Return a dividend on Common and E where E must have been paid before (AMB-133)."""
    label = "a dividend declared on Common and E, which must have been paid"
    case = _declared(label, "h_3_common h_1_E d_E ever_E", (COMMON, "E"), listed)

    def refusals(v: Values) -> Refusals:
        paid = v["ever_E"] - v["d_E"]
        short = z3.Or(paid < literal(listed), paid < v["each_common"])
        return {"preferred_dividends_first": z3.And(v["each_common"] > 0, v["h_1_E"] > 0, short)}

    return replace(case, refusals=refusals, readings=Readings(common_gate_stage=CommonGateStage.PAID))


def _declared(label: str, of_state: str, stocks: tuple[str, ...], listed: Fraction | None) -> Case:
    def refusals(v: Values) -> Refusals:
        if listed is None:
            return {}
        on_e, on_common = v["ever_E"] + v["each_E"], v["each_common"]
        # What E must have had first is its full dividend of the year, and no less than the Common has.
        short = z3.And(on_common > 0, v["h_1_E"] > 0, z3.Or(on_e < literal(listed), on_e < on_common))
        return {"preferred_dividends_first": short}

    def facts(v: Values, old: Values, new: Values) -> Facts:
        there = {stock: z3.If(old[f"n_{stock}"] > 0, v[f"each_{stock}"], z3.RealVal(0)) for stock in stocks}
        owed = {f"d_{stock}": {"declared_1": v[f"each_{stock}"]} for stock in stocks}
        ever = {f"ever_{stock}": {"declared_2": each} for stock, each in there.items()}
        # A dividend on the Common is owed to its holders of the day.
        holders = {"o_3": {"is": old["o_3"] + v["each_common"] * v["h_3_common"]}} if COMMON in stocks else {}
        return {**owed, **ever, **holders}

    names = " ".join(f"each_{stock}" for stock in stocks)
    return Case(
        "declare_dividend",
        label,
        of_state,
        names,
        lambda v: events.DeclareDividend(ON, {stock: v[f"each_{stock}"] for stock in stocks}),
        refusals,
        facts,
        (seed_of(f"{of_state} {names}"),),
        domain=tuple(z3.Real(f"each_{stock}") >= 0 for stock in stocks),
        about="no dividend below zero is declared",
    )


def _in_no_year() -> Case:
    """Return a dividend on Common where dividend years are fiscal ones and it is not said when they start."""
    of_state = "h_3_common d_common"
    return Case(
        "declare_dividend",
        "a dividend declared on Common in a fiscal year that is not given",
        of_state,
        "each_common",
        lambda v: events.DeclareDividend(ON, {COMMON: v["each_common"]}),
        lambda v: {"no_fiscal_month": v["each_common"] > 0},
        lambda v, old, new: {},
        (seed_of(f"{of_state} each_common"),),
        domain=(z3.Real("each_common") >= 0,),
        readings=Readings(year=Year.FISCAL),
    )


def paid(charter: Charter) -> Study:
    """Return the theorems about payments of dividends."""
    cases = (
        _paid("a dividend paid on Common and E", "h_1_common h_1_E d_common d_E", (COMMON, "E"), ()),
        _paid("a dividend paid to holders who have converted", "h_3_E d_E b_1 b_2", (), ("1", "2")),
    )
    words, clauses = "A payment of dividends", "1(a)"
    cent = literal(Fraction(1, 100))
    nearly = only_if(
        "a cent more than is owed may be paid",
        "undeclared_dividend",
        lambda v: z3.Or(v["each_E"] > v["d_E"] + cent, v["each_common"] > v["d_common"] + cent),
        cases[0].label,
    )
    checks = (
        step_check(charter, "pay_dividend", cases, words, clauses),
        equivalence_check(charter, "pay_dividend", cases, words, clauses, neighbours=(nearly,)),
    )
    return Study("dividends paid in a history", tuple(subject_of(charter, c) for c in cases), checks, weight=2)


def _paid(label: str, of_state: str, stocks: tuple[str, ...], former: tuple[str, ...]) -> Case:
    def refusals(v: Values) -> Refusals:
        # On a class without shares nothing is owed any more.
        too_much = [v[f"each_{stock}"] > v[f"d_{stock}"] for stock in stocks if stock != COMMON]
        too_much += [z3.Or(v[f"debt_{h}"] < 0, v[f"debt_{h}"] > v[f"b_{h}"]) for h in former]
        if COMMON not in stocks:
            return {"undeclared_dividend": z3.Or(too_much)}
        # What is declared on E is paid before anything on the Common, or with it (AMB-133).
        waits = z3.And(v["each_common"] > 0, v["h_1_E"] > 0, v["each_E"] < v["d_E"])
        beyond = z3.And(v["each_common"] > v["d_common"], z3.Not(waits))
        return {"undeclared_dividend": z3.Or(*too_much, beyond), "preferred_dividends_first": waits}

    def facts(v: Values, old: Values, new: Values) -> Facts:
        on_shares = {f"d_{stock}": {"settled_1": v[f"each_{stock}"]} for stock in stocks}
        paid_out = {f"settled_{stock}": {"declared_2": v[f"each_{stock}"]} for stock in stocks}
        repaid = {f"b_{h}": {"repaid_1": v[f"debt_{h}"]} for h in former}
        if COMMON not in stocks:
            return {**on_shares, **paid_out, **repaid}
        # Who is owed on the Common is paid the part of it that is paid on a share.
        left = {"where": lambda now: now * v["d_common"] == old["o_1"] * (v["d_common"] - v["each_common"])}
        return {**on_shares, **paid_out, **repaid, "o_1": left}

    names = " ".join([*(f"each_{stock}" for stock in stocks), *(f"debt_{holder}" for holder in former)])

    def event(v: Values) -> events.Event:
        return events.PayDividend(ON, {s: v[f"each_{s}"] for s in stocks}, {h: v[f"debt_{h}"] for h in former})

    return Case(
        "pay_dividend",
        label,
        of_state,
        names,
        event,
        refusals,
        facts,
        (seed_of(f"{of_state} {names}"),),
        domain=tuple(z3.Real(f"each_{stock}") >= 0 for stock in stocks),
        about="nothing below zero is paid on a class",
    )


# Cash Amounts


def funded(charter: Charter) -> Study:
    """Return the theorems about funds for Cash Amounts."""
    case = _funded()
    words, clauses = "Funding of Cash Amounts", "3(c)"

    def kept(view: Any) -> list[z3.BoolRef]:
        if "refused" in view.structure:
            return [view.inputs["funds"] < 0]
        owed = [view.inputs[f"unpaid_{at}"] for at in (1, 2)]
        got = [view.outcome[f"paid_{at}"] - view.inputs[f"paid_{at}"] for at in (1, 2)]
        return [
            z3.Sum(got) + view.outcome["did_excess"] == view.inputs["funds"],
            z3.Sum(got) == view.outcome["did_paid"],
            view.outcome["did_unpaid"] == z3.Sum(owed) - z3.Sum(got),
            z3.Implies(view.outcome["did_excess"] > 0, view.outcome["did_unpaid"] == 0),
        ]

    checks = (
        step_check(charter, "fund_cash_amounts", (case,), words, clauses),
        equivalence_check(charter, "fund_cash_amounts", (case,), words, clauses, neighbours=(never(),)),
        checked(
            theorem(
                "history.funds_are_paid_or_returned",
                "",
                "What the claims are paid and what is returned come to the funds, and nothing is returned as long as"
                " something is unpaid.",
                clauses,
            ),
            kept,
            Hypothesis(SOUND, lambda v: []),
            labels=(case.label,),
            neighbours=(
                Neighbour(
                    "nothing is returned",
                    claim=lambda v: v.outcome["did_excess"] == 0 if "did_excess" in v.outcome else z3.BoolVal(True),
                ),
            ),
        ),
    )
    return Study("funds in a history", (subject_of(charter, case),), checks, weight=1)


def _funded() -> Case:
    def facts(v: Values, old: Values, new: Values) -> Facts:
        total = v["unpaid_1"] + v["unpaid_2"]
        enough = v["funds"] >= total

        def paid(at: int) -> Any:
            was, owed = v[f"paid_{at}"], v[f"unpaid_{at}"]
            return lambda now: z3.If(enough, now == was + owed, (now - was) * total == v["funds"] * owed)

        def unpaid(at: int) -> Any:
            owed = v[f"unpaid_{at}"]
            return lambda now: z3.If(enough, now == 0, (owed - now) * total == v["funds"] * owed)

        return {
            **{f"paid_{at}": {"where": paid(at)} for at in (1, 2)},
            **{f"unpaid_{at}": {"where": unpaid(at)} for at in (1, 2)},
        }

    of_state = "paid_1 unpaid_1 paid_2 unpaid_2 h_3_common"
    return Case(
        "fund_cash_amounts",
        "funds for two claims to Cash Amounts",
        of_state,
        "funds",
        lambda v: events.FundCashAmounts(ON, v["funds"]),
        lambda v: {"negative_funds": v["funds"] < 0},
        facts,
        (seed_of(f"{of_state} funds"), seed_of(f"{of_state} funds", funds=5)),
    )


# Property


def in_kind(charter: Charter) -> Study:
    """Return the theorems about distributions in kind and recapitalizations."""
    distributed = _distributed()
    in_kind_cases = (distributed, _waits(charter.series_named("E").dividend_rate.value))
    recapitalized = (_recapitalized("a recapitalization", ""), _recapitalized("a second recapitalization", "unit_cash"))
    cases = (*in_kind_cases, *recapitalized)
    is_refused = Neighbour("it is refused", claim=lambda v: z3.BoolVal("refused" in v.structure))
    return Study(
        "property in a history",
        tuple(subject_of(charter, case) for case in (*cases, _of_any_units())),
        (
            step_check(charter, "distribute", in_kind_cases, "A distribution in kind", "1(b), 3(e)"),
            equivalence_check(
                charter,
                "distribute",
                in_kind_cases,
                "A distribution in kind",
                "1(b), 3(e)",
                neighbours=(is_refused,),
            ),
            step_check(charter, "recapitalize", recapitalized, "A recapitalization", "3(f)"),
            equivalence_check(
                charter, "recapitalize", recapitalized, "A recapitalization", "3(f)", neighbours=(never(),)
            ),
            checked(
                theorem(
                    "history.recapitalization_below_nothing",
                    "",
                    "The fold refuses a recapitalization in which a share of Common becomes less than nothing.",
                    "3(f)",
                    expected=REFUTED,
                    constants=FIGURES,
                ),
                lambda v: z3.Or(z3.BoolVal("refused" in v.structure), v.inputs["to_stock"] >= 0),
                labels=(_of_any_units().label,),
                suggestions=(seed_of("h_3_common to_stock to_cash", to_stock=-1),),
                shows="It is refused only when a share of the Preferred is converted into the property.",
            ),
        ),
        weight=1,
    )


def _distributed() -> Case:
    of_state = "h_1_common h_3_common h_1_E P_E g_E d_E"
    return Case(
        "distribute",
        "a distribution of property",
        of_state,
        "units",
        lambda v: events.Distribute(ON, v["units"]),
        lambda v: {},
        lambda v, old, new: {},
        (seed_of(f"{of_state} units"),),
    )


def _waits(listed: Fraction) -> Case:
    """Return a distribution for which the Common waits until E has had its year's dividend (AMB-135)."""
    of_state = "h_1_common h_3_common h_1_E ever_E d_E"
    return replace(
        _distributed(),
        label="a distribution of property that waits for dividends on E",
        of_state=of_state,
        refusals=lambda v: {
            "preferred_dividends_first": z3.And(v["units"] > 0, v["h_1_E"] > 0, v["ever_E"] < literal(listed))
        },
        seeds=(seed_of(f"{of_state} units"),),
        readings=Readings(in_kind_gate=InKindGate.BOTH),
    )


def _recapitalized(label: str, became: str) -> Case:
    of_state = f"h_3_common P_E {became}".strip()

    def facts(v: Values, old: Values, new: Values) -> Facts:
        return {"unit_stock": {"is": v["to_stock"]}, "unit_cash": {"is": v["to_cash"]}}

    return Case(
        "recapitalize",
        label,
        of_state,
        "to_stock to_cash",
        lambda v: events.Recapitalize(ON, {"stock": v["to_stock"], "cash": v["to_cash"]}),
        lambda v: {"recapitalized": z3.BoolVal(bool(became))},
        facts,
        (seed_of(f"{of_state} to_stock to_cash"),),
        domain=(z3.Real("to_stock") >= 0, z3.Real("to_cash") >= 0),
        about="a share of Common becomes no less than nothing",
    )


def _of_any_units() -> Case:
    plain = _recapitalized("a recapitalization into any number of units", "")
    return Case(
        plain.kind,
        plain.label,
        "h_3_common",
        plain.of_event,
        plain.event,
        plain.refusals,
        plain.facts,
        (seed_of("h_3_common to_stock to_cash"),),
    )
