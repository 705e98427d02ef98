"""Measurements of today's code: `make bench` prints a table and writes bench/results.json. Never a timed test."""
