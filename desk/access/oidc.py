"""An OpenID Connect provider, ProConnect among them: authorization code with PKCE, signatures and claims all checked.

Sources: OpenID Connect Core 1.0; the technical guide of ProConnect (client_secret_post, state and nonce of 32
characters or more, user information as a signed JWT, sign-out with id_token_hint and state).
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from desk.access.settings import Fournisseur, is_private

ALGORITHMS = ("ES256", "RS256")
"""Signatures by the provider's own key. Not HS256, whose key is a password that both sides know."""

RETURN = "/connexion/retour"
SIGNED_OUT = "/deconnexion/retour"

_TIMEOUT = 10
"""Seconds for each answer of the provider."""

_LEEWAY = 30
"""Seconds by which the provider's clock may differ from ours."""

_FRESH = 3600
"""Seconds during which what the provider says of itself is not asked again."""

_KEYS_AT_MOST_EVERY = 30
"""Seconds between two readings of the provider's keys, whatever forged tokens ask for."""

_log = logging.getLogger("spro")


class Refusee(Exception):
    """The sign-in did not succeed. In French; the cause goes to the log, without any token."""


class Injoignable(Refusee):
    """The provider does not answer."""


@dataclass(frozen=True, slots=True)
class Identite:
    """Who the provider says is there, and the token that closes its session."""

    courriel: str
    id_token: str


