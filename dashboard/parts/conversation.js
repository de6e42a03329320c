// What was said, exactly as it was sent.
const LONG_CHARS = 1800
const LONG_LINES = 26

const long = text => text.length > LONG_CHARS || text.split("\n", LONG_LINES + 1).length > LONG_LINES

const body = (part, labels) => {
  const node = el("div", "body" + (part.code ? " code" : ""), part.text)
  if (!long(part.text)) return [node]
  node.classList.add("clamp")
  const more = el("button", "more", labels.more.replace("{n}", part.text.length.toLocaleString()))
  more.onclick = () => { node.classList.remove("clamp"); more.remove() }
  return [node, more]
}

const drawPart = (part, labels) => {
  const node = el("div", "part " + part.type)
  if (part.title) {
    const title = el("div", "title", labels[part.title] ?? part.title)
    if (part.name) title.append(el("b", "", part.name))
    node.append(title)
  }
  if (part.image) {
    const image = el("img")
    image.src = part.image  // data: only; the shaping lets nothing else through
    image.alt = part.text || labels.image
    node.append(image)
  } else node.append(...body(part, labels))
  return node
}

const drawMessage = (message, labels) => {
  const node = el("article", "message")
  const header = el("header")
  header.append(el("span", "role role-" + message.role, message.role))
  if (message.note) header.append(el("span", "soft", message.note))
  const copy = el("button", "copy", labels.copy)
  copy.onclick = async () => {
    await navigator.clipboard.writeText(message.copy ?? message.parts.map(part => part.text).join("\n\n"))
    copy.textContent = labels.copied
  }
  header.append(copy)
  node.append(header, ...message.parts.map(part => drawPart(part, labels)))
  return node
}

export default function render({ data, parentElement }) {
  const root = parentElement.querySelector(".talk")
  root.setAttribute("aria-label", data.labels.name)
  root.replaceChildren(...data.messages.map(message => drawMessage(message, data.labels)))
}
