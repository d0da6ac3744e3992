"""“Opret min klinik” and “fjern min klinik”: asking, finding out, deciding. docs/listing.md."""
