"""What is worked out when first asked for, of an object that one thread works with.

``functools.cached_property`` takes one lock for all objects of a class until Python 3.12: threads that judge items
stood in line for it, and a free lock costs as much as what it guards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801 -- read as a decorator, like property
    """A method without arguments as an attribute, worked out once. The class needs a ``__dict__``. Two threads that ask
    at once may both work it out: harmless where the answer is the same."""

    def __init__(self, method: Callable[[Any], T]) -> None:
        self._method = method
        self._name = method.__name__
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, one: None, owner: type) -> Self: ...
    @overload
    def __get__(self, one: object, owner: type) -> T: ...
    def __get__(self, one: object | None, owner: type) -> Self | T:
        if one is None:
            return self
        found = one.__dict__[self._name] = self._method(one)
        return found
