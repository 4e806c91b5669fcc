"""How people write the name of a commune: without its articles, as it is heard, with a letter wrong, with a number."""

from __future__ import annotations

import re
from string import ascii_lowercase

_SMALL = frozenset(re.findall(r"\w+", "l le la les d de des du sur s sous ss en a au aux et lez"))

_CITY = r"(?P<city>paris|lyon|marseille)"
_NUMBER = r"(?P<number>[1-9]\d?) ?(er?|eme|ieme|ere|nd)?( arr[a-z]*)?"


def words(folded: str) -> list[str]:
    """The words of a folded name without its articles and link words, if it has others."""
    every = folded.split()
    return [word for word in every if word not in _SMALL] or every


def forms(folded: str) -> set[str]:
    """A folded name in one word: with all its words, and without the small ones."""
    return {folded.replace(" ", ""), "".join(words(folded))}


def sound(name: str) -> str:
    """A name in one word without what is not heard: h, double letters, y for i."""
    return re.sub(r"(.)\1+", r"\1", name.replace("h", "").replace("y", "i"))


def one_wrong(word: str) -> set[str]:
    """The words that one letter too many, missing, wrong or swapped with the next one parts from a word."""
    halves = [(word[:cut], word[cut:]) for cut in range(len(word) + 1)]
    return {
        *(left + right[1:] for left, right in halves if right),
        *(left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1),
        *(left + letter + right[1:] for left, right in halves if right for letter in ascii_lowercase),
        *(left + letter + right for left, right in halves for letter in ascii_lowercase),
    }


def official(folded: str) -> str:
    """« paris 1er », « lyon 3 » or « 12e arrondissement de paris » as the official list names it; else as it was."""
    found = re.fullmatch(f"{_CITY} {_NUMBER}", folded) or re.fullmatch(f"{_NUMBER}( de)? {_CITY}", folded)
    if found is None:
        return folded
    return f"{found['city']} {found['number']}{'er' if found['number'] == '1' else 'e'} arrondissement"
