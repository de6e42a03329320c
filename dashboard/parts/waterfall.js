// The steps of one trace: a tree beside its bars of time. Only rows in view are in the
// page, so thousands of spans stay quick.
const ROW_PX = 28
// How long a choice made here holds against an older one that the server still draws.
const CHOICE_HOLDS_MS = 3000
const memory = new WeakMap()

export default function render({ data, parentElement, setStateValue }) {
  const frame = parentElement.querySelector(".frame")
  const view = frame.querySelector(".view")
  const space = frame.querySelector(".space")
  const rowsBox = frame.querySelector(".rows")
  const axis = frame.querySelector(".axis")
  const { spans, total_ms: total, labels } = data
  const state = memory.get(frame) ?? { closed: new Set(), trace: null }
  memory.set(frame, state)
  if (state.trace !== data.trace) Object.assign(state, { trace: data.trace, closed: new Set(), chosen: null })
  state.send = setStateValue
  if (state.chosen === data.selected || performance.now() > state.holdsUntil) state.chosen = null
  let selected = state.chosen ?? data.selected

  const children = new Map()
  for (const span of spans) {
    if (!children.has(span.parent)) children.set(span.parent, [])
    children.get(span.parent).push(span)
  }
  let shown = []
  const list = () => {
    shown = []
    // A stack, not recursion: a chain of thousands of spans must not overflow.
    const stack = [...(children.get("") ?? [])].reverse().map(span => [span, 0])
    while (stack.length) {
      const [span, depth] = stack.pop()
      shown.push([span, depth])
      if (state.closed.has(span.id)) continue
      for (const child of [...(children.get(span.id) ?? [])].reverse()) stack.push([child, depth + 1])
    }
    space.style.height = shown.length * ROW_PX + "px"
  }

  const drawAxis = () => {
    const ticks = el("span", "ticks")
    for (const part of [0, 0.25, 0.5, 0.75]) {
      const tick = el("span", "tick", part ? duration(total * part) : "0")
      tick.style.left = 100 * part + "%"
      ticks.append(tick)
    }
    axis.replaceChildren(el("span", "count", labels.count), ticks, el("span", "time", duration(total)))
  }

  const drawRow = ([span, depth]) => {
    const kids = children.get(span.id)?.length ?? 0
    const row = el("div", "line row" + (span.error ? " error" : ""))
    row.role = "treeitem"
    row.dataset.id = span.id
    row.tabIndex = span.id === selected ? 0 : -1
    row.setAttribute("aria-level", depth + 1)
    row.setAttribute("aria-selected", span.id === selected)
    if (kids) row.setAttribute("aria-expanded", !state.closed.has(span.id))
    const name = el("span", "name kind kind-" + span.kind)
    for (let i = 0; i < Math.min(depth, 12); i++) name.append(el("span", "indent"))
    const twist = el("span", "twist", kids ? (state.closed.has(span.id) ? "▶" : "▼") : "")
    twist.onclick = event => { event.stopPropagation(); toggle(span.id) }
    name.append(twist, el("span", "mark"), el("span", "label cut", (span.error ? "⚠ " : "") + span.name))
    if (span.detail) name.append(el("span", "detail cut", span.detail))
    const lane = el("span", "lane kind kind-" + span.kind)
    const bar = el("span", "bar")
    bar.style.left = Math.min(99.5, 100 * span.offset_ms / total) + "%"
    bar.style.width = Math.max(0.3, Math.min(100, 100 * (span.ms ?? 0) / total)) + "%"
    lane.append(bar)
    row.append(name, lane, el("span", "time", duration(span.ms)))
    row.title = [span.name, span.kind, span.detail, duration(span.ms), span.error && labels.error].filter(Boolean).join(" · ")
    row.onclick = () => pick(span.id)
    return row
  }

  const draw = () => {
    const hadFocus = frame.contains(frame.getRootNode().activeElement)
    const from = Math.max(0, Math.floor(view.scrollTop / ROW_PX) - 8)
    const to = Math.min(shown.length, Math.ceil((view.scrollTop + view.clientHeight) / ROW_PX) + 8)
    rowsBox.style.top = from * ROW_PX + "px"
    rowsBox.replaceChildren(...shown.slice(from, to).map(drawRow))
    const current = [...rowsBox.children].find(row => row.dataset.id === selected)
    if (hadFocus) current?.focus({ preventScroll: true })
    else if (!current && rowsBox.firstChild) rowsBox.firstChild.tabIndex = 0
  }

  const reveal = () => {
    const at = shown.findIndex(([span]) => span.id === selected)
    if (at < 0) return
    const top = at * ROW_PX
    if (top < view.scrollTop) view.scrollTop = top
    else if (top + ROW_PX > view.scrollTop + view.clientHeight) view.scrollTop = top + ROW_PX - view.clientHeight
  }
  const pick = id => {
    selected = state.chosen = id
    state.holdsUntil = performance.now() + CHOICE_HOLDS_MS
    reveal()
    draw()
    ;[...rowsBox.children].find(row => row.dataset.id === id)?.focus({ preventScroll: true })
    clearTimeout(state.timer)
    state.timer = setTimeout(() => state.send("selected", id), 90)
  }
  const toggle = id => {
    state.closed.has(id) ? state.closed.delete(id) : state.closed.add(id)
    list()
    draw()
  }

  view.setAttribute("aria-label", labels.tree)
  view.style.height = Math.min(Math.max(spans.length, 1) * ROW_PX, data.height) + "px"
  list()
  drawAxis()
  reveal()
  draw()
  view.onscroll = () => requestAnimationFrame(draw)
  view.onkeydown = event => {
    const at = shown.findIndex(([span]) => span.id === selected)
    const page = Math.max(1, Math.floor(view.clientHeight / ROW_PX) - 1)
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key]
    const open = (children.get(selected)?.length ?? 0) > 0 && !state.closed.has(selected)
    if (step !== undefined) pick(shown[Math.min(shown.length - 1, Math.max(0, at + step))][0].id)
    else if (event.key === "ArrowLeft" && open) toggle(selected)
    else if (event.key === "ArrowLeft" && shown[at]?.[0].parent) pick(shown[at][0].parent)
    else if (event.key === "ArrowRight" && state.closed.has(selected)) toggle(selected)
    else if (event.key === "ArrowRight" && open) pick(children.get(selected)[0].id)
    else return
    event.preventDefault()
  }
}
