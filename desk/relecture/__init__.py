"""The screens of the coordination: desk/pages/relecture.py, and what desk/pages/fraicheur.py shares with it."""
