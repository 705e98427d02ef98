"""The data of the room, an idea a file."""
