# SPDX-License-Identifier: Apache-2.0
"""Reads one message: SUB|PULL bind|connect ENDPOINT [TOPIC]"""
import sys

import zmq

from frames import say, tell

kind, way, endpoint = sys.argv[1:4]
socket = zmq.Context().socket(getattr(zmq, kind))
socket.rcvtimeo = 60000
if kind == "SUB":
    socket.setsockopt(zmq.SUBSCRIBE, sys.argv[4].encode("utf-8"))
getattr(socket, way)(endpoint)
say("ready")
topic, payload = socket.recv_multipart()
tell(payload, [("topic", topic)])
