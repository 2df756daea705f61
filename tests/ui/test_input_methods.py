"""Which way Chinese input takes, for every constellation of input methods that a machine may run."""

import pytest

from riskdesk.ui import input_methods
from riskdesk.ui.input_methods import Route, choose, route_told, take_route

FCITX5, FCITX4, IBUS, PORTAL = (
    "org.fcitx.Fcitx5",
    "org.fcitx.Fcitx-0",
    "org.freedesktop.IBus",
    "org.freedesktop.portal.IBus",
)


@pytest.mark.parametrize(
    ("names", "settings", "route"),
    [
        ((), {}, Route.NONE),
        ((), {"XMODIFIERS": "@im=fcitx", "QT_IM_MODULE": "fcitx"}, Route.NONE),
        (("org.freedesktop.DBus", ":1.7"), {}, Route.NONE),
        ((FCITX5,), {}, Route.FCITX5),
        ((FCITX5, "org.fcitx.Fcitx-0"), {}, Route.FCITX5),  # fcitx 5 takes the old name as well
        ((FCITX5, PORTAL), {"XMODIFIERS": "@im=fcitx"}, Route.FCITX5),
        ((FCITX5, IBUS, PORTAL), {"XMODIFIERS": "@im=ibus"}, Route.FCITX5),  # it also plays ibus
        ((FCITX4,), {}, Route.FCITX4),
        (("org.fcitx.Fcitx-1",), {"QT_IM_MODULE": "fcitx"}, Route.FCITX4),
        ((FCITX4, IBUS), {}, Route.FCITX4),
        ((FCITX4, IBUS), {"XMODIFIERS": "@im=fcitx"}, Route.FCITX4),
        ((FCITX4, IBUS), {"XMODIFIERS": "@im=ibus"}, Route.IBUS),
        ((FCITX4, IBUS), {"QT_IM_MODULE": "ibus"}, Route.IBUS),
        ((FCITX4,), {"XMODIFIERS": "@im=ibus"}, Route.FCITX4),  # what is set does not run
        ((IBUS,), {}, Route.IBUS),
        ((PORTAL,), {"XMODIFIERS": "@im=fcitx"}, Route.IBUS),
    ],
)
def test_the_route_is_what_runs_and_then_what_is_set(names, settings, route):
    assert choose(names, settings) is route


@pytest.mark.parametrize(
    ("names", "environment"),
    [
        ((FCITX5,), {"QT_IM_MODULE": "ibus", "IBUS_USE_PORTAL": "1"}),
        ((IBUS,), {"QT_IM_MODULE": "ibus"}),
        ((FCITX4,), {"QT_IM_MODULE": "compose"}),
        ((), {}),
    ],
)
def test_qt_is_told_the_route_by_the_environment(monkeypatch, names, environment):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(input_methods, "_bus_names", lambda _environment: list(names))
    given = {}
    take_route(given)
    assert given == environment


@pytest.mark.parametrize("address", [None, "", "unix:path=/nowhere/at/all", "no address", "tcp:host=x"])
def test_without_a_session_bus_there_is_no_route_and_no_error(monkeypatch, address):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    if address is not None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    given = {} if address is None else {"DBUS_SESSION_BUS_ADDRESS": address}
    assert take_route(given) is Route.NONE
    assert "QT_IM_MODULE" not in given


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_than_on_linux_the_system_serves(monkeypatch, platform):
    monkeypatch.setattr("sys.platform", platform)
    given = {"XMODIFIERS": "@im=fcitx"}
    assert take_route(given) is Route.SYSTEM
    assert given == {"XMODIFIERS": "@im=fcitx"}


@pytest.mark.parametrize("route", Route)
def test_every_route_is_told_in_words(route):
    assert route_told(route)
    assert ("粘贴" in route_told(route)) == (route is Route.NONE)
