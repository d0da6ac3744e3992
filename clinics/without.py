"""What an empty list would be without one of its filters: from the counts that the page has made anyway."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from . import tally

if TYPE_CHECKING:
    from .counting import Group
    from .search import Search

PAIR = 2


class Without(NamedTuple):
    """The clinics of a list. `matching`: those of them that match; 0 also where the counts cannot tell, and then the list may
    end nearer, with fewer clinics."""

    clinics: int
    matching: int


def without_one(
    search: "Search", bits: Mapping[str, int], placed: Sequence[tuple[int, "Group"]]
) -> dict[tuple[str, int | None], Without]:
    """(parameter, number of the tick that goes, or None for the whole group) → the list. `placed`: the groups of the count,
    each with the step at which it comes into the list.

    Of two ticks that a clinic must both have, one can go alone: who has the other is in the tallies of those that fail the
    filter. Of three, nobody has counted the pairs.
    """
    pairs = [
        (one.name, gone, kept)
        for one in search.asked.ticked
        if not one.any_of and len(one.numbers) == PAIR
        for gone, kept in (sorted(one.numbers), sorted(one.numbers, reverse=True))
    ]
    whole = [(name, None, None) for name in bits]
    return {
        (name, gone): _list(search, [one for one in placed if one[1].failed == bits[name]], kept, name)
        for name, gone, kept in [*whole, *pairs]
    }


def _list(search: "Search", placed: Sequence[tuple[int, "Group"]], kept: int | None, name: str) -> Without:
    """The list of these groups, of each the clinics with the tag `kept`, as far as it takes to find enough that match."""
    chosen = search.asked.chosen
    clinics = matching = 0
    for step in range(len(search.asked.steps)):
        for group in (group for at, group in placed if at == step):
            many = group.clinics if kept is None else tally.counts(group.tallies or Decimal(0)).get(kept, 0)
            clinics += many
            # Whether they match is counted with what was chosen; without the only thing that was, all do.
            matches = len(chosen) == 1 if name in chosen else group.kind < len(search.matching_kinds)
            matching += many * matches
        if matching >= search.enough:
            break
    return Without(clinics, matching)
