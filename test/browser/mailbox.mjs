// A relay that keeps what it is given: as much of SMTP (RFC 5321) as a client
// needs that has nothing to hide on loopback.
import { createServer } from 'node:net'

/** Listens on the port and hands mails out by the address they are for. */
export async function mailbox(port) {
  const mails = []
  let wake = () => {}
  const server = createServer((socket) => {
    let rest = ''
    let to = []
    let body // the lines of a mail, while one is being told
    const say = (line) => socket.write(`${line}\r\n`)
    const hear = (line) => {
      if (body) {
        if (line !== '.') return void body.push(line.replace(/^\./, ''))
        mails.push({ to, text: decoded(body.join('\n')), ...headOf(body) })
        body = undefined
        to = []
        wake()
        return say('250 kept')
      }
      const word = line.slice(0, 4).toUpperCase()
      if (word === 'DATA') {
        body = []
        return say('354 go on')
      }
      if (word === 'RCPT' && line.includes('<nobody@')) return say('550 5.1.1 No such user')
      if (word === 'RCPT') to.push(line.match(/<(.*?)>/)?.[1])
      if (word === 'QUIT') {
        say('221 bye')
        return socket.end()
      }
      say('250 ok')
    }
    socket.setEncoding('utf8')
    socket.on('error', () => {})
    socket.on('data', (text) => {
      const lines = (rest + text).split('\r\n')
      rest = lines.pop()
      lines.forEach(hear)
    })
    say('220 mailbox')
  })
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))

  return {
    /** The first link to a path in a mail to the address, once such a mail is here. */
    async link(to, path) {
      for (;;) {
        for (const mail of mails) {
          const found = mail.to.includes(to) && mail.text.match(new RegExp(`https?://\\S*${path}\\?[^\\s"<>]+`))
          if (found) return found[0]
        }
        await new Promise((resolve) => (wake = resolve))
      }
    },
    /** The whole address below a path in the newest mail to an address, once such a mail is here. */
    async page(to, path) {
      for (;;) {
        for (const mail of mails.toReversed()) {
          const found = mail.to.includes(to) && mail.text.match(new RegExp(`https?://[^\\s"<>/]+${path}/[^\\s"<>?]+`))
          if (found) return found[0]
        }
        await new Promise((resolve) => (wake = resolve))
      }
    },
    /** The mails to an address, in the order of their coming, once there are so many. */
    async all(to, many) {
      for (;;) {
        const found = mails.filter((mail) => mail.to.includes(to))
        if (found.length >= many) return found
        await new Promise((resolve) => (wake = resolve))
      }
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

/** Quoted-printable undone (RFC 2045 §6.7), as far as links need it. */
function decoded(text) {
  return text.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
}

/** The head of a mail, its folded lines made whole: its subject, and the address of one-click unsubscribing. */
function headOf(body) {
  const head = body
    .slice(0, body.indexOf(''))
    .join('\n')
    .replace(/\n[ \t]+/g, ' ')
  return {
    subject: head.match(/^Subject: (.*)$/im)?.[1],
    leave: head.match(/^List-Unsubscribe:.*<(https?:[^>]+)>/im)?.[1],
    oneClick: /^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/im.test(head),
  }
}
