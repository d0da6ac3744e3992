"""Taking turns: on a busy machine only what ran in the same minute can be compared."""

import json
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection

Statement = tuple[str, Any]  # SQL and its parameters


def medians(work: Mapping[Any, Callable[[], object]], rounds: int, clock: Callable[[], float]) -> dict[Any, float]:
    """Median milliseconds of each piece of work, after one round that nobody counts."""
    times: dict[Any, list[float]] = {name: [] for name in work}
    for number in range(rounds + 1):
        for name, do in work.items():
            began = clock()
            do()
            if number:
                times[name].append((clock() - began) * 1000)
    return {name: statistics.median(some) for name, some in times.items()}


def wall(work: Mapping[Any, Callable[[], object]], rounds: int) -> dict[Any, float]:
    return medians(work, rounds, time.perf_counter)


def cpu(work: Mapping[Any, Callable[[], object]], rounds: int) -> dict[Any, float]:
    """This process's own time: it leaves out the database, and what else the machine does."""
    return medians(work, rounds, time.process_time)


def server(work: Mapping[Any, tuple[Any, Statement]], rounds: int) -> dict[Any, float]:
    """Median milliseconds that the database itself counts for each (cursor, statement), planning and running; in turns.

    What else the machine does at that moment counts in full for a client's clock, and less for this one.
    """
    times: dict[Any, list[float]] = {name: [] for name in work}
    for number in range(rounds + 1):
        for name, (cursor, (sql, params)) in work.items():
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
            told = cursor.fetchone()[0]
            plan = (json.loads(told) if isinstance(told, str) else told)[0]
            if number:
                times[name].append(plan["Planning Time"] + plan["Execution Time"])
    return {name: statistics.median(some) for name, some in times.items()}


def statements(do: Callable[[], object]) -> list[Statement]:
    """What is sent to the database meanwhile."""
    sent: list[Statement] = []

    def listen(execute, sql, params, many, context):
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        do()
    return sent


def milliseconds(number: float) -> str:
    return f"{number:.2f}" if number < 10 else f"{number:.0f}"
