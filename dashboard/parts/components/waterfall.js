// The steps of one trace: a tree beside its bars of time. Only rows in view are in the
// page, so ten thousand spans stay quick.
const ROW_PX = 28
// The first token is marked in bars of this share of the whole and longer.
const FIRST_SHOWN = 0.03
const FIGURES = ["duration", "tokens", "cost"]
const SHOWN_KEY = "tracer.steps.figures"
// What was chosen, folded and searched in each trace: a page that is drawn anew mounts
// the component again.
const memories = (globalThis.tracerSteps ??= new Map())

const remembered = trace => {
  if (!memories.has(trace)) {
    memories.set(trace, { closed: new Set(), selected: null, turn: null, query: "" })
    if (memories.size > 20) memories.delete(memories.keys().next().value)
  }
  return memories.get(trace)
}

const figuresShown = () => {
  try {
    const kept = JSON.parse(localStorage.getItem(SHOWN_KEY) ?? "null")
    if (Array.isArray(kept)) return FIGURES.filter(name => kept.includes(name))
  } catch { /* a browser that keeps nothing shows what is usual */ }
  return ["duration"]
}

// The address keeps the chosen step; replaced, not pushed: Back leaves the trace.
const noteInAddress = id => {
  const asked = new URLSearchParams(location.search)
  asked.set("span", id)
  history.replaceState(history.state, "", `${location.pathname}?${asked}`)
}

const treeOf = parents => {
  const children = new Map()
  parents.forEach((parent, at) => {
    if (!children.has(parent)) children.set(parent, [])
    children.get(parent).push(at)
  })
  return children
}

// Which steps a search finds, and all above them, by place.
const search = (data, query, said) => {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean)
  if (!words.length) return null
  const hits = new Set(), kept = new Set()
  data.names.forEach((name, at) => {
    const error = data.errors[at]
    const text = `${name} ${data.kinds[at]} ${data.models[at]} ${error === undefined ? "" : "error " + error}`.toLowerCase()
    if (said.has(at) || words.every(word => text.includes(word))) hits.add(at)
  })
  for (const hit of hits)
    for (let at = hit; at >= 0 && !kept.has(at); at = data.parents[at]) kept.add(at)
  return { hits, kept, ordered: [...hits].sort((a, b) => a - b) }
}

const tool = (label, sign, act) => {
  const button = el("button", "tool", sign)
  button.title = label
  button.setAttribute("aria-label", label)
  button.onclick = act
  return button
}

