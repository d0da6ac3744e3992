"""How a promised mail becomes a message and reaches a mail server: docs/mail.md. Callers need `clinics.outbox` alone."""
