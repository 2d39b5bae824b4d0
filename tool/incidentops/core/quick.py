"""Building frozen values quickly, where ten thousand files are made of them."""

from collections.abc import Callable
from dataclasses import fields, make_dataclass
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Parameters = ParamSpec("_Parameters")
_Built = TypeVar("_Built")


def quick(kind: Callable[_Parameters, _Built]) -> Callable[_Parameters, _Built]:
    """Return what builds values of a frozen dataclass with slots, five times as fast when given them by position.

    A frozen dataclass has to set each field through `object.__setattr__`, 60 ns a field. So the fields are set on an
    open twin with the same slots, which then becomes one of the kind. A kind with fields alone: no `__post_init__`.
    """

    def become(twin: object) -> None:
        twin.__class__ = cast("type[object]", kind)

    names = [(field.name, object) for field in fields(cast("type[DataclassInstance]", kind))]
    twin = make_dataclass("_Open", names, slots=True, namespace={"__post_init__": become})
    return cast("Callable[_Parameters, _Built]", twin)
