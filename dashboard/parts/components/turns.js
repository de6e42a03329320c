// A conversation: per turn what was asked and what was answered, exactly as sent.
const LONG_CHARS = 1600
const LONG_LINES = 20
const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]/

const long = text => text.length > LONG_CHARS || text.split("\n", LONG_LINES + 1).length > LONG_LINES

const side = (name, text, labels) => {
  const node = el("div", "side " + name)
  node.setAttribute("aria-label", labels[name])
  const body = el("div", "said" + (HANGUL.test(text.slice(0, 4000)) ? " korean" : ""), text)
  node.append(body)
  if (long(text)) {
    body.classList.add("clamp")
    const more = el("button", "link more", labels.more.replace("{n}", text.length.toLocaleString()))
    more.onclick = () => { body.classList.remove("clamp"); more.remove() }
    node.append(more)
  }
  return node
}

const drawTurn = (turn, labels, open) => {
  const node = el("article", "turn" + (turn.failed ? " failed" : ""))
  const line = el("header")
  line.append(el("span", "number", "#" + turn.number), el("span", "name cut", turn.name))
  for (const fact of turn.facts) {
    const cell = el("span", "fact")
    cell.append(draw(fact, open))
    cell.title = hint(fact)
    line.append(cell)
  }
  const link = el("button", "link", labels.open + " →")
  link.onclick = () => open(turn.id)
  line.append(link)
  node.append(line)
  if (turn.input) node.append(side("input", turn.input, labels))
  if (turn.output) node.append(side("output", turn.output, labels))
  if (turn.why) node.append(el("div", "why", turn.why))
  if (!turn.input && !turn.output) node.append(el("div", "soft", labels.nothing_said))
  return node
}

export default function render({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".turns")
  root.setAttribute("aria-label", data.label)
  const open = id => setTriggerValue("opened", id)
  root.replaceChildren(...data.turns.map(turn => drawTurn(turn, data.labels, open)))
}
