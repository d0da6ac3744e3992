"""A promised mail is a row in the promiser's transaction; the worker sends it, once, or says why not."""

import datetime
import threading

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.template.exceptions import TemplateSyntaxError

from clinics import outbox, tasks
from clinics.mailing import delivery, registry
from clinics.models import Outbox

from .people import clinic

CONTEXT = {"what": "Din adgangskode er ændret."}


@pytest.fixture(autouse=True)
def a_plain_mail(monkeypatch, settings, tmp_path):
    """One needed, one secret and one reminder, with templates of the tests' own."""
    for name, values in {
        "plain": {},
        "secret": {"is_secret": True},
        "nice": {"kind": registry.Kind.REMINDER},
    }.items():
        monkeypatch.setitem(registry.MAILS, name, registry.Mail(name.capitalize(), {"what": "x"}, **values))
        folder = tmp_path / "emails"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.txt").write_text("Nyt: {{ what }}\n\nHej\n\n{{ what }}\n")
    (tmp_path / "emails" / "plain.html").write_text(
        '{% extends "emails/base.html" %}{% block content %}<p title="{{ what }}">{{ what }}</p>{% endblock %}'
    )
    from clinics.mailing import rendering

    pages = settings.TEMPLATES[0]
    settings.TEMPLATES = [pages | {"DIRS": [tmp_path, *pages["DIRS"]]}]
    rendering.text_engine.cache_clear()
    yield tmp_path / "emails"
    rendering.text_engine.cache_clear()


def promised(template="plain", to="olga@example.org", what="Alt er klart", **values) -> Outbox:
    return outbox.promise(template=template, to=to, context={"what": what}, **values)


def now_of(row: Outbox) -> Outbox:
    return Outbox.objects.get(pk=row.pk)


@pytest.mark.django_db
def test_promised_sent_and_forgotten(settings):
    settings.SITE_URL = "https://fysfinder.example"
    row = promised(clinic=clinic("Ryggen", "Aarhus C"))
    assert not mail.outbox and row.status == "waiting"
    assert outbox.deliver_waiting() == 1
    (sent,) = mail.outbox
    assert (sent.subject, sent.to, sent.from_email) == (
        "Nyt: Alt er klart",
        ["olga@example.org"],
        settings.DEFAULT_FROM_EMAIL,
    )
    assert sent.body.startswith("Hej\n\nAlt er klart\n\n-- \nFysFinder\nhttps://fysfinder.example/")
    assert sent.extra_headers["Message-ID"] == row.message_id
    assert "List-Unsubscribe" not in sent.extra_headers
    row = now_of(row)
    assert (row.status, row.context, row.attempts, row.error) == ("sent", {}, 1, "") and row.sent_at
    assert outbox.deliver_waiting() == 0 and len(mail.outbox) == 1


@pytest.mark.django_db
def test_what_is_rolled_back_was_never_promised():
    with pytest.raises(RuntimeError), transaction.atomic():
        promised()
        raise RuntimeError
    assert not Outbox.objects.exists()


@pytest.mark.django_db
def test_a_key_is_good_for_one_mail():
    first = promised(key="welcome:1")
    assert promised(key="welcome:1", what="Noget andet") == first
    assert promised(key="welcome:2") != first
    outbox.deliver_waiting()
    assert promised(key="welcome:1") == first and outbox.deliver_waiting() == 0
    assert len(mail.outbox) == 2


@pytest.mark.django_db(transaction=True)
def test_a_key_is_good_for_one_mail_however_many_promise_at_once():
    barrier, found = threading.Barrier(6), []

    def promise():
        try:
            with transaction.atomic():
                barrier.wait(10)
                found.append(promised(key="welcome:1").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=promise) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert len(found) == 6 and len({*found}) == 1
    assert Outbox.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "",
        "olga",
        "olga@example.org\nBcc: alle@example.org",
        "olga@example.org\r\nBcc: alle@example.org",
        "olga@example.org\n",
        "Olga <olga@example.org>",
        "<olga@example.org>",
        "olga@example.org, alle@example.org",
        "olga@example.org;alle@example.org",
        '"alle@example.org, olga"@example.org',
        '"o l g a"@example.org',
        "olga@[127.0.0.1]",
        "ølga@example.org",
        "olga@example.org\0",
        "olga\u202e@example.org",
        "olga@exam\u200bple.org",
        "olga@example.org ",
        "a" * 65 + "@" + "b" * 250 + ".org",
        "olga@" + "å" * 60 + ".dk",
        None,
    ],
)
def test_addresses_that_are_refused(address):
    with pytest.raises(ValidationError, match=r"navn@eksempel\.dk"):
        promised(to=address)
    assert not Outbox.objects.exists()


