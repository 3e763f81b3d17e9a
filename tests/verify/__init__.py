"""Tests of verifying other tools."""
