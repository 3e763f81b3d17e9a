"""A tool of one's own, tested against the oracle: `pip install 'charterproof[test]'`, then `pytest`."""

from hypothesis import HealthCheck, assume, given, settings

from reference.oracle.strategies import cases

VOTES = {"common": 1, "A": 10, "B": 14, "C": 14, "D": 14, "E": 14, "F": 14}


def votes(holdings):
    """Stand for the tool, which knows initial conversion prices only."""
    found = {}
    for own in holdings:
        found[own["holder"]] = found.get(own["holder"], 0) + VOTES[own["class"]] * int(own["shares"])
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much])
@given(case=cases("votes", events=False))
def test_votes(case, assert_agrees):
    assume("readings" not in case and set(case["position"]) <= {"holdings", "as_of"})
    assert_agrees(case, {"by_holder": votes(case["position"]["holdings"])}, fields=["by_holder.*"])
