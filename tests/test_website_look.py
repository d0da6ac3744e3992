"""One look at a website over a real connection: every way in which a server can behave, and may lead us astray."""

import datetime
import socket
import ssl
import threading
import time

import pytest
import time_machine

from clinics.outside import calls
from clinics.website_check import addresses, asking
from clinics.website_check.addresses import AddressError, Target, is_public, target
from clinics.website_check.asking import look

from . import machine
from .websites import LOOPBACK, certificate, open_website, page


@pytest.fixture
def names(monkeypatch):
    """Host → its addresses, one list for each time it is asked for, the last one for ever. Others do not exist."""
    known: dict[str, list[list[str]]] = {}
    asked: list[str] = []

    def ask(host, port, **_):
        asked.append(host)
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        answers = known[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        families = [socket.AF_INET6 if ":" in one else socket.AF_INET for one in found]
        return [(family, 0, 0, "", (one, port)) for family, one in zip(families, found, strict=True)]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", ask)
    known["klinik.example"] = known["www.klinik.example"] = [[LOOPBACK]]
    known["asked"] = asked  # type: ignore[assignment]
    return known


@pytest.fixture(autouse=True)
def quick(settings, monkeypatch):
    settings.WEBSITE_CHECK_TIMEOUT = 20
    monkeypatch.setattr(asking, "PAUSE", 0)


@pytest.fixture
def website(settings, names):
    with open_website() as website:
        settings.WEBSITE_CHECK_INSIDE = {(LOOPBACK, website.port)}
        yield website


def test_one_question_says_who_asks(website, settings):
    settings.SITE_URL = "https://fysfinder.example"
    seen = look(website.url(path="/om os/?side=forside&å=1#top"))
    assert (seen.is_well, seen.problem, seen.answered) == (True, "", True)
    (asked,) = website.asked
    assert (asked.method, asked.path) == ("HEAD", "/om%20os/?side=forside&%C3%A5=1")
    assert asked.headers["user-agent"] == "FysFinder/1 (+https://fysfinder.example)"
    assert asked.headers["host"] == f"klinik.example:{website.port}"
    assert "cookie" not in asked.headers and asked.headers["accept-encoding"] == "identity"


# What an answer means

WELL = (200, 204, 206, 226, 300, 304, 305, 401, 402, 403, 418, 429, 451, 600, 999)
BROKEN = (404, 410, 500, 502, 503, 504, 520, 599)


@pytest.mark.parametrize("status", WELL)
def test_somebody_is_there(website, status):
    website.says(status)
    assert look(website.url()).is_well is True


@pytest.mark.parametrize("status", BROKEN)
def test_a_page_that_is_not_there_is_asked_for_once_more(website, status):
    website.says(status)
    seen = look(website.url())
    assert seen.is_well is False and seen.answered and seen.problem.startswith(f"HTTP {status}: ")
    assert website.methods == ["HEAD", "GET"]


@pytest.mark.parametrize("head", [400, 401, 403, 404, 405, 500, 501])
def test_whoever_dislikes_head_is_asked_with_get(website, head):
    website.says_by_method(head=page(head), get=page(200))
    assert look(website.url()).is_well is True and website.methods == ["HEAD", "GET"]


@pytest.mark.parametrize("raw", [b"", b"nej\r\n\r\n", b"HTTP/1.1 "])
def test_whoever_hangs_up_on_head_is_asked_with_get(website, raw):
    website.says_by_method(head=raw, get=page(200))
    assert look(website.url()).is_well is True


def test_whoever_is_silent_at_head_is_asked_with_get(website, settings):
    settings.WEBSITE_CHECK_TIMEOUT = 5

    def answer(line, asked):
        if asked.method == "HEAD":
            line.recv(1)
        line.sendall(page())

    website.answer = answer
    assert look(website.url()).is_well is True


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    "said, seconds",
    [
        *(("7200", 7200), ("Sat, 21 Nov 2026 12:00:00 GMT", 3600), ("99999999", 30 * 86400), ("0", 0)),
        *(("-5", 0), ("Sat, 21 Nov 1998 12:00:00 GMT", 0), ("i morgen", 0), ("9" * 5000, 0), ("²", 0)),
    ],
)
def test_retry_after(website, status, said, seconds):
    website.answer = lambda line, asked: line.sendall(
        f"HTTP/1.1 {status} Vent\r\nRetry-After: {said}\r\nContent-Length: 0\r\n\r\n".encode("latin-1")
    )
    with time_machine.travel("2026-11-21 11:00:00+00:00", tick=False):
        seen = look(website.url())
    assert seen.wait == seconds
    assert website.methods == (["HEAD", "GET"] if status == 503 and not seconds else ["HEAD"]), "told to wait: no GET"


