"""Reviews of clinics by patients: writing, deciding, counting and showing them. docs/reviews.md."""
