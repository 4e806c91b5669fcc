"""Signing in and out over HTTP: local accounts, a strict ProConnect, an independent provider, and whoever cheats."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from desk.access import opening, settings
from desk.access.guard import Guard
from desk.access.routes import routes
from desk.access.settings import Reglages, ReglagesFaux
from desk.access.visits import safe
from store import accounts, logins
from store.accounts import Compte
from store.database import Store, Unavailable
from store.rights import MACHINE
from tests.browser import serving
from tests.loopback import free_port, listening
from tests.proconnect import BASE, ProConnect
from tests.sessions import PASSWORD, account, quick_passwords, token
from tests.test_cli import spro

AGATHE = {
    "sub": "a1b2c3",
    "email": "Agathe.Martin@exemple.fr",
    "given_name": "Agathe",
    "usual_name": "Martin",
    "uid": "amartin",
    "siret": "19281234500017",
}
MAIL = "agathe.martin@exemple.fr"


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """Passwords that take their time on purpose take none here."""
    with quick_passwords():
        yield


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of its own."""
    found = Store(f"sqlite:///{tmp_path / 'spro.sqlite3'}")
    yield found
    found.close()


@dataclass
class Clock:
    """A clock that only moves when it is told to."""

    now: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Desk:
    """The pages of signing in on this machine, and a browser in front of them."""

    address: str
    store: Store
    clock: Clock
    browser: httpx.Client

    def csrf(self, page: str = "/connexion") -> str:
        """The token of the form of a page."""
        found = re.search(r'name="jeton" value="([^"]+)"', self.browser.get(page).text)
        assert found
        return found.group(1)

    def sign_in(self, name: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        """Fills in the form of the page."""
        form = {"identifiant": name, "mot-de-passe": password, "jeton": self.csrf(), **more}
        return self.browser.post("/connexion", data=form)

    def change(self, old: str, new: str, again: str | None = None) -> httpx.Response:
        """Fills in the form of the password."""
        form = {"ancien": old, "nouveau": new, "encore": again or new, "jeton": self.csrf("/mot-de-passe")}
        return self.browser.post("/mot-de-passe", data=form)

    def who(self) -> str | None:
        """The account whose session the browser has open, as the store knows it."""
        token = self.browser.cookies.get(logins.COOKIE)
        opened = logins.find(self.store, token, self.clock()) if token else None
        return opened.compte.identifiant if opened else None


Starting = Callable[..., Desk]


@pytest.fixture
def start(store: Store) -> Iterator[Starting]:
    """Starts the pages with some settings; `{address}` in them is where they are."""
    with ExitStack() as stack:

        def started(chosen: Reglages | None = None, port: int | None = None) -> Desk:
            chosen, port = chosen or Reglages(), port or free_port()
            address, clock = f"http://127.0.0.1:{port}", Clock()
            everywhere = Route("/{path:path}", lambda request: PlainTextResponse(f"page {request.url.path}"))
            app = Starlette(
                routes=[*routes(lambda: store, chosen, clock), everywhere],
                middleware=[Middleware(Guard, lambda: store, chosen, clock)],
            )
            stack.enter_context(listening(app, port))
            return Desk(address, store, clock, stack.enter_context(httpx.Client(base_url=address)))

        yield started


@pytest.fixture
def desk(start: Starting) -> Desk:
    """The pages without an identity provider."""
    return start()


# --- with a name and a password ---


def test_signing_in_and_out(desk: Desk) -> None:
    account(desk.store, "coordination", identifiant="camille")
    answer = desk.sign_in("camille", suite="/annuaire?structure=bij-dreux")
    assert (answer.status_code, answer.headers["location"]) == (303, "/annuaire?structure=bij-dreux")
    assert desk.who() == "camille"
    assert desk.browser.get("/connexion").headers["location"] == "/"
    asked = desk.browser.get("/deconnexion")
    assert asked.status_code == 200
    assert desk.who() == "camille"  # a link alone does nothing
    gone = desk.browser.post("/deconnexion", data={"jeton": desk.csrf("/deconnexion")})
    assert gone.status_code == 200
    assert "Vous êtes déconnecté" in gone.text
    assert desk.browser.cookies.get(logins.COOKIE) is None


def test_a_token_kept_after_signing_out_opens_nothing(desk: Desk) -> None:
    account(desk.store, "agent", identifiant="camille")
    desk.sign_in("camille")
    kept = desk.browser.cookies[logins.COOKIE]
    desk.browser.post("/deconnexion", data={"jeton": desk.csrf("/deconnexion")})
    assert logins.find(desk.store, kept, desk.clock()) is None


def test_signing_in_always_gives_a_new_token_and_ends_the_session_before(desk: Desk) -> None:
    camille = account(desk.store, "agent", identifiant="camille")
    chosen = token(desk.store, camille)
    desk.browser.cookies.set(logins.COOKIE, chosen, domain="127.0.0.1")
    desk.clock.now = datetime.now(UTC)
    csrf = desk.csrf("/mot-de-passe")
    desk.browser.post("/connexion", data={"identifiant": "camille", "mot-de-passe": PASSWORD, "jeton": csrf})
    assert desk.who() == "camille"
    assert logins.find(desk.store, chosen, desk.clock()) is None


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(start: Starting, store: Store) -> None:
    account(store, "agent", identifiant="camille")
    for chosen, prefix, flags in (
        (Reglages(), "", {"httponly", "samesite=lax", "path=/"}),
        (Reglages("https://accueil.exemple.fr"), "__Host-", {"httponly", "samesite=lax", "path=/", "secure"}),
    ):
        desk = start(chosen)
        page = desk.browser.get("/connexion")
        mark = page.headers["set-cookie"].partition(";")[0]
        csrf = re.search(r'name="jeton" value="([^"]+)"', page.text)
        assert csrf
        form = {"identifiant": "camille", "mot-de-passe": PASSWORD, "jeton": csrf.group(1)}
        answer = desk.browser.post("/connexion", data=form, headers={"cookie": mark})
        assert answer.status_code == 303
        for cookie, name in ((page, "spro_formulaire"), (answer, "spro_session")):
            first, *rest = (part.strip() for part in cookie.headers["set-cookie"].split(";"))
            assert first.startswith(f"{prefix}{name}=")
            assert {part.lower() for part in rest} == flags


@pytest.mark.parametrize("cheat", ["absent", "other-browser", "no-cookie", "made-up"])
def test_a_form_that_comes_from_elsewhere_does_nothing(desk: Desk, cheat: str) -> None:
    account(desk.store, "agent", identifiant="camille")
    csrf = desk.csrf()
    if cheat == "other-browser":
        with httpx.Client(base_url=desk.address) as other:
            csrf = Desk(desk.address, desk.store, desk.clock, other).csrf()
    elif cheat == "no-cookie":
        desk.browser.cookies.clear()
    form = {"identifiant": "camille", "mot-de-passe": PASSWORD}
    form |= {} if cheat == "absent" else {"jeton": "0" * 64 if cheat == "made-up" else csrf}
    answer = desk.browser.post("/connexion", data=form)
    assert answer.status_code == 403
    assert "plus valable" in answer.text
    assert desk.who() is None


def test_forms_of_a_session_do_not_serve_without_their_token(desk: Desk) -> None:
    account(desk.store, "agent", identifiant="camille")
    before = desk.csrf()
    desk.sign_in("camille")
    assert desk.browser.post("/deconnexion").status_code == 403
    assert desk.browser.post("/deconnexion", data={"jeton": before}).status_code == 403
    form = {"ancien": PASSWORD, "nouveau": "une autre phrase sûre", "encore": "une autre phrase sûre", "jeton": before}
    assert desk.browser.post("/mot-de-passe", data=form).status_code == 422
    assert desk.who() == "camille"
    assert accounts.authenticate(desk.store, "camille", PASSWORD, desk.clock())


def test_nobody_learns_which_accounts_exist(desk: Desk) -> None:
    account(desk.store, "agent", identifiant="camille")
    said = []
    for name in ("camille", "personne"):
        answers = [desk.sign_in(name, "pas le bon") for _ in range(6)]
        texts = [re.sub(r'value="[^"]*"', "", answer.text) for answer in answers]
        said.append([(answer.status_code, text) for answer, text in zip(answers, texts, strict=True)])
    assert said[0] == said[1]
    assert [status for status, _ in said[0]] == [401, 401, 401, 401, 401, 429]


def test_too_many_tries_are_told_how_long_to_wait(desk: Desk) -> None:
    account(desk.store, "agent", identifiant="camille")
    for _ in range(5):
        desk.sign_in("camille", "pas le bon")
    refused = desk.sign_in("camille")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "300"
    assert "Recommencez dans 5 minutes." in refused.text
    desk.clock.now += timedelta(minutes=5)
    assert desk.sign_in("camille").status_code == 303


def test_the_first_password_is_changed_before_anything_else(desk: Desk) -> None:
    accounts.create(desk.store, MACHINE, Compte("camille", "Camille", "agent"), "une phrase donnée")
    answer = desk.sign_in("camille", "une phrase donnée", suite="/annuaire")
    assert answer.headers["location"] == "/mot-de-passe?suite=/annuaire"
    assert desk.browser.get("/connexion?suite=/annuaire").headers["location"] == "/mot-de-passe?suite=/annuaire"
    assert "ne sert qu’une fois" in desk.browser.get("/mot-de-passe").text
    wrong = desk.change("une phrase donnée", "court")
    assert wrong.status_code == 422
    assert 'aria-describedby="nouveau-aide nouveau-erreur" aria-invalid="true">' in wrong.text
    assert "sont différents" in desk.change("une phrase donnée", "une phrase choisie", "autre chose").text
    assert "pas le mot de passe actuel" in desk.change("une autre", "une phrase choisie").text
    before = desk.browser.cookies[logins.COOKIE]
    assert desk.change("une phrase donnée", "une phrase choisie").headers["location"] == "/"
    assert desk.who() == "camille"
    assert desk.browser.cookies[logins.COOKIE] != before
    assert not accounts.authenticate(desk.store, "camille", "une phrase choisie", desk.clock()).a_changer


def test_the_password_page_is_for_who_is_signed_in_with_one(desk: Desk) -> None:
    assert desk.browser.get("/mot-de-passe").headers["location"] == "/connexion?suite=/mot-de-passe"
    accounts.create(desk.store, MACHINE, Compte("alex", "Alex", "agent", courriel="alex@exemple.fr"))
    found = accounts.find(desk.store, "alex")
    assert found
    desk.browser.cookies.set(logins.COOKIE, logins.start(desk.store, found, desk.clock(), "jeton"), domain="127.0.0.1")
    assert "fournisseur d’identité" in desk.browser.get("/mot-de-passe").text


@pytest.mark.parametrize(
    "suite",
    [
        *("https://ailleurs.example/", "//ailleurs.example", "/\\ailleurs.example", "\\\\ailleurs.example", "http:/a"),
        *(
            "javascript:alert(1)",
            " /annuaire",
            "annuaire",
            "/\tailleurs",
            "/é",
            "/x\r\nSet-Cookie: a=b",
            "",
            "/" * 3000,
        ),
        *("/connexion", "/deconnexion", "/connexion/retour?code=x"),
    ],
)
def test_one_only_goes_on_to_a_page_of_this_site(suite: str) -> None:
    assert safe(suite) == "/"


def test_an_address_of_elsewhere_is_forgotten_on_the_way(desk: Desk) -> None:
    account(desk.store, "agent", identifiant="camille")
    page = desk.browser.get("/connexion", params={"suite": "//ailleurs.example/"})
    assert "ailleurs" not in page.text
    assert desk.sign_in("camille", suite="https://ailleurs.example/").headers["location"] == "/"


def test_what_is_typed_is_shown_as_text(desk: Desk) -> None:
    answer = desk.sign_in('"><script>alert(1)</script>', "x")
    assert "<script" not in answer.text
    assert "&quot;&gt;&lt;script&gt;" in answer.text
    page = desk.browser.get("/connexion", params={"suite": '/"><b>'})
    assert "<b>" not in page.text


def test_pages_are_closed_to_frames_scripts_and_caches(desk: Desk) -> None:
    for path in ("/connexion", "/deconnexion/retour", "/connexion/retour", "/mot-de-passe"):
        answer = desk.browser.get(path, follow_redirects=True)
        policy = answer.headers.get("content-security-policy", "")
        if answer.text.startswith("page "):
            continue
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "<script" not in answer.text
        assert "style=" not in answer.text


def test_a_huge_or_broken_form_is_refused(desk: Desk) -> None:
    assert desk.browser.post("/connexion", content=b"a=" + b"x" * 70_000).status_code == 413
    assert desk.browser.post("/connexion", content=b"&".join([b"a=b"] * 500)).status_code == 403
    assert desk.browser.post("/connexion", content=b"\xff\xfe\x00identifiant=%FF%00").status_code == 403
    assert desk.browser.put("/connexion").status_code == 405


def test_without_a_database_the_pages_say_so() -> None:
    def away() -> Store | None:
        raise Unavailable("la base de données ne répond pas : rien n'a été enregistré.")

    for found, status, words in ((away, 503, "La base de données ne répond pas"), (lambda: None, 404, "dossier")):
        port = free_port()
        with listening(Starlette(routes=routes(found, Reglages())), port):
            answer = httpx.get(f"http://127.0.0.1:{port}/connexion")
        assert answer.status_code == status
        assert words in answer.text


def test_a_session_ends_after_ten_hours(start: Starting) -> None:
    desk = start(Reglages(compte_obligatoire=True))
    account(desk.store, "agent", identifiant="camille")
    desk.sign_in("camille")
    assert desk.browser.get("/annuaire").text == "page /annuaire"
    desk.clock.now += logins.DURATION
    assert desk.browser.get("/annuaire").status_code == 401
    assert desk.browser.get("/deconnexion").headers["location"] == "/connexion"


# --- where reading needs an account ---


def test_where_an_account_is_needed_nothing_is_shown_without_one(start: Starting) -> None:
    desk = start(Reglages(compte_obligatoire=True))
    html = {"accept": "text/html,*/*"}
    sent = desk.browser.get("/annuaire?structure=bij-dreux", headers=html)
    assert sent.status_code == 303
    assert parse_qs(urlsplit(sent.headers["location"]).query) == {"suite": ["/annuaire?structure=bij-dreux"]}
    assert desk.browser.get("/nouveautes.atom").status_code == 401
    assert "Il faut un compte" in desk.browser.get("/connexion").text
    for path in ("/sante", "/app/static/connexion.css", "/_stcore/health", "/static/js/index.js"):
        assert desk.browser.get(path, headers=html).text == f"page {path}"
    accounts.create(desk.store, MACHINE, Compte("camille", "Camille", "agent"), "une phrase donnée")
    desk.sign_in("camille", "une phrase donnée")
    assert desk.browser.get("/annuaire", headers=html).status_code == 303  # the password must be changed first
    desk.change("une phrase donnée", "une phrase choisie")
    assert desk.browser.get("/annuaire", headers=html).text == "page /annuaire"
    accounts.close(desk.store, MACHINE, "camille")
    assert desk.browser.get("/annuaire", headers=html).status_code == 303


# --- with ProConnect ---


@dataclass
class Federation:
    """A desk and the ProConnect that it is a client of."""

    desk: Desk
    provider: ProConnect

    def leave(self, suite: str = "/") -> str:
        """Where the browser is sent to."""
        answer = self.desk.browser.get("/connexion/fournisseur", params={"suite": suite})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def arrive(self, location: str) -> str:
        """Signs in at the provider; the address where it sends the browser back."""
        answer = httpx.get(location)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def back(self, location: str) -> httpx.Response:
        """Follows the way back."""
        return self.desk.browser.get(location)

    def sign_in(self, suite: str = "/") -> httpx.Response:
        """The whole way."""
        return self.back(self.arrive(self.leave(suite)))


@contextmanager
def _federated(start: Starting, **more: str) -> Iterator[Federation]:
    port, there = free_port(), free_port()
    provider = ProConnect(f"http://127.0.0.1:{there}", f"http://127.0.0.1:{port}", personne=dict(AGATHE))
    environment = {
        "SPRO_ADRESSE": provider.client,
        "SPRO_OIDC_PROFIL": "proconnect",
        "SPRO_OIDC_ISSUER": provider.address + BASE,
        "SPRO_OIDC_CLIENT_ID": provider.client_id,
        "SPRO_OIDC_CLIENT_SECRET": provider.client_secret,
    }
    with listening(provider.app(), there):
        yield Federation(start(settings.read(environment | more), port), provider)


@pytest.fixture
def federation(start: Starting) -> Iterator[Federation]:
    """A desk with ProConnect, as its guide says to set it; Agathe has an account."""
    with _federated(start) as found:
        accounts.create(found.desk.store, MACHINE, Compte("agathe", "Agathe Martin", "coordination", courriel=MAIL))
        yield found


def test_signing_in_and_out_with_proconnect(federation: Federation) -> None:
    desk = federation.desk
    page = desk.browser.get("/connexion?suite=/annuaire").text
    assert 'href="/connexion/fournisseur?suite=/annuaire">Se connecter avec ProConnect' in page
    answer = federation.sign_in("/annuaire")
    assert (answer.status_code, answer.headers["location"]) == (303, "/annuaire")
    assert desk.who() == "agathe"
    asked = dict(federation.provider.asked)
    assert asked["authorize"]["acr_values"] == "eidas1"
    assert asked["authorize"]["scope"] == "openid email"
    assert set(asked["token"]) >= {"client_id", "client_secret", "code_verifier"}

    leaving = desk.browser.post("/deconnexion", data={"jeton": desk.csrf("/deconnexion")})
    assert leaving.status_code == 200
    assert desk.who() is None
    onward = re.search(r'content="0; url=([^"]+)"', leaving.text)
    assert onward
    address = onward.group(1).replace("&amp;", "&")
    assert address.startswith(federation.provider.address)
    returned = desk.browser.get(httpx.get(address).headers["location"])
    assert "Vous êtes déconnecté" in returned.text


def test_coming_back_from_signing_out_with_another_state_says_nothing(federation: Federation) -> None:
    federation.sign_in()
    answer = federation.desk.browser.get("/deconnexion/retour?state=invente")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("about", ["unknown", "closed"])
def test_being_known_by_proconnect_opens_no_account(federation: Federation, about: str) -> None:
    desk = federation.desk
    if about == "unknown":
        federation.provider.personne["email"] = "autre@exemple.fr"
    else:
        accounts.close(desk.store, MACHINE, "agathe")
    answer = federation.sign_in()
    assert answer.status_code == 403
    assert ("autre@exemple.fr n’existe pas" if about == "unknown" else "est fermé") in answer.text
    assert desk.who() is None
    assert [found.identifiant for found in accounts.everyone(desk.store)] == ["agathe"]
    way_out = re.search(r'href="([^"]+session/end[^"]+)"', answer.text)
    assert way_out
    assert httpx.get(way_out.group(1).replace("&amp;", "&")).status_code == 303


def test_a_way_back_serves_once(federation: Federation) -> None:
    location = federation.arrive(federation.leave())
    cookies = dict(federation.desk.browser.cookies)
    assert federation.back(location).status_code == 303
    assert federation.back(location).status_code == 400  # the cookie was taken back
    replayed = httpx.get(location, cookies=cookies)  # a thief who kept everything
    assert replayed.status_code == 429
    assert len([what for what, _ in federation.provider.asked if what == "token"]) == 1


def test_a_state_that_is_not_the_browsers_is_refused(federation: Federation) -> None:
    location = federation.arrive(federation.leave())
    for forged in (
        location.replace("state=", "state=x"),
        location.partition("&state=")[0],
        federation.desk.address + "/connexion/retour",
    ):
        assert federation.back(forged).status_code == 400
        federation.arrive(federation.leave())
    with httpx.Client(base_url=federation.desk.address) as stranger:
        assert stranger.get(location).status_code == 400
    assert federation.desk.who() is None
    assert "token" not in dict(federation.provider.asked)


def test_a_flow_that_took_too_long_or_was_written_elsewhere_is_refused(federation: Federation) -> None:
    location = federation.arrive(federation.leave())
    kept = federation.desk.browser.cookies["spro_connexion"]
    head, body, signature = kept.split(".")
    federation.desk.browser.cookies.set("spro_connexion", f"{head}.{body}.{signature[::-1]}", domain="127.0.0.1")
    assert federation.back(location).status_code == 400
    late = federation.arrive(federation.leave())
    federation.desk.clock.now += timedelta(minutes=11)
    assert federation.back(late).status_code == 400
    assert federation.desk.who() is None


def test_a_code_of_another_browser_is_refused(federation: Federation) -> None:
    """PKCE: a stolen code is of no use to whoever did not ask for it."""
    stolen = parse_qs(urlsplit(federation.arrive(federation.leave())).query)["code"][0]
    own = federation.arrive(federation.leave())
    answer = federation.back(re.sub("code=[^&]+", f"code={stolen}", own))
    assert answer.status_code == 400
    assert federation.desk.who() is None


def test_a_visitor_who_gives_up_at_the_provider_is_told_so(federation: Federation) -> None:
    state = parse_qs(urlsplit(federation.leave()).query)["state"][0]
    answer = federation.back(f"{federation.desk.address}/connexion/retour?error=access_denied&state={state}")
    assert answer.status_code == 400
    assert "interrompue chez ProConnect" in answer.text


Fault = Callable[[ProConnect], None]


def _set(**values: Any) -> Fault:
    def change(provider: ProConnect) -> None:
        for name, value in values.items():
            setattr(provider, name, value)

    return change


def _claims(which: str, **values: Any) -> Fault:
    def altered(claims: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in {**claims, **values}.items() if value is not None}

    return _set(**{which: altered})


def _signed_by(key: RSAKey | OctKey, algorithm: str) -> Fault:
    return _set(signing=key, algorithm=algorithm)


FAULTS: dict[str, tuple[Fault, str]] = {
    "code too old": (_set(late=31), "400 Bad Request"),
    "wrong secret": (_set(client_secret="un autre"), "401 Unauthorized"),
    "wrong nonce": (_claims("id_token", nonce="x" * 43), "Invalid claim: 'nonce'"),
    "no nonce": (_claims("id_token", nonce=None), "Missing claim: 'nonce'"),
    "other audience": (_claims("id_token", aud="un-autre-service"), "Invalid claim: 'aud'"),
    "two audiences": (_claims("id_token", aud=["accueil-orientation", "un-autre-service"]), "Missing claim: 'azp'"),
    "no audience": (_claims("id_token", aud=None), "Missing claim: 'aud'"),
    "other issuer": (_claims("id_token", iss="https://ailleurs.example"), "Invalid claim: 'iss'"),
    "expired": (_claims("id_token", exp=int(time.time()) - 3600), "The token is expired"),
    "never expires": (_claims("id_token", exp=None), "Missing claim: 'exp'"),
    "issued tomorrow": (_claims("id_token", iat=int(time.time()) + 86400), "issued in the future"),
    "no subject": (_claims("id_token", sub=None), "Missing claim: 'sub'"),
    "userinfo of another": (_claims("userinfo", sub="quelqu-un-d-autre"), "somebody else's"),
    "userinfo without subject": (_claims("userinfo", sub=None), "Missing claim: 'sub'"),
    "userinfo for another": (_claims("userinfo", aud="un-autre-service"), "Invalid claim: 'aud'"),
    "userinfo from another": (_claims("userinfo", iss="https://ailleurs.example"), "Invalid claim: 'iss'"),
    "userinfo expired": (_claims("userinfo", exp=int(time.time()) - 3600), "The token is expired"),
    "userinfo unsigned": (_set(signs_userinfo=False), "not signed"),
    "no email": (_claims("userinfo", email=None), ""),
    "email is a list": (_claims("userinfo", email=[MAIL]), ""),
    "signed by a stranger": (_signed_by(RSAKey.generate_key(2048, {"kid": "cle-1"}), "RS256"), "bad_signature"),
    "signed with the secret": (
        _signed_by(OctKey.import_key("secret-connu-des-deux-et-plus-long"), "HS256"),
        "'HS256' is not allowed",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_answer_that_is_not_as_it_must_be_opens_nothing(
    federation: Federation, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    location = federation.arrive(federation.leave())
    make, reason = FAULTS[fault]
    make(federation.provider)
    answer = federation.back(location)
    assert answer.status_code == 400, answer.text
    assert "ProConnect" in answer.text
    assert federation.desk.who() is None
    assert reason in caplog.text
    assert "eyJ" not in caplog.text  # no token in the log
    assert federation.provider.client_secret not in caplog.text


def test_a_token_without_a_signature_is_refused(federation: Federation, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsigned(_self: ProConnect, claims: dict[str, Any]) -> str:
        parts = json.dumps({"alg": "none"}), json.dumps(claims)
        return ".".join(map(_b64, parts)) + "."

    location = federation.arrive(federation.leave())
    monkeypatch.setattr(ProConnect, "_signed", unsigned)
    assert federation.back(location).status_code == 400
    assert federation.desk.who() is None


def _b64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_a_provider_that_changes_its_key_is_followed(federation: Federation, monkeypatch: pytest.MonkeyPatch) -> None:
    federation.sign_in()
    federation.provider.turn_key()
    monkeypatch.setattr("desk.access.oidc._KEYS_AT_MOST_EVERY", -1)
    federation.desk.browser.cookies.clear()
    assert federation.sign_in().status_code == 303
    assert federation.desk.who() == "agathe"


def test_a_provider_that_is_another_one_or_away_is_refused(start: Starting) -> None:
    with _federated(start) as found:
        found.provider.issuer = "https://ailleurs.example"
        answer = found.desk.browser.get("/connexion/fournisseur")
        assert answer.status_code == 400
        assert "n’a pas pu être vérifiée" in answer.text
    answer = found.desk.browser.get("/connexion/fournisseur")
    assert answer.status_code == 502
    assert "ne répond pas" in answer.text
    account(found.desk.store, "agent", identifiant="camille")
    assert found.desk.sign_in("camille").status_code == 303  # a local account still opens


def test_a_level_that_is_required_is_checked(start: Starting) -> None:
    with _federated(start, SPRO_OIDC_ACR="eidas2 eidas3") as found:
        accounts.create(found.desk.store, MACHINE, Compte("agathe", "A.", "agent", courriel=MAIL))
        assert found.sign_in().status_code == 400
        asked = json.loads(dict(found.provider.asked)["authorize"]["claims"])
        assert asked == {"id_token": {"acr": {"essential": True, "values": ["eidas2", "eidas3"]}}}
        found.provider.acr = "eidas3"
        assert found.sign_in().status_code == 303
        assert found.desk.who() == "agathe"


# --- with another provider, that we did not write ---


@contextmanager
def _independent(*people: dict[str, Any]) -> Iterator[str]:
    port = free_port()
    claims = [part for person in people for part in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true", *claims]
    address = f"http://127.0.0.1:{port}"
    provider = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"{address}/.well-known/openid-configuration").raise_for_status()
                break
            except httpx.TransportError:
                assert provider.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield address
    finally:
        provider.terminate()
        provider.wait()


def test_signing_in_with_an_independent_provider(start: Starting) -> None:
    people = (
        {"sub": "agathe", "email": MAIL, "email_verified": True},
        {"sub": "voleur", "email": MAIL, "email_verified": False},
        {"sub": "sans-preuve", "email": MAIL},
    )
    with _independent(*people) as there:
        port = free_port()
        environment = {
            "SPRO_ADRESSE": f"http://127.0.0.1:{port}",
            "SPRO_OIDC_ISSUER": there,
            "SPRO_OIDC_CLIENT_ID": "accueil",
            "SPRO_OIDC_CLIENT_SECRET": "secret",
        }
        desk = start(settings.read(environment), port)
        accounts.create(desk.store, MACHINE, Compte("agathe", "Agathe", "agent", courriel=MAIL))
        for person, status in (("voleur", 400), ("sans-preuve", 400), ("agathe", 303)):
            form = desk.browser.get("/connexion/fournisseur?suite=/annuaire").headers["location"]
            back = httpx.post(form, data={"sub": person}).headers["location"]
            assert desk.browser.get(back).status_code == status, person
        assert desk.who() == "agathe"
        leaving = desk.browser.post("/deconnexion", data={"jeton": desk.csrf("/deconnexion")})
        onward = re.search(r'content="0; url=([^"]+)"', leaving.text)
        assert onward
        page = httpx.get(onward.group(1).replace("&amp;", "&")).text
        target = re.search(r'name="redirect_uri"\s+value="([^"]+)"', page)
        assert target
        assert "Vous êtes déconnecté" in desk.browser.get(target.group(1).replace("&amp;", "&")).text


# --- settings, and opening beyond the machine ---


def test_settings_that_hold() -> None:
    nothing = settings.read({})
    assert (nothing, nothing.secure, nothing.session_cookie) == (Reglages(), False, "spro_session")
    full = settings.read(
        {
            "SPRO_ADRESSE": "https://accueil.exemple.fr/",
            "SPRO_COMPTE_OBLIGATOIRE": "oui",
            "SPRO_OIDC_PROFIL": "proconnect",
            "SPRO_OIDC_ISSUER": "https://identite.exemple.fr/api/v2/",
            "SPRO_OIDC_CLIENT_ID": "x",
            "SPRO_OIDC_CLIENT_SECRET": "y",
        }
    )
    assert full.adresse == "https://accueil.exemple.fr"
    assert (full.compte_obligatoire, full.session_cookie) == (True, "__Host-spro_session")
    assert full.fournisseur is not None
    assert full.fournisseur.issuer == "https://identite.exemple.fr/api/v2"
    assert (full.fournisseur.userinfo_signed, full.fournisseur.acr, full.fournisseur.acr_exige) == (
        True,
        "eidas1",
        False,
    )


def test_everything_that_is_wrong_with_the_settings_is_said_at_once() -> None:
    with pytest.raises(ReglagesFaux) as refused:
        settings.read(
            {
                "SPRO_SECRET": "court",
                "SPRO_ADRESSE": "accueil.exemple.fr",
                "SPRO_COMPTE_OBLIGATOIRE": "true",
                "SPRO_OIDC_PROFIL": "proconect",
                "SPRO_OIDC_ISSUER": "http://identite.exemple.fr",
                "SPRO_OIDC_CLIENT": "x",
                "SPRO_OIDC_SCOPES": "openid",
                "SPRO_OIDC_USERINFO_SIGNED": "1",
            }
        )
    said = "\n".join(refused.value.problems)
    for words in (
        "SPRO_SECRET est trop court",
        "« accueil.exemple.fr » ne convient pas",
        "SPRO_COMPTE_OBLIGATOIRE vaut « oui » ou « non »",
        "Vouliez-vous dire « proconnect »",
        "SPRO_OIDC_ISSUER est une adresse « https:// »",
        "SPRO_OIDC_CLIENT n'est pas un réglage ; permis : SPRO_OIDC_ISSUER",
        "Il manque SPRO_OIDC_CLIENT_ID",
        "Il manque SPRO_OIDC_CLIENT_SECRET",
        "SPRO_OIDC_SCOPES doit contenir",
        "SPRO_OIDC_USERINFO_SIGNED vaut",
    ):
        assert words in said, words
    assert len(refused.value.problems) == 10


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a.fr",
        "https://",
        "https://a.fr/chemin",
        "https://u@a.fr",
        "https://a.fr?x",
        "https://a b",
        "https://a:99999",
    ],
)
def test_a_public_address_that_is_not_one(address: str) -> None:
    with pytest.raises(ReglagesFaux, match="ne convient pas"):
        settings.read({"SPRO_ADRESSE": address})


def test_identity_does_not_travel_in_clear() -> None:
    given = {"SPRO_OIDC_ISSUER": "https://i.fr", "SPRO_OIDC_CLIENT_ID": "x", "SPRO_OIDC_CLIENT_SECRET": "y"}
    with pytest.raises(ReglagesFaux, match="doit commencer par « https://"):
        settings.read({**given, "SPRO_ADRESSE": "http://accueil.exemple.fr"})
    with pytest.raises(ReglagesFaux, match="Il manque SPRO_ADRESSE"):
        settings.read(given)
    assert settings.read({**given, "SPRO_ADRESSE": "http://localhost:8501"}).fournisseur


def test_beyond_the_machine_somebody_must_be_able_to_sign_in(store: Store) -> None:
    provider = settings.read(
        {
            "SPRO_ADRESSE": "https://a.fr",
            "SPRO_OIDC_ISSUER": "https://i.fr",
            "SPRO_OIDC_CLIENT_ID": "x",
            "SPRO_OIDC_CLIENT_SECRET": "y",
        }
    )
    for host in ("0.0.0.0", "::", "192.0.2.1", "accueil.exemple.fr"):
        with pytest.raises(ReglagesFaux) as refused:
            opening.check(host, lambda: store, Reglages(), open_to_all=False)
        said = "\n".join(refused.value.problems)
        assert "compte creer" in said
        assert "--sans-authentification" in said
        with pytest.raises(ReglagesFaux):
            opening.check(host, lambda: None, Reglages(), open_to_all=False)
        assert opening.check(host, lambda: store, provider, open_to_all=False)
        assert opening.check(host, lambda: store, Reglages(), open_to_all=True)
    for host in ("127.0.0.1", "127.0.0.2", "::1", "localhost"):
        assert "Aucun compte" in opening.check(host, lambda: store, Reglages(), open_to_all=False)[0]
    camille = account(store, "administration", identifiant="camille")
    assert "en clair" in opening.check("0.0.0.0", lambda: store, Reglages(), open_to_all=False)[0]
    assert opening.check("0.0.0.0", lambda: store, replace(provider, fournisseur=None), open_to_all=False) == []
    assert opening.check("127.0.0.1", lambda: store, Reglages(), open_to_all=False) == []
    accounts.close(store, MACHINE, camille.identifiant)
    with pytest.raises(ReglagesFaux):
        opening.check("0.0.0.0", lambda: store, Reglages(), open_to_all=False)


def test_an_account_is_not_needed_where_there_can_be_none() -> None:
    with pytest.raises(ReglagesFaux, match="--catalogue"):
        opening.check("127.0.0.1", lambda: None, Reglages(compte_obligatoire=True), open_to_all=False)


def test_serve_refuses_to_open_beyond_the_machine_until_somebody_can_sign_in(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPRO_DATABASE_URL", f"sqlite:///{store.url.database}")
    port = str(free_port())
    refused = spro("serve", "--hote", "0.0.0.0", "--port", port)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "n'écoute pas sur 0.0.0.0" in refused.stderr
    wrong = {"SPRO_COMPTE_OBLIGATOIRE": "peut-être"}
    monkeypatch.setenv(*next(iter(wrong.items())))
    assert spro("serve", "--port", port).returncode == 2
    monkeypatch.delenv(next(iter(wrong)))
    account(store, "administration")
    with serving(tmp_path, "--hote", "0.0.0.0") as address:
        assert httpx.get(f"{address}/connexion").status_code == 200
