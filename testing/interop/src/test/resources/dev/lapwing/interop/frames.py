# SPDX-License-Identifier: Apache-2.0
"""How these programs tell the tests what they read."""


def say(line):
    print(line, flush=True)


def text(value):
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def tell(payload, headers):
    say("payload " + payload.hex())
    for name, value in headers:
        say(text(name) + " " + text(value))
    say("end")


def pairs(arguments):
    """The headers of a command line: NAME VALUE NAME VALUE …"""
    return list(zip(arguments[::2], arguments[1::2]))
