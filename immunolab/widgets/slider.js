// A native range input over the positions of a fixed row of values. The words for each value come with it, so that
// the display and the screen reader never wait for the kernel.
import { announceState, h, keepKeys, readNumber, say, uid, watchKernel } from "./shared.js";

function render({ model, el }) {
  const get = (name) => model.get(name);
  const id = uid();
  let gone = false;

  const range = h("input", {
    type: "range", class: "il-range", id, min: 0, step: 1,
    oninput: () => moveTo(range.valueAsNumber),
    onkeydown: turnPage,
  });
  const box = h("input", {
    type: "text", class: "il-field il-slider-box", inputmode: "decimal", autocomplete: "off", spellcheck: "false",
    onchange: typed, onkeydown: (event) => event.key === "Escape" && show(),
  });
  const shown = h("output", { class: "il-slider-shown", for: id });
  const label = h("label", { class: "il-label", for: id });
  const unit = h("span", { class: "il-unit", "aria-hidden": "true" });
  const low = h("span"), high = h("span");
  const note = h("p", { class: "il-note", role: "status" });
  el.classList.add("il", "il-slider");
  el.append(
    h("div", { class: "il-slider-head" }, label, h("span", { class: "il-slider-value" }, box, shown, unit)),
    range,
    h("div", { class: "il-slider-ends", "aria-hidden": "true" }, low, high),
    note,
  );
  keepKeys(el);

  /** The display of a position, without the kernel. */
  function display(position) {
    const text = get("shown")[position];
    range.value = position;
    range.setAttribute("aria-valuetext", get("spoken")[position]);
    range.style.setProperty("--il-filled", `${(100 * position) / Math.max(1, get("values").length - 1)}%`);
    if (box.value !== text) box.value = text;
    box.removeAttribute("aria-invalid");
    say(shown, text);
  }

  function moveTo(position, message = "") {
    display(position);
    say(note, message);
    announceState(get("group"), get("name"), String(position));
    model.set("value", get("values")[position]);
    model.save_changes(); // while the kernel is busy, ipywidgets keeps only the latest
  }

  // The browser's own page step is not the same upwards and downwards when a tenth of the scale is not whole.
  function turnPage(event) {
    const sign = { PageUp: 1, PageDown: -1 }[event.key];
    if (!sign) return;
    event.preventDefault();
    const last = get("values").length - 1, tenth = Math.max(1, Math.round(last / 10));
    moveTo(Math.min(last, Math.max(0, range.valueAsNumber + sign * tenth)));
  }

  function typed() {
    const values = get("values"), wanted = readNumber(box.value), spoken = get("spoken");
    if (Number.isNaN(wanted)) {
      say(note, `“${box.value.trim()}” cannot be read. Type one plain number, such as ${get("shown")[range.valueAsNumber]}.`);
      box.setAttribute("aria-invalid", "true");
      return;
    }
    const distance = (value) => Math.abs(value - wanted);
    const nearest = values.reduce((best, value, position) => (distance(value) < distance(values[best]) ? position : best), 0);
    const last = values.length - 1;
    if (wanted < values[0]) moveTo(nearest, `The scale starts at ${spoken[0]}.`);
    else if (wanted > values[last]) moveTo(nearest, `The scale ends at ${spoken[last]}.`);
    else moveTo(nearest, values[nearest] === wanted ? "" : `Set to the nearest step, ${spoken[nearest]}.`);
  }

  function show() {
    const values = get("values");
    range.max = values.length - 1;
    const position = values.indexOf(get("value"));
    display(position);
    announceState(get("group"), get("name"), String(position));
    say(label, get("label"));
    say(unit, get("unit"));
    box.setAttribute("aria-label", `${get("label")}${get("unit") ? ` in ${get("unit")}` : ""}: type a value`);
    say(low, get("shown")[0]);
    say(high, get("shown")[values.length - 1]);
    box.hidden = !get("box");
    shown.hidden = get("box");
    const off = gone || get("disabled");
    range.disabled = box.disabled = off;
    el.classList.toggle("il-off", off);
  }

  for (const name of ["value", "label", "unit", "box", "disabled", "group"]) model.on(`change:${name}`, show);
  show();
  return watchKernel({ model, el }, (now) => { gone = now; show(); });
}

export default { render };
