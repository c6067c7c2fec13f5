// A question. The browser collects the answer; Python judges it and sends the verdict, which is shown in words beside
// what was chosen. Nothing here knows the key.
import { h, keepKeys, rich, say, uid, watchKernel } from "./shared.js";

const ASKS = {
  single: "Choose one",
  multiple: "Choose all that apply",
  numeric: "Type a number",
  order: "Put in order",
  predict: "Predict first: not scored",
};
const SYMBOLS = { right: "✓", wrong: "✕", plain: "→", note: "!" };
const SLOW = 400; // ms after which the learner is told that the answer is being checked

/** A word of judgement with its symbol: never colour alone. */
const judgement = (mark, words) =>
  h("strong", { class: "il-judgement", "data-mark": mark },
    h("span", { class: "il-badge", "aria-hidden": "true" }, SYMBOLS[mark]), words);

// --- What a learner fills in: each kind gives its node and how to read, fill, mark and switch it ------------------

function choices(question, stem) {
  const type = question.kind === "multiple" ? "checkbox" : "radio", name = uid();
  const rows = question.options.map(({ id, text_html }) => {
    const feedback = h("div", { class: "il-feedback", id: uid(), hidden: true });
    const input = h("input", { type, name, value: id, "aria-describedby": feedback.id });
    return { id, input, feedback, node: h("div", { class: "il-option" }, h("label", {}, input, rich("span", {}, text_html)), feedback) };
  });
  const chosen = () => rows.filter(({ input }) => input.checked).map(({ id }) => id);

  /** What to call an option, and how; null where nothing is said about it. */
  function saying({ id }, verdict, answered) {
    if (!answered.includes(id)) {
      const right = verdict.marks?.[id] ?? false;
      return verdict.right === true && !right ? ["wrong", "Not this one"] : null;
    }
    if (verdict.right === null) return ["plain", "Your prediction"];
    const right = type === "radio" ? verdict.right : (verdict.marks?.[id] ?? (verdict.right || undefined));
    return right === undefined ? ["plain", "You chose this"] : right ? ["right", "Right"] : ["wrong", "Not quite"];
  }

  return {
    node: h("fieldset", { class: "il-fieldset il-options", "aria-labelledby": stem }, ...rows.map(({ node }) => node)),
    read: () => (chosen().length ? { answer: type === "radio" ? chosen()[0] : chosen() } : { problem: "Choose an answer first." }),
    fill: (answer) => rows.forEach(({ id, input }) => (input.checked = [answer].flat().includes(id))),
    switch: (off) => rows.forEach(({ input }) => (input.disabled = off)),
    focus: () => rows[0].input.focus(),
    mark(verdict, answer) {
      const spoken = [];
      for (const row of rows) {
        const message = verdict.messages?.[row.id];
        const said = message || [answer].flat().includes(row.id) ? saying(row, verdict, [answer].flat()) : null;
        row.feedback.hidden = !said;
        row.node.dataset.mark = said?.[0] ?? "";
        row.feedback.replaceChildren(...(said ? [judgement(...said), " ", rich("span", {}, message)] : []));
        if (said && [answer].flat().includes(row.id)) spoken.push(row.feedback.lastChild.textContent);
      }
      return spoken.join(" ");
    },
  };
}

function number(question, stem, enter) {
  const unit = h("span", { class: "il-unit", id: uid() }, question.unit);
  const input = h("input", {
    type: "text", class: "il-field il-answer", inputmode: "decimal", autocomplete: "off", spellcheck: "false",
    "aria-labelledby": `${stem} ${unit.id}`, onkeydown: (event) => event.key === "Enter" && enter(),
  });
  return {
    node: h("div", { class: "il-row il-number" }, input, unit),
    // Python reads the text, with its comma or point and its unit, and says what it cannot read.
    read: () => (/\d/.test(input.value) ? { answer: input.value.trim() } : { problem: "Type a number, such as 12.5." }),
    fill: (answer) => (input.value = answer ?? ""),
    switch: (off) => (input.disabled = off),
    focus: () => input.focus(),
    mark: () => "",
  };
}

function order(question, stem) {
  const spoken = h("p", { class: "il-unseen", role: "status" });
  const list = h("ol", { class: "il-order", role: "list", "aria-labelledby": stem });
  const rows = new Map(question.items.map(({ id, text_html }) => {
    const text = rich("span", { class: "il-order-text" }, text_html);
    const button = (step, sign, word) =>
      h("button", { type: "button", class: "il-button il-step", "aria-label": `Move ${word}: ${text.textContent}`, onclick: () => move(id, step) }, sign);
    const up = button(-1, "↑", "up"), down = button(1, "↓", "down");
    const place = h("span", { class: "il-place", "aria-hidden": "true" });
    const node = h("li", { class: "il-order-row" }, place, text, up, down);
    node.addEventListener("keydown", (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      move(id, step);
    });
    return [id, { node, text, place, up, down }];
  }));
  let ids = [...rows.keys()], off = false;

  function renumber() {
    ids.forEach((id, at) => {
      const { place, up, down } = rows.get(id);
      say(place, String(at + 1));
      up.setAttribute("aria-disabled", String(off || at === 0));
      down.setAttribute("aria-disabled", String(off || at === ids.length - 1));
    });
  }

  function move(id, step) {
    const from = ids.indexOf(id), to = from + step;
    if (off || to < 0 || to >= ids.length) return;
    [ids[from], ids[to]] = [ids[to], ids[from]];
    // The neighbour moves in the page, not the item, so that the focus stays where it is.
    const { node, text } = rows.get(id), neighbour = rows.get(ids[from]).node;
    if (step < 0) node.after(neighbour);
    else node.before(neighbour);
    renumber();
    say(spoken, `${text.textContent}: now ${to + 1} of ${ids.length}`);
  }

  renumber();
  list.append(...[...rows.values()].map(({ node }) => node));
  return {
    node: h("div", {}, list, spoken),
    read: () => ({ answer: [...ids] }),
    fill(answer) {
      if (answer?.length !== ids.length || answer.every((id, at) => id === ids[at])) return;
      ids = [...answer];
      list.append(...ids.map((id) => rows.get(id).node));
      renumber();
    },
    switch(now) { off = now; renumber(); },
    focus: () => rows.get(ids[0]).down.focus(),
    mark: () => "",
  };
}

