"""Says figures as English words: cardinals, ordinals, years, clock times, money, percentages, decimals."""

from __future__ import annotations

import re

_ONES = str.split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen")
_TENS = str.split("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
_SCALES = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
             "twelve": "twelfth"}
_SHORT_SCALES = {"k": "thousand", "m": "million"}
_MONEY = {"$": ("dollar", "cent"), "€": ("euro", "cent"), "£": ("pound", "penny")}


def cardinal(number: int) -> str:
    """0 .. 999,999,999,999 in words; larger numbers digit by digit."""
    if number >= 10**12:
        return _digits(str(number))
    for scale, name in _SCALES:
        if number >= scale:
            rest = number % scale
            return f"{cardinal(number // scale)} {name}" + (f" {cardinal(rest)}" if rest else "")
    if number >= 100:
        rest = number % 100
        return f"{_ONES[number // 100]} hundred" + (f" {cardinal(rest)}" if rest else "")
    if number >= 20:
        return _TENS[number // 10] + (f" {_ONES[number % 10]}" if number % 10 else "")
    return _ONES[number]


def ordinal(number: int) -> str:
    """`21` -> `twenty first`."""
    *head, last = cardinal(number).split()
    said = _ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return " ".join([*head, said])


def year(number: int) -> str:
    """1100..2099 as years are said: `1999` -> `nineteen ninety nine`, `2005` -> `two thousand five`."""
    high, low = divmod(number, 100)
    if 2000 <= number <= 2009 or number % 1000 == 0:
        return cardinal(number)
    if low == 0:
        return f"{cardinal(high)} hundred"
    return f"{cardinal(high)} {'oh ' if low < 10 else ''}{cardinal(low)}"


def say_number(written: str) -> str:
    """Words for one written number such as `3rd`, `1999`, `$4.50`, `20%`, `7:05`, `1,000`, `0042`, `3.14`."""
    if match := re.fullmatch(r"(\d+)(?:st|nd|rd|th)", written):
        return ordinal(int(match[1]))
    if match := re.fullmatch(r"(\d+)s", written):
        return _plural(year(int(match[1])) if len(match[1]) == 4 else cardinal(int(match[1])))
    if match := re.fullmatch(r"(\d{1,2}):(\d\d)([ap]m)?", written):
        return _clock(int(match[1]), int(match[2]), match[3])
    if match := re.fullmatch(r"(\d{1,2})([ap]m)", written):
        return f"{cardinal(int(match[1]))} {match[2][0]} m"
    if match := re.fullmatch(r"([$€£])(\d+(?:[.,]\d+)*)([km]?)", written):
        amount = re.sub(r",(?=\d{3}(?!\d))", "", match[2])
        if match[3]:
            return f"{say_number(amount)} {_SHORT_SCALES[match[3]]} {_MONEY[match[1]][0]}s"
        if re.fullmatch(r"\d+(\.\d+)?", amount):
            return _money(amount, *_MONEY[match[1]])
    if written.endswith("%"):
        return f"{say_number(written[:-1])} percent"
    plain = re.sub(r",(?=\d{3}(?!\d))", "", written)
    if re.fullmatch(r"\d+\.\d+", plain):
        whole, part = plain.split(".")
        return f"{cardinal(int(whole))} point {_digits(part)}"
    if plain.isdigit():
        if len(plain) > 1 and plain[0] == "0":
            return _digits(plain)
        if plain == written and len(plain) == 4 and 1100 <= int(plain) <= 2099:
            return year(int(plain))
        return cardinal(int(plain))
    return " ".join(part if part.isalpha() else _digits(part) for part in re.findall(r"\d+|[a-zA-Z]+", written))


def _digits(digits: str) -> str:
    return " ".join(_ONES[int(digit)] for digit in digits)


def _plural(words: str) -> str:
    return words[:-1] + "ies" if words.endswith("y") else words + "s"


def _clock(hour: int, minute: int, half: str | None) -> str:
    said = cardinal(hour)
    if minute:
        said += f" {'oh ' if minute < 10 else ''}{cardinal(minute)}"
    elif half is None:
        said += " o'clock"
    return said if half is None else f"{said} {half[0]} m"


def _money(amount: str, unit: str, cent: str) -> str:
    whole, _, part = amount.partition(".")
    cents = int(part.ljust(2, "0")[:2]) if part else 0
    said = []
    if int(whole or 0) or not cents:
        said.append(f"{cardinal(int(whole or 0))} {unit}{'' if whole == '1' else 's'}")
    if cents:
        plural = "pence" if cent == "penny" else f"{cent}s"
        said.append(f"{cardinal(cents)} {cent if cents == 1 else plural}")
    return " and ".join(said)