@pytest.mark.django_db
def test_a_danish_domain_is_sent_as_ascii():
    promised(to="Olga@Blåbærklinikken.dk")
    outbox.deliver_waiting()
    assert mail.outbox[0].to == ["Olga@xn--blbrklinikken-qfbq.dk"]
    assert b"To: Olga@xn--blbrklinikken-qfbq.dk\n" in mail.outbox[0].message().as_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "break_", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\0", "\n\n"]
)
def test_nothing_that_is_promised_becomes_a_header(break_):
    promised(what=f"Ryggen{break_}Bcc: alle@example.org{break_}{break_}<script>")
    outbox.deliver_waiting()
    (sent,) = mail.outbox
    raw = sent.message().as_bytes()
    head = raw.partition(b"\n\n")[0]
    assert b"\nBcc" not in head and sent.recipients() == ["olga@example.org"]
    assert len(sent.subject.splitlines()) == 1
    assert "\u2028" not in sent.body and "\0" not in sent.body


@pytest.mark.django_db
def test_text_is_text_and_html_is_html():
    name = 'Ryggen & <b>"Co"</b> <script>alert(1)</script> \u202edeppir\u202c'
    promised(what=name)
    outbox.deliver_waiting()
    (sent,) = mail.outbox
    shown = 'Ryggen & <b>"Co"</b> <script>alert(1)</script> deppir'
    assert sent.subject == f"Nyt: {shown}" and shown in sent.body, "nothing is escaped in text"
    ((page, kind),) = sent.alternatives
    escaped = "Ryggen &amp; &lt;b&gt;&quot;Co&quot;&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt; deppir"
    assert kind == "text/html" and f'<p title="{escaped}">{escaped}</p>' in page
    assert "<title>Nyt: Ryggen &amp;" in page and "<script>" not in page
    assert "\u202e" not in sent.subject + sent.body + page


@pytest.mark.django_db
def test_a_long_subject_is_cut():
    promised(what="Æ" * 4000)
    outbox.deliver_waiting()
    assert len(mail.outbox[0].subject) == 150 and "Æ" * 4000 in mail.outbox[0].body
    assert mail.outbox[0].message().as_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("context", "error"),
    [
        ({}, ValueError),
        ({"what": "x" * 60_000}, ValueError),
        ({"what": datetime.date(2026, 11, 21)}, TypeError),
        ({"what": object()}, TypeError),
    ],
)
def test_contexts_that_only_a_programmer_writes(context, error):
    with pytest.raises(error):
        outbox.promise(template="plain", to="olga@example.org", context=context)
    with pytest.raises(LookupError, match="registry"):
        outbox.promise(template="../base", to="olga@example.org", context=context)
    assert not Outbox.objects.exists()


@pytest.mark.parametrize("path", ["konto/", "//ond.example/", "https://ond.example/", ""])
def test_only_paths_of_this_site(path, settings):
    settings.SITE_URL = "https://fysfinder.example"
    assert outbox.absolute("/konto/?a=b") == "https://fysfinder.example/konto/?a=b"
    with pytest.raises(ValueError, match="path"):
        outbox.absolute(path)


@pytest.mark.django_db
def test_a_broken_template_is_that_mails_fault_alone(a_plain_mail, caplog):
    (a_plain_mail / "secret.txt").write_text("Nyt\n\n{% broken %}{{ what }}")
    bad, good = promised("secret", what="kode 4711"), promised()
    assert outbox.deliver_waiting() == 1
    bad = now_of(bad)
    assert (bad.status, bad.attempts, now_of(good).status) == ("waiting", 1, "sent")
    assert bad.error.startswith("Skabelonen virker ikke: TemplateSyntaxError")
    assert "4711" not in bad.error + caplog.text
    with pytest.raises(TemplateSyntaxError):
        delivery.message(bad)


@pytest.mark.django_db
def test_a_mail_whose_row_nobody_knows_any_more(monkeypatch):
    """A new version without the template of a mail that still waits: it says so, and the others go."""
    old = promised()
    good = promised("secret")
    monkeypatch.delitem(registry.MAILS, "plain")
    assert outbox.deliver_waiting() == 1
    assert "LookupError" in now_of(old).error and now_of(good).status == "sent"


@pytest.mark.django_db
def test_the_clinic_of_a_mail_may_go_before_it_does():
    ryggen = clinic("Ryggen", "Aarhus C")
    row = promised(clinic=ryggen)
    ryggen.delete()
    assert outbox.deliver_waiting() == 1 and now_of(row).clinic is None


# The nudge


@pytest.mark.django_db
def test_one_nudge_for_a_transaction(monkeypatch, django_capture_on_commit_callbacks):
    nudged = []
    monkeypatch.setattr(tasks.deliver_mail, "apply_async", lambda **options: nudged.append(options))
    with django_capture_on_commit_callbacks(execute=True):
        promised()
        with pytest.raises(RuntimeError), transaction.atomic():
            promised()
            raise RuntimeError
        promised()
    assert nudged == [{"retry": False}]


@pytest.mark.django_db
def test_no_nudge_for_what_was_rolled_back(monkeypatch, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        with pytest.raises(RuntimeError), transaction.atomic():
            promised()
            raise RuntimeError
        assert not callbacks
        promised()
    assert callbacks == [outbox.nudge]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_breaks_nothing(monkeypatch, caplog):
    def away(**_):
        raise ConnectionRefusedError("no broker")

    monkeypatch.setattr(tasks.deliver_mail, "apply_async", away)
    row = promised()
    assert "no broker" in caplog.text
    assert tasks.deliver_mail() == 1 and now_of(row).status == "sent"
