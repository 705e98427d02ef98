"""The score sheet as a form, and the small forms around it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue.scoresheets import Dimension, ScoreSheet
from qingyuan.review.actions.assessment import LONGEST_REASON
from qingyuan.review.actions.panel import LONGEST_POST, LONGEST_SUMMARY
from qingyuan.review.models import Assignment
from qingyuan.review.scoring import LONGEST_COMMENT, LONGEST_OPINION, Content, Place


class ScoreForm(forms.Form):
    """The fields of one sheet, named as `scoring` names them in problems. Nothing is required: a draft has gaps."""

    use_required_attribute = False
    hide_required = True
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sheet: ScoreSheet, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.places = sheet, places
        for dimension in sheet.dimensions:
            self.fields[f"score-{dimension.id}"] = forms.TypedChoiceField(
                label=dimension.title,
                coerce=int,
                empty_value=None,
                required=False,
                choices=[(score, self._anchored(dimension, score)) for score in self.scale],
                widget=forms.RadioSelect,
                help_text=_("%(asks)s（权重 %(weight)d）")
                % {"asks": dimension.asks, "weight": dimension.weight},
            )
            self.fields[f"comment-{dimension.id}"] = forms.CharField(
                label=_("%s：理由") % dimension.title,
                required=False,
                max_length=LONGEST_COMMENT,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("评 %s 分时必须写明理由") % _("、").join(str(one) for one in sheet.comment_at)
                if sheet.comment_at
                else "",
            )
            self.fields[f"evidence-{dimension.id}"] = forms.MultipleChoiceField(
                label=_("%s：引用为依据") % dimension.title,
                required=False,
                choices=[(place.id, place.title) for place in places],
                widget=forms.CheckboxSelectMultiple,
            )
        for criterion in sheet.criteria:
            self.fields[f"criterion-{criterion.id}"] = forms.ChoiceField(
                label=criterion.title,
                required=False,
                choices=[(level.id, level.title) for level in sheet.criterion_levels],
                widget=forms.RadioSelect,
                help_text=criterion.asks,
            )
        for name, label, levels in (
            ("confidence", _("对本次评分的把握"), sheet.confidence),
            ("overall", _("总体意见"), sheet.overall),
        ):
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[(level.id, level.title) for level in levels],
                widget=forms.RadioSelect,
            )
        self.fields["opinion"] = forms.CharField(
            label=_("总体评价和修改建议"),
            required=False,
            max_length=LONGEST_OPINION,
            widget=forms.Textarea(attrs={"rows": 5}),
        )

    @property
    def scale(self) -> list[int]:
        """Highest first, as people read a scale of quality."""
        return sorted((int(level.id) for level in self.sheet.scores), reverse=True)

    def _anchored(self, dimension: Dimension, score: int) -> str:
        title = next(level.title for level in self.sheet.scores if level.id == str(score))
        anchor = dimension.anchor(score)
        return f"{score} {title}：{anchor.text if anchor else ''}"

    @staticmethod
    def initial_of(content: Content, revision: int) -> dict[str, Any]:
        """What the fields show for a stored sheet."""
        return {
            "revision": revision,
            "confidence": content.confidence,
            "overall": content.overall,
            "opinion": content.opinion,
            **{f"score-{name}": value for name, value in content.scores.items()},
            **{f"comment-{name}": value for name, value in content.comments.items()},
            **{f"evidence-{name}": value for name, value in content.evidence.items()},
            **{f"criterion-{name}": value for name, value in content.criteria.items()},
        }

    def content(self) -> Content:
        """The sheet as posted; only after `is_valid`."""
        clean = self.cleaned_data

        def group(prefix: str) -> dict[str, Any]:
            return {
                name.removeprefix(prefix): value
                for name, value in clean.items()
                if name.startswith(prefix) and value not in (None, "", [])
            }

        return Content(
            scores=group("score-"),
            comments=group("comment-"),
            evidence=group("evidence-"),
            criteria=group("criterion-"),
            confidence=clean["confidence"],
            overall=clean["overall"],
            opinion=clean["opinion"],
        )

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Per dimension its fields, the chapters to look at, and whether the evidence list starts open."""
        chapters = {place.chapter: place for place in self.places if place.chapter}
        return [
            {
                "dimension": dimension,
                "score": self[f"score-{dimension.id}"],
                "comment": self[f"comment-{dimension.id}"],
                "evidence": self[f"evidence-{dimension.id}"] if self.places else None,
                "quoted": len(self[f"evidence-{dimension.id}"].value() or ()),
                "chapters": [chapters[one] for one in dimension.chapters if one in chapters],
            }
            for dimension in self.sheet.dimensions
        ]

    @property
    def criteria(self) -> list[Any]:
        return [self[f"criterion-{criterion.id}"] for criterion in self.sheet.criteria]


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 4})
    )


class OpenScoresForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("提前启封的理由"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("全部提交之后启封的，不必填写"),
    )


class PostForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("发言"), max_length=LONGEST_POST, widget=forms.Textarea(attrs={"rows": 4})
    )


class ChairForm(forms.Form):
    chair = forms.ModelChoiceField(
        label=gettext_lazy("组长"),
        queryset=Assignment.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["chair"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = members
        field.label_from_instance = _code  # type: ignore[method-assign]


def _code(obj: Any) -> str:
    return str(obj.appointment.expert.code)


class SummaryForm(forms.Form):
    overall = forms.ChoiceField(label=gettext_lazy("总体意见"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("专家组意见"), max_length=LONGEST_SUMMARY, widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(self, *args: Any, sheet: ScoreSheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["overall"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(level.id, level.title) for level in sheet.overall]
