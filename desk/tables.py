"""Tables that a screen reader reads as tables and that a narrow screen shows without scrolling sideways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import streamlit as st

STYLES = Path(__file__).parent.parent / "static" / "tableaux.css"
"""What a page that shows tables needs beyond the style sheet of every page."""


def table(caption: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table of texts; the first cell of a row is its header."""
    marked(caption, headers, ([escape(cell) for cell in row] for row in rows))


def marked(caption: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table whose cells are HTML that is already safe. Roles are said again: narrow screens lay the cells out."""
    head = "".join(f'<th role="columnheader" scope="col">{escape(header)}</th>' for header in headers)
    body = "".join(f'<tr role="row">{_row(row, headers)}</tr>' for row in rows)
    st.html(
        f'<table role="table" class="tableau"><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _row(cells: Sequence[str], headers: Sequence[str]) -> str:
    """The name of its column goes with each cell, for narrow screens."""
    first, *others = cells
    told = "".join(
        f'<td role="cell"><span class="colonne" aria-hidden="true">{escape(header)}</span>{cell}</td>'
        for header, cell in zip(headers[1:], others, strict=True)
    )
    return f'<th role="rowheader" scope="row">{first}</th>{told}'
