"""A strict ProConnect for tests: it refuses whatever the real one refuses, and can be told to answer wrongly.

Written from its technical guide (partenaires.proconnect.gouv.fr): any unknown parameter is an error Y000400; state and
nonce have 32 characters or more; the client authenticates by client_secret_post; a code serves once, within 30 seconds;
an access token lives 60 seconds; user information is a signed JWT; signing out wants the identity token and a state.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

BASE = "/api/v2"
SHORTEST = 32
CODE_LASTS, TOKEN_LASTS = 30, 60

_AUTHORIZE = {
    *("client_id", "acr_values", "claims", "response_type", "response_mode", "nonce", "login_hint", "state"),
    *("redirect_uri", "scope", "prompt", "idp_hint", "code_challenge", "code_challenge_method"),
}
_TOKEN = {"grant_type", "client_id", "client_secret", "redirect_uri", "code", "code_verifier"}
_SIGN_OUT = {"id_token_hint", "state", "post_logout_redirect_uri", "client_id", "logout_hint", "ui_locales"}
_SCOPES = {"openid", "given_name", "usual_name", "email", "uid", "siret", "organizational_unit"}

Claims = dict[str, Any]


def _same(claims: Claims) -> Claims:
    return claims


@dataclass
class ProConnect:
    """A provider with one client. `personne` is who signs in; the rest makes it hostile, broken, or late."""

    address: str
    client: str
    client_id: str = "accueil-orientation"
    client_secret: str = "secret-connu-des-deux"
    personne: Claims = field(default_factory=dict)
    acr: str = "eidas1"
    id_token: Callable[[Claims], Claims] = _same
    userinfo: Callable[[Claims], Claims] = _same
    issuer: str = ""
    signs_userinfo: bool = True
    late: int = 0
    """Seconds that pass between two requests."""

    def __post_init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "cle-1", "use": "sig", "alg": "RS256"})
        self.signing: RSAKey | OctKey = self.key
        self.algorithm = "RS256"
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._codes: dict[str, tuple[dict[str, str], float]] = {}
        self._tokens: dict[str, tuple[dict[str, str], float]] = {}

    def app(self) -> Starlette:
        """The provider as an application."""
        return Starlette(
            routes=[
                Route(f"{BASE}/.well-known/openid-configuration", self._discovery),
                Route(f"{BASE}/authorize", self._authorize),
                Route(f"{BASE}/token", self._token, methods=["POST"]),
                Route(f"{BASE}/userinfo", self._userinfo),
                Route(f"{BASE}/jwks", self._jwks),
                Route(f"{BASE}/session/end", self._end),
            ]
        )

    @property
    def name(self) -> str:
        """What it says it is."""
        return self.issuer or self.address + BASE

    def turn_key(self) -> None:
        """Signs with another key from now on."""
        self.key = self.signing = RSAKey.generate_key(2048, {"kid": "cle-2", "use": "sig", "alg": "RS256"})

    # --- what it says of itself ---

    async def _discovery(self, _request: Request) -> Response:
        here = self.address + BASE
        return JSONResponse(
            {
                "issuer": self.name,
                "authorization_endpoint": f"{here}/authorize",
                "token_endpoint": f"{here}/token",
                "userinfo_endpoint": f"{here}/userinfo",
                "jwks_uri": f"{here}/jwks",
                "end_session_endpoint": f"{here}/session/end",
                "response_types_supported": ["code"],
                "id_token_signing_alg_values_supported": ["ES256", "RS256", "HS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def _jwks(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    # --- signing in ---

    async def _authorize(self, request: Request) -> Response:
        given = dict(request.query_params)
        self.asked.append(("authorize", given))
        wrong = [
            *(f"unknown parameter {name}" for name in set(given) - _AUTHORIZE),
            *(f"{name} is too short" for name in ("state", "nonce") if len(given.get(name, "")) < SHORTEST),
            *(["wrong client"] if given.get("client_id") != self.client_id else []),
            *(["wrong redirect_uri"] if given.get("redirect_uri") != f"{self.client}/connexion/retour" else []),
            *(["wrong response_type"] if given.get("response_type") != "code" else []),
            *(["wrong scope"] if not {"openid"} <= set(given.get("scope", "").split()) <= _SCOPES else []),
            *(["PKCE must be S256"] if given.get("code_challenge_method", "S256") != "S256" else []),
        ]
        if wrong or len(request.query_params.multi_items()) != len(given):
            return JSONResponse({"error": "Y000400", "details": wrong}, 400)
        code = secrets.token_urlsafe(32)
        self._codes[code] = given, self._now()
        return RedirectResponse(f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state']})}", 303)

    async def _token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        self.asked.append(("token", form))
        if "authorization" in request.headers or set(form) - _TOKEN:
            return JSONResponse({"error": "invalid_request"}, 400)
        if (form.get("client_id"), form.get("client_secret")) != (self.client_id, self.client_secret):
            return JSONResponse({"error": "invalid_client"}, 401)
        asked, since = self._codes.pop(form.get("code", ""), ({}, 0.0))
        in_time = self._now() - since <= CODE_LASTS
        if not asked or not in_time or form.get("redirect_uri") != asked["redirect_uri"] or not _proves(asked, form):
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = secrets.token_urlsafe(32)
        self._tokens[token] = asked, self._now()
        claims = self._about(asked) | {
            "nonce": asked["nonce"],
            "auth_time": int(time.time()),
            "acr": self._level(asked),
        }
        return JSONResponse(
            {
                "access_token": token,
                "token_type": "Bearer",
                "expires_in": TOKEN_LASTS,
                "id_token": self._signed(self.id_token(claims)),
            }
        )

    async def _userinfo(self, request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        asked, since = self._tokens.get(token, ({}, 0.0))
        if not asked or self._now() - since > TOKEN_LASTS:
            return JSONResponse({"error": "invalid_token"}, 401)
        allowed = set(asked["scope"].split())
        claims = self.userinfo(self._about(asked) | {n: v for n, v in self.personne.items() if n in allowed})
        if not self.signs_userinfo:
            return JSONResponse(claims)
        return Response(self._signed(claims), media_type="application/jwt")

    # --- signing out ---

    async def _end(self, request: Request) -> Response:
        given = dict(request.query_params)
        self.asked.append(("end", given))
        try:
            hint = jwt.decode(given.get("id_token_hint", ""), self.key, algorithms=["RS256"]).claims
        except (JoseError, ValueError):
            hint = {}
        back = given.get("post_logout_redirect_uri")
        known = hint.get("aud") == self.client_id and back == f"{self.client}/deconnexion/retour"
        if set(given) - _SIGN_OUT or not known or len(given.get("state", "")) < SHORTEST:
            return JSONResponse({"error": "Y000400"}, 400)
        return RedirectResponse(f"{back}?{urlencode({'state': given['state']})}", 303)

    # --- tokens ---

    def _now(self) -> float:
        """A clock that jumps by `late` seconds at each look."""
        self._elapsed = getattr(self, "_elapsed", 0) + self.late
        return time.time() + self._elapsed

    def _about(self, asked: Mapping[str, str]) -> Claims:
        now = int(time.time())
        return {
            "sub": self.personne["sub"],
            "iss": self.name,
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + TOKEN_LASTS,
        }

    def _level(self, asked: Mapping[str, str]) -> str:
        """An essential level that cannot be reached would be an error; here the real level is said."""
        json.loads(asked.get("claims", "{}"))
        return self.acr

    def _signed(self, claims: Claims) -> str:
        kid = getattr(self.signing, "kid", None) or "cle-1"
        return jwt.encode({"alg": self.algorithm, "kid": kid}, claims, self.signing, algorithms=[self.algorithm])


def _proves(asked: Mapping[str, str], form: Mapping[str, str]) -> bool:
    """PKCE: whoever brings the code is who asked for it."""
    if "code_challenge" not in asked:
        return "code_verifier" not in form
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
