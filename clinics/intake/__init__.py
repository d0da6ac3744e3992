"""Lists of clinics from elsewhere: received, staged row by row, decided, applied and undone. docs/intake.md."""