NOT_A_WEBSITE = {
    "nothing": b"",
    "ssh": b"SSH-2.0-OpenSSH_9.2\r\n",
    "html alone": b"<html>hej</html>",
    "binary": b"\x00\xff\xfe" * 100,
    "no number": b"HTTP/1.1 OK\r\n\r\n",
    "a long first line": b"H" * 200_000,
}


@pytest.mark.parametrize("kind", NOT_A_WEBSITE)
def test_what_is_no_website(website, kind):
    website.writes(NOT_A_WEBSITE[kind])
    seen = look(website.url())
    assert seen.is_well is not True and seen.problem and not seen.answered


def test_what_nobody_could_read_is_not_called_broken(website):
    website.writes(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000 + b"\r\n")
    assert look(website.url()).is_well is None
    website.writes(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 500_000 + b"\r\n\r\n")
    assert look(website.url()).is_well is None


@pytest.mark.parametrize("length", ["5", "99999999999999", "-1", "mange"])
def test_a_body_is_not_read_whatever_its_length_says(website, length):
    bomb = b"\x1f\x8b" + b"\x00" * 100_000
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\nSet-Cookie: a=b\r\n\r\n".encode()
    website.says_by_method(head=page(405), get=head + bomb)
    assert look(website.url()).is_well is True


# Time


