"""Every slip in the engine is caught by the comparison of answers with the closed forms."""

from __future__ import annotations

import pytest

from tests.outputs.compare import differences, module_of
from tests.slips import SLIPS, Slip, made

UNSEEN = {"the Purchase Date itself"}
"""The fold of the prices looks at that date again, so that no answer changes; the theorems notice these."""


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_each_slip_is_caught(slip: Slip) -> None:
    examples = module_of(slip.question).EXAMPLES
    assert not any(differences(document) for document in examples)
    with made(slip):
        assert any(differences(document) for document in examples) == (slip.name not in UNSEEN)


def test_there_are_slips_for_every_kind_of_mistake() -> None:
    assert len(SLIPS) >= 20
    assert len({slip.name for slip in SLIPS}) == len(SLIPS)
    assert len({slip.function.__module__ for slip in SLIPS}) >= 14


def test_a_slip_that_fits_nowhere_is_no_slip() -> None:
    wrong = Slip("nothing", SLIPS[0].function, "no such text", "text", "2", "liquidation")
    with pytest.raises(AssertionError, match="does not stand once"), made(wrong):
        pass
