"""The application: a pilot from its first line to a sealed, received submission."""
