"""Data made safe to show, and moments in words."""

from __future__ import annotations

import re
from datetime import datetime

from engine.dates import PARIS
from fiche.words import day


def plain(text: object) -> str:
    """Text from data, so that no character of it is read as Markdown, an emoji or an icon; addresses are read whole."""
    escaped = re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~$&]|:(?=//)|^\s*=)", _escape, str(text), flags=re.MULTILINE)
    return re.sub(r":(?=(?:[a-z_][\w/\\+-]*|\\[+-]1|1(?:00|234)|\d[a-z][\w\\]*):)", ":\u200c", escaped)


def _escape(found: re.Match[str]) -> str:
    return f"{found[0][:-1]}\\{found[0][-1]}"


def moment(when: datetime) -> str:
    """« 25 novembre 2026 à 14 h 05 », in Paris."""
    local = when.astimezone(PARIS)
    return f"{day(local.date())} à {local.hour} h {local.minute:02}"
