"""What proves something: whose a domain is, which files are files, which codes are codes."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clinics.actions import ActionError
from clinics.claiming import asking, codes, documents
from clinics.claiming.domains import host_of, is_shared, own_domain, registrable, shared_domains
from clinics.claiming.proofs import masked, proofs_of

from .claims import SOURCE, person, ryggen
from .people import clinic


@pytest.mark.parametrize(
    ("url", "host", "domain"),
    [
        ("https://klinik.dk", "klinik.dk", "klinik.dk"),
        ("https://www.Klinik.dk./priser?x=1", "klinik.dk", "klinik.dk"),
        ("http://aarhus.klinik.dk", "aarhus.klinik.dk", "klinik.dk"),
        ("https://www.a.b.klinik.dk", "a.b.klinik.dk", "klinik.dk"),
        ("https://klinik.co.uk", "klinik.co.uk", "klinik.co.uk"),
        ("https://a.klinik.co.uk", "a.klinik.co.uk", "klinik.co.uk"),
        ("https://klinik.co.dk", "klinik.co.dk", "klinik.co.dk"),
        ("https://co.uk", "co.uk", ""),
        ("https://blåbær.dk", "xn--blbr-roah.dk", "xn--blbr-roah.dk"),
        ("https://xn--blbr-roah.dk", "xn--blbr-roah.dk", "xn--blbr-roah.dk"),
        ("https://192.0.2.1/", "", ""),
        ("https://[2001:db8::1]/", "", ""),
        ("https://localhost/", "", ""),
        ("https://user@klinik.dk/", "klinik.dk", "klinik.dk"),
        ("https://[klinik.dk", "", ""),
        ("", "", ""),
        ("klinik.dk", "", ""),
        ("https://klinik..dk", "", ""),
        (f"https://{'a' * 64}.dk", "", ""),
    ],
)
def test_what_somebody_registered(url, host, domain):
    assert host_of(url) == host and registrable(host_of(url)) == domain


@pytest.mark.parametrize(
    "host",
    [
        *("facebook.com", "m.facebook.com", "klinik.wixsite.com", "sites.google.com", "klinik.one.com", "gmail.com"),
        *("klinik.planway.com", "klinik.wordpress.com", "hotmail.dk", "outlook.dk", "yahoo.co.uk", "klinik.github.io"),
        *("regionh.dk", "genoptraening.aarhus.dk"),
    ],
)
def test_everybodys(host):
    assert is_shared(host)


def test_the_list_is_in_order():
    for one in shared_domains():
        assert one == one.strip().lower() and "." in one and " " not in one and not one.startswith("www.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("website", "others", "expected"),
    [
        ("https://www.ryggen.dk/", [], "ryggen.dk"),
        ("https://www.ryggen.dk/", [{"website": "https://foden.dk"}], "ryggen.dk"),
        ("https://www.ryggen.dk/", [{"website": "http://RYGGEN.dk/aarhus"}], ""),
        ("https://www.ryggen.dk/", [{"website": "https://nord.ryggen.dk"}], ""),
        ("https://www.ryggen.dk/", [{"website": "https://ryggen.dk.evil.dk"}], "ryggen.dk"),
        ("https://www.ryggen.dk/", [{"website": "https://fysryggen.dk"}], "ryggen.dk"),
        ("https://www.ryggen.dk/", [{"website": "https://ryggen.dk", "status": "closed"}], ""),
        ("https://www.ryggen.dk/", [{"website": "https://ryggen.dk", "status": "draft"}], ""),
        ("https://www.ryggen.dk/", [{"email": "nord@ryggen.dk"}], ""),
        ("https://aarhus.ryggen.dk/", [], "aarhus.ryggen.dk"),
        ("https://aarhus.ryggen.dk/", [{"website": "https://odense.ryggen.dk"}], ""),
        ("https://blåbær.dk", [{"website": "https://xn--blbr-roah.dk"}], ""),
        ("https://xn--blbr-roah.dk", [{"website": "https://www.blåbær.dk/om"}], ""),
        ("https://blåbær.dk", [], "xn--blbr-roah.dk"),
        ("https://facebook.com/ryggen", [], ""),
        ("https://ryggen.wixsite.com/", [], ""),
        ("", [], ""),
    ],
)
def test_whose_a_domain_is(website, others, expected):
    here = ryggen(website=website)
    for number, fields in enumerate(others):
        clinic(f"Anden {number}", "Aarhus N", **fields)
    assert own_domain(here) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            " ",
            "@",
            "olga@sten.dk",
            "olga@ryggen.dk@sten.dk",
            "olga,sten",
            "olga sten",
            '"olga"',
            "olga\nBcc: x@y.dk",
        ),
        *("olga%0d", ".olga", "olga.", "o..a", "ølga", "x" * 65, "olga@ryggen.dk, sten", "<olga>"),
    ],
)
def test_what_stands_before_the_at(name):
    """Whatever is typed, the mail goes to the clinic's own domain or nowhere."""
    claim = asking.begin(clinic=ryggen(), user=person("sten"))
    with pytest.raises(ActionError, match="Skriv det, der står før"):
        asking.send_code(claim=claim, method="domain", name=name, source=SOURCE)
    claim.refresh_from_db()
    assert (claim.status, claim.sent_to) == ("started", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "to"), [(" Olga ", "Olga@ryggen.dk"), ("olga@ryggen.dk", "olga@ryggen.dk"), ("o", "o@ryggen.dk")]
)
def test_what_can_be_typed(name, to):
    claim = asking.begin(clinic=ryggen(), user=person("olga"))
    asking.send_code(claim=claim, method="domain", name=name, source=SOURCE)
    claim.refresh_from_db()
    assert claim.sent_to == to


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["", "email", "domain", "phone", "letter", "admin", "document\0"])
def test_only_what_the_clinic_has(method):
    """A clinic with nothing but a name: the document is the one way."""
    here = ryggen(email="", website="", phone="", street="")
    claim = asking.begin(clinic=here, user=person("sten"))
    proofs = proofs_of(here)
    assert (proofs.email, proofs.domain, proofs.phone, proofs.street) == ("", "", "", "")
    with pytest.raises(ActionError, match="ikke muligt"):
        asking.send_code(claim=claim, method=method, name="sten", source=SOURCE)
    with pytest.raises(ActionError, match="ikke muligt"):
        asking.ask_moderator(claim=claim, method=method, explanation="Min.")


