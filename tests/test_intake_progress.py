"""How far a long job is: a line that is redrawn on a terminal, a line now and then elsewhere."""

import io

import pytest

from clinics.intake.progress import Progress, _left


class Clock:
    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


def told(calls, *, is_tty, labels=("Læser", "Leder")):
    """`calls`: (seconds since the last one, done, total)."""
    out, clock = io.StringIO(), Clock()
    progress = Progress(out.write, *labels, is_tty=is_tty, now=clock)
    for seconds, done, total in calls:
        clock.at += seconds
        progress(done, total)
    progress.end()
    return out.getvalue()


def test_without_a_terminal_a_line_every_tenth_or_ten_seconds_with_the_time_left():
    lines = told([(1, number * 1000, 100_000) for number in range(1, 101)], is_tty=False).splitlines()
    assert len(lines) == 10
    assert lines[0] == f"Læser: [{'##':.<24}] 10%, 10.000 af 100.000, 1 min. 30 s tilbage"
    assert lines[-1] == f"Læser: [{'#' * 24}] 100%, 100.000 af 100.000"
    slow = told([(4, number * 10, 100_000) for number in range(1, 11)], is_tty=False).splitlines()
    assert len(slow) == 3


def test_on_a_terminal_one_line_is_redrawn_five_times_a_second_at_most():
    out = told([(0.05, number, 100) for number in range(1, 101)], is_tty=True)
    assert out.count("\n") == 1 and out.endswith("100%, 100 af 100\n")
    assert 20 <= out.count("\r\033[K") <= 26


def test_counting_from_the_beginning_is_the_next_step():
    out = told([(20, 1000, 1000), (20, 10, 20), (20, 20, 20), (20, 1, 5)], is_tty=False).splitlines()
    assert [line.split(":")[0] for line in out] == ["Læser", "Leder", "Leder", "Leder"]


def test_what_was_done_before_it_was_killed_does_not_count_as_quick():
    out = told([(20, 51_000, 100_000), (20, 52_000, 100_000)], is_tty=False).splitlines()
    assert out[1].endswith("16 min. 0 s tilbage")


def test_nobody_knows_how_many():
    assert told([(20, 1000, None), (20, 2000, None)], is_tty=False) == "Læser: 1.000\nLæser: 2.000\n"
    assert told([(20, 0, 0)], is_tty=False) == "Læser: 0\n"


@pytest.mark.parametrize("seconds, words", [(0.4, "0 s"), (59.4, "59 s"), (200, "3 min. 20 s"), (3900, "1 t. 5 min.")])
def test_time_in_words(seconds, words):
    assert _left(seconds) == words
