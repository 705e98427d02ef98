"""The end of a round: its papers go to the archive."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.review import archive as papers
from qingyuan.review.models import Round
from qingyuan.review.rules import ground


@action(
    "round.archive",
    title=gettext_lazy("归档"),
    on=Round,
    may=ground.handles_round,
    stages=("published",),
    to=("archived",),
    clauses=("H2", "N9"),
    idempotent=True,
)
def archive(round_: Round, act: Act) -> Round:
    """生成归档目录并记入台账，本轮评审材料从此归档；归档目录和归档卷可以随时下载。"""
    with in_record_language():
        entries = papers.directory(round_)
    if not entries:
        raise Invalid([Problem(_("没有可归档的材料"), where="round")])
    act.move(round_, Round.Stage.ARCHIVED)
    rows = papers.as_data(entries)
    # Titles name projects and bodies only; the ledger keeps their number and hash.
    act.note(entries=len(rows), directory_sha256=sha256_hex(canonical_bytes(rows)))
    return round_
