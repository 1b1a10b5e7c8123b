#!/usr/bin/env python3
"""How fast `momento-token serve` is, beside nginx with a static answer of the same size and Node's http with jose, on one
machine in one run: bench/serve.py PATH-OF-THE-PROGRAM [--seconds N] [--connections N] [--rounds N] [--jose FOLDER]

Wants wrk and nginx (apt-get install wrk nginx-light); Node is left out unless FOLDER has jose in its node_modules. The programs
take turns, and the best round of each counts, since a shared machine only ever adds. Build the program as Release. Neither
writes a line a request."""
import argparse, json, os, re, shutil, signal, subprocess, sys, tempfile, time, urllib.request

CREDENTIAL = "bench-credential-0123456789"
POLICY = {"valid_for": "15m", "token_id": "${user}", "scope": {"permissions": [
    {"role": "publishsubscribe", "cache": "chat", "topic": "room-7"}]}}
WRK = """wrk.method = "POST"
wrk.body = "{}"
wrk.headers["authorization"] = "%s"
wrk.headers["content-type"] = "application/json"
""" % CREDENTIAL
NGINX = """worker_processes auto; pid nginx.pid; error_log stderr error; daemon off;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; client_body_temp_path .; proxy_temp_path .;
  fastcgi_temp_path .; uwsgi_temp_path .; scgi_temp_path .;
  server { listen 127.0.0.1:%d; location / { default_type application/json; return 200 '%s'; } } }
"""


def write(name, content):
    with open(name, "w") as f:
        f.write(content if isinstance(content, str) else json.dumps(content))
    os.chmod(name, 0o600)


def start(*command, **more):
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **more)


def serve(program, alg):
    write(alg + ".json", subprocess.run([program, "keygen", "--alg", alg], capture_output=True, text=True).stdout)
    process = start(program, "serve", "--listen", "127.0.0.1:0", "--admin-listen", "off", "--log", "events", "--key",
                    alg + ".json", "--policy", "policy.json", "--bootstrap", "credential")
    return process, int(re.search(rb"127\.0\.0\.1:(\d+)", process.stdout.readline()).group(1))


def nginx(port, body):
    write("nginx.conf", NGINX % (port, body))
    return start(shutil.which("nginx") or "/usr/sbin/nginx", "-p", os.getcwd(), "-c", "nginx.conf"), port


def node(port, jose):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "serve_node.mjs")
    shutil.copy(script, os.path.join(jose, "momento_token_bench.mjs"))  # ES modules are looked for beside the importer
    return start("node", "momento_token_bench.mjs", str(port), CREDENTIAL, cwd=jose), port


def ask(port):
    request = urllib.request.Request("http://127.0.0.1:%d/functions/chat/vend" % port, b"{}",
                                     {"authorization": CREDENTIAL, "content-type": "application/json"})
    for attempt in range(100):
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.05)
    sys.exit("nothing answers at port %d" % port)


def measured(port, options):
    """Requests a second and the 99th percentile in milliseconds."""
    out = subprocess.run(["wrk", "-t", "1", "-c", str(options.connections), "-d", "%ds" % options.seconds, "--latency",
                          "-s", "post.lua", "http://127.0.0.1:%d/functions/chat/vend" % port],
                         capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        sys.exit("not every answer was 200:\n" + out)
    rate = float(re.search(r"Requests/sec: +([\d.]+)", out).group(1))
    number, unit = re.search(r"99% +([\d.]+)(us|ms|s)", out).groups()
    return rate, float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    for name, default in (("seconds", 5), ("connections", 64), ("rounds", 3)):
        parser.add_argument("--" + name, type=int, default=default)
    parser.add_argument("--jose")
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    jose = options.jose and os.path.abspath(options.jose)
    processes = {}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        write("policy.json", POLICY)
        write("credential", CREDENTIAL)
        write("post.lua", WRK)
        try:
            for alg in ("HS256", "ES256"):
                processes["serve " + alg] = serve(program, alg)
            body = ask(processes["serve HS256"][1])
            processes["nginx, static"] = nginx(18080, body)
            if jose:
                processes["Node, jose HS256"] = node(18081, jose)
            for _, port in processes.values():
                ask(port)
            rounds = {name: [] for name in processes}
            for _ in range(options.rounds):
                for name, (_, port) in processes.items():
                    rounds[name].append(measured(port, options))
        finally:
            for process, _ in processes.values():
                process.send_signal(signal.SIGTERM)
                process.wait()
    best = {name: (max(rate for rate, _ in all_of), min(p99 for _, p99 in all_of)) for name, all_of in rounds.items()}
    print("%d bytes of body, %d connections, best of %d times %d s" % (len(body), options.connections, options.rounds,
                                                                      options.seconds))
    print("%-18s %12s %10s %10s" % ("", "requests/s", "p99 ms", "x nginx"))
    for name, (rate, p99) in best.items():
        print("%-18s %12.0f %10.2f %10.2f" % (name, rate, p99, rate / best["nginx, static"][0]))
    if jose:
        print("serve HS256 is %.1f x Node" % (best["serve HS256"][0] / best["Node, jose HS256"][0]))


if __name__ == "__main__":
    main()
