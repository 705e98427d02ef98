"""The forms of an application. They shape and read; the verbs judge."""
