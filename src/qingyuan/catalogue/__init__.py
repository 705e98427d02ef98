"""What others decided, as dated data files with typed loaders: notices, regions, sectors, law, clauses.

This room knows no Django and no other room. Every file states its source and whether it was checked.
"""
