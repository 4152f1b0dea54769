"""Kinto, all in memory. Whoever names a user is that user, which only a test may allow."""

import warnings

import kinto

from serving import serve

warnings.filterwarnings("ignore", message="HTTPS is not enabled")
BACKENDS = {
    "storage_backend": "kinto.core.storage.memory",
    "permission_backend": "kinto.core.permission.memory",
    "cache_backend": "kinto.core.cache.memory",
    "userid_hmac_secret": "tests",
    "multiauth.policies": "basicauth",
    "explicit_permissions": "false",
}
serve(kinto.main({}, **BACKENDS))