@dataclass(frozen=True, slots=True)
class Demande:
    """One request to sign in, kept by the browser until it comes back."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """A provider and this application as its client. Safe to share between threads."""

    def __init__(self, settings: Fournisseur, address: str) -> None:
        self.settings = settings
        self._address = address
        self._lock = threading.Lock()
        self._metadata: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def authorization(self, demande: Demande) -> str:
        """Where the browser goes to sign in. Raises Refusee."""
        wanted = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self._address + RETURN,
            "scope": self.settings.scopes,
            "state": demande.state,
            "nonce": demande.nonce,
            "code_challenge": create_s256_code_challenge(demande.verifier),
            "code_challenge_method": "S256",
            **self._level(),
        }
        with self._said():
            return str(add_params_to_uri(self._endpoint("authorization_endpoint"), list(wanted.items())))

    def identity(self, code: str, demande: Demande) -> Identite:
        """Who came back with a code. Raises Refusee when anything at all is not as it must be."""
        with self._said():
            answer = self._tokens(code, demande)
            identity = self._checked_id_token(str(answer["id_token"]), str(answer["access_token"]), demande.nonce)
            person = self._person(str(answer["access_token"]), identity)
        email = person.get("email")
        if not isinstance(email, str) or "@" not in email:
            raise Refusee(f"{self.settings.nom} n’a pas transmis d’adresse électronique.")
        if self.settings.courriel_verifie and person.get("email_verified") is not True:
            raise Refusee("Cette adresse électronique n’a pas été vérifiée par votre organisation.")
        return Identite(email, str(answer["id_token"]))

    def sign_out(self, id_token: str, state: str) -> str | None:
        """Where the browser goes to close the session of the provider; None when it has no such page."""
        wanted = {"id_token_hint": id_token, "state": state, "post_logout_redirect_uri": self._address + SIGNED_OUT}
        try:
            with self._said():
                if not self._read_metadata().get("end_session_endpoint"):
                    return None
                return str(add_params_to_uri(self._endpoint("end_session_endpoint"), list(wanted.items())))
        except Refusee:
            return None  # signed out here all the same

    # --- the three requests ---

    def _tokens(self, code: str, demande: Demande) -> dict[str, Any]:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._address + RETURN,
            "code_verifier": demande.verifier,
        }
        client = self.settings.client_id, self.settings.client_secret
        methods = self._read_metadata().get("token_endpoint_auth_methods_supported", ["client_secret_post"])
        endpoint = self._endpoint("token_endpoint")
        if "client_secret_post" in methods:
            answer = httpx.post(
                endpoint, data={**sent, "client_id": client[0], "client_secret": client[1]}, timeout=_TIMEOUT
            )
        else:
            answer = httpx.post(endpoint, data=sent, auth=client, timeout=_TIMEOUT)
        return _object(answer)

    def _checked_id_token(self, token: str, access_token: str, nonce: str) -> dict[str, Any]:
        decoded = self._decoded(token)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            self._expected(),
            {"nonce": nonce, "client_id": self.settings.client_id, "access_token": access_token},
        )
        claims.validate(now=int(time.time()), leeway=_LEEWAY)
        if self.settings.acr_exige and claims.get("acr") not in self.settings.acr.split():
            raise ValueError("the level of authentication is not one that is required")
        return dict(claims)

    def _person(self, access_token: str, identity: Mapping[str, Any]) -> Mapping[str, Any]:
        """The user information, signed or not, of the person of the identity token."""
        bearer = {"Authorization": f"Bearer {access_token}"}
        answer = httpx.get(self._endpoint("userinfo_endpoint"), headers=bearer, timeout=_TIMEOUT)
        if answer.headers.get("content-type", "").startswith("application/jwt"):
            answer.raise_for_status()
            person = self._decoded(answer.text.strip()).claims
            jwt.JWTClaimsRegistry(now=int(time.time()), leeway=_LEEWAY, **self._expected()).validate(person)
        elif self.settings.userinfo_signed:
            raise ValueError("the user information is not signed")
        else:
            person = _object(answer)
        if person.get("sub") != identity["sub"]:
            raise ValueError("the user information is somebody else's")
        return person

    # --- what the provider says of itself ---

    def _level(self) -> dict[str, str]:
        """The level of authentication: wished for, or required (ProConnect then wants it as an essential claim)."""
        values = self.settings.acr.split()
        if not values:
            return {}
        if not self.settings.acr_exige:
            return {"acr_values": " ".join(values)}
        return {"claims": json.dumps({"id_token": {"acr": {"essential": True, "values": values}}})}

    def _expected(self) -> dict[str, Any]:
        return {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client_id},
            "sub": {"essential": True},
        }

    def _decoded(self, token: str) -> jwt.Token:
        """A token that one of the provider's keys signed; the keys are read again when it may have a new one."""
        try:
            return jwt.decode(token, self._read_keys(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            return jwt.decode(token, self._read_keys(older_than=_KEYS_AT_MOST_EVERY), algorithms=ALGORITHMS)

    def _read_keys(self, older_than: float = _FRESH) -> KeySet:
        endpoint = self._endpoint("jwks_uri")
        with self._lock:
            if self._keys is None or time.monotonic() - self._keys[0] > older_than:
                found = _object(httpx.get(endpoint, timeout=_TIMEOUT))
                self._keys = time.monotonic(), KeySet.import_key_set(found)  # type: ignore[arg-type]
            return self._keys[1]

    def _read_metadata(self) -> dict[str, Any]:
        with self._lock:
            if self._metadata is None or time.monotonic() - self._metadata[0] > _FRESH:
                answer = httpx.get(f"{self.settings.issuer}/.well-known/openid-configuration", timeout=_TIMEOUT)
                found = _object(answer)
                if str(found.get("issuer", "")).rstrip("/") != self.settings.issuer:
                    raise ValueError("the provider gives another issuer than the one of the settings")
                self._metadata = time.monotonic(), found
            return self._metadata[1]

    def _endpoint(self, name: str) -> str:
        address = str(self._read_metadata()[name])
        if not is_private(address):
            raise ValueError(f"the provider's {name} is not an https address")
        return address

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except httpx.TransportError as error:
            _log.warning("identity provider out of reach: %s", type(error).__name__)
            raise Injoignable(f"{self.settings.nom} ne répond pas. Recommencez dans un instant.") from error
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            _log.warning("sign-in refused: %s: %s", type(error).__name__, str(error).partition("\n")[0])
            raise Refusee(f"La réponse de {self.settings.nom} n’a pas pu être vérifiée. Recommencez.") from error


def _object(answer: httpx.Response) -> dict[str, Any]:
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    return found
