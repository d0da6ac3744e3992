"""What a newcomer reads on the screen of `make run` instead of getting mail."""

import io

from django.core.mail import EmailMultiAlternatives

from clinics.mailing.printed import EmailBackend


def test_who_what_and_the_code_and_nothing_else():
    screen = io.StringIO()
    mail = EmailMultiAlternatives("Din kode – Ærø", "Hej\n\n123456 på Østerbro\n", to=["olga@example.org"])
    mail.attach_alternative("<p>123456</p>", "text/html")
    assert EmailBackend(stream=screen).send_messages([mail]) == 1
    line = "─" * 72
    assert screen.getvalue() == (
        f"\n{line}\nMail til olga@example.org\nEmne: Din kode – Ærø\n\nHej\n\n123456 på Østerbro\n{line}\n"
    )
