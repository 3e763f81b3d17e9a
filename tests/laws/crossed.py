"""Laws of places where clauses or readings meet: relations of one history or one position, told in two ways."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from tests.laws.kit import COMMON, Document, above_zero, after, answer, ask, asking, copied, same, under
from tests.oracle.cases import charter_document

TWIN = "G"


def dividend_is_a_split(case: Document) -> None:
    """A dividend of as much Common as there is is a split in two, to rights as well (3(d)(iii), AMB-144)."""
    other = copied(case)
    for own in other["events"]:
        if own["do"] == "stock_dividend" and own.get("shares") == "1" and not own.get("equivalents"):
            own.pop("shares")
            own |= {"do": "split", "class": COMMON, "ratio": "2"}
    same(case, answer(case), answer(other))


def fewer_shares(case: Document, holder: str, shares: Document) -> None:
    """What may be paid on the Common may be paid on it still when some of the Preferred has converted (1(a))."""
    gate = answer(case)["gate"]
    on = case["events"][-1]["on"]
    converted = after(case, {"on": on, "do": "convert", "holder": holder, "shares": shares})
    if gate["allowed"]:
        later = {**converted["ask"], "on": "1999-12-01"}
        assert answer({**converted, "ask": later})["gate"]["allowed"], case


def later_shares(case: Document, *events: Document) -> None:
    """What was declared is on the shares that there were: who comes later changes neither its review nor who is owed.

    A review is asked of the year as it is, with a declaration of nothing (1(a), AMB-136, AMB-137).
    """
    day = events[-1]["on"]
    asked = {"on": day, "declare": {}}
    one, other = (answer(asking(own, "dividend", **asked))["conformity"] for own in (case, after(case, *events)))
    same(case, one, other)
    one, other = (answer(asking(own, "position"))["owed_on_common"] for own in (case, after(case, *events)))
    same(case, one, other)


def stages(case: Document) -> None:
    """A dividend that is paid on the Common can be declared as late as that, when the Preferred is paid (AMB-133)."""
    if ask(under(case, common_gate_stage="stage_by_stage"))["status"] == "answered":
        events = list(case["events"])
        (declared,) = [own for own in events if own["do"] == "declare_dividend" and COMMON in own["per_share"]]
        (paid,) = [own for own in events if own["do"] == "pay_dividend" and COMMON in own["per_share"]]
        events.remove(declared)
        events.insert(events.index(paid), {**declared, "on": paid["on"]})
        assert ask(under({**case, "events": events}, common_gate_stage="paid"))["status"] == "answered", case


def exercised_before(case: Document) -> None:
    """Rights that are exercised around a liquidation pay what they pay if exercised before it (AMB-32b, AMB-147)."""
    case = under(case, exercise="in_the_money_equilibrium")
    found = answer(case)
    rights = {own["rights"]: own for own in case["events"] if own["do"] == "issue_rights"}
    taken = found.get("exercised", {})
    events = [
        {"on": "1999-12-01", "do": "exercise_rights", "rights": name, "holder": "zoe", "shares": int(own["shares"])}
        for name, own in taken.items()
    ]
    paid = sum((Fraction(own["shares"]) * Fraction(own["exercise_price"]) for own in taken.values()), Fraction(0))
    assets = str(Fraction(str(case["ask"]["assets"])) + paid)
    other = answer({**after(case, *events), "ask": {**case["ask"], "assets": assets}})
    same(case, found["by_class"], other["by_class"])
    left = [name for name in rights if name not in taken]
    for name in left:
        # Who exercises alone does not gain either, nor does who has them all.
        event = {"on": "1999-12-01", "do": "exercise_rights", "rights": name, "holder": "zoe", "shares": 1}
        price = Fraction(str(rights[name]["exercise_price"]))
        alone = answer({**after(case, event), "ask": {**case["ask"], "assets": str(case["ask"]["assets"] + price)}})
        assert Fraction(alone["by_class"][rights[name].get("class", COMMON)]["per_share"]) <= price, case


def with_twin(document: Document | None = None) -> Document:
    """Return the shipped charter with one more series, on the terms of F and in its tier."""
    charter = copied(document or charter_document())
    (own,) = [series for series in charter["series"] if series["name"] == "F"]
    charter["series"].append({**copied(own), "name": TWIN})
    for tier in charter["liquidation_tiers"]:
        if "F" in tier["series"]:
            tier["series"] = [*tier["series"], TWIN]
    for name in ("total", "preferred"):
        charter["authorized"][name]["value"] += own["authorized"]["value"]
    return charter


def series_in_two(case: Document) -> None:
    """A series in two, of which each share has the same terms, gets the same and needs the same."""
    one, two = ({**case, "charter": with_twin()} for _ in range(2))
    two = copied(two)
    for own in two["position"]["holdings"]:
        if own["class"] == "F" and own["holder"].endswith("too"):
            own["class"] = TWIN
    for name in ("unpaid_dividends", "conversion_prices"):
        if "F" in two["position"].get(name, {}):
            two["position"][name][TWIN] = two["position"][name]["F"]
    found = [answer(own) for own in (one, two)]
    for name in ("by_holder", "lowest_offering_price", "common_by_holder", "per_common_share"):
        same(case, found[0].get(name), found[1].get(name))


def straight(case: Document) -> None:
    """Between two levels that `breakpoints` lists, and beyond, every payment is a straight line (2)."""
    levels = [Fraction(0), *(Fraction(own["assets"]) for own in answer(case)["breakpoints"])]
    fields = {name: value for name, value in case["ask"].items() if name != "question"}
    for low, high in pairwise([*dict.fromkeys(levels), levels[-1] + 100]):
        at = [low + (high - low) * Fraction(part, 100) for part in (1, 33, 97)]
        paid = [answer(asking(case, "liquidation", assets=str(assets), **fields))["by_holder"] for assets in at]
        first, second, third = (above_zero(own) for own in paid)
        for name in {*first, *second, *third}:
            one, two, three = (own.get(name, Fraction(0)) for own in (first, second, third))
            assert (two - one) * (97 - 33) == (three - two) * (33 - 1), (case, name, low, high)


def no_regret(case: Document, name: str, holder: str) -> None:
    """Who holds a small part of what there is gets no more by deciding otherwise than it does (2(b), 3(a))."""
    chosen = answer(case)
    others = {own: converts for own, converts in chosen["converted"].items() if own in ("E", "F")}
    told = {**case["ask"], "conversions": {**others, name: not others[name]}}
    otherwise = answer({**case, "ask": told})
    gains = Fraction(otherwise["by_holder"][holder]) - Fraction(chosen["by_holder"][holder])
    assert gains < Fraction(1, 100), (case, name, gains)


def tells_beside(case: Document, field: str, options: tuple[str, ...], **others: str) -> None:
    """A reading that an answer lists changes it beside another reading, too."""
    found: list[Any] = []
    for option in options:
        reply = ask(under(case, **{field: option}, **others))
        assert reply["readings"][field] == option
        assert reply["answer"] not in found, (case, field, options, others)
        found.append(reply["answer"])
