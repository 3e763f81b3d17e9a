"""Fixtures that every test may use: the shipped charter and a small made-up one."""

from __future__ import annotations

import pytest
from hypothesis import settings

from reference.charter import Charter
from reference.oracle.charters import load
from reference.position import Position, full_issuance
from tests.strategies import EXAMPLES, FAMILY

# The same examples in every run; `pytest --hypothesis-profile thorough` draws many others.
settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=EXAMPLES, print_blob=True)
settings.register_profile("thorough", deadline=None, max_examples=40 * EXAMPLES, print_blob=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def quintus() -> Charter:
    """Return the shipped charter."""
    return load("quintus-1999")


@pytest.fixture(scope="session")
def family() -> Charter:
    """Return a small charter that differs from the shipped one in structure."""
    return FAMILY


@pytest.fixture
def issued(quintus: Charter) -> Position:
    """Return every authorised preferred share outstanding, and 10,000,000 Common."""
    return full_issuance(quintus, common=10_000_000)
