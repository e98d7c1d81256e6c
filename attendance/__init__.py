"""Registers: marks, headcounts and the import of counts kept elsewhere."""
