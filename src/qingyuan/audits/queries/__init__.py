"""Reads that pages and API share."""
