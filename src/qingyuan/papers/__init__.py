"""Papers: plain data to Word, PDF, zip and official papers, and Word back into plain data. Knows no Django."""
