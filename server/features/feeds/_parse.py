"""RSS and Atom to plain items: by lxml, and by feedparser where lxml finds nothing.

Keys of an item are the names that feedparser gives (``title``, ``link``, ``id``, ``summary``, ``published``,
``torrent_infohash`` ...), because configs use them in ``other_fields``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.entities import name2codepoint
from typing import TYPE_CHECKING, Any, NamedTuple

from server.features.feeds._markup import mend

if TYPE_CHECKING:
    from lxml.etree import _Element

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
ITUNES = frozenset({"http://www.itunes.com/dtds/podcast-1.0.dtd", "http://example.com/DTDs/PodCast-1.0.dtd"})
MEDIA = frozenset({"http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss"})
PLAIN = frozenset(
    {None, ATOM, "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/", "http://purl.org/atom/ns#"}
)

SAME = {
    "guid": "id",
    "description": "summary",
    "pubdate": "published",
    "issued": "published",
    "modified": "updated",
    "date": "updated",
    "creator": "author",
    "encoded": "content",
}
"""Element: name of its key."""

_CDATA_OR_AND = re.compile(rb"<!\[CDATA\[.*?\]\]>|&(?!#?\w{1,31};)|&([a-zA-Z]\w{1,30});", re.DOTALL)
_XML_ENTITIES = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
_NAMESPACES = re.compile(r"""\sxmlns(:\w+)?=("[^"]*"|'[^']*')""")
_BAD_CHARACTERS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Enclosure(NamedTuple):
    """A file that an item comes with; ``length`` as written."""

    url: str
    length: str | None
    type: str | None


@dataclass(slots=True)
class Item:
    """``fields``: texts by feedparser's names. ``permalink``: whether ``id`` is an address to open."""

    fields: dict[str, str] = field(default_factory=dict)
    enclosures: list[Enclosure] = field(default_factory=list)
    permalink: bool = True


@dataclass(slots=True)
class Feed:
    """``is_feed``: whether it was a feed at all. ``problem``: what had to be forgiven while reading it."""

    items: list[Item]
    is_feed: bool = True
    problem: str | None = None


def parse(body: bytes) -> Feed:
    """The items of a feed's bytes."""
    from lxml import etree

    problem = None
    try:
        root: Any = etree.fromstring(body, _parser(recover=False))
    except (etree.XMLSyntaxError, ValueError) as error:
        problem = str(error)
        mended = repaired(body)
        root = etree.fromstring(mended, _parser(recover=True)) if mended else None
    if root is not None:
        items = [_item(element) for element in _items(root)]
        if items or _name(root)[1] in ("rss", "feed", "rdf"):
            return Feed(items, True, problem)
    return _by_feedparser(body, problem)


def _parser(*, recover: bool) -> Any:
    from lxml import etree

    return etree.XMLParser(
        recover=recover, resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )


def repaired(body: bytes) -> bytes:
    """Bare ``&`` and HTML's entities as XML wants them, without characters that XML does not have."""

    def repair(found: re.Match[bytes]) -> bytes:
        text, name = found.group(0), found.group(1)
        if text.startswith(b"<!") or name in _XML_ENTITIES:
            return text
        code = name2codepoint.get(name.decode()) if name else None
        return f"&#{code};".encode() if code else b"&amp;" + text[1:]

    return _CDATA_OR_AND.sub(repair, _BAD_CHARACTERS.sub(b"", body.lstrip()))


def _name(element: _Element) -> tuple[str | None, str]:
    """Namespace and local name in lower case; no name for comments and the like."""
    tag = element.tag
    return _split_tag(tag) if isinstance(tag, str) else (None, "")


@lru_cache(maxsize=1024)
def _split_tag(tag: str) -> tuple[str | None, str]:
    space, brace, local = tag[1:].partition("}") if tag[0] == "{" else ("", "", tag)
    return (space if brace else None), local.lower()


def _items(root: _Element) -> Iterator[_Element]:
    for element in root.iter("{*}item", "{*}entry", "{*}Item", "{*}Entry"):
        if _name(element)[0] in PLAIN:
            yield element


