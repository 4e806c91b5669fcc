"""The pages of signing in and out: plain HTML in French that works without script, by keyboard and at 320 px."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from starlette.responses import HTMLResponse

from store.passwords import SHORTEST

CSRF = "jeton"
"""The hidden field of every form."""

OLD, NEW, AGAIN = "ancien", "nouveau", "encore"
"""The fields of a change of password."""

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

_SHELL = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} — Accueil orientation</title>
<link rel="icon" href="/app/static/icone.svg" type="image/svg+xml">
<link rel="stylesheet" href="/app/static/connexion.css">{head}
</head>
<body>
<header><a href="/">Accueil orientation</a></header>
<main>
<h1>{heading}</h1>
{body}
</main>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Saisie:
    """A field of a form. `erreurs` are about it; `aide` says beforehand what is expected."""

    nom: str
    libelle: str
    autocomplete: str
    secret: bool = False
    valeur: str = ""
    aide: str = ""
    erreurs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page; `corps` is HTML."""

    titre: str
    corps: str
    entete: str = ""

    def answer(self, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
        """The page as it is sent."""
        title = f"Erreur : {self.titre}" if status >= 400 else self.titre
        content = _SHELL.format(title=escape(title), heading=escape(self.titre), body=self.corps, head=self.entete)
        return HTMLResponse(content, status, headers={**HEADERS, **(headers or {})})


def sign_in(
    csrf: str, suite: str, provider: str | None, name: str = "", errors: Sequence[str] = (), note: str = ""
) -> Page:
    """The choice of a way to sign in: the provider first, then a name and a password."""
    fields = (
        Saisie("identifiant", "Identifiant ou adresse électronique", "username", valeur=name),
        Saisie("mot-de-passe", "Mot de passe", "current-password", secret=True),
    )
    by_provider = (
        f'<p><a class="bouton" href="/connexion/fournisseur?suite={quote(suite)}">'
        f"Se connecter avec {escape(provider)}</a></p>\n<h2>Sinon, avec un compte de ce site</h2>\n"
        if provider
        else ""
    )
    return Page(
        "Se connecter",
        paragraphs(note)
        + alert(errors)
        + by_provider
        + form("/connexion", fields, "Se connecter", {CSRF: csrf, "suite": suite}, errors)
        + "<p>Compte ou mot de passe oublié ? L’administration du réseau peut en donner un autre.</p>"
        + ("" if note else '<p><a href="/">Revenir à l’accueil</a></p>'),
    )


def change_password(csrf: str, suite: str, who: str, first: bool, errors: Mapping[str, Sequence[str]]) -> Page:
    """A new password, written twice; `errors` are by field."""
    fields = (
        Saisie(OLD, "Mot de passe actuel", "current-password", secret=True, erreurs=errors.get(OLD, ())),
        Saisie(
            NEW,
            "Nouveau mot de passe",
            "new-password",
            secret=True,
            aide=f"Au moins {SHORTEST} caractères, une phrase par exemple, sans votre nom ni celui de votre structure.",
            erreurs=errors.get(NEW, ()),
        ),
        Saisie(
            AGAIN,
            "Nouveau mot de passe, une seconde fois",
            "new-password",
            secret=True,
            erreurs=errors.get(AGAIN, ()),
        ),
    )
    why = "Le mot de passe que l’on vous a donné ne sert qu’une fois : choisissez le vôtre." if first else ""
    return Page(
        "Changer le mot de passe",
        f"<p>Compte : {escape(who)}</p>"
        + paragraphs(why)
        + alert(["Le mot de passe n’a pas été changé."] if errors else [])
        + form("/mot-de-passe", fields, "Changer le mot de passe", {CSRF: csrf, "suite": suite})
        + '<p><a href="/deconnexion">Se déconnecter</a></p>',
    )


def sign_out(csrf: str, who: str, own_password: bool) -> Page:
    """The confirmation that ends a session: a link alone could be followed by mistake, or by a program."""
    change = '<p><a href="/mot-de-passe">Changer le mot de passe</a></p>' if own_password else ""
    return Page(
        "Se déconnecter",
        f"<p>Compte : {escape(who)}</p>"
        + form("/deconnexion", (), "Se déconnecter", {CSRF: csrf})
        + change
        + '<p><a href="/">Rester connecté</a></p>',
    )


def message(titre: str, words: str, links: Mapping[str, str], *, wrong: bool = False) -> Page:
    """A few words, and where to go: `links` are addresses by what they say."""
    shown = "".join(f'<p><a href="{escape(address)}">{escape(label)}</a></p>' for label, address in links.items())
    return Page(titre, (alert([words]) if wrong else paragraphs(words)) + shown)


def leave(address: str, provider: str) -> Page:
    """Goes on to the provider's own sign-out. Not a redirection, that the rule about forms would stop."""
    return Page(
        "Déconnexion",
        f"<p>Votre session est fermée ici. Elle se ferme maintenant chez {escape(provider)}.</p>"
        f'<p><a href="{escape(address)}">Continuer</a></p>',
        f'\n<meta http-equiv="refresh" content="0; url={escape(address)}">',
    )


# --- pieces ---


def form(
    action: str, fields: Sequence[Saisie], submit: str, hidden: Mapping[str, str], errors: Sequence[str] = ()
) -> str:
    """A form, its first empty field focused; `errors` about no field in particular describe all of them."""
    inputs = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in hidden.items()
    )
    to_fill = next((field for field in fields if not field.valeur), None)
    shown = "\n".join(_field(field, bool(errors), focused=field is to_fill) for field in fields)
    return (
        f'<form method="post" action="{escape(action)}" novalidate>{inputs}\n{shown}\n'
        f'<p><button class="bouton">{escape(submit)}</button></p></form>'
    )


def alert(errors: Sequence[str]) -> str:
    """What went wrong, read at once by a screen reader."""
    if not errors:
        return ""
    items = "".join(f"<p>{escape(error)}</p>" for error in errors)
    return f'<div class="erreur" id="erreurs" role="alert">{items}</div>'


def paragraphs(words: str) -> str:
    """Text as a paragraph, if there is any."""
    return f"<p>{escape(words)}</p>" if words else ""


def _field(field: Saisie, all_wrong: bool, *, focused: bool) -> str:
    about = [f"{field.nom}-aide"] if field.aide else []
    about += [f"{field.nom}-erreur"] if field.erreurs else []
    about += ["erreurs"] if all_wrong else []
    described = f' aria-describedby="{" ".join(about)}"' if about else ""
    invalid = ' aria-invalid="true"' if field.erreurs or all_wrong else ""
    focus = " autofocus" if focused else ""
    kind = "password" if field.secret else "text"
    helped = f'<p class="aide" id="{field.nom}-aide">{escape(field.aide)}</p>' if field.aide else ""
    wrong = escape(" ".join(field.erreurs))
    said = f'<p class="erreur" id="{field.nom}-erreur">{wrong}</p>' if field.erreurs else ""
    return (
        f'<div class="champ"><label for="{field.nom}">{escape(field.libelle)}</label>{helped}{said}'
        f'<input id="{field.nom}" name="{field.nom}" type="{kind}" value="{escape(field.valeur)}" required '
        f'autocomplete="{field.autocomplete}" autocapitalize="none" spellcheck="false"{described}{invalid}{focus}>'
        "</div>"
    )
