// Invented people for pictures: names from many places, some long, none real.
// The domains are reserved for examples.

const people = [
  ['Ada', 'Okafor', 'Millstone Bakery'],
  ['Bram', 'van der Velde', 'Velde Cycling'],
  ['Chiara', 'Bellandi', ''],
  ['Dmitri', 'Sorokin', 'Northwind Glass'],
  ['Elif', 'Karadağ', 'Karadağ Ceramics'],
  ['Farah', 'Haddad', 'Cedar & Salt'],
  ['Grace', 'Whitfield', ''],
  ['Hiroshi', 'Tanabe', 'Tanabe Papers'],
  ['Isla', 'MacRae', 'Hebridean Wool'],
  ['João', 'Figueira', 'Figueira Vinhos'],
  ['Kavya', 'Raman', ''],
  ['Lars', 'Østergaard', 'Østergaard Boats'],
  ['Mireille', 'Fontaine-Desrosiers', 'Librairie du Vieux Moulin'],
  ['Noah', 'Abebe', ''],
  ['Olga', 'Wiśniewska', 'Wiśniewska Print'],
  ['Piet', 'Janssens', 'Janssens & Zonen'],
  ['Quyên', 'Lý', ''],
  ['Rosa', 'Benítez', 'Taller Benítez'],
  ['Siobhán', 'O’Farrell', 'Farrell Harps'],
  ['Tomasz', 'Zieliński', ''],
  ['Uma', 'Prakash', 'Prakash Tea'],
  ['Viggo', 'Lindqvist', 'Lindqvist Type'],
  ['Wen', 'Zhao', ''],
  ['Ximena', 'Soto', 'Soto Tejidos'],
  ['Yusuf', 'Demirci', 'Demirci Oud'],
  ['Zoë', 'de Graaf', ''],
]

const domains = ['example.org', 'example.com', 'example.net']

const plain = (text) =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[łŁ]/g, 'l')
    .replace(/[øØ]/g, 'o')
    .replace(/[ıİ]/g, 'i')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase()

export const contacts = people.map(([first, last, company], i) => ({
  first,
  last,
  company,
  address: `${plain(first)}.${plain(last)}@${domains[i % domains.length]}`,
}))

export const lists = [
  { name: 'Monthly letter', description: 'News of the workshop, the first Tuesday of the month.', favorite: true },
  { name: 'Market days', description: 'Where the stall stands next week.' },
  { name: 'Course alumni' },
]

/** What pages must bear as well: as long as the rules allow, and nowhere to break. */
export const long = {
  list: `${'Subscribers of the summer exhibition who asked for the catalogue, '.repeat(4)}`.slice(0, 200),
  word: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
  address: `extraordinarily.long.local.part.of@${'subdomain.'.repeat(3)}example.org`,
}
