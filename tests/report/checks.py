"""Check a page without a browser: well-formed, self-contained, linked and accessible."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

VOID = {"meta", "link", "input", "br", "wbr", "hr", "img"}
ADDRESSES = {"src", "href", "xlink:href", "action", "poster", "data", "srcset", "formaction"}


class Page(HTMLParser):
    """Collect the elements of a page and what is wrong with their nesting."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.open: list[str] = []
        self.faults: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record an element and open it."""
        names = [name for name, _ in attrs]
        self.faults += [f"<{tag}> has {name} twice" for name, count in Counter(names).items() if count > 1]
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record an element that closes itself."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Close an element, which must be the innermost one."""
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def having(self, attribute: str) -> list[str]:
        """Return all values of an attribute."""
        return [attributes[attribute] for _, attributes in self.elements if attribute in attributes]

    def called(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of all elements of one tag."""
        return [attributes for name, attributes in self.elements if name == tag]


def faults(text: str, directory: Path) -> list[str]:
    """List what is wrong with a page that stands in a directory."""
    page = Page(text)
    return [*page.faults, *_links(page, directory), *_outside(page), *_access(page)]


def _links(page: Page, directory: Path) -> list[str]:
    known = page.having("id")
    found = [f"the id {name} occurs {count} times" for name, count in Counter(known).items() if count > 1]
    for address in page.having("href") + page.having("xlink:href"):
        if address.startswith("#"):
            if address[1:] not in known:
                found.append(f"{address} leads nowhere")
        elif not address.startswith("data:"):
            found += _elsewhere(address, directory)
    for attribute in ("aria-labelledby", "aria-describedby", "for"):
        found += [
            f"{attribute}={name} names nothing"
            for value in page.having(attribute)
            for name in value.split()
            if name not in known
        ]
    found += [f"url(#{name}) names nothing" for name in re.findall(r"url\(#([^)]*)\)", page.text) if name not in known]
    return found


def _elsewhere(address: str, directory: Path) -> list[str]:
    """List what is wrong with an address in another file of the report."""
    name, _, place = address.partition("#")
    if not (directory / name).is_file():
        return [f"{address} is no file of the report"]
    return [] if not place or place in _places((directory / name).resolve()) else [f"{address} leads nowhere"]


@cache
def _places(file: Path) -> frozenset[str]:
    return frozenset(re.findall(r'\bid="([^"]*)"', file.read_text(encoding="utf-8")))


def _outside(page: Page) -> list[str]:
    found = [
        f"{value} is loaded from outside"
        for _, attributes in page.elements
        for name, value in attributes.items()
        if name in ADDRESSES and re.match(r"(?i)([a-z]+:)?//|(?!data:)[a-z]+:|/", value)
    ]
    without_namespaces = re.sub(r'xmlns(:\w+)?="http[^"]*"', "", page.text)
    if re.search(r"(?i)https?:|@import|url\(['\"]?(?!#)", without_namespaces):
        found.append("the text refers to an outside address")
    return found


def _access(page: Page) -> list[str]:
    found = [f"there must be one <{tag}>" for tag in ("main", "nav", "h1", "title") if len(page.called(tag)) != 1]
    if page.called("html")[0].get("lang") is None:
        found.append("the language is not given")
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    found += [f"h{after} follows h{before}" for before, after in pairwise(levels) if after > before + 1]
    if len(page.called("caption")) != len(page.called("table")):
        found.append("a table has no caption")
    found += ["a th has no scope" for attributes in page.called("th") if "scope" not in attributes]
    found += ["a formula has no name" for attributes in page.called("math") if not attributes.get("alttext")]
    found += ["a drawing has no name" for attributes in page.called("svg") if "aria-labelledby" not in attributes]
    for tag, attributes in page.elements:
        if "scroll" in attributes.get("class", "").split() and not {"tabindex", "aria-label"} <= set(attributes):
            found.append(f"a scrolling <{tag}> cannot be reached by keyboard")
    return found
