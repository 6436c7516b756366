// `privgen serve --watch` adds this script to pages. When something changes, the
// server sends the new page, or the script fetches it, and updates the changed
// parts of the document. Nothing is reloaded, so scroll position, selection, and
// open details stay. Pages have no other scripts that could depend on the
// document. Builds do not write this script.
(() => {
  "use strict";
  const script = document.currentScript;
  let tag = script.dataset.privgen; // the ETag of the shown page
  script.remove();

  // --- update the document to match another

  const isSheet = (node) => node.nodeName === "LINK" && node.rel === "stylesheet";

  // Keep the old style sheet until the new one has loaded, so that the page is
  // never without styles.
  function swap(was, now) {
    if (isSheet(was) && isSheet(now)) {
      now.onload = now.onerror = () => was.remove();
      was.after(now);
    } else {
      was.replaceWith(now);
    }
  }

  function match(was, now) {
    if (was.isEqualNode(now)) return;
    // Replace a link as a whole: a partly changed link would load the wrong file.
    if (was.nodeName !== now.nodeName || was.nodeName === "LINK") return swap(was, now);
    if (was.nodeType !== Node.ELEMENT_NODE) {
      was.data = now.data;
      return;
    }
    for (const { name } of [...was.attributes]) {
      if (!now.hasAttribute(name)) was.removeAttribute(name);
    }
    for (const { name, value } of now.attributes) {
      if (was.getAttribute(name) !== value) was.setAttribute(name, value);
    }
    matchChildren(was, now);
  }

  // Equal children at both ends stay. Between them, an element that occurs again
  // soon stays too, and the others are matched one by one.
  function matchChildren(was, now) {
    const a = [...was.childNodes], b = [...now.childNodes];
    while (a.length && b.length && a[0].isEqualNode(b[0])) a.shift(), b.shift();
    let end = null;
    while (a.length && b.length && a.at(-1).isEqualNode(b.at(-1))) end = a.pop(), b.pop();
    const soon = (list, node) => node.nodeType !== Node.ELEMENT_NODE ? -1 : list.slice(0, 24).findIndex((n) => n.isEqualNode(node));
    while (a.length && b.length) {
      const left = soon(a, b[0]), came = soon(b, a[0]);
      if (left > 0) {
        for (const node of a.splice(0, left)) node.remove();
      } else if (came > 0) {
        for (const node of b.splice(0, came)) was.insertBefore(node, a[0]);
      } else {
        match(a.shift(), b.shift());
      }
    }
    for (const node of a) node.remove();
    for (const node of b) was.insertBefore(node, end);
  }

  // Keep details open that the reader opened, if they still exist.
  function keepOpen(page) {
    const was = document.querySelectorAll("details"), now = page.querySelectorAll("details");
    if (was.length === now.length) now.forEach((d, i) => (d.open = was[i].open));
  }

  function become(page) {
    page.querySelector("script[data-privgen]")?.remove();
    keepOpen(page);
    const root = document.documentElement, next = page.documentElement;
    for (const { name } of [...root.attributes]) if (!next.hasAttribute(name)) root.removeAttribute(name);
    for (const { name, value } of next.attributes) root.setAttribute(name, value);
    match(document.head, page.head);
    match(document.body, page.body);
  }

  // --- fetch the page again

  let asked = 0;
  async function refresh() {
    const mine = ++asked;
    let answer, text;
    try {
      answer = await fetch(location.href, { cache: "no-cache" });
      if (answer.redirected) return location.replace(answer.url + location.hash);
      text = await answer.text();
    } catch {
      return; // the server stopped; it sends an event when it is back
    }
    if (mine !== asked) return; // a later request is pending
    if (answer.status === 500) return show(parse(text).querySelector(alone)?.innerHTML ?? "");
    take(answer.headers.get("ETag"), text);
  }

  const parse = (text) => new DOMParser().parseFromString(text, "text/html");

  function take(its, text) {
    show("");
    if (its === tag) return;
    tag = its;
    become(parse(text));
    document.dispatchEvent(new Event("privgen:changed"));
  }

  // --- problems, above the page

  const alone = "main[data-privgen-problems]";
  let panel, shown = "";
  function show(problems) {
    const main = document.querySelector(alone);
    if (main) {
      // The page shows only problems; it becomes a page when there are none.
      if (problems) main.innerHTML = problems;
      return;
    }
    if (problems === shown) return;
    shown = problems;
    panel?.remove();
    panel = undefined;
    if (!problems) return;
    panel = document.createElement("privgen-problems");
    const inside = panel.attachShadow({ mode: "open" });
    inside.innerHTML = '<link rel="stylesheet" href="/.privgen/live.css"><section role="alert"><button type="button">Hide</button><div></div></section>';
    inside.querySelector("div").innerHTML = problems;
    inside.querySelector("button").onclick = () => panel.remove();
    document.documentElement.append(panel);
  }

  // --- listen to the server while the page is visible: browsers allow few
  // connections, and authors have many tabs

  let source, jumps;
  function listen() {
    source = new EventSource("/.privgen/events?" + new URLSearchParams({ page: location.pathname, tag }));
    source.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      const jump = jumps !== undefined && event.jumps > jumps && event.jump !== location.pathname;
      jumps = event.jumps;
      if (event.problems) {
        asked++; // pending answers are older
        show(event.problems);
      } else if (jump) {
        location.href = event.jump;
      } else if (event.tag && (event.page || event.tag === tag)) {
        asked++;
        take(event.tag, event.page);
      } else {
        refresh();
      }
    };
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED && !document.hidden) setTimeout(listen, 1000);
    };
  }

  document.addEventListener("visibilitychange", () => {
    source?.close();
    if (!document.hidden) listen();
  });
  if (!document.hidden) listen();
})();
