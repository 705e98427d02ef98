"""What is implausible in the tables: computed all the same, but said."""

from __future__ import annotations

from qingyuan.engine.exchange.model import Flag, Park


def flags(park: Park) -> tuple[Flag, ...]:
    """Yields above 1, losses below 0, prices that leave one side with a loss, qualities without which a pair falls away."""
    found: list[Flag] = []
    offers = {one.offer: one for one in park.offers}
    needs = {one.need: one for one in park.needs}
    for link in park.links or ():
        if link.rate <= 1:
            continue
        where = f"{link.offer}→{link.need}"
        found.append(
            _flag("yield_above_1", where, f"得率 {link.rate:g} 大于 1：一吨供给替代了不止一吨需求，请核对")
        )
        if offers[link.offer].material == needs[link.need].material:
            loss = 100 * (1 - link.rate)
            found.append(_flag("negative_loss", where, f"同一种物料的损耗为 {loss:g}%：损耗不能为负"))
    for one in park.facilities:
        where = one.facility if not one.site else f"{one.facility}（{one.site}）"
        if one.gives and one.rate > 1:
            found.append(_flag("yield_above_1", where, f"得率 {one.rate:g} 大于 1：产出多于进料，请核对"))
            if one.gives in one.takes:
                loss = 100 * (1 - one.rate)
                found.append(_flag("negative_loss", where, f"同一种物料的损耗为 {loss:g}%：损耗不能为负"))
        if (
            one.gives
            and not any(one.gives == need.material for need in park.needs)
            and not any(one.gives in other.takes for other in park.facilities)
        ):
            found.append(_flag("no_taker", where, f"产出“{one.gives}”没有需求，这个设施用不上"))
        lacking = sorted(
            {
                name
                for need in park.needs
                if one.gives and need.material == one.gives
                for name in (*need.lowest, *need.highest)
                if name not in one.quality
            }
        )
        if lacking:
            names = "、".join(lacking)
            found.append(_flag("quality_unknown", where, f"没有写产出的 {names}，不供给对此有限值的需求"))
    if park.links is None:
        best: dict[str, float] = {}
        for need in park.needs:
            best[need.material] = max(best.get(need.material, need.value_per_t), need.value_per_t)
        for offer in park.offers:
            worth = best.get(offer.material)
            if worth is not None and offer.price_per_t is not None and offer.price_per_t > worth:
                message = (
                    f"单价 {offer.price_per_t:g} 高于任何需方的价值 {worth:g}：按此价需方亏损，拆分时已补足"
                )
                found.append(_flag("price_above_value", offer.offer, message))
    return tuple(found)


def _flag(kind: str, where: str, message: str) -> Flag:
    return Flag(kind=kind, where=where, message=message)
