"""What is implausible in the tables: computed all the same, but said."""

from __future__ import annotations

from collections.abc import Iterator

from qingyuan.engine.exchange.model import Facility, Flag, Park


def flags(park: Park) -> tuple[Flag, ...]:
    """Yields above 1, losses below 0, facilities that nothing reaches or leaves, prices that leave one side with a loss."""
    return (*_links(park), *_facilities(park), *_prices(park))


def _links(park: Park) -> Iterator[Flag]:
    offers = {one.offer: one for one in park.offers}
    needs = {one.need: one for one in park.needs}
    for link in park.links or ():
        if link.rate > 1:
            where = f"{link.offer}→{link.need}"
            said = f"得率 {link.rate:g} 大于 1：一吨供给替代了不止一吨需求，请核对"
            yield Flag(kind="yield_above_1", where=where, message=said)
            if offers[link.offer].material == needs[link.need].material:
                yield _negative_loss(where, link.rate)


def _facilities(park: Park) -> Iterator[Flag]:
    needed = {one.material for one in park.needs} | {name for one in park.facilities for name in one.takes}
    offered = {one.material for one in park.offers} | {one.gives for one in park.facilities}
    for one in park.facilities:
        where = one.facility if not one.site else f"{one.facility}（{one.site}）"
        if one.gives and one.rate > 1:
            said = f"得率 {one.rate:g} 大于 1：产出多于进料，请核对"
            yield Flag(kind="yield_above_1", where=where, message=said)
            if one.gives in one.takes:
                yield _negative_loss(where, one.rate)
        if one.gives and one.gives not in needed:
            yield Flag(kind="no_taker", where=where, message=f"产出“{one.gives}”没有需求，这个设施用不上")
        if offered.isdisjoint(one.takes):
            takes = "、".join(one.takes)
            yield Flag(kind="no_source", where=where, message=f"没有“{takes}”的供给，这个设施用不上")
        if lacking := _lacking(park, one):
            said = f"没有写产出的 {'、'.join(lacking)}，不供给对此有限值的需求"
            yield Flag(kind="quality_unknown", where=where, message=said)


def _lacking(park: Park, one: Facility) -> list[str]:
    """Properties that takers of the product limit and the facility does not state."""
    limited = {
        name
        for need in park.needs
        if one.gives and need.material == one.gives
        for name in (*need.lowest, *need.highest)
    }
    return sorted(limited - one.quality.keys())


def _prices(park: Park) -> Iterator[Flag]:
    if park.links is not None:
        return
    best: dict[str, float] = {}
    for need in park.needs:
        best[need.material] = max(best.get(need.material, need.value_per_t), need.value_per_t)
    for offer in park.offers:
        worth = best.get(offer.material)
        if worth is not None and offer.price_per_t is not None and offer.price_per_t > worth:
            said = f"单价 {offer.price_per_t:g} 高于任何需方的价值 {worth:g}：按此价需方亏损，拆分时已补足"
            yield Flag(kind="price_above_value", where=offer.offer, message=said)


def _negative_loss(where: str, rate: float) -> Flag:
    return Flag(
        kind="negative_loss", where=where, message=f"同一种物料的损耗为 {100 * (1 - rate):g}%：损耗不能为负"
    )
