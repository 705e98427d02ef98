"""Reads that pages and API share, per idea."""