const KINDS = { single: choices, multiple: choices, predict: choices, numeric: number, order };

// --- The card -------------------------------------------------------------------------------------------------------

function render({ model, el }) {
  const get = (name) => model.get(name);
  const question = get("question"), predict = question.kind === "predict";
  const stem = rich("p", { class: "il-stem", id: uid() }, question.stem_html);
  const form = KINDS[question.kind](question, stem.id, enter);
  const done = h("span", { class: "il-done" });
  const status = h("div", { class: "il-verdict", role: "status", tabindex: "-1" });
  const buttons = h("div", { class: "il-row il-actions" });
  let gone = false, waiting = 0;

  el.classList.add("il", "il-card");
  el.dataset.kind = question.kind;
  el.append(
    h("div", { class: "il-card-head" }, h("span", { class: "il-kicker" }, ASKS[question.kind]), done),
    stem,
    form.node,
    ...(question.hint_html
      ? [h("details", { class: "il-hint" }, h("summary", {}, "Hint"), rich("p", {}, question.hint_html))]
      : []),
    buttons,
    status,
  );
  keepKeys(el);

  const judged = () => Object.keys(get("verdict")).length > 0;
  const asksConfidence = () => question.ask_confidence && !predict && !get("confidence") && !judged();

  function submit(confidence) {
    if (waiting || gone || get("disabled")) return;
    const { answer, problem } = form.read();
    if (problem) {
      tell("note", problem);
      form.focus();
      return;
    }
    send(answer, confidence);
  }

  function send(answer, confidence) {
    model.set("answer", answer);
    if (confidence) model.set("confidence", confidence);
    model.set("submitted", get("submitted") + 1);
    waiting = setTimeout(() => tell("plain", "Checking…"), SLOW);
    model.set("verdict", {}); // so that the same verdict again is news
    model.save_changes();
  }

  function enter() {
    if (asksConfidence()) buttons.querySelector("button")?.focus();
    else submit();
  }

  function tell(mark, words, ...more) {
    status.dataset.mark = mark;
    status.replaceChildren(h("p", {}, judgement(mark, words)), ...more.filter(Boolean));
  }

  function drawButtons() {
    const button = (look, text, press) => h("button", { type: "button", class: `il-button ${look}`, onclick: press }, text);
    let wanted;
    if (predict) {
      wanted = judged() ? [] : [button("il-main", "Commit", () => submit()), button("il-quiet", "Skip", () => send(null))];
    } else if (asksConfidence()) {
      const label = h("span", { class: "il-actions-label", id: uid() }, "Check my answer:");
      wanted = [label,
        button("il-main il-second", "I am sure", () => submit("sure")),
        button("il-main il-second", "I am not sure", () => submit("unsure"))];
    } else {
      const right = get("verdict").right === true;
      wanted = [button(right ? "il-quiet" : "il-main", judged() ? "Check again" : "Check", () => submit())];
    }
    const same = wanted.map((part) => part.outerHTML.replace(/ id="[^"]*"/, "")).join("");
    if (buttons.dataset.drawn !== same) {
      const held = buttons.contains(document.activeElement);
      buttons.replaceChildren(...wanted);
      buttons.dataset.drawn = same;
      if (held) (buttons.querySelector("button") ?? status).focus();
    }
    for (const each of buttons.querySelectorAll("button")) each.disabled = gone || get("disabled");
  }

  function show() {
    if (waiting && !judged()) return; // the old feedback stays until the new one is here
    clearTimeout(waiting);
    waiting = 0;
    const verdict = get("verdict"), { right, summary, messages = {}, answered = true } = verdict;
    const spoken = form.mark(verdict, judged() ? get("answer") : null);
    status.dataset.mark = "";
    status.replaceChildren();
    if (judged()) {
      const mark = predict ? "plain" : !answered ? "note" : right ? "right" : "wrong";
      const words = rich("span", {}, summary || { plain: "Noted.", note: "Not judged.", right: "Right.", wrong: "Not quite." }[mark]);
      tell(mark, words, messages[""] && rich("p", {}, messages[""]), spoken && h("p", { class: "il-unseen" }, spoken));
    }
    say(done, judged() && right === true ? "✓ Answered right" : "");
    drawButtons();
    form.switch(gone || get("disabled") || (predict && judged()));
    el.classList.toggle("il-off", gone || get("disabled"));
  }

  model.on("change:verdict", show);
  model.on("change:confidence", drawButtons);
  model.on("change:disabled", show);
  model.on("change:answer", () => form.fill(get("answer")));
  form.fill(get("answer"));
  show();
  const unwatch = watchKernel({ model, el }, (now) => { gone = now; show(); });
  return () => { clearTimeout(waiting); unwatch(); };
}

export default { render };
