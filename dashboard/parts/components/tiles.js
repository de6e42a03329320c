// Numbers that lead a page, each with its change and its course.
const SVG = "http://www.w3.org/2000/svg"

const course = series => {
  const svg = document.createElementNS(SVG, "svg")
  svg.setAttribute("viewBox", "0 0 100 100")
  svg.setAttribute("preserveAspectRatio", "none")
  svg.setAttribute("aria-hidden", "true")
  const most = Math.max(...series, 0) || 1
  const points = series.map((value, at) =>
    [100 * at / Math.max(1, series.length - 1), 96 - 88 * value / most].map(n => n.toFixed(2)).join(" "))
  const path = (className, line) => {
    const node = document.createElementNS(SVG, "path")
    node.setAttribute("class", className)
    node.setAttribute("d", line)
    svg.append(node)
  }
  if (points.length > 1) {
    path("under", `M0 100 L${points.join(" L")} L100 100 Z`)
    path("over", `M${points.join(" L")}`)
  }
  return svg
}

const GAP = 8
// Rows of one length where not all have room in one: of eight four and four, not seven
// and one. Few tiles do not grow over the whole page.
const balance = root => {
  const n = root.children.length
  const least = root.classList.contains("noted") ? 172 : 100
  const most = Math.max(1, Math.floor((root.clientWidth + GAP) / (least + GAP)))
  const columns = n > most ? Math.ceil(n / Math.ceil(n / most)) : Math.max(n, Math.min(4, most))
  root.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`
}

export default function render({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tiles")
  root.setAttribute("aria-label", data.label)
  root.classList.toggle("noted", data.tiles.some(tile => tile.note))
  root.replaceChildren(...data.tiles.map((tile, at) => {
    const item = el("div", "item")
    item.role = "listitem"
    const node = el("a", "tile")
    node.href = tile.href
    // A plain click stays in this session; with a modifier it is a link like any other.
    node.onclick = event => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
      event.preventDefault()
      setTriggerValue("opened", String(at))
    }
    const line = el("div", "line")
    line.append(el("span", "value", tile.value))
    const change = tile.change ? el("span", "change tone-" + tile.tone, tile.change) : null
    if (change) change.title = data.against
    if (change && !tile.note) line.append(change)
    const label = el("div", "label cut", tile.label)
    label.title = tile.label
    node.append(label, line)
    if (tile.note) {
      const note = el("div", "note cut", tile.note)
      note.title = tile.note
      node.append(note)
      if (change) {
        const below = el("div", "note")
        below.append(change)
        node.append(below)
      }
    }
    if (tile.series) node.append(course(tile.series))
    item.append(node)
    return item
  }))
  root.forget?.()
  const sized = new ResizeObserver(() => balance(root))
  sized.observe(root)
  root.forget = () => sized.disconnect()
  balance(root)
  return root.forget
}
