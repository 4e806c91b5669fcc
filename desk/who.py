"""Who is in front of the screen: the account whose session the browser's cookie opens, else any agent."""

from __future__ import annotations

from store.rights import AGENT, Acteur


def current() -> Acteur:
    """The person of this run. Screens ask here; the store checks again what they may do."""
    return AGENT
