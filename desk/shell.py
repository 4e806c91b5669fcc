"""The HTML page that carries the application: in French, with our styles and scripts, and a strict security policy."""

from __future__ import annotations

import base64
import hashlib
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

TITLE = "Accueil orientation"
FEED = "/nouveautes.atom"
"""The news as a feed: see desk/feed.py."""

_HIDDEN = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/upload_file")
"""Routes of the framework that nobody needs here."""

_HEAD = (
    '<meta name="referrer" content="no-referrer">'
    f'<link rel="alternate" type="application/atom+xml" title="Quoi de neuf" href=".{FEED}">'
    '<link rel="stylesheet" href="./app/static/accueil.css">'
    '<script defer src="./app/static/francais.js"></script>'
    '<script defer src="./app/static/accueil.js"></script></head>'
)
_NOSCRIPT = "<noscript><p>Activez JavaScript pour utiliser l’accueil orientation.</p></noscript>"
_REWRITES = (
    (r"<!--.*?-->\s*", ""),
    (r'<html lang="en">', '<html lang="fr">'),
    (r"<title>.*?</title>", f"<title>{TITLE}</title>"),
    (r"<noscript>.*?</noscript>", _NOSCRIPT),
    (r'<link rel="shortcut icon"[^>]*>', '<link rel="icon" href="./app/static/icone.svg" type="image/svg+xml">'),
    (r'<link\s+rel="preload"[^>]*as="font"[^>]*>', ""),
    (r'<link rel="service-desc"[^>]*>', ""),
    (r"</head>", _HEAD),
)


def french_page(page: str) -> str:
    """The page of the framework with our language, title, icon, styles and scripts."""
    for pattern, replacement in _REWRITES:
        page = re.sub(pattern, replacement, page, flags=re.DOTALL)
    return page


def security_policy(page: str) -> str:
    """Everything comes from this server; the only inline scripts allowed are those the page was shipped with."""
    inline = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline)
    hashes = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
        "frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
    )


class FrenchShell:
    """ASGI middleware: rewrites HTML pages, adds security headers, hides the framework's own side doors."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"].startswith(_HIDDEN):
            await _not_found(send)
        else:
            await self.app(_plain_html(scope), receive, _HtmlRewriter(send, is_file=_is_file(scope)))


async def _not_found(send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def _is_file(scope: Scope) -> bool:
    """Whether a path names a file: that of a page has no extension."""
    return "." in scope["path"].rpartition("/")[2]


def _plain_html(scope: Scope) -> Scope:
    """A page is asked whole and uncompressed, so that it can be rewritten."""
    if _is_file(scope):
        return scope
    unwanted = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in unwanted]}


class _HtmlRewriter:
    """Holds an HTML response until it is whole, then sends it rewritten; lets the rest through.

    A file that does not exist is answered by the framework with its page, which is then no answer: 404.
    """

    def __init__(self, send: Send, *, is_file: bool) -> None:
        self._send = send
        self._is_file = is_file
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = dict(message["headers"])
            ours = b"content-security-policy" in headers  # a page that is already as it must be
            if headers.get(b"content-type", b"").startswith(b"text/html") and not ours:
                self._start = message
                return
        elif self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page(self._start)
            return
        await self._send(message)

    async def _send_page(self, start: Message) -> None:
        if self._is_file:
            await _not_found(self._send)
            return
        page = french_page(self._body.decode())
        body = page.encode()
        replaced = (b"content-length", b"etag", b"last-modified")
        headers = [(name, value) for name, value in start["headers"] if name.lower() not in replaced]
        headers += [
            (b"content-length", str(len(body)).encode()),
            (b"content-security-policy", security_policy(page).encode()),
            (b"referrer-policy", b"no-referrer"),
            (b"x-content-type-options", b"nosniff"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
        ]
        await self._send({**start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})
