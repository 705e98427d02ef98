"""Results of a pilot for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.house.cases.delivery_project import HANDLERS, ORGANISERS
from tests.outputs_maker import output_file_in, output_in


def further_version(maker: Any, _output: Any) -> dict[str, Any]:
    return {"title": "新稿", "uploads": [maker.upload(by=maker.world.park_handler, name="新稿.pdf")]}


OBJECTS: dict[str, Callable[[Any, str], Any]] = {"delivery.output": output_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "project.add_output": lambda m, o: {"kind": "case", "title": "演示典型案例", "reason": "演示：新增"},
    "output.arrange": lambda m, o: {"kind": "norm"},
    "output.add_version": further_version,
    "output.hand_in": lambda m, o: {},
    "output.accept": lambda m, o: {},
    "output.send_back": lambda m, o: {"opinion": "演示：缺少适用范围"},
    "output.mark": lambda m, o: {"public": True},
    "output.drop": lambda m, o: {"reason": "演示：并入规范"},
}
MAY: dict[str, set[str]] = {
    "project.add_output": HANDLERS,
    "output.arrange": HANDLERS,
    "output.add_version": HANDLERS,
    "output.hand_in": HANDLERS,
    "output.accept": ORGANISERS,
    "output.send_back": ORGANISERS,
    "output.mark": HANDLERS,
    "output.drop": HANDLERS,
}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "delivery.output": lambda maker: output_in(maker, "handed_in"),
    "delivery.outputfile": output_file_in,
}
