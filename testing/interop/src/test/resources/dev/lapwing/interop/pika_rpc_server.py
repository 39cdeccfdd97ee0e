# SPDX-License-Identifier: Apache-2.0
"""Squares the numbers that come through a queue, as in RabbitMQ's tutorial: URI QUEUE"""
import sys

import pika

from frames import say

uri, queue = sys.argv[1:3]
channel = pika.BlockingConnection(pika.URLParameters(uri)).channel()
channel.queue_declare(queue)
channel.basic_qos(prefetch_count=1)


def answer(channel, method, properties, body):
    channel.basic_publish(
        "",
        properties.reply_to,
        str(int(body) ** 2),
        pika.BasicProperties(correlation_id=properties.correlation_id),
    )
    channel.basic_ack(method.delivery_tag)


channel.basic_consume(queue, answer)
say("ready")
channel.start_consuming()
