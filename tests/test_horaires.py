"""Opening hours: what is refused and how it is said, what a week is in French, and whether it is open at a moment."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours, State

from fiche.horaires import DAYS, MAX_CHARACTERS, HorairesInvalides, canonical, check, in_words, is_holiday
from fiche.horaires_refus import in_format
from fiche.ouverture import status
from fiche.problems import HORAIRES

NEXT_WEEK = datetime(2026, 11, 23)
"""A Monday; no public holiday from the week before to the week after."""

# --- what is refused ---


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", f"les horaires sont vides. Exemple : « {HORAIRES} »."),
        (" \n ", f"les horaires sont vides. Exemple : « {HORAIRES} »."),
        (
            "bonjour",
            f"cet horaire n'est pas au format OpenStreetMap (à partir de « bonjour »). Exemple : « {HORAIRES} ».",
        ),
        (
            "Mo-Fr 09:00-",
            f"cet horaire n'est pas au format OpenStreetMap (il manque la fin). Exemple : « {HORAIRES} ».",
        ),
        (
            "Mo-Fr 9h-12h",
            "cet horaire n'est pas au format OpenStreetMap (à partir de « 9h-12h »). "
            "Vouliez-vous dire « Mo-Fr 09:00-12:00 » ?",
        ),
        (
            "Mo-Fr 09:00-49:00",
            f"cet horaire n'est pas au format OpenStreetMap (à partir de « 49:00 »). Exemple : « {HORAIRES} ».",
        ),
        ("Mo \ud800", f"caractère interdit dans les horaires. Exemple : « {HORAIRES} »."),
        ("Mo " * MAX_CHARACTERS, f"trop long : au plus 1000 caractères attendus. Exemple : « {HORAIRES} »."),
    ],
)
def test_refused(written: str, sentence: str) -> None:
    for reading in (check, canonical, in_words, lambda text: status(text, NEXT_WEEK)):
        with pytest.raises(HorairesInvalides) as error:
            reading(written)
        assert str(error.value) == sentence


def test_the_example_is_right() -> None:
    check(HORAIRES)
    assert in_words(HORAIRES) == "du lundi au vendredi : 9 h – 12 h et 14 h – 17 h ; fermé les jours fériés"


@pytest.mark.parametrize(
    ("french", "written"),
    [
        ("lundi au vendredi 9h-12h et 14h-17h", "Mo-Fr 09:00-12:00,14:00-17:00"),
        (
            "Du lundi au vendredi : de 9h à 12h et de 14h à 17h30 ; fermé les jours fériés",
            "Mo-Fr 09:00-12:00,14:00-17:30; PH off",
        ),
        ("Lundi: 9h00-12h00, mardi: 14h-16h", "Mo 09:00-12:00; Tu 14:00-16:00"),
        (
            "du lundi au jeudi de 8h30 à 12h et vendredi sur rendez-vous",
            'Mo-Th 08:30-12:00; Fr "sur rendez-vous"',
        ),
        ("Mo - Fr 09:00 – 12:00;", "Mo-Fr 09:00-12:00"),
        ("Tous les jours 8 heures - 20 heures", "Mo-Su 08:00-20:00"),
        ("Lu, Me et Ve 9:00-12:00", "Mo,We,Fr 09:00-12:00"),
    ],
)
def test_french_hours_are_put_in_the_format(french: str, written: str) -> None:
    assert in_format(french) == written
    with pytest.raises(HorairesInvalides, match=re.escape(f"Vouliez-vous dire « {written} » ?")):
        check(french)


def test_small_liberties_are_taken_and_tidied() -> None:
    assert canonical(" mo-fr 9:00-12:00 ;  sa 10:00-12:00") == "Mo-Fr 09:00-12:00; Sa 10:00-12:00"


@given(st.one_of(st.text(max_size=60), st.text(alphabet='MoTuFrPSHJan0129:-,;|+[]"/ offweek', max_size=40)))
def test_anything_else_raises_nothing_but_what_is_documented(text: str) -> None:
    try:
        check(text)
    except HorairesInvalides as error:
        assert re.search(r"(Exemple : «|Vouliez-vous dire «) ", str(error))  # noqa: PT017
    else:
        assert in_words(text)
        assert status(text, NEXT_WEEK).phrase
        assert in_words(canonical(text))


# --- in plain French ---


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (
            'Mo,Tu,Th 09:00-12:00,14:00-17:00; We "sur rendez-vous"; PH off',
            "lundi, mardi et jeudi : 9 h – 12 h et 14 h – 17 h ; mercredi : sur rendez-vous ; fermé les jours fériés",
        ),
        ("Mo-Fr 08:30-12:30", "du lundi au vendredi : 8 h 30 – 12 h 30"),
        ("Tu,Th 09:00-12:00; Sa 10:00-11:00", "mardi et jeudi : 9 h – 12 h ; samedi : 10 h – 11 h"),
        ("09:00-12:00", "tous les jours : 9 h – 12 h"),
        ("24/7", "tous les jours, 24 h sur 24"),
        ("24/7; PH off", "tous les jours, 24 h sur 24 ; fermé les jours fériés"),
        ("Mo-Fr", "du lundi au vendredi : toute la journée"),
        ("Mo 10:00-24:00; Su 00:00-06:00", "lundi : 10 h – minuit ; dimanche : 0 h – 6 h"),
        ("Fr,Sa 22:00-02:00", "vendredi et samedi : 22 h – 2 h le lendemain"),
        ("Su 22:00-26:00", "dimanche : 22 h – 2 h le lendemain"),
        ("Mo-Fr 12:00-12:00", "lundi : 12 h – minuit ; du mardi au vendredi : toute la journée ; samedi : 0 h – 12 h"),
        ("off", "aucun jour d'ouverture indiqué"),
        ("PH off", "aucun jour d'ouverture indiqué ; fermé les jours fériés"),
        ('"sur rendez-vous"', "sur rendez-vous"),
        ("Mo-Fr unknown", "du lundi au vendredi : à vérifier"),
        ('Mo-We 09:00-12:00 "sur RDV"', "du lundi au mercredi : 9 h – 12 h (sur RDV)"),
        (
            'Mo 09:00-17:00, Mo 12:00-14:00 off "pause"; Sa off "sauf RDV"',
            "lundi : 9 h – 12 h, fermé 12 h – 14 h (pause) et 14 h – 17 h ; samedi : fermé (sauf RDV)",
        ),
        ("Mo-Fr 09:00-12:00; PH 10:00-11:00", "du lundi au vendredi : 9 h – 12 h ; jours fériés : 10 h – 11 h"),
        (
            "PH 10:00-12:00; Mo-Fr 09:00-12:00",
            "du lundi au vendredi : 9 h – 12 h ; "
            "jours fériés : voir l'horaire écrit « PH 10:00-12:00; Mo-Fr 09:00-12:00 »",
        ),
        (
            "Mo-Fr 09:00-12:00; Aug off; PH off",
            "du lundi au vendredi : 9 h – 12 h ; fermé les jours fériés ; avec des exceptions (variable selon la "
            "date) : voir l'horaire écrit « Mo-Fr 09:00-12:00; Aug closed; PH closed »",
        ),
        (
            "Jan-Jun Mo 09:00-12:00; Jul-Dec Mo 10:00-12:00",
            "variable selon la date : voir l'horaire écrit « Jan-Jun Mo 09:00-12:00; Jul-Dec Mo 10:00-12:00 »",
        ),
        (
            "week 1-53/2 Mo 09:00-12:00",
            "variable selon le numéro de la semaine : voir l'horaire écrit « week01-53/2 Mo 09:00-12:00 »",
        ),
        ("Mo[1] 09:00-12:00", "variable selon la date : voir l'horaire écrit « Mo[1] 09:00-12:00 »"),
        (
            "Mo-Fr 09:00-12:00; SH off",
            "du lundi au vendredi : 9 h – 12 h ; avec des exceptions (variable selon les vacances scolaires) : "
            "voir l'horaire écrit « Mo-Fr 09:00-12:00; SH closed »",
        ),
        (
            "Mo-Sa 09:00-12:00, Aug Mo off",
            "variable selon la date : voir l'horaire écrit « Mo-Sa 09:00-12:00, Aug Mo closed »",
        ),
        ("sunrise-sunset", "variable selon le soleil : voir l'horaire écrit « sunrise-sunset »"),
        ("Mo-Fr 08:30+", "heure de fin non précisée : voir l'horaire écrit « Mo-Fr 08:30+ »"),
        (
            'Mo-Fr 09:00-12:00 || "sur RDV"',
            'horaire trop particulier pour être résumé : voir l\'horaire écrit « Mo-Fr 09:00-12:00 || 24/7 "sur RDV" »',
        ),
        (
            'Mo 09:00-12:00 "Jan ; week 1-3, SH || PH"',
            "lundi : 9 h – 12 h (Jan ; week 1-3, SH || PH)",
        ),
    ],
)
def test_in_words(written: str, words: str) -> None:
    assert in_words(written) == words


# --- what is said is what the library computes ---

WEEK_MINUTES = 7 * 24 * 60
_CLOCK = r"(\d+) h(?: (\d\d))?|minuit"
_SPAN = re.compile(rf"(fermé )?({_CLOCK}) – ({_CLOCK})( le lendemain)?(?: \((.*)\))?")

_notes = st.sampled_from(["", ' "sur RDV"', ' "femmes"'])
_days = st.lists(st.sampled_from(["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "Tu-Th", "Sa-Mo"]), max_size=3).map(
    ",".join
)
_clock = st.integers(0, 24 * 60).map(lambda minutes: f"{minutes // 60:02}:{minutes % 60:02}")
_span = st.tuples(_clock, _clock).map("-".join)
_spans = st.lists(_span, max_size=2).map(",".join)
_state = st.sampled_from(["", " off", " unknown", " open"])
_rule = st.tuples(_days, _spans, _state, _notes).map(lambda parts: " ".join(" ".join(parts).split()))
_holiday = st.sampled_from(["", "; PH off", "; PH 10:00-12:00"])
expressions = (
    st.tuples(st.lists(_rule.filter(bool), min_size=1, max_size=4), _holiday)
    .map(lambda parts: "; ".join(parts[0]) + parts[1])
    .filter(lambda text: not _refused(text))
)


def _refused(text: str) -> bool:
    try:
        check(text)
    except HorairesInvalides:
        return True
    return False


def _computed(expression: str) -> list[str]:
    """The state of each minute of the week, by the library alone."""
    week: list[str] = []
    end = NEXT_WEEK + timedelta(days=7)
    for start, stop, state, note in OpeningHours(expression, country="FR").intervals(NEXT_WEEK, end):
        doubt = state == State.UNKNOWN or (note and state == State.OPEN)
        words = f"à vérifier {note}".strip() if doubt else f"{state} {note}".strip()
        week += [words] * int((stop - start) / timedelta(minutes=1))
    return week


def _said(sentence: str) -> list[str]:
    """The state of each minute of the week, as somebody understands the sentence."""
    week = ["closed"] * WEEK_MINUTES
    for part in sentence.split(" ; "):
        days, separator, words = part.rpartition(" : ")
        if part == "tous les jours, 24 h sur 24":
            return ["open"] * WEEK_MINUTES
        if part in ("aucun jour d'ouverture indiqué", "fermé les jours fériés") or days == "jours fériés":
            continue
        for day in _days_said(days) if separator else range(7):
            for piece in re.split(r", | et (?=\d|fermé)", words):
                start, stop, state = _piece(piece)
                for minute in range(start, stop):
                    week[(day * 24 * 60 + minute) % WEEK_MINUTES] = state
    return week


def _days_said(words: str) -> list[int]:
    run = re.fullmatch(r"du (\w+) au (\w+)", words)
    if run:
        return list(range(DAYS.index(run[1]), DAYS.index(run[2]) + 1))
    return list(range(7)) if words == "tous les jours" else [DAYS.index(day) for day in re.split(", | et ", words)]


def _piece(words: str) -> tuple[int, int, str]:
    found = _SPAN.fullmatch(words)
    if not found:
        closed = re.fullmatch(r"fermé \((.*)\)", words)
        if closed:
            return 0, 24 * 60, f"closed {closed[1]}"
        return (
            0,
            24 * 60,
            "open" if words == "toute la journée" else f"à vérifier {words}".replace(" à vérifier", "", 1),
        )
    closed_span, start, *_, note = found.groups()
    stop = found[5]
    begin, end = _minutes(start), _minutes(stop)
    end += 24 * 60 if found[8] else 0
    if closed_span:
        return begin, end, f"closed {note}"
    return begin, end, f"à vérifier {note}".replace(" à vérifier", "", 1) if note else "open"


def _minutes(clock: str) -> int:
    found = re.fullmatch(_CLOCK, clock)
    assert found
    return 24 * 60 if clock == "minuit" else int(found[1]) * 60 + int(found[2] or 0)


@given(expressions)
def test_the_sentence_and_the_library_agree_on_a_week(expression: str) -> None:
    assert _said(in_words(expression)) == _computed(expression)


@given(expressions, st.integers(0, WEEK_MINUTES - 1))
def test_the_state_and_the_library_agree_at_any_moment(expression: str, minute: int) -> None:
    words = _computed(expression)[minute]
    expected = None if words.startswith("à vérifier") else words == "open"
    assert status(expression, NEXT_WEEK + timedelta(minutes=minute)).ouvert is expected


@pytest.mark.parametrize("expression", ["Mo-Fr 09:00-12:00; Aug off", "Mo-Sa 09:00-12:00; Dec 24 10:00-11:00; SH off"])
def test_outside_the_exceptions_the_sentence_is_right(expression: str) -> None:
    usual, _, _ = in_words(expression).partition(" ; avec des exceptions")
    assert _said(usual) == _computed(expression)


# --- at a moment ---

USUAL = "Mo-Fr 09:00-12:00,14:00-17:00; PH off"


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute)


@pytest.mark.parametrize(
    ("written", "moment", "is_open", "sentence"),
    [
        (USUAL, at(25, 10), True, "Ouvert, ferme à 12 h"),
        (USUAL, at(25, 9), True, "Ouvert, ferme à 12 h"),
        (USUAL, at(25, 12), False, "Fermé, ouvre à 14 h"),
        (USUAL, at(25, 16, 59), True, "Ouvert, ferme à 17 h"),
        (USUAL, at(25, 17), False, "Fermé, ouvre demain à 9 h"),
        (USUAL, at(27, 18), False, "Fermé, ouvre lundi 30 novembre à 9 h"),
        (USUAL, at(24, 18, month=12), False, "Fermé, ouvre lundi 28 décembre à 9 h"),
        (USUAL, at(31, 18, month=12), False, "Fermé, ouvre lundi 4 janvier 2027 à 9 h"),
        (USUAL, at(30, 18, month=10), False, "Fermé, ouvre lundi 2 novembre à 9 h"),
        ("Mo-Fr 08:30-12:15", at(30, 12, 15), False, "Fermé, ouvre demain à 8 h 30"),
        ("Tu 09:00-12:00", at(25, 10), False, "Fermé, ouvre mardi 1er décembre à 9 h"),
        ("24/7", at(25, 10), True, "Ouvert en permanence"),
        ("24/7", at(25, 10, month=12), True, "Ouvert en permanence"),
        ("24/7; PH off", at(24, 10, month=12), True, "Ouvert, ferme à minuit"),
        ("24/7; PH off", at(25, 10, month=12), False, "Fermé, ouvre demain à 0 h"),
        ("Fr 22:00-02:00", at(27, 23), True, "Ouvert, ferme demain à 2 h"),
        ("Fr 22:00-02:00", at(28, 1), True, "Ouvert, ferme à 2 h"),
        ("Fr 22:00-24:00", at(27, 23), True, "Ouvert, ferme à minuit"),
        ("Mo-Fr", at(25, 10), True, "Ouvert, ferme vendredi 27 novembre à minuit"),
        ("off", at(25, 10), False, "Fermé, aucune ouverture indiquée dans les douze mois"),
        ("2020 Mo 09:00-12:00", at(30, 10), False, "Fermé, aucune ouverture indiquée dans les douze mois"),
        ("Mo-Fr 09:00-12:00; Nov off", at(25, 10), False, "Fermé, ouvre mardi 1er décembre à 9 h"),
        ('Mo-Fr 09:00-12:00; Nov off "travaux"', at(25, 10), False, "Fermé (travaux), ouvre mardi 1er décembre à 9 h"),
        ("week 1-53/2 Mo 09:00-12:00", at(25, 10), False, "Fermé, ouvre lundi 30 novembre à 9 h"),
        ('We "sur RDV"', at(25, 10), None, "Ouverture à vérifier : sur RDV"),
        ('We "sur RDV"', at(24, 10), False, "Fermé, demain : sur RDV"),
        ('We 09:00-12:00 "sur RDV"', at(25, 8), False, "Fermé, à 9 h : sur RDV"),
        ('Mo-Fr 09:00-12:00, Mo-Fr 12:00-17:00 "sur RDV"', at(25, 10), True, "Ouvert, puis à 12 h : sur RDV"),
        ("Mo-Fr unknown", at(25, 10), None, "Ouverture à vérifier"),
        ("Mo-Fr unknown", at(22, 10), False, "Fermé, demain : à vérifier"),
        ("Mo-Fr 09:00-12:00; SH off", at(25, 10), None, "Ouverture à vérifier"),
        ("sunrise-sunset", at(25, 10), None, "Ouverture à vérifier"),
        ("Mo-Fr 08:30+", at(25, 10), None, "Ouverture à vérifier"),
        ("Mo-Fr 09:00-12:00", at(11, 10), None, "Jour férié : ouverture à vérifier"),
        ("Mo-Fr 09:00-12:00", at(11, 13), False, "Fermé, ouvre demain à 9 h"),
        ("Mo-Fr 09:00-12:00", at(10, 13), False, "Fermé, ouvre demain à 9 h (jour férié, à vérifier)"),
        ("Mo-Fr 09:00-12:00; PH 10:00-11:00", at(10, 13), False, "Fermé, ouvre demain à 10 h"),
    ],
)
def test_at_a_moment(written: str, moment: datetime, is_open: bool | None, sentence: str) -> None:
    found = status(written, moment)
    assert (found.ouvert, found.phrase) == (is_open, sentence)


def test_a_moment_elsewhere_is_that_of_paris() -> None:
    """8 h in London in winter is 9 h in Paris; in summer, UTC is two hours late."""
    assert status(USUAL, datetime(2026, 11, 25, 8, tzinfo=UTC)).ouvert is True
    assert status(USUAL, datetime(2026, 7, 1, 7, tzinfo=UTC)).ouvert is True
    assert status(USUAL, datetime(2026, 7, 1, 6, 59, tzinfo=UTC)).phrase == "Fermé, ouvre à 9 h"


def test_the_night_when_the_hour_changes() -> None:
    """On 29 March 2026, 2 h does not exist."""
    assert status("Su 02:00-04:00", datetime(2026, 3, 29, 1)).phrase == "Fermé, ouvre à 3 h"
    assert status("Su 02:30-02:45", datetime(2026, 3, 28, 12)).phrase == "Fermé, ouvre dimanche 5 avril à 2 h 30"


def test_french_public_holidays() -> None:
    found = [
        f"{day:%d/%m}"
        for day in (datetime(2026, 1, 1).date() + timedelta(days=count) for count in range(365))
        if is_holiday(day)
    ]
    assert found == [
        *("01/01", "06/04", "01/05", "08/05", "14/05", "25/05", "14/07", "15/08", "01/11", "11/11", "25/12")
    ]
