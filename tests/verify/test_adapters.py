"""The adapters that are shown as documentation, asked for real."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples" / "adapters"
NODE = shutil.which("node")
MAIN = "import sys; from reference.oracle.command import main; sys.exit(main())"
ADAPTERS = [
    pytest.param([sys.executable, str(EXAMPLES / "adapter.py")], id="python"),
    pytest.param(
        [str(NODE), str(EXAMPLES / "adapter.mjs")],
        id="node",
        marks=pytest.mark.skipif(NODE is None, reason="Node.js is not installed"),
    ),
]


def verified(command: list[str], *options: str) -> tuple[int, dict[str, object]]:
    """Return the exit status and the results of a run."""
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "verify", "--json", "-", *options, "--", *command],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("command", ADAPTERS)
def test_an_adapter_is_right_and_says_what_it_skips(command: list[str]) -> None:
    status, found = verified(command, "--count", "200")
    total = found["total"]
    assert status == 0
    assert total["agrees"] > 150
    assert total["differs"] == total["errored"] == 0
    assert [reason["reason"] for reason in found["skipped"]] == ["it knows initial conversion prices only"]
    assert list(found["by_question"]) == ["votes"]
    assert found["fields"] == ["by_holder.*"]


@pytest.mark.parametrize("command", ADAPTERS)
def test_a_wrong_number_in_it_is_found(command: list[str], tmp_path: Path) -> None:
    file = Path(command[1])
    text = file.read_text()
    wrong = tmp_path / file.name
    wrong.write_text(text.replace("A: 10n", "A: 14n").replace('"A": 10', '"A": 14'))
    assert wrong.read_text() != text
    status, found = verified([command[0], str(wrong)], "--count", "20")
    assert status == 1
    assert [group["explanation"]["id"] for group in found["differences"]] == ["same-votes-for-all-series"]
    assert found["differences"][0]["case"]["position"]["holdings"] == [
        {"holder": "holder of A", "class": "A", "shares": 1}
    ]


@pytest.mark.parametrize("name", ["adapter.py", "adapter.mjs"])
def test_an_adapter_is_short(name: str) -> None:
    code = [line for line in (EXAMPLES / name).read_text().splitlines() if line.strip()]
    assert len(code) <= 21
