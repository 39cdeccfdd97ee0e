# SPDX-License-Identifier: Apache-2.0
"""Writes one message and sees it confirmed: URI EXCHANGE ROUTING-KEY PAYLOAD-HEX ID NAME VALUE …"""
import sys

import pika

from frames import pairs

uri, exchange, key, payload, identity = sys.argv[1:6]
channel = pika.BlockingConnection(pika.URLParameters(uri)).channel()
channel.confirm_delivery()
channel.basic_publish(
    exchange,
    key,
    bytes.fromhex(payload),
    pika.BasicProperties(message_id=identity, headers=dict(pairs(sys.argv[6:])), delivery_mode=2),
    mandatory=True,
)
