"""A sheet written as YAML is read back the same, and always written the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.base import CATALOGUE
from engine.catalogue import sheet_files
from engine.documents import FORBIDDEN, read_bytes, read_file
from fiche.writing import write_sheet

TEXTS = st.text(min_size=1, max_size=300).filter(lambda text: not FORBIDDEN.search(text))
WORDS = st.one_of(
    TEXTS,
    st.sampled_from(
        ["28", "01004", "true", "null", "~", "1e3", "2026-11-25", "- a", "a: b", "# non", "", " ", "oui", "=1+1"]
    ),
)
VALUES: st.SearchStrategy[Any] = st.one_of(
    WORDS, st.booleans(), st.integers(-(10**6), 10**6), st.lists(WORDS, max_size=8)
)
KEYS = st.sampled_from(["nom", "description", "spro", "services", "provenance", "telephone", "autre clé", "28"])


def _back(text: str) -> Any:
    return read_bytes(text.encode(), "fiche.yaml", max_bytes=10**7).donnees


@pytest.mark.parametrize("path", sheet_files(CATALOGUE), ids=lambda path: path.stem)
def test_shipped_sheets_are_written_as_they_are(path: Path) -> None:
    assert write_sheet(read_file(path).donnees) == path.read_text(encoding="utf-8")


@example({"provenance": {"nom": []}, "services": [{"provenance": {"nom": "0"}}]})
@given(st.dictionaries(KEYS, st.one_of(VALUES, st.dictionaries(KEYS, VALUES, max_size=3)), min_size=1, max_size=6))
def test_read_back_the_same(document: dict[str, Any]) -> None:
    text = write_sheet(document, "# version 3")
    assert _back(text) == document
    assert write_sheet(_back(text), "# version 3") == text


@given(st.permutations(["id", "nom", "date_maj", "telephone", "spro"]))
def test_the_order_of_keys_does_not_matter(names: list[str]) -> None:
    content: dict[str, Any] = {
        "id": "a",
        "nom": "A",
        "date_maj": "2026-01-01",
        "telephone": "3949",
        "spro": {"role": "cio"},
    }
    assert write_sheet({name: content[name] for name in names}) == write_sheet(content)
