// Sign-up forms. On a page of ours it proves the work that the form asks for;
// as /f/…/embed.js it shows the form on any site, where its script tag stands.
(() => {
  const tag = document.currentScript
  const at = /^(.*\/f\/[^/]+)\/embed\.js/.exec(tag.src)?.[1]

  // SHA-256 of what fits into three blocks; the first word is enough.
  const primes = []
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n)
  const root = (power) => (n) => (n ** power * 2 ** 32) | 0
  const K = primes.map(root(1 / 3))
  const H = primes.slice(0, 8).map(root(1 / 2))
  const w = new Int32Array(64)
  const turn = (x, n) => (x >>> n) | (x << (32 - n))
  const hash = (view) => {
    let h = H
    for (let from = 0; from < view.byteLength; from += 64) {
      for (let i = 0; i < 64; i++) {
        const p = w[i - 15]
        const q = w[i - 2]
        w[i] =
          i < 16
            ? view.getInt32(from + 4 * i)
            : w[i - 16] + w[i - 7] + (turn(p, 7) ^ turn(p, 18) ^ (p >>> 3)) + (turn(q, 17) ^ turn(q, 19) ^ (q >>> 10))
      }
      let [a, b, c, d, e, f, g, k] = h
      for (let i = 0; i < 64; i++) {
        const t = k + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]
        const u = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
        ;[k, g, f, e, d, c, b, a] = [g, f, e, (d + t) | 0, c, b, a, (t + u) | 0]
      }
      h = [a, b, c, d, e, f, g, k].map((x, i) => (x + h[i]) | 0)
    }
    return h[0]
  }
  const rest = (ms) => new Promise((done) => setTimeout(done, ms))
  const prove = async (text, bits) => {
    const head = new TextEncoder().encode(text)
    for (let n = 0; ; n++) {
      const s = String(n)
      const size = head.length + s.length
      const bytes = new Uint8Array(((size + 72) >> 6) << 6)
      bytes.set(head)
      for (let i = 0; i < s.length; i++) bytes[head.length + i] = s.charCodeAt(i)
      bytes[size] = 128
      const view = new DataView(bytes.buffer)
      view.setInt32(bytes.length - 4, size * 8)
      if (!(hash(view) >>> (32 - bits))) return s
      if (n % 4000 == 3999) await rest()
    }
  }

  // Fills in what shows that a person sent the form.
  const work = async (form, since) => {
    const data = form.elements
    form.querySelector('button').textContent = form.dataset.working
    form.querySelector('button').disabled = true
    if (+form.dataset.bits) data.nonce.value = await prove(data.token.value + '\n' + data.email_address.value + '\n', +form.dataset.bits)
    await rest(2200 - (performance.now() - since))
  }

  if (!at) {
    const form = document.querySelector('.sign-up form')
    form.onsubmit = (event) => {
      event.preventDefault()
      work(form, 0).then(() => form.submit())
    }
    onpageshow = (event) => event.persisted && location.reload()
    return
  }

  const place = document.createElement('div')
  tag.before(place)
  const shadow = place.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  shadow.adoptedStyleSheets = [sheet]
  const ask = (body) => fetch(at, { method: body ? 'POST' : 'GET', body, headers: { Accept: 'application/json' } }).then((r) => r.json())
  const show = (answer) => {
    if (answer.redirect_url) return location.assign(answer.redirect_url)
    if (!answer.html) return (shadow.textContent = answer.message)
    sheet.replaceSync(answer.css)
    shadow.innerHTML = answer.html
    const since = performance.now()
    const form = shadow.querySelector('form')
    shadow.querySelector('[aria-invalid],h1[tabindex]')?.focus()
    if (form)
      form.onsubmit = async (event) => {
        event.preventDefault()
        const send = async () => {
          await work(form, since)
          return ask(new URLSearchParams(new FormData(form)))
        }
        let next = await send()
        if (next.token && !next.html) {
          form.elements.token.value = next.token
          await rest(2200)
          next = await send()
        }
        show(next)
      }
  }
  ask().then(show)
})()
