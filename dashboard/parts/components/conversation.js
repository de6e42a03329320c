// What was said, exactly as it was sent; only how it is laid out is ours.
const LONG_CHARS = 1800
const LONG_LINES = 26
// Beyond this, a text with keys and values is drawn in one colour.
const MOST_COLOURED = 40000
const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]/
const JSON_TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g

const startOf = text => {
  const lines = text.split("\n", LONG_LINES + 1)
  const short = lines.length > LONG_LINES ? lines.slice(0, LONG_LINES).join("\n") : text
  return short.length > LONG_CHARS ? short.slice(0, LONG_CHARS) : short
}

const coloured = text => {
  if (text.length > MOST_COLOURED) return [text]
  const nodes = []
  let from = 0
  for (const match of text.matchAll(JSON_TOKEN)) {
    const kind = match[2] ? "key" : match[1] ? "string" : match[3] ? "word" : "number"
    const end = match.index + (match[1] ?? match[0]).length
    nodes.push(text.slice(from, match.index), el("span", kind, text.slice(match.index, end)))
    from = end
  }
  return [...nodes, text.slice(from)]
}

const body = (part, labels) => {
  const node = el("div", "body" + (part.code ? " code" : "") + (HANGUL.test(part.text.slice(0, 4000)) ? " korean" : ""))
  const fill = text => node.replaceChildren(...(part.code ? coloured(text) : [text]))
  const start = startOf(part.text)
  fill(start)
  const cut = part.cut ? [el("div", "soft cut-note", labels.cut.replace("{n}", part.cut.toLocaleString()))] : []
  if (start.length === part.text.length) return [node, ...cut]
  node.classList.add("clamp")
  const more = el("button", "more", labels.more.replace("{n}", part.text.length.toLocaleString()))
  more.onclick = () => {
    const isShut = node.classList.toggle("clamp")
    fill(isShut ? start : part.text)
    more.textContent = isShut ? labels.more.replace("{n}", part.text.length.toLocaleString()) : labels.less
    more.setAttribute("aria-expanded", !isShut)
  }
  more.setAttribute("aria-expanded", false)
  return [node, more, ...cut]
}

// Titles of ours are words of a page's language; a field of the sender's keeps its name.
const titleOf = (part, labels, jump) => {
  const title = el("div", "title", Object.hasOwn(labels.titles, part.title) ? labels.titles[part.title] : part.title)
  if (part.name) title.append(el("b", "", part.name))
  if (part.empty) title.append(el("span", "mono soft", part.text || '""'))
  if (part.id) title.append(el("span", "mono soft", part.id))
  if (part.to) {
    const link = el("button", "jump", labels[part.type === "tool_call" ? "to_result" : "to_call"])
    link.onclick = () => jump(part.to)
    title.append(link)
  }
  return title
}

const drawPart = (part, labels, jump) => {
  const node = el("div", "part " + part.type)
  if (part.anchor) node.dataset.anchor = part.anchor
  if (part.empty) {
    node.append(part.title ? titleOf(part, labels, jump) : el("div", "soft", part.text.trim() || labels.nothing))
    return node
  }
  const content = []
  if (part.image) {
    const image = el("img")
    image.src = part.image  // data: only; the shaping lets nothing else through
    image.alt = part.text || labels.image
    image.onerror = () => image.replaceWith(el("div", "soft", labels.no_image))
    content.push(image)
    if (part.text) content.push(el("div", "soft", part.text))
  } else content.push(...body(part, labels))
  if (part.type === "reasoning") {
    const folded = el("details")
    folded.append(el("summary", "", `${labels.reasoning} · ${labels.characters.replace("{n}", part.text.length.toLocaleString())}`), ...content)
    node.append(folded)
    return node
  }
  if (part.title) node.append(titleOf(part, labels, jump))
  node.append(...content)
  return node
}

const copyButton = (message, labels) => {
  const copy = el("button", "copy", labels.copy)
  copy.onclick = async () => {
    const isDone = await copied(message.copy ?? message.parts.map(part => part.text).join("\n\n"))
    copy.textContent = isDone ? labels.copied : labels.not_copied
    setTimeout(() => { copy.textContent = labels.copy }, 2000)
  }
  return copy
}

const drawMessage = (message, labels, jump) => {
  const node = el("article", "message")
  const header = el("header")
  header.append(el("span", "role role-" + message.role, message.role))
  if (message.note) header.append(el("span", "soft", message.note))
  header.append(copyButton(message, labels))
  node.append(header, ...message.parts.map(part => drawPart(part, labels, jump)))
  return node
}

export default function render({ data, parentElement }) {
  const root = parentElement.querySelector(".talk")
  root.setAttribute("aria-label", data.labels.name)
  const jump = anchor => {
    const target = root.querySelector(`[data-anchor="${CSS.escape(anchor)}"]`)
    target?.scrollIntoView({ block: "center" })
    target?.animate?.([{ background: "color-mix(in srgb, var(--st-primary-color) 22%, transparent)" }, {}], 1200)
  }
  root.replaceChildren(...data.messages.map(message => drawMessage(message, data.labels, jump)))
}
