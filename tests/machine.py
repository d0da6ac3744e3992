"""How fast this machine is, so that a limit on time is a ratio and holds on any of them."""

import re
import statistics
import time
from collections.abc import Callable


def seconds(job: Callable[[], object], runs: int = 9) -> float:
    """Seconds of this process's own time for the best of several runs: other programs and the first run do not count."""
    times = []
    for _ in range(runs):
        started = time.process_time()
        job()
        times.append(time.process_time() - started)
    return min(times)


def _standard_job() -> int:
    """Words, dictionaries and a regular expression: the kind of work that reading a text is."""
    text = "Smerter i benet, som ikke går over efter 14 dage, bør en læge se på. " * 200
    counts: dict[str, int] = {}
    for word in re.findall(r"\w+", text.casefold()):
        counts[word] = counts.get(word, 0) + len(word.replace("e", "æ"))
    return sum(counts.values())


def moment() -> float:
    """Seconds that the standard job takes here and now: 0.6 ms on the machine that the limits were written on."""
    return seconds(_standard_job, 15)


MOMENT = 0.0006  # seconds, on the machine where limits in seconds were measured


def slowness() -> float:
    """How many times slower than that machine this one is now, 1 at least: by the clock, so that neighbours count too.

    For limits in seconds that a whole process is held to; ask before and after, and take the larger.
    """
    times = []
    for _ in range(60):
        started = time.perf_counter()
        _standard_job()
        times.append(time.perf_counter() - started)
    return max(1.0, statistics.median(times) / MOMENT)
