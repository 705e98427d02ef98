"""Who may what in a review; one module per idea."""
