// The questions of a queue, answered by the keyboard: a key answers the question at hand
// and goes on to the next one; Enter hands all answers in at once.
const LETTERS = "abdefghijklmopqtvwxz"  // C, R are Streamlit's; N, Y, S, U ours

const choicesOf = (field, labels) => {
  if (field.kind === "yes_no") return [
    { value: true, text: labels.yes, key: "Y" }, { value: false, text: labels.no, key: "N" }]
  if (field.kind === "scale") {
    const steps = Array.from({ length: field.max - field.min + 1 }, (_, i) => field.min + i)
    const own = steps.every(step => step >= 0 && step <= 9)
    return steps.map((step, i) => ({ value: step, text: String(step), key: own ? String(step) : String((i + 1) % 10) }))
  }
  return field.labels.map((label, i) => ({ value: label, text: label, key: LETTERS[i].toUpperCase() }))
}

// Whether Enter or Space would press something of the page outside of the form.
const isElsewhere = (event, root) => ["Enter", " "].includes(event.key) && !event.composedPath().includes(root)
  && event.composedPath().some(node => node.matches?.("button, a, summary, [role=button]"))

// By where the key lies, so that a Korean layout answers too.
const keyOf = event => {
  const found = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code)
  return found ? found[1] : event.key.length === 1 ? event.key.toUpperCase() : event.key
}

const isTyping = event => {
  const target = event.composedPath()[0]
  return target?.matches?.("input, textarea, select, [contenteditable=true]")
}

export default function render({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".form")
  const { fields, labels } = data
  const before = root.state
  const isSame = before?.item === data.item && before?.turn === data.turn
  const state = root.state = isSame ? before : {
    item: data.item, turn: data.turn, active: 0, note: data.note ?? "", sent: false,
    answers: Object.assign(Object.create(null), data.answers) }  // a question may have any name
  root.setAttribute("aria-label", labels.form)

  const isDone = () => fields.every(field => !field.required || hasAnswer(field))
  const hasAnswer = field => ![undefined, null, ""].includes(state.answers[field.name])
  const submit = into => {
    if (state.sent || !isDone() || !fields.some(hasAnswer)) return
    state.sent = true
    setTriggerValue("submitted", { item: data.item, answers: state.answers, note: state.note, into })
    paint()
  }
  const act = what => {
    if (state.sent) return
    state.sent = true
    setTriggerValue("acted", { item: data.item, what })
    paint()
  }
  const go = to => {
    state.active = Math.min(fields.length, Math.max(0, to))
    paint()
    root.querySelector(".active")?.scrollIntoView({ block: "nearest" })
  }
  const answer = (number, value) => {
    const { name } = fields[number]
    state.answers[name] = value
    const open = fields.findIndex((field, i) => i > number && !hasAnswer(field) && field.kind !== "text")
    go(open < 0 ? number + 1 : open)
  }

  const question = (field, number) => {
    const node = el("fieldset", "field" + (state.active === number ? " active" : ""))
    const legend = el("legend", "", field.title)
    if (!field.required) legend.append(el("span", "soft", " " + labels.optional))
    node.append(legend)
    node.onpointerdown = () => { if (state.active !== number) { state.active = number; mark() } }
    if (field.kind === "text") {
      const area = el("textarea")
      area.rows = 4
      area.value = state.answers[field.name] ?? ""
      area.setAttribute("aria-label", field.title)
      area.oninput = () => { state.answers[field.name] = area.value; mark() }
      area.onfocus = () => { state.active = number; mark() }
      node.append(area)
      return node
    }
    const row = el("div", "choices " + field.kind)
    row.role = "radiogroup"
    for (const choice of choicesOf(field, labels)) {
      const button = el("button", "choice")
      const on = state.answers[field.name] === choice.value
      button.role = "radio"
      button.setAttribute("aria-checked", on)
      button.append(el("span", "", choice.text), el("kbd", "", choice.key))
      button.onclick = () => answer(number, choice.value)
      row.append(button)
    }
    node.append(row)
    return node
  }

  const tool = (text, key, run, className, off) => {
    const button = el("button", "tool " + className)
    button.append(el("span", "", text), el("kbd", "", key))
    button.disabled = off
    button.onclick = run
    return button
  }
  const mark = () => {
    root.querySelectorAll(".field").forEach((node, i) => node.classList.toggle("active", i === state.active))
    for (const save of root.querySelectorAll(".save, .into")) {
      save.disabled = state.sent || !isDone() || !fields.some(hasAnswer)
    }
  }
  const paint = () => {
    const note = el("textarea", "note")
    note.rows = 2
    note.placeholder = labels.note
    note.setAttribute("aria-label", labels.note)
    note.value = state.note
    note.oninput = () => { state.note = note.value }
    const tools = el("div", "tools")
    tools.append(
      tool(labels.save, "↵", () => submit(false), "save", false),
      tool(labels.skip, "S", () => act("skip"), "", state.sent),
      tool(labels.undo, "U", () => act("undo"), "", state.sent || !data.undoable),
      tool(labels.into, "⇧↵", () => submit(true), "into", false))
    root.replaceChildren(...fields.map(question), note, tools, el("p", "soft", labels.help))
    mark()
  }

  const page = root.ownerDocument
  const press = event => {
    if (!root.isConnected || event.ctrlKey && event.key !== "Enter" || event.metaKey || event.altKey) return
    const handed = event.key === "Enter" && (event.ctrlKey || !isTyping(event))
    if (isTyping(event)) {
      if (event.key === "Escape") event.composedPath()[0].blur()
      else if (handed) { event.preventDefault(); submit(event.shiftKey) }
      return
    }
    if (event.composedPath().some(node => node.getAttribute?.("role") === "dialog")) return
    if (isElsewhere(event, root) && !isDone()) return
    const field = fields[state.active]
    const key = keyOf(event)
    const choice = field && field.kind !== "text" && choicesOf(field, labels).find(one => one.key === key)
    if (choice) answer(state.active, choice.value)
    else if (event.key === "Enter" && field?.kind === "text" && !isDone()) root.querySelector(".active textarea").focus()
    else if (event.key === "Enter") submit(event.shiftKey)
    else if (event.key === "ArrowDown") go(Math.min(fields.length - 1, state.active + 1))
    else if (event.key === "ArrowUp") go(state.active - 1)
    else if (key === "T" && fields.some(one => one.kind === "text")) {
      go(fields.findIndex(one => one.kind === "text"))
      root.querySelector(".active textarea").focus()
    } else if (key === "S") act("skip")
    else if (key === "U" && data.undoable) act("undo")
    else if (event.key === "Escape" && !page.querySelector("[role=dialog], [data-testid=stPopoverBody]")) act("leave")
    else return
    event.preventDefault()
  }
  if (root.press) page.removeEventListener("keydown", root.press)
  root.press = press
  page.addEventListener("keydown", press)
  paint()
  return () => page.removeEventListener("keydown", press)
}
