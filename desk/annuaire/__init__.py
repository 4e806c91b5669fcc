"""The screen of the directory: desk/pages/annuaire.py."""
