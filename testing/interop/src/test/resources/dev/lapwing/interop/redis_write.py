# SPDX-License-Identifier: Apache-2.0
"""Writes one message: PORT stream|channel NAME PAYLOAD-HEX NAME VALUE …"""
import sys

import redis

from frames import pairs

port, kind, name, payload = sys.argv[1:5]
client = redis.Redis(port=int(port))
if kind == "stream":
    client.xadd(name, {"data": bytes.fromhex(payload), **dict(pairs(sys.argv[5:]))})
else:
    assert client.publish(name, bytes.fromhex(payload)) == 1
