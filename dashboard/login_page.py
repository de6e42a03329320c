"""The sign-in page: plain HTML, before any page of Streamlit is served."""

from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from dashboard.texts import catalogue, preferred

_PAGE: Final = """<!doctype html><html lang="{language}"><meta charset="utf-8">
<title>{title}</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width"><style>
:root{{color-scheme:light dark}}
body{{font:14px/1.5 Inter,system-ui,sans-serif;display:grid;place-items:center;
min-height:90vh;margin:0;background:light-dark(#f9fafb,#0f1218);color:light-dark(#1b1f28,#e5e8ef)}}
form{{display:grid;gap:12px;width:20rem;padding:28px;border-radius:10px;
background:light-dark(#fff,#171b23);
border:1px solid light-dark(#e2e5eb,#282e3a)}}
h1{{font-size:18px;margin:0}}label{{display:grid;gap:4px}}
label.keep{{display:flex;gap:8px;align-items:center}}
small{{color:light-dark(#667085,#98a1b3)}}
p{{margin:0;color:light-dark(#d1344b,#ff7085)}}
input[type=text],input[type=password]{{font:inherit;padding:8px 10px;border-radius:6px;
background:transparent;border:1px solid light-dark(#cfd4dd,#394150);color:inherit}}
button{{font:inherit;font-weight:600;padding:8px;border:0;border-radius:6px;background:#4757d6;
color:#fff;cursor:pointer}}</style><form method="post"><h1>{title}</h1>{message}
<input type="hidden" name="next" value="{next}">
<label>{key}<input name="key" type="password" autocomplete="current-password" required
autofocus></label>
<label>{name}<input name="name" type="text" autocomplete="nickname" maxlength="100">
<small>{name_hint}</small></label>
<label class="keep"><input name="keep" type="checkbox" value="1">{keep}</label>
<button>{button}</button></form></html>"""


def login_page(
    request: Request, *, next_path: str = "/", problem: str = "", status: int = 200
) -> HTMLResponse:
    """Return the page in the language that the browser asks for.

    Args:
        request: Says which language.
        next_path: Where to go once signed in.
        problem: Last part of the key of the sentence that says what went wrong.
        status: Of the answer.
    """
    accepted = request.headers.get("accept-language", "").replace(";", ",").split(",")
    language = preferred(*accepted)
    texts = catalogue(language)
    message = texts[f"login.{problem}"] if problem else ""
    words = ("title", "key", "name", "name_hint", "keep", "button")
    body = _PAGE.format(
        language=language,
        next=escape(next_path, quote=True),
        message=f'<p role="alert">{escape(message)}</p>' if message else "",
        **{word: escape(texts[f"login.{word}"]) for word in words},
    )
    return HTMLResponse(body, status, {"Cache-Control": "no-store"})
