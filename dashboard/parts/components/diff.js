// Two texts and what differs between them: in one text, or side by side.
const SAME_SHOWN = 160
const MODE_KEY = "tracer.diff.mode"
const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]/

const piece = (kind, text) => el(kind === "same" ? "span" : kind, "", text)

// A long stretch that is the same in both shows its ends alone until it is asked for.
const same = (text, labels) => {
  if (text.length <= 3 * SAME_SHOWN) return piece("same", text)
  const node = el("span")
  const more = el("button", "more", labels.same.replace("{n}", (text.length - 2 * SAME_SHOWN).toLocaleString()))
  more.onclick = () => node.replaceChildren(text)
  node.append(text.slice(0, SAME_SHOWN), more, text.slice(-SAME_SHOWN))
  return node
}

const column = (title, pieces, labels, left) => {
  const node = el("div", "side")
  const kept = pieces.filter(([kind]) => kind === "same" || !left || kind === left)
  const text = el("div", "text" + (HANGUL.test(kept.map(([, said]) => said).join("").slice(0, 4000)) ? " korean" : ""))
  text.append(...kept.map(([kind, said]) => kind === "same" ? same(said, labels) : piece(kind, said)))
  if (!kept.length) text.append(el("span", "soft", labels.empty))
  if (title) node.append(el("div", "title", title))
  node.append(text)
  return node
}

export default function render({ data, parentElement }) {
  const root = parentElement.querySelector(".diff")
  const { labels, pieces } = data
  root.setAttribute("aria-label", labels.name)
  let mode = "words"
  try { mode = localStorage.getItem(MODE_KEY) ?? mode } catch { /* what is usual */ }
  const draw = () => {
    const head = el("div", "head")
    head.append(el("b", "", labels.name))
    const differs = pieces.some(([kind]) => kind !== "same")
    head.append(el("span", "soft", differs ? "" : labels.equal))
    if (data.cut) head.append(el("span", "soft", labels.cut.replace("{n}", data.cut.toLocaleString())))
    const modes = el("span", "modes")
    for (const each of ["words", "sides"]) {
      const button = el("button", "tool" + (each === mode ? " on" : ""), labels[each])
      button.setAttribute("aria-pressed", each === mode)
      button.onclick = () => {
        mode = each
        try { localStorage.setItem(MODE_KEY, mode) } catch { /* until the page is left */ }
        document.dispatchEvent(new CustomEvent(MODE_KEY, { detail: mode }))
      }
      modes.append(button)
    }
    head.append(modes)
    const body = el("div", mode === "sides" ? "body sides" : "body")
    if (mode === "sides") body.append(column(data.left, pieces, labels, "del"), column(data.right, pieces, labels, "ins"))
    else body.append(column("", pieces, labels, null))
    root.replaceChildren(head, body)
  }
  // What is chosen in one comparison holds for those beside it.
  const follow = event => { mode = event.detail; draw() }
  document.addEventListener(MODE_KEY, follow)
  draw()
  return () => document.removeEventListener(MODE_KEY, follow)
}
