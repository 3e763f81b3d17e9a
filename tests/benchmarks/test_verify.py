"""How many cases `verify` asks a minute, what it takes itself beside the oracle, and how its memory grows."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from reference.oracle.seeded import drawn
from reference.oracle.verify.judging import Kind, expected_of
from reference.oracle.verify.session import Plan, Session
from reference.oracle.verify.sources import Generated
from reference.oracle.verify.tool import Tool

CASES = 3000
HONEST = Path(__file__).parents[1] / "verify" / "liars" / "honest.py"
SOURCE = Generated(("liquidation",), small=False, number=CASES)


class Ready(Tool):
    """Stand for a tool that takes no time: its replies are there."""

    def __init__(self, replies: dict[str, bytes]) -> None:
        super().__init__(["none"])
        self.replies = replies
        self.asked = ""

    @property
    def runs(self) -> bool:
        return True

    def send(self, line: bytes) -> None:
        self.asked = json.loads(line)["case"]

    def reply(self) -> bytes:
        skipped = {"case": self.asked, "status": "skipped", "reason": "not asked for"}
        return self.replies.get(self.asked) or msgspec.json.encode(skipped)


def test_overhead_of_a_case(benchmark: Any) -> None:
    """Give what a case takes beside drawing it and answering it, as a part of the oracle's time (target: below 3)."""
    began = time.perf_counter()
    documents = [drawn("liquidation", 0, number) for number in range(CASES)]
    drawing = time.perf_counter() - began
    began = time.perf_counter()
    answers = [expected_of(document).answer for document in documents]
    oracle = time.perf_counter() - began
    replies = {
        document["case"]: msgspec.json.encode({"case": document["case"], "status": "answered", "answer": answer})
        for document, answer in zip(documents, answers, strict=True)
    }
    found = benchmark.pedantic(lambda: Session(Ready(replies), Plan()).run(SOURCE), rounds=1)
    assert found.tally.count(Kind.AGREES) == CASES
    taken = benchmark.stats.stats.total
    benchmark.extra_info["oracle_ms"] = 1000 * oracle / CASES
    benchmark.extra_info["overhead_of_oracle"] = (taken - drawing - oracle) / oracle


def test_cases_a_minute(benchmark: Any) -> None:
    """Give how many drawn liquidations a right tool in Python is asked a minute (target: 10,000 or more)."""
    found = benchmark.pedantic(
        lambda: Session(Tool([sys.executable, str(HONEST)]), Plan()).run(SOURCE), rounds=1, warmup_rounds=0
    )
    assert found.tally.count(Kind.AGREES) == CASES
    benchmark.extra_info["cases_a_minute"] = 60 * CASES / benchmark.stats.stats.total


def test_memory(benchmark: Any) -> None:
    """Give by how much the most memory grows over ten times as many cases, MiB (target: flat)."""
    sizes = []

    def run() -> None:
        for number in (CASES, 10 * CASES):
            source = Generated(("votes",), small=False, number=number, events=False)
            found = Session(Ready({}), Plan()).run(source)
            assert found.tally.count(Kind.SKIPPED) == number
            sizes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)

    benchmark.pedantic(run, rounds=1)
    benchmark.extra_info["grown_mib"] = sizes[1] - sizes[0]
