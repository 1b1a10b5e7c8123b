"""Loads and faults that take minutes: `serve_test.py PROGRAM --long`."""
import json, os, resource, signal, statistics, subprocess, threading, time

from serve_cases import support
from serve_cases.draining import Client, end_under_load
from serve_cases.reloading import AUTHORIZE
from serve_cases.support import (
    PATIENCE, RFC_KEY, Server, case, check, claims_of, equal, read_one, request, unpadded, write_replacing)

ROTATIONS, SLOW, IDLE = 1000, 1000, 10_000


@case
def a_thousand_rotations_refuse_no_valid_token():
    server = Server()
    stop, refused, checked = threading.Event(), [], [0]

    def use():
        kept = []
        while not stop.is_set():
            kept = kept[-20:] + [server.ask().json()["api_key"]]
            for token in (kept[0], kept[-1]):
                status = server.ask("GET", "/authorize", headers=AUTHORIZE, credential=token).status
                checked[0] += 1
                if status != 204:
                    refused.append(status)
    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    first = server.ask().json()["api_key"]
    for number in range(ROTATIONS):
        key = {**RFC_KEY, "kid": "r%d" % number, "k": unpadded(os.urandom(32))}
        write_replacing("key.json", key)
        server.tell(signal.SIGHUP)
        while not is_signed_by(server, key["kid"]):
            time.sleep(0.001)
    stop.set()
    for thread in threads:
        thread.join()
    equal("refused", refused, [])
    check("while others were at it", checked[0] > ROTATIONS, checked)
    first_status = server.ask("GET", "/authorize", headers=AUTHORIZE, credential=first).status
    equal("the first token still holds", first_status, 204)
    equal("no failure", server.log("reload_failed"), [])
    equal("it ends well", server.end(), 0)


def is_signed_by(server, kid):
    head = server.ask().json()["api_key"].split(".")[0]
    return json.loads(support.decoded(head))["kid"] == kid


def latencies(server, count=400):
    times = []
    with server.connect() as s:
        stream = s.makefile("rb")
        for _ in range(count):
            begin = time.perf_counter()
            s.sendall(request())
            equal_quietly(read_one(stream).status, 200)
            times.append(time.perf_counter() - begin)
    return statistics.quantiles(times, n=100)[98]


def equal_quietly(got, want):
    if got != want:
        raise AssertionError("%r" % got)


def allow_files(count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        return False
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))
    return True


@case
def a_thousand_slow_clients_do_not_slow_the_others():
    if not allow_files(SLOW + 200):
        return
    server = Server("--header-timeout", "1h")
    alone = min(latencies(server) for _ in range(3))
    slow = [server.connect() for _ in range(SLOW)]
    for number, s in enumerate(slow):
        s.sendall(b"POST /functions/chat/vend HTTP/1.1\r\nHost: x" if number % 2 else request()[:-1])
    among = min(latencies(server) for _ in range(3))
    print("p99 %.2f ms alone, %.2f ms among %d slow clients" % (alone * 1e3, among * 1e3, SLOW))
    check("p99 at most twice as long, or within 5 ms", among <= max(2 * alone, alone + 0.005), (alone, among))
    for s in slow:
        s.close()
    equal("it ends well", server.end(), 0)


def memory_of(server):
    with open("/proc/%d/statm" % server.process.pid) as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@case
def ten_thousand_idle_connections_fit():
    if not os.path.exists("/proc/self/statm") or not allow_files(IDLE + 200):
        return
    server = Server("--idle-timeout", "1h")
    server.ask()
    before = memory_of(server)
    idle = []
    for _ in range(IDLE):
        s = server.connect()
        s.sendall(request())
        s.recv(4096)
        idle.append(s)
    each = (memory_of(server) - before) / IDLE
    print("%.0f bytes for each of %d idle connections" % (each, IDLE))
    check("at most 8 KiB each", each <= 8192, each)
    equal("others are served", server.ask().status, 200)
    for s in idle:
        s.close()
    equal("it ends well", server.end(), 0)


@case
def sigterm_under_load_loses_nothing_ten_times():
    for _ in range(10):
        server = Server()
        end_under_load(server, 16, 1000)
        server.end()


@case
def killed_under_load_it_serves_again_within_a_second():
    server = Server()
    clients = [Client(server) for _ in range(8)]
    for client in clients:
        client.start()
    time.sleep(1)
    server.process.kill()
    begin = time.monotonic()
    server.process.wait(PATIENCE)
    again = subprocess_again(server)
    equal("serving", again.ask().status, 200)
    took = time.monotonic() - begin
    print("%.0f ms from the kill to the first answer" % (took * 1e3))
    check("within a second", took < 1, took)
    for client in clients:
        client.join(PATIENCE)
    again.end()


def subprocess_again(server):
    return Server("--listen", "127.0.0.1:%d" % server.port)


@case
def a_log_that_nobody_reads_holds_nothing_up():
    server = Server(wait=True)
    server.end()
    r, w = os.pipe()
    support.write("key.json", RFC_KEY)
    parts = ["--key", "key.json", "--policy", "policy.json", "--bootstrap", "credential"]
    process = subprocess.Popen([support.program, "serve", "--listen", "127.0.0.1:0", "--admin-listen", "off", *parts],
                               stdout=subprocess.PIPE, stderr=w)
    os.close(w)
    server.process, server.errors = process, open(os.devnull, "w+b")
    support.running.append(server)
    server.port = int(process.stdout.readline().decode().split("127.0.0.1:")[1].split()[0])
    with server.connect() as s:
        stream = s.makefile("rb")
        for _ in range(5000):  # a pipe holds 64 KiB
            s.sendall(request())
            equal_quietly(read_one(stream).status, 200)
    check("5000 requests beside a full pipe", True)
    claims_of(server.ask().json()["api_key"], RFC_KEY)
    equal("nor the end", server.end(), 0)
    os.close(r)
