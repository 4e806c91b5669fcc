"""The news as an Atom feed (RFC 4287), for whoever follows them from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlencode
from uuid import UUID, uuid5
from xml.etree import ElementTree

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from desk import base as bases
from desk import news
from desk.access import settings
from desk.shell import FEED
from engine.base import Base
from store.database import Unavailable
from store.news import Nouvelle, feed_identifier
from store.news import news as last_news

PATH = FEED
MEDIA_TYPE = "application/atom+xml"
TITLE = "Quoi de neuf"
AT_MOST = 50
"""Pieces of news in the feed."""

_ATOM = "http://www.w3.org/2005/Atom"
_NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)
_HOST = re.compile(r"[\w.\-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?", re.ASCII)


def answer(request: Request) -> Response:
    """The feed; nothing again when the reader already has it."""
    address = _address(request)
    if address is None:
        return PlainTextResponse("Adresse inconnue.", 400)
    try:
        store, base = bases.store(), bases.live().current().base
        if store is None:
            return PlainTextResponse("Ici, les changements des fiches ne sont pas suivis.", 404)
        if base is None:
            return PlainTextResponse("L’accueil ne peut pas répondre.", 503, {"retry-after": "60"})
        body = atom(last_news(store, AT_MOST), feed_identifier(store), address, base)
    except Unavailable as error:
        return PlainTextResponse(str(error), 503, {"retry-after": "60"})
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "no-cache", "x-content-type-options": "nosniff"}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def atom(pieces: Sequence[Nouvelle], identifier: str, address: str, base: Base) -> bytes:
    """The document: the same bytes for the same news, in every process. `address` is where the desk is reached."""
    basin = base.catalogue.territoire.nom
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": "fr"})
    _put(feed, "id", f"urn:uuid:{identifier}")
    _put(feed, "title", f"{TITLE} — {basin}")
    _put(feed, "updated", _instant(max((piece.quand for piece in pieces), default=_NOTHING_YET)))
    _put(_put(feed, "author"), "name", f"Réseau du SPRO-EP, {basin}")
    _put(feed, "link", rel="self", type=MEDIA_TYPE, href=f"{address}{PATH}")
    _put(feed, "link", rel="alternate", type="text/html", href=f"{address}/nouveautes")
    for piece in pieces:
        _entry(feed, piece, identifier, address, base)
    ElementTree.indent(feed)
    document: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def _entry(feed: ElementTree.Element, piece: Nouvelle, identifier: str, address: str, base: Base) -> None:
    entry = _put(feed, "entry")
    _put(entry, "id", f"urn:uuid:{uuid5(UUID(identifier), str(piece.depuis))}")
    _put(entry, "title", news.title(piece))
    _put(entry, "updated", _instant(piece.quand))
    _put(_put(entry, "author"), "name", news.author(piece))
    sheet = piece.apres if piece.apres and not piece.apres.archivee else None
    where = f"/annuaire?{urlencode({'structure': sheet.fiche})}" if sheet else "/nouveautes"
    _put(entry, "link", rel="alternate", type="text/html", href=f"{address}{where}")
    _put(entry, "content", _text(news.sentence(piece), news.changes(piece, base)), type="text")


def _text(sentence: str, changes: Iterable[news.Changement]) -> str:
    return "\n".join([sentence, *(f"{change}." for change in changes)])


def _put(parent: ElementTree.Element, tag: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    found = ElementTree.SubElement(parent, tag, attributes)
    found.text = text
    return found


def _instant(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _address(request: Request) -> str | None:
    """Where the desk is reached: as it is set, else as the reader asked; None when that is no address."""
    known = settings.current().adresse
    if known:
        return known
    host = request.headers.get("host", "")
    return f"{request.url.scheme}://{host}" if _HOST.fullmatch(host) else None


def _has(sent: str, tag: str) -> bool:
    """Whether `If-None-Match` names what would be sent (RFC 9110, 13.1.2)."""
    return sent.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in sent.split(","))
