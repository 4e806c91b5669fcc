"""Le code du projet passe ruff et mypy avec les réglages de pyproject.toml."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.outils

RACINE = Path(__file__).resolve().parent.parent


def lancer(*arguments: str) -> None:
    resultat = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=RACINE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert resultat.returncode == 0, f"{' '.join(arguments)}\n{resultat.stdout}"


def chemins_types() -> list[str]:
    """Chemins de la configuration de mypy qui contiennent du Python : mypy refuse les autres."""
    configuration = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))
    chemins: list[str] = configuration["tool"]["mypy"]["files"]
    return [c for c in chemins if (RACINE / c).is_file() or any((RACINE / c).rglob("*.py"))]


def test_ruff() -> None:
    lancer("ruff", "check", ".")
    lancer("ruff", "format", "--check", ".")


def test_mypy() -> None:
    lancer("mypy", "--strict", *chemins_types())
