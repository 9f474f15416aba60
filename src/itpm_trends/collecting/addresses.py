"""Which addresses may be asked: public web hosts only, checked on the very connection that is used."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NameResolutionError

from itpm_trends.collecting.errors import ForbiddenAddress
from itpm_trends.collecting.redaction import redacted

WEB_PORTS = {"http": 80, "https": 443}


def check_address(url: str, *, allow_loopback: bool) -> None:
    """Raise :class:`ForbiddenAddress` unless ``url`` is a web address on a usual port."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ForbiddenAddress("an address that cannot be read was refused") from error
    if parts.scheme not in WEB_PORTS or not parts.hostname:
        raise ForbiddenAddress(f"{redacted(url)[:200]} is no http(s) address")
    if port not in (None, WEB_PORTS[parts.scheme]) and not (allow_loopback and _is_local_name(parts.hostname)):
        raise ForbiddenAddress(f"{redacted(url)} asks for port {port}; only 80 and 443 are visited")


def usable_address(host: str, port: int, *, allow_loopback: bool) -> str:
    """The first address of ``host``, once all of them are public; :class:`ForbiddenAddress` otherwise."""
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not _is_allowed(address, allow_loopback=allow_loopback):
            raise ForbiddenAddress(f"{host} lies in a private network ({address}) and is not visited")
    return addresses[0]


def _is_allowed(told: str, *, allow_loopback: bool) -> bool:
    address = ipaddress.ip_address(told.partition("%")[0])
    return (address.is_global and not address.is_multicast) or (allow_loopback and address.is_loopback)


def _is_local_name(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class PublicHostsAdapter(HTTPAdapter):
    """Connects to the checked address itself, so that a name cannot change its mind in between."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self.allow_loopback = allow_loopback
        super().__init__(pool_connections=20, pool_maxsize=2, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: object) -> None:
        super().init_poolmanager(connections, maxsize, block, **options)
        assert isinstance(self.poolmanager, PoolManager)
        self.poolmanager.pool_classes_by_scheme = _pool_classes(self.allow_loopback)


def _pool_classes(allow_loopback: bool) -> dict[str, type]:
    def pinned(connection: HTTPConnection, connect):
        name = connection._dns_host
        try:
            connection._dns_host = usable_address(name, connection.port, allow_loopback=allow_loopback)
            return connect()
        except socket.gaierror as error:
            raise NameResolutionError(name, connection, error) from error
        finally:
            connection._dns_host = name  # TLS and the Host header want the name

    class Plain(HTTPConnection):
        def _new_conn(self):
            return pinned(self, super()._new_conn)

    class Secure(HTTPSConnection):
        def _new_conn(self):
            return pinned(self, super()._new_conn)

    plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
    secure = type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": Secure})
    return {"http": plain, "https": secure}
