// What changes in the preview, as the server tells it. A tab that nobody sees asks for nothing: browsers keep
// only six connections to a server open.

const AGAIN_AFTER = 1000; // ms
const PATIENCE = 150_000; // ms; longer than the server waits for Hugo

// An answer of the server; it throws if there is none.
export const ask = (address, options = {}) =>
  fetch(address, { ...options, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });

// Has `changed` look at each new state. It is never called twice at once, as the older answer might come last and
// stay; what throws, such as a request that nobody answers, is tried again.
export function listen(changed) {
  let source = null;
  let newest = null;
  let isTelling = false;
  const tell = async () => {
    if (isTelling) return;
    isTelling = true;
    while (newest && source) {
      const state = newest;
      newest = null;
      try {
        await changed(state);
      } catch {
        newest ??= state;
        await new Promise((done) => setTimeout(done, AGAIN_AFTER));
      }
    }
    isTelling = false;
  };
  const begin = () => {
    if (source || document.hidden) return;
    source = new EventSource("/_marketpost/events");
    source.onmessage = (event) => {
      newest = JSON.parse(event.data);
      tell();
    };
  };
  const end = () => {
    source?.close();
    source = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? end() : begin()));
  addEventListener("pagehide", end);
  begin();
}
