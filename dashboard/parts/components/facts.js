// A heading with its badges, and a line of facts under it.
export default function render({ data, parentElement }) {
  const root = parentElement.querySelector(".facts")
  const nodes = []
  if (data.title || data.badges.length) {
    const head = el("div", "heading" + (data.is_page ? " page" : ""))
    if (data.title) {
      const title = el("h3", "cut", data.title)
      title.title = data.title
      head.append(title)
    }
    head.append(...data.badges.map(badge))
    nodes.push(head)
  }
  const list = el("dl")
  for (const fact of data.facts) {
    const pair = el("div")
    const value = el("dd", "cut")
    value.append(draw(fact.value))
    value.title = hint(fact.value)
    pair.append(el("dt", "", fact.label), value)
    list.append(pair)
  }
  if (data.facts.length) nodes.push(list)
  root.replaceChildren(...nodes)
}
