"""“Det er min klinik”: from the first page to a decision. docs/claims.md."""
