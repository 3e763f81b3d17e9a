"""Small tools that lie or are broken, each runnable alone: `python tests/verify/liars/one_shot.py`."""

from __future__ import annotations

LIES: dict[str, str] = {
    "one_shot": "one-shot-conversion",
    "tested_alone": "series-tested-alone",
    "cap_never_lifts": "cap-never-lifts",
    "whole_exit": "whole-exit-share",
    "tiers_ignored": "tiers-ignored",
    "cap_besides": "cap-besides-preference",
    "uncapped": "participation-without-cap",
    "unsplit_preference": "preference-not-split",
    "no_dividends": "dividends-left-out",
    "rounds_down": "rounds-down",
    "fraction_shares": "fractional-shares",
    "up_round": "up-round-raises-price",
    "issue_price": "compares-with-issue-price",
    "ratchet": "full-ratchet",
    "base_after": "base-after-issue",
    "unsplit_price": "common-split-ignored",
    "no_options": "options-never-deemed",
    "cents_lost": "small-adjustment-lost",
    "for_ever": "carried-for-ever",
    "one_for_one": "one-for-one",
    "no_cash": "cash-amount-left-out",
    "no_floor": "offering-floor-ignored",
    "one_vote": "one-vote-as-converted",
    "fourteen_votes": "same-votes-for-all-series",
    "open_gate": "gate-ignored",
    "common_alone": "preferred-left-out",
    "floor_of_seats": "senior-seats-rounded-down",
    "notice_to_all": "notice-to-everybody",
    "doubles": "binary-floats",
    "cents": "amounts-to-cents",
}
"""The tools that make a mistake, with its id in the catalogue."""

READINGS: dict[str, str] = {
    "joint_caps": "cap_mode=joint",
    "by_certificate": "round_unit=certificate",
    "options_in_base": "weighted_average_base=plus_all_options",
}
"""The tools that take another reading than the case does, with what explains them."""

BROKEN: dict[str, str] = {
    "always_zero": "Every number is zero.",
    "always_refuses": "It refuses every case.",
    "answers_lists": "It replies with a list.",
    "answers_twice": "It replies to every case twice.",
    "bad_utf8": "Its replies are not UTF-8.",
    "boasts": "It claims to answer every question and refuses all but one.",
    "crashes": "It crashes on the third case.",
    "cut_line": "It ends inside its second reply.",
    "eats_memory": "It allocates memory until none is left.",
    "empty_answer": "Its answers hold nothing.",
    "exits": "It exits at once, with status 0.",
    "floats": "Its amounts are JSON floats.",
    "hangs": "It never replies to a case.",
    "huge_line": "A reply is 64 MB long.",
    "infinity": "It replies with Infinity, which is not JSON.",
    "late": "It replies with what it found for the case before.",
    "logs": "It writes its log on standard output.",
    "not_a_number": "It replies with NaN, which is not JSON.",
    "skips": "It skips every case and gives no reason.",
    "wrong_name": "Its replies name another case.",
}
"""The tools that answer nothing right or keep to no protocol, and what they do: no mistake explains it."""

HONEST: dict[str, str] = {
    "honest": "It answers rightly.",
    "honest_unasked": "It answers rightly, and refuses to say what it can do.",
    "honest_skips": "It answers liquidations alone, rightly, and skips those without Common with a reason.",
}
"""The controls: nothing may be found."""

LIARS: dict[str, str | None] = {**LIES, **READINGS, **dict.fromkeys(BROKEN)}
"""Every tool that must be found out: what must be named, or None where nothing can explain it."""
