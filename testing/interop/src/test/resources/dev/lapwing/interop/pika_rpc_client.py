# SPDX-License-Identifier: Apache-2.0
"""Asks through a queue and says the answer: URI QUEUE QUESTION direct|queue"""
import sys
import uuid

import pika

from frames import say

uri, queue, question, way = sys.argv[1:5]
channel = pika.BlockingConnection(pika.URLParameters(uri)).channel()
if way == "direct":
    replies, auto = "amq.rabbitmq.reply-to", True
else:
    replies, auto = channel.queue_declare("", exclusive=True).method.queue, False
mark = str(uuid.uuid4())


def heard(channel, method, properties, body):
    assert properties.correlation_id == mark, properties.correlation_id
    say(body.decode("utf-8"))
    channel.stop_consuming()


channel.basic_consume(replies, heard, auto_ack=auto)
channel.basic_publish(
    "", queue, question, pika.BasicProperties(reply_to=replies, correlation_id=mark), mandatory=True
)
channel.start_consuming()
