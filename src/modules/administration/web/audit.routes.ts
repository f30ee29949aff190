import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { exportReply, listHref, type ListQuery, pageOf, readListQuery } from '../../../platform/lists';
import type { FilterBar, List } from '../../../platform/views';
import { listStores, type StoreRow } from '../../organization';
import { AUDIT_VIEW, auditList, auditListSpec, type AuditRow } from '../queries/audit-list';
import {
  actionFilterWords,
  actionWords,
  actorWords,
  auditKinds,
  auditModules,
  detailWords,
  subjectWords,
} from './audit-words';
import { rightsWords } from './rights-words';

const AUDIT = auditListSpec.path;
const access = { permission: AUDIT_VIEW };

export const auditRoutes: readonly Route[] = [
  { method: 'get', path: AUDIT, access, handler: showList },
  { method: 'get', path: `${AUDIT}/export`, access, handler: exportList },
];

async function showList(ctx: Ctx): Promise<Reply> {
  const { t, f, services } = ctx;
  const query = readListQuery(auditListSpec, ctx.query);
  const { rows, previousHref, nextHref } = pageOf(
    query,
    await auditList(ctx.read, ctx.actor, query, services.timeZone),
  );
  const [stores, names] = await Promise.all([listStores(ctx.read), rightsWords(ctx)]);
  const reader = { ...ctx, names };
  const title = t('administration:audit.title');
  const list: List = {
    filters: auditFilters(reader, query, stores),
    table: {
      id: 'audit',
      caption: title,
      sticky: true,
      columns: [
        { key: 'at', label: t('administration:audit.at'), keep: true, card: 'full' },
        { key: 'who', label: t('administration:audit.who'), keep: true, card: 'state' },
        { key: 'what', label: t('administration:audit.what'), card: 'title' },
        { key: 'subject', label: t('administration:audit.subject'), keep: true, card: 'full' },
        { key: 'store', label: t('administration:user.store'), keep: true, card: 'full' },
        { key: 'detail', label: t('administration:audit.detail'), card: 'full' },
        { key: 'sealed', label: t('administration:audit.sealed'), keep: true, card: 'hide' },
      ],
      rows: rows.map((row) => ({
        id: row.id,
        cells: [
          f.dateTime(row.at),
          { text: actorWords(ctx, row), ...(row.address ? { sub: row.address } : {}) },
          { text: actionWords(ctx, row.action), strong: true },
          subjectCell(reader, query, row),
          row.storeId === null ? '' : names.store(Number(row.storeId)),
          { text: detailWords(reader, row.detail), muted: true },
          t(row.sealed ? 'common:yes' : 'administration:audit.notYet'),
        ],
      })),
    },
    pager: { ...(previousHref ? { previousHref } : {}), ...(nextHref ? { nextHref } : {}) },
    empty: { title: t('administration:audit.empty') },
    filtered: Object.keys(query.filters).length > 0,
    clearHref: AUDIT,
  };
  const head = {
    title,
    say: t('administration:audit.say'),
    actions: [
      {
        label: t('administration:audit.verify'),
        href: `${AUDIT}/verification`,
        icon: 'shield-check' as const,
        method: 'post' as const,
      },
      {
        label: t('common:action.exportExcel'),
        href: listHref({ ...query, spec: { ...query.spec, path: `${AUDIT}/export` } }),
        icon: 'file-spreadsheet' as const,
      },
    ],
  };
  return page('administration/list', title, { head, list });
}

type NamedReader = Parameters<typeof detailWords>[0];

/** Leads to everything that was done with the same record. */
function subjectCell(reader: NamedReader, query: ListQuery, row: AuditRow) {
  const text = subjectWords(reader, row);
  if (row.subjectType === null || row.subjectId === null) return text;
  const filters = { subject: row.subjectType, subjectId: String(row.subjectId) };
  return { text, href: listHref(query, filters) };
}

function auditFilters({ t, names }: NamedReader, query: ListQuery, stores: readonly StoreRow[]): FilterBar {
  const { q = '', action, from, to, subject, subjectId, store } = query.filters;
  const chips: FilterBar['chips'] = [];
  const chip = (label: string | undefined, ...names: string[]): void => {
    const changes = Object.fromEntries(names.map((name) => [name, null]));
    if (label) chips.push({ label, removeHref: listHref(query, changes) });
  };
  chip(action && actionFilterWords(t, action), 'action');
  chip(from && t('administration:audit.fromDay', { day: from }), 'from');
  chip(to && t('administration:audit.toDay', { day: to }), 'to');
  if (subject)
    chip(
      subjectWords({ t, names }, { subjectType: subject, subjectId: Number(subjectId) || null, subjectName: null }),
      'subject',
      'subjectId',
    );
  chip(stores.find(({ id }) => String(id) === store)?.name, 'store');
  return {
    action: AUDIT,
    text: { name: 'q', value: q, label: t('administration:audit.searchFor') },
    chips,
    fields: [
      { name: 'from', label: t('administration:audit.from'), type: 'date', value: from ?? '' },
      { name: 'to', label: t('administration:audit.to'), type: 'date', value: to ?? '' },
      {
        name: 'action',
        label: t('administration:audit.action'),
        type: 'select',
        value: action ?? '',
        options: [...auditKinds(t), ...auditModules(t)],
      },
      {
        name: 'store',
        label: t('administration:user.store'),
        type: 'select',
        value: store ?? '',
        options: stores.map(({ id, name }) => ({ value: id, label: name })),
      },
    ],
  };
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t, services } = ctx;
  const label = (key: string): string => t(`administration:audit.${key}`);
  const reader = { ...ctx, names: await rightsWords(ctx) };
  return exportReply<AuditRow>(ctx, {
    name: `audit-${ctx.today}`,
    sheet: label('title'),
    columns: [
      { header: label('at'), type: 'datetime' },
      { header: label('who'), type: 'text' },
      { header: label('what'), type: 'text' },
      { header: label('subject'), type: 'text' },
      { header: label('detail'), type: 'text' },
      { header: t('administration:account.address'), type: 'text' },
    ],
    query: readListQuery(auditListSpec, ctx.query),
    load: (query) => auditList(ctx.read, ctx.actor, query, services.timeZone),
    toRow: (row) => [
      row.at,
      actorWords(ctx, row),
      actionWords(ctx, row.action),
      subjectWords(reader, row),
      detailWords(reader, row.detail),
      row.address ?? '',
    ],
  });
}
