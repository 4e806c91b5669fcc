"""The screen on which a structure keeps its sheet: desk/pages/ma_fiche.py."""
