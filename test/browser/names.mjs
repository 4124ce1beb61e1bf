// A name server for the texts of a few names: as much of the DNS (RFC 1035) as
// a resolver on this machine asks for.
import { createSocket } from 'node:dgram'

/** Listens on the port; put says which texts stand at a name, each in strings. */
export async function names(port) {
  const texts = new Map()
  const server = createSocket('udp4')
  server.on('message', (question, from) => server.send(answer(question, texts), from.port, from.address))
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.bind(port, '127.0.0.1', resolve)
  })
  return {
    put: (name, ...records) => texts.set(name.toLowerCase(), records),
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

function answer(question, texts) {
  let at = 12
  const labels = []
  while (question[at] > 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + question[at]))
    at += 1 + question[at]
  }
  const asked = question.subarray(12, at + 5) // with its type and class
  const known = texts.get(labels.join('.').toLowerCase())
  const records = asked.readUInt16BE(asked.length - 4) === 16 ? (known ?? []) : []
  const head = Buffer.alloc(12)
  question.copy(head, 0, 0, 2)
  head.writeUInt16BE(known ? 0x8580 : 0x8583, 2) // an answer; or there is no such name
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(records.length, 6)
  return Buffer.concat([head, asked, ...records.map(record)])
}

function record(strings) {
  const data = Buffer.concat(strings.map((s) => Buffer.concat([Buffer.from([s.length]), Buffer.from(s)])))
  const head = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 1, data.length >> 8, data.length & 255])
  return Buffer.concat([head, data])
}
