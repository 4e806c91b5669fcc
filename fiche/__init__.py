"""The sheet of a structure: model, fields, contacts, hours, places; what changes in it, and its other forms."""
