"""Says figures as Spanish words: cardinals, ordinals to tenth, clock times, money, percentages, decimals."""

from __future__ import annotations

import re

_ONES = str.split(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis "
    "veintisiete veintiocho veintinueve")
_TENS = str.split("cero diez veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_HUNDREDS = str.split(
    "cero ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos")
_ORDINALS = str.split("cero primer segund tercer cuart quint sext séptim octav noven décim")
_MONEY = {"$": ("dólar", "dólares", "centavo"), "€": ("euro", "euros", "céntimo"), "£": ("libra", "libras", "penique")}


def cardinal(number: int) -> str:
    """0 .. 999,999,999,999 in words; larger numbers digit by digit."""
    if number >= 10**12:
        return _digits(str(number))
    if number >= 10**6:
        millions, rest = divmod(number, 10**6)
        head = "un millón" if millions == 1 else f"{_before_noun(cardinal(millions))} millones"
        return head + (f" {cardinal(rest)}" if rest else "")
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        head = "mil" if thousands == 1 else f"{_before_noun(cardinal(thousands))} mil"
        return head + (f" {cardinal(rest)}" if rest else "")
    if number == 100:
        return "cien"
    if number > 100:
        rest = number % 100
        return _HUNDREDS[number // 100] + (f" {cardinal(rest)}" if rest else "")
    if number >= 30:
        return _TENS[number // 10] + (f" y {_ONES[number % 10]}" if number % 10 else "")
    return _ONES[number]


def say_number(written: str) -> str:
    """Words for one written number such as `3º`, `1.000`, `$45`, `20%`, `7:05`, `3,14`, `007`."""
    if match := re.fullmatch(r"(\d+)([ªº]|er|ro|do|ra|da|to|ta)", written):
        return _ordinal(int(match[1]), match[2])
    if match := re.fullmatch(r"(\d{1,2}):(\d\d)", written):
        minutes = int(match[2])
        return cardinal(int(match[1])).replace("uno", "una") + (f" y {cardinal(minutes)}" if minutes else " en punto")
    if written[0] in _MONEY:
        return _money(written[1:], *_MONEY[written[0]])
    if written.endswith("%"):
        return f"{say_number(written[:-1])} por ciento"
    plain = re.sub(r"[.,](?=\d{3}(?!\d))", "", written)
    if match := re.fullmatch(r"(\d+)[.,](\d+)", plain):
        decimals = _digits(match[2]) if match[2][0] == "0" else cardinal(int(match[2]))
        return f"{cardinal(int(match[1]))} coma {decimals}"
    if plain.isdigit():
        return _digits(plain) if len(plain) > 1 and plain[0] == "0" else cardinal(int(plain))
    return " ".join(part if part.isalpha() else _digits(part) for part in re.findall(r"\d+|[^\W\d_]+", written))


def _before_noun(words: str) -> str:
    if words.endswith("veintiuno"):
        return words[: -len("veintiuno")] + "veintiún"
    return words[:-1] if words.endswith("uno") else words


def _ordinal(number: int, ending: str) -> str:
    if not 1 <= number <= 10:
        return cardinal(number)
    stem = _ORDINALS[number]
    if ending == "er":
        return stem
    return stem + ("a" if ending in ("ª", "ra", "da", "ta") else "o")


def _money(amount: str, unit: str, units: str, cent: str) -> str:
    plain = re.sub(r"[.,](?=\d{3}(?!\d))", "", amount)
    whole, _, part = plain.replace(",", ".").partition(".")
    number = int(re.sub(r"\D", "", whole) or 0)
    said = f"{_before_noun(cardinal(number))} {unit if number == 1 else units}"
    if cents := int(part[:2].ljust(2, "0")) if part[:2].isdigit() else 0:
        said += f" con {_before_noun(cardinal(cents))} {cent}{'' if cents == 1 else 's'}"
    return said


def _digits(digits: str) -> str:
    return " ".join(_ONES[int(digit)] for digit in digits)
