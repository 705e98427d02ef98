"""Forms, per idea."""
