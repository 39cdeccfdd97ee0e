# SPDX-License-Identifier: Apache-2.0
"""Reads one message: PORT stream|channel NAME"""
import sys

import redis

from frames import say, tell

port, kind, name = sys.argv[1:4]
client = redis.Redis(port=int(port))
if kind == "stream":
    say("ready")
    [[_, [[_, fields]]]] = client.xread({name: "0"}, count=1, block=60000)
    payload = fields.pop(b"data")
    tell(payload, list(fields.items()))
else:
    channel = client.pubsub()
    channel.subscribe(name)
    for message in channel.listen():
        if message["type"] == "subscribe":
            say("ready")
        else:
            tell(message["data"], [])
            break
