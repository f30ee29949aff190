import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { type Check, text } from '../../checks';
import {
  evidenceOf,
  LEAST_FREE_BYTES,
  LEAST_MBIT,
  LEAST_PACKET_BYTES,
  MIB,
  MOST_CLOCK_DIFFERENCE_MS,
  question,
  SLOW_ROUND_TRIP_MS,
  verdict,
  way,
  type ProbeContext,
} from './probe-check';

const CONNECT_MS = 10_000;
const PINGS = 20;
/** Of one mebibyte each: on a network of 1 Gbit/s all of them take a tenth of a second. */
const LOADS = 8;
const LOAD_MS = 3_000;
const TOO_SLOW_ROUND_TRIP_MS = 50;
/** Every database of this product has it, from its first migration on. */
const OUR_TABLE = 'schema_step';

const resolve = way('resolve', async ({ target: { host, socketPath } }) => {
  if (socketPath) return { status: 'ok', found: text('checks:database.value', { value: socketPath }) };
  const { address } = await lookup(host);
  return { status: 'ok', found: text('checks:database.resolve.found', { host, address }) };
});

const reach = way('connect', async ({ target: { host, port, socketPath, instance } }) => {
  // Its port is told by the server's browser service when the driver asks for the instance.
  if (instance) return { status: 'skipped', found: text('checks:database.value', { value: instance }) };
  const startedAt = performance.now();
  await new Promise<void>((done, failed) => {
    const socket = socketPath ? connect(socketPath) : connect({ host, port });
    socket.setTimeout(CONNECT_MS, () => socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.destroy();
      done();
    });
  });
  const ms = Math.max(1, Math.round(performance.now() - startedAt));
  return { status: 'ok', found: text('checks:database.connect.found', { host: socketPath ?? host, port, ms }) };
});

const authenticate = way('authenticate', async (context) => {
  context.session = await context.facts.open(context.target);
  context.reached = true;
  const { user, database } = context.target;
  return { status: 'ok', found: text('checks:database.authenticate.found', { user, database }) };
});

const tls = question('tls', async ({ facts, target }, session) => {
  const cipher = await facts.encryption(session);
  const trust = target.tls === 'required' ? 'checked' : 'unchecked';
  if (cipher) return { status: 'ok', found: text(`checks:database.tls.${trust}`, { cipher }) };
  const local = Boolean(target.socketPath) || ['localhost', '127.0.0.1', '::1'].includes(target.host);
  if (local) return { status: 'ok', found: text('checks:database.tls.local') };
  return {
    status: 'warn',
    found: text('checks:database.tls.off'),
    remedy: [text(`checks:database.tls.${target.dialect}`)],
  };
});

const version = question('version', async ({ facts }, session) =>
  verdict('version', await facts.version(session), 'fail'),
);
const charset = question('charset', async ({ facts }, session) =>
  verdict('charset', await facts.charset(session), 'fail'),
);

/** Rights are not read but used: what a list of grants means depends on too much. */
const privileges = question('privileges', async ({ facts, target }, session) => {
  await session.query(facts.dropScratch).catch(() => undefined);
  try {
    for (const { name, text: statement } of facts.privileges) {
      try {
        await session.query(statement);
      } catch (error) {
        const { user, database } = target;
        return {
          status: 'fail',
          found: text('checks:database.privileges.missing', { privilege: name, user }),
          evidence: evidenceOf(error),
          remedy: [text('checks:database.privileges.remedy', { privilege: name, user, database })],
        };
      }
    }
  } finally {
    await session.query(facts.dropScratch).catch(() => undefined);
  }
  const tried = facts.privileges.map(({ name }) => name).join(', ');
  return { status: 'ok', found: text('checks:database.privileges.found', { tried }) };
});

const clock = question('clock', async ({ facts }, session) => {
  const before = Date.now();
  const theirs = await facts.nowMs(session);
  const difference = theirs - (before + Date.now()) / 2;
  const ok = Math.abs(difference) <= MOST_CLOCK_DIFFERENCE_MS;
  return {
    status: ok ? 'ok' : 'warn',
    found: text('checks:database.clock.found', { seconds: (difference / 1000).toFixed(1) }),
    ...(ok ? {} : { remedy: [text('checks:database.clock.remedy')] }),
  };
});

