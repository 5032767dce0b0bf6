// Writes events with Prisma, as the application does from which the library comes, and
// prints how many seconds that took, without the start of the program.
//
//   DATABASE_URL=postgres://... node write.mjs WAY ROWS FILE
//
// FILE has an event in each line, as JSON. The model makes IDs and times. The table
// is emptied before.
import { readFileSync } from 'node:fs'
import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from '@prisma/client'

const [way, rows, file] = process.argv.slice(2)
const events = readFileSync(file, 'utf8').trimEnd().split('\n').slice(0, Number(rows)).map((line) => JSON.parse(line))
if (events.length !== Number(rows)) {
  throw new Error(`${file} has ${events.length} events of ${rows}`)
}

// A name for each statement has the driver keep it prepared, which it does not by itself.
const names = new Map()
const named = ({ sql }) => names.get(sql) ?? names.set(sql, `s${names.size}`).get(sql)
const options = way === 'prepared' ? { statementNameGenerator: named } : undefined
const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 10 }, options) // 10 is its default
const prisma = new PrismaClient({ adapter })

async function oneByOne(events) {
  for (const data of events) {
    await prisma.log.create({ data })
  }
}

// 50 at a time: as soon as one is there, the next one starts.
async function fifty(events) {
  let next = 0
  await Promise.all(Array.from({ length: 50 }, async () => {
    while (next < events.length) {
      await prisma.log.create({ data: events[next++] })
    }
  }))
}

async function many(events) {
  for (let i = 0; i < events.length; i += 1000) {
    await prisma.log.createMany({ data: events.slice(i, i + 1000) })
  }
}

const write = { awaited: oneByOne, prepared: oneByOne, fifty, many }[way]

// A service that runs has its connections, and its code compiled.
await write(events.slice(0, 1000))
await prisma.$executeRawUnsafe('TRUNCATE "Log"')
await prisma.$executeRawUnsafe('CHECKPOINT')

const start = performance.now()
await write(events)
console.log((performance.now() - start) / 1000)
await prisma.$disconnect()