@pytest.mark.parametrize(
    "begun, more",
    [
        *((b"", b"H"), (b"HTTP/1.1 200 OK\r\nX: ", b"x"), (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n")),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_a_server_that_drips_is_left_in_time(website, settings, begun, more):
    settings.WEBSITE_CHECK_TIMEOUT = 0.4
    website.drips(begun, more)
    slow, began = machine.slowness(), time.monotonic()
    seen = look(website.url())
    assert seen.is_well is not True and not seen.answered
    assert time.monotonic() - began < 5 * slow


def test_a_server_that_is_silent_is_left_in_time(website, settings):
    settings.WEBSITE_CHECK_TIMEOUT = 0.4
    website.answer = lambda line, asked: line.recv(1)
    seen = look(website.url())
    assert (seen.is_well, seen.problem) == (False, "Intet svar inden for 0,4 sekunder.")


def test_a_name_that_nobody_answers_for_is_left_in_time_and_nobody_is_rung_up_later(website, settings, monkeypatch):
    settings.WEBSITE_CHECK_TIMEOUT = 0.2
    answered = []

    def hang(*_, **__):
        time.sleep(0.6)
        answered.append(1)
        return [(socket.AF_INET, 0, 0, "", (LOOPBACK, website.port))]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", hang)
    slow, began = machine.slowness(), time.monotonic()
    assert look(website.url()).is_well is False
    assert time.monotonic() - began < 5 * slow
    for one in threading.enumerate():
        if isinstance(one, calls._Asking):
            one.join(60)
    assert answered and website.connections == 0


def test_redirects_share_the_time(website, settings):
    settings.WEBSITE_CHECK_TIMEOUT = 0.6

    def answer(line, asked):
        time.sleep(0.25)
        line.sendall(page(302, Location=f"/{len(website.asked)}"))

    website.answer = answer
    assert look(website.url()).is_well is False
    assert len(website.asked) < 6


# Nobody there


def test_a_name_that_is_none(names):
    seen = look("https://findes-ikke.example/")
    assert (seen.is_well, seen.problem) == (False, "Navnet findes ikke (DNS).")


def test_nobody_at_home(website, settings):
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
        settings.WEBSITE_CHECK_INSIDE = {(LOOPBACK, port)}
        seen = look(f"http://klinik.example:{port}/")
    assert (seen.is_well, seen.problem, seen.answered) == (False, "Serveren afviser forbindelsen.", False)


def test_the_second_address_of_a_name_is_tried(website, settings, names):
    settings.WEBSITE_CHECK_INSIDE = {(LOOPBACK, website.port), ("::1", website.port)}
    names["klinik.example"] = [["::1", LOOPBACK]]  # nobody listens there
    assert look(website.url()).is_well is True


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "to", ["/ny", "ny", "//www.klinik.example:{port}/ny", "http://WWW.klinik.example.:{port}/ny#x"]
)
def test_redirects_are_followed(website, status, to):
    where = to.format(port=website.port)
    website.answer = lambda line, asked: line.sendall(
        page(200) if asked.path == "/ny" else page(status, Location=where, Set_Cookie="spor=1")
    )
    assert look(website.url()).is_well is True
    assert [one.path for one in website.asked] == ["/", "/ny"] and "cookie" not in website.asked[1].headers


def test_an_address_in_utf_8(website):
    website.answer = lambda line, asked: line.sendall(
        page(200) if asked.path.startswith("/%C3%A5") else page(301, Location="/åbent?dag=lørdag")
    )
    assert look(website.url()).is_well is True
    assert website.asked[1].path == "/%C3%A5bent?dag=l%C3%B8rdag"


def test_round_and_round_is_not_called_broken(website):
    """Some want a cookie first, and a browser has one."""
    website.says(302, Location="/")
    seen = look(website.url())
    assert (seen.is_well, seen.answered, len(website.asked)) == (None, True, 6)


def test_a_redirect_to_a_page_that_is_gone_says_where(website):
    website.answer = lambda line, asked: line.sendall(
        page(404)
        if "www" in asked.headers["host"]
        else page(301, Location=f"http://www.klinik.example:{website.port}/x")
    )
    seen = look(website.url())
    assert (seen.is_well, seen.problem) == (False, "www.klinik.example: HTTP 404: siden findes ikke.")


@pytest.mark.parametrize(
    "to",
    [
        *(
            "javascript:alert(1)",
            "file:///etc/passwd",
            "ftp://klinik.example/",
            "gopher://klinik.example:80/",
            "data:,x",
        ),
        *(
            "http://anna:kode@klinik.example/",
            "http://klinik.example:22/",
            "http://klinik.example:8080/",
            "http:\\\\x.example",
        ),
        *("http://a\tb.example/", "/" + "x" * 3000),
    ],
)
def test_where_a_redirect_does_not_take_us(website, names, to):
    website.says(302, Location=to)
    seen = look(website.url())
    assert seen.is_well is None and seen.problem and website.methods == ["HEAD"]


# Our own network

INSIDE = (
    *("127.0.0.1", "127.9.9.9", "0.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *(
        "192.0.0.170",
        "192.0.2.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.88.99.1",
    ),
    *(
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
    ),
    *("ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "100::1", "5f00::1"),
    *("", "x", "1", "127.1"),
)


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2a00:1450:400f::1", "2606:2800:220:1::1"])
def test_what_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"])
def test_a_name_that_leads_inside_is_not_followed(website, names, inside):
    names["inde.example"] = [[inside]]
    seen = look("http://inde.example/")
    assert (seen.is_well, seen.problem) == (False, "Navnet fører ikke til det offentlige internet.")
    website.says(302, Location="http://inde.example/latest/meta-data/")
    assert look(website.url()).is_well is False
    assert website.methods == ["HEAD"]


def test_one_address_inside_is_enough(names, monkeypatch):
    names["inde.example"] = [["8.8.8.8", "10.0.0.1"]]
    assert look("http://inde.example/").problem == "Navnet fører ikke til det offentlige internet."


def test_a_name_is_asked_for_once_and_the_connection_goes_where_we_looked(website, names, settings):
    """The second answer would lead inside: nobody asks for it, not for GET after HEAD either."""
    names["skifter.example"] = [[LOOPBACK], ["10.0.0.1"]]
    website.says_by_method(head=page(405), get=page(200))
    assert look(website.url("skifter.example")).is_well is True
    assert names["asked"] == ["skifter.example"] and website.connections == 2


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1", "[::1]", "localhost"])
def test_other_spellings_of_this_machine(website, monkeypatch, host):
    asked = []

    def ask(name, port, **_):
        asked.append(name)
        address = "::1" if ":" in name else LOOPBACK  # as inet_aton reads them
        return [(socket.AF_INET, 0, 0, "", (address, port))]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", ask)
    seen = look(f"http://{host}/")
    assert (seen.is_well, seen.problem) == (False, "Navnet fører ikke til det offentlige internet.")
    assert asked == [host.strip("[]")] and website.connections == 0


def test_the_port_of_a_test_is_open_to_nobody_else(website, names):
    names["inde.example"] = [["10.0.0.1"]]
    assert look(website.url("inde.example")).is_well is False
    assert website.connections == 0


# Addresses as they are written


@pytest.mark.parametrize(
    "url, host, port, path",
    [
        ("https://klinik.dk", "klinik.dk", 443, "/"),
        ("HTTP://KLINIK.dk./A?b=c d#e", "klinik.dk", 80, "/A?b=c%20d"),
        ("https://blåbærgrød.dk/æ", "xn--blbrgrd-fxak7p.dk", 443, "/%C3%A6"),
        ("https://klinik.dk/%C3%A6%2F?x=%20", "klinik.dk", 443, "/%C3%A6%2F?x=%20"),
        ("https://klinik.dk?x", "klinik.dk", 443, "/?x"),
        ("https://[2a00:1450::1]/", "[2a00:1450::1]", 443, "/"),
    ],
)
def test_where_a_link_leads(url, host, port, path):
    assert target(url) == Target(url[:5].rstrip(":").lower(), host, port, path)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "klinik.dk",
            "https://",
            "https:///sti",
            "https://klinik..dk/",
            "https://.klinik.dk/",
            "https://klinik.dk:99999/",
        ),
        *(
            "https://klinik.dk:x/",
            f"https://{'a' * 70}.dk/",
            "https://[::1/",
            "https://[fe80::1%25eth0]/",
            "https://kli nik.dk/",
        ),
        *("mailto:anna@klinik.dk", "https://a:b@klinik.dk/", "https://klinik.dk/\r\nX: y", "https://klinik.dk\\@x.dk/"),
        *("https://klinik.dk/" + "x" * 3000, "//klinik.dk/", "https://%6b.dk/", "https://k*.dk/"),
    ],
)
def test_what_is_no_link(url):
    with pytest.raises(AddressError):
        target(url)
    assert look(url).is_well is not True


# TLS


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A folder with certificates, and who signed them."""
    folder = tmp_path_factory.mktemp("tls")
    ours = certificate(folder, name="authority")
    certificate(folder, "klinik.example", by=ours, name="good")
    certificate(folder, "en-anden.example", by=ours, name="other")
    certificate(folder, "klinik.example", by=ours, name="old", days=-1)
    certificate(folder, "klinik.example", name="itself")
    certificate(folder, "klinik.example", by=certificate(folder, name="stranger"), name="unknown")
    return folder


@pytest.mark.parametrize(
    "kind, is_well, problem",
    [
        ("good", True, ""),
        ("other", False, "Certifikatet gælder et andet navn."),
        ("old", False, "Certifikatet er udløbet."),
        ("itself", False, "Certifikatet er kun underskrevet af siden selv."),
        ("unknown", None, "Certifikatet kunne ikke følges til en udsteder, vi kender."),
    ],
)
def test_certificates(settings, names, monkeypatch, authority, kind, is_well, problem):
    context = ssl.create_default_context(cafile=str(authority / "authority.pem"))
    monkeypatch.setattr(asking, "_context", lambda: context)
    with open_website(authority / f"{kind}.pem") as website:
        settings.WEBSITE_CHECK_INSIDE = {(LOOPBACK, website.port)}
        seen = look(website.url())
        assert (seen.is_well, seen.problem) == (is_well, problem)
        assert bool(website.asked) is (is_well is True), "nothing is said to whoever cannot show who he is"


def test_after_a_redirect_the_certificate_is_the_next_names(settings, names, monkeypatch, authority):
    context = ssl.create_default_context(cafile=str(authority / "authority.pem"))
    monkeypatch.setattr(asking, "_context", lambda: context)
    names["en-anden.example"] = [[LOOPBACK]]
    with open_website(authority / "good.pem") as website, open_website(authority / "other.pem") as other:
        settings.WEBSITE_CHECK_INSIDE = {(LOOPBACK, website.port), (LOOPBACK, other.port)}
        website.says(301, Location=other.url("en-anden.example"))
        assert look(website.url()).is_well is True
        website.says(301, Location=other.url("www.klinik.example"))
        assert look(website.url()).problem == "www.klinik.example: Certifikatet gælder et andet navn."


def test_a_server_that_speaks_no_tls(website):
    seen = look(website.url().replace("http:", "https:"))
    assert seen.is_well is False and seen.problem


def test_a_handshake_that_never_ends(website, settings):
    settings.WEBSITE_CHECK_TIMEOUT = 0.4
    with socket.create_server((LOOPBACK, 0)) as silent:
        port = silent.getsockname()[1]
        settings.WEBSITE_CHECK_INSIDE = {(LOOPBACK, port)}
        slow, began = machine.slowness(), time.monotonic()
        assert look(f"https://klinik.example:{port}/").is_well is False
        assert time.monotonic() - began < 5 * slow


def test_certificates_are_checked_in_earnest():
    context = asking._context()
    assert context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname
    assert datetime.timedelta(seconds=asking.MOST_WAIT).days == 30
