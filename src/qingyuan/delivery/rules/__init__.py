"""Who may what, per idea."""
