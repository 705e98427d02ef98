"""Workbooks: typed tables, read with cell-exact errors and written as CSV/XLSX. Knows no Django."""
