"""The same reads and verbs over HTTP: `app.py` puts the rooms together, `verbs.py` turns a verb into an operation."""
