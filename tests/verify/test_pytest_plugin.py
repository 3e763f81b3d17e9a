"""The fixtures that other people's tests get, in a pytest run of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reference.oracle.pytest_plugin import AssertAgrees, Oracle

EXAMPLE = Path(__file__).parents[2] / "examples" / "test_with_pytest.py"
CASE = {
    "case": "one",
    "charter": "quintus-1999",
    "position": {
        "holdings": [{"holder": "ann", "class": "F", "shares": 2}, {"holder": "bob", "class": "common", "shares": 3}]
    },
    "ask": {"question": "liquidation", "assets": "30"},
}


def test_the_oracle_answers(oracle: Oracle) -> None:
    # F gets 8.25 a share first; 13.50 is shared by five as-converted shares, 2.70 each (2(a), 2(b)).
    assert oracle(CASE)["by_holder"] == {"ann": "219/10", "bob": "81/10"}


def test_a_right_answer_agrees(assert_agrees: AssertAgrees, oracle: Oracle) -> None:
    assert_agrees(CASE, oracle(CASE))
    assert_agrees(CASE, {"by_holder": {"ann": 21.9, "bob": 8.1}}, fields=["by_holder.*"], compare="cent")


def test_a_wrong_answer_fails_and_is_explained(assert_agrees: AssertAgrees) -> None:
    told = {"by_holder": {"ann": "16.50", "bob": "13.50"}}
    with pytest.raises(pytest.fail.Exception, match=r"by_holder\.ann: 219/10 expected, 16.50 told"):
        assert_agrees(CASE, told, fields=["by_holder.*"])


def test_nothing_to_compare_is_no_agreement(assert_agrees: AssertAgrees) -> None:
    with pytest.raises(ValueError, match="has no field like by_owner"):
        assert_agrees(CASE, {}, fields=["by_owner.*"])
    with pytest.raises(pytest.fail.Exception, match=r"by_holder\.ann: 219/10 expected, nothing told"):
        assert_agrees(CASE, {})


def test_the_example_passes_and_finds_a_slip(tmp_path: Path) -> None:
    text = EXAMPLE.read_text()
    right, wrong = tmp_path / "test_right.py", tmp_path / "test_wrong.py"
    right.write_text(text)
    assert text.count('"A": 10') == 1
    wrong.write_text(text.replace('"A": 10', '"A": 14'))
    for file, status in ((right, 0), (wrong, 1)):
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                file,
            ],
            cwd=tmp_path,
            env={"PYTHONPATH": str(EXAMPLE.parents[1])},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
    assert "The answer is not the oracle's" in done.stdout
