"""Accounts and open sessions in the store: what is refused, what is lost at once, and what nobody learns."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

import cli
from store import accounts, limits, logins, passwords
from store.accounts import Compte, CompteRefuse, Incorrect
from store.database import Store
from store.limits import Limite, TropSouvent
from store.rights import MACHINE, Acteur, Interdit
from store.settings import ENV_SECRET, shared_secret
from store.tables import Connexion, Table
from tests.sessions import PASSWORD, account, quick_passwords
from tests.test_cli import spro

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ADMINISTRATION = Acteur("chef", "Chef", "administration")
BIJ = Compte("bij", "Le bureau", "partenaire", "bij-dreux", "bij@exemple.fr")
GIVEN = "une phrase donnée par quelqu'un"


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """What takes its time on purpose takes none here."""
    with quick_passwords():
        yield


def _address(store: Store) -> str:
    return store.url.render_as_string(hide_password=False)


def _everything(store: Store) -> str:
    """All that the database holds about people."""
    tables = (table for table in Table.metadata.sorted_tables if table.name not in ("revision", "decision"))
    with store.reading() as session:
        return "\n".join(str(tuple(row)) for table in tables for row in session.execute(select(table)))


# --- opening, changing, closing ---


def test_an_account_opens_with_a_password_that_must_be_changed(store: Store) -> None:
    opened = accounts.create(store, MACHINE, replace(BIJ, nom="  Le \n bureau ", courriel="BIJ@Exemple.fr"), GIVEN)
    assert opened == replace(BIJ, a_mot_de_passe=True, a_changer=True)
    assert accounts.authenticate(store, "bij", GIVEN, NOW).a_changer
    assert accounts.authenticate(store, " BIJ@exemple.FR ", GIVEN, NOW).identifiant == "bij"
    assert accounts.everyone(store) == [opened]


def test_everything_that_is_wrong_with_an_account_is_said_at_once_and_nothing_is_done(store: Store) -> None:
    wanted = Compte("Élan vital", " ", "partenaire", "bij-dreu", "bij@")
    with pytest.raises(CompteRefuse) as refused:
        accounts.create(store, MACHINE, wanted, "court")
    problems = "\n".join(refused.value.problems)
    for words in (
        "identifiant est fait de",
        "Il faut un nom",
        "Vouliez-vous dire « bij-dreux »",
        "électronique",
        "12 ",
    ):
        assert words in problems
    assert accounts.everyone(store) == []


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (replace(BIJ, structure=None), "agit pour une structure"),
        (replace(BIJ, role="coordination"), "Seul un compte « partenaire »"),
        (replace(BIJ, identifiant=MACHINE.identifiant), "identifiant est fait de"),
        (replace(BIJ, identifiant="a@b.fr"), "identifiant est fait de"),
        (replace(BIJ, nom="Le\u202ebureau\x00"), "Il faut un nom"),
        (replace(BIJ, identifiant="autre", courriel="pris@exemple.fr"), "« pris » a déjà cette adresse"),
        (Compte("pris", "Pris", "agent"), "« pris » existe déjà"),
    ],
)
def test_an_account_that_cannot_be(store: Store, wanted: Compte, words: str) -> None:
    accounts.create(store, MACHINE, Compte("pris", "Pris", "agent", courriel="pris@exemple.fr"))
    with pytest.raises(CompteRefuse, match=words):
        accounts.create(store, MACHINE, wanted, GIVEN)


def test_without_a_password_an_account_needs_an_email(store: Store) -> None:
    with pytest.raises(CompteRefuse, match="fournisseur d'identité"):
        accounts.create(store, MACHINE, Compte("alex", "Alex", "agent"))
    accounts.create(store, MACHINE, Compte("alex", "Alex", "agent", courriel="alex@exemple.fr"))
    with pytest.raises(CompteRefuse, match="seul accès"):
        accounts.change(store, MACHINE, Compte("alex", "Alex", "agent"))
    with pytest.raises(Incorrect):
        accounts.authenticate(store, "alex", "", NOW)


@pytest.mark.parametrize("role", ["agent", "partenaire", "coordination"])
def test_only_the_administration_manages_accounts(store: Store, role: str) -> None:
    account(store, "agent", identifiant="victime")
    somebody = replace(ADMINISTRATION, role=role)  # type: ignore[arg-type]
    with pytest.raises(Interdit):
        accounts.create(store, somebody, BIJ, GIVEN)
    with pytest.raises(Interdit):
        accounts.change(store, somebody, Compte("victime", "Victime", "administration"))
    with pytest.raises(Interdit):
        accounts.close(store, somebody, "victime")
    with pytest.raises(Interdit):
        accounts.reopen(store, somebody, "victime")
    with pytest.raises(Interdit):
        accounts.give_password(store, somebody, "victime", GIVEN)
    assert [(found.role, found.ferme_le) for found in accounts.everyone(store)] == [("agent", None)]


def test_an_administrator_cannot_shut_the_door_behind_them(store: Store) -> None:
    own = account(store, "administration", identifiant="chef")
    with pytest.raises(CompteRefuse, match="propre rôle"):
        accounts.change(store, own.acteur, replace(own, role="agent"))
    with pytest.raises(CompteRefuse, match="propre compte"):
        accounts.close(store, own.acteur, "chef")


def test_an_unknown_account_is_said_with_the_closest_name(store: Store) -> None:
    account(store, "agent", identifiant="camille")
    with pytest.raises(CompteRefuse, match="Vouliez-vous dire « camille »"):
        accounts.close(store, MACHINE, "camile")


# --- passwords ---


@pytest.mark.parametrize(
    "password",
    [
        *("court", "x" * 201, "aaaaaaaaaaaaaaaa", "Motdepasse2026!", "123456789012", "AZERTYUIOP12", "abcabcabcabc"),
        *("le mot Bij-Dreux suffit", "bureau d'information", "Camille aime Dreux", "camille.durand1"),
    ],
)
def test_a_password_that_is_refused(password: str) -> None:
    about = ["camille.durand", "Camille", "Durand", "bij-dreux", "bureau d’information"]
    assert passwords.problems(password, about)


def test_a_phrase_is_a_password_whatever_its_alphabet() -> None:
    for password in ("quatre éléphants bleus", "пароль на русском", passwords.generate()):
        assert passwords.problems(password, ["camille"]) == []


def test_the_same_characters_typed_on_another_keyboard_are_the_same_password() -> None:
    kept = passwords.fingerprint("éléphants pressés")
    assert passwords.matches(kept, "e\u0301le\u0301phants presse\u0301s")
    assert not passwords.matches(kept, "elephants presses")


def test_no_password_is_kept_and_a_weak_fingerprint_is_made_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(store, "agent", identifiant="camille")
    before = _everything(store)
    assert "$argon2id$" in before
    assert PASSWORD not in before
    monkeypatch.setattr(passwords, "is_outdated", lambda _kept: True)
    accounts.authenticate(store, "camille", PASSWORD, NOW)
    assert _everything(store) != before


def test_a_password_is_compared_even_when_there_is_no_account(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    hasher = passwords._HASHER

    class Watched:
        def verify(self, kept: str, password: str) -> bool:
            compared.append(kept)
            return hasher.verify(kept, password)

    monkeypatch.setattr(passwords, "_HASHER", Watched())
    account_of_provider = Compte("alex", "Alex", "agent", courriel="alex@exemple.fr")
    accounts.create(store, MACHINE, account_of_provider)
    monkeypatch.setattr(passwords, "_nobody", lambda: hasher.hash("personne"))
    for name in ("inconnu", "alex"):
        with pytest.raises(Incorrect):
            accounts.authenticate(store, name, "personne", NOW)
    assert len(compared) == 2


def test_changing_a_password_asks_for_the_old_one_and_ends_every_session(store: Store) -> None:
    own = account(store, "agent", identifiant="camille")
    token = logins.start(store, own, NOW)
    with pytest.raises(Incorrect):
        accounts.change_own_password(store, own, "pas le bon du tout", "une autre phrase sûre", NOW)
    with pytest.raises(CompteRefuse, match="différent de l'ancien"):
        accounts.change_own_password(store, own, PASSWORD, PASSWORD, NOW)
    with pytest.raises(CompteRefuse, match="12 caractères"):
        accounts.change_own_password(store, own, PASSWORD, "court", NOW)
    assert logins.find(store, token, NOW)
    accounts.change_own_password(store, own, PASSWORD, "une autre phrase sûre", NOW)
    assert logins.find(store, token, NOW) is None
    assert not accounts.authenticate(store, "camille", "une autre phrase sûre", NOW).a_changer


# --- too many tries ---


def _wait(store: Store, name: str, now: datetime) -> timedelta | None:
    """How long one must wait after a wrong password; None when it was looked at."""
    try:
        accounts.authenticate(store, name, "pas le bon", now)
    except TropSouvent as error:
        return error.quand - now
    except Incorrect:
        return None
    raise AssertionError("a wrong password opened an account")


@pytest.mark.parametrize("name", ["camille", "personne-de-ce-nom"])
def test_wrong_passwords_make_one_wait_longer_and_longer_whoever_it_is(
    store: Store, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(store, "agent", identifiant="camille")
    monkeypatch.setattr(passwords, "matches", lambda kept, password: kept is not None and password == PASSWORD)
    now, waits = NOW, []
    for _ in range(60):
        wait = _wait(store, name, now)
        if wait:
            waits.append(wait)
            now += wait
    assert waits[0] == timedelta(minutes=5)
    assert max(waits) > timedelta(hours=20)
    assert 60 - len(waits) <= 2 * accounts.PAR_COMPTE[-1].nombre


def test_while_an_account_waits_the_right_password_waits_too(store: Store) -> None:
    account(store, "agent", identifiant="camille")
    for _ in range(accounts.PAR_COMPTE[0].nombre):
        assert _wait(store, "camille@exemple.fr" if _ % 2 else "camille", NOW) is None
    with pytest.raises(TropSouvent):
        accounts.authenticate(store, "camille", PASSWORD, NOW)
    later = NOW + accounts.PAR_COMPTE[0].pendant
    assert accounts.authenticate(store, "camille", PASSWORD, later).identifiant == "camille"
    assert _wait(store, "camille", later) is None  # a success forgets the failures


def test_tries_at_the_same_time_do_not_slip_past_the_limit(store: Store) -> None:
    with ThreadPoolExecutor(12) as pool:
        waits = list(pool.map(lambda _: _wait(store, "camille", NOW), range(24)))
    assert waits.count(None) == accounts.PAR_COMPTE[0].nombre


def test_a_new_password_ends_the_wait(store: Store) -> None:
    account(store, "agent", identifiant="camille")
    while _wait(store, "camille", NOW) is None:
        pass
    accounts.give_password(store, MACHINE, "camille", GIVEN)
    assert accounts.authenticate(store, "camille", GIVEN, NOW).a_changer


def test_one_place_cannot_try_every_account(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "PAR_SOURCE", Limite(3, timedelta(minutes=10), "Trop d'essais depuis cet endroit."))
    for name in ("un", "deux", "trois"):
        with pytest.raises(Incorrect):
            accounts.authenticate(store, name, "x", NOW, "192.0.2.1")
    with pytest.raises(TropSouvent, match="cet endroit"):
        accounts.authenticate(store, "quatre", "x", NOW, "192.0.2.1")
    with pytest.raises(Incorrect):
        accounts.authenticate(store, "quatre", "x", NOW, "192.0.2.2")
    assert "192.0.2" not in _everything(store)


# --- open sessions ---


def test_a_session_is_known_by_a_token_that_the_store_does_not_keep(store: Store) -> None:
    own = account(store, "partenaire", "bij-dreux")
    token = logins.start(store, own, NOW, "jeton du fournisseur")
    opened = logins.find(store, token, NOW)
    assert opened is not None
    assert (opened.compte.acteur, opened.jeton_oidc) == (own.acteur, "jeton du fournisseur")
    assert token not in _everything(store)
    with store.reading() as session:
        kept = session.scalars(select(Connexion.jeton)).one()
    for forged in (kept, token[:-1], "", "é" * 50, "'; DROP TABLE compte; --"):
        assert logins.find(store, forged, NOW) is None


def test_a_session_ends_after_ten_hours_and_is_then_erased(store: Store) -> None:
    own = account(store, "agent")
    token = logins.start(store, own, NOW)
    assert logins.find(store, token, NOW + timedelta(hours=9, minutes=59))
    assert logins.find(store, token, NOW + timedelta(hours=10)) is None
    logins.start(store, own, NOW + timedelta(hours=10))
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Connexion)) == 1


def test_closing_an_account_ends_its_sessions_for_good(store: Store) -> None:
    own = account(store, "agent", identifiant="camille")
    other = account(store, "agent", identifiant="alex")
    token, kept = logins.start(store, own, NOW), logins.start(store, other, NOW)
    accounts.close(store, MACHINE, "camille")
    assert logins.find(store, token, NOW) is None
    assert logins.find(store, kept, NOW)
    with pytest.raises(CompteRefuse, match="fermé"):
        logins.start(store, own, NOW)
    with pytest.raises(CompteRefuse, match="fermé"):
        accounts.authenticate(store, "camille", PASSWORD, NOW)
    with pytest.raises(Incorrect):
        accounts.authenticate(store, "camille", "pas le bon", NOW)
    accounts.reopen(store, MACHINE, "camille")
    assert logins.find(store, token, NOW) is None
    assert accounts.authenticate(store, "camille", PASSWORD, NOW).ferme_le is None


def test_an_open_session_follows_the_role_at_once(store: Store) -> None:
    own = account(store, "partenaire", "bij-dreux", identifiant="camille")
    token = logins.start(store, own, NOW)
    accounts.change(store, MACHINE, replace(own, role="coordination", structure=None))
    opened = logins.find(store, token, NOW)
    assert opened is not None
    assert opened.compte.acteur == Acteur("camille", own.nom, "coordination")


def test_a_password_given_by_somebody_else_opens_nothing_until_it_is_changed(store: Store) -> None:
    given = accounts.create(store, MACHINE, BIJ, GIVEN)
    by_password = logins.find(store, logins.start(store, given, NOW), NOW)
    by_provider = logins.find(store, logins.start(store, given, NOW, "jeton"), NOW)
    assert by_password is not None
    assert by_password.doit_changer
    assert by_provider is not None
    assert not by_provider.doit_changer


def test_the_secret_is_made_once_or_given(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENV_SECRET, raising=False)
    made = shared_secret(store)
    again = Store(_address(store))
    assert shared_secret(again) == made
    again.close()
    monkeypatch.setenv(ENV_SECRET, "s" * 40)
    assert shared_secret(store) == b"s" * 40


def test_limits_forget_only_what_they_are_told(store: Store) -> None:
    once = {"un": Limite(1, timedelta(hours=1), "Trop."), "deux": Limite(1, timedelta(hours=1), "Trop.")}
    with store.writing() as session:
        limits.spend(session, once, NOW)
        limits.forget(session, ["un"])
        limits.spend(session, {"un": once["un"]}, NOW)
        with pytest.raises(TropSouvent):
            limits.spend(session, {"deux": once["deux"]}, NOW)


# --- from the command line ---


class Keyboard(io.StringIO):
    """A standard input that is a terminal."""

    def isatty(self) -> bool:
        """So that the password is asked."""
        return True


class Terminal:
    """`spro compte` in this process, on the database of a test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *arguments: str, typed: str | None = "") -> tuple[int, str, str]:
        """The exit code, and what was said on both outputs; `typed` comes from a file, None from a keyboard."""
        self._monkeypatch.setattr("sys.argv", ["spro", "compte", *arguments])
        self._monkeypatch.setattr("sys.stdin", Keyboard() if typed is None else io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = self._capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err


@pytest.fixture
def compte(store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """The command, that finds the database of `store` by its setting."""
    monkeypatch.setenv("SPRO_DATABASE_URL", _address(store))
    return Terminal(monkeypatch, capsys)


def test_an_account_from_the_command_line(store: Store, compte: Terminal) -> None:
    who = ["creer", "bij", "--nom", "Le BIJ", "--role", "partenaire", "--structure", "bij-dreux"]
    assert compte(*who, typed=f"{GIVEN}\n") == (0, "Compte ouvert : bij.\n", "")
    assert accounts.authenticate(store, "bij", GIVEN, NOW).structure == "bij-dreux"
    assert compte("lister")[1] == "bij : Le BIJ · partenaire · bij-dreux · mot de passe à changer\n"
    assert compte("modifier", "bij", "--role", "agent", "--courriel", "bij@exemple.fr")[0] == 0
    found = accounts.find(store, "bij")
    assert found is not None
    assert (found.role, found.structure, found.courriel) == ("agent", None, "bij@exemple.fr")
    assert compte("fermer", "bij")[0] == 0
    assert "fermé le" in compte("lister")[1]
    assert compte("rouvrir", "bij")[0] == 0
    made = compte("mot-de-passe", "bij", "--generer")[1].splitlines()[0].rpartition(" ")[2]
    assert accounts.authenticate(store, "bij", made, NOW).a_changer


def test_what_the_command_line_refuses(store: Store, compte: Terminal) -> None:
    code, out, err = compte("creer", "camille", "--nom", "Camille", "--role", "agent", typed="camille\n")
    assert (code, out) == (2, "")
    assert "12 caractères" in err
    assert "connaît de vous" in err
    assert compte("fermer", "personne")[0] == 2
    code, _, err = compte("creer", "x", "--nom", "X", "--role", "chef", "--generer")
    assert code == 2
    assert "administration" in err
    assert compte("creer", "x", "--nom", "X", "--role", "agent", "--mot-de-passe", "x")[0] == 2
    assert accounts.everyone(store) == []


def test_on_a_terminal_the_password_is_typed_twice_unseen(
    store: Store, compte: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [GIVEN, "autre", GIVEN, GIVEN]
    monkeypatch.setattr("getpass.getpass", lambda _prompt: answers.pop(0))
    who = ["creer", "camille", "--nom", "C. D.", "--role", "agent"]
    code, _, err = compte(*who, typed=None)
    assert (code, err) == (2, "spro compte creer : Les deux mots de passe sont différents.\n")
    assert compte(*who, typed=None)[0] == 0
    assert accounts.authenticate(store, "camille", GIVEN, NOW).a_changer


def test_without_a_database_the_command_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fichier").write_text("")
    monkeypatch.setenv("SPRO_DATABASE_URL", f"sqlite:///{tmp_path}/fichier/spro.sqlite3")
    done = spro("compte", "lister")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("spro compte lister : ")
