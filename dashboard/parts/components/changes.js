// What changed in rows, word by word: what is gone, what is new.
const drawPart = part => {
  const node = el("div", "part")
  const text = el("div", "words")
  text.append(...part.pieces.map(([kind, words]) => el(kind === "same" ? "span" : kind, "", words)))
  node.append(el("div", "title", part.title), text)
  return node
}

const drawCard = card => {
  const node = el("article", "card")
  node.role = "listitem"
  const header = el("header")
  header.append(badge(card.badge), el("span", "mono soft", card.id ?? ""))
  node.append(header, ...card.parts.map(drawPart))
  return node
}

export default function render({ data, parentElement }) {
  const root = parentElement.querySelector(".changes")
  root.setAttribute("aria-label", data.label)
  root.replaceChildren(...data.cards.map(drawCard))
}
