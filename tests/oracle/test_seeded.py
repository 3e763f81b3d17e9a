"""Cases drawn from a seed: the same everywhere, each by itself, all of the published shape."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from reference.oracle.answers import answer_document
from reference.oracle.questions import MODULES
from reference.oracle.refusals import Refusal
from reference.oracle.seeded import drawn


@pytest.mark.parametrize("question", MODULES)
def test_every_case_is_answered_and_they_vary(question: str) -> None:
    documents = [drawn(question, 7, number) for number in range(60)]
    assert len({json.dumps(document, sort_keys=True) for document in documents}) > 50
    for document in documents:
        assert document["ask"]["question"] == question
        answer_document(document)
    assert any(document.get("events") for document in documents)
    assert not any(drawn(question, 7, number, events=False).get("events") for number in range(20))


def test_a_case_depends_on_seed_and_number_alone() -> None:
    code = "import json; from reference.oracle.seeded import drawn; print(json.dumps(drawn('liquidation', 3, 5)))"
    found = [
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": own}, capture_output=True, text=True, check=True
        ).stdout
        for own in ("1", "2")
    ]
    assert found[0] == found[1] == json.dumps(drawn("liquidation", 3, 5)) + "\n"
    assert drawn("liquidation", 3, 6)["ask"] != drawn("liquidation", 3, 5)["ask"]
    assert drawn("liquidation", 4, 5)["ask"] != drawn("liquidation", 3, 5)["ask"]


def test_no_question_and_no_charter_of_that_name() -> None:
    with pytest.raises(ValueError, match="is no question"):
        drawn("dance", 1, 1)
    with pytest.raises(Refusal):
        drawn("votes", 1, 1, charter="other-1999")
