"""XMP packets as RDF/XML: find, change and serialise properties, and keep everything that is not understood.

A property's value is simple text, a struct or an array (XMP specification part 1, ISO 16684-1). RDF spells each in
several ways: a simple value may be an attribute, a struct may be ``rdf:parseType="Resource"``, a nested
``rdf:Description`` or attributes alone. Reading accepts all of them; writing turns only the element that is changed
into the plain form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from xml.dom import minidom
from xml.dom.minidom import Document, Element
from xml.parsers.expat import ExpatError

from facetagger.metadata.errors import DamagedXmpError

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XMLNS: Final = "http://www.w3.org/2000/xmlns/"
XML: Final = "http://www.w3.org/XML/1998/namespace"

MAX_PACKET_BYTES: Final = 16_000_000
MAX_DEPTH: Final = 60
"""Far deeper than any real packet; bounds our own recursion on hostile ones."""

_ARRAYS: Final = ("Bag", "Seq", "Alt")
_PREFIXES: Final = {
    "rdf": RDF,
    "x": "adobe:ns:meta/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "mwg-rs": "http://www.metadataworkinggroup.com/schemas/regions/",
    "stArea": "http://ns.adobe.com/xmp/sType/Area#",
    "stDim": "http://ns.adobe.com/xap/1.0/sType/Dimensions#",
    "MP": "http://ns.microsoft.com/photo/1.2/",
    "MPRI": "http://ns.microsoft.com/photo/1.2/t/RegionInfo#",
    "MPReg": "http://ns.microsoft.com/photo/1.2/t/Region#",
    # Windows, exiv2 and digiKam write the trailing slash, ExifTool does not; each reads both.
    "MicrosoftPhoto": "http://ns.microsoft.com/photo/1.0/",
    "MicrosoftPhotoOld": "http://ns.microsoft.com/photo/1.0",
    "lr": "http://ns.adobe.com/lightroom/1.0/",
    "digiKam": "http://www.digikam.org/ns/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "acdsee-rs": "http://ns.acdsee.com/regions/",
    "acdsee-stArea": "http://ns.acdsee.com/sType/Area#",
    "facetagger": "urn:facetagger:xmp:1.0/",
}
_EMPTY: Final = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"/></x:xmpmeta>'
_XPACKET_BEGIN: Final = 'begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"'
# What XML 1.0 cannot hold, not even escaped.
_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Name(NamedTuple):
    """A qualified name, with the prefix it is written under."""

    prefix: str
    local: str

    @property
    def namespace(self) -> str:
        return _PREFIXES[self.prefix]

    @property
    def qualified(self) -> str:
        return f"{self.prefix}:{self.local}"


def name(qualified: str) -> Name:
    """``"mwg-rs:Name"`` as a ``Name``; the prefix is one of the table above."""
    prefix, local = qualified.split(":")
    return Name(prefix, local)


def legal_text(text: str) -> str:
    """``text`` without the characters that XML cannot hold."""
    return _ILLEGAL.sub("", text)


class Packet:
    """One XMP packet, parsed."""

    def __init__(self, document: Document, root: Element) -> None:
        self._document = document
        self._root = root

    @classmethod
    def empty(cls) -> Packet:
        return cls.parse(_EMPTY.encode())

    @classmethod
    def parse(cls, data: bytes) -> Packet:
        """Raises ``DamagedXmpError`` for what is not XMP, or not meant kindly."""
        data = data.strip(b"\0 \t\r\n")
        # A document type declaration has no place in XMP and is the way to entity bombs and outside files.
        if len(data) > MAX_PACKET_BYTES or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise DamagedXmpError("The XMP metadata is damaged.", "It is too large or has a document type.")
        try:
            document = minidom.parseString(data)
        except (ExpatError, ValueError, LookupError) as error:
            raise DamagedXmpError("The XMP metadata is damaged.", str(error)) from error
        roots = document.getElementsByTagNameNS(RDF, "RDF") if _depth(document) <= MAX_DEPTH else []
        if not roots or document.doctype is not None:
            raise DamagedXmpError("The XMP metadata is damaged.", "It has no rdf:RDF element.")
        return cls(document, roots[0])

    def property(self, key: Name) -> Element | None:
        """The element of a top-level property that is an array or a struct, or a simple one written as an element."""
        for description in self._descriptions():
            found = child(description, key)
            if found is not None:
                return found
        return None

    def text(self, key: Name) -> str:
        """The simple value of a top-level property; empty where there is none."""
        return next(filter(None, (field_text(each, key) for each in self._descriptions())), "")

    def obtain(self, key: Name) -> Element:
        """The element of a top-level property, made where it is missing; a value held by an attribute moves into it."""
        descriptions = list(self._descriptions())
        for description in descriptions:
            found = child(description, key)
            if found is not None:
                return found
        target = descriptions[0] if descriptions else self._add_description()
        value = ""
        for description in descriptions:
            value = value or description.getAttributeNS(key.namespace, key.local)
            _drop_attribute(description, key)
        return add_field(target, key, value)

    def set_text(self, key: Name, text: str) -> None:
        set_text(self.obtain(key), text)

    def declare(self, *prefixes: str) -> None:
        """Binds prefixes of the table above once for the whole packet, unless they mean something else there."""
        for prefix in prefixes:
            if not self._root.hasAttributeNS(XMLNS, prefix):
                self._root.setAttributeNS(XMLNS, f"xmlns:{prefix}", _PREFIXES[prefix])

    def serialise(self) -> str:
        """The packet as text with its ``<?xpacket?>`` lines, ready to be encoded as UTF-8."""
        nodes: list[minidom.Node] = [*self._document.childNodes]
        targets = [node.target for node in nodes if isinstance(node, minidom.ProcessingInstruction)]
        text = "".join(_serialised(node, {"xml": XML}) for node in nodes)
        if "xpacket" in targets:
            return text
        return f'<?xpacket {_XPACKET_BEGIN}?>{text}<?xpacket end="w"?>'

    def _descriptions(self) -> Iterator[Element]:
        return (each for each in elements(self._root) if (each.namespaceURI, each.localName) == (RDF, "Description"))

    def _add_description(self) -> Element:
        added = add_field(self._root, Name("rdf", "Description"))
        added.setAttributeNS(RDF, "rdf:about", "")
        return added


def _depth(document: Document) -> int:
    deepest = 0
    level: list[minidom.Node] = [*document.childNodes]
    while level and deepest <= MAX_DEPTH:
        deepest += 1
        level = [below for node in level for below in node.childNodes]
    return deepest


def elements(parent: Element) -> list[Element]:
    return [node for node in parent.childNodes if isinstance(node, Element)]


def child(parent: Element, key: Name) -> Element | None:
    return next(
        (each for each in elements(parent) if (each.namespaceURI, each.localName) == (key.namespace, key.local)), None
    )


def text_of(element: Element) -> str:
    """The simple value of an element; of an array (a language alternative, say) its first item."""
    entries = items(element)
    if entries:
        return text_of(entries[0])
    value = child(element, Name("rdf", "value"))
    if value is not None:
        return text_of(value)
    return "".join(node.data for node in element.childNodes if isinstance(node, minidom.Text)).strip()


def _struct(element: Element) -> Element:
    """The element that holds a struct's fields."""
    return child(element, Name("rdf", "Description")) or element


