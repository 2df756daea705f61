"""Which way Chinese input takes on this machine, and setting it before Qt starts.

The wheels of Qt carry a plug-in for ibus and none for fcitx. fcitx 5 speaks ibus as well; fcitx 4 (UOS, Kylin) is reached
over D-Bus by `fcitx4`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, MutableMapping
from enum import StrEnum

_FCITX5 = ("org.fcitx.Fcitx5",)
_FCITX4 = "org.fcitx.Fcitx-"
_IBUS = ("org.freedesktop.IBus", "org.freedesktop.portal.IBus")
_PATIENCE = 0.5  # s


class Route(StrEnum):
    """How input methods reach the program."""

    SYSTEM = "system"
    FCITX5 = "fcitx5"
    FCITX4 = "fcitx4"
    IBUS = "ibus"
    NONE = "none"


def route_told(route: Route) -> str:
    """Return the route in words, with what to do if there is none."""
    return {
        Route.SYSTEM: "系统输入法（由操作系统直接提供）",
        Route.FCITX5: "fcitx5（经 ibus 接口）",
        Route.FCITX4: "fcitx4（经 D-Bus）",
        Route.IBUS: "ibus",
        Route.NONE: "没有找到正在运行的输入法。请先启动 fcitx 或 ibus，再重新打开本程序；也可以先用粘贴输入。",
    }[route]


def take_route(environment: MutableMapping[str, str] = os.environ) -> Route:
    """Find the running input method and tell Qt about it by the environment; call this before `QApplication`."""
    if not sys.platform.startswith("linux"):
        return Route.SYSTEM
    route = choose(_bus_names(environment), environment)
    if route is Route.FCITX5:
        environment["QT_IM_MODULE"] = "ibus"
        environment["IBUS_USE_PORTAL"] = "1"
    elif route is Route.IBUS:
        environment["QT_IM_MODULE"] = "ibus"
    elif route is Route.FCITX4:
        environment["QT_IM_MODULE"] = "compose"
    return route


def choose(names: Collection[str], environment: MutableMapping[str, str]) -> Route:
    """Return the route for the names on the session bus; what the user's settings name comes first."""
    wanted = environment.get("XMODIFIERS", "") + environment.get("QT_IM_MODULE", "")
    fcitx5 = any(name in names for name in _FCITX5)
    fcitx4 = any(name.startswith(_FCITX4) for name in names)
    ibus = any(name in names for name in _IBUS)
    if "ibus" in wanted and ibus and not fcitx5:
        return Route.IBUS
    if fcitx5:
        return Route.FCITX5
    if fcitx4:
        return Route.FCITX4
    return Route.IBUS if ibus else Route.NONE


def _bus_names(environment: MutableMapping[str, str]) -> list[str]:
    """Return the names on the session bus; none if there is no bus."""
    if not environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return []
    from jeepney import message_bus
    from jeepney.io.blocking import open_dbus_connection

    try:
        with open_dbus_connection("SESSION") as connection:
            reply = connection.send_and_get_reply(message_bus.ListNames(), timeout=_PATIENCE)
            return list(reply.body[0])
    except (OSError, TimeoutError, KeyError, ValueError, RuntimeError):  # the last: an address that is no socket
        return []
