"""Organisations, the people in them, their roles, joint bodies, authorised service bodies and experts."""
