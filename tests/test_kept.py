"""The base kept between two commands: the same answers, whatever became of what was kept."""

from __future__ import annotations

import io
import json
import os
import pickle
import resource
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from commands import kept
from engine.base import CATALOGUE, PROJECT, REGLES, Base, load_base
from engine.documents import InvalidDocuments
from engine.territory import COMMUNES

FICHE = "bij-dreux.yaml"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder of a test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv(kept.ENV_CACHE, str(folder))
    return folder


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The catalogues that were read from their files."""
    done: list[Path] = []

    def load(regles: Path, catalogue: Path) -> Base:
        done.append(catalogue)
        return load_base(regles, catalogue)

    monkeypatch.setattr(kept, "load_base", load)
    return done


def the_file(cache: Path) -> Path:
    (found,) = cache.iterdir()
    return found


def test_the_second_time_files_are_not_read(cache: Path, read: list[Path]) -> None:
    first, second = kept.load_kept(REGLES, CATALOGUE), kept.load_kept(REGLES, CATALOGUE)
    assert read == [CATALOGUE]
    assert first == second
    assert second.rules.vocabulaire == first.rules.vocabulaire
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert stat.S_IMODE(the_file(cache).stat().st_mode) == 0o600


@pytest.mark.usefixtures("cache")
def test_what_is_shared_stays_shared() -> None:
    kept.load_kept(REGLES, CATALOGUE)
    catalogue = kept.load_kept(REGLES, CATALOGUE).catalogue
    assert all(offre.structure is catalogue.structures[offre.structure.id] for offre in catalogue.offres)
    assert len({id(offre.faits) for offre in catalogue.offres}) == len(
        {id(offre.faits) for offre in load_base().catalogue.offres}
    )


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _other_base(path: Path) -> None:
    payload = io.BytesIO()
    kept._Pickler(payload, protocol=5).dump(load_base())
    path.write_bytes(kept._seal(b"another key", payload.getvalue()) + payload.getvalue())


def _not_a_base(path: Path) -> None:
    payload = pickle.dumps(("regles", 3))
    path.write_bytes(kept._seal(bytes.fromhex(path.name), payload) + payload)


def _open_to_others(path: Path) -> None:
    path.chmod(0o644)


def _link(path: Path) -> None:
    path.rename(path.with_name("ailleurs"))
    path.symlink_to(path.with_name("ailleurs"))


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def _folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _huge(path: Path) -> None:
    os.truncate(path, kept.MAX_BYTES + 1)


BAD = [_truncate, _empty, _damage, _other_base, _not_a_base, _open_to_others, _link, _pipe, _folder_instead, _huge]


@pytest.mark.parametrize("spoil", BAD, ids=[spoil.__name__.strip("_") for spoil in BAD])
def test_a_bad_file_is_ignored_and_made_again(
    spoil: Callable[[Path], None], cache: Path, read: list[Path], capfd: pytest.CaptureFixture[str]
) -> None:
    expected = kept.load_kept(REGLES, CATALOGUE)
    path = the_file(cache)
    spoil(path)
    assert kept.load_kept(REGLES, CATALOGUE) == expected
    assert len(read) == 2
    assert capfd.readouterr() == ("", "")
    if spoil is not _folder_instead:  # which is left to its owner
        assert kept.load_kept(REGLES, CATALOGUE) == expected
        assert len(read) == 2


def test_only_values_of_our_types_are_made(cache: Path, read: list[Path], tmp_path: Path) -> None:
    class Attack:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.write_text, (tmp_path / "marque", "ici")

    kept.load_kept(REGLES, CATALOGUE)
    path = the_file(cache)
    payload = pickle.dumps(Attack())
    path.write_bytes(kept._seal(bytes.fromhex(path.name), payload) + payload)
    kept.load_kept(REGLES, CATALOGUE)
    assert len(read) == 2
    assert not (tmp_path / "marque").exists()


@pytest.mark.parametrize(
    ("module", "name"),
    [("os", "system"), ("builtins", "eval"), ("engine.base", "Path"), ("engine.base", "load_base"), ("fiche", "model")],
)
def test_other_names_are_refused(module: str, name: str) -> None:
    with pytest.raises(pickle.UnpicklingError, match=f"{module}.{name}"):
        kept._Unpickler(io.BytesIO()).find_class(module, name)


@pytest.mark.parametrize(
    ("mode", "owner", "expected"),
    [
        (0o100600, 0, True),
        (0o100400, 0, True),
        (0o100620, 0, False),
        (0o100604, 0, False),
        (0o100600, 1, False),
        (0o120600, 0, False),
    ],
)
def test_a_file_is_ours_alone_or_not_read(mode: int, owner: int, expected: bool) -> None:
    found: Any = SimpleNamespace(st_mode=mode, st_uid=os.geteuid() + owner)
    assert kept._is_ours(found, stat.S_ISREG) is expected


def test_a_folder_open_to_others_keeps_nothing(cache: Path, read: list[Path]) -> None:
    cache.mkdir(mode=0o777)
    cache.chmod(0o777)
    for _ in range(2):
        kept.load_kept(REGLES, CATALOGUE)
    assert len(read) == 2
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("place", ["/proc/spro-ep", "un-fichier/cache"], ids=["read-only", "not-a-folder"])
def test_a_folder_that_cannot_be_made_keeps_nothing(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: list[Path]
) -> None:
    (tmp_path / "un-fichier").touch()
    monkeypatch.delenv(kept.ENV_CACHE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / place))
    assert kept.load_kept(REGLES, CATALOGUE) == load_base()
    assert len(read) == 1


def test_nothing_is_kept_when_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(kept.ENV_CACHE, "non")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    kept.load_kept(REGLES, CATALOGUE)
    assert list(tmp_path.iterdir()) == []


def test_the_usual_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(kept.ENV_CACHE, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "relatif")
    assert kept._folder() == tmp_path / ".cache" / "spro-ep"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "ici"))
    assert kept._folder() == tmp_path / "ici" / "spro-ep"


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, cache: Path) -> None:
    situation = tmp_path / "situation.yaml"
    situation.write_text("age: 20\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "cli", "orienter", str(situation), "--json"],
        cwd=PROJECT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert list(cache.iterdir()) == []


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the shipped sheets."""
    return Path(shutil.copytree(CATALOGUE, tmp_path / "catalogue"))


