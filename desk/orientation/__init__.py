"""The screen of a new orientation: pages/orientation.py."""
