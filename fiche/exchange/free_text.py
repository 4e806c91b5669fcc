"""What the network knows of a service, in the free text of the national format, and back as something to check.

The format has no key for a reception policy, an age or a mandate: they become sentences at the end of
`publics_precisions` and `conditions_acces`, after a mark. Sentences cannot come back as rules: read again, they are
taken off the two fields and become `a_verifier`, which the agent reads and no rule decides on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from data_inclusion.schema.v1 import Public

from engine.ruleset import Ruleset
from fiche.fields import ANY_SERVICE
from fiche.model import Accueil, Service
from fiche.rubrique import Lecture, Rubrique, TexteNational
from fiche.values import Ligne, choices, given_by, lines, read, said

MARK = "Précisions du réseau SPRO-EP : "
TO_CHECK = "À vérifier : "
MAX_PHRASE = 600
"""Characters of `a_verifier`."""

_MORE = "… (suite dans la fiche)"
_POLICIES: dict[Accueil, str] = {
    "reserve-a": "réservé à ces publics",
    "priorise": "priorité à ces publics",
    "recoit": "reçoit aussi ces publics",
}


def with_sentences(service: Service, rules: Ruleset) -> dict[str, str]:
    """The two free texts, with what `spro` says; a field that would stay as it is is not given."""
    told: dict[TexteNational, list[str]] = {"publics_precisions": [], "conditions_acces": []}
    for line in lines(ANY_SERVICE, *get_args(Lecture)):
        field = line.premiere
        if field.devenir and field.cle != "a_verifier":
            told[field.devenir] += _sentences(line, service, rules)
    told["conditions_acces"] += _left_to_check(service)
    return {field: _joined(getattr(service, field), parts) for field, parts in told.items() if parts}


def _joined(text: str | None, parts: Iterable[str]) -> str:
    added = MARK + " ; ".join(part.rstrip(".") for part in parts) + "."
    return f"{text}\n\n{added}" if text else added


def _sentences(line: Ligne, service: Service, rules: Ruleset) -> Iterator[str]:
    """What a line becomes there; a yes is its own sentence, a no says nothing."""
    field = line.premiere
    given = {each: given_by(service, each) for each in line.rubriques}
    if field.genre == "accueil":
        words = choices(field, rules)
        for policy, label in _POLICIES.items():
            names = [words[entry["public"]] for entry in given[field] or () if entry["accueil"] == policy]
            if names:
                yield f"{label} : {', '.join(names)}"
    elif any(given.values()):
        named = "" if field.genre == "age" else f"{field.dit or field.nom} : "
        yield field.dit if field.genre == "oui-non" else named + said(line, given.__getitem__, rules, _say)


def _say(field: Rubrique, given: Any, rules: Ruleset) -> str:
    return ", ".join(read(field, name, rules) for name in (given if isinstance(given, list) else [given]))


def _left_to_check(service: Service) -> list[str]:
    """What is to be checked, last so that it can be found again, unless the other fields say it already."""
    wanted = service.spro.a_verifier
    if not wanted or wanted == to_check(service.model_dump(mode="json")):
        return []
    return [TO_CHECK + wanted.removeprefix(TO_CHECK)]


def without_sentences(text: str | None) -> tuple[str | None, str]:
    """A free text as it was before the sentences of the network, and these."""
    before, mark, added = (text or "").rpartition(MARK)
    if not mark or (before and not before.endswith("\n\n")):
        return text, ""
    return before.strip() or None, added.strip()


def to_check(record: Mapping[str, Any]) -> str | None:
    """What a record asks of people in words, as one sentence for the agent; None when it asks nothing.

    A public of the national format is words too: its labels do not say who is received, and no rule may read them.
    """
    precisions, more_publics = without_sentences(record.get("publics_precisions"))
    conditions, more_access = without_sentences(record.get("conditions_acces"))
    others, _, known = more_access.partition(TO_CHECK)
    parts = [
        _flat(known),
        _publics(record.get("publics") or ()),
        _flat(precisions),
        _flat(more_publics),
        _flat(conditions),
        _flat(others),
    ]
    kept: list[str] = []
    for part in parts:
        if part and not any(part in other for other in kept):
            kept.append(part)
    sentence = TO_CHECK + " ; ".join(kept) + "."
    if len(sentence) > MAX_PHRASE:
        sentence = sentence[: MAX_PHRASE - len(_MORE)] + _MORE
    return sentence if kept else None


def _flat(text: str | None) -> str:
    return " ".join((text or "").split()).strip(" ;.")


def _publics(names: Iterable[str]) -> str:
    labels = {public.value: public.label for public in Public if public is not Public.TOUS_PUBLICS}
    found = sorted(labels[name].lower() for name in names if name in labels)
    return f"publics annoncés : {', '.join(found)}" if found else ""
