// Runs in the page before anything else: takes the time from a key press to changed pixels, where both happen.
(() => {
  const FRAME_BYTES = 4096; // messages above this carry a picture
  const PATIENCE = 20000; // ms
  const bench = (window.bench = { sent: 0, received: 0 });
  let move = null, node = null, seen = null;

  const mark = (name) => {
    if (move?.key) move[name] ??= performance.now();
  };
  const size = (data) => data.byteLength ?? data.size ?? data.length;

  // --- What passes by on the way ---

  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      this.addEventListener("message", ({ data }) => {
        bench.received += size(data);
        if (size(data) > FRAME_BYTES) mark("heard");
      });
    }
    send(data) {
      bench.sent += size(data);
      mark("asked");
      super.send(data);
    }
  };

  const source = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src");
  Object.defineProperty(HTMLImageElement.prototype, "src", {
    ...source,
    set(address) {
      mark("handed");
      if (move?.pressing) move.ahead = true;
      source.set.call(this, address);
    },
  });

  // The time stamp of the event is that of the input itself: a page too busy to hear the key is not excused.
  const pressed = (event) => {
    if (!event.isTrusted || !move || move.key) return;
    move.key = event.timeStamp;
    move.pressing = true; // a frame shown in this very task was there before the kernel was asked
    setTimeout(() => { move.pressing = false; });
  };
  window.addEventListener("keydown", pressed, true);

  // --- The change itself ---

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

  /** All pixels of a picture, or the words of a text, as something to compare. */
  function look() {
    if (node.tagName !== "IMG") return node.textContent;
    const { naturalWidth: width, naturalHeight: height } = node;
    Object.assign(canvas.canvas, { width, height });
    canvas.drawImage(node, 0, 0);
    return new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
  }

  const alike = (one, other) =>
    typeof one === "string" ? one === other : one.length === other.length && one.every((pixel, at) => pixel === other[at]);

  const pictureIn = (record) =>
    record.type === "attributes"
      ? [record.target]
      : [...record.addedNodes].flatMap((each) =>
          each.nodeType === Node.ELEMENT_NODE ? [...(each.matches("img") ? [each] : []), ...each.querySelectorAll("img")] : [],
        );
  const loaded = (image) =>
    image.tagName !== "IMG" || (image.complete && image.naturalWidth)
      || new Promise((done) => image.addEventListener("load", done, { once: true }));
  const nextFrame = () => new Promise(requestAnimationFrame);

  /** Something was put on the page: once it is painted, look whether it is another picture than before. */
  async function changed(candidate) {
    const mine = move;
    await loaded(candidate);
    const at = performance.now();
    await nextFrame(); // called before the frame with the change is painted
    await nextFrame(); // called when that frame is done
    const presented = performance.now();
    if (!mine?.key || mine !== move || !candidate.isConnected) return;
    node = candidate;
    const now = look();
    if (alike(now, seen)) return; // the same pixels again
    seen = now;
    move = null;
    mine.done({ ...mine, changed: at, presented, ahead: Boolean(mine.ahead), origin: performance.timeOrigin });
  }

  /** Watch what stands in an element: its picture, or the text of what has the class bench-answer. */
  bench.watch = (root) => {
    bench.observer?.disconnect();
    const text = root.querySelector(".bench-answer");
    node = text ?? root.querySelector("img");
    node.scrollIntoView({ block: "center" });
    seen = look();
    bench.observer = new MutationObserver((records) => {
      const candidate = text ?? records.flatMap(pictureIn).at(-1);
      if (candidate && move?.key) changed(candidate);
    });
    bench.observer.observe(text ?? root, {
      subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["src"],
    });
  };

  /** Keep the picture that is shown; later, the share of pixels that differ visibly in another one. */
  bench.keep = () => { bench.kept = seen; };
  bench.unlike = () => {
    if (bench.kept.length !== seen.length) return 1;
    const [one, other] = [bench.kept, seen].map((pixels) => new Uint8Array(pixels.buffer));
    let count = 0;
    for (let at = 0; at < one.length; at += 4)
      count += [0, 1, 2].some((channel) => Math.abs(one[at + channel] - other[at + channel]) > 64);
    return count / seen.length;
  };

  /** Get ready for one key press; `bench.moved` then tells its times. */
  bench.arm = () => {
    bench.moved = new Promise((done) => {
      move = { done };
      setTimeout(done, PATIENCE, null);
    });
  };
})();
