"""Connects to public addresses only: a host is resolved once, checked, and what was checked is connected to."""

import ipaddress
import socket

from sync.suppliers.feed_errors import FeedRefused, FeedUnreachable
from sync.suppliers.fetch.watch import watched
from sync.suppliers.limits import FeedLimits

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE = ipaddress.IPv6Network("::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet, also the IPv4 address inside an IPv6 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return all(_is_global(each) for each in (ip, *_inside(ip)))


def _is_global(ip: IpAddress) -> bool:
    return ip.is_global and not ip.is_multicast


def _inside(ip: IpAddress) -> list[IpAddress]:
    """The IPv4 addresses that an IPv6 address leads to: mapped, 6to4, Teredo, NAT64, compatible."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    if ip.ipv4_mapped:
        return [ip.ipv4_mapped]
    found: list[IpAddress] = [ip.sixtofour] if ip.sixtofour else []
    if ip.teredo:
        found += ip.teredo
    if any(ip in network for network in (*_NAT64, _COMPATIBLE)):
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return found


def resolve(host: str, port: int, limits: FeedLimits) -> list[str]:
    """The addresses of a host. Raises FeedUnreachable where it has none, FeedRefused where one is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FeedUnreachable(f"the host {host} is not known", "check the address, and this machine's DNS") from None
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    inner = [address for address in addresses if not is_public(address)]
    if inner and not limits.allow_private:
        raise FeedRefused(
            f"the host {host} is at {inner[0]}, which is no public address",
            "allow such addresses with SHOPFERRY_FEED_ALLOW_PRIVATE=1 if the supplier is in your own network",
        )
    return addresses


def connect(host: str, port: int, limits: FeedLimits) -> socket.socket:
    """A connection to one of the host's addresses. Raises FeedUnreachable and FeedRefused."""
    for address in resolve(host, port, limits):
        try:
            return watched(socket.create_connection((address, port), timeout=limits.connect_seconds))
        except OSError:
            continue
    raise FeedUnreachable(f"{host}:{port} cannot be connected to", "check the address and the supplier's firewall")
