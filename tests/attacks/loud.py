"""The bot itself, with every library and the loop as talkative as they can be. Configured by the environment like `app.py`."""

import asyncio
import logging
import os
import sys
from functools import partial

from app import MACHINE
from bot.running import serving
from bot.settings import read
from bot.telemetry import configure

LIBRARIES = (
    "aiohttp",
    "aiohttp.server",
    "aiohttp.client",
    "aiohttp.access",
    "asyncio",
    "openai",
    "httpx2",
    "azure",
    "azure.identity",
    "azure.core.pipeline.policies.http_logging_policy",
    "msal",
    "msrest",
    "botbuilder",
    "botframework",
    "psycopg",
    "PIL",
    "pypdfium2",
    "docx",
)

if __name__ == "__main__":
    configure(partial(print, end="", flush=True))
    for name in ("", "bot", "dialogs", "app", *LIBRARIES):
        logging.getLogger(name or None).setLevel(logging.DEBUG)
    sys.exit(asyncio.run(serving(read(os.environ, local=False), MACHINE), debug=True))
