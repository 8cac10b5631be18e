"""The mirror, run by itself: `python -m mirror URL --to FILE`."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter

from . import HELP, MirrorError, add_arguments, mirror

parser = ArgumentParser("mirror", description=HELP, formatter_class=RawDescriptionHelpFormatter)
add_arguments(parser)
try:
    mirror(
        **vars(parser.parse_args()),
        print_line=lambda line: print(line, file=sys.stderr, flush=True),
    )
except MirrorError as error:
    print(error, file=sys.stderr)
    sys.exit(error.code)
