"""统一社会信用代码: the check digit of GB 32100-2015."""

from __future__ import annotations

import unicodedata

# GB 32100-2015, 4.2: digits and capital letters without I, O, S, V, Z; the value of a character is its index.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
# GB 32100-2015, 5.2: the weight of position i is 3^(i-1) mod 31.
_WEIGHTS = tuple(pow(3, position, 31) for position in range(LENGTH - 1))
_LOOKS_LIKE = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U 或 Y"}


def normalise(code: str) -> str:
    """Full-width characters, lower case, spaces and hyphens as people paste them, brought to the plain form."""
    plain = unicodedata.normalize("NFKC", code).upper()
    return "".join(
        character for character in plain if not character.isspace() and character not in "-\u200b\ufeff"
    )


def check_character(body: str) -> str:
    """The 18th character that belongs to 17 legal characters."""
    if len(body) != LENGTH - 1:
        raise ValueError(f"需要前 17 位，实际 {len(body)} 位")
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def check(code: str) -> list[str]:
    """All problems of a code, in Chinese; empty when it holds. Normalises first."""
    plain = normalise(code)
    if not plain:
        return ["统一社会信用代码为空；应为 18 位数字或大写字母"]
    problems = []
    if len(plain) != LENGTH:
        problems.append(f"应为 18 位，实际 {len(plain)} 位")
    for position, character in enumerate(plain, start=1):
        if character not in ALPHABET:
            hint = _LOOKS_LIKE.get(character)
            looks = f"，是否应为 {hint}" if hint else ""
            problems.append(f"第 {position} 位“{character}”不允许使用（代码不含 I、O、S、V、Z）{looks}")
    if not problems and not plain[2:8].isdigit():
        problems.append(f"第 3 至 8 位“{plain[2:8]}”应为 6 位数字的登记管理机关行政区划码")
    if not problems and (right := check_character(plain[:-1])) != plain[-1]:
        problems.append(f"校验位不符：按前 17 位计算，第 18 位应为“{right}”，实际为“{plain[-1]}”；请逐位核对")
    return problems
