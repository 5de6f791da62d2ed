"""Cutting a receipt message into the parts that belong to several receivers, node by node, each node untouched."""

from __future__ import annotations

from collections.abc import Set

from lxml import etree

from .types import KINDS, NAMESPACE

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def keep_nodes(raw: bytes, indexes: Set[int]) -> bytes:
    """Give the message with only the business nodes at these places (from 1); everything else stays as it came."""
    root = etree.fromstring(raw, _PARSER)
    kind = KINDS[etree.QName(root).localname[3:6]]
    nodes = root.findall(f"{{{NAMESPACE}}}{kind.node}")
    for place, node in enumerate(nodes, start=1):
        if place not in indexes:
            root.remove(node)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
