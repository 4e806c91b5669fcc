"""The charter: what it commits to, the scenarios that show it, and the trace from one to the other."""
