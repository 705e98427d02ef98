"""Forms of the review; one module per idea."""
