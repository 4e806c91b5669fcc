"""Values in the cells of a CSV file, as data.inclusion publishes them, and back.

A list is written `['a', 'b']`, what is not known is empty. A spreadsheet runs a text that begins like a formula: an
apostrophe is put before it, and taken off when the file is read. A signed number (+33 1 23 45 67 89) computes nothing:
it stays as it is, so that other tools find the telephone they expect.
"""

from __future__ import annotations

import re
from typing import Any

from fiche.exchange.national import LISTS

_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?\d[\d .]*", re.ASCII)
_LIST = re.compile(r"[,;|]")


def write_cell(value: Any) -> str:
    """The text of a cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if is_formula(value) else value
    return repr(value)


def read_cell(key: str, text: str) -> Any:
    """The value of a cell; numbers and dates stay texts, which the models read."""
    if key in LISTS:
        return [item for item in (part.strip(" '\"") for part in _LIST.split(text.strip(" []{}"))) if item]
    return text[1:] if text.startswith("'") and is_formula(text[1:]) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could run a text, or could have run it without the apostrophes that it begins with."""
    return _FORMULA.match(text) is not None and not _NUMBER.fullmatch(text)
