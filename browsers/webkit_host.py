# The window of WebKitGTK under automation, with a profile on disk. It is told
# what to do, and tells what happens, over a socket: JSON, one object a line.
# The Go side is webkit_host.go.
import json
import os

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Soup", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gio, GLib, Gtk, Soup, WebKit2  # noqa: E402

told = json.loads(os.environ["SESSIONSPEC_WEBKIT"])
wire = Gio.SocketClient().connect(Gio.UnixSocketAddress.new(told["socket"]), None)
orders = Gio.DataInputStream.new(wire.get_input_stream())
out = wire.get_output_stream()


def tell(**what):
    try:
        out.write_all((json.dumps(what) + "\n").encode(), None)
    except GLib.Error:  # nobody is there any more
        Gtk.main_quit()


data = WebKit2.WebsiteDataManager(
    base_data_directory=told["profile"],
    base_cache_directory=told["profile"] + "/cache",
)
data.set_network_proxy_settings(
    WebKit2.NetworkProxyMode.CUSTOM,
    WebKit2.NetworkProxySettings.new(told["proxy"], None),
)
if told["insecure"]:
    data.set_tls_errors_policy(WebKit2.TLSErrorsPolicy.IGNORE)
context = WebKit2.WebContext.new_with_website_data_manager(data)
context.set_automation_allowed(True)
jar = context.get_cookie_manager()
jar.set_persistent_storage(
    told["profile"] + "/cookies.sqlite", WebKit2.CookiePersistentStorage.SQLITE
)

views = []
resources = 0


def show(related=None):
    """Makes a view in a window of its own; a popup is related to its opener."""
    if related is None:
        view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
    else:
        view = WebKit2.WebView(related_view=related)
    settings = view.get_settings()
    settings.set_javascript_can_open_windows_automatically(True)
    if told["agent"]:
        settings.set_user_agent(told["agent"])
    window = Gtk.Window()
    window.set_default_size(1280, 1024)
    window.add(view)
    number = len(views)
    views.append(view)

    def loading(v, _):
        tell(view=number, loading=v.props.is_loading)

    def deciding(v, decision, kind):
        """The page asks to go elsewhere. The load may start much later: the
        network is asked before a page of another site begins."""
        if kind == WebKit2.PolicyDecisionType.NAVIGATION_ACTION:
            action = decision.get_navigation_action()
            uri = action.get_request().get_uri()
            reload = action.get_navigation_type() == WebKit2.NavigationType.RELOAD
            there, hash, _ = uri.partition("#")
            inside = hash and not reload and there == (v.get_uri() or "").partition("#")[0]
            blank = uri.startswith("about:")  # that of a frame never starts
            if not inside and not blank and not action.is_redirect():
                tell(view=number, asked=uri)
        return False

    def changed(v, event):
        if event == WebKit2.LoadEvent.STARTED:
            tell(view=number, started=True)
        if event == WebKit2.LoadEvent.COMMITTED:
            tell(view=number, committed=v.get_uri())

    def failed(v, event, uri, error):
        tell(view=number, failed=error.message, code=error.code, uri=uri)

    def resource(v, res, request):
        global resources
        resources += 1
        me = resources
        tell(view=number, begun=me, uri=res.get_uri())
        res.connect("finished", lambda r: tell(view=number, ended=me))

    view.connect("decide-policy", deciding)
    view.connect("notify::is-loading", loading)
    view.connect("load-changed", changed)
    view.connect("load-failed", failed)
    view.connect("resource-load-started", resource)
    view.connect("create", lambda v, _: show(v))
    view.connect("ready-to-show", lambda v: window.show_all())
    view.connect("close", lambda v: window.destroy())
    if related is None:
        window.show_all()
    return view


def automated(_, session):
    info = WebKit2.ApplicationInfo()
    info.set_name("sessionspec")
    session.set_application_info(info)
    session.connect("create-web-view", lambda s: show())


context.connect("automation-started", automated)

POLICIES = {"strict": Soup.SameSitePolicy.STRICT, "lax": Soup.SameSitePolicy.LAX}


def plain(cookie):
    expires = cookie.get_expires()
    return {
        "name": cookie.get_name(),
        "value": cookie.get_value(),
        "domain": cookie.get_domain(),
        "path": cookie.get_path(),
        "expires": expires.to_unix() if expires else None,
        "http_only": cookie.get_http_only(),
        "secure": cookie.get_secure(),
        "same_site": cookie.get_same_site_policy().value_nick,
    }


def made(k):
    cookie = Soup.Cookie.new(k["name"], k["value"], k["domain"], k["path"], -1)
    if k["expires"] is not None:
        cookie.set_expires(GLib.DateTime.new_from_unix_utc(k["expires"]))
    cookie.set_http_only(k["http_only"])
    cookie.set_secure(k["secure"])
    cookie.set_same_site_policy(POLICIES.get(k["same_site"], Soup.SameSitePolicy.NONE))
    return cookie


def obey(me, do, cookie):
    def answering(f):
        """An error in a callback is the answer, not the end."""

        def called(*arguments):
            try:
                f(*arguments)
            except Exception as e:
                tell(id=me, error=str(e))

        return called

    @answering
    def listed(j, result):
        tell(id=me, cookies=[plain(c) for c in j.get_all_cookies_finish(result)])

    @answering
    def emptied(j, result):
        cookies = j.get_all_cookies_finish(result)
        left = len(cookies)
        if not left:
            tell(id=me)

        @answering
        def gone(j, result):
            nonlocal left
            j.delete_cookie_finish(result)
            left -= 1
            if not left:
                tell(id=me)

        for c in cookies:
            j.delete_cookie(c, None, gone)

    @answering
    def added(j, result):
        j.add_cookie_finish(result)
        tell(id=me)

    if do == "jar":
        jar.get_all_cookies(None, listed)
    elif do == "clear":
        jar.get_all_cookies(None, emptied)
    elif do == "set":
        jar.add_cookie(made(cookie), None, added)
    elif do == "quit":
        Gtk.main_quit()
    else:  # all that happened before has been told
        tell(id=me)


def heard(stream, result):
    try:
        line, _ = stream.read_line_finish_utf8(result)
    except GLib.Error:
        line = None
    if line is None:  # the harness is gone
        Gtk.main_quit()
        return
    order = json.loads(line)
    try:
        obey(order["id"], order["do"], order["cookie"])
    except Exception as e:
        tell(id=order["id"], error=str(e))
    orders.read_line_async(0, None, heard)


orders.read_line_async(0, None, heard)
Gtk.main()
