"""The screens of the coordination: pages/relecture.py, and what pages/fraicheur.py shares with it."""