def field(struct: Element, key: Name) -> Element | None:
    return child(_struct(struct), key)


def field_text(struct: Element, key: Name) -> str:
    """A simple field, be it an attribute or an element; empty where it is missing."""
    holder = _struct(struct)
    found = child(holder, key)
    if found is not None:
        return text_of(found)
    return str(holder.getAttributeNS(key.namespace, key.local)).strip()


def array(element: Element) -> Element | None:
    return next((found for kind in _ARRAYS if (found := child(element, Name("rdf", kind))) is not None), None)


def items(element: Element | None) -> list[Element]:
    """The ``rdf:li`` elements of an array property, whichever kind of array it is."""
    found = array(element) if element is not None else None
    return [each for each in elements(found) if each.localName == "li"] if found is not None else []


def add_field(parent: Element, key: Name, text: str = "") -> Element:
    document = parent.ownerDocument
    assert isinstance(document, Document)
    added = document.createElementNS(key.namespace, key.qualified)
    parent.appendChild(added)
    if text:
        set_text(added, text)
    return added


def set_text(element: Element, text: str) -> None:
    """Makes ``text`` the whole content of ``element``."""
    document = element.ownerDocument
    assert isinstance(document, Document)
    for node in list(element.childNodes):
        element.removeChild(node)
    element.appendChild(document.createTextNode(text))


