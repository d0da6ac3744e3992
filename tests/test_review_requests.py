"""Requests to the pages of reviews that no form of ours sends: bytes, verbs, sizes, texts that try to run."""

import json
import logging

import pytest
from django.core import mail
from django.test import Client

from clinics import outbox
from clinics.models import Clinic, RateCount, Report, Review, ReviewReply
from clinics.reporting import deciding, making
from clinics.reviews import moderating, text_checks, writing
from fysfinder.logs import WithoutVisitor
from fysfinder.roles import sync_roles

from .claims import moderator, owner_of, person, ryggen
from .html_reader import Page
from .review_writing import SOURCE, answers, changed, code_of, fields
from .reviews import reply, review
from .worlds import kept
from .xss import HTML

pytestmark = pytest.mark.django_db
URL = "/klinik/ryggen/skriv-anmeldelse/"
CHECK = f"{URL}tjek/"
OURS = "/for-klinikker/anmeldelser/ryggen/"


@kept
def here():
    return ryggen()


@kept
def own(here) -> str:
    """The private link of a review that waits."""
    sent = writing.submit(clinic=here, answers=answers(), code=code_of(here), email="", source=SOURCE)
    return f"/anmeldelse/{sent.token}/"


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@kept
def olga(here) -> Client:
    sync_roles()
    user = person("olga")
    owner_of(here, user)
    return as_(user)


@pytest.mark.parametrize("way", ["", "ret/", "slet/", "data/", "klag/"])
@pytest.mark.parametrize("key", ["%00" * 43, "%ff" * 43, "%C3%A6" * 43, "a" * 43, "a" * 9000])
def test_a_link_of_nothing(client, way, key):
    answer = client.get(f"/anmeldelse/{key}/{way}")
    assert answer.status_code == 404
    assert client.post(f"/anmeldelse/{key}/{way}").status_code in (404, 405)


@pytest.mark.parametrize("way", ["", "svar/", "svar/fjern/", "indsigelse/"])
@pytest.mark.parametrize("key", ["%00", "a%00", "%ff", "a" * 9000])
def test_a_key_of_nothing(olga, way, key):
    answer = olga.post(f"{OURS}{key}/{way}") if way else olga.get(f"{OURS}{key}/")
    assert answer.status_code == 404


@pytest.mark.parametrize("way", ["", "ret/", "slet/", "data/", "klag/"])
@pytest.mark.parametrize("verb", ["put", "patch", "delete", "options", "trace"])
def test_other_verbs_do_nothing(client, own, way, verb):
    assert getattr(client, verb)(f"{own}{way}").status_code == 405 and Review.objects.count() == 1


@pytest.mark.parametrize("way", ["", "ret/", "slet/", "data/"])
def test_looking_changes_nothing_and_is_kept_by_nobody(client, own, way):
    """A scanner of mail follows the link with GET and HEAD."""
    before = Review.objects.values().get()
    for answer in (client.get(f"{own}{way}"), client.head(f"{own}{way}")):
        assert answer.status_code == 200 and not answer.cookies
        assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer" and answer["X-Robots-Tag"] == "noindex"
    assert Review.objects.values().get() == before


NASTY = [
    "\0" * 60,
    "\ud800 hvad".encode("utf-8", "surrogatepass"),
    b"\xff\xfe" * 40,
    "é" * 100_000,
    "a" + "\u0301" * 10_000,
    "\u202e\u2066\u200b" * 500,
    "\ufdfa" * 3000,
    "٥",
    "5.0",
    "-1",
    "9" * 4000,
]


@pytest.mark.parametrize("value", NASTY, ids=range(len(NASTY)))
def test_no_field_breaks_a_page(here, client, own, value):
    """422 with the form, or what a form of ours would have got; never stored half, never an error of ours."""
    RateCount.objects.all().delete()
    before = Review.objects.get()
    for name in (*fields(here), "kode", "email", "alligevel"):
        sent = fields(here, kode="ABCDEFGH23") | {name: value}
        assert client.post(URL, sent).status_code in (422, 429), name
        assert client.post(CHECK, sent).status_code == 200, name
        if name not in ("bevis", "samtykke", "kode", "email", "alligevel"):
            assert client.post(f"{own}ret/", changed() | {name: value}).status_code == 422, name
    assert Review.objects.get().text == before.text


