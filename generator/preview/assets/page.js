// A page that stands in for one of the blog's: it makes way as soon as that one, or another message, is there.

import { ask, listen } from "./events.js";

const digest = document.documentElement.dataset.digest;

listen(async () => {
  const answer = await ask(location.href, { headers: { Accept: "text/html" } });
  const text = await answer.text();
  if (!text.includes(`data-digest="${digest}"`)) location.reload();
});
