"""What two facts of a clinic cannot both be."""

import pytest
from django.core.exceptions import ValidationError

from .people import clinic

pytestmark = pytest.mark.django_db

REFUSED = (
    "Vederlagsfri fysioterapi kræver en aftale med det offentlige. Ret enten ydernummer eller vederlagsfri fysioterapi."
)


@pytest.mark.parametrize(
    ("ydernummer", "free"),
    [(True, True), (None, True), (False, False), (False, None), (True, False), (None, None)],
)
def test_what_goes_together(ydernummer, free):
    clinic("Ryggen", "Aarhus C", has_ydernummer=ydernummer, free_physiotherapy=free).full_clean()


def test_nothing_is_free_of_charge_without_a_ydernummer():
    made = clinic("Ryggen", "Aarhus C", has_ydernummer=False, free_physiotherapy=True)
    with pytest.raises(ValidationError) as refused:
        made.full_clean()
    assert refused.value.message_dict == {"free_physiotherapy": [REFUSED]}
