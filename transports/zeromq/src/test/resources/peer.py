# SPDX-License-Identifier: Apache-2.0
"""A peer over libzmq, for tests: peer.py ROLE ARGUMENT...

forwarder IN OUT   passes on what publishers send to the port IN to subscribers of the port OUT
publish ENDPOINT   sends "topic hex" lines of stdin when somebody has subscribed to the topic
subscribe ENDPOINT PREFIX   writes each message to stdout: its frames in hex
push ENDPOINT      sends "topic hex" lines of stdin
pull ENDPOINT      writes each message to stdout: its frames in hex

An endpoint that begins with @ is opened, any other one is connected to. A first argument
USER:PASSWORD= asks for PLAIN. It ends when stdin ends.
"""
import os
import sys
import threading

import zmq


def main(role, *arguments):
    context = zmq.Context()
    if role == "forwarder":
        leave_with_stdin()
        forward(context, *arguments)
    elif role in ("publish", "push"):
        send(open_socket(context, zmq.XPUB if role == "publish" else zmq.PUSH, arguments))
    else:
        socket = open_socket(context, zmq.SUB if role == "subscribe" else zmq.PULL, arguments)
        if role == "subscribe":
            socket.setsockopt(zmq.SUBSCRIBE, arguments[-1].encode())
        leave_with_stdin()
        print("ready", flush=True)
        while True:
            print(" ".join(frame.hex() or "-" for frame in socket.recv_multipart()), flush=True)


def open_socket(context, kind, arguments):
    socket = context.socket(kind)
    socket.linger = 1000
    endpoint = arguments[0]
    if endpoint.endswith("="):
        user, password = endpoint[:-1].split(":")
        socket.plain_username = user.encode()
        socket.plain_password = password.encode()
        endpoint = arguments[1]
    if endpoint.startswith("@"):
        socket.bind(endpoint[1:])
    else:
        socket.connect(endpoint)
    return socket


def forward(context, taken, given):
    publishers = context.socket(zmq.XSUB)
    subscribers = context.socket(zmq.XPUB)
    publishers.bind("tcp://127.0.0.1:" + taken)
    subscribers.setsockopt(zmq.XPUB_NODROP, 1)
    subscribers.bind("tcp://127.0.0.1:" + given)
    print("ready", flush=True)
    zmq.proxy(publishers, subscribers)


def send(socket):
    print("ready", flush=True)
    prefixes = set()
    for line in sys.stdin:
        topic, payload = line.split()
        frames = [topic.encode(), b"" if payload == "-" else bytes.fromhex(payload)]
        while socket.type == zmq.XPUB and not any(frames[0].startswith(p) for p in prefixes):
            told = socket.recv()
            (prefixes.add if told[:1] == b"\x01" else prefixes.discard)(told[1:])
        socket.send_multipart(frames)
        print("sent", flush=True)


def leave_with_stdin():
    def wait():
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
