import { type Ctx, emptyForm, type FormState } from '../../platform/http';
import { retentionRules, type RetentionRules } from '../../platform/retention';
import { isRunning, lastRun, type UpkeepRunRow } from '../../platform/upkeep';
import {
  type Action,
  type Confirm,
  editForm,
  type Field,
  type List,
  type Message,
  type Progress,
} from '../../platform/views';
import { KEY_MANAGE, type KeyStatus, keyStatus } from '../keys/keys';
import { personalColumns } from './catalogue';
import { type DataSet, type Due, dueNow, RETENTION_MANAGE } from './retention';

export const DATA_SAFETY = '/settings/data-safety';

/** Kept by rules of another page, by law, or by design: told beside those that can be set. */
const FIXED = ['books', 'audit', 'sessions', 'imports', 'attachments', 'logs', 'backups'] as const;

export async function indexPage(ctx: Ctx) {
  const { t, now } = ctx;
  const status = await keyStatus(ctx.services);
  const { rules } = await retentionRules(ctx.read);
  const due = await dueNow(ctx.read, rules, now);
  const runs = [await lastRun(ctx.read, 'reseal'), await lastRun(ctx.read, 'retention')];
  const running = runs.filter((row): row is UpkeepRunRow => row !== undefined && isRunning(row, now));
  const catalogue: Action = {
    label: t('data-safety:catalogue.title'),
    href: `${DATA_SAFETY}/catalogue`,
    icon: 'shield-lock',
  };
  return {
    head: { title: t('data-safety:title'), say: t('data-safety:say'), actions: [catalogue] },
    messages: messagesOf(ctx, status, { resealing: running.some(({ kind }) => kind === 'reseal') }),
    progress: running.map((row): Progress => ({
      ...runWords(ctx, row),
      pollHref: `${DATA_SAFETY}/runs/${row.id}/progress`,
    })),
    keys: keyList(ctx, status),
    keyActions: ctx.can(KEY_MANAGE) && running.length === 0 ? keyActions(ctx, status) : [],
    retention: retentionList(ctx, rules, new Map(due.map((one) => [one.set, one.count]))),
    retentionActions: ctx.can(RETENTION_MANAGE)
      ? [
          { label: t('data-safety:retention.edit'), href: `${DATA_SAFETY}/retention/edit`, icon: 'edit' as const },
          ...(due.some(({ count }) => count > 0) && running.length === 0
            ? [{ label: t('data-safety:clear.verb'), href: `${DATA_SAFETY}/retention-run/new`, confirm: true }]
            : []),
        ]
      : [],
  };
}

export const runWords = ({ t }: Pick<Ctx, 't'>, { kind, done, total }: UpkeepRunRow) => ({
  label: t(`data-safety:running.${kind}`),
  done,
  total,
});

/** `resealing`: the bar of progress says what is still to do. */
function messagesOf({ t }: Ctx, status: KeyStatus, { resealing }: { resealing: boolean }): Message[] {
  return [
    ...(status.lost > 0 ? [{ tone: 'bad' as const, title: t('keys:command.lost', { count: status.lost }) }] : []),
    ...(status.waiting > status.lost && !resealing
      ? [
          {
            tone: 'hold' as const,
            title: t('data-safety:keys.waiting', { count: status.waiting, plain: status.plain }),
            text: t('data-safety:keys.waitingDo'),
          },
        ]
      : []),
    ...(status.otherServers.length > 0
      ? [{ tone: 'way' as const, title: t('keys:command.servers', { servers: status.otherServers.join(', ') }) }]
      : []),
  ];
}

function keyActions({ t }: Ctx, status: KeyStatus): Action[] {
  const old = status.keys.findIndex((key) => key.current) > 0;
  return [
    { label: t('data-safety:rotate.verb'), href: `${DATA_SAFETY}/key-rotation/new`, icon: 'key', confirm: true },
    ...(old ? [{ label: t('data-safety:retire.verb'), href: `${DATA_SAFETY}/key-retirement/new`, confirm: true }] : []),
  ];
}

function keyList({ t, f }: Ctx, { keys }: KeyStatus): List {
  return {
    table: {
      id: 'keys',
      caption: t('data-safety:keys.title'),
      columns: [
        { key: 'id', label: t('data-safety:keys.key'), card: 'title' },
        { key: 'state', label: t('data-safety:keys.state'), card: 'state' },
        { key: 'made', label: t('data-safety:keys.made'), card: 'number' },
        { key: 'used', label: t('data-safety:keys.used'), num: true, card: 'number' },
      ],
      rows: keys.map((key) => ({
        id: key.id,
        cells: [
          { text: key.id, sub: key.fingerprint, strong: true },
          {
            state: {
              tone: key.current ? ('ok' as const) : ('gone' as const),
              text: t(key.current ? 'data-safety:keys.current' : 'data-safety:keys.other'),
            },
          },
          key.madeAt === null ? t('common:unknown') : f.dateTime(key.madeAt),
          f.number(key.used),
        ],
      })),
    },
    empty: { title: t('common:none') },
  };
}

