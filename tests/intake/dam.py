"""News of the dam: a page at its address, and the same as it is pasted."""

ADDRESS = "https://shore.example/news/dam?utm_source=feed"
PAGE = """<!doctype html><html lang="en"><head><title>News of the dam - The Shore</title>
<meta property="og:title" content="News of the dam"><meta property="og:site_name" content="The Shore">
<meta name="author" content="Ann Lee"><meta property="article:published_time" content="2025-12-02T10:00:00Z">
<link rel="canonical" href="https://shore.example/news/dam"></head><body><article><h1>News of the dam</h1>
<p>The delegations of both towns met for the fourth time on Tuesday and spoke at length of the dam.</p>
<p>“We shall pay for half of it”, the minister of Blue said after the meeting, and not for more than that.</p>
<p>The envoy of Red did not answer him, and left the lake in the evening by the last boat of the day.</p>
</article></body></html>"""
PASTE = """News of the dam

The delegations of both towns met for the fourth time on Tuesday and spoke at length of the dam.

“We shall pay for half of it”, the minister of Blue said after the meeting, and not for more than that."""
