"""zen-engine deciding the same rules: JDM graphs of expression nodes, translated from the conditions.

Three ways of asking it are kept, because they differ by a factor of ten: what its documentation shows first (a decision
created once, evaluated for the visitor then for each offer), the same through a static loader (which compiles the
expressions beforehand), and all in one evaluation that loops over the offers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import zen

from benchmarks.normal_form import Form, Literal, Names, is_of_offer, normal_form
from benchmarks.workload import OFFERS, VISITOR, Case, Fired
from engine.conditions import Condition
from engine.vocabulary import Strate

_ITEM = "o"
_LISTED = "offres"
Decided = tuple[Fired, tuple[frozenset[int], ...]]


class ZenPeer:
    """The rules as decisions of zen-engine."""

    def __init__(self, conditions: Mapping[Strate, Sequence[Condition]]) -> None:
        forms = {name: [normal_form(condition) for condition in found] for name, found in conditions.items()}
        self.names = Names(form for found in forms.values() for form in found)
        self.numbers = [(name, number) for name in VISITOR for number in range(len(forms[name]))]
        visitor = _list(self._expression(form, "") for name in VISITOR for form in forms[name])
        one_offer = _list(self._expression(form, "") for form in forms[OFFERS])
        looped = _list(self._expression(form, f"{_ITEM}.") for form in forms[OFFERS])
        graphs = {
            "visitor": _graph({"visitor": visitor}),
            "offer": _graph({"offer": one_offer}),
            "all": _graph({"visitor": visitor, "offers": f"map({_LISTED} as {_ITEM}, {looped})"}),
        }
        plain = zen.ZenEngine()
        self._created = {
            name: plain.create_decision(zen.ZenDecisionContent(json.dumps(graphs[name]))) for name in graphs
        }
        self._loaded = zen.ZenEngine({"loader": {"type": "static", "content": graphs}})

    def ask_created(self, case: Case) -> Callable[[], Any]:
        """A decision created once: one evaluation for the visitor, then one for each offer."""
        visitor, offers = self._one_by_one(case)
        about_visitor, about_offer = self._created["visitor"].evaluate, self._created["offer"].evaluate
        return lambda: (about_visitor(visitor), [about_offer(offer) for offer in offers])

    def ask_loaded(self, case: Case) -> Callable[[], Any]:
        """The same evaluations, compiled beforehand by a static loader."""
        visitor, offers = self._one_by_one(case)
        evaluate = self._loaded.evaluate
        return lambda: (evaluate("visitor", visitor), [evaluate("offer", offer) for offer in offers])

    def ask_at_once(self, case: Case) -> Callable[[], Any]:
        """One evaluation for the visitor and all the offers, compiled beforehand."""
        facts = self._together(case)
        evaluate = self._loaded.evaluate
        return lambda: evaluate("all", facts)

    def decided(self, case: Case) -> Decided:
        """What is true for this peer, one way or another; fails if its ways do not agree."""
        result = self.ask_at_once(case)()["result"]
        found = self._read(result["visitor"], result["offers"])
        for ask in (self.ask_created, self.ask_loaded):
            about_visitor, about_offers = ask(case)()
            other = self._read(about_visitor["result"]["visitor"], [item["result"]["offer"] for item in about_offers])
            if other != found:
                raise AssertionError(f"zen-engine contradicts itself on {case.situation!r}")
        return found

    def _read(self, visitor: list[bool], offers: list[list[bool]]) -> Decided:
        fired = {number for number, verdict in zip(self.numbers, visitor, strict=True) if verdict}
        return fired, tuple(frozenset(i for i, verdict in enumerate(offer) if verdict) for offer in offers)

    def _one_by_one(self, case: Case) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        return self.names.seen(case.visitor), [self.names.seen(offer) for offer in case.offers]

    def _together(self, case: Case) -> dict[str, Any]:
        offers = [self.names.seen(offer, offer=True) for offer in case.offers]
        return {**self.names.seen(case.visitor), _LISTED: offers}

    def _expression(self, form: Form, item: str) -> str:
        if isinstance(form, Literal):
            return self._comparison(form, item)
        if not form.parts:
            return _constant(form.word == "and")
        return "(" + f" {form.word} ".join(self._expression(part, item) for part in form.parts) + ")"

    def _comparison(self, literal: Literal, item: str) -> str:
        left = self._name(literal.key, item)
        if literal.other is not None:
            right = self._name(literal.other, item)
            return f"({left} != null and {right} != null and {left} {literal.op} {right})"
        if literal.op == "==":
            return f"{left} == {_constant(literal.value)}"
        return f"({left} != null and {left} {literal.op} {_constant(literal.value)})"

    def _name(self, key: str, item: str) -> str:
        return (item if is_of_offer(key) else "") + self.names.by_key[key]


def _list(expressions: Any) -> str:
    return "[" + ", ".join(expressions) + "]"


def _constant(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _graph(expressions: Mapping[str, str]) -> dict[str, Any]:
    """A JDM graph: its input, one node that computes every expression, its output."""
    content = {
        "passThrough": False,
        "expressions": [{"id": key, "key": key, "value": value} for key, value in expressions.items()],
    }
    kinds = {"entree": "inputNode", "regles": "expressionNode", "sortie": "outputNode"}
    nodes = [
        {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}}
        | ({"content": content} if name == "regles" else {})
        for name, kind in kinds.items()
    ]
    pairs = [("entree", "regles"), ("regles", "sortie")]
    edges = [{"id": start, "type": "edge", "sourceId": start, "targetId": end} for start, end in pairs]
    return {"nodes": nodes, "edges": edges}
