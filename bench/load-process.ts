// A process of its own, so that making the load does not take processor time from the process that starts it:
// signs in, then does rounds of requests as it is told over the channel of its parent.
import type { Seller } from './shop';
import { HttpClient } from './http-client';

export interface SaleJob {
  kind: 'sales';
  url: string;
  sellers: readonly Seller[];
  clients: number;
  /** For each client, in its store. */
  deviceIds: readonly (readonly number[])[];
  phoneSkuId: number;
  accessorySkuIds: readonly number[];
  expectedFen: number;
  cashFen: number;
  /** Everybody sells the same two accessories in the hall. */
  hall: boolean;
  /**
   * Ends when the time is over, or one of the clients has sold all of its devices: the others would make less. Null: each
   * sells all that it has.
   */
  ms: number | null;
}

export interface PageJob {
  kind: 'pages';
  url: string;
  person: { login: string; password: string } | null;
  /** One after another by each client, again and again. */
  paths: readonly string[];
  clients: number;
  ms: number;
  /** Or as many as this, if that comes first. */
  most: number;
  gzip: boolean;
}

export type Job = SaleJob | PageJob;

export interface Outcome {
  done: number;
  ms: number;
  /** Of each request. */
  latenciesMs: number[];
  /** Devices sold, by client. */
  sold: number[];
  failures: string[];
  /** Of the last answer. */
  bytes: number;
}

type Person = { login: string; password: string };

/** Sessions last from one round to the next: nobody signs in more often than a person would. */
const sessions = new Map<string, Promise<HttpClient>>();
const clients = new Map<string, HttpClient>();

function sessionOf(url: string, person: Person | null): Promise<HttpClient> {
  const key = `${url} ${person?.login ?? ''}`;
  let session = sessions.get(key);
  if (!session) {
    const client = new HttpClient(url);
    session = (person ? client.signIn(person) : Promise.resolve()).then(() => client);
    sessions.set(key, session);
  }
  return session;
}

async function clientOf(url: string, person: Person | null, n: number, gzip = false): Promise<HttpClient> {
  const key = `${url} ${person?.login ?? ''} ${n} ${gzip}`;
  let client = clients.get(key);
  if (!client) {
    client = (await sessionOf(url, person)).twin(gzip ? { 'accept-encoding': 'gzip' } : {});
    clients.set(key, client);
  }
  return client;
}

/** A round that ran out of devices earlier measured nothing. */
const LEAST_SHARE = 0.5;

const empty = (): Outcome => ({ done: 0, ms: 0, latenciesMs: [], sold: [], failures: [], bytes: 0 });

async function timed(outcome: Outcome, send: () => Promise<{ status: number; body: string; bytes: number }>) {
  const startedAt = performance.now();
  const answer = await send();
  outcome.latenciesMs.push(performance.now() - startedAt);
  outcome.bytes = answer.bytes;
  if (answer.status === 200) outcome.done += 1;
  else outcome.failures.push(`${answer.status} ${answer.body.slice(0, 200)}`);
}

async function sell(job: SaleJob): Promise<Outcome> {
  const outcome = empty();
  const tills = await Promise.all(job.sellers.slice(0, job.clients).map((seller) => clientOf(job.url, seller, 0)));
  const startedAt = performance.now();
  const within = job.ms ?? Infinity;
  let soldOut = false;
  await Promise.all(
    tills.map(async (client, n) => {
      const seller = job.sellers[n] as Seller;
      const register = job.hall ? seller.hallRegisterId : seller.registerId;
      const count = job.accessorySkuIds.length;
      let place = 0;
      for (const deviceId of job.deviceIds[n] ?? []) {
        if (soldOut || performance.now() - startedAt >= within) break;
        place += 1;
        const first = job.hall ? 0 : (place * 7 + n) % count;
        const second = (first + 1 + (job.hall ? 0 : place % (count - 1))) % count;
        await timed(outcome, () =>
          client.postJson(`/sales/till/${register}/sales`, {
            operationKey: crypto.randomUUID(),
            customerId: null,
            salespersonId: null,
            expectedFen: job.expectedFen,
            lines: [
              { skuId: job.phoneSkuId, deviceId, quantity: 1, discountFen: 0 },
              { skuId: job.accessorySkuIds[first], deviceId: null, quantity: 1, discountFen: 0 },
              { skuId: job.accessorySkuIds[second], deviceId: null, quantity: 1, discountFen: 0 },
            ],
            tenders: [{ kind: 'cash', amountFen: job.cashFen, reference: null }],
          }),
        );
      }
      outcome.sold[n] = place;
      if (job.ms !== null && performance.now() - startedAt < job.ms) soldOut = true;
    }),
  );
  const ms = performance.now() - startedAt;
  if (job.ms !== null && ms < job.ms * LEAST_SHARE)
    outcome.failures.push(`the devices were sold out after ${Math.round(ms)} of ${job.ms} ms`);
  return { ...outcome, ms };
}

async function read(job: PageJob): Promise<Outcome> {
  const outcome = empty();
  const readers = await Promise.all(
    Array.from({ length: job.clients }, (_, n) => clientOf(job.url, job.person, n, job.gzip)),
  );
  const startedAt = performance.now();
  let next = 0;
  await Promise.all(
    readers.map(async (client) => {
      while (next < job.most && performance.now() - startedAt < job.ms) {
        const path = job.paths[next++ % job.paths.length] ?? '/';
        await timed(outcome, () => client.get(path));
      }
    }),
  );
  return { ...outcome, ms: performance.now() - startedAt };
}

process.on('message', (job: Job) => {
  (job.kind === 'sales' ? sell(job) : read(job)).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => process.send?.({ ...empty(), failures: [String(error)] }),
  );
});
process.on('disconnect', () => process.exit());
