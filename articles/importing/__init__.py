"""The parts of an import: what lies in folders and zips, what becomes of each file, and the report about it."""
