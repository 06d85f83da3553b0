"""What a host must be told so that the exported files are the site: nginx, Apache, and hosts that read _headers.

The folder works without any of it; with it /id/ redirects (303), an address without suffix answers in the format and
language asked for, data have their media types, and other sites may read them (CORS).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["HostFiles", "host_files"]

_CHOICE = (
    ("text/html", "html"),
    ("application/xhtml+xml", "html"),
    ("text/turtle", "ttl"),
    ("application/ld+json", "jsonld"),
    ("application/n-triples", "nt"),
    ("application/rdf+xml", "rdf"),
    ("application/json", "jsonld"),
)
"""What an Accept header that names it is given, the first that matches; without any of them, Turtle.

Hosts do not weigh q values; that needs the service.
"""
_BRIEF = "public, max-age=60, must-revalidate"
_LONG = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class HostFiles:
    """The facts: media type by suffix, that of files of which the suffix does not tell it, actions that take an id, and
    addresses that lead to others (303)."""

    media_types: Mapping[str, str]
    odd: Mapping[str, str]
    by_id: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)


def host_files(facts: HostFiles) -> dict[str, str]:
    """The files, by name: `hosting/nginx.conf`, `.htaccess`, `_headers`, `_redirects`."""
    return {
        "hosting/nginx.conf": "".join(_nginx(facts)),
        ".htaccess": "".join(_htaccess(facts)),
        "_headers": "".join(_headers(facts)),
        "_redirects": "".join(_redirects(facts)),
    }


def _charset(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _nginx(facts: HostFiles) -> Iterable[str]:
    yield "# dxlod: http { } の中で include し、root を書き出したフォルダーに。 / Include inside http { }; set root.\n"
    yield "map $http_accept $dxlod_suffix {\n    default .ttl;\n"
    for kind, suffix in _CHOICE:
        yield f'    "~*{kind.replace("+", "[+]").replace(".", "[.]")}" .{suffix};\n'
    yield '}\nmap $http_accept_language $dxlod_language {\n    default "";\n    "~*^\\s*en" /en;\n}\n'
    yield "map $uri $dxlod_cache {\n"
    yield f'    default "{_BRIEF}";\n    "~^/(static|releases)/" "{_LONG}";\n}}\n'
    yield "server {\n    listen 80;\n    root /srv/dxlod;\n    charset utf-8;\n    absolute_redirect off;\n"
    yield "    charset_types text/plain text/css text/csv text/turtle application/n-triples;\n"
    yield "    types {\n"
    for suffix, kind in sorted(facts.media_types.items()):
        yield f"        {kind} {suffix};\n"
    yield "    }\n    default_type application/octet-stream;\n    gzip_static off;\n"
    yield '    add_header Access-Control-Allow-Origin "*" always;\n'
    yield '    add_header Vary "Accept, Accept-Language" always;\n'
    yield "    add_header Cache-Control $dxlod_cache;\n    add_header X-Content-Type-Options nosniff always;\n"
    yield "    error_page 404 /404.html;\n    location ~ ^/(hosting/|export[.]json|_headers|_redirects|[.]htaccess) {\n"
    yield "        return 404;\n    }\n"
    yield "    location ~ ^/id/(?<dxlod_rest>.+)$ { return 303 /doc/$dxlod_rest; }\n"
    yield "    location ~ ^/ja(?<dxlod_rest>/.*)$ { return 308 $dxlod_rest$is_args$args; }\n"
    yield "    location = / { try_files $dxlod_language/index.html /index.html =404; }\n"
    for path, aim in sorted(facts.moved.items()):
        yield f"    location = {path} {{ return 303 {aim}; }}\n"
    for path, kind in sorted(facts.odd.items()):
        yield f"    location = /{path} {{ types {{ }} default_type {kind}; }}\n"
    for path in facts.by_id:
        yield (
            f"    location = /{path} {{ default_type application/json; try_files /{path}/$arg_id =404; }}\n"
            f"    location ^~ /{path}/ {{ default_type application/json; }}\n"
        )
    yield "    location / {\n        try_files $uri $dxlod_language$uri$dxlod_suffix $uri$dxlod_suffix\n"
    yield "            $dxlod_language$uri.html $uri.html $uri.ttl $uri.jsonld $uri/index.html =404;\n    }\n}\n"


def _htaccess(facts: HostFiles) -> Iterable[str]:
    yield "# dxlod: Apache\nOptions -MultiViews -Indexes\nDirectorySlash Off\nAddDefaultCharset utf-8\n"
    yield "ErrorDocument 404 /404.html\n<IfModule mod_mime.c>\n"
    for suffix, kind in sorted(facts.media_types.items()):
        yield f'AddType "{_charset(kind)}" .{suffix}\n'
    # A file such as x.ttl.gz is to be saved as it is, not unpacked on the way.
    yield "RemoveEncoding .gz\nRemoveLanguage .en .ja\n</IfModule>\n<IfModule mod_headers.c>\n"
    yield 'Header set Access-Control-Allow-Origin "*"\nHeader merge Vary "Accept, Accept-Language"\n'
    yield f'Header set Cache-Control "{_BRIEF}"\n</IfModule>\n'
    for name, kind in sorted({path.rpartition("/")[2]: kind for path, kind in facts.odd.items()}.items()):
        yield f'<Files "{name}">\nForceType {kind}\n</Files>\n'
    yield "RewriteEngine On\n"
    # The folder the site lies in, so that it need not be the root of the host.
    yield "RewriteCond %{REQUEST_URI}::$1 ^(.*?/)(.*)::\\2$\nRewriteRule ^(.*)$ - [E=BASE:%1]\n"
    yield "RewriteRule ^id/(.+)$ %{ENV:BASE}doc/$1 [R=303,L]\n"
    for path, aim in sorted(facts.moved.items()):
        yield f"RewriteRule ^{re.escape(path[1:])}$ %{{ENV:BASE}}{aim[1:]} [R=303,L]\n"
    yield "RewriteRule ^ja/(.*)$ %{ENV:BASE}$1 [R=308,L]\n"
    for path in facts.by_id:
        yield f"RewriteCond %{{QUERY_STRING}} (?:^|&)id=([A-Za-z0-9._-]+)\nRewriteRule ^{path}$ {path}/%1 [L]\n"
    yield "RewriteCond %{REQUEST_FILENAME} -f\nRewriteRule ^ - [L]\n"
    yield "RewriteCond %{HTTP:Accept-Language} ^\\s*en [NC]\nRewriteCond %{HTTP:Accept} text/html [NC]\n"
    yield "RewriteRule ^$ en/index.html [L]\nRewriteRule ^$ index.html [L]\n"
    yield "RewriteRule ^en/$ en/index.html [L]\n"
    yield "RewriteCond %{HTTP:Accept-Language} ^\\s*en [NC]\nRewriteCond %{HTTP:Accept} text/html [NC]\n"
    yield "RewriteCond %{DOCUMENT_ROOT}%{ENV:BASE}en/$1.html -f\nRewriteRule ^(.+?)/?$ en/$1.html [L]\n"
    for kind, suffix in _CHOICE:
        pattern = kind.replace("+", "\\+").replace(".", "\\.")
        yield f"RewriteCond %{{HTTP:Accept}} {pattern} [NC]\n"
        yield f"RewriteCond %{{DOCUMENT_ROOT}}%{{ENV:BASE}}$1.{suffix} -f\nRewriteRule ^(.+?)/?$ $1.{suffix} [L]\n"
    for suffix in ("ttl", "html", "jsonld"):
        yield f"RewriteCond %{{DOCUMENT_ROOT}}%{{ENV:BASE}}$1.{suffix} -f\nRewriteRule ^(.+?)/?$ $1.{suffix} [L]\n"


def _headers(facts: HostFiles) -> Iterable[str]:
    yield "# dxlod: hosts that read _headers\n/*\n  Access-Control-Allow-Origin: *\n  X-Content-Type-Options: nosniff\n"
    for suffix, kind in sorted(facts.media_types.items()):
        yield f"/*.{suffix}\n  Content-Type: {_charset(kind)}\n"
    for path, kind in sorted(facts.odd.items()):
        yield f"/{path}\n  Content-Type: {kind}\n"
    for path in facts.by_id:
        yield f"/{path}/*\n  Content-Type: application/json\n"
    yield f"/static/*\n  Cache-Control: {_LONG}\n"


def _redirects(facts: HostFiles) -> Iterable[str]:
    yield "# dxlod: hosts that read _redirects. They cannot negotiate: an address without suffix is the page there.\n"
    yield from (f"{path}  {aim}  303\n" for path, aim in sorted(facts.moved.items()))
    yield "/id/*  /doc/:splat  303\n/ja/*  /:splat  308\n"
    for path in facts.by_id:
        yield f"/{path}  id=:id  /{path}/:id  200\n"
