"""The conditions of the rules in negation normal form, from which both peers are translated.

A comparison is true only of a known fact, so a condition that is unknown is not true, as in the engine: negation goes
down to the comparisons, and each of them then asks that its facts be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.conditions import NEGATED, Aucun, Condition, Critere, Faits, Operateur, Test, Tous, UnDe, Valeur


@dataclass(frozen=True, slots=True)
class Literal:
    """A comparison with a constant, or with another fact when `other` is given; booleans are only tested for `==`."""

    key: str
    op: Operateur
    value: Valeur | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """All of the parts (`and`), or at least one (`or`)."""

    word: str
    parts: tuple[Form, ...]


Form = Literal | Group


def normal_form(condition: Condition, *, positive: bool = True) -> Form:
    """The condition, or its negation, with negations pushed down into the comparisons."""
    match condition:
        case Critere(sens=sens):
            return normal_form(sens, positive=positive)
        case Test():
            return _literal(condition, positive)
        case Tous(parties):
            return _group("and" if positive else "or", parties, positive)
        case UnDe(parties):
            return _group("or" if positive else "and", parties, positive)
        case Aucun(parties):
            return _group("and" if positive else "or", parties, not positive)


def _literal(test: Test, positive: bool) -> Literal:
    op = test.op if positive else NEGATED[test.op]
    if isinstance(test.valeur, bool):
        return Literal(test.cle, "==", test.valeur == (op == "=="))
    return Literal(test.cle, op, test.valeur, test.autre)


def _group(word: str, parts: tuple[Condition, ...], positive: bool) -> Form:
    forms = tuple(normal_form(part, positive=positive) for part in parts)
    return forms[0] if len(forms) == 1 else Group(word, forms)


def literals(form: Form) -> Iterator[Literal]:
    """The comparisons of a form."""
    if isinstance(form, Literal):
        yield form
    else:
        for part in form.parts:
            yield from literals(part)


class Names:
    """Short names that any language accepts for the facts that some rule looks at."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self.by_key: dict[str, str] = {}
        self._tested_false: set[str] = set()
        for literal in (found for form in forms for found in literals(form)):
            for key in filter(None, (literal.key, literal.other)):
                self.by_key.setdefault(key, f"f{len(self.by_key)}")
            if literal.value is False:
                self._tested_false.add(literal.key)

    def seen(self, facts: Faits, *, offer: bool | None = None) -> dict[str, Valeur]:
        """The facts under their short names, without those that no rule can be true of.

        `offer` keeps only the facts of the offer, or only those of the visitor.
        """
        return {
            self.by_key[key]: value
            for key, value in facts.items()
            if key in self.by_key
            and (value is not False or key in self._tested_false)
            and (offer is None or offer == is_of_offer(key))
        }


def is_of_offer(key: str) -> bool:
    """Whether a fact is about an offer rather than the visitor."""
    return key.startswith("offre.")