def test_an_address_is_masked():
    assert masked("kontakt@klinik.dk") == "k…@klinik.dk" and masked("") == ""


# --- files


def picture(form: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(made, form)
    return made.getvalue()


PDF = b"%PDF-1.4\n%\xe2\xe3\n%%EOF\n"


@pytest.mark.parametrize(
    ("name", "data", "stored"),
    [
        ("bevis.pdf", PDF, "bevis.pdf"),
        ("bevis.exe", PDF, "bevis.pdf"),
        ("foto.png", picture("JPEG"), "foto.jpg"),
        ("foto", picture("PNG"), "dokument.png"),
        ('"; filename=x.html', PDF, "filenamex.pdf"),
        ("a\r\nSet-Cookie: b=c.pdf", PDF, "a-set-cookie-bc.pdf"),
        ("x" * 300 + ".pdf", PDF, "x" * 80 + ".pdf"),
    ],
)
def test_by_what_is_in_it(name, data, stored):
    upload = SimpleUploadedFile("x", data)
    upload._name = name
    assert documents.read(upload) == (data, stored)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"<script>alert(1)</script>", b"MZ\x90\0", b"%PDF-1.4 uden slutning", b"GIF89a", b"PK\x03\x04"),
        *(
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            picture("JPEG")[:40],
            picture("PNG")[:40],
            b"\xff\xd8\xff%%EOF",
        ),
        *(picture("GIF"), picture("WEBP"), b" " + PDF),
    ],
)
def test_what_is_something_else(data):
    with pytest.raises(ActionError, match="PDF"):
        documents.read(SimpleUploadedFile("bevis.pdf", data))


def test_five_megabytes():
    filler = b"x" * (documents.LARGEST - len(PDF))
    assert documents.read(SimpleUploadedFile("a.pdf", b"%PDF-1.4\n" + filler + PDF[9:]))[1] == "a.pdf"
    with pytest.raises(ActionError, match="5 MB"):
        documents.read(SimpleUploadedFile("a.pdf", b"%PDF-1.4\n" + filler + PDF))


# --- codes


def test_codes_as_they_are_typed():
    code = codes.new_code()
    assert len(code) == 8 and set(code) <= set(codes.LETTERS) and not set("0O1IL") & set(codes.LETTERS)
    for typed in (code, code.lower(), codes.spaced(code), f" {code[:4]}-{code[4:]}\n"):
        assert codes.read(typed) == code
    assert codes.same(code, codes.digest(code)) and not codes.same("", codes.digest("")) and not codes.same(code, "")
    assert len({codes.new_code() for _ in range(200)}) == 200


@pytest.mark.parametrize("typed", ["", "O" * 8, "1234567", "123456789", "ÅÅÅÅÅÅÅÅ", "２２２２２２２２", "\0" * 8])
def test_what_is_no_code(typed):
    assert codes.read(typed) == ""


def test_a_hash_needs_the_key(settings):
    stored = codes.digest("7KQM2XRT")
    settings.SECRET_KEY = "another"
    assert codes.digest("7KQM2XRT") != stored
