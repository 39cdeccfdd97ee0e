# SPDX-License-Identifier: Apache-2.0
"""Writes one message again and again until it is killed: PUB|PUSH bind|connect ENDPOINT TOPIC PAYLOAD-HEX"""
import sys
import time

import zmq

from frames import say

kind, way, endpoint, topic, payload = sys.argv[1:6]
socket = zmq.Context().socket(getattr(zmq, kind))
getattr(socket, way)(endpoint)
say("ready")
while True:
    socket.send_multipart([topic.encode("utf-8"), bytes.fromhex(payload)])
    time.sleep(0.1)
