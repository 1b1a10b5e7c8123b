#!/usr/bin/env python3
"""Checks the built site without a network: check_site.py SITE. Every link to a page and every anchor exists, no anchor is there
twice, and nothing that a page loads comes from elsewhere."""
import os
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

LOADED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src")}


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.doubled, self.links, self.loads = set(), [], [], []

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if named.get("id") in self.ids:
            self.doubled.append(named["id"])
        self.ids.update(value for name, value in attributes if name in ("id", "name") and value)
        if tag == "a" and named.get("href"):
            self.links.append(named["href"])
        for element, attribute in LOADED:
            if tag == element and named.get(attribute) and named.get("rel") not in ("canonical", "next", "prev"):
                self.loads.append(named[attribute])


def pages_of(site):
    pages = {}
    for where, _, names in os.walk(site):
        for name in names:
            if name.endswith(".html"):
                path = os.path.join(where, name)
                page = Page()
                with open(path, encoding="utf-8") as file:
                    page.feed(file.read())
                pages[os.path.normpath(path)] = page
    return pages


def problems_of(path, page, pages, site):
    for name in page.doubled:
        yield "has the place #%s twice" % name
    for load in page.loads:
        if urlsplit(load).scheme or load.startswith("//"):
            yield "loads %s" % load
    for link in page.links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        base = site if parts.path.startswith("/") else os.path.dirname(path)
        target = os.path.normpath(os.path.join(base, unquote(parts.path).lstrip("/"))) if parts.path else path
        if not os.path.exists(target):
            yield "links to %s, which is not there" % link
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
            yield "links to %s, and that page has no such place" % link


def main():
    site = os.path.normpath(sys.argv[1])
    pages = pages_of(site)
    problems = ["%s: %s" % (os.path.relpath(path, site), problem) for path, page in sorted(pages.items())
                if os.path.basename(path) != "404.html" for problem in problems_of(path, page, pages, site)]
    if problems:
        sys.exit("\n".join(problems))
    print("%d pages, %d links" % (len(pages), sum(len(page.links) for page in pages.values())))


main()
