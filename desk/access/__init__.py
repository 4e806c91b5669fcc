"""Who is who: signing in with a local account or an identity provider, and signing out. No Streamlit here."""
