"""The settings about who comes in: all read from the environment at the start, all that is wrong said at once."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal
from urllib.parse import urlsplit

from engine.problems import meant, nearest
from store.logins import COOKIE
from store.settings import ENV_SECRET, SECRET_LENGTH

ENV_ADDRESS = "SPRO_ADRESSE"
ENV_REQUIRED = "SPRO_COMPTE_OBLIGATOIRE"
OIDC = "SPRO_OIDC_"

Profil = Literal["proconnect", "standard"]


@dataclass(frozen=True, slots=True)
class Fournisseur:
    """An OpenID Connect provider, and what to ask it for. `acr_exige`: no lower level will do."""

    nom: str
    issuer: str
    client_id: str
    client_secret: str
    scopes: str
    acr: str
    acr_exige: bool
    userinfo_signed: bool
    courriel_verifie: bool


@dataclass(frozen=True, slots=True)
class Reglages:
    """Where the front desk is reached from outside, whether reading needs an account, and the provider if any."""

    adresse: str | None = None
    compte_obligatoire: bool = False
    fournisseur: Fournisseur | None = None

    @property
    def secure(self) -> bool:
        """Whether browsers reach the desk by https: cookies then travel no other way."""
        return (self.adresse or "").startswith("https:")

    @property
    def session_cookie(self) -> str:
        """The cookie that holds the token of the session."""
        return self.cookie(COOKIE)

    def cookie(self, name: str) -> str:
        """The name of a cookie; with the prefix, no other site of the domain can set it."""
        return f"__Host-{name}" if self.secure else name


class ReglagesFaux(Exception):
    """The settings of the environment do not hold; every reason, in French."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class _Modele:
    """What is known beforehand of a kind of provider."""

    nom: str
    scopes: str
    acr: str
    userinfo_signed: bool
    courriel_verifie: bool


_PROFILS: dict[Profil, _Modele] = {
    # https://partenaires.proconnect.gouv.fr/docs/fournisseur-service/implementation_technique
    "proconnect": _Modele("ProConnect", "openid email", "eidas1", True, False),
    "standard": _Modele("le compte de votre organisation", "openid email", "", False, True),
}
_NEEDED = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")
_OPTIONAL = ("PROFIL", "SCOPES", "ACR", "USERINFO_SIGNED")


@cache
def current() -> Reglages:
    """The settings of this process. Raises ReglagesFaux."""
    return read(os.environ)


def read(environment: Mapping[str, str]) -> Reglages:
    """The settings that an environment makes. Raises ReglagesFaux with every problem."""
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    problems: list[str] = []
    if len(given.get(ENV_SECRET, " " * SECRET_LENGTH)) < SECRET_LENGTH and ENV_SECRET in given:
        problems.append(f"{ENV_SECRET} est trop court : {SECRET_LENGTH} caractères au moins, tirés au hasard.")
    address = _address(given.get(ENV_ADDRESS), problems)
    required = _yes_or_no(given, ENV_REQUIRED, False, problems)
    provider = _provider(given, address, problems)
    if problems:
        raise ReglagesFaux(problems)
    return Reglages(address, required, provider)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(given: str | None, problems: list[str]) -> str | None:
    if given is None:
        return None
    if not _is_web_address(given) or urlsplit(given).path not in ("", "/"):
        problems.append(
            f"{ENV_ADDRESS} est l'adresse que l'on tape dans le navigateur, sans chemin, par exemple "
            f"« https://orientation.exemple.fr » ; « {given} » ne convient pas."
        )
        return None
    return given.rstrip("/")


def _is_web_address(given: str) -> bool:
    try:
        parts = urlsplit(given)
        return bool(
            parts.scheme in ("http", "https")
            and parts.hostname
            and parts.port != 0
            and parts.username is None
            and not parts.query
            and not parts.fragment
            and given.isascii()
            and given.isprintable()
            and " " not in given
        )
    except ValueError:
        return False


def _yes_or_no(given: Mapping[str, str], name: str, default: bool, problems: list[str]) -> bool:
    value = given.get(name)
    if value is None:
        return default
    if value.lower() not in ("oui", "non"):
        problems.append(f"{name} vaut « oui » ou « non », pas « {value} ».")
    return value.lower() == "oui"


def _provider(given: Mapping[str, str], address: str | None, problems: list[str]) -> Fournisseur | None:
    said = {name.removeprefix(OIDC): value for name, value in given.items() if name.startswith(OIDC)}
    if not said:
        return None
    known = (*_NEEDED, *_OPTIONAL)
    problems += [
        f"{OIDC}{name} n'est pas un réglage ; permis : {', '.join(OIDC + other for other in known)}."
        for name in said
        if name not in known
    ]
    problems += [
        f"Il manque {OIDC}{name} pour la connexion par OpenID Connect." for name in _NEEDED if name not in said
    ]
    problems += _insecure(said.get("ISSUER"), address, given)
    profile = _profile(said, problems)
    scopes = said.get("SCOPES", profile.scopes)
    if "openid" not in scopes.split() or "email" not in scopes.split():
        problems.append(f"{OIDC}SCOPES doit contenir « openid » et « email » : c'est l'adresse qui désigne le compte.")
    return Fournisseur(
        nom=profile.nom,
        issuer=said.get("ISSUER", "").rstrip("/"),
        client_id=said.get("CLIENT_ID", ""),
        client_secret=said.get("CLIENT_SECRET", ""),
        scopes=scopes,
        acr=said.get("ACR", profile.acr),
        acr_exige="ACR" in said,
        userinfo_signed=_yes_or_no(given, f"{OIDC}USERINFO_SIGNED", profile.userinfo_signed, problems),
        courriel_verifie=profile.courriel_verifie,
    )


def _profile(said: Mapping[str, str], problems: list[str]) -> _Modele:
    name = said.get("PROFIL", "standard")
    for profile, model in _PROFILS.items():
        if name == profile:
            return model
    problems.append(
        f"{OIDC}PROFIL vaut « proconnect » ou « standard », pas « {name} ».{meant(nearest(name, _PROFILS))}"
    )
    return _PROFILS["standard"]


def _insecure(issuer: str | None, address: str | None, given: Mapping[str, str]) -> list[str]:
    """Identity travels by https, except between programs of one machine."""
    found = []
    if address is None and ENV_ADDRESS not in given:
        found.append(f"Il manque {ENV_ADDRESS} : le fournisseur d'identité renvoie le navigateur à cette adresse.")
    elif address and not is_private(address):
        found.append(f"{ENV_ADDRESS} doit commencer par « https:// » pour la connexion par OpenID Connect.")
    if issuer and not (_is_web_address(issuer) and is_private(issuer)):
        found.append(f"{OIDC}ISSUER est une adresse « https:// » ; « {issuer} » ne convient pas.")
    return found


def is_private(address: str) -> bool:
    """Whether what goes to an address stays private: it is https, or this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")
