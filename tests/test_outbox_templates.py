"""Every mail, rendered from its example: nothing is missing, no text is escaped, nothing comes from elsewhere."""

import json
import re

import pytest
from django.conf import settings
from django.template.backends.django import DjangoTemplates

from clinics import outbox
from clinics.mailing import registry, rendering
from clinics.mailing.registry import MAILS, Kind

EMAILS = settings.BASE_DIR / "templates" / "emails"
NASTY = 'Ærø & <b>"Fys"</b>'
LOST = "⚠lost⚠"


def nasty(value):
    """The example with every text made hostile; addresses stay addresses."""
    if isinstance(value, str):
        return value if value.startswith("http") else f"{value} {NASTY}"
    if isinstance(value, list | tuple):
        return [nasty(one) for one in value]
    return {name: nasty(one) for name, one in value.items()} if isinstance(value, dict) else value


@pytest.fixture
def strict(monkeypatch):
    """A name that no context holds shows."""

    def engine(**options):
        (pages,) = settings.TEMPLATES
        options |= {"string_if_invalid": LOST}
        return DjangoTemplates({"NAME": "strict", "DIRS": pages["DIRS"], "APP_DIRS": True, "OPTIONS": options})

    text, pages = engine(autoescape=False), engine()
    monkeypatch.setattr(rendering, "text_engine", lambda: text)
    monkeypatch.setattr(rendering, "get_template", pages.get_template)


def test_every_template_is_a_mail_that_somebody_entered():
    names = {path.stem for path in EMAILS.glob("*.*") if not path.name.startswith("_") and path.name != "base.html"}
    assert names == set(MAILS)


@pytest.mark.parametrize("name", sorted(MAILS))
def test_every_mail(name, strict):
    one = MAILS[name]
    stop_url = "https://fysfinder.example/mails/stop/x/" if one.kind == Kind.REMINDER else ""
    json.dumps(one.example)
    for context in (one.example, nasty(one.example)):
        made = rendering.render(name, context, stop_url)
        assert 5 < len(made.subject) < 150 and "\n" not in made.subject
        assert made.text.strip() and LOST not in made.subject + made.text + made.html
        for escaped in ("&amp;", "&lt;", "&quot;", "&#x27;"):
            assert escaped not in made.subject + made.text
        assert "<b>" not in made.html
        assert (stop_url in made.text and (not made.html or stop_url in made.html)) if stop_url else True
        assert "None" not in made.text and "\n\n\n" not in made.text
        # Nothing that is fetched, and nothing that runs.
        assert not re.search(r"<(img|script|link|iframe|form|object)\b|\bstyle=|\son\w+=|url\(|@import", made.html)
    assert one.label and one.label[0].isupper()


@pytest.mark.parametrize("name", sorted(MAILS))
@pytest.mark.django_db
def test_every_mail_can_be_promised_and_goes(name, mailoutbox):
    outbox.promise(template=name, to="olga@example.org", context=dict(MAILS[name].example))
    row = outbox.Outbox.objects.get()
    made = rendering.message(row)
    assert made.message().as_bytes()
    assert ("List-Unsubscribe" in made.extra_headers) == (MAILS[name].kind == Kind.REMINDER)


def test_whoever_forgets_a_value_is_told():
    with pytest.raises(ValueError, match="share"):
        outbox.promise(template="reminder", to="olga@example.org", context={"clinic": "Ryggen"})
    with pytest.raises(LookupError, match=r"registry\.py"):
        registry.mail("no-such")
