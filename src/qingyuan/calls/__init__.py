"""A notice put to work: who may answer it, from when to when, and how the departments decide on it together."""
