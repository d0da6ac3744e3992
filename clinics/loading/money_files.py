"""Reads and checks `tariffs.csv` and `referral_rules.csv` before anything touches the database."""

import csv
import datetime
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from clinics.models import ReferralRule, Tariff
from clinics.models.tariff import HIGHEST_FEE

from .vocabulary_files import VocabularyError

DATA = Path(__file__).parents[1] / "data"
TARIFFS = DATA / "tariffs.csv"
RULES = DATA / "referral_rules.csv"

Record = dict[str, Any]
DATES = ("valid_from", "valid_to", "checked_at", "verified_at")
AMOUNTS = ("full_fee", "subsidy", "patient_share")
LONGEST_SOURCE = 300  # Dated.source


class MoneyDataError(VocabularyError):
    """The committed data is wrong; one line names file, line and what is wrong, and nothing was loaded."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(file, f"line {line}", problem)


def read_tariffs(path: Path = TARIFFS) -> list[Record]:
    """The rows of the file, amounts as Decimal or None, dates as dates or None. Raises MoneyDataError."""
    columns = {"service", "code", *AMOUNTS, *DATES, "source"}
    return list(_read(path, columns, _tariff, ("service", "valid_from")))


def read_rules(path: Path = RULES) -> list[Record]:
    """The rows of the file; `region` is a slug or "" for the whole country. Raises MoneyDataError."""
    columns = {
        *("service", "region", "municipality", "with_ydernummer", "needs_referral", "payer", "text", "to_be_verified"),
        *DATES,
        "source",
    }
    return list(_read(path, columns, _rule, ("service", "region", "municipality", "with_ydernummer", "valid_from")))


def _read(path: Path, columns: set[str], convert: Callable[[Record], None], key: tuple[str, ...]) -> Iterator[Record]:
    seen: set[tuple[Any, ...]] = set()
    line = 1
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if set(reader.fieldnames or ()) != columns:
                raise MoneyDataError(path.name, 1, f"the columns must be {', '.join(sorted(columns))}")
            for record in reader:
                line = reader.line_num
                if None in record or None in record.values():
                    raise MoneyDataError(path.name, line, "has more or fewer columns than the first line")
                convert(record)
                identity = tuple(record[name] for name in key)
                if identity in seen:
                    raise MoneyDataError(path.name, line, "stands here twice: the same service from the same day")
                seen.add(identity)
                yield record
    except ValueError as error:  # what a converter says, and text that is not UTF-8
        problem = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise MoneyDataError(path.name, line, problem) from error
    except csv.Error as error:
        raise MoneyDataError(path.name, line, f"is not CSV: {error}") from error


def _tariff(record: Record) -> None:
    _dated(record)
    _choice(record, "service", Tariff.Service.values)
    for name in AMOUNTS:
        record[name] = _amount(name, record[name])
    full, subsidy, share = (record[name] for name in AMOUNTS)
    if share is None:
        raise ValueError("patient_share is missing")
    if full is not None and subsidy is not None and full != subsidy + share:
        raise ValueError(f"{subsidy} + {share} is not {full}")


def _rule(record: Record) -> None:
    _dated(record)
    _choice(record, "service", ReferralRule.Service.values)
    _choice(record, "payer", ReferralRule.Payer.values)
    for name in ("with_ydernummer", "needs_referral", "to_be_verified"):
        _choice(record, name, ["0", "1"])
        record[name] = record[name] == "1"
    if not record["text"].strip():
        raise ValueError("text is missing")


def _dated(record: Record) -> None:
    for name in DATES:
        record[name] = _date(name, record[name])
    if record["valid_from"] is None:
        raise ValueError("valid_from is missing")
    if record["valid_to"] and record["valid_to"] < record["valid_from"]:
        raise ValueError("valid_to is before valid_from")
    if record["verified_at"]:
        raise ValueError("verified_at must be empty: a person verifies a row in the admin, not in the file")
    if not re.search(r"https?://[^\s/]+\.[^\s/]+", record["source"]) or len(record["source"]) > LONGEST_SOURCE:
        raise ValueError(f"source must name an address, in at most {LONGEST_SOURCE} characters")


def _date(name: str, text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"{name}: {text} is not a date") from None


def _amount(name: str, text: str) -> Decimal | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", text):
        raise ValueError(f"{name}: {text} is not an amount in kroner")
    amount = Decimal(text)
    if not 0 < amount <= HIGHEST_FEE:
        raise ValueError(f"{name}: {text} is not an amount in kroner")
    return amount


def _choice(record: Record, name: str, known: list[str]) -> None:
    if record[name] not in known:
        raise ValueError(f"{name}: {record[name] or 'nothing'} is none of {', '.join(known)}")
