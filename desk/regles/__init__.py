"""The screen of the rules: pages/regles.py."""
