// Shared by every component; put before its script, behind lines that say the page's
// LANGUAGE and its words for YES_NO. Every text goes through textContent: what traces say
// is not trusted.
const el = (tag, className, text) => {
  const node = document.createElement(tag)
  if (className) node.className = className
  if (text !== undefined && text !== null) node.textContent = text
  return node
}

// The browser's own way of writing dates where it is of the page's language: en-GB too.
const LOCALE = navigator.language.startsWith(LANGUAGE) ? undefined : LANGUAGE

const localTime = (ms, short) => {
  const date = new Date(ms)
  if (short) {
    return date.toDateString() === new Date().toDateString()
      ? date.toLocaleTimeString(LOCALE, { hour: "2-digit", minute: "2-digit", hour12: false })
      : date.toLocaleDateString(LOCALE, { month: "short", day: "2-digit" })
  }
  const sameYear = date.getFullYear() === new Date().getFullYear()
  return date.toLocaleString(LOCALE, {
    year: sameYear ? undefined : "numeric", month: "short", day: "2-digit",
    hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false })
}

const badge = ({ text, tone, kind, dot, yes, rest }) => {
  const node = el("span", "badge " + (kind ? "kind kind-" + kind : "tone-" + (tone ?? "none")))
  if (dot) node.append(el("span", "dot"))
  node.append(text)
  if (yes !== undefined) node.append(" ", sign(yes), rest ?? "")
  return node
}

// A yes or a no: the sign for the eye, the word for who hears the page.
const sign = yes => {
  const node = el("span", "", yes ? "✓" : "✗")
  node.role = "img"
  node.setAttribute("aria-label", YES_NO[yes ? "yes" : "no"])
  return node
}

const bar = value => {
  const node = el("span", "bar")
  const lane = el("span", "lane")
  const fill = el("span", "fill")
  fill.style.width = Math.round(100 * Math.min(1, Math.max(0, value.bar))) + "%"
  lane.append(fill)
  node.append(lane, el("span", "", value.text))
  return node
}

const interval = ({ low, high, mean, zero, tone }) => {
  const node = el("span", "interval tone-" + (tone ?? "info"))
  const place = (className, at, width) => {
    const mark = el("span", className)
    mark.style.left = 100 * at + "%"
    if (width !== undefined) mark.style.width = 100 * width + "%"
    node.append(mark)
  }
  if (zero !== undefined && zero !== null) place("zero", zero)
  if (low !== null && high !== null) place("range", low, high - low)
  place("mean", mean)
  node.style.display = "block"
  return node
}

// Leads to another state of the dashboard as Back and Forward do, without loading it
// anew; with a modifier key, or in the middle, the browser opens it elsewhere.
const link = ({ text, href }) => {
  const node = el("a", "link", text)
  node.href = href
  node.onclick = event => {
    event.stopPropagation()
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    history.pushState({}, "", node.href)
    dispatchEvent(new PopStateEvent("popstate", { state: {} }))
  }
  return node
}

const SAID = new Map([["✓", YES_NO.yes], ["✗", YES_NO.no]])

// Draws one cell by the shape of its value; returns a node or a text.
const draw = (value, open) => {
  if (value === null || value === undefined || value === "") return el("span", "soft", "–")
  if (typeof value !== "object") return el("span", "", String(value))
  if (value.time_ms !== undefined) return el("span", "", localTime(value.time_ms, value.short))
  if (value.yes !== undefined) return sign(value.yes)
  if (value.badge) return badge(value.badge)
  if (value.bar !== undefined) return bar(value)
  if (value.interval) return interval(value.interval)
  if (value.chips) {
    const node = el("span", "chips")
    node.append(...value.chips.map(badge))
    return node
  }
  if (value.score !== undefined) {
    const node = el(value.open ? "button" : "span", "score tone-" + (value.tone ?? "none"), value.score)
    node.style.setProperty("--f", value.fill ?? 0.5)
    if (value.open) node.onclick = event => { event.stopPropagation(); open(value.open) }
    const said = SAID.get(value.score) ?? value.score
    const also = value.title && value.title !== value.score ? ": " + value.title : ""
    node.setAttribute("aria-label", said + also)
    return node
  }
  if (value.href) return link(value)
  return el("span", [value.mono && "mono", value.tone && "tone tone-" + value.tone, value.soft && "soft"]
    .filter(Boolean).join(" "), value.text)
}

const hint = value => {
  if (value === null || typeof value !== "object") return typeof value === "string" ? value : ""
  if (value.time_ms !== undefined) return new Date(value.time_ms).toISOString().replace("T", " ").replace("Z", " UTC")
  if (value.yes !== undefined) return YES_NO[value.yes ? "yes" : "no"]
  return value.title ?? value.text ?? (value.chips ?? []).map(chip => chip.text).join(" · ")
}

const duration = ms => {
  if (ms === null || ms === undefined) return "…"
  if (ms >= 60000) return (ms / 60000).toFixed(1) + " min"
  if (ms >= 1000) return (ms / 1000).toFixed(2) + " s"
  if (ms > 0 && ms < 0.1) return ms >= 0.001 ? Math.round(ms * 1000) + " µs" : "<1 µs"
  return ms >= 10 || ms === 0 ? Math.round(ms) + " ms" : ms.toFixed(1) + " ms"
}

// Puts a text on the clipboard; false where the browser lets nobody do that.
const copied = async text => {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch { /* plain HTTP on another host has no clipboard: the old way is left */ }
  const box = el("textarea")
  box.value = text
  box.style.cssText = "position:fixed;opacity:0"
  document.body.append(box)
  box.select()
  const isDone = document.execCommand("copy")
  box.remove()
  return isDone
}
