"""Fill the knowledge base: build · pull · add · read · list · show · remove · check."""

import sys

from kb.cli import ingest

sys.exit(ingest())
