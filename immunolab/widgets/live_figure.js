// A picture redrawn by the kernel. Frames drawn ahead wait here under the key of the state they belong to.
import { h, onState, say, stateKey, watchKernel } from "./shared.js";

const KEPT = 48; // frames; about 2 MB
const REST = 600; // ms without a change before the sentence is spoken

/**
 * PNG bytes as an address that loads without asking another process, which would cost a frame of the screen. The old
 * picture stays until the new one is loaded, and decoding="sync" paints it in the same frame: no white in between.
 */
function address(frame) {
  const bytes = new Uint8Array(frame.buffer ?? frame, frame.byteOffset ?? 0, frame.byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return `data:image/png;base64,${btoa(text)}`;
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const picture = h("img", { class: "il-figure-picture", decoding: "sync", hidden: true, onclick: place });
  const hint = h("p", { class: "il-figure-hint" });
  const tag = h("span", { class: "il-tag" });
  const sentence = h("span", { class: "il-figure-sentence" });
  const spoken = h("p", { class: "il-unseen", role: "status" });
  el.classList.add("il", "il-figure-view");
  const figure = h("figure", { class: "il-figure" }, picture, h("figcaption", {}, hint, tag, sentence));
  el.append(figure, spoken);

  let gone = false;

  /** Tell the kernel which point was clicked, as fractions of the picture; the border does not belong to it. */
  function place({ offsetX, offsetY }) {
    if (placing()) model.send({ kind: "place", x: offsetX / picture.clientWidth, y: offsetY / picture.clientHeight });
  }
  const placing = () => Boolean(get("hint")) && !gone && !get("disabled") && !get("veiled");

  let resting;

  function put(frame, words, alt) {
    if (frame?.byteLength) {
      picture.src = address(frame);
      picture.hidden = false;
    }
    picture.alt = alt || words;
    if (sentence.textContent && sentence.textContent !== words) {
      clearTimeout(resting);
      resting = setTimeout(() => say(spoken, words), REST);
    }
    say(sentence, words);
  }

  // Frames drawn ahead

  const store = new Map();
  let early = ""; // the state whose frame came from the store, before the kernel had answered
  const keep = ({ kind, key, ...words }, [frame] = []) => {
    if (kind === "forget") store.clear();
    if (kind !== "ahead") return;
    store.delete(key); // set anew, it becomes the latest
    store.set(key, { frame, ...words });
    if (store.size > KEPT) store.delete(store.keys().next().value);
  };
  const showStored = () => {
    const key = stateKey(get("group")), found = store.get(key), here = key === get("key");
    early = found && !here ? key : "";
    if (here) show(); // moved away and back before the kernel noticed
    else if (found) put(found.frame, found.sentence, found.alt);
  };
  let unfollow = () => {};
  const follow = () => {
    unfollow();
    unfollow = get("group") ? onState(get("group"), showStored) : () => {};
  };

  function show() {
    // A frame of a state already left would be a step back from the one shown out of the store.
    if (early && get("key") && get("key") !== early) return;
    put(get("frame"), get("sentence"), get("alt"));
  }

  function dress() {
    const [kind, ...source] = get("tag").split(" · ");
    tag.replaceChildren(h("strong", {}, kind), ...source.map((part) => ` · ${part}`));
    tag.hidden = !get("tag");
    tag.dataset.kind = kind.toLowerCase();
    figure.style.width = `${get("width")}px`;
    picture.style.aspectRatio = get("height") ? `${get("width")} / ${get("height")}` : "";
    el.classList.toggle("il-off", get("disabled"));
    el.classList.toggle("il-veiled", get("veiled"));
    el.classList.toggle("il-placing", placing());
    say(hint, get("hint"));
    hint.hidden = !placing();
  }

  // Device pixels: a query that stops matching as soon as the ratio changes, and is then asked anew.
  let pixels;
  function measure() {
    pixels?.removeEventListener("change", measure);
    pixels = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    pixels.addEventListener("change", measure);
    const ratio = Math.min(3, Math.max(1, Math.round(devicePixelRatio * 100) / 100));
    if (ratio === get("ratio")) return;
    model.set("ratio", ratio);
    model.save_changes();
  }

  model.on("msg:custom", keep);
  // The parts of one message are reported one by one, and shown together.
  let reported = false;
  const soon = () => {
    if (!reported) queueMicrotask(() => { reported = false; show(); });
    reported = true;
  };
  for (const name of ["frame_id", "sentence", "alt"]) model.on(`change:${name}`, soon);
  for (const name of ["tag", "width", "height", "disabled", "veiled", "hint"]) model.on(`change:${name}`, dress);
  model.on("change:group", follow);
  dress();
  follow();
  put(get("frame"), get("sentence"), get("alt"));
  measure();
  model.send({ kind: "shown" }); // the store of this view is empty, and frames drawn ahead are welcome
  const unwatch = watchKernel({ model, el }, (now) => { gone = now; dress(); });
  return () => {
    unwatch();
    unfollow();
    clearTimeout(resting);
    pixels.removeEventListener("change", measure);
  };
}

export default { render };
