"""Reading a list: a file → rows of cells → facts and what is wrong with them. docs/intake-format.md"""
