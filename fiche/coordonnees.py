"""Whether what a sheet says to reach a structure is right: SIRET, telephone, web and e-mail addresses, place, hours.

Each check gives a problem (what is wrong, a right example) or None. Formats are those of data.inclusion v1;
what they mean is left to the libraries that know them: python-stdnum (SIRET), phonenumbers, email-validator.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from engine.problems import Chemin, Probleme, shorten
from fiche.adresses import address_problems
from fiche.facts import at
from fiche.fields import fields_of
from fiche.horaires import HorairesInvalides
from fiche.horaires import check as check_hours
from fiche.problems import FauteContact
from fiche.rubrique import Genre

_REGIONS = ("FR", "RE", "GP", "MQ", "GF", "YT", "PM")
_SPECIAL = re.compile(r"0(8\d\d)(\d{3})(\d{3})")
_SHORT = re.compile(r"[0-9]{2,6}")
_HOST = re.compile(r"[^\s.@/]+(\.[^\s.@/]+)+")


def sheet_problems(data: Any) -> Iterator[tuple[Chemin, Probleme]]:
    """What is wrong in the contacts of a sheet and of its services (plain data, the keys of data.inclusion), with its
    path. What is not of the right type is left to the models."""
    if not isinstance(data, dict):
        return
    yield from _problems(data, ())
    services = data.get("services")
    for index, service in enumerate(services if isinstance(services, list) else ()):
        if isinstance(service, dict):
            yield from _problems(service, ("services", index))


def _problems(data: Mapping[str, Any], chemin: Chemin) -> Iterator[tuple[Chemin, Probleme]]:
    fields = fields_of(tuple(map(str, chemin)))
    checked = ((field, check) for genre, check in _CHECKS.items() for field in fields if field.genre == genre)
    for field, check in checked:
        value = at(data, field.place)
        wrong = check(value) if isinstance(value, str) and value else None
        if wrong:
            yield (*chemin, *field.place), wrong
    for key, wrong in address_problems(data):
        yield (*chemin, key), wrong


def siret_problem(value: str) -> Probleme | None:
    """What is wrong in the number of an establishment: 14 digits, the last one a check of the others."""
    from stdnum.fr import siret

    digits = re.sub(r"[\s.\u00a0\u202f-]", "", value)
    if re.fullmatch(r"\d{9}", digits, re.ASCII):
        return FauteContact.SIREN(valeur=value)
    if not re.fullmatch(r"\d{14}", digits, re.ASCII):
        return FauteContact.SIRET(valeur=value)
    if not siret.is_valid(digits):
        return FauteContact.SIRET_CLE(valeur=value)
    return None if value == digits else FauteContact.SIRET_ESPACES(valeur=digits)


def telephone_problem(value: str) -> Probleme | None:
    """What is wrong in a French telephone number, whatever its spaces and its prefix; short numbers are allowed."""
    if _number(value) is not None or _is_short(value):
        return None
    if len(re.findall(r"(?:\+33|0)[\s.\d-]{8,}", value)) > 1:
        return FauteContact.TELEPHONES(valeur=value)
    if re.match(r"\s*(?:\+|00)(?!33|262|508|590|594|596)\d", value):
        return FauteContact.TELEPHONE_ETRANGER(valeur=value)
    digits = len(re.findall(r"\d", value))
    if digits == 10 or value.strip().startswith("+"):
        return FauteContact.TELEPHONE(valeur=value)
    return FauteContact.TELEPHONE_CHIFFRES(valeur=value, chiffres=digits)


def telephone_in_words(value: str) -> str:
    """A number as the French write it: « 02 61 91 12 34 », « 0 800 123 456 », « 3949 »; as it is when it is wrong."""
    number = _number(value)
    if number is None:
        return re.sub(r"\D", "", value) if _is_short(value) else value
    special = _SPECIAL.fullmatch(re.sub(r"\D", "", number))
    return f"0 {special[1]} {special[2]} {special[3]}" if special else number


@lru_cache(maxsize=4096)
def _number(value: str) -> str | None:
    """The number in its national form; None when it is not a whole number of France."""
    import phonenumbers

    for region in _REGIONS:
        try:
            number = phonenumbers.parse(value, region)
        except phonenumbers.NumberParseException:
            return None
        of = phonenumbers.region_code_for_number(number)
        if (
            of in _REGIONS
            and phonenumbers.is_valid_number(number)
            and not re.search(r"[^0-9\s+().\u00a0\u202f-]", value)
        ):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return None


def _is_short(value: str) -> bool:
    import phonenumbers

    digits = re.sub(r"[\s.]", "", value)
    return _SHORT.fullmatch(digits) is not None and phonenumbers.is_valid_short_number_for_region(
        phonenumbers.parse(digits, "FR"), "FR"
    )


def courriel_problem(value: str) -> Probleme | None:
    """What is wrong in an e-mail address, as data.inclusion checks it: one address, nothing around it."""
    from pydantic.networks import validate_email
    from pydantic_core import PydanticCustomError

    try:
        _, address = validate_email(value)
    except (PydanticCustomError, UnicodeEncodeError):
        address = ""
    if address.lower() == value.lower():
        return None
    return FauteContact.COURRIEL(valeur=value)


def site_problem(value: str) -> Probleme | None:
    """What is wrong in a web address: https:// (or http://), the name of a site, no space."""
    if _is_site(value):
        return None
    guess = f"https://{value.strip()}"
    if _is_site(guess):
        return FauteContact.SITE_SANS_PROTOCOLE(valeur=value, proche=shorten(guess))
    return FauteContact.SITE(valeur=value)


def _is_site(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    has_site = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.hostname or "") is not None
    return has_site and port != 0 and parts.username is None and value.isprintable() and " " not in value


def hours_problem(value: str) -> Probleme | None:
    """What is wrong in opening hours."""
    try:
        check_hours(value)
    except HorairesInvalides as error:
        return error.probleme
    return None


_CHECKS: dict[Genre, Callable[[str], Probleme | None]] = {
    "siret": siret_problem,
    "telephone": telephone_problem,
    "courriel": courriel_problem,
    "lien": site_problem,
    "horaires": hours_problem,
}
