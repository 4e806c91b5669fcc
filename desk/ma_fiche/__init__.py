"""The screen on which a structure keeps its sheet: pages/ma_fiche.py."""
