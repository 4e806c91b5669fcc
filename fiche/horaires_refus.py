"""What is wrong with opening hours that cannot be read, and the hours that were meant, if they can be guessed."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.problems import Probleme
from fiche.problems import FauteContact

_FRENCH = tuple(
    (re.compile(pattern, re.IGNORECASE), written)
    for pattern, written in (
        (r"\bferm\w+ (?:les )?jours f[ée]ri[ée]s\b", "PH off"),
        (r"\b(?:les )?jours f[ée]ri[ée]s\b", "PH"),
        (r"\bsur (?:rendez-vous|rdv)\b", '"sur rendez-vous"'),
        (r"\bferm[ée]e?\b", "off"),
        (r"\b(?:tous les jours|7 ?j(?:ours)? ?(?:sur|/) ?7)\b", "Mo-Su"),
        *(
            (rf"\b(?:{french})\b\.?", osm)
            for french, osm in (
                ("lundis?|lun|lu", "Mo"),
                ("mardis?|mar|ma", "Tu"),
                ("mercredis?|mer|me", "We"),
                ("jeudis?|jeu|je", "Th"),
                ("vendredis?|ven|ve", "Fr"),
                ("samedis?|sam|sa", "Sa"),
                ("dimanches?|dim|di", "Su"),
            )
        ),
        (r"\b(\d{1,2}) ?h(?:eures?)?(?: ?(\d\d))?\b", r"\1:\2"),
        (r"\b(\d{1,2}):(?!\d)", r"\1:00"),
        (r"\b(\d):", r"0\1:"),
        (r"\b(?:de|du|le|les)\b", " "),
        (r" *(?:\bau?\b|\bà\b|[–—-]) *", "-"),
        (r" *(?:\bet\b|,) *", ","),
        (r"(?<=[a-z]) *: *", " "),
        (r"(?<=\d) +(?=\d)", ","),
        (r"(?<=\d),(?=[A-Z])", "; "),
        (r" +", " "),
        (r"[ ;.]*;[ ;]*", "; "),
        (r"^[ ;,]+|[ ;,.]+$", ""),
    )
)
"""What people write in French, and how the format writes it; in order."""


def refusal(text: str, column: int, is_right: Callable[[str], bool]) -> Probleme:
    """The problem of a text that stops being readable at `column` (from 1).

    It proposes the same hours in the right form when they can be guessed (`is_right` says so), else an example.
    """
    rest = text[column - 1 :].strip()
    shown = rest[:30] + ("…" if len(rest) > 30 else "")
    guess = in_format(text)
    if is_right(guess):
        if not rest:
            return FauteContact.HORAIRES_COUPES_PROCHES(proche=guess)
        return FauteContact.HORAIRES_PROCHES(reste=shown, proche=guess)
    return FauteContact.HORAIRES_A_PARTIR(reste=shown) if rest else FauteContact.HORAIRES_COUPES()


def in_format(text: str) -> str:
    """French hours as the format writes them, as far as their words are known."""
    for pattern, written in _FRENCH:
        text = pattern.sub(written, text)
    return text
