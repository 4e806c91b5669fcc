"""A text read little by little, as JSON values or as lines, with the place of each; and why it cannot be read on.

Only the part in hand is held, MAX_RECORD characters and a chunk at most. Python's own decoder reads the values: it says
where it stopped, refuses what is nested too deep, and leaves half a character to be refused later.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

from engine.documents import first_repeated
from engine.problems import Faute, Probleme
from fiche.problems import FauteNationale

MAX_RECORD = 1024 * 1024
"""Characters of a record; the longest that data.inclusion publishes have some tens of thousands."""

_CHUNK = 64 * 1024
_SPACES = re.compile(r"[ \t\r\n]*")


class Stop(Exception):
    """What ends the reading of a file."""

    def __init__(self, probleme: Probleme, ligne: int, colonne: int = 1) -> None:
        super().__init__(probleme)
        self.probleme, self.ligne, self.colonne = probleme, ligne, colonne


class Source:
    """A text read little by little: the part in hand, and where it stands in the file."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self._file = file
        self._counted = 0
        self._place = 1, 1
        self.text = ""
        self.position = 0

    def place(self, position: int) -> tuple[int, int]:
        """The line and the column of a position that is not behind the reading."""
        line, column = self._place
        before = self.text.count("\n", self._counted, position)
        if before:
            return line + before, position - self.text.rfind("\n", 0, position)
        return line, column + position - self._counted

    def line(self) -> int:
        """The line where the reading stands; what is before it is not counted again."""
        self._place, self._counted = self.place(self.position), self.position
        return self._place[0]

    def fill(self) -> bool:
        """Reads more, and forgets what is behind; False at the end of the file."""
        more = self._file.read(_CHUNK)
        if not more:
            return False
        self.line()
        self.text = self.text[self.position :] + more
        self.position = self._counted = 0
        return True

    def next_char(self) -> str:
        """The next character that is not a space, where the reading then stands; empty at the end."""
        while True:
            match = _SPACES.match(self.text, self.position)
            self.position = match.end() if match else self.position
            if self.position < len(self.text):
                return self.text[self.position]
            if not self.fill():
                return ""

    def take(self, wanted: str) -> str:
        """The next character, one of `wanted`. Raises Stop."""
        found = self.next_char()
        if not found or found not in wanted:
            raise self.stop(Faute.PAS_JSON() if found else _CUT, self.position)
        self.position += 1
        return found

    def value(self) -> Any:
        """The next JSON value. Raises Stop."""
        self.next_char()
        while True:
            try:
                value, end = DECODER.raw_decode(self.text, self.position)
            except json.JSONDecodeError as error:
                if len(self.text) - self.position > MAX_RECORD:
                    raise self.stop(_TOO_LONG, self.position) from None
                if not self.fill():
                    cut = error.pos >= len(self.text) or error.msg.startswith("Unterminated")
                    raise self.stop(_CUT if cut else Faute.PAS_JSON(), error.pos) from None
                continue
            except (ValueError, RecursionError) as error:
                raise self.stop(why(error), self.position) from None
            if end == len(self.text) and self.fill():
                continue  # a number may go on
            if end - self.position > MAX_RECORD:
                raise self.stop(_TOO_LONG, self.position)
            self.position = end
            return value

    def lines(self) -> Iterator[str]:
        """The lines that are left. Raises Stop at one that is longer than a record may be."""
        while line := self._file.readline(MAX_RECORD + 1):
            if len(line) > MAX_RECORD:
                raise Stop(_TOO_LONG, self._place[0])
            yield line
            self._place = self._place[0] + 1, 1

    def stop(self, probleme: Probleme, position: int) -> Stop:
        """What ends the reading at a position of the part in hand."""
        return Stop(probleme, *self.place(position))


_CUT = FauteNationale.COUPE()
_TOO_LONG = FauteNationale.TROP_LONG(kio=MAX_RECORD // 1024)


def empty() -> Stop:
    """A file that says nothing."""
    return Stop(Faute.FICHIER_VIDE(), 1)


class Refused(ValueError):
    """A JSON value that is no data."""

    def __init__(self, probleme: Probleme) -> None:
        super().__init__(probleme)
        self.probleme = probleme


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(items)
    if len(found) < len(items):
        raise Refused(Faute.CLE_DOUBLE(cle=first_repeated(key for key, _ in items)))
    return found


def why(error: Exception) -> Probleme:
    """Why a well-formed value is refused: Python's own limits speak English."""
    if isinstance(error, Refused):
        return error.probleme
    return FauteNationale.TROP_IMBRIQUE() if isinstance(error, RecursionError) else Faute.NOMBRE_TROP_GRAND()


def _constant(word: str) -> Any:
    raise Refused(Faute.CONSTANTE(mot=word))


DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant)
