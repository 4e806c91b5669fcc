"""CLIPS (clipspy) deciding the same rules: one defrule for each condition, over a template for the visitor and one for
an offer. What a conjunction asks of one fact is a constraint of the pattern, which the network shares between rules;
the rest is a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import clips

from benchmarks.normal_form import Form, Group, Literal, Names, is_of_offer, literals, normal_form
from benchmarks.workload import OFFERS, VISITOR, Case, Fired
from engine.conditions import Condition, Valeur
from engine.vocabulary import Strate

_UNKNOWN = "inconnu"
_INDEX = "rang"
_OPS = {"==": "eq", "!=": "neq", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
Decided = tuple[Fired, tuple[frozenset[int], ...]]


class ClipsPeer:
    """The rules in one environment, built once; each evaluation resets it, asserts the facts and runs."""

    def __init__(self, conditions: Mapping[Strate, Sequence[Condition]]) -> None:
        forms = {name: [normal_form(condition) for condition in found] for name, found in conditions.items()}
        self.names = Names(form for found in forms.values() for form in found)
        self.numbers = [(name, number) for name in (*VISITOR, OFFERS) for number in range(len(forms[name]))]
        self.environment = clips.Environment()
        self._define_templates()
        for position, (name, number) in enumerate(self.numbers):
            self.environment.build(self._rule(position, forms[name][number], offer=name == OFFERS))
        self._fired = self.environment.find_global("conclues")

    def ask(self, case: Case) -> Callable[[], Any]:
        """One evaluation; values are converted beforehand, and `assert_fact` is six times faster than parsing text."""
        environment, fired = self.environment, self._fired
        about_visitor = environment.find_template("visiteur").assert_fact
        about_offer = environment.find_template("offre").assert_fact
        visitor = _slots(self.names.seen(case.visitor, offer=False))
        offers = [
            _slots({**self.names.seen(offer, offer=True), _INDEX: index}) for index, offer in enumerate(case.offers)
        ]

        def evaluate() -> Any:
            environment.reset()
            about_visitor(**visitor)
            for offer in offers:
                about_offer(**offer)
            environment.run()
            return fired.value

        return evaluate

    def decided(self, case: Case) -> Decided:
        """What is true for this peer."""
        values = list(self.ask(case)())
        visitor: Fired = set()
        offers: list[set[int]] = [set() for _ in case.offers]
        for position, index in zip(values[::2], values[1::2], strict=True):
            name, number = self.numbers[position]
            if name == OFFERS:
                offers[index].add(number)
            else:
                visitor.add((name, number))
        return visitor, tuple(map(frozenset, offers))

    def _define_templates(self) -> None:
        for template, of_offer in (("visiteur", False), ("offre", True)):
            names = [name for key, name in self.names.by_key.items() if is_of_offer(key) == of_offer]
            slots = " ".join(f"(slot {name} (default {_UNKNOWN}))" for name in (*names, _INDEX))
            self.environment.build(f"(deftemplate {template} {slots})")
        self.environment.build("(defglobal ?*conclues* = (create$))")

    def _rule(self, position: int, form: Form, *, offer: bool) -> str:
        parts = form.parts if isinstance(form, Group) and form.word == "and" else (form,)
        constraints: dict[str, list[str]] = {}
        tests: list[Form] = []
        for part in parts:
            values = _values_of_one_fact(part)
            if values and part is not None and _key(part) not in constraints:
                constraints[_key(part)] = values
            else:
                tests.append(part)
        compared = {key for test in tests for found in literals(test) for key in _keys(found)}
        patterns = [self._pattern("visiteur", constraints, compared, of_offer=False)]
        if offer:
            patterns.append(self._pattern("offre", constraints, compared, of_offer=True))
        conditions = " ".join(f"(test {self._expression(test)})" for test in tests)
        index = f"?{_INDEX}" if offer else "-1"
        action = f"(bind ?*conclues* (create$ ?*conclues* {position} {index}))"
        return f"(defrule regle{position} {' '.join(patterns)} {conditions} => {action})"

    def _pattern(
        self, template: str, constraints: Mapping[str, list[str]], compared: set[str], *, of_offer: bool
    ) -> str:
        slots = [f"({_INDEX} ?{_INDEX})"] if of_offer else []
        for key, name in self.names.by_key.items():
            if is_of_offer(key) == of_offer and (key in constraints or key in compared):
                bound = [f"?{name}"] if key in compared else []
                allowed = ["|".join(constraints[key])] if key in constraints else []
                slots.append(f"({name} {'&'.join(bound + allowed)})")
        return f"({template} {' '.join(slots)})"

    def _expression(self, form: Form) -> str:
        if isinstance(form, Literal):
            return self._comparison(form)
        if not form.parts:
            return "TRUE" if form.word == "and" else "FALSE"
        return f"({form.word} {' '.join(map(self._expression, form.parts))})"

    def _comparison(self, literal: Literal) -> str:
        names = [f"?{self.names.by_key[key]}" for key in _keys(literal)]
        right = names[1] if literal.other else _symbol(literal.value)
        compare = f"({_OPS[literal.op]} {names[0]} {right})"
        if literal.op == "==" and not literal.other:
            return compare
        return f"(and {' '.join(f'(neq {name} {_UNKNOWN})' for name in names)} {compare})"


def _values_of_one_fact(form: Form) -> list[str]:
    """The values that a form allows to one fact, when it asks nothing else; else none."""
    found = list(literals(form))
    alone = isinstance(form, Literal) or form.word == "or"
    plain = all(item.op == "==" and item.other is None for item in found)
    if not alone or not plain or len({item.key for item in found}) != 1:
        return []
    return [_symbol(item.value) for item in found]


def _key(form: Form) -> str:
    return next(literals(form)).key


def _keys(literal: Literal) -> Iterable[str]:
    return (literal.key, literal.other) if literal.other else (literal.key,)


def _symbol(value: Valeur | None) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value)


def _slots(facts: Mapping[str, Valeur]) -> dict[str, Any]:
    return {name: value if type(value) is int else clips.Symbol(_symbol(value)) for name, value in facts.items()}
