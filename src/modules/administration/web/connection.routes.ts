import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { invalid } from '../../../kernel';
import { type Ctx, file, HttpFault, json, page, type Reply, type Route } from '../../../platform/http';
import type { Table } from '../../../platform/views';
import {
  createBudget,
  isGood,
  isGoodEnough,
  limitsOf,
  MEASURES,
  type Measured,
  MOST_PIECE_BYTES,
} from '../domain/connection';
import { CONNECTION_PERMISSION, lastConnections, type NotedConnection } from '../queries/connections';
import { noteConnection } from '../use-cases/note-connection';

const HERE = '/administration/connection';
const access = { permission: CONNECTION_PERMISSION };
const LISTED = 10;
/** A result is small but stays in the audit log: it counts as much as two pieces. */
const RESULT_BYTES = 8 * 1024 * 1024;

/**
 * How good the line between a browser on the intranet and this server is: small requests there and back, then pieces of random
 * bytes both ways, until a few seconds have passed. Each piece is bounded, and so is what one person sends in five minutes.
 */
export const connectionRoutes: readonly Route[] = [
  { method: 'get', path: HERE, access, handler: show },
  { method: 'get', path: `${HERE}/echo`, access, handler: (ctx) => spend(ctx, 1024, () => json({ ok: true })) },
  {
    method: 'get',
    path: `${HERE}/pieces/:bytes`,
    access,
    handler: (ctx) => {
      const bytes = pieceOf(ctx.params['bytes']);
      return spend(ctx, bytes, () => file('piece', NOISE, noise().subarray(0, bytes)));
    },
  },
  {
    method: 'post',
    path: `${HERE}/pieces`,
    access,
    upload: { maxBytes: MOST_PIECE_BYTES, maxFiles: 1 },
    json: true,
    handler: (ctx) => {
      const bytes = ctx.files.reduce((sum, { content }) => sum + content.length, 0);
      return spend(ctx, bytes, () => json({ bytes }));
    },
  },
  {
    method: 'post',
    path: `${HERE}/results`,
    access,
    json: true,
    handler: (ctx) => spend(ctx, RESULT_BYTES, () => keep(ctx)),
  },
];

let made: Buffer | undefined;
/** Random, so that nothing on the way can press it smaller; the same bytes every time, so that making them costs nothing. */
const noise = (): Buffer => (made ??= randomBytes(MOST_PIECE_BYTES));

/** Of a type that nobody takes for text: the server itself would try to press it smaller otherwise. */
const NOISE = 'application/x-noise';

const budgets = new WeakMap<object, ReturnType<typeof createBudget>>();

async function spend({ services, actor, now }: Ctx, bytes: number, then: () => Reply | Promise<Reply>): Promise<Reply> {
  let budget = budgets.get(services);
  if (!budget) budgets.set(services, (budget = createBudget()));
  const seconds = budget.take(actor.userId ?? 0, bytes, now);
  if (seconds > 0) throw new HttpFault(429, 'too-many', { seconds });
  return then();
}

function pieceOf(text: string | undefined): number {
  const bytes = /^\d{1,8}$/.test(text ?? '') ? Number(text) : 0;
  if (bytes < 1 || bytes > MOST_PIECE_BYTES)
    throw invalid('administration:connection.piece', { most: MOST_PIECE_BYTES });
  return bytes;
}

const result = z.object({
  roundTripMs: z.number().min(0).max(600_000),
  downloadMbit: z.number().min(0).max(1_000_000),
  uploadMbit: z.number().min(0).max(1_000_000),
});

async function keep(ctx: Ctx): Promise<Reply> {
  const read = result.safeParse(ctx.body);
  if (!read.success) throw invalid('administration:connection.result');
  const figures = rounded(read.data);
  await noteConnection(ctx.uow, ctx.actor, figures);
  const wanted = ctx.services.config.requirements;
  const good = isGoodEnough(figures, wanted);
  return json({
    good,
    text: ctx.t(`administration:connection.${good ? 'good' : 'bad'}`),
    remedy: good
      ? []
      : MEASURES.filter((one) => !isGood(one, figures, wanted)).map((one) => ctx.t(words(one, 'remedy'))),
    measures: MEASURES.map((one) => ({
      id: one,
      good: isGood(one, figures, wanted),
      figure: figureOf(ctx, one, figures),
      text: ctx.t(`administration:connection.${isGood(one, figures, wanted) ? 'enough' : 'notEnough'}`),
    })),
  });
}

const rounded = (figures: Measured): Measured => ({
  roundTripMs: Math.round(figures.roundTripMs * 10) / 10,
  downloadMbit: Math.round(figures.downloadMbit * 10) / 10,
  uploadMbit: Math.round(figures.uploadMbit * 10) / 10,
});

const words = (measure: keyof Measured, part: string): string => `administration:connection.${measure}.${part}`;

const figureOf = ({ f }: Pick<Ctx, 'f'>, measure: keyof Measured, figures: Measured): string =>
  f.number(figures[measure] < 100 ? figures[measure] : Math.round(figures[measure]));

async function show(ctx: Ctx): Promise<Reply> {
  const { t, services } = ctx;
  const title = t('administration:connection.title');
  const limits = limitsOf(services.config.requirements);
  const model = {
    head: { title, say: t('administration:connection.say') },
    say: Object.fromEntries(
      ['start', 'again', 'running', 'offline', 'needsScript', 'local'].map((key) => [
        key,
        t(`administration:connection.${key}`),
      ]),
    ),
    figures: t('administration:connection.figures'),
    echo: `${HERE}/echo`,
    pieces: `${HERE}/pieces`,
    results: `${HERE}/results`,
    most: MOST_PIECE_BYTES,
    measures: MEASURES.map((one) => ({
      id: one,
      label: t(words(one, 'label')),
      unit: t(words(one, 'unit')),
      required: t(words(one, 'required'), { limit: limits[one] }),
    })),
    last: {
      table: tableOf(ctx, await lastConnections(ctx.read, LISTED)),
      empty: { title: t('administration:connection.none') },
    },
  };
  return page('administration/connection', title, model, { scripts: ['line-test'] });
}

function tableOf(ctx: Ctx, rows: readonly NotedConnection[]): Table {
  const { t, f } = ctx;
  const wanted = ctx.services.config.requirements;
  return {
    id: 'connections',
    caption: t('administration:connection.last'),
    cards: true,
    columns: [
      { key: 'at', label: t('administration:audit.at'), keep: true, card: 'title' },
      { key: 'verdict', label: t('administration:connection.verdict'), card: 'state' },
      { key: 'who', label: t('administration:audit.who'), card: 'full' },
      ...MEASURES.map((one) => ({
        key: one,
        label: `${t(words(one, 'label'))} ${t(words(one, 'unit'))}`,
        num: true,
        card: 'number' as const,
      })),
    ],
    rows: rows.map((row) => {
      const good = isGoodEnough(row, wanted);
      const verdict = t(`administration:connection.${good ? 'enough' : 'notEnough'}`);
      return {
        id: row.id,
        cells: [
          f.dateTime(row.at),
          { state: { tone: good ? ('ok' as const) : ('bad' as const), text: verdict } },
          { text: row.actorName, ...(row.address ? { sub: row.address } : {}) },
          ...MEASURES.map((one) => figureOf(ctx, one, row)),
        ],
      };
    }),
  };
}
