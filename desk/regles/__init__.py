"""The screen of the rules: desk/pages/regles.py."""
