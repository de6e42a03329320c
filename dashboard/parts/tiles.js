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

export default function render({ data, parentElement }) {
  const root = parentElement.querySelector(".tiles")
  root.setAttribute("aria-label", data.label)
  root.replaceChildren(...data.tiles.map(tile => {
    const node = el("div", "tile")
    node.role = "listitem"
    const line = el("div", "line")
    line.append(el("span", "value", tile.value))
    if (tile.change) {
      const change = el("span", "change tone-" + tile.tone, tile.change)
      change.title = data.against
      line.append(change)
    }
    node.append(el("div", "label", tile.label), line, course(tile.series))
    return node
  }))
}
