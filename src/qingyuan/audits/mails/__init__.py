"""What the verbs of the room send."""
