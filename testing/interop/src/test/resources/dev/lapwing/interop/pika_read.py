# SPDX-License-Identifier: Apache-2.0
"""Reads one message: URI EXCHANGE ROUTING-KEY"""
import sys

import pika

from frames import say, tell

uri, exchange, key = sys.argv[1:4]
channel = pika.BlockingConnection(pika.URLParameters(uri)).channel()
queue = channel.queue_declare("", exclusive=True).method.queue
channel.queue_bind(queue, exchange, key)
say("ready")
for method, properties, body in channel.consume(queue, inactivity_timeout=60):
    channel.basic_ack(method.delivery_tag)
    fields = [("message-id", properties.message_id), ("delivery-mode", properties.delivery_mode)]
    tell(body, list(properties.headers.items()) + fields)
    break
