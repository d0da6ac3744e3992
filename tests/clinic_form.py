"""What a browser would send back from the form of a clinic, and the people who may open it."""

from html.parser import HTMLParser
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from clinics.models import Clinic
from fysfinder.roles import ADMINISTRATOR, sync_roles


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


def address_of(clinic: Clinic) -> str:
    return f"/admin/clinics/clinic/{clinic.pk}/change/"


def form_of(client, address: str) -> dict[str, Any]:
    """Name → value of all fields of the page, unchanged; the empty row that a script copies is left out."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    reader = _Fields()
    reader.feed(response.content.decode())
    return {name: value for name, value in reader.values.items() if "__prefix__" not in name and name != "q"}


def send(client, clinic: Clinic, files: Any = None, **changed: Any):
    """The form of a clinic with some fields changed; `row(...)` makes the fields of new rows."""
    values = form_of(client, address_of(clinic)) | changed
    return client.post(address_of(clinic), values | (files or {}))


ROWS = ("specialities", "treatments", "prices", "practitioners", "opening_exceptions", "photos", "provenance")


def bare(clinic: Clinic) -> dict[str, Any]:
    """The least that can be sent: enough where it is refused anyway, and no page has to be made for it."""
    fields = {
        "name": clinic.name,
        "postcode": clinic.postcode_id,
        "latitude": clinic.latitude,
        "longitude": clinic.longitude,
    }
    fields |= {"location_precision": clinic.location_precision, "status": clinic.status, "source": clinic.source}
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
    said = [str(response.context["adminform"].form.errors)]
    for inline in response.context["inline_admin_formsets"]:
        said += [str(inline.formset.errors), str(inline.formset.non_form_errors())]
    return " ".join(said)
