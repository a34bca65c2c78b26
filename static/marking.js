// Marking words in a source's text, with the mouse or by keyboard: what is marked goes into the form named by
// data-marking, whose buttons stand beside the words. Without this script the words are pasted into that form.
"use strict";

(() => {
  const words = () => document.getElementById("words");
  const form = () => document.getElementById(words()?.dataset.marking);
  const menu = () => words()?.querySelector(".marked");
  const LABEL = "a, .marked"; // what stands in the text and is not of it

  // The places of a paragraph's letters: its text nodes, but for labels.
  const nodesOf = (paragraph) => {
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement.closest(LABEL) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return nodes;
  };
  const paragraphs = () => [...words().querySelectorAll(":scope > p")];
  const textOf = (paragraph) => nodesOf(paragraph).map((node) => node.data).join("");
  const rangeOf = (paragraph, start, end) => {
    const range = document.createRange();
    let before = 0;
    for (const node of nodesOf(paragraph)) {
      const after = before + node.length;
      if (start >= before && start < after) range.setStart(node, start - before);
      if (end > before && end <= after) range.setEnd(node, end - before);
      before = after;
    }
    return range;
  };
  const quoteOf = (range) => {
    const copy = range.cloneContents();
    for (const label of copy.querySelectorAll(LABEL)) label.remove();
    const parts = [...copy.children].filter((child) => child.matches("p"));
    return (parts.length ? parts.map((part) => part.textContent.trim()).join("\n\n") : copy.textContent).trim();
  };

  // Sentences of a paragraph as [start, end), without the blanks behind them.
  const sentencesOf = (paragraph) => {
    const text = textOf(paragraph);
    if (!window.Intl?.Segmenter) return [[0, text.length]];
    const language = words().lang || document.documentElement.lang || "en";
    let segmenter;
    try {
      segmenter = new Intl.Segmenter(language, { granularity: "sentence" });
    } catch {
      segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
    }
    // A line's end is no sentence's end.
    return [...segmenter.segment(text.replace(/\s/g, " "))]
      .map(({ segment, index }) => [index, index + segment.trimEnd().length])
      .filter(([start, end]) => end > start);
  };

  // Where the keyboard is: a paragraph, and the marked letters of it.
  let at = { paragraph: 0, start: -1, end: -1 };

  const hide = () => {
    if (menu()) menu().hidden = true;
  };
  const take = (range) => {
    const quote = quoteOf(range);
    if (!quote || !form()) return hide();
    // Selected text loses its colour with the focus: what is marked keeps one of its own.
    window.CSS?.highlights?.set("marked", new Highlight(range.cloneRange()));
    const field = form().elements.quote;
    field.value = quote;
    const [box, around] = [range.getBoundingClientRect(), words().getBoundingClientRect()];
    const acts = menu();
    if (!acts) return;
    acts.hidden = false;
    acts.style.insetBlockStart = `${box.bottom - around.top + 6}px`;
    acts.style.insetInlineStart = `${Math.max(0, Math.min(box.left - around.left, around.width - acts.offsetWidth))}px`;
  };
  const mark = (paragraph, start, end) => {
    at = { paragraph, start, end };
    const range = rangeOf(paragraphs()[paragraph], start, end);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    take(range);
    const box = range.getBoundingClientRect();
    if (box.top < 80 || box.bottom > innerHeight - 80) scrollBy(0, box.top - innerHeight / 3);
  };

  const goBy = (step, byParagraph) => {
    const all = paragraphs();
    let { paragraph, start } = at;
    paragraph = Math.min(paragraph, all.length - 1);
    const sentences = sentencesOf(all[paragraph]);
    const here = sentences.findIndex(([first, last]) => start >= first && start < last);
    const next = start < 0 ? 0 : here + step;
    if (!byParagraph && sentences[next]) return mark(paragraph, ...sentences[next]);
    if (start >= 0) paragraph += step;
    if (!all[paragraph]) return;
    const list = sentencesOf(all[paragraph]);
    const one = step > 0 || byParagraph ? list[0] : list.at(-1);
    if (one) mark(paragraph, ...one);
  };
  const stretch = (step) => {
    if (at.start < 0) return;
    const text = textOf(paragraphs()[at.paragraph]);
    const rest = text.slice(at.end);
    const marked = text.slice(at.start, at.end);
    const by = step > 0 ? rest.match(/^\s*\S+/)?.[0].length ?? 0 : -(marked.match(/\s+\S+$/)?.[0].length ?? 0);
    mark(at.paragraph, at.start, at.end + by);
  };

  const stretchStart = (step) => {
    if (at.start < 0) return;
    const text = textOf(paragraphs()[at.paragraph]);
    const by = step > 0 ? text.slice(at.start, at.end).match(/^\S+\s+/)?.[0].length ?? 0 : -(text.slice(0, at.start).match(/\S+\s*$/)?.[0].length ?? 0);
    mark(at.paragraph, at.start + by, at.end);
  };

  document.addEventListener("keydown", (event) => {
    if (event.target !== words() || event.altKey || event.metaKey) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step && event.shiftKey && event.ctrlKey) stretchStart(step);
    else if (step && event.shiftKey) stretch(step);
    else if (step) goBy(step, event.ctrlKey);
    else if (event.key === "Enter" && at.start >= 0) (form().elements.issue ?? form().elements.quote).focus();
    else if (event.key === "Escape") {
      getSelection().removeAllRanges();
      window.CSS?.highlights?.delete("marked");
      hide();
      at.start = -1;
    } else return;
    event.preventDefault();
  });

  // The mouse: what was selected inside the text, wherever the button was let go.
  document.addEventListener("pointerup", (event) => {
    if (!words() || event.target.closest?.(".marked")) return;
    setTimeout(() => {
      const selection = getSelection();
      if (!selection.rangeCount || selection.isCollapsed) return hide();
      const range = selection.getRangeAt(0);
      if (!words().contains(range.commonAncestorContainer)) return;
      take(range);
      const paragraph = paragraphs().findIndex((each) => each.contains(range.startContainer));
      if (paragraph < 0 || !paragraphs()[paragraph].contains(range.endContainer)) return;
      const lead = document.createRange();
      lead.setStart(paragraphs()[paragraph], 0);
      lead.setEnd(range.startContainer, range.startOffset);
      const start = quoteLength(lead);
      at = { paragraph, start, end: start + quoteLength(range) };
    });
  });
  const quoteLength = (range) => {
    const copy = range.cloneContents();
    for (const label of copy.querySelectorAll(LABEL)) label.remove();
    return copy.textContent.length;
  };

  // A form that was typed in is not taken away by the next words: it is saved or cancelled first.
  document.addEventListener("input", (event) => {
    const typed = event.target.closest?.("#cited form");
    if (typed) typed.dataset.typed = "";
  });
  const guard = (event) => {
    const typed = document.querySelector("#cited form[data-typed]");
    const source = event.detail?.ctx?.sourceElement ?? event.target;
    if (!typed || source !== form()) return;
    event.preventDefault();
    const message = document.createElement("div");
    message.className = "message bad";
    message.textContent = words().dataset.unsaved;
    document.getElementById("flash").replaceChildren(message);
    typed.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  };
  document.addEventListener("htmx:config:request", guard);

  // After a save the text is another element; who was at the keyboard goes on where they were.
  document.addEventListener("htmx:after:settle", (event) => {
    const saved = (event.detail.newContent ?? []).some((node) => node instanceof Element && node.querySelector("#words"));
    if (saved) {
      window.CSS?.highlights?.delete("marked");
      words().focus({ preventScroll: true });
    }
    if (document.querySelector("#cited > *")) hide();
  });
})();
