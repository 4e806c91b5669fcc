"""The working folder of another basin: its territory, the sheets that hold there too, an empty one for each other role.

A sheet follows a structure when it is not that of a local member and one of its services is open there. What it says of
the first basin alone (facts marked `local`, what was to be confirmed there) stays behind. Nothing is invented: an empty
sheet has no service, so that nobody is sent to it before somebody fills it in.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from analysis.basin_request import Demande, Nommee
from analysis.problems import FauteBase
from analysis.schemas import modeline
from engine import documents, territory
from engine.base import PROJECT, Base
from engine.catalogue import TERRITOIRE, read_catalogue, sheet_files
from engine.documents import InvalidDocuments, refused
from engine.ruleset import Ruleset
from fiche.model import Reseau, Service, Structure
from fiche.writing import SCHEMA, write_sheet

SHEETS = "catalogue"
"""The folder of the sheets, in that of a basin."""

READ_ME = "LISEZMOI.md"

TO_CONFIRM = "Présence dans ce bassin, contacts et rendez-vous à confirmer par la structure."
TO_FILL = "Fiche vide : nom, contacts, services et place dans le réseau du bassin sont à compléter."

_ORIGIN = "création du bassin"
_NOBODY = "# Fiche vide : personne n'y est orienté tant qu'elle n'a pas de service."

Fiche = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bassin:
    """A basin ready to be written: the sheets that it takes over, and those to fill in."""

    demande: Demande
    reprises: tuple[Fiche, ...]
    vides: tuple[Fiche, ...]
    depart: Base
    le: date


def plan(asked: Demande, names: Sequence[Nommee], start: Base, catalogue: Path, rules: Ruleset, on: date) -> Bassin:
    """The basin that is asked for, from the sheets of `catalogue`, which are those of `start`.

    Raises InvalidDocuments when two sheets would have the same identifier.
    """
    home = territory.commune(asked.commune)
    zones = frozenset(asked.zones) | (home.zones if home else frozenset())
    taken: list[Fiche] = []
    for path in sheet_files(catalogue):
        data = documents.read_file(path).donnees
        structure = start.catalogue.structures[data["id"]]
        if structure.spro.role in rules.vocabulaire.roles and _follows(structure, zones):
            taken.append(_what_follows(data, structure, zones))
    empty = tuple(_empty_sheets(asked, names, taken, start, rules, on))
    count = Counter(sheet["id"] for sheet in (*taken, *empty))
    twice = [name for name, number in count.items() if number > 1]
    if twice:
        raise refused(str(asked.dossier), FauteBase.FICHES_HOMONYMES(noms=twice))
    return Bassin(asked, tuple(taken), empty, start, on)


def write(bassin: Bassin, rules: Ruleset) -> None:
    """Writes the folder whole or not at all. Raises InvalidDocuments, OSError."""
    target = bassin.demande.dossier
    partial = Path(tempfile.mkdtemp(dir=target.absolute().parent, prefix=".bassin-"))
    try:
        (partial / SHEETS).mkdir()
        for name, text in texts(bassin).items():
            (partial / name).write_text(text, encoding="utf-8", newline="\n")
        wrong = read_catalogue(partial / SHEETS, rules).diagnostics
        if wrong:
            raise InvalidDocuments(wrong)
        partial.chmod(0o755)
        partial.rename(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


# --- the sheets that follow ---


def _follows(structure: Structure, zones: frozenset[str]) -> bool:
    if structure.spro.reseau == "local":
        return False
    return not structure.services or any(_is_open(service, zones) for service in structure.services)


def _is_open(service: Service, zones: frozenset[str]) -> bool:
    return not service.zone_eligibilite or not zones.isdisjoint(map(str, service.zone_eligibilite))


def _what_follows(data: Fiche, structure: Structure, zones: frozenset[str]) -> Fiche:
    kept = _without_local(data, structure)
    both = zip(data.get("services", ()), structure.services, strict=True)
    services = [_without_local(item, service) for item, service in both if _is_open(service, zones)]
    return kept | ({"services": services} if services else {})


def _without_local(part: Fiche, model: Structure | Service) -> Fiche:
    """A structure or a service without what holds in the first basin only."""
    local = {name for name, fact in model.spro.provenance.items() if fact.local}
    spro = {name: value for name, value in part["spro"].items() if name not in local}
    spro["provenance"] = {name: fact for name, fact in part["spro"]["provenance"].items() if name not in local}
    if "a_confirmer" in spro:
        spro["a_confirmer"] = TO_CONFIRM
    return {name: value for name, value in part.items() if name not in local | {"spro", "services"}} | {"spro": spro}


# --- the sheets to fill in ---


def _empty_sheets(
    asked: Demande, names: Sequence[Nommee], taken: Sequence[Fiche], start: Base, rules: Ruleset, on: date
) -> Iterator[Fiche]:
    """One for each structure that is named, one for each role that the first basin had and that nothing holds here."""
    networks = _networks(start)
    held = {named.role for named in names} | {sheet["spro"]["role"] for sheet in taken}
    for named in names:
        source = "liste donnée à la création du bassin"
        yield _empty_sheet(named.fiche, named.nom, named.role, networks.get(named.role, "local"), on, source)
    for role, label in rules.vocabulaire.roles.items():
        if role in networks and role not in held:
            yield _empty_sheet(f"{role}-{asked.id}", f"{label} (nom à compléter)", role, networks[role], on)


def _networks(start: Base) -> dict[str, Reseau]:
    """The place in the network of each role of the first basin; that of its local member when there are several."""
    ordered = sorted(start.catalogue.structures.values(), key=lambda found: found.spro.reseau == "local")
    return {structure.spro.role: structure.spro.reseau for structure in ordered}


def _empty_sheet(fiche: str, nom: str, role: str, reseau: Reseau, on: date, named_by: str = "") -> Fiche:
    def fact(source: str) -> Fiche:
        return {"source": source, "verifie": on.isoformat(), "confiance": "CG"}

    provenance = {name: fact(_ORIGIN) for name in ("role", "reseau", "recoit_public")}
    return {
        "id": fiche,
        "nom": nom,
        "date_maj": on.isoformat(),
        "spro": {
            "role": role,
            "reseau": reseau,
            "recoit_public": True,
            "a_confirmer": TO_FILL,
            "provenance": provenance | ({"nom": fact(named_by)} if named_by else {}),
        },
    }


# --- the texts ---


def texts(bassin: Bassin) -> Mapping[str, str]:
    """The content of each file, by its place in the folder."""
    asked = bassin.demande
    basin = {"id": asked.id, "nom": asked.nom.strip(), "commune": asked.commune, "zones": list(asked.zones)}
    found = {READ_ME: _read_me(bassin)}
    path = f"{SHEETS}/{TERRITOIRE}"
    body = yaml.safe_dump(basin, allow_unicode=True, sort_keys=False, default_flow_style=None, width=999)
    found[path] = _with_schema(f"{SCHEMA}\n{body}", asked.dossier / path)
    for sheet in bassin.reprises:
        path = f"{SHEETS}/{sheet['id']}.yaml"
        found[path] = _with_schema(write_sheet(sheet), asked.dossier / path)
    for sheet in bassin.vides:
        path = f"{SHEETS}/{sheet['id']}.yaml"
        text = write_sheet(sheet, _NOBODY) + "".join(f"# {line}\n" for line in _service_to_fill(sheet, bassin))
        found[path] = _with_schema(text, asked.dossier / path)
    return found


def _with_schema(text: str, path: Path) -> str:
    """The text with the line by which editors find its schema, when the folder is in that of the project."""
    _, _, rest = text.partition("\n")
    return f"{modeline(path)}\n{rest}" if path.absolute().is_relative_to(PROJECT) else rest


def _service_to_fill(sheet: Fiche, bassin: Bassin) -> Iterator[str]:
    """A service as comments: its keys, and the needs that the same role answers in the first basin."""
    role = sheet["spro"]["role"]
    alike = [found for found in bassin.depart.catalogue.structures.values() if found.spro.role == role]
    needs = dict.fromkeys(
        need for structure in alike for service in structure.services for need in service.spro.besoins
    )
    yield "Un service, à remplir avec ce qui a une source ; ce qui n'est pas connu se laisse de côté."
    if alike:
        place = bassin.depart.catalogue.territoire.nom
        yield f"Pour modèle : la fiche « {alike[0].id} » ({place})."
    yield from (
        "services:",
        f"  - id: {sheet['id']}-accueil",
        "    nom: Ce que la personne vient chercher",
        "    description: Ce qui se fait, pour qui, comment.",
        "    type: information",
        f"    zone_eligibilite: [{', '.join(repr(zone) for zone in bassin.demande.zones)}]",
        "    spro:",
        f"      besoins: [{', '.join(needs) or 'information-generale'}]",
        "      niveau: information",
        "      provenance:",
        f"        besoins: {{source: d'où on le sait, verifie: {bassin.le}, confiance: V}}",
    )


def _read_me(bassin: Bassin) -> str:
    asked = bassin.demande
    start = bassin.depart.catalogue.territoire
    to_fill = "\n".join(f"- `{SHEETS}/{sheet['id']}.yaml` : {sheet['nom']}" for sheet in bassin.vides)
    return f"""# {asked.nom.strip()}

