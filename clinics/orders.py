"""The orders of a list, one row each. An order changes places within the groups of a list and never the groups themselves."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Order:
    """`slug` is the value of `sorter` in the address, `label` stands in the list of orders, `words` in "Sorteret efter …".

    `column` of `SearchEntry` comes first, the smallest or with `largest` the largest, and what is not stated last; distance
    and then the clinic's number break ties.
    `primary_first`: who matches with the very thing that was asked for before who matches with what is close to it.
    """

    slug: str
    label: str
    words: str
    column: str = ""
    largest: bool = False
    primary_first: bool = False


BY_NAME = "Efter navn, fra A til Å"  # the label of `BY_DISTANCE` where there is nothing to be near to
# Or who sees 5,0 of three visits below 4,6 of nineteen thinks that we cannot count.
WEIGHED = "bedømmelse (mange anmeldelser vejer tungere end få)"
BY_DISTANCE = Order("afstand", "Nærmest først", "afstand")
ORDERS: dict[str, Order] = {
    order.slug: order
    for order in (
        BY_DISTANCE,
        Order("match", "Passer bedst først", "hvor godt klinikken passer", primary_first=True),
        Order("pris", "Laveste pris uden henvisning først", "pris for første gang uden henvisning", "price"),
        Order("ventetid", "Korteste ventetid først", "ventetid", "waiting_days"),
        Order("bedoemmelse", "Bedste bedømmelse først", WEIGHED, "rating", largest=True),
    )
}