def obtain_array(element: Element, kind: str) -> Element:
    """The array of a property, made as ``kind`` where it is missing; a simple value becomes its first item."""
    found = array(element)
    if found is not None:
        return found
    value = text_of(element)
    for node in list(element.childNodes):
        element.removeChild(node)
    made = add_field(element, Name("rdf", kind))
    if value:
        add_field(made, Name("rdf", "li"), value)
    return made


def obtain_struct(element: Element) -> Element:
    """The element to add fields to. Attributes that stand for fields move to a nested ``rdf:Description``."""
    nested = child(element, Name("rdf", "Description"))
    if nested is not None:
        return nested
    if element.getAttributeNS(RDF, "parseType") == "Resource":
        return element
    fields = [each for each in element.attributes.values() if each.namespaceURI not in (None, RDF, XML, XMLNS)]
    if not fields:
        element.setAttributeNS(RDF, "rdf:parseType", "Resource")
        return element
    nested = add_field(element, Name("rdf", "Description"))
    for each in fields:
        element.removeAttributeNode(each)
        nested.setAttributeNS(each.namespaceURI, each.name, each.value)
    return nested


def replace_field(struct: Element, key: Name) -> Element:
    """An empty element for a field of an opened struct, in the place of the old one."""
    _drop_attribute(struct, key)
    old = child(struct, key)
    made = add_field(struct, key)
    if old is not None:
        struct.replaceChild(made, old)
    return made


def _drop_attribute(element: Element, key: Name) -> None:
    if element.hasAttributeNS(key.namespace, key.local):
        element.removeAttributeNS(key.namespace, key.local)


def _escaped(text: str, *, attribute: bool) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")
    if not attribute:
        return text
    # A parser turns a bare line break inside an attribute into a space.
    return text.replace('"', "&quot;").replace("\n", "&#xA;").replace("\t", "&#x9;")


def _serialised(node: minidom.Node, scope: dict[str, str]) -> str:
    if isinstance(node, Element):
        return _serialised_element(node, scope)
    if isinstance(node, minidom.CDATASection):
        return f"<![CDATA[{node.data}]]>"
    if isinstance(node, minidom.Text):
        return _escaped(node.data, attribute=False)
    if isinstance(node, minidom.Comment):
        return f"<!--{node.data}-->"
    if isinstance(node, minidom.ProcessingInstruction):
        return f"<?{node.target} {node.data}?>"
    return ""


def _serialised_element(element: Element, outer: dict[str, str]) -> str:
    """Declares whatever prefix is not in scope, so that fragments may be put anywhere."""
    attributes = list(element.attributes.values())
    declared = {each.localName if each.prefix else "": each.value for each in attributes if each.namespaceURI == XMLNS}
    scope = outer | declared
    parts = [f' {each.name}="{_escaped(each.value, attribute=True)}"' for each in attributes]
    for node in (element, *attributes):
        prefix, uri = node.prefix or "", node.namespaceURI
        if uri in (None, XMLNS, XML) or scope.get(prefix) == uri or (node is not element and not prefix):
            continue
        scope[prefix] = uri
        parts.append(f' xmlns{":" if prefix else ""}{prefix}="{_escaped(uri, attribute=True)}"')
    content = "".join(_serialised(each, scope) for each in element.childNodes)
    start = f"<{element.tagName}{''.join(parts)}"
    return f"{start}>{content}</{element.tagName}>" if content else f"{start}/>"
