"""The screen of a new orientation: desk/pages/orientation.py."""