@pytest.mark.parametrize("page", [URL, CHECK])
def test_what_is_too_much_is_refused(here, client, page):
    given = fields(here)
    assert client.post(page, given | {"tekst": "x" * 10_000_000}).status_code == 400
    assert client.post(page, given | {f"f{number}": "" for number in range(1100)}).status_code == 400
    assert client.post(page, b"x", content_type="multipart/form-data; boundary=").status_code == 400
    assert not Review.objects.exists()


def test_the_check_keeps_and_logs_nothing(here, client, caplog):
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(WithoutVisitor())
    for text in ("Ring på 86 12 12 12, hilsen gribbehemmelig", "\0gribbehemmelig", "gribbehemmelig" * 500):
        answer = client.post(CHECK, {"tekst": text, "samlet": "1"})
        assert answer.status_code == 200 and not answer.cookies and "no-store" in answer["Cache-Control"]
    assert client.post(CHECK, {"tekst": "gribbehemmelig"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert "gribbehemmelig" not in "".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
    assert not Review.objects.exists() and not RateCount.objects.exists()


@pytest.mark.parametrize(
    "path", ["/anmeldelse/{}/", "/anmeldelse//{}/", "/Anmeldelse/{}", "/indberetning//{}/", "/anmeldelse/{}/ret"]
)
def test_no_log_holds_a_private_link(client, caplog, path):
    """Nor one that was copied a little wrongly: the token in it is the true one."""
    caplog.handler.addFilter(WithoutVisitor())
    token = "tO-ken_" * 6 + "x"
    logging.getLogger("django.request").warning("Not Found: %s", path.format(token))
    client.get(path.format(token), follow=True)
    assert caplog.records and token not in caplog.text


# Texts that try to run, in every place where they are shown


@pytest.mark.parametrize("state", ["pending", "published", "rejected"])
def test_texts_that_try_to_run(here, client, olga, state):
    """Stored past every check, as if one had failed: what shows them must be safe by itself."""
    vector = "".join(HTML)
    Clinic.objects.filter(pk=here.pk).update(name=("".join(HTML[:9]))[:150], is_example=False)
    here.refresh_from_db()
    sync_roles()
    rita = moderator()
    calm = review(here, nickname="Rolig Lærke")
    one = review(
        here, nickname="<b onclick=x>“'\"&</script>"[:40], text=vector, status=state, reason=vector[:1000],
        suspicions=[{"kind": "x", "text": vector[:300], "keys": ["<script>", calm.key]}], decided_by=rita,
    )  # fmt: skip
    token = "x" * 43
    Review.objects.filter(pk=one.pk).update(secret=writing.tokens.digest(token))
    reply(one, text=vector[:1000])
    reply(calm, text=vector[:1000], status=ReviewReply.Status.PENDING)
    report, report_token = making.report(clinic=here, review=calm, kind="false", text=vector[:2000], name="<script>x")
    slug = here.slug
    link = f"/anmeldelse/{token}/"
    pages = [
        *[
            (client, url)
            for url in (f"/klinik/{slug}/", f"/klinik/{slug}/anmeldelser/", f"/klinik/{slug}/skriv-anmeldelse/")
        ],
        *[(client, url) for url in (link, f"{link}slet/", f"/klinik/{slug}/indberet/?anmeldelse={calm.key}")],
        *[
            (client, url)
            for url in (f"/indberetning/{report_token}/", f"/sammenlign/?klinik={slug}", "/find/?sted=8000")
        ],
        *[(olga, url) for url in (OURS, f"{OURS}{calm.key}/", f"/for-klinikker/besoegskoder/{slug}/")],
        *[(as_(rita), f"/admin/clinics/review/{url}") for url in ("", f"{one.pk}/change/", f"{calm.pk}/change/")],
        *[(as_(rita), f"/admin/clinics/{url}/") for url in ("reviewreply", f"report/{report.pk}/change", "report")],
        (as_(rita), f"/admin/clinics/reviewreply/{calm.reply.pk}/change/"),
        (as_(rita), f"/admin/clinics/reviewreply/{one.reply.pk}/change/"),
        (as_(rita), f"/admin/clinics/review/{one.pk}/history/"),
    ]
    if state != "rejected":
        pages.append((client, f"{link}ret/"))
    seen = 0
    for browser, url in pages:
        answer = browser.get(url, follow=True)
        assert answer.status_code in (200, 404), url
        html = answer.content.decode()
        seen += "alert(1)" in html
        page = Page(html)
        assert_harmless(page, url)
    assert seen >= 12, "the texts are there, and are words"


def assert_harmless(page: Page, where: str) -> None:
    for name, attributes in page.elements:
        assert name not in ("iframe", "object", "embed", "base", "style", "math", "marquee", "video", "applet"), (
            where,
            name,
        )
        assert not [one for one in attributes if one.startswith("on") or one == "style" or one == "srcdoc"], (
            where,
            name,
        )
        for one in ("href", "src", "action", "formaction"):
            value = attributes.get(one, "").strip().lower()
            assert not value.startswith(("javascript:", "data:", "vbscript:", "//")), (where, value)
        if name == "script":
            assert "src" in attributes or attributes.get("type") in ("application/ld+json", "application/json"), where
    for script in filter(str.strip, page.scripts):
        json.loads(script)


def test_mails_that_try_to_run(here):
    Clinic.objects.filter(pk=here.pk).update(name="Ryg <script>alert(1)</script>\r\nBcc: x@example.org")
    here.refresh_from_db()
    rita, olga = moderator(), person("olga")
    owner_of(here, olga)
    vector = "<img src=x onerror=alert(1)>\n" + "</title></style><script>alert(1)</script>"
    for decide in (moderating.ask_change, moderating.reject):
        decide(review=review(here, status="pending", email="p@example.net"), by=rita, reason=vector)
    moderating.approve(review=review(here, status="pending", email="p@example.net"), by=rita)
    shown = review(here, email="p@example.net")
    report, _ = making.report(
        clinic=here, review=shown, kind="false", text=vector, email="r@example.net", source=SOURCE
    )
    deciding.decide(report=report, by=rita, uphold=True, reason=vector)
    writing.submit(clinic=here, answers=answers(), code=code_of(here), email="p@example.net", source=SOURCE)
    mail.outbox.clear()
    outbox.deliver_waiting()
    assert len(mail.outbox) >= 7
    for one in mail.outbox:
        assert "\n" not in one.subject and "\r" not in one.subject and not one.bcc
        for html, kind in one.alternatives:
            assert kind == "text/html"
            for name, attributes in Page(html).elements:
                assert name not in ("script", "img", "iframe") and not [a for a in attributes if a.startswith("on")]


def test_marks_are_safe_wherever_they_stand():
    for vector in HTML:
        text = f"Ring {vector} på 86 12 12 12 eller {vector}@example.org, MED {vector} STORE BOGSTAVER OG RÅB"
        html = text_checks.checked(text).marked
        assert {name for name, _ in Page(html).elements} <= {"mark"}
        assert Page(html).words == text_checks.cleaned(text)


def test_a_closed_clinic(here, client, own, olga):
    """Who wrote can still see and delete it; nobody can write, print cards or read the list."""
    one = review(here)
    Clinic.objects.filter(pk=here.pk).update(status=Clinic.Status.CLOSED)
    assert client.get(URL)["Location"] == "/klinik/ryggen/" == client.post(URL, fields(here))["Location"]
    gone = client.get("/klinik/ryggen/")
    assert gone.status_code == 410 and one.text not in gone.content.decode()
    assert client.get("/klinik/ryggen/anmeldelser/").status_code == 302
    assert client.get(own).status_code == 200 and client.post(f"{own}slet/").status_code == 200
    assert olga.get("/for-klinikker/besoegskoder/ryggen/").status_code == 200
    Clinic.objects.filter(pk=here.pk).update(status=Clinic.Status.DRAFT)
    for url in (URL, "/klinik/ryggen/", "/klinik/ryggen/anmeldelser/"):
        assert client.get(url).status_code == 404, url
    assert client.post(URL, fields(here)).status_code == 404 == client.post(CHECK, {"tekst": "x"}).status_code
    here.delete()
    assert not Review.objects.exists() and not Report.objects.exists()
