// A page that stands in for one of the blog's: it makes way as soon as that one, or another message, is there.

import { listen } from "./events.js";

const digest = document.documentElement.dataset.digest;

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    const text = await answer.text();
    if (!text.includes(`data-digest="${digest}"`)) location.reload();
  } catch {
    // The preview has ended; the page stays as it is.
  }
}

listen(look);
