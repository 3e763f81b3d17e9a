"""What README, docs and the CI files say of `verify` is so."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from reference.oracle.cli import app
from reference.oracle.verify import running, session, tool
from reference.oracle.verify.mistakes import CATALOGUE

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
ADAPTERS = (ROOT / "docs" / "adapters.md").read_text()
MAIN = "import sys; from reference.oracle.command import main; sys.exit(main())"
CI = ("examples/ci/github.yml", "examples/ci/gitlab.yml", ".pre-commit-hooks.yaml")


def test_the_output_in_the_readme_is_real(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```\n(votes in Python.*?)```", README, re.DOTALL)
    adapter = (ROOT / "examples" / "adapters" / "adapter.py").read_text()
    (tmp_path / "adapter.py").write_text(adapter.replace('"A": 10', '"A": 14'))
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "verify", "--count", "100", "--", sys.executable, "adapter.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.replace(f"-- {sys.executable} adapter.py", "-- python adapter.py") == shown


def commands(text: str) -> list[list[str]]:
    """Return the commands that a text tells to run."""
    found = re.findall(r"(?:^|[\s|])(charterproof (?:verify|compare|vectors|answer|report) [^\n`>;]*)", text)
    return [shlex.split(line.split(" || ")[0]) for line in found if "FILE" not in line and '"$' not in line]


@pytest.mark.parametrize("name", ["README.md", "docs/adapters.md", *CI])
def test_the_commands_are_such(name: str) -> None:
    found = [own for own in commands((ROOT / name).read_text()) if len(own) > 2]
    assert found or name == "docs/adapters.md"
    for _, command, *arguments in found:
        with app.commands[command].make_context(command, arguments, resilient_parsing=True) as context:
            assert context.params


def test_the_files_that_are_named_exist() -> None:
    for text, folder in ((README, ROOT), (ADAPTERS, ROOT / "docs")):
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (folder / target).exists(), target


def test_the_figures_are_those_of_the_code() -> None:
    assert f"of {len(CATALOGUE)} in the catalogue" in README
    assert f"over {tool.LONGEST_LINE // running.MIB} MiB" in ADAPTERS
    assert (session.MOST_FAILURES, session.MOST_FAILURES_IN_ALL) == (10, 50)
    assert "Ten failures in a row, or fifty in all" in ADAPTERS


def test_every_failure_is_explained() -> None:
    folder = ROOT / "reference" / "oracle" / "verify"
    text = "".join((folder / name).read_text() for name in ("tool.py", "session.py", "judging.py"))
    codes = set(re.findall(r'(?:ToolError|failed)\("(\w+)"', text)) | set(re.findall(r'Kind\.ERRORED, "(\w+)"', text))
    assert len(codes) >= 8
    assert [code for code in codes - {"not_started"} if f"`{code}`" not in ADAPTERS] == []
