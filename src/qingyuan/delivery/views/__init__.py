"""Pages, per idea."""
