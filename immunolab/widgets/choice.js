// One of several options, on native controls: the browser brings keys, names and states.
import { announceState, h, keepKeys, uid, watchKernel } from "./shared.js";

function render({ model, el }) {
  const get = (name) => model.get(name);
  const id = uid();
  let gone = false;

  function choose(value) {
    model.set("value", value);
    if (get("look") === "buttons") model.set("presses", get("presses") + 1);
    model.save_changes();
    for (const [name, token] of Object.entries(get("targets")[value] ?? {})) announceState(get("target_group"), name, token);
  }

  const inputs = new Map(); // id of an option -> the element that stands for it
  const looks = {
    radio: () =>
      h("fieldset", { class: "il-fieldset" }, h("legend", { class: "il-label" }, get("label")),
        h("div", { class: "il-row" }, ...get("options").map(([value, text]) => {
          const input = h("input", { type: "radio", name: id, value, onchange: () => choose(value) });
          inputs.set(value, input);
          return h("label", { class: "il-pill" }, input, h("span", {}, text));
        }))),
    select: () => {
      const select = h("select", { class: "il-field il-select", id, onchange: () => choose(select.value) },
        ...get("options").map(([value, text]) => h("option", { value }, text)));
      inputs.set(null, select);
      return h("div", {}, h("label", { class: "il-label", for: id }, get("label")), select);
    },
    buttons: () =>
      h("div", { role: "group", "aria-labelledby": id }, h("span", { class: "il-label", id }, get("label")),
        h("div", { class: "il-row" }, ...get("options").map(([value, text]) => {
          const button = h("button", { type: "button", class: "il-button", onclick: () => choose(value) }, text);
          inputs.set(value, button);
          return button;
        }))),
  };
  el.classList.add("il", "il-choice");
  el.append(looks[get("look")]());
  keepKeys(el);

  function show() {
    const value = get("value"), off = gone || get("disabled");
    for (const [option, input] of inputs) {
      input.disabled = off;
      if (input.type === "radio") input.checked = option === value;
      else if (input.matches("select")) input.value = value;
      else input.setAttribute("aria-pressed", String(option === value));
    }
    el.classList.toggle("il-off", off);
    announceState(get("group"), get("name"), String(get("options").findIndex(([option]) => option === value)));
  }

  for (const name of ["value", "disabled", "group"]) model.on(`change:${name}`, show);
  show();
  return watchKernel({ model, el }, (now) => { gone = now; show(); });
}

export default { render };
