"""Menu entries of this room."""