Dossier de travail du bassin « {asked.id} », créé le {bassin.le:%d/%m/%Y} à partir de : {start.nom}.

## Ce qu'il contient
- `{SHEETS}/{TERRITOIRE}` : la commune centre et les zones du bassin.
- {len(bassin.reprises)} fiches reprises : membres régionaux, interlocuteurs nationaux. Leurs faits gardent leur source.
- {len(bassin.vides)} fiches vides, une pour chaque rôle local. Une fiche vide n'est jamais proposée à une personne.

Tant que la coordination du bassin n'est pas connue, le premier accueil est celui du service d'orientation de la Région.
Tant que les fiches sont vides, les réponses ne connaissent que les membres régionaux : n'ouvrez pas encore au public.

## Réglages
Les règles sont celles du projet : rien à recopier. Depuis ce dossier :
```
spro verifier --catalogue {SHEETS}
echo 'besoins: [decouvrir-metiers]' | spro orienter - --catalogue {SHEETS}
spro serve --catalogue {SHEETS}
```
Pour que les structures tiennent leurs fiches à jour à l'écran, avec une base propre à ce bassin :
```
SPRO_DATABASE_URL=sqlite:///{asked.id}.sqlite3 spro serve --bassin {SHEETS}
```

## Ce qui reste à faire
1. Remplir les fiches vides, avec ce qui a une source et rien d'autre :
{to_fill}
2. Relire ce qui est « à confirmer » dans les fiches reprises.
3. Lancer `spro verifier --catalogue {SHEETS}` : « besoin-sans-offre » dit les besoins auxquels personne ne répond
   encore. Si c'est connu, la raison s'écrit dans `{TERRITOIRE}`, sous `sans_offre`.
4. Si le bassin a ses propres règles (convention, alerte locale), les écrire dans `{SHEETS}/regles/` : mêmes noms de
   fichiers que dans `rules/`. Elles s'ajoutent aux règles de la charte, elles n'en remplacent aucune.

Le guide : docs/autre-bassin.md dans le projet.
"""
