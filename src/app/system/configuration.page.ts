import { type Change, REVISION_KINDS, sayName } from '../../platform/configuration';
import type { Ctx } from '../../platform/http';
import { type ListQuery, listHref, pageOf, readListQuery } from '../../platform/lists';
import type { Cell, List, PageHead, Table } from '../../platform/views';
import {
  CONFIGURATION_PERMISSION,
  type ConfigurationPlan,
  listRevisions,
  type Revision,
  type RevisionRow,
  REVISIONS,
  sayChange,
  sayInOneLine,
} from '../configuration';

export const CONFIGURATION = '/settings/configuration';
/** Said in the list; all of them stand on the revision's page. */
const SAID_IN_LIST = 2;
const MOST_SHOWN = 500;

export const revisionHref = (revision: number): string => `${CONFIGURATION}/revisions/${revision}`;

export async function historyPage(ctx: Ctx): Promise<{ head: PageHead; list: List }> {
  const { t, f } = ctx;
  const query = readListQuery(REVISIONS, ctx.query);
  const found = pageOf(query, await listRevisions(ctx.read, query));
  const title = t('configuration:title');
  return {
    head: {
      title,
      say: t('configuration:say'),
      actions: [
        {
          look: 'quiet',
          icon: 'arrows-exchange',
          label: t('configuration:compare'),
          href: `${CONFIGURATION}/compare`,
        },
        { look: 'quiet', icon: 'download', label: t('configuration:export'), href: `${CONFIGURATION}/export.yaml` },
        ...(ctx.can(CONFIGURATION_PERMISSION)
          ? [
              {
                look: 'primary' as const,
                icon: 'file-upload' as const,
                label: t('configuration:import'),
                href: `${CONFIGURATION}/import`,
              },
            ]
          : []),
      ],
    },
    list: {
      filtered: query.filters['kind'] !== undefined,
      clearHref: CONFIGURATION,
      tabs: { label: t('common:list.views'), tabs: kindTabs(ctx, query) },
      table: {
        id: 'revisions',
        caption: title,
        columns: [
          { key: 'revision', label: t('configuration:revision'), card: 'title', keep: true },
          { key: 'kind', label: t('configuration:kind.title'), card: 'state' },
          { key: 'changes', label: t('configuration:changes'), card: 'full' },
          { key: 'reason', label: t('configuration:reason'), card: 'full' },
          { key: 'who', label: t('configuration:who'), card: 'number' },
          { key: 'when', label: t('configuration:when'), card: 'number', keep: true },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          cells: [
            { text: `#${row.revision}`, strong: true, href: revisionHref(row.revision) },
            sayKind(ctx, row),
            sayChanges(ctx, row),
            row.reason,
            sayWho(ctx, row),
            f.dateTime(row.madeAt),
          ],
        })),
      },
      pager: {
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: { title: t('configuration:empty') },
    },
  };
}

function kindTabs({ t }: Ctx, query: ListQuery) {
  return [null, ...REVISION_KINDS.filter((kind) => kind !== 'first')].map((kind) => ({
    label: t(`configuration:kind.${kind ?? 'all'}`),
    href: listHref(query, { kind }),
    current: (query.filters['kind'] ?? null) === kind,
  }));
}

export function sayKind({ t }: Ctx, { kind, backTo }: Pick<RevisionRow, 'kind' | 'backTo'>): string {
  return kind === 'rollback'
    ? t('configuration:kind.backTo', { revision: backTo ?? '' })
    : t(`configuration:kind.${kind}`);
}

/** What no person did: the command line of the server, or the program itself. */
function sayWho({ t }: Ctx, { madeById, madeByName }: Pick<RevisionRow, 'madeById' | 'madeByName'>): string {
  if (madeById !== null) return madeByName;
  return t(madeByName === 'command line' ? 'configuration:by.commandLine' : 'configuration:by.system');
}

function sayChanges({ t }: Ctx, { changes, changeCount }: RevisionRow): Cell {
  const said = changes.slice(0, SAID_IN_LIST).map((change) => sayInOneLine(t, change));
  const more = changeCount - said.length;
  return {
    text: said[0] ?? '',
    ...(said.length > 1 || more > 0
      ? { sub: [...said.slice(1), ...(more > 0 ? [t('configuration:andMore', { count: more })] : [])].join('；') }
      : {}),
  };
}

/** Changes as a table: what, before, after. */
export function changeTable({ t }: Ctx, changes: readonly Change[]): Table {
  const cut = changes.length - MOST_SHOWN;
  const rows = changes.slice(0, MOST_SHOWN).map((change, index) => {
    const { area, what, before, after } = sayChange(t, change);
    return { id: index, cells: [{ text: what, sub: area }, before || null, after || null] as Cell[] };
  });
  return {
    id: 'changes',
    caption: t('configuration:changes'),
    columns: [
      { key: 'what', label: t('configuration:what'), card: 'title' },
      { key: 'before', label: t('configuration:before') },
      { key: 'after', label: t('configuration:after') },
    ],
    rows: cut > 0 ? [...rows, { id: 'more', cells: [t('configuration:andMore', { count: cut }), null, null] }] : rows,
  };
}

export function revisionPage(ctx: Ctx, revision: Revision, changes: readonly Change[], latest: number) {
  const { t, f } = ctx;
  const canGoBack = revision.revision !== latest && ctx.can(CONFIGURATION_PERMISSION);
  return {
    head: {
      title: t('configuration:revisionOf', { revision: revision.revision }),
      crumbs: [{ label: t('configuration:title'), href: CONFIGURATION }],
      actions: [
        {
          look: 'quiet' as const,
          icon: 'download' as const,
          label: t('configuration:export'),
          href: `${CONFIGURATION}/export.yaml?revision=${revision.revision}`,
        },
        ...(revision.revision === latest
          ? []
          : [
              {
                look: 'quiet' as const,
                icon: 'arrows-exchange' as const,
                label: t('configuration:compareWithNow'),
                href: `${CONFIGURATION}/compare?from=${revision.revision}&to=${latest}`,
              },
            ]),
        ...(canGoBack
          ? [
              {
                look: 'primary' as const,
                icon: 'arrow-back-up' as const,
                label: t('configuration:rollback'),
                href: `${revisionHref(revision.revision)}/rollback/new`,
              },
            ]
          : []),
      ],
    } satisfies PageHead,
    facts: {
      facts: [
        { label: t('configuration:kind.title'), value: sayKind(ctx, revision) },
        { label: t('configuration:reason'), value: revision.reason ?? '' },
        { label: t('configuration:who'), value: sayWho(ctx, revision) },
        { label: t('configuration:when'), value: f.dateTime(revision.madeAt) },
        { label: t('configuration:checksum'), value: revision.checksum.slice(0, 16) },
      ].filter(({ value }) => value !== ''),
    },
    changes: changes.length > 0 ? changeTable(ctx, changes) : null,
    none: t(revision.revision === 1 ? 'configuration:firstOne' : 'configuration:noChanges'),
  };
}

/** Records that stay because they are in use, in words. */
export function sayKept({ t }: Ctx, { kept }: ConfigurationPlan): string[] {
  return kept.map(({ set, name, count }) => {
    const [module = '', id = ''] = set.split('.');
    const what = t(`${module}:configuration.${id}.title`);
    return t('configuration:kept', { what, name: sayName(t, set, name), count });
  });
}