const isolation = question('isolation', async ({ facts }, session) =>
  verdict('isolation', await facts.isolation(session), 'fail'),
);

const packet = question('packet', async ({ facts }, session) => {
  const bytes = await facts.packetBytes(session);
  if (bytes === undefined) return { status: 'ok', found: text('checks:database.packet.none') };
  const found = `${Math.round(bytes / MIB)} MiB`;
  return verdict('packet', { ok: bytes >= LEAST_PACKET_BYTES, found }, 'fail');
});

const space = question('space', async ({ facts }, session) => {
  const bytes = await facts.freeBytes(session);
  if (bytes === undefined) return { status: 'skipped', found: text('checks:database.space.unknown') };
  const gib = (value: number): string => `${(value / 1024 ** 3).toFixed(1)} GiB`;
  return verdict('space', { ok: bytes >= LEAST_FREE_BYTES, found: gib(bytes) }, 'warn');
});

/** A till waits for about ten round trips with every sale. */
const roundTrip = question('roundtrip', async ({ facts }, session) => {
  const times: number[] = [];
  for (let index = 0; index < PINGS; index += 1) {
    const startedAt = performance.now();
    await session.query(facts.ping);
    times.push(performance.now() - startedAt);
  }
  const median = times.toSorted((a, b) => a - b)[PINGS / 2] ?? 0;
  const status = median <= SLOW_ROUND_TRIP_MS ? 'ok' : median <= TOO_SLOW_ROUND_TRIP_MS ? 'warn' : 'fail';
  return {
    status,
    found: text('checks:database.roundtrip.found', { ms: median.toFixed(2) }),
    ...(status === 'ok' ? {} : { remedy: [text('checks:database.roundtrip.remedy')] }),
  };
});

const existing = question('existing', async (context, session) => {
  const tables = await context.facts.tables(session);
  const ours = tables.includes(OUR_TABLE);
  const examples = tables.toSorted().slice(0, 5);
  context.existing = {
    kind: tables.length === 0 ? 'empty' : ours ? 'ours' : 'foreign',
    count: tables.length,
    examples,
  };
  const values = { count: tables.length, examples: examples.join(', '), database: context.target.database };
  if (context.existing.kind === 'empty') return { status: 'ok', found: text('checks:database.existing.empty') };
  if (ours) return { status: 'ok', found: text('checks:database.existing.ours', values) };
  return {
    status: 'fail',
    found: text('checks:database.existing.foreign', values),
    remedy: [text('checks:database.existing.remedy')],
  };
});

/** Month reports and exports carry megabytes: a line of 10 Mbit/s between the two machines shows here, not in the round trip. */
const throughput = question('throughput', async ({ facts }, session) => {
  const startedAt = performance.now();
  let loads = 0;
  while (loads < LOADS && performance.now() - startedAt < LOAD_MS) {
    await session.query(facts.load);
    loads += 1;
  }
  const mbit = (loads * MIB * 8) / 1000 / (performance.now() - startedAt);
  const ok = mbit >= LEAST_MBIT;
  return {
    status: ok ? 'ok' : 'warn',
    found: text('checks:database.throughput.found', { mbit: Math.round(mbit) }),
    ...(ok ? {} : { remedy: [text('checks:database.throughput.remedy')] }),
  };
});

/** In the order in which a person would look: the first failure is the cause, what follows it is not asked. */
export const probeChecks: readonly Check<ProbeContext>[] = [
  resolve,
  reach,
  authenticate,
  tls,
  version,
  charset,
  isolation,
  packet,
  privileges,
  clock,
  space,
  roundTrip,
  throughput,
  existing,
];

/** What can be asked of a server before its database exists. */
export const serverChecks: readonly Check<ProbeContext>[] = [resolve, reach, authenticate, tls, version];
