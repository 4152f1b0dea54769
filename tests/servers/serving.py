"""Serves a WSGI application on a free port, tells its address, and ends when its input does."""

import os
import sys
import threading

from cheroot.wsgi import Server


def serve(application):
    server = Server(("127.0.0.1", 0), application, numthreads=4)
    server.prepare()
    threading.Thread(target=server.serve, daemon=True).start()
    print(f"http://127.0.0.1:{server.bind_addr[1]}", flush=True)
    sys.stdin.read()
    os._exit(0)
