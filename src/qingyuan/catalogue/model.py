"""The base of everything that a catalogue file says: frozen, and no key that nobody reads."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
RegionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class Part(BaseModel):
    """A frozen piece of a catalogue file; unknown keys are errors, so that a typing slip cannot hide."""

    model_config = ConfigDict(frozen=True, extra="forbid")
