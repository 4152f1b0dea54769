"""WsgiDAV on the folder that is named on the command line, open to all."""

import sys

from wsgidav.wsgidav_app import WsgiDAVApp

from serving import serve

serve(WsgiDAVApp({
    "provider_mapping": {"/": sys.argv[1]},
    "simple_dc": {"user_mapping": {"*": True}},
    "lock_storage": False,
    "property_manager": False,
    "logging": {"enable": False},
    "verbose": 0,
}))
