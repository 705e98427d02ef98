"""The verbs of the room, an idea a file."""
