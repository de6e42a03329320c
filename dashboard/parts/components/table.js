// Rows of facts with a keyboard: arrows move, Enter opens, Space checks. A page's main
// table also hears keys pressed elsewhere: J and K move, Escape closes, / searches.
const writes = node => node?.matches?.(
  "input:not([type=checkbox]), textarea, select, [contenteditable=true], [role=combobox], [role=listbox] *")
const isElsewhere = event => event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey
  || writes(event.composedPath()[0]) || document.querySelector("[role=dialog], [data-testid=stPopoverBody]")
// Leaves out the columns that have no room, and of chips those that would be cut.
const fit = (root, columns, checkable) => {
  const width = root.clientWidth
  const shown = columns.map(column => !width || width >= (column.from_px ?? 0))
  root.style.gridTemplateColumns = [checkable ? "34px" : "",
    ...columns.filter((_, at) => shown[at]).map(column => column.width ?? "minmax(0, auto)")].join(" ")
  for (const row of root.children) {
    const cells = [...row.children].slice(checkable ? 1 : 0)
    cells.forEach((cell, at) => { cell.hidden = !shown[at] })
  }
  if (width) fitChips([...root.querySelectorAll(".chips")])
}

// Tab goes through what one row holds, and on: not through every box and link of a list.
const reach = (row, isHere) => {
  row.tabIndex = isHere ? 0 : -1
  for (const node of row.querySelectorAll("a, button")) node.tabIndex = row.tabIndex
}

const GAP = 4
const fitChips = nodes => {
  for (const node of nodes) {
    node.querySelector(".rest")?.remove()
    node.classList.remove("tight")
    for (const chip of node.children) chip.hidden = false
  }
  // All is measured before anything is changed: each change would lay the page out anew.
  const found = nodes.map(node => ({ node, room: node.clientWidth,
    widths: [...node.children].map(chip => chip.offsetWidth + GAP) }))
  for (const { node, room, widths } of found) {
    if (widths.reduce((sum, one) => sum + one, -GAP) <= room + 1) continue
    const counted = /^\+(\d+)$/.exec(node.lastChild.textContent)
    const n = widths.length - (counted ? 1 : 0)
    let kept = 0, used = 34  // what "+n" takes
    while (kept < n && used + widths[kept] - GAP <= room) used += widths[kept++]
    if (!kept) used += widths[kept++]
    for (let at = kept; at < widths.length; at++) node.children[at].hidden = true
    const rest = n - kept + Number(counted?.[1] ?? 0)
    node.classList.toggle("tight", used > room)
    if (rest) node.append(el("span", "rest soft", "+" + rest))
  }
}

