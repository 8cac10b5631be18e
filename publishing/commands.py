"""What our commands have in common: a help that keeps its lines, and a progress bar."""

from argparse import RawDescriptionHelpFormatter
from functools import cached_property
from typing import Any

from django.core.management.base import BaseCommand

from publishing.progress import Progress


class Command(BaseCommand):
    """The base of commands whose help teaches."""

    def create_parser(self, *args: Any, **options: Any) -> Any:
        """Keep the lines of the help as they are written."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    @cached_property
    def progress(self) -> Progress:
        """Tells how far long work is, on the error stream: a bar where that is a terminal."""
        return Progress(getattr(self.stderr, "_out", None))
