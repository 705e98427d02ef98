"""What the verbs send, per idea."""
