"""Which imported structures are already in the directory: by identifier, then SIRET, then name and place.

Nothing is merged here: `exchange.merging` proposes, people decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.territory import fold
from fiche.exchange.national import cited
from fiche.model import SOURCE_DATA_INCLUSION

Sheet = Mapping[str, Any]
"""A sheet as plain data."""

Parente = Literal["nouvelle", "la-meme", "doublon-probable"]
"""What an imported structure is to those that are known."""


@dataclass(frozen=True, slots=True)
class Rapprochement:
    """What an imported sheet is, which known sheet it is close to (None for a new one), and why."""

    fiche: Sheet
    parente: Parente
    connue: str | None = None
    raison: str = ""
    dans_import: bool = False
    """Whether the known sheet is another one of the import, rather than of the directory."""


def match(existing: Iterable[Sheet], imported: Iterable[Sheet]) -> Iterator[Rapprochement]:
    """What each imported sheet is, in their order; those of the import are known to the next ones."""
    known = _Known()
    for sheet in existing:
        known.add(sheet, imported=False)
    for sheet in imported:
        found = known.find(sheet)
        yield found
        if found.parente != "la-meme":
            known.add(sheet, imported=True)


class _Known:
    """What sheets are recognised by."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._sirets: dict[str, list[str]] = defaultdict(list)
        self._names: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
        self._imported: set[str] = set()

    def add(self, sheet: Sheet, *, imported: bool) -> None:
        """Remembers a sheet."""
        name = sheet["id"]
        if imported:
            self._imported.add(name)
        for key in _identities(sheet, own=not imported):
            self._ids.setdefault(key, name)
        if sheet.get("siret"):
            self._sirets[sheet["siret"]].append(name)
        self._names[fold(sheet["nom"])].append((name, _places(sheet)))

    def find(self, sheet: Sheet) -> Rapprochement:
        """What a sheet is."""
        for key in _identities(sheet, own=False):
            if key in self._ids:
                return self._same(sheet, self._ids[key], f"même identifiant national ({key})")
        namesakes = [(name, _where(_places(sheet), places)) for name, places in self._names[fold(sheet["nom"])]]
        close = [(name, where) for name, where in namesakes if where]
        same_siret = self._sirets.get(sheet.get("siret", ""), [])
        if same_siret:
            named = [name for name in same_siret if name in dict(close)]
            reason = f"même SIRET ({sheet['siret']})"
            if len(same_siret) == 1 or len(named) == 1:
                return self._same(sheet, (named or same_siret)[0], reason)
            others = f"{reason}, que {len(same_siret)} fiches ont : {', '.join(sorted(same_siret)[:5])}"
            return self._close(sheet, (named or same_siret)[0], others)
        if close:
            name, where = close[0]
            return self._close(sheet, name, f"même nom, {where}")
        return Rapprochement(sheet, "nouvelle")

    def _same(self, sheet: Sheet, known: str, reason: str) -> Rapprochement:
        return Rapprochement(sheet, "la-meme", known, reason, known in self._imported)

    def _close(self, sheet: Sheet, known: str, reason: str) -> Rapprochement:
        return Rapprochement(sheet, "doublon-probable", known, reason, known in self._imported)


def _identities(sheet: Sheet, *, own: bool) -> list[str]:
    """The national identifiers of a sheet: the one it was imported under, and the one it would be exported under."""
    found = cited(sheet.get("spro", {}).get("provenance", {}).get("id", {}).get("source", ""))
    imported_under = [found] if found else []
    return [*imported_under, f"{sheet.get('source', SOURCE_DATA_INCLUSION)}--{sheet['id']}"] if own else imported_under


def _places(sheet: Sheet) -> frozenset[str]:
    """What says where a structure is, from the surest to the least sure."""
    commune = fold(sheet.get("commune") or "")
    told = (("insee", sheet.get("code_insee")), ("commune", commune), ("postal", sheet.get("code_postal")))
    return frozenset(f"{kind}:{value}" for kind, value in told if value)


def _where(first: frozenset[str], second: frozenset[str]) -> str:
    """How two places agree, in words; empty when they are not the same."""
    if not first or not second:
        return "lieu inconnu d'un côté"
    return "même lieu" if first & second else ""