@pytest.mark.usefixtures("cache")
def test_a_change_of_the_same_size_and_date_is_seen(copied: Path) -> None:
    before = kept.load_kept(REGLES, copied).catalogue.structures["bij-dreux"]
    sheet = copied / FICHE
    dates = sheet.stat()
    content = sheet.read_text(encoding="utf-8")
    sheet.write_text(content.replace(before.nom, before.nom[::-1]), encoding="utf-8")
    os.utime(sheet, ns=(dates.st_atime_ns, dates.st_mtime_ns))
    assert kept.load_kept(REGLES, copied).catalogue.structures["bij-dreux"].nom == before.nom[::-1]


def test_what_is_wrong_is_said_whatever_was_kept(cache: Path, copied: Path) -> None:
    kept.load_kept(REGLES, copied)
    (copied / FICHE).write_text("id: [", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(InvalidDocuments, match=FICHE):
            kept.load_kept(REGLES, copied)
    with pytest.raises(InvalidDocuments, match="n'existe pas"):
        kept.load_kept(REGLES, copied / "rien")
    assert len(list(cache.iterdir())) == 1


def test_code_and_names_of_folders_are_part_of_the_key(
    tmp_path: Path, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {kept._key(REGLES, CATALOGUE), kept._key(REGLES, copied)}
    code = tmp_path / "code"
    for folder in ("engine", "fiche"):
        shutil.copytree(PROJECT / folder, code / folder)
    monkeypatch.setattr(kept, "PROJECT", code)
    keys.add(kept._key(REGLES, CATALOGUE))
    with (code / "engine" / "rete.py").open("a", encoding="utf-8") as module:
        module.write("\n")
    keys.add(kept._key(REGLES, CATALOGUE))
    assert len(keys) == 4


def test_every_file_that_is_read_is_part_of_the_key(copied: Path) -> None:
    trials = copied / "regles" / "essais"
    trials.mkdir(parents=True, exist_ok=True)
    (trials / "alertes.yaml").write_text("{}\n", encoding="utf-8")
    script = """
import json, sys
from pathlib import Path
from commands import kept
opened = []
sys.addaudithook(lambda event, found: opened.append(found[0]) if event == "open" else None)
kept.load_base(kept.PROJECT / "rules", Path(sys.argv[1]))
key = set(map(str, kept._inputs(kept.PROJECT / "rules", Path(sys.argv[1]))))
print(json.dumps([[str(path) for path in opened], [*key, *map(str, kept._places())]]))
"""
    command = [sys.executable, "-c", script, str(copied)]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    opened, key = (set(paths) for paths in json.loads(done.stdout))
    read = {path for path in opened if path.endswith(("yaml", ".tsv"))}
    assert {str(trials / "alertes.yaml"), str(COMMUNES)} <= read
    assert read <= key


def test_few_files_are_kept(cache: Path) -> None:
    base = load_base()
    cache.mkdir(mode=0o700)
    for number in range(kept.MAX_FILES + 3):
        key = bytes([number]) * 32
        kept._write(cache / key.hex(), key, base)
        os.utime(cache / key.hex(), ns=(number, number))
    assert {bytes.fromhex(path.name)[0] for path in cache.iterdir()} == set(range(3, kept.MAX_FILES + 3))
