"""The pool of experts in depth: who keeps it, what each expert knows, and the whole of it by workbook."""