function retentionList({ t, f }: Ctx, rules: RetentionRules, due: ReadonlyMap<DataSet, number>): List {
  const keptFor = (set: DataSet): string => {
    if (set === 'customers' && rules.customers === 0) return t('data-safety:retention.never');
    return t(set === 'customers' ? 'data-safety:retention.years' : 'data-safety:retention.days', { count: rules[set] });
  };
  const rows = [
    ...[...due].map(([set, count]) => ({ id: set, kept: keptFor(set), count: f.number(count) })),
    ...FIXED.map((id) => ({ id, kept: t(`data-safety:fixed.${id}`), count: '' })),
  ];
  return {
    table: {
      id: 'retention',
      caption: t('data-safety:retention.title'),
      columns: [
        { key: 'what', label: t('data-safety:retention.what'), card: 'title' },
        { key: 'kept', label: t('data-safety:retention.kept'), card: 'full' },
        { key: 'due', label: t('data-safety:retention.due'), num: true, card: 'number' },
      ],
      rows: rows.map(({ id, kept, count }) => ({
        id,
        cells: [{ text: t(`data-safety:set.${id}`), sub: t(`data-safety:why.${id}`), strong: true }, kept, count],
      })),
    },
    empty: { title: t('common:none') },
  };
}

const dueLines = ({ t, f }: Pick<Ctx, 't' | 'f'>, due: readonly Due[]): string[] =>
  due.map(({ set, count, before }) =>
    t('data-safety:clear.line', {
      what: t(`data-safety:set.${set}`),
      count: f.number(count),
      before: f.dateTime(before),
    }),
  );

/** What will happen, before it does. */
export async function confirmPage(ctx: Ctx, what: 'rotate' | 'retire' | 'clear'): Promise<Confirm> {
  const { t } = ctx;
  const action = { rotate: 'key-rotation', retire: 'key-retirement', clear: 'retention-run' }[what];
  const base = {
    title: t(`data-safety:${what}.title`),
    action: `${DATA_SAFETY}/${action}`,
    verb: t(`data-safety:${what}.verb`),
    danger: what !== 'rotate',
    cancelHref: DATA_SAFETY,
  };
  if (what === 'clear') {
    const { rules } = await retentionRules(ctx.read);
    const due = (await dueNow(ctx.read, rules, ctx.now)).filter(({ count }) => count > 0);
    return {
      ...base,
      text: t('data-safety:clear.text'),
      effects: dueLines(ctx, due),
    };
  }
  const status = await keyStatus(ctx.services);
  const effects = [1, 2, 3].map((line) => t(`data-safety:${what}.effect${line}`));
  if (what === 'retire' || status.otherServers.length === 0) return { ...base, effects };
  const servers = status.otherServers.join(', ');
  return {
    ...base,
    effects,
    reason: { name: 'copied', type: 'checkbox', label: t('data-safety:rotate.copied', { servers }) },
  };
}

export function cataloguePage({ t }: Ctx) {
  const rows = personalColumns();
  const list: List = {
    table: {
      id: 'catalogue',
      caption: t('data-safety:catalogue.title'),
      sticky: true,
      columns: [
        { key: 'column', label: t('data-safety:catalogue.column'), card: 'title' },
        { key: 'kind', label: t('data-safety:catalogue.kind'), card: 'number' },
        { key: 'protection', label: t('data-safety:catalogue.protection'), card: 'state' },
        { key: 'retention', label: t('data-safety:catalogue.retention'), card: 'full' },
      ],
      rows: rows.map(({ table, column, kind, protection, retention }) => ({
        id: `${table}-${column}`,
        cells: [
          { text: `${table}.${column}`, strong: true },
          t(`data-safety:kind.${kind}`),
          {
            state: {
              tone: protection === 'plain' ? ('hold' as const) : ('ok' as const),
              text: t(`data-safety:protection.${protection}`),
            },
          },
          t(`data-safety:kept.${retention}`),
        ],
      })),
    },
    empty: { title: t('common:none') },
  };
  const title = t('data-safety:catalogue.title');
  return {
    head: {
      title,
      say: t('data-safety:catalogue.say'),
      crumbs: [{ href: DATA_SAFETY, label: t('data-safety:title') }],
    },
    list,
  };
}

const saveWord = (goes: readonly Due[]): string => `data-safety:retention.${goes.length > 0 ? 'saveSeen' : 'save'}`;

function messagesBefore(ctx: Ctx, goes: readonly Due[]): Message[] {
  if (goes.length === 0) return [];
  const { t } = ctx;
  return [
    {
      tone: 'hold',
      title: t('data-safety:retention.goes'),
      items: dueLines(ctx, goes),
      text: t('data-safety:retention.again', { verb: t(saveWord(goes)) }),
    },
  ];
}

export async function retentionForm(
  ctx: Ctx,
  names: readonly (keyof RetentionRules)[],
  { typed, goes }: { typed: FormState | null; goes: readonly Due[] },
) {
  const { t } = ctx;
  const { rules, version } = await retentionRules(ctx.read);
  const title = t('data-safety:retention.edit');
  return {
    head: {
      title,
      say: t('data-safety:retention.say'),
      crumbs: [{ href: DATA_SAFETY, label: t('data-safety:title') }],
    },
    messages: messagesBefore(ctx, goes),
    form: editForm(typed ?? emptyForm({ ...rules, version }), {
      action: `${DATA_SAFETY}/retention`,
      hidden: ['version', 'seen'],
      submit: t(saveWord(goes)),
      cancelHref: DATA_SAFETY,
      fields: names.map((name): Field => ({
        name,
        label: t(`data-safety:set.${name}`),
        hint: t(`data-safety:limit.${name}`),
        type: 'number',
        after: t(name === 'customers' ? 'data-safety:retention.yearUnit' : 'data-safety:retention.dayUnit'),
        required: true,
        inputmode: 'numeric',
        min: 0,
      })),
    }),
  };
}
