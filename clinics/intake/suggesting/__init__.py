"""What a list lets suppose that a clinic offers. docs/suggested-specialities.md"""
