import { canonical, sayField, sayFieldValue, sayName } from '../../../platform/configuration';
import type { Ctx } from '../../../platform/http';
import type { Grant } from '../domain/rights';
import type { AuditRow } from '../queries/audit-list';
import type { RightsWords } from './rights-words';

type Words = Pick<Ctx, 't'>;
/** What roles and stores are called, of which an entry keeps the numbers. */
type Names = Pick<RightsWords, 'role' | 'store' | 'grants'>;
type Reader = Pick<Ctx, 't' | 'f'> & {
  names: Names;
  /** Whose parameters an entry tells of. */
  module?: string;
};

/** Where actions come from: the first part of their names, and the namespace of their words. */
const SOURCES = [
  'sales',
  'purchasing',
  'inventory',
  'catalog',
  'pricing',
  'crm',
  'organization',
  'auth',
  'administration',
  'imports',
  'attachments',
  'system',
] as const;

const MOST_LISTED = 6;

/** `auth.session.begin` in words: the module's `audit.…`; an action that has none is shown as it is. */
export function actionWords({ t }: Words, action: string): string {
  const [module = '', ...rest] = action.split('.');
  return t(`${module}:audit.${rest.join('.')}`, { defaultValue: action });
}

/** The choices of the filter: a part of the program, found by the beginning of its actions' names. */
export const auditModules = (t: Ctx['t']): { value: string; label: string }[] =>
  SOURCES.map((source) => ({ value: `${source}.`, label: t(`administration:audit.source.${source}`) }));

/** What is asked for most often: single actions, before the parts of the program. */
export const auditKinds = (t: Ctx['t']): { value: string; label: string }[] =>
  ['auth.permission.refuse', 'auth.session.refuse'].map((action) => ({
    value: action,
    label: actionWords({ t }, action),
  }));

/** What a filter by action is called: a part of the program, or the action itself when a link asked for it. */
export const actionFilterWords = (t: Ctx['t'], action: string): string =>
  auditModules(t).find(({ value }) => value === action)?.label ?? actionWords({ t }, action);

/** A person's name as it was; what the program did itself is called by a word. */
export const actorWords = ({ t }: Words, { actorId, actorName }: Pick<AuditRow, 'actorId' | 'actorName'>): string =>
  actorId === null ? t(`administration:audit.self.${actorName}`, { defaultValue: actorName }) : actorName;

/** `sales.shift` 896 → 班次 896; of a role and an account the name. */
export function subjectWords(
  { t, names }: Words & { names: Pick<Names, 'role'> },
  { subjectType, subjectId, subjectName }: Pick<AuditRow, 'subjectType' | 'subjectId' | 'subjectName'>,
): string {
  if (subjectType === null) return '';
  const [module = '', ...rest] = subjectType.split('.');
  const word = t(`${module}:audit.${rest.join('.')}.subject`, { defaultValue: subjectType });
  const name = subjectType === 'auth.role' && subjectId !== null ? names.role(Number(subjectId)) : subjectName;
  return [word, name ?? subjectId].filter((part) => part !== null).join(' ');
}

/** The JSON of an entry as a clerk reads it: `应收 4,538.00 · 原因 七天无理由`. */
export function detailWords(reader: Reader, detail: string | null): string {
  if (detail === null) return '';
  const fields = JSON.parse(detail) as Record<string, unknown>;
  return (isRecordDetail(fields) ? recordParts(reader, fields) : partsOf(reader, fields)).join(' · ');
}

interface RecordDetail {
  set: string;
  name: string;
  before?: Record<string, unknown>;
  after: Record<string, unknown>;
  reason?: string;
}

const isRecordDetail = (fields: object): fields is RecordDetail =>
  'set' in fields && 'after' in fields && /^\w+\.\w+$/.test(String(fields.set));

