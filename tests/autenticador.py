"""The application on somebody's phone that shows the codes of the second factor."""

from __future__ import annotations

import time

import pyotp


def codigo_anterior(totp: pyotp.TOTP) -> str:
    """The code of the step before this one. Near the end of a step it would be two old when it arrives, and refused:
    then the next one is waited for."""
    resta = totp.interval - time.time() % totp.interval
    if resta < 8:
        time.sleep(resta)
    return totp.at(int(time.time()) - totp.interval)