def _item(element: _Element) -> Item:
    item = Item()
    about = element.get(f"{{{RDF}}}about")
    if about:
        item.fields["id"] = about
    for child in element:
        space, local = _name(child)
        if local == "link" and space in PLAIN:
            _link(item, child)
        elif local == "enclosure" and space in PLAIN:
            item.enclosures.append(Enclosure(_attribute(child, "url"), child.get("length"), child.get("type")))
        elif local == "attr" and child.get("name"):
            item.fields.setdefault(_attribute(child, "name").lower(), _attribute(child, "value"))
        elif local:
            _text_field(item, child, space, local)
    fields = item.fields
    if "content" in fields:
        fields.setdefault("summary", fields["content"])
    if item.permalink and "link" not in fields and "id" in fields:
        fields["link"] = fields["id"]
    if "link" in fields:
        fields["link"] = fields["link"].replace("&amp;", "&")  # escaped twice, as in many feeds
    item.enclosures = [part._replace(url=part.url.replace("&amp;", "&")) for part in item.enclosures if part.url]
    return item


def _link(item: Item, element: _Element) -> None:
    address = element.get("href")
    if address is None:
        text = (element.text or "").strip()
        if text:
            item.fields["link"] = text
    elif element.get("rel", "alternate") == "enclosure":
        item.enclosures.append(Enclosure(address.strip(), element.get("length"), element.get("type") or "text/html"))
    elif element.get("rel", "alternate") == "alternate":
        item.fields.setdefault("link", address.strip())


def _attribute(element: _Element, name: str) -> str:
    return (element.get(name) or "").strip()


def _text_field(item: Item, element: _Element, space: str | None, local: str) -> None:
    name = SAME.get(local, local)
    text = mend(_inner(element), _kind(element, space, local))
    if space in PLAIN:
        if local == "guid":
            item.permalink = (element.get("isPermaLink") or "true") == "true"
        if local == "author":
            text = _person(element) or text
        if name in ("category", "comments") and name in item.fields:
            return
        if local == "category":
            text = text or _attribute(element, "term")
        item.fields[name] = text
    elif space == DC:
        if local == "creator":
            item.fields["author"] = text
        elif local in ("title", "description"):
            item.fields.setdefault(name, text)
        else:
            item.fields[name if local == "date" else f"dc_{local}"] = text
    elif space == CONTENT:
        item.fields["content"] = text
    elif space in ITUNES and local == "author":
        item.fields["author"] = text
    else:
        prefix = "itunes" if space in ITUNES else "media" if space in MEDIA else (element.prefix or "").lower()
        item.fields[f"{prefix}_{local}" if prefix else local] = text


def _kind(element: _Element, space: str | None, local: str) -> str | None:
    """Whether an element's text is markup (``html``), may be some (``guess``), or is none."""
    if space == ATOM:
        return "html" if element.get("type") in ("html", "text/html") else None
    if space == CONTENT or (local == "description" and space in PLAIN):
        return "html"
    return "guess" if local in ("title", "summary", "rights", "copyright") and space in (*PLAIN, DC) else None


def _person(element: _Element) -> str:
    known = {_name(child)[1]: (child.text or "").strip() for child in element}
    name, email = known.get("name"), known.get("email")
    return f"{name} ({email})" if name and email else name or email or ""


def _inner(element: _Element) -> str:
    """The text of an element, with the markup of what lies inside it."""
    if not len(element):
        return (element.text or "").strip()
    from lxml import etree

    parts = [element.text or ""]
    for child in element:
        text = etree.tostring(child, encoding="unicode", method="html", with_tail=False)
        parts.append(_NAMESPACES.sub("", text))
        parts.append(child.tail or "")
    return "".join(parts).strip()


def _by_feedparser(body: bytes, problem: str | None) -> Feed:
    import feedparser

    parsed = feedparser.parse(body)
    items = []
    for found in parsed.entries:
        fields = {key: str(value).strip() for key, value in found.items() if isinstance(value, str)}
        if found.get("content"):
            fields.setdefault("summary", str(found["content"][0].get("value", "")).strip())
        enclosures = [
            Enclosure(str(part["href"]), part.get("length"), part.get("type"))
            for part in found.get("enclosures", ())
            if part.get("href")
        ]
        items.append(Item(fields, enclosures, bool(found.get("guidislink", True))))
    if not items and parsed.bozo and problem is None:
        problem = str(parsed.get("bozo_exception", ""))
    return Feed(items, bool(items or parsed.version), problem)
