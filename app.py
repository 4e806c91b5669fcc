"""The front desk: navigation, session, theme; each screen is in desk/pages/."""

from __future__ import annotations

import streamlit as st

from desk import account, header, session
from desk.base import live
from desk.ma_fiche import access as sheet_access
from desk.relecture import coordination


def main() -> None:
    """One run of the page that the browser shows."""
    page = st.navigation(
        [
            st.Page("desk/pages/orientation.py", title="Nouvelle orientation", default=True),
            st.Page("desk/pages/annuaire.py", title="Annuaire", url_path="annuaire"),
            st.Page("desk/pages/nouveautes.py", title="Quoi de neuf", url_path="nouveautes"),
            st.Page("desk/pages/regles.py", title="Règles et sources", url_path="regles"),
            st.Page("desk/pages/tracabilite.py", title="Traçabilité", url_path="tracabilite"),
            sheet_access.page(),
            *coordination.pages(),
        ],
        position="top",
    )
    st.set_page_config(page_title=f"{page.title} — Accueil orientation", page_icon="static/icone.svg", layout="wide")
    if account.is_missing():
        account.ask()
        return
    state = live().current()
    if state.base is None:
        st.title("L’accueil ne peut pas répondre", anchor=False)
        why = "Les règles ou les fiches contiennent des erreurs, et aucune version valable n’a encore été lue."
        st.error(state.unavailable.capitalize() or why)
        header.show_problems(state.problems)
        return
    session.start(state.base)
    account.show()
    header.warn(state.problems, state.unavailable)
    page.run()


main()
