"""Reads of the review that pages and the API share; one module per idea."""
