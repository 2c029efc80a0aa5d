"""XML as several formats use it: names without namespaces, which differ between versions."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException

from sslstudio.corpora.unpacking import brief

# what reading XML raises; the last two for encodings that are not known
BROKEN_XML = (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError)


def local(element: Element) -> str:
    """Return the name of ``element`` without its namespace; empty for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """Return an attribute by its name without namespace, or an empty text."""
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def child(element: Element, *names: str) -> Element | None:
    """Return the first descendant along ``names``, or None."""
    for name in names:
        found = next((c for c in element if local(c) == name), None)
        if found is None:
            return None
        element = found
    return element


def xml_fault(error: Exception) -> str:
    """Return in words what is wrong with XML; of :data:`BROKEN_XML`."""
    if isinstance(error, DefusedXmlException):
        return "it defines entities, which can be made to swell without end"
    return brief(error)