export default function render({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".table")
  const { columns, rows, order, checkable, labels } = data
  const checked = new Set(data.checked ?? [])
  let selected = data.selected
  let timer
  root.style.maxHeight = data.height ? data.height + "px" : ""
  root.setAttribute("aria-label", data.label)
  root.setAttribute("aria-rowcount", rows.length)

  const open = id => setTriggerValue("opened", id)
  const checkbox = (on, label, change) => {
    const cell = el("span", "cell")
    const box = el("input")
    box.type = "checkbox"
    box.checked = on
    box.setAttribute("aria-label", label)
    box.onclick = event => event.stopPropagation()
    box.onchange = () => { change(box.checked); setStateValue("checked", [...checked]) }
    cell.append(box)
    cell.onclick = event => event.stopPropagation()
    return cell
  }
  const choose = (row, { follow }) => {
    for (const other of body) {
      reach(other, other === row)
      if (follow) other.setAttribute("aria-selected", other === row)
    }
    row.focus({ preventScroll: false })
    if (!follow) return
    selected = row.dataset.id
    clearTimeout(timer)
    timer = setTimeout(() => open(row.dataset.id), 120)
  }

  const head = el("div", "row head")
  head.role = "row"
  if (checkable) {
    head.append(checkbox(rows.length > 0 && rows.every(row => checked.has(row.id)), labels.all, on => {
      rows.forEach(row => on ? checked.add(row.id) : checked.delete(row.id))
      body.forEach(row => { row.querySelector("input").checked = on })
    }))
  }
  for (const column of columns) {
    const cell = el("span", "cell cut" + (column.end ? " end" : ""))
    cell.role = "columnheader"
    cell.title = column.help ?? ""
    if (column.sort) {
      const down = order === "-" + column.sort
      const up = order === column.sort
      const sort = el("button", "sort" + (down || up ? " on" : ""), column.label + (down ? " ↓" : up ? " ↑" : ""))
      cell.setAttribute("aria-sort", down ? "descending" : up ? "ascending" : "none")
      sort.onclick = () => setTriggerValue("sorted", down && column.both ? column.sort : "-" + column.sort)
      cell.append(sort)
    } else cell.textContent = column.label
    head.append(cell)
  }

  const isHere = rows.some(row => row.id === selected)
  const body = rows.map((row, index) => {
    const node = el("div", "row" + (data.opens ? " opens" : "") + (row.fresh ? " fresh" : ""))
    node.role = "row"
    node.dataset.id = row.id
    node.setAttribute("aria-selected", row.id === selected)
    if (checkable) {
      node.append(checkbox(checked.has(row.id), labels.pick, on => {
        on ? checked.add(row.id) : checked.delete(row.id)
      }))
      node.querySelector("input").tabIndex = -1  // Space checks the row
    }
    for (const column of columns) {
      const value = row.cells[column.key]
      const cell = el("span", "cell " + (column.wrap ? "wrap" : "cut") + (column.end ? " end" : ""))
      cell.role = "gridcell"
      cell.append(draw(value, open))
      cell.title = hint(value)
      node.append(cell)
    }
    reach(node, isHere ? row.id === selected : index === 0)
    if (data.opens) {
      node.onclick = () => {
        if (String(node.getRootNode().getSelection?.() ?? getSelection())) return
        open(row.id)
      }
    }
    return node
  })

  const focused = root.contains(root.getRootNode().activeElement) ? root.getRootNode().activeElement.dataset?.id : null
  const scroll = root.scrollTop
  root.replaceChildren(head, ...body)
  fit(root, columns, checkable)
  root.scrollTop = scroll
  // A rerun draws fresh rows: the keyboard stays where it was.
  if (focused) body.find(row => row.dataset.id === (selected ?? focused))?.focus({ preventScroll: true })
  else body.find(row => row.dataset.id === selected)?.scrollIntoView({ block: "nearest" })

  root.onkeydown = event => {
    const active = root.getRootNode().activeElement
    const index = body.indexOf(active)
    if (index < 0) return
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      const next = body[Math.min(body.length - 1, Math.max(0, index + step))]
      if (next !== active) choose(next, { follow: Boolean(selected) && data.opens })
    } else if (event.key === "Enter" && data.opens) open(active.dataset.id)
    else if (event.key === " " && checkable) {
      event.preventDefault()
      active.querySelector("input").click()
    }
  }
  root.forget?.()
  const sized = new ResizeObserver(() => fit(root, columns, checkable))
  sized.observe(root)
  // Down leaves the search box for the rows, and so does Escape once the box is empty.
  const leaves = event => {
    const box = data.search && document.querySelector(data.search)
    if (!box || event.composedPath()[0] !== box || event.defaultPrevented) return false
    return event.key === "Escape" ? !box.value : event.key === "ArrowDown" && box.role !== "combobox"
  }
  const heard = event => {
    if (leaves(event) && body.length) {
      event.preventDefault()
      return (body.find(row => row.dataset.id === selected) ?? body[0]).focus()
    }
    if (isElsewhere(event)) return
    const active = root.getRootNode().activeElement
    const step = { j: 1, k: -1 }[event.key.toLowerCase()]
    if (step && body.length) {
      const at = body.findIndex(row => row === active || (!body.includes(active) && row.dataset.id === selected))
      choose(body[Math.min(body.length - 1, Math.max(0, at < 0 ? 0 : at + step))], { follow: Boolean(selected) && data.opens })
    } else if (event.key === "Escape" && data.closes) setTriggerValue("closed", selected ?? "")
    else if (event.key === "/" && data.search) document.querySelector(data.search)?.focus()
    else return
    event.preventDefault()
  }
  if (data.main) document.addEventListener("keydown", heard)

  // Asks for the next look only when the last is drawn, and never while hidden.
  let look
  const ask = () => { if (!document.hidden) setTriggerValue("looked", Date.now()) }
  const seen = () => { if (!document.hidden) { clearTimeout(look); ask() } }
  if (data.every_ms) {
    look = setTimeout(ask, data.every_ms)
    document.addEventListener("visibilitychange", seen)
  }
  root.forget = () => {
    sized.disconnect()
    clearTimeout(timer)
    clearTimeout(look)
    document.removeEventListener("keydown", heard)
    document.removeEventListener("visibilitychange", seen)
  }
  return root.forget
}
