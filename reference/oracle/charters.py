"""Charter files: read, check and type them."""

from __future__ import annotations
