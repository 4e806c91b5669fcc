"""SIRET, telephone, web and e-mail addresses, places: what is right, what is wrong, and what is proposed instead."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import documents, territory
from engine.base import CATALOGUE
from engine.catalogue import sheet_files
from engine.problems import shown
from fiche.adresses import address_problems, kilometres
from fiche.coordonnees import (
    courriel_problem,
    hours_problem,
    sheet_problems,
    siret_problem,
    site_problem,
    telephone_in_words,
    telephone_problem,
)

# --- SIRET ---


@pytest.mark.parametrize("siret", ["13003013300016", "35600000000048", "35600000049837"])
def test_right_siret(siret: str) -> None:
    """The second is the head office of La Poste, the third one of its offices, which follow another rule."""
    assert siret_problem(siret) is None


@pytest.mark.parametrize(
    ("siret", "sentence"),
    [
        ("130 030 133 00016", "le SIRET s'écrit sans espace : « 13003013300016 »."),
        ("130030133", "« 130030133 » est un SIREN (9 chiffres) ; le SIRET de l'établissement en a 14."),
        ("1300301330001", "« 1300301330001 » n'est pas un SIRET : 14 chiffres attendus."),
        ("1300301330001x", "« 1300301330001x » n'est pas un SIRET : 14 chiffres attendus."),
        (
            "13003013300017",
            "« 13003013300017 » n'est pas un SIRET : la clé de contrôle est fausse, un chiffre est mal recopié.",
        ),
        (
            "35600000012345",
            "« 35600000012345 » n'est pas un SIRET : la clé de contrôle est fausse, un chiffre est mal recopié.",
        ),
    ],
)
def test_wrong_siret(siret: str, sentence: str) -> None:
    assert str(siret_problem(siret)) == sentence


@given(st.integers(0, 13), st.integers(1, 9))
def test_one_digit_badly_copied_is_seen(place: int, shift: int) -> None:
    right = "13003013300016"
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert siret_problem(wrong) is not None


# --- telephone ---


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+33261911234", "02 61 91 12 34"),
        ("02.61.91.12.34", "02 61 91 12 34"),
        ("0261911234", "02 61 91 12 34"),
        ("0033 2 61 91 12 34", "02 61 91 12 34"),
        ("+33 (0)2 61 91 12 34", "02 61 91 12 34"),
        ("3949", "3949"),
        ("39 49", "3949"),
        ("0 800 222 100", "0 800 222 100"),
        ("0800222100", "0 800 222 100"),
        ("0262 12 34 56", "0262 12 34 56"),
        ("+262 262 12 34 56", "0262 12 34 56"),
    ],
)
def test_right_telephone(number: str, shown: str) -> None:
    assert telephone_problem(number) is None
    assert telephone_in_words(number) == shown


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (
            "02 61 91 12",
            "« 02 61 91 12 » n'est pas un numéro de téléphone : 10 chiffres attendus, pas 8. "
            "Exemple : « 02 61 91 12 34 ».",
        ),
        ("00 00 00 00 00", "« 00 00 00 00 00 » n'est pas un numéro de téléphone. Exemple : « 02 61 91 12 34 »."),
        ("+32 2 123 45 67", "« +32 2 123 45 67 » n'est pas un numéro français. Exemple : « 02 61 91 12 34 »."),
        ("02 61 91 12 34 / 06 12 34 56 78", "« 02 61 91 12 34 / 06 12 34 56 78 » : un seul numéro est attendu."),
        (
            "0261911234 (accueil)",
            "« 0261911234 (accueil) » n'est pas un numéro de téléphone. Exemple : « 02 61 91 12 34 ».",
        ),
        (
            "9999",
            "« 9999 » n'est pas un numéro de téléphone : 10 chiffres attendus, pas 4. Exemple : « 02 61 91 12 34 ».",
        ),
        ("٠٢٦١٩١١٢٣٤", "« ٠٢٦١٩١١٢٣٤ » n'est pas un numéro de téléphone. Exemple : « 02 61 91 12 34 »."),
    ],
)
def test_wrong_telephone(number: str, sentence: str) -> None:
    assert str(telephone_problem(number)) == sentence
    assert telephone_in_words(number) == number


# --- web, e-mail, hours ---


@pytest.mark.parametrize(
    "site", ["https://exemple.fr", "http://exemple.fr/a?b#c", "https://éa.fr", "HTTPS://EXEMPLE.FR"]
)
def test_right_site(site: str) -> None:
    assert site_problem(site) is None


@pytest.mark.parametrize(
    ("site", "proposed"),
    [
        ("exemple.fr", "Vouliez-vous dire « https://exemple.fr » ?"),
        (" www.exemple.fr/a", "Vouliez-vous dire « https://www.exemple.fr/a » ?"),
        *(
            (site, "Exemple : « https://exemple.fr ».")
            for site in (
                "https://exemple",
                "https://ex emple.fr",
                "javascript:alert(1)",
                "ftp://exemple.fr",
                "https://moi@exemple.fr",
                "https://[",
                "https://exemple.fr:99999",
                "https://exemple.fr\n",
                "https://\ud800.fr",
            )
        ),
    ],
)
def test_wrong_site(site: str, proposed: str) -> None:
    assert str(site_problem(site)) == f"« {shown(site)} » n'est pas une adresse web complète. {proposed}"


@pytest.mark.parametrize("address", ["accueil@exemple.fr", "Accueil@Exemple.FR", "é.b+c@exemple.fr"])
def test_right_address(address: str) -> None:
    assert courriel_problem(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "accueil",
        "a@exemple",
        "a@exemple.fr, b@exemple.fr",
        "Accueil <a@exemple.fr>",
        "mailto:a@exemple.fr",
        "\ud800@b.fr",
    ],
)
def test_wrong_address(address: str) -> None:
    assert (
        str(courriel_problem(address))
        == f"« {shown(address)} » n'est pas une adresse électronique. Exemple : « accueil@exemple.fr »."
    )


def test_hours() -> None:
    assert hours_problem("Mo-Fr 09:00-12:00") is None
    assert "Vouliez-vous dire « Mo-Fr 09:00-12:00 » ?" in str(hours_problem("Mo-Fr 9h-12h"))


# --- places ---


def place(code_postal: str = "", code_insee: str = "", commune: str = "") -> list[tuple[str, str]]:
    return told({"code_postal": code_postal, "code_insee": code_insee, "commune": commune})


def told(data: dict[str, Any]) -> list[tuple[str, str]]:
    return [(key, str(problem)) for key, problem in address_problems(data)]


@pytest.mark.parametrize(
    "told",
    [
        ("28100", "28134", "Dreux"),
        ("28100", "28134", "DREUX"),
        ("28100", "28134", "Dreux Cedex"),
        ("28109", "28134", "Dreux Cedex 9"),
        ("45072", "", "Orléans Cedex 2"),
        ("20199", "2A004", "Ajaccio cedex 1"),
        ("97400", "", "Saint-Denis"),
        ("75012", "75112", "Paris 12e Arrondissement"),
        ("75012", "75056", "Paris"),
        ("75012", "75112", "Paris 12"),
        ("", "28218", "Lucé"),
        ("28260", "28096", "La Chaussée d'Ivry"),
        ("28100", "", ""),
        ("", "28134", ""),
        ("", "", "Saint-Denis"),
        ("", "", ""),
    ],
    ids=str,
)
def test_right_place(told: tuple[str, str, str]) -> None:
    assert place(*told) == []


@pytest.mark.parametrize(
    ("told", "problems"),
    [
        (
            ("28100", "28100", "Dreux"),
            {
                "code_insee": "28100 est le code INSEE de « Cintray », pas de « Dreux ». "
                "Vouliez-vous dire 28134 (Dreux) ?"
            },
        ),
        (
            ("28000", "28134", "Dreux"),
            {"code_postal": "28000 n'est pas un code postal de « Dreux ». Vouliez-vous dire 28100 (Dreux) ?"},
        ),
        (
            ("28500", "", "Dreux"),
            {"code_postal": "28500 n'est pas un code postal de « Dreux ». Vouliez-vous dire 28100 (Dreux) ?"},
        ),
        (
            ("28999", "28134", "Dreux"),
            {"code_postal": "le code postal « 28999 » n'existe pas. Vouliez-vous dire 28100 (Dreux) ?"},
        ),
        (
            ("28999", "", ""),
            {
                "code_postal": "le code postal « 28999 » n'existe pas. "
                "Pour un code CEDEX, écrivez « Cedex » après le nom de la commune."
            },
        ),
        (
            ("2810", "", "Dreux"),
            {
                "code_postal": "« 2810 » n'est pas un code postal : 5 chiffres attendus. "
                "Vouliez-vous dire 28100 (Dreux) ?"
            },
        ),
        (
            ("28100", "28999", "Dreux"),
            {"code_insee": "le code INSEE « 28999 » n'existe pas. Vouliez-vous dire 28134 (Dreux) ?"},
        ),
        (("28100", "", "Dreuxx"), {"commune": "commune « Dreuxx » inconnue. Vouliez-vous dire « Dreux » ?"}),
        (("", "", "Dreuxx"), {"commune": "commune « Dreuxx » inconnue."}),
        (
            ("28072", "", "Orléans Cedex 2"),
            {"code_postal": "28072 n'est pas un code CEDEX du département de « Orléans »."},
        ),
        (
            ("93200", "97411", "Saint-Denis"),
            {
                "code_postal": "93200 n'est pas un code postal de « Saint-Denis ». Vouliez-vous dire "
                "97400 (Saint-Denis) ou 97417 (Saint-Denis) ou 97490 (Saint-Denis) ?"
            },
        ),
        (
            ("99999", "99999", "Zzz"),
            {
                "code_postal": "le code postal « 99999 » n'existe pas. "
                "Pour un code CEDEX, écrivez « Cedex » après le nom de la commune.",
                "code_insee": "le code INSEE « 99999 » n'existe pas.",
                "commune": "commune « Zzz » inconnue.",
            },
        ),
    ],
    ids=str,
)
def test_wrong_place(told: tuple[str, str, str], problems: dict[str, str]) -> None:
    assert dict(place(*told)) == problems


@given(st.sampled_from([commune for zone in ("28", "2A", "974", "75") for commune in territory.communes_of(zone)]))
def test_every_real_commune_is_a_right_place(commune: territory.Commune) -> None:
    for postcode in commune.codes_postaux:
        assert place(postcode, commune.code, commune.nom) == []
        assert place(postcode, "", commune.nom) == []


DREUX = {"code_insee": "28134"}
NEAR, FAR = {"latitude": 48.73, "longitude": 1.37}, {"latitude": 43.3, "longitude": 5.4}
TOO_FAR = "cette position est à plus de 40 km de « Dreux »."


@pytest.mark.parametrize(
    "told",
    [DREUX | NEAR, {"commune": "Dreux"} | NEAR, FAR, {"code_insee": "28003"} | FAR],
    ids=["code", "name", "alone", "centre of the commune not known"],
)
def test_right_position(told: dict[str, Any]) -> None:
    assert list(address_problems(told)) == []


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (DREUX | FAR, ("latitude", TOO_FAR)),
        (
            DREUX | {"latitude": 1.37, "longitude": 48.73},
            ("latitude", f"{TOO_FAR} La latitude et la longitude semblent échangées."),
        ),
        (
            {"latitude": 48.73},
            ("longitude", "la latitude et la longitude vont ensemble : donnez les deux, ou aucune."),
        ),
        *(
            (nowhere, ("latitude", "une latitude va de -90 à 90, une longitude de -180 à 180."))
            for nowhere in ({"latitude": 480, "longitude": 1}, {"latitude": float("nan"), "longitude": 1.0})
        ),
    ],
    ids=str,
)
def test_wrong_position(data: dict[str, Any], problem: tuple[str, str]) -> None:
    assert told(data) == [problem]


def test_kilometres() -> None:
    """From the centre of Dreux to that of Chartres; the road signs say 35."""
    dreux, chartres = territory.point("28134"), territory.point("28085")
    assert dreux
    assert chartres
    assert kilometres(dreux, chartres) == pytest.approx(33, abs=2)
    assert kilometres(dreux, dreux) == 0


# --- sheets ---


def test_a_sheet_and_its_services() -> None:
    sheet = {
        "id": "essai",
        "siret": "13003013300017",
        "telephone": "3949",
        "site_web": "exemple.fr",
        "code_postal": "28100",
        "code_insee": "28100",
        "commune": "Dreux",
        "services": [
            {"telephone": "02 61 91 12 34", "horaires_accueil": "Mo-Fr 9h-12h"},
            "pas un service",
            {"courriel": "accueil", "lien_mobilisation": "exemple.fr", "code_postal": "28000", "commune": "Dreux"},
        ],
    }
    assert [path for path, _ in sheet_problems(sheet)] == [
        ("siret",),
        ("site_web",),
        ("code_insee",),
        ("services", 0, "horaires_accueil"),
        ("services", 2, "courriel"),
        ("services", 2, "lien_mobilisation"),
        ("services", 2, "code_postal"),
    ]


def test_shipped_sheets_are_right() -> None:
    problems = [
        f"{path.name}: {problem}"
        for path in sheet_files(CATALOGUE)
        for problem in sheet_problems(documents.read_file(path).donnees)
    ]
    assert problems == []


_KEYS = st.sampled_from(
    [
        "siret",
        "telephone",
        "courriel",
        "site_web",
        "horaires_accueil",
        "code_postal",
        "code_insee",
        "commune",
        "services",
    ]
)
_VALUES = st.recursive(
    st.one_of(
        st.none(), st.integers(), st.floats(), st.text(max_size=20), st.text(alphabet="0123 +.@-:/", max_size=16)
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(_KEYS, _VALUES))
def test_any_data_gives_sentences_and_never_breaks(data: dict[str, Any]) -> None:
    for path, problem in sheet_problems(data):
        sentence = str(problem)
        assert path[-1] in ("latitude", "longitude") or isinstance(path[-1], str)
        assert sentence.rstrip(" ?").endswith((".", "»", ")"))


def test_the_heavy_libraries_are_loaded_when_they_are_used() -> None:
    loaded = "import sys, fiche.coordonnees; print([m for m in ('phonenumbers', 'stdnum') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", loaded], text=True, cwd=CATALOGUE.parent).strip() == "[]"
