"""Streaming XML with lxml, safely: no entities, no network, little memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from riskdesk.documents.reading.ole import DAMAGED
from riskdesk.errors import UnreadableFileError

if TYPE_CHECKING:
    from lxml.etree import _Element


def name(element: _Element) -> str:
    """Return the element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def elements(part: IO[bytes], *names: str, begin: tuple[str, ...] = ()) -> Iterator[_Element]:
    """Yield the elements of these names as they end (those of `begin` as they begin), and forget them afterwards."""
    for event, element in events(part, *names):
        if (event == "start") == (name(element) in begin):
            yield element
        if event == "end":
            forget(element)


def events(part: IO[bytes], *names: str) -> Iterator[tuple[str, _Element]]:
    """Yield ("start" or "end", element) for the elements of these names; the caller forgets what it has used."""
    from lxml import etree

    try:
        yield from etree.iterparse(
            part,
            events=("start", "end"),
            tag=[f"{{*}}{each}" for each in names],
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        )
    except etree.XMLSyntaxError as error:
        raise UnreadableFileError(DAMAGED) from error


def forget(element: _Element) -> None:
    """Free an element and those before it beside it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
