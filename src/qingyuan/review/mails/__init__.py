"""What the review sends; one module per idea."""
