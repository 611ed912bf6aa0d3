// What changes in the preview, as the server tells it. A tab that nobody sees asks for nothing: browsers keep
// only six connections to a server open.

export function listen(changed) {
  let source = null;
  const begin = () => {
    if (source || document.hidden) return;
    source = new EventSource("/_marketpost/events");
    source.onmessage = (event) => changed(JSON.parse(event.data));
  };
  const end = () => {
    source?.close();
    source = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? end() : begin()));
  addEventListener("pagehide", end);
  begin();
}
