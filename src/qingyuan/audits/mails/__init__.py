"""What the verbs of the room send, an idea a file."""
