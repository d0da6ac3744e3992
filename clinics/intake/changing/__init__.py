"""What one row changes of a clinic, fact by fact, and writing it. docs/field-sources.md, docs/intake-applying.md"""
