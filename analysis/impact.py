"""What a change of rules or catalogue does to the answers: over the space of situations, and over past ones."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from analysis.space import Dimensions, coherent, dimensions, shrink
from analysis.view import Block, Dossiers, blocks, situations_of, sweep
from charte.replay import answer
from engine.base import Base, load_base
from engine.orientation import Orientation, Recommandation
from engine.situation import Situation


class UnknownVersion(ValueError):
    """Neither a folder with rules and catalogue, nor a revision of the repository."""


@dataclass(frozen=True, slots=True)
class Changement:
    """One kind of change, how many answers it touches, and the smallest example that was met."""

    quoi: str
    nombre: int
    exemple: Situation

    def to_json(self) -> dict[str, Any]:
        """The change as plain data."""
        return {"quoi": self.quoi, "nombre": self.nombre, "exemple": self.exemple.said()}


@dataclass(frozen=True, slots=True)
class Impact:
    """How many answers were compared, how many differ, and the kinds of change, the most frequent first."""

    situations: int
    changees: int
    changements: tuple[Changement, ...]

    def to_json(self) -> dict[str, Any]:
        """The impact as plain data."""
        changes = [change.to_json() for change in self.changements]
        return {"situations": self.situations, "changees": self.changees, "changements": changes}


@dataclass(frozen=True, slots=True)
class _State:
    before: Base
    after: Base
    space: Dimensions
    on: date


_state: _State | None = None


def _set_up(before: Dossiers, after: Dossiers, on: date) -> None:
    global _state  # noqa: PLW0603  # one pair of bases a process, loaded once
    _state = _load(before, after, on)


def _load(before: Dossiers, after: Dossiers, on: date) -> _State:
    first, second = load_base(before.regles, before.catalogue), load_base(after.regles, after.catalogue)
    spaces = dimensions(first, on), dimensions(second, on)
    return _State(first, second, {field: _union(field, *spaces) for field in spaces[1]}, on)


def _union(field: str, first: Dimensions, second: Dimensions) -> list[Any]:
    """The values of both spaces, numbers in order: each bound of either base cuts the ages of both."""
    values = list(dict.fromkeys([*first.get(field, ()), *second[field]]))
    numbers = [value for value in values if type(value) is int]
    return [None, *sorted(numbers)] if numbers else values


def compare(
    before: Dossiers, after: Dossiers, past: Sequence[Situation], on: date, progress: Callable[[int, int], None]
) -> Impact:
    """The impact on the whole sample, or only on `past` situations when there are any. Raises InvalidDocuments."""
    state = _load(before, after, on)
    pieces: list[Block] = (
        blocks(state.space, state.after.rules.situation)
        if not past
        else [tuple(past[i : i + 200]) for i in range(0, len(past), 200)]
    )
    total = changed = 0
    counts: dict[str, int] = {}
    examples: dict[str, Situation] = {}
    for done, (tried, differing, found) in enumerate(sweep(_compare_block, pieces, _set_up, (before, after, on)), 1):
        total += tried
        changed += differing
        for what, (number, example) in found.items():
            counts[what] = counts.get(what, 0) + number
            examples[what] = min(examples.get(what, example), example, key=_size)
        progress(done, len(pieces))
    ordered = sorted(counts, key=lambda what: (-counts[what], what))
    changes = (Changement(what, counts[what], _smallest(what, examples[what], state)) for what in ordered)
    return Impact(total, changed, tuple(changes))


def _compare_block(block: Block) -> tuple[int, int, dict[str, tuple[int, Situation]]]:
    assert _state is not None
    tried = differing = 0
    found: dict[str, tuple[int, Situation]] = {}
    for situation in situations_of(block, _state.space, _state.after.rules.situation):
        tried += 1
        changes = list(differences(situation, _state.before, _state.after, _state.on))
        differing += bool(changes)
        for what in changes:
            number, example = found.get(what, (0, situation))
            found[what] = (number + 1, min(example, situation, key=_size))
    return tried, differing, found


def differences(situation: Situation, before: Base, after: Base, on: date) -> Iterator[str]:
    """What changes in an answer, in words; the reasons and the sentences only when nothing else does."""
    then = coherent(situation.model_dump(include=set(before.rules.vocabulaire.champs)), before.rules.situation)
    if then is None:  # it could not be said before
        return
    old, new = answer(then, before, on), answer(situation, after, on)
    if replace(old, versions={}) == replace(new, versions={}):
        return
    found = list(_differences(old, new))
    yield from found or ["raisons, offres écartées ou phrases seulement"]


def _differences(old: Orientation, new: Orientation) -> Iterator[str]:
    first, now = old.recommandations[0], new.recommandations[0]
    if first.structure != now.structure:
        yield f"première structure : {first.structure} → {now.structure}"
    yield from _moved("porte", "e", _doors(old), _doors(new))
    yield from _moved("étape", "e", _steps(old), _steps(new))
    yield from _moved("opérateur du CEP", "", old.profil.operateurs, new.profil.operateurs)
    yield from _moved("public", "", old.profil.publics, new.profil.publics)
    yield from _moved("alerte", "e", _alerts(old), _alerts(new))
    if old.profil.cep != new.profil.cep:
        yield f"droit au CEP : {old.profil.cep} → {new.profil.cep}"
    if old.profil.niveau != new.profil.niveau:
        yield f"niveau : {old.profil.niveau} → {new.profil.niveau}"
    if first.structure == now.structure:
        yield from _moved("condition à vérifier", "e", _checks(first), _checks(now))
        if _doors(old) == _doors(new) and _order(old) != _order(new):
            yield "ordre ou service des portes"


def _doors(found: Orientation) -> list[str]:
    return sorted({door.structure for door in found.recommandations})


def _order(found: Orientation) -> list[tuple[str, str]]:
    return [(door.role, door.service) for door in found.recommandations]


def _steps(found: Orientation) -> list[str]:
    return [step.structure for step in found.parcours[1:]]


def _alerts(found: Orientation) -> list[str]:
    return [alert.regle for alert in found.profil.alertes]


def _checks(door: Recommandation) -> list[str]:
    return [check.regle for check in door.a_verifier]


def _moved(name: str, ending: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for item in sorted(set(new) - set(old)):
        yield f"{name} ajouté{ending} : {item}"
    for item in sorted(set(old) - set(new)):
        yield f"{name} retiré{ending} : {item}"


def _size(situation: Situation) -> tuple[int, str]:
    said = situation.said()
    return len(said), str(said)


def _smallest(what: str, example: Situation, state: _State) -> Situation:
    return shrink(example, lambda candidate: what in differences(candidate, state.before, state.after, state.on))


@contextmanager
def version(name: str, project: Path) -> Iterator[Dossiers]:
    """The folders of a version: a folder that holds `rules` and `catalogue`, or a git revision of the project.

    Raises UnknownVersion.
    """
    folder = Path(name)
    if folder.is_dir():
        if not (folder / "rules").is_dir() or not (folder / "catalogue").is_dir():
            raise UnknownVersion(f"« {name} » : ce dossier ne contient pas « rules » et « catalogue ».")
        yield Dossiers(folder / "rules", folder / "catalogue")
        return
    archive = subprocess.run(
        ["git", "-C", str(project), "archive", "--format=tar", "--end-of-options", name, "rules", "catalogue"],
        capture_output=True,
        check=False,
    )
    if archive.returncode:
        raise UnknownVersion(
            f"« {name} » n'est ni un dossier, ni une révision qui contient « rules » et « catalogue »."
        )
    with TemporaryDirectory() as place:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as content:
            content.extractall(place, filter="data")
        yield Dossiers(Path(place) / "rules", Path(place) / "catalogue")
