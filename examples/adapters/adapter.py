"""A whole adapter: it knows votes, as far as every share converts one for one, and says what it does not know."""

import json
import sys

VOTES = {"common": 1, "A": 10, "B": 14, "C": 14, "D": 14, "E": 14, "F": 14}
CAN = {"name": "votes in Python", "questions": ["votes"], "readings": {}, "events": [], "fields": ["by_holder.*"]}


def answer(case):
    if set(case["position"]) - {"holdings", "as_of"}:
        return {"status": "skipped", "reason": "it knows initial conversion prices only"}
    votes = {}
    for own in case["position"]["holdings"]:
        votes[own["holder"]] = votes.get(own["holder"], 0) + VOTES[own["class"]] * int(own["shares"])
    return {"status": "answered", "answer": {"by_holder": votes}}


for line in sys.stdin:
    case = json.loads(line)
    reply = {"status": "answered", "answer": CAN} if case["case"] == "capabilities" else answer(case)
    print(json.dumps({"case": case["case"], **reply}), flush=True)
