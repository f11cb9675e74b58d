"""The templates: ours, and those that a desk puts in their place.

Templates are data, not programs: the sandbox refuses everything but the documented fields, and a template can neither
mark words as safe nor switch escaping off.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from alerts import catalogue
from alerts.view import View
from collector.model.errors import SiagaError

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

SHIPPED = Path(__file__).parent / "templates"
NAMES = ("subject.txt", "message.txt", "message.html", "group.txt", "group.html", "brief.txt")
"""What a desk may replace; each stands alone, what is not there is ours."""
NOT_FOR_TEMPLATES = ("safe", "urlize", "pprint")


# What an expression in a template may raise besides Jinja's own errors.
FAULTS = (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError, MemoryError)


class TemplateFault(SiagaError):
    """A template that cannot be read or filled; the cause is Jinja's or Python's own error."""

    def __init__(self, template: str, cause: BaseException) -> None:
        super().__init__(f"template {template}: {type(cause).__name__}: {cause}")
        self.template = template


class Layout:
    """``folder`` holds a desk's own templates; None: ours alone."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def fill(self, template: str, view: View) -> str:
        """Raises TemplateFault."""
        from jinja2 import TemplateError

        try:
            return self.environment.get_template(template).render(view=view, say=_sayer(view))
        except (TemplateError, *FAULTS) as error:
            raise TemplateFault(template, error) from error

    @cached_property
    def environment(self) -> SandboxedEnvironment:
        from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        folders = [SHIPPED] if self._folder is None else [self._folder, SHIPPED]
        environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(folders),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        for name in NOT_FOR_TEMPLATES:
            del environment.filters[name]
        return environment


def _sayer(view: View) -> Callable[[str], str]:
    def say(key: str) -> str:
        if key not in catalogue.TEXTS:
            raise LookupError(f'say knows no words called "{key}"')
        return catalogue.TEXTS[key].in_language(view.language)

    return say