/** Of a record of the configuration, in its set's own words; of a change only what differs. */
function recordParts({ t }: Reader, { set, name, before, after, reason }: RecordDetail): string[] {
  const said = (field: string, value: unknown): string =>
    (field === 'name' ? sayName(t, set, String(value)) : sayFieldValue(t, set, field, value)) || '—';
  const changed = Object.keys(after).filter((field) => !before || canonical(before[field]) !== canonical(after[field]));
  return [
    `${sayField(t, set, 'title')} ${sayName(t, set, name)}`,
    ...changed
      .filter((field) => before || (field !== 'name' && after[field] !== null))
      .map(
        (field) =>
          `${sayField(t, set, field)} ${before ? `${said(field, before[field])} → ` : ''}${said(field, after[field])}`,
      ),
    ...(reason ? [`${fieldWords({ t }, 'reason')} ${reason}`] : []),
  ];
}

function partsOf(reader: Reader, fields: Record<string, unknown>): string[] {
  const { module } = fields;
  const inside = typeof module === 'string' ? { ...reader, module } : reader;
  return Object.entries(fields)
    .filter(([, value]) => !isNothing(value))
    .map(([key, value]) => `${fieldWords(inside, key)} ${valueWords(inside, key, value)}`);
}

const isNothing = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

function fieldWords({ t, module }: Pick<Reader, 't' | 'module'>, key: string): string {
  const byDefault = module === undefined ? key : t(`${module}:parameter.${key}`, { defaultValue: key });
  return t(`administration:audit.field.${key}`, { defaultValue: byDefault });
}

/** Keys with rights as their values. */
const RIGHTS: ReadonlySet<string> = new Set(['permission', 'permissions', 'added', 'removed']);

function valueWords(reader: Reader, key: string, value: unknown): string {
  const { t, f } = reader;
  if (typeof value === 'boolean') return t(value ? 'common:yes' : 'common:no');
  if (typeof value === 'number') return numberWords(reader, key, value);
  if (typeof value === 'string' && RIGHTS.has(key)) return rightWords(reader, value);
  if (typeof value === 'string' && key === 'module') return t(`${value}:module`, { defaultValue: value });
  if (typeof value === 'string') return t(`administration:audit.value.${value}`, { defaultValue: value });
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isGrant)) return reader.names.grants(value.map(toGrant));
    const shown = value.slice(0, MOST_LISTED).map((item) => valueWords(reader, key, item));
    const more = value.length - shown.length;
    if (more > 0) shown.push(t('administration:audit.more', { count: f.number(more) }));
    return shown.join(t('administration:audit.listComma'));
  }
  if (value === null || value === undefined) return '—';
  if (isChange(value)) return [value.from, value.to].map((side) => valueWords(reader, key, side)).join(' → ');
  const money = key === 'expected' || key === 'counted';
  return `(${Object.entries(value as Record<string, unknown>)
    .filter(([, part]) => part !== null)
    .map(([name, part]) => `${fieldWords(reader, name)} ${valueWords(reader, money ? `${name}Fen` : name, part)}`)
    .join(t('administration:audit.listComma'))})`;
}

const isChange = (value: object): value is { from: unknown; to: unknown } =>
  Object.keys(value).sort().join() === 'from,to';

interface KeptGrant {
  roleId: number;
  storeId: number | null;
  startsAt?: number | null;
  endsAt?: number | null;
}

const isGrant = (value: unknown): value is KeptGrant =>
  typeof value === 'object' && value !== null && 'roleId' in value && 'storeId' in value;

const toGrant = ({ roleId, storeId, startsAt, endsAt }: KeptGrant): Grant => ({
  roleId,
  storeId,
  ...(startsAt && { startsAt }),
  ...(endsAt && { endsAt }),
});

/** A permission that the program no longer knows is shown as it is. */
export const rightWords = ({ t }: Words, id: string): string => {
  const [module = '', ...rest] = id.split('.');
  return t(`${module}:permission.${rest.join('.')}`, { defaultValue: id });
};

function numberWords({ f, names }: Reader, key: string, value: number): string {
  if (key === 'roleId') return names.role(value);
  if (key === 'storeId') return names.store(value);
  if (key.endsWith('Fen')) return f.money(value);
  if (key.endsWith('Bp')) return f.percent(value);
  if (key.endsWith('At') || key === 'lockedUntil') return f.dateTime(value);
  return key.endsWith('Id') ? String(value) : f.number(value);
}
