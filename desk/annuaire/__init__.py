"""The screen of the directory: pages/annuaire.py."""
