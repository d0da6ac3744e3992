"""What a browser would send back from the form of a clinic, and the people who may open it."""

from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from unittest import mock

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.template.response import SimpleTemplateResponse

from clinics.models import Clinic
from fysfinder.roles import ADMINISTRATOR, sync_roles

from .people import clinic, postcode


def adam(client):
    """Adam administrates, and is logged in."""
    sync_roles()
    user = get_user_model().objects.create_user("adam@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name=ADMINISTRATOR))
    client.force_login(user)
    client.user = user
    return client


class _Fields(HTMLParser):
    """The values of a form's fields as they stand in the page."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        name, value = given.get("name"), given.get("value")
        if tag == "input" and name and given.get("type") not in ("submit", "file"):
            if given.get("type") in ("checkbox", "radio"):
                if "checked" in given:
                    self._add(name, value if value is not None else "on", given["type"] == "checkbox")
            else:
                self.values[name] = value or ""
        elif tag == "select":
            self._select = name or ""
            self.values.setdefault(self._select, "")
        elif tag == "option" and "selected" in given:
            self.values[self._select] = value or ""
        elif tag == "textarea":
            self._area = name or ""
            self.values[self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data.removeprefix("\n") if not self.values[self._area] else data

    def _add(self, name: str, value: str, several: bool) -> None:
        if several:
            self.values.setdefault(name, []).append(value)
        else:
            self.values[name] = value


def address_of(one: Clinic) -> str:
    return f"/admin/clinics/clinic/{one.pk}/change/"


def form_of(client, address: str) -> dict[str, Any]:
    """Name → value of all fields of the page, unchanged; the empty row that a script copies is left out."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    reader = _Fields()
    reader.feed(response.content.decode())
    return {name: value for name, value in reader.values.items() if "__prefix__" not in name and name != "q"}


def send(client, one: Clinic, files: Any = None, **changed: Any):
    """The form of a clinic with some fields changed; `row(...)` makes the fields of new rows."""
    values = form_of(client, address_of(one)) | changed
    return client.post(address_of(one), values | (files or {}))


ROWS = ("specialities", "treatments", "prices", "practitioners", "opening_exceptions", "photos", "provenance")


def bare(one: Clinic) -> dict[str, Any]:
    """The least that can be sent: enough where it is refused anyway, and no page has to be made for it."""
    fields = {
        "name": one.name,
        "postcode": one.postcode_id,
        "latitude": one.latitude,
        "longitude": one.longitude,
    }
    fields |= {"location_precision": one.location_precision, "status": one.status, "source": one.source}
    for prefix in ROWS:
        fields |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return fields


def row(prefix: str, number: int = 0, *, initial: int = 0, **fields: Any) -> dict[str, Any]:
    """The fields of one new row after `initial` rows that are there."""
    named = {f"{prefix}-{number}-{name}": value for name, value in fields.items()}
    return {f"{prefix}-TOTAL_FORMS": number + 1, f"{prefix}-INITIAL_FORMS": initial, **named}


def faults(response) -> str:
    """Everything that the page says is wrong, or "" when it was saved."""
    if response.status_code == 302:
        return ""
    assert response.status_code == 200, response.status_code
    context = response.context_data
    said = [str(context["adminform"].form.errors)]
    for inline in context["inline_admin_formsets"]:
        said += [str(inline.formset.errors), str(inline.formset.non_form_errors())]
    return " ".join(said)


def stored(one: Clinic) -> dict:
    """Everything that the clinic says, but for when it was saved."""
    fields = Clinic.objects.filter(pk=one.pk).values().get()
    fields.pop("updated_at")
    parts = ("prices", "specialities", "treatments", "practitioners", "opening_hours", "opening_exceptions", "photos")
    return fields | {name: list(getattr(one, name).order_by("pk").values()) for name in parts}


@contextmanager
def not_drawn() -> Iterator[None]:
    """Pages are decided on and not drawn: the form's has a thousand templates, and here only what it says counts."""

    def leave_empty(response: SimpleTemplateResponse) -> SimpleTemplateResponse:
        response.content = b""
        return response

    with mock.patch.object(SimpleTemplateResponse, "render", leave_empty):
        yield


def refused(client, one, word: str, files=None, **changed) -> None:
    """The page says so, and nothing at all was saved: not the good name beside the bad field either."""
    before = stored(one)
    with not_drawn():
        response = client.post(address_of(one), bare(one) | {"name": "Et nyt navn"} | changed | (files or {}))
    assert word in faults(response), faults(response) or "saved"
    assert stored(one) == before


def made() -> Clinic:
    """The clinic of these tests, with a price of 500 kr., and three towns where it could move to."""
    for town in ("Aarhus N", "Odense C", "Aalborg"):
        postcode(town)
    return clinic("Havnens Fysioterapi", "Aarhus C", price=500, phone="+4586121212", has_ydernummer=True)
