"""How much of an exercise: "hold i 20–30 sekunder, 3 gange om dagen" is what people look for while they lie on the floor."""

import re

from django.utils.safestring import SafeString, mark_safe

_NUMBER = r"(?:\d+(?:,\d+)?|to|tre|fire|fem|seks|syv|otte|ni|ti|tyve|tredive)"
_AMOUNT = re.compile(
    rf"\b{_NUMBER}(?:\s?(?:–|-|til|eller|×|x)\s?{_NUMBER})?\s"
    r"(?:sekunder|sek\.|minutter|min\.|gentagelser|gange|sæt|runder|åndedrag|vejrtrækninger)"
    r"(?:\s(?:om dagen|dagligt|om ugen|ugentligt|pr\. dag|pr\. uge|på hver side|med hvert ben|med hver arm))?",
    re.IGNORECASE,
)
# A tag with its quoted values, in which a ">" does not end it.
_TAG = re.compile(r"(<(?:[^<>\"]|\"[^\"]*\")*>)")


def marked(html: SafeString) -> SafeString:
    """The same safe HTML with every amount in `<strong>`, where it stands: taken out of its sentence it could mislead."""
    parts = _TAG.split(html)
    for number in range(0, len(parts), 2):  # what stands between the tags
        parts[number] = _AMOUNT.sub(r'<strong class="amount">\g<0></strong>', parts[number])
    # Safe before, and nothing was added but a tag around words that hold none.
    return mark_safe("".join(parts))  # noqa: S308
