"""What asks in earnest: a page in Chromium, and Momento's own JavaScript SDK, from npm. What is not here is named and left out."""
import functools, http.server, json, os, re, shutil, subprocess, threading

from serve_cases.support import CREDENTIAL, PATIENCE, RFC_KEY, Server, case, check, claims_of, equal, write

SDK = "@gomomento/sdk@1.118.1"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

PAGE = """<!doctype html><meta charset="utf-8"><title>asks</title><script>
const ask = async (path, credential, body = '{}') => {
  const asked = {method: 'POST', headers: {'authorization': credential, 'content-type': 'application/json'}, body};
  try {
    const answer = await fetch('%(url)s' + path, credential ? asked : {});
    return {status: answer.status, id: answer.headers.get('x-request-id'), body: await answer.json()};
  } catch (error) {
    return {blocked: error.name};
  }
};
(async () => {
  const seen = {
    vended: await ask('/functions/chat/vend', '%(credential)s'),
    wrong: await ask('/functions/chat/vend', 'wrong'),
    malformed: await ask('/functions/chat/vend', '%(credential)s', '{'),
    nowhere: await ask('/nowhere'),
  };
  document.body.textContent = 'seen ' + encodeURIComponent(JSON.stringify(seen)) + ' seen';
})();
</script><body></body>
"""

READER = """
const {CredentialProvider} = require('@gomomento/sdk');
const headers = {authorization: process.argv[3]};
const ask = path => fetch(process.argv[2] + path, {headers});
const read = text => {
  const provider = CredentialProvider.fromString(text);
  return {token: provider.getAuthToken(), cache: provider.getCacheEndpoint()};
};
(async () => {
  const functions = await (await ask('/functions/chat/vend')).json();
  const wrapped = btoa(JSON.stringify({endpoint: functions.endpoint, api_key: functions.api_key}));
  console.log(JSON.stringify({
    functions: read(wrapped),
    node: read((await (await ask('/node')).json()).authToken),
    text: read(await (await ask('/api/momento/token')).text()),
  }));
})();
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def left_out(what, where):
    print("left out: %s (%s)" % (what, where))


def page_server():
    pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory="pages"))
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    return pages


def seen_by_a_page_from(origin):
    """What the page's script got from the server, when Chromium opened it as `origin`."""
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + os.path.abspath("profile"),
               "--virtual-time-budget=20000", "--dump-dom", origin + "/page.html"]
    dom = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=2 * PATIENCE).stdout.decode()
    found = re.search(r"seen (\S+) seen", dom)
    check("the page says what it got", found, dom)
    return json.loads(http.server.urllib.parse.unquote(found.group(1)))


@case
def a_page_in_a_browser_gets_a_token_where_its_origin_is_allowed_and_nothing_elsewhere():
    if not CHROMIUM:
        return left_out("the browser", "install chromium")
    os.mkdir("pages")
    pages = page_server()
    ours, other = ("http://%s:%d" % (name, pages.server_port) for name in ("localhost", "127.0.0.1"))
    server = Server("--cors-origin", ours)
    write("pages/page.html", PAGE % {"url": "http://127.0.0.1:%d" % server.port, "credential": CREDENTIAL})

    seen = seen_by_a_page_from(ours)
    equal("vended", seen["vended"].get("status"), 200)
    equal("its scope's subject", claims_of(seen["vended"]["body"]["api_key"], RFC_KEY)["tid"], "bootstrap")
    for name, status, code in (("wrong", 401, "invalid_token"), ("malformed", 400, "invalid_request"), ("nowhere", 404, "not_found")):
        equal(name, (seen[name].get("status"), seen[name].get("body", {}).get("code")), (status, code))
        check(name + " has an id that the page can tell", seen[name].get("id"), seen[name])

    equal("another origin", {name: got.get("blocked") for name, got in seen_by_a_page_from(other).items()},
          dict.fromkeys(seen, "TypeError"))
    pages.shutdown()
    equal("it ends well", server.end(), 0)


@case
def the_official_javascript_sdk_reads_what_is_vended():
    if not shutil.which("npm"):
        return left_out("the JavaScript SDK", "install nodejs and npm")
    write("package.json", '{"private": true}')
    write("read.js", READER)
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", SDK], check=True, timeout=10 * PATIENCE)
    server = Server()
    read = subprocess.run(["node", "read.js", "http://127.0.0.1:%d" % server.port, CREDENTIAL], stdout=subprocess.PIPE,
                          check=True, timeout=PATIENCE)
    for shape, got in json.loads(read.stdout).items():
        equal(shape + ": the host", got["cache"], "cache.cell.example.com")
        check(shape + ": the token", "p" in claims_of(got["token"], RFC_KEY))
    equal("it ends well", server.end(), 0)