export default function render({ data, parentElement, setTriggerValue }) {
  const frame = parentElement.querySelector(".frame")
  const [bar, axis, view] = ["tools", "axis", "view"].map(name => frame.querySelector("." + name))
  const [space, rowsBox] = ["space", "rows"].map(name => view.querySelector("." + name))
  const { ids, parents, names, labels, total_ms: total } = data
  const state = remembered(data.trace)
  state.send = setTriggerValue
  // The server's word holds when it is a new one; else what was chosen here since.
  if (state.turn !== data.turn) Object.assign(state, { turn: data.turn, selected: data.selected })
  if (!ids.includes(state.selected)) state.selected = data.selected
  let figures = figuresShown()
  const children = treeOf(parents)
  const failing = Object.keys(data.errors).map(Number).sort((a, b) => a - b)
  let selected = ids.indexOf(state.selected)
  let shown = [], depths = [], hits = null

  const isFound = () => data.found !== null && data.found.query === state.query.trim()
  const list = () => {
    hits = search(data, state.query, isFound() ? new Set(data.found.places) : new Set())
    shown = []
    depths = []
    // A stack, not recursion: a chain of thousands of spans must not overflow.
    const stack = [...(children.get(-1) ?? [])].reverse().map(at => [at, 0])
    while (stack.length) {
      const [at, depth] = stack.pop()
      if (hits && !hits.kept.has(at)) continue
      shown.push(at)
      depths.push(depth)
      if (!hits && state.closed.has(ids[at])) continue
      const below = children.get(at) ?? []
      for (let i = below.length - 1; i >= 0; i--) stack.push([below[i], depth + 1])
    }
    const deepest = depths.reduce((most, depth) => Math.max(most, depth), 1)
    frame.style.setProperty("--indent", Math.max(4, Math.min(14, 120 / deepest)) + "px")
    space.style.height = shown.length * ROW_PX + "px"
    view.style.height = Math.min(Math.max(shown.length, 1) * ROW_PX, data.height) + "px"
  }
  const say = (what, values) =>
    Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), labels[what])

  const drawAxis = () => {
    const ticks = el("span", "ticks")
    for (const part of [0, 0.25, 0.5, 0.75]) {
      const tick = el("span", "tick", part ? duration(total * part) : "0")
      tick.style.left = 100 * part + "%"
      ticks.append(tick)
    }
    const heads = figures.map(name => el("span", "time", name === "duration" ? duration(total) : labels[name]))
    axis.replaceChildren(el("span", "count", labels.count), ticks, ...heads)
    frame.style.setProperty("--figures", figures.map(() => "76px").join(" ") || "0px")
  }

  const drawBar = at => {
    const lane = el("span", "lane kind kind-" + data.kinds[at])
    const fill = el("span", "bar")
    const length = data.durations[at] ?? 0
    fill.style.left = Math.min(99.5, 100 * data.offsets[at] / total) + "%"
    fill.style.width = Math.max(0.3, Math.min(100, 100 * length / total)) + "%"
    lane.append(fill)
    if (data.firsts[at] !== null && length > total * FIRST_SHOWN) {
      const first = el("span", "first")
      first.style.left = 100 * Math.min(1, data.firsts[at] / length) + "%"
      fill.append(first)
    }
    return lane
  }

  const drawRow = (at, depth, place) => {
    const kids = children.get(at)?.length ?? 0
    const isOpen = hits !== null || !state.closed.has(ids[at])
    const failed = data.errors[at] !== undefined
    const row = el("div", "line row" + (failed ? " error" : "") + (hits && !hits.hits.has(at) ? " above" : ""))
    row.role = "treeitem"
    row.dataset.at = at
    row.tabIndex = at === selected ? 0 : -1
    row.setAttribute("aria-level", depth + 1)
    row.setAttribute("aria-posinset", place + 1)
    row.setAttribute("aria-setsize", shown.length)
    row.setAttribute("aria-selected", at === selected)
    if (kids) row.setAttribute("aria-expanded", isOpen)
    const name = el("span", "name kind kind-" + data.kinds[at])
    for (let i = 0; i < Math.min(depth, 12); i++) name.append(el("span", "indent"))
    const twist = el("span", "twist", kids ? (isOpen ? "▼" : "▶") : "")
    if (kids) twist.onclick = event => { event.stopPropagation(); toggle(at) }
    name.append(twist, el("span", "mark"), el("span", "label cut", (failed ? "⚠ " : "") + names[at]))
    if (data.models[at]) name.append(el("span", "detail cut", data.models[at]))
    const written = { duration: duration(data.durations[at]), tokens: data.tokens[at], cost: data.costs[at] }
    row.append(name, drawBar(at), ...figures.map(figure => el("span", "time", written[figure])))
    row.title = [
      names[at], data.kinds[at], data.models[at], written.duration,
      data.firsts[at] !== null && say("first", { at: duration(data.firsts[at]) }),
      written.tokens && `${written.tokens} ${labels.tokens}`, written.cost,
      failed && (data.errors[at] || labels.error),
    ].filter(Boolean).join(" · ")
    row.onclick = () => pick(at)
    return row
  }

  const draw = () => {
    const hadFocus = view.contains(view.getRootNode().activeElement)
    const from = Math.max(0, Math.floor(view.scrollTop / ROW_PX) - 8)
    const to = Math.min(shown.length, Math.ceil((view.scrollTop + view.clientHeight) / ROW_PX) + 8)
    rowsBox.style.top = from * ROW_PX + "px"
    const drawn = []
    for (let i = from; i < to; i++) drawn.push(drawRow(shown[i], depths[i], i))
    if (!shown.length) drawn.push(el("div", "none soft", labels.none))
    rowsBox.replaceChildren(...drawn)
    const current = drawn.find(row => row.dataset.at === String(selected))
    if (hadFocus) (current ?? view).focus({ preventScroll: true })
    else if (!current && rowsBox.firstChild) rowsBox.firstChild.tabIndex = 0
  }

  const reveal = ({ at = selected, middle = false } = {}) => {
    const top = shown.indexOf(at) * ROW_PX
    if (top < 0) return
    const isAbove = top < view.scrollTop, isBelow = top + ROW_PX > view.scrollTop + view.clientHeight
    if (!isAbove && !isBelow) return
    if (middle) view.scrollTop = top - view.clientHeight / 2
    else view.scrollTop = isAbove ? top : top + ROW_PX - view.clientHeight
  }
  const pick = (at, { focus = true, middle = false } = {}) => {
    selected = at
    state.selected = ids[at]
    for (let up = parents[at]; up >= 0; up = parents[up]) state.closed.delete(ids[up])
    if (!shown.includes(at)) list()
    reveal({ middle })
    draw()
    drawTools()
    if (focus) rowsBox.querySelector(`[data-at="${at}"]`)?.focus({ preventScroll: true })
    clearTimeout(state.timer)
    state.timer = setTimeout(() => { noteInAddress(ids[at]); state.send("picked", ids[at]) }, 90)
  }
  const toggle = at => {
    state.closed.has(ids[at]) ? state.closed.delete(ids[at]) : state.closed.add(ids[at])
    list()
    draw()
  }
  const foldAll = isClosed => {
    // One root alone says little: what is right below it stays in sight.
    const kept = children.get(-1)?.length === 1 ? children.get(-1)[0] : -1
    state.closed = new Set(isClosed ? [...children.keys()].filter(at => at >= 0 && at !== kept).map(at => ids[at]) : [])
    list()
    reveal()
    draw()
  }
  const next = (places, step) => {
    if (!places.length) return
    const after = step > 0 ? places.find(at => at > selected) : places.findLast(at => at < selected)
    pick(after ?? places.at(step > 0 ? 0 : -1), { middle: true, focus: false })
  }

  const searchBox = bar.querySelector(".search") ?? el("input", "search")
  const drawTools = () => {
    const count = el("span", "found soft")
    if (hits) count.textContent = say("found", { n: hits.ordered.length.toLocaleString() })
    const parts = [searchBox, count]
    if (hits) parts.push(tool(labels.deep, labels.deep_short, () => setTriggerValue("searched", state.query)))
    if (hits && isFound())
      parts.push(el("span", "soft", say("deep_found", { n: data.found.places.length + (data.found.more ? "+" : "") })))
    const end = el("span", "end")
    if (failing.length) {
      const at = failing.indexOf(selected)
      const which = el("span", "tone-bad count-errors", say("errors", { at: at < 0 ? "–" : at + 1, n: failing.length }))
      end.append(which, tool(labels.error_before, "↑", () => next(failing, -1)), tool(labels.error_next, "↓", () => next(failing, 1)))
    }
    for (const name of FIGURES) {
      const toggleFigure = tool(say("figure", { name: labels[name] }), labels[name], () => {
        figures = FIGURES.filter(each => figures.includes(each) !== (each === name))
        try { localStorage.setItem(SHOWN_KEY, JSON.stringify(figures)) } catch { /* shown until the page is left */ }
        drawTools(); drawAxis(); draw()
      })
      toggleFigure.classList.toggle("on", figures.includes(name))
      toggleFigure.setAttribute("aria-pressed", figures.includes(name))
      end.append(toggleFigure)
    }
    if (children.size > 1)
      end.append(tool(labels.collapse, "⊟", () => foldAll(true)), tool(labels.expand, "⊞", () => foldAll(false)))
    parts.push(end)
    const hadFocus = bar.contains(bar.getRootNode().activeElement) && bar.getRootNode().activeElement === searchBox
    bar.replaceChildren(...parts)
    if (hadFocus) searchBox.focus({ preventScroll: true })
  }
  searchBox.type = "search"
  searchBox.placeholder = labels.search
  searchBox.setAttribute("aria-label", labels.search)
  searchBox.value = state.query
  searchBox.oninput = () => {
    state.query = searchBox.value
    view.scrollTop = 0
    list(); drawTools()
    if (hits?.ordered.length) reveal({ at: hits.ordered[0], middle: true })
    draw()
  }
  searchBox.onkeydown = event => {
    if (event.key === "Enter" && hits) next(hits.ordered, event.shiftKey ? -1 : 1)
    else if (event.key === "Escape" && state.query) { searchBox.value = ""; searchBox.oninput() }
    else if (event.key === "ArrowDown") rowsBox.querySelector("[tabindex='0']")?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
    if (event.key !== "ArrowDown") searchBox.focus({ preventScroll: true })
  }

  view.setAttribute("aria-label", labels.tree)
  list()
  drawTools()
  drawAxis()
  if (hits?.ordered.length && !hits.hits.has(selected)) reveal({ at: hits.ordered[0], middle: true })
  else reveal()
  draw()
  view.onscroll = () => requestAnimationFrame(draw)
  view.onkeydown = event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const at = shown.indexOf(selected)
    const page = Math.max(1, Math.floor(view.clientHeight / ROW_PX) - 1)
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key]
    const kids = children.get(selected) ?? []
    const isOpen = kids.length > 0 && !state.closed.has(ids[selected])
    if (step !== undefined) pick(shown[Math.min(shown.length - 1, Math.max(0, at + step))])
    else if (event.key === "ArrowLeft" && isOpen && !hits) toggle(selected)
    else if (event.key === "ArrowLeft" && parents[selected] >= 0) pick(parents[selected])
    else if (event.key === "ArrowRight" && state.closed.has(ids[selected]) && !hits) toggle(selected)
    else if (event.key === "ArrowRight" && isOpen) pick(kids[0])
    else if (event.key === "e") next(failing, 1)
    else if (event.key === "E") next(failing, -1)
    else if (event.key === "*") foldAll(false)
    else if (event.key === "/") searchBox.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
    if (event.key.toLowerCase() === "e") rowsBox.querySelector(`[data-at="${selected}"]`)?.focus({ preventScroll: true })
  }
}
