// What the browser adds to pages that work without it: drafts, keys, focus, conditional fields, plain words when a
// request fails. Every listener stands on the document, so that content swapped in later needs no set-up of its own.
"use strict";

(() => {
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const near = (node, selector) => (node instanceof Element ? node.closest(selector) : null);

  // Drafts: what was typed into <form data-draft="key"> lives in sessionStorage until it was saved or discarded; but for
  // a field with data-of-page, which holds what the page was asked for.

  const PREFIX = "draft:";
  const SENT = "draft-sent";
  const RESUME = "draft-resume";
  const SECRET = /^(csrf_token|form_token)$/;
  const keyOf = (form) => `${PREFIX}${document.body.dataset.draftsOf ?? ""}:${form.dataset.draft}`;
  const store = (action) => {
    try {
      return action(sessionStorage);
    } catch {
      return null; // Storage may be full or forbidden: then nothing is kept, and nothing breaks.
    }
  };
  const kept = (form) =>
    [...form.elements].filter((field) => field.name && !SECRET.test(field.name) && !("ofPage" in field.dataset) && !["password", "file", "submit", "button"].includes(field.type));
  const isBox = (field) => field.type === "checkbox" || field.type === "radio";
  const valuesOf = (form) =>
    kept(form).map((field) => {
      if (isBox(field)) return [field.name, field.value, field.checked];
      return [field.name, field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value];
    });
  const keep = (form) => store((storage) => storage.setItem(keyOf(form), JSON.stringify(valuesOf(form))));
  const drop = (...keys) => store((storage) => keys.forEach((key) => storage.removeItem(key)));
  // A form may be made from what was typed into another (data-draft-from="key"): then the two drafts go together.
  const keysOf = (form) => {
    const { draft, draftFrom } = form.dataset;
    return [draft, draftFrom].filter(Boolean).map((each) => keyOf({ dataset: { draft: each } }));
  };
  const forget = (form) => drop(...keysOf(form));
  const read = (form) => store((storage) => JSON.parse(storage.getItem(keyOf(form))));

  const put = (field, value, checked) => {
    if (isBox(field)) field.checked = checked;
    else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
    else field.value = value;
  };

  // A new form takes its draft whole, with the version it was begun from: an old version ends in the conflict panel,
  // never in silence. A form that the server sent back after a refusal keeps the server's hidden fields.
  const restore = (form, refused) => {
    const draft = read(form);
    if (!draft) return;
    const before = JSON.stringify(valuesOf(form));
    const fields = kept(form);
    const taken = new Map();
    for (const [name, value, checked] of draft) {
      const same = fields.filter((field) => field.name === name && (!isBox(field) || field.value === value));
      const nth = taken.get(name + (checked === undefined ? "" : value)) ?? 0;
      taken.set(name + (checked === undefined ? "" : value), nth + 1);
      const field = same[nth];
      if (field && !(refused && field.type === "hidden")) put(field, value, checked);
    }
    const note = form.querySelector("[data-draft-note]");
    if (note && !refused) note.hidden = before === JSON.stringify(valuesOf(form));
  };

  const discard = (form) => {
    drop(keyOf(form));
    form.reset();
    const note = form.querySelector("[data-draft-note]");
    if (note) note.hidden = true;
    arrange(form);
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  };

  // A form sent without htmx leaves the page. On the next one its draft goes, unless the form came back with no word of
  // being saved, or the page says that nothing was saved (data-keep-drafts).
  const settle = () => {
    const sent = store((storage) => JSON.parse(storage.getItem(SENT)));
    if (!sent || "keepDrafts" in document.body.dataset) return;
    drop(SENT);
    const saved = document.querySelector("#flash > .good");
    const here = saved ? [] : $$("form[data-draft]").flatMap(keysOf);
    drop(...sent.filter((key) => !here.includes(key)));
  };

  // The link that opens a form in place names its draft: <a data-opens="key">. Where text waits, the link says so; and
  // a form that met the end of its session opens again on the first page after sign-in.
  const waits = (link) => store((storage) => storage.getItem(keyOf({ dataset: { draft: link.dataset.opens } })));
  const announce = () => {
    for (const link of $$("[data-opens]")) {
      link.querySelector(".unsaved")?.remove();
      if (!waits(link)) continue;
      const words = document.createElement("span");
      words.className = "unsaved";
      words.textContent = ` (${document.getElementById("flash")?.dataset.unsaved})`;
      link.append(words);
    }
  };
  const resume = () => {
    if ("keepDrafts" in document.body.dataset) return;
    const key = store((storage) => storage.getItem(RESUME));
    store((storage) => storage.removeItem(RESUME));
    if (key) $$("[data-opens]").find((link) => waits(link) && keyOf({ dataset: { draft: link.dataset.opens } }) === key)?.click();
  };

  // Conditional fields: data-when="name=a,b" or "name!=a". A hidden field is disabled too, so that it is not sent.

  const chosen = (form, name) =>
    [...form.elements].filter((field) => field.name === name && (!isBox(field) || field.checked)).map((field) => field.value);
  const arrange = (form) => {
    for (const part of $$("[data-when]", form)) {
      const [, name, not, list] = part.dataset.when.match(/^([^!=]+)(!?)=(.*)$/) ?? [];
      if (!name) continue;
      const hit = chosen(form, name).some((value) => list.split(",").includes(value));
      const shown = not ? !hit : hit;
      part.hidden = !shown;
      for (const field of $$("input, select, textarea", part)) field.disabled = !shown;
    }
  };

  const prepare = (root, refused = false) => {
    const forms = root.matches?.("form") ? [root] : $$("form", root);
    for (const form of forms) {
      // What the server proposed belongs to the draft; the draft of before does not go over it.
      if (form.dataset.draft) "proposed" in form.dataset ? keep(form) : restore(form, refused);
      for (const copier of $$("[data-copies]", form)) copier.hidden = false;
      arrange(form);
    }
  };

  // Messages.

  const tell = (text, link) => {
    const flash = document.getElementById("flash");
    if (!flash) return;
    const message = document.createElement("div");
    message.className = "message bad";
    message.textContent = text;
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = `${flash.dataset.signInUrl}?next=${encodeURIComponent(location.pathname + location.search)}`;
      anchor.textContent = flash.dataset.signIn;
      message.append(" ", anchor);
    }
    flash.replaceChildren(message);
  };
  const words = () => document.getElementById("flash")?.dataset ?? {};

  // Events of the page.

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form) return;
    arrange(form);
    if (form.dataset.draft) keep(form);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ("clearsDrafts" in form.dataset) {
      store((storage) => Object.keys(storage).filter((key) => key.startsWith(PREFIX)).forEach((key) => storage.removeItem(key)));
    } else if (form.dataset.draft) {
      keep(form);
      if (!event.defaultPrevented && !form.hasAttribute("hx-post")) store((storage) => storage.setItem(SENT, JSON.stringify(keysOf(form))));
    }
  });

  document.addEventListener("click", (event) => {
    const form = near(event.target, "form");
    if (near(event.target, "[data-draft-discard]")) discard(form);
    const copier = near(event.target, "[data-copies]");
    if (copier) {
      form.elements[copier.dataset.into].value = form.elements[copier.dataset.copies].value;
      form.elements[copier.dataset.into].focus();
      keep(form);
    }
    const copy = near(event.target, "[data-copy]");
    if (copy) {
      const field = document.getElementById(copy.dataset.copy);
      const told = copy.parentElement.querySelector("[role=status]");
      const tellDone = () => (told.textContent = copy.dataset.done);
      field.select(); // Where the browser gives no way to its clipboard, what is to be copied is marked.
      navigator.clipboard?.writeText(field.value).then(tellDone, () => {});
    }
    // A real press on Cancel gives the text up; Escape, which may slip, keeps it for the next opening.
    if (event.isTrusted && near(event.target, "[data-cancel]") && form?.dataset.draft) forget(form);
    // A form that was opened in place leaves an empty place; on a page of its own, Cancel is a link away from it.
    const opener = form?.dataset.returnFocus && document.querySelector(form.dataset.returnFocus);
    const place = near(form, ".inplace");
    if (near(event.target, "[data-cancel]") && opener && place) {
      event.preventDefault();
      const empty = document.createElement("div");
      empty.id = place.id;
      place.replaceWith(empty);
      announce();
      opener.focus();
    }
  });

  document.addEventListener("keydown", (event) => {
    const form = near(event.target, "form");
    if (!form || event.isComposing || event.defaultPrevented) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const buttons = $$("button:not([type=button]), input[type=submit]", form).filter((button) => !button.disabled);
      const button = event.shiftKey ? buttons.find((each) => each.name === "onward") : buttons.find((each) => !each.name);
      if (!button) return;
      event.preventDefault();
      form.requestSubmit(button);
    } else if (event.key === "Enter" && event.target.dataset.enter) {
      event.preventDefault(); // Without scripts Enter saves, as in the other fields.
      form.querySelector(`button[name="${event.target.dataset.enter}"]`)?.click();
    } else if (event.key === "Escape") {
      const cancel = near(form, ".inplace") && form.querySelector("[data-cancel]");
      if (!cancel) return;
      event.preventDefault();
      cancel.click();
    }
  });

  // A browser leaves a half visible link where it is, and a sticky column may cover the other half.
  document.addEventListener("focusin", (event) => {
    if (near(event.target, ".scroll td") && event.target.matches(":focus-visible")) event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  // Single keys, for those who did not switch them off (data-no-keys on the body). Nothing happens while somebody types.

  const ROW = "#main > :not(#along) :is(tbody tr, .list > li, .history > li)";
  const focused = (selector) => near(document.activeElement, selector);
  const edits = () => "edits" in document.body.dataset;
  // Why a key did nothing, until the next key.
  const remark = (text) => {
    document.querySelector("#flash > .remark")?.remove();
    if (!text) return;
    const line = document.createElement("div");
    line.className = "message remark";
    line.textContent = text;
    document.getElementById("flash")?.append(line);
  };
  // The issue that a link leads to, or to a part of it, unless that is the page.
  const issueAt = (link) => link?.pathname?.match(/^.*\/issues\/[^/]+/)?.filter((path) => path !== location.pathname)[0];
  const seen = (links) => links.find((link) => link.checkVisibility());
  const linksOf = (row) => $$("a[href]", row);
  const headOf = (row) => seen($$("th a[href]", row));
  const issueOf = (row) => seen(linksOf(row).filter((link) => link.pathname && issueAt(link) === link.pathname));
  const move = (step) => {
    const rows = $$(ROW);
    // Where rows have heads that lead on, as issues and parties have, what only names a source is no row to walk.
    const heads = rows.map(headOf);
    const otherwise = heads.some(Boolean) ? issueOf : (row) => issueOf(row) ?? seen(linksOf(row));
    const links = [...new Set(rows.map((row, n) => heads[n] ?? otherwise(row)))].filter(Boolean);
    const here = document.activeElement;
    const at = links.findLastIndex((link) => link === here || link.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING);
    const link = links[Math.max(0, at + step)];
    link?.focus({ preventScroll: true });
    link?.closest("th, td, li").scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  // The form of the issue in focus: in place where the page has its link, else on a page of its own.
  const write = (noun, here) => {
    if (!edits()) return remark(words().cannot);
    // The issue of the cell goes before that of the row: issues may stand across.
    const row = focused(ROW);
    const issue = row && [document.activeElement, ...linksOf(focused("th, td, li")), headOf(row) ?? issueOf(row)].map(issueAt).find(Boolean);
    if (issue) location.assign(`${issue}/${noun}/new?next=${encodeURIComponent(location.pathname + location.search)}`);
    else if (here) here.click();
    else if (document.getElementById("change-status")) location.assign(`${location.pathname}/${noun}/new`);
    else remark(words().cannot);
  };
  const part = async (address, selector) => {
    const page = await fetch(address).then((answer) => answer.text(), () => "");
    return new DOMParser().parseFromString(page, "text/html").querySelector(selector);
  };
  const help = async () => {
    const link = document.querySelector("[data-keys]");
    let dialog = document.getElementById("keys-help");
    if (!dialog && document.getElementById("keys")) return;
    if (!dialog) {
      const keys = await part(link.href, "#keys");
      if (!keys) return location.assign(link.href);
      dialog = document.createElement("dialog");
      dialog.id = "keys-help";
      dialog.setAttribute("aria-labelledby", "keys-help-h");
      const heading = document.createElement("h2");
      heading.id = "keys-help-h";
      heading.textContent = link.textContent;
      const close = document.createElement("button");
      close.textContent = link.dataset.keys;
      close.dataset.closes = "";
      // A key that has nothing to do on this page is not named.
      for (const key of $$("[data-of]", keys)) if (!$$(ROW).some((row) => row.querySelector(key.dataset.of))) key.remove();
      dialog.append(heading, close, keys);
      document.body.append(dialog);
    }
    dialog.open ? dialog.close() : dialog.showModal();
  };
  const search = () => {
    const field = document.getElementById("search");
    field?.focus();
    field?.select();
  };
  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    s: () => write("status-changes", document.getElementById("change-status")),
    n: () => {
      const act = focused("td")?.querySelector(".act") ?? focused("tr")?.querySelector(".act[data-opens^=position]");
      act ? act.click() : write("positions");
    },
    x: () => focused(ROW)?.querySelector("input[type=checkbox]")?.click(),
    g: () => (leaving = Date.now()),
    "/": search,
    "?": help,
  };
  const leave = (menu) => {
    const isWithin = menu.contains(document.activeElement);
    menu.open = false;
    if (isWithin) menu.querySelector("summary").focus();
  };
  let leaving = 0;
  // A letter of an alphabet other than the Latin one counts by its place on the keyboard.
  const pressed = ({ key, code }) => {
    if (/^\p{L}$/u.test(key) && !/\p{Script=Latin}/u.test(key)) return /^Key.$/.test(code) ? code[3].toLowerCase() : "";
    if (code === "Slash" && ".,".includes(key)) return key === "." ? "/" : "?";
    return key.length === 1 ? key.toLowerCase() : "";
  };
  const isTyped = (target) => near(target, "input, select, textarea") || target.isContentEditable;

  document.addEventListener("keydown", (event) => {
    const along = document.getElementById("along");
    if (event.key === "Escape" && along?.open && !event.defaultPrevented) leave(along);
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const key = pressed(event);
    if (!key || "noKeys" in document.body.dataset || isTyped(event.target)) return;
    if (document.querySelector("dialog[open]") && key !== "?") return;
    const leads = Date.now() - leaving < 1500 && key !== "g" && /\p{L}/u.test(key);
    const page = leads && document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    leaving = 0;
    remark();
    if (page) page.click();
    else if (leads) remark(words().noPage);
    else if (!Object.hasOwn(KEYS, key) || (event.shiftKey && key !== "?" && key !== "/") || (event.repeat && !"jk".includes(key))) return;
    else KEYS[key]();
    event.preventDefault();
  });
  // Once something was saved on the page, its frozen link is another: the menu is asked for anew as it is opened.
  addEventListener("toggle", async ({ target }) => {
    if (target.id !== "along") return;
    const fresh = target.open && "old" in target.dataset && (await part(location.href, "#along > div"));
    if (fresh) {
      delete target.dataset.old;
      target.lastElementChild.replaceWith(fresh);
    }
    for (const button of $$("[data-copy], [data-closes]", target)) button.hidden = false;
  }, true);
  // Touching what has no use of its own is no click on some phones; and the menu may not cover what has the focus.
  for (const kind of ["pointerdown", "focusin", "click"]) addEventListener(kind, ({ target }) => {
    const along = document.getElementById("along");
    if (along?.open && !along.contains(target)) along.open = false;
  }, true);
  document.addEventListener("click", (event) => {
    const place = near(event.target, "[data-closes]")?.closest("dialog, details");
    if (place?.matches("dialog")) place.close();
    else if (place) leave(place);
    if (!near(event.target, "[data-keys]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    help();
  });

  // Events of htmx. They reach the document; the source element may be gone by then and is taken from the context.

  const refusedBy = (context) => (context?.response?.status ?? 0) >= 400;

  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    ctx.returnFocus = near(ctx.sourceElement, "[data-return-focus]")?.dataset.returnFocus;
    ctx.held = held(ctx.sourceElement);
    ctx.unfolded = $$("details[open][id]").map((details) => details.id);
    const status = ctx.response?.status ?? 0;
    if (status < 400 || status === 409 || status === 422 || (ctx.hx?.retarget && status !== 401)) return;
    event.preventDefault(); // An error page has no place inside a form: say it in #flash and leave the form alone.
    const form = near(ctx.sourceElement, "form[data-draft]");
    if (status === 401 && form) store((storage) => storage.setItem(RESUME, keyOf(form)));
    if (status === 401) tell(words().signedOut, true);
    else tell(words().failed);
  });

  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx && !event.detail.ctx.response) tell(words().offline);
  });

  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const form = near(ctx.sourceElement, "form[data-draft]");
    if (form && form === ctx.sourceElement && ctx.request.method === "POST" && !refusedBy(ctx)) forget(form);
  });

  // What the server found for the words pasted: <span data-fill="field" data-value="...">. Never over what was typed.
  const fill = (part) => {
    for (const found of [part, ...$$("[data-fill]", part)]) {
      const field = found.dataset.fill && near(found, "form")?.elements[found.dataset.fill];
      if (!field || (field.value && field.value !== field.dataset.filled)) continue;
      field.value = field.dataset.filled = found.dataset.value;
    }
  };

  document.addEventListener("htmx:after:settle", (event) => {
    const { task, newContent } = event.detail;
    const parts = (newContent ?? []).filter((node) => node instanceof Element);
    parts.forEach(fill);
    const refused = parts.some((part) => part.querySelector("[data-error-summary], [data-conflict]"));
    if (refused) document.getElementById("flash")?.replaceChildren(); // What was said before is not about this.
    for (const part of parts) prepare(part, refused);
    // Two forms that cite have fields of the same ids: the one opened last stays, and the text of the other waits.
    if (parts.some((part) => part.matches(".inplace:has(#passages)"))) {
      for (const form of $$(".inplace:has(#passages) > form[data-return-focus]")) {
        if (!parts.includes(form.parentElement) && document.querySelector(form.dataset.returnFocus)) form.querySelector("[data-cancel]")?.click();
      }
    }
    const around = near(task?.target, "form[data-draft]");
    if (around && !parts.some((part) => part.contains(around))) {
      arrange(around);
      keep(around); // The server filled fields in (a passage was chosen): they belong to the draft now.
    }
    const find = (selector) => parts.map((part) => (part.matches(selector) ? part : part.querySelector(selector))).find(Boolean);
    (find("[data-error-summary], [data-conflict]") ?? find("[data-autofocus]"))?.focus();
  });

  // A form that asks says what the page shows. What the reader set outlives a morph and would stand for the next page's
  // choice: after an answer to a link or to the form itself, the controls are set as the server wrote them.
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    for (const id of ctx.unfolded ?? []) document.getElementById(id)?.setAttribute("open", "");
    if (!ctx.sourceElement?.matches?.("a, form[method=get]") || !/morph/i.test(ctx.swap)) return;
    const target = typeof ctx.target === "string" ? document.querySelector(ctx.target) : ctx.target;
    for (const form of target?.isConnected ? $$("form[method=get]", target) : []) form.reset();
  });

  // Focus: when what held it is replaced, it goes to the first field of what came, to the next field of the same form,
  // to another control of what came, or else to the heading of what changed. A form may name what it returns to.

  let last; // where the focus was on the page
  document.addEventListener("focusin", (event) => {
    if (near(event.target, "#main")) last = event.target;
  });
  const FIELD = "input:not([type=hidden]), select, textarea";
  const isLost = () => !document.activeElement || document.activeElement === document.body;
  const reached = (nodes) => {
    const found = nodes.find((node) => node?.isConnected && !node.disabled && node.getClientRects().length);
    found?.focus();
    return Boolean(found && document.activeElement === found);
  };
  const toHeading = (place) => {
    const heading = place.querySelector("h1, h2, h3, h4") ?? place;
    if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  };
  // A button that is disabled while its form is on its way gives the focus away before anything is replaced.
  const held = (source) => {
    const node = isLost() ? last : document.activeElement;
    if (!node || (isLost() && !near(source, "form")?.contains(node))) return null;
    const ids = [];
    for (let at = node; at && at.id !== "main"; at = at.parentElement) if (at.id) ids.push(at.id);
    const form = near(node, "form");
    const after = $$(FIELD, form ?? node).filter((field) => node.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING);
    return { node, ids, form, after };
  };
  const recover = ({ node, ids, form, after }) => {
    if (node.isConnected) return reached([node]);
    const places = ids.map((id) => document.getElementById(id)).filter(Boolean);
    const within = places.filter((place) => form?.contains(place) && place !== form);
    for (const place of within) if (reached($$(FIELD, place))) return true;
    if (form?.isConnected && reached(after)) return true;
    for (const place of within) if (reached($$("a[href], button", place))) return true;
    const changed = places.find((place) => place.querySelector("h1, h2, h3, h4"));
    if (changed) toHeading(changed);
    return Boolean(changed);
  };

  document.addEventListener("htmx:after:swap", (event) => {
    const { held, returnFocus } = event.detail.ctx;
    if (!isLost() || (returnFocus && !held?.form?.isConnected && reached($$(returnFocus)))) return;
    if (held) recover(held);
  });

  // A save that led to another page, or to the same one anew: on from where it is told of, or from the heading.
  const arrive = () => {
    const told = document.querySelector("#flash > .message");
    const place = told && isLost() && (document.querySelector("#main :target") ?? page());
    if (place) toHeading(place);
  };
  addEventListener("load", arrive); // Going to a #part, before, takes the focus away.

  // News: an open page asks once a minute whether the record has changed since it was made, and says so once. What
  // changed is taken in when the reader asks for it, and never under their hands.

  const EVERY = 60_000;
  const LONGEST = 3_600_000;
  const page = () => document.getElementById("main");
  const news = () => document.getElementById("news");
  let asked = Date.now();
  let pause = EVERY;
  let timer;
  const wait = () => {
    clearTimeout(timer);
    const waits = page()?.dataset.pulse && !document.hidden && !news()?.hasChildNodes();
    if (waits) timer = setTimeout(ask, Math.max(0, asked + pause - Date.now()));
  };
  const ask = async () => {
    const { pulse, tag } = page().dataset;
    asked = Date.now();
    try {
      const answer = await fetch(pulse, { headers: { "If-None-Match": `W/"${tag}"` } });
      const words = answer.status === 200 ? await answer.text() : "";
      pause = answer.status === 304 || words ? EVERY : Math.min(pause * 2, LONGEST);
      // Meanwhile the page itself may have saved something, or be about to: then it asks again.
      if (words && page().dataset.tag === tag && !document.querySelector(".htmx-request")) news().innerHTML = words;
    } catch {
      pause = Math.min(pause * 2, LONGEST);
    }
    wait();
  };
  const takeIn = async (byKeyboard) => {
    const { tag } = page().dataset;
    const address = location.pathname + location.search;
    const [top, depth, id] = [last?.getBoundingClientRect().top, scrollY, last?.id];
    await htmx.ajax("GET", address, { target: "#main", select: "#main", swap: "outerMorph" });
    if (page().dataset.tag === tag) return;
    news().replaceChildren();
    // The reader goes on from where they were; who was nowhere yet, or on what is gone, from the heading.
    const back = last?.isConnected ? last : id && document.getElementById(id);
    back?.focus({ preventScroll: true });
    if (back && document.activeElement === back) {
      if (top > 0 && top < innerHeight) scrollBy(0, back.getBoundingClientRect().top - top);
      else if (byKeyboard) back.scrollIntoView({ block: "nearest" }); // The way to the notice led away from there.
    } else {
      const heading = page().querySelector("h1") ?? page();
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      scrollTo(scrollX, depth);
    }
    wait();
  };

  document.addEventListener("visibilitychange", wait);
  document.addEventListener("click", (event) => {
    const plain = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!near(event.target, "[data-take-in]") || plain || !window.htmx || page().querySelector("form[data-draft]")) return;
    event.preventDefault();
    takeIn(event.detail === 0);
  });
  // After a save of one's own the page is as new as it was before: nobody is told of what they wrote themselves.
  document.addEventListener("htmx:after:request", (event) => {
    const headers = event.detail.ctx.response?.headers;
    const tag = headers?.get("Record-Tag");
    if (tag) document.getElementById("along")?.setAttribute("data-old", "");
    if (tag && page().dataset.tag === headers.get("Record-Tag-Before")) page().dataset.tag = tag;
  });

  document.addEventListener("DOMContentLoaded", () => {
    wait();
    settle();
    prepare(document, Boolean(document.querySelector("[data-error-summary], [data-conflict]")));
    document.querySelector("[data-error-summary], [data-conflict], [data-autofocus]")?.focus();
    announce();
    resume();
  });
})();
