"""Compiling: templates made into plainer Python than Jinja's own, with the same words in the same places.

A page of an issue calls five hundred functions and writes a thousand values: what Jinja does around these
was a seventh of its time.
"""

from __future__ import annotations

from collections.abc import Callable
from keyword import iskeyword
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]


class Plain(CodeGenerator):
    """Calls a function as Python does, where Jinja asks first if it wants the context; none of ours does.

    Writes each value by `environment.written`: all our templates escape.
    """

    def visit_Call(  # noqa: N802 - Jinja looks for this name
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        if forward_caller or any(iskeyword(each.key) for each in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for mark, some in (
            ("", (*node.args, *node.kwargs)),
            ("*", (node.dyn_args,)),
            ("**", (node.dyn_kwargs,)),
        ):
            for each in filter(None, some):
                self.write(mark)
                self.visit(each, frame)
                self.write(", ")
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.written(")


def written(value: Any) -> str:
    """Write a value into HTML.

    The same as `escape`, which makes a Markup of each text only for it to be joined to others at once.
    """
    kind = type(value)
    if kind is str:
        return _escape_inner(value)
    return value if kind is Markup else escape(value)


class Folding(NodeTransformer):
    """Puts in place of `_("words")` the words themselves."""

    def __init__(self, say: Callable[[str], Markup]) -> None:
        self._say = say

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        if (
            not isinstance(node.node, nodes.Name)
            or node.node.name != "_"
            or node.kwargs
            or len(node.args) != 1
        ):
            return node
        words = node.args[0]
        if not isinstance(words, nodes.Const):
            return node
        return nodes.Const(self._say(words.value), lineno=node.lineno)
