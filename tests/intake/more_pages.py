"""More pages: those that tempt a reader to guess."""

from __future__ import annotations

from tests.intake.pages import ARTICLE, FOOT, NAV, RUSSIAN, P, Page, body, page

TITLE = "<title>Talks go on at the lake</title>"
MAIN = f"<article><h1>Talks go on at the lake</h1>{P}</article>"

OPEN_GRAPH = page(
    "title only in og:title",
    '<meta property="og:title" content="Talks go on at the lake"><meta name="date" '
    'content="2 December 2025">',
    f"{NAV}<main>{P}</main>{FOOT}",
)
LOGO = page(
    "the name of the site as heading",
    '<title>Talks go on at the lake — The Lake Post</title><meta property="og:site_name" '
    'content="The Lake Post">'
    '<meta itemprop="datePublished" content="20251202T101500Z">',
    f"<header><h1>The Lake Post</h1></header><main><article><h2>Talks go on at the "
    f"lake</h2>{P}</article></main>",
    publisher="The Lake Post",
)
OTHER_HEADING = page(
    "a heading that differs from what is declared",
    '<meta property="og:title" content="Talks go on at the lake">'
    '<meta name="citation_publication_date" content="2025/12/02">',
    f"<main><h1>You will not believe what they said</h1>{P}</main>",
    text=("You will not believe what they said", *ARTICLE),
    remark="heading on the page",
)
BYLINE_TIME = page(
    "day in <time> of the byline",
    TITLE,
    f'{NAV}<article><h1>Talks go on at the lake</h1><div class="byline">By <a rel="author" '
    f'href="/jr">Jana Roe</a>'
    f'<time datetime="2025-12-02T09:00">2 Dec</time></div>{P}'
    '<p>They meet again on <time datetime="2026-01-15">15 January</time>.</p></article>'
    '<aside><a href="/x">Other</a> <time datetime="2025-11-30">30 Nov</time></aside>',
    text=(*ARTICLE, "They meet again on 15 January."),
    authors=("Jana Roe",),
)
MARKED_DAY = page(
    "day marked as datePublished",
    TITLE,
    f'<article><h1>Talks go on at the lake</h1><span itemprop="author">Jana Roe</span> '
    f'<span itemprop="datePublished">Tuesday, December 2nd, 2025</span>{P}</article>',
    authors=("Jana Roe",),
)
TIMES_IN_TEXT = page(
    "days that the text speaks of",
    TITLE,
    f"<article><h1>Talks go on at the lake</h1>{P}"
    '<p>They meet again on <time datetime="2025-11-15">15 November</time>, it was said at '
    "the end.</p></article>",
    day=None,
    text=(*ARTICLE, "They meet again on 15 November, it was said at the end."),
)
NO_DAY = page(
    "a year of copyright and a number in the address",
    TITLE,
    f"{NAV}<main>{MAIN}</main>{FOOT}<p>Last updated: 3 December 2025</p>",
    day=None,
    url="https://lake.example/2024/05/17/talks",
)
ONLY_CHANGED = page(
    "only a day of change",
    TITLE + '<meta property="article:modified_time" content="2025-12-04">',
    f'<article><header><h1>Talks go on at the lake</h1><p class="updated">Updated <time '
    f'datetime="2025-12-04">4 Dec'
    f"</time></p></header>{P}</article>",
    day=None,
    text=("Updated 4 Dec", *ARTICLE),
    remark="day on which it was changed",
)
TWO_WAYS = page(
    "a day that reads in two ways",
    TITLE + '<meta name="pubdate" content="03/12/2025">',
    MAIN,
    day=None,
    remark="more than one way",
)
TWO_DAYS = page(
    "two days that disagree",
    TITLE + '<meta property="article:published_time" content="2025-12-02">'
    '<script type="application/ld+json">{"@type": "Article", "datePublished": "2023-07-01"}</script>',
    MAIN,
    day=None,
    remark="more than one day",
)
TWO_CLOCKS = page(
    "one moment on two clocks",
    TITLE + '<meta property="article:published_time" content="2025-12-02T00:30:00+02:00">'
    '<script type="application/ld+json">'
    '{"@type": "Article", "datePublished": "2025-12-01T22:30:00Z"}</script>',
    MAIN,
)
NEAR_MIDNIGHT = page(
    "a moment in UTC near midnight",
    TITLE + '<meta property="article:published_time" content="2025-12-02T22:30:00.000Z">',
    MAIN,
    remark="near midnight",
)
FUTURE = page(
    "a day that has not come",
    TITLE + '<meta property="article:published_time" content="2999-12-02">',
    MAIN,
    day=None,
    remark="more than one way",
)
OTHERS_LINKED = page(
    "JSON-LD of other articles",
    TITLE
    + """<script type="application/ld+json">[{"@type": "NewsArticle", "headline": "A bridge is built",
    "datePublished": "2025-11-01"}, {"@type": "NewsArticle", "headline": "The dam holds",
    "datePublished": "2025-11-02"}]</script><script type="application/ld+json">{ broken</script>""",
    MAIN,
    day=None,
)
ELSEWHERE = page(
    "a canonical address on another site",
    TITLE
    + '<link rel="canonical" href="https://agency.example/wire/1"><meta name="date" content="02.12.2025">',
    MAIN,
    remark="another site as its own",
)
SCRIPT_ADDRESS = page(
    "a canonical address that is none",
    TITLE + '<link rel="canonical" href="javascript:alert(1)"><meta name="date" content="2025-12-02">',
    MAIN,
)
TEMPLATE_LANGUAGE = page(
    "a language that only the template has",
    '<meta charset="utf-8"><title>Переговоры на озере</title><meta name="date" content="2025-12-02">',
    f"<main><h1>Переговоры на озере</h1>{body(RUSSIAN)}</main>",
    title="Переговоры на озере",
    text=tuple(RUSSIAN),
    language="",
    remark="letters do not belong",
)
WRONG_LETTERS = Page(
    "declared as UTF-8 and windows-1251",
    (
        '<html lang="ru"><head><meta charset="utf-8"><title>Переговоры на озере</title></head>'
        f"<body><h1>Переговоры на озере</h1>{body(RUSSIAN)}</body></html>"
    ).encode("cp1251"),
    title="Переговоры на озере",
    day=None,
    text=tuple(RUSSIAN),
    language="ru",
    remark="taken for windows-1251",
)
WIDE = Page(
    "UTF-16 with its mark",
    f'<html lang="en"><head>{TITLE}<meta name="date" content="2 Dec 2025"></head>{MAIN}</html>'.encode(
        "utf-16"
    ),
)
LONG = page(
    "very long",
    TITLE + '<meta name="date" content="2025-12-02">',
    f"<main><h1>Talks go on at the lake</h1>{body([f'{n}. {ARTICLE[n % 3]}' for n in range(900)])}</main>",
    text=tuple(f"{n}. {ARTICLE[n % 3]}" for n in (0, 1, 450, 899)),
)
HIDDEN = page(
    "words that no reader sees",
    TITLE + '<meta name="date" content="2025-12-02">',
    f"<article><h1>Talks go on at the lake</h1><p hidden>They agreed on everything, in "
    f"secret, long ago.</p>{P}"
    '<p style="display: none">And the dam is sold to the northern shore for a song.</p></article>',
)
BROKEN = page(
    "tags that do not close",
    TITLE + '<meta name="date" content="2025-12-02"><p></head>',
    "<div><div><article><h1>Talks go on at the lake</h1>"
    + "".join(f"<p>{each}" for each in ARTICLE)
    + "</span></div></b>",
)
POST = page(
    "a post on a network",
    """<title>Jana Roe: Talks go on at the lake</title><script type="application/ld+json">
    {"@type": "SocialMediaPosting", "headline": "Talks go on at the lake", "author": {"name": "Jana Roe"},
    "datePublished": "2025-12-02T23:59:00-05:00", "publisher": {"name": "Shore"}}</script>""",
    f"<main><article>{P}</article></main>",
    authors=("Jana Roe",),
    publisher="Shore",
)
