import type { CheckCategory } from '../../../platform/checks';

export interface Guide {
  id: 'slow' | 'database' | 'permissions' | 'imports' | 'everything';
  icon: string;
  href: string;
  wanted: (check: { id: string; category: CheckCategory }) => boolean;
  /** How many questions `support:guide.<id>.ask.<n>` stand above the checks. */
  questions: number;
  /** Pages that help further; words `support:link.<key>`. */
  links: readonly { key: string; href: string; permission: string }[];
}

export const GUIDE_PATH = '/administration/guides';

const ofCategories =
  (...categories: CheckCategory[]): Guide['wanted'] =>
  ({ category }) =>
    categories.includes(category);

const METRICS = { key: 'metrics', href: '/administration/metrics', permission: 'system.metrics.view' };
const JOBS = { key: 'jobs', href: '/administration/jobs', permission: 'administration.job.view' };
const LINE = { key: 'line', href: '/administration/connection', permission: 'administration.connection.measure' };
const BACKUPS = { key: 'backups', href: '/settings/backups', permission: 'system.backup.view' };
const RIGHTS = { key: 'rights', href: '/administration/rights', permission: 'administration.role.view' };
const USERS = { key: 'users', href: '/administration/users', permission: 'administration.user.view' };
const AUDIT = { key: 'audit', href: '/administration/audit', permission: 'administration.audit.view' };
const IMPORTS = { key: 'imports', href: '/imports', permission: 'system.import.view' };

const guide = (one: Omit<Guide, 'href'>): Guide => ({ ...one, href: `${GUIDE_PATH}/${one.id}` });

/** The four troubles that everybody has sooner or later, and the look at everything. */
export const GUIDES: readonly Guide[] = [
  guide({
    id: 'slow',
    icon: 'hourglass',
    wanted: ({ id, category }) =>
      ['performance', 'host'].includes(category) || ['storage.writable', 'jobs.outbox'].includes(id),
    questions: 3,
    links: [METRICS, LINE, JOBS],
  }),
  guide({
    id: 'database',
    icon: 'database',
    wanted: ({ id, category }) =>
      ['database', 'schema'].includes(category) ||
      ['performance.database', 'performance.pool', 'storage.writable', 'storage.key-file'].includes(id),
    questions: 3,
    links: [METRICS, BACKUPS],
  }),
  guide({
    id: 'permissions',
    icon: 'shield-lock',
    wanted: ofCategories('permissions'),
    questions: 3,
    links: [USERS, RIGHTS, AUDIT],
  }),
  guide({
    id: 'imports',
    icon: 'file-upload',
    wanted: ({ id, category }) => category === 'imports' || ['storage.writable', 'jobs.failed'].includes(id),
    questions: 4,
    links: [IMPORTS, JOBS],
  }),
  guide({
    id: 'everything',
    icon: 'clipboard-check',
    wanted: () => true,
    questions: 0,
    links: [METRICS, JOBS, BACKUPS],
  }),
];

/** Where what a check found can be mended or looked at more closely: the longest beginning of its id counts. */
const PLACES: readonly (readonly [prefix: string, link: Guide['links'][number]])[] = [
  ['performance.browsers', LINE],
  ['performance.', METRICS],
  ['backup.', BACKUPS],
  [
    'jobs.notifications',
    { key: 'notifications', href: '/settings/notifications', permission: 'system.notification.view' },
  ],
  ['jobs.', JOBS],
  [
    'permissions.refusals',
    { key: 'report', href: '/administration/rights/report', permission: 'administration.role.view' },
  ],
  [
    'permissions.findings',
    { key: 'report', href: '/administration/rights/report', permission: 'administration.role.view' },
  ],
  ['permissions.', USERS],
  ['imports.', IMPORTS],
  ['ledger.audit', AUDIT],
];

export const placeOf = (id: string): Guide['links'][number] | undefined =>
  PLACES.find(([prefix]) => id.startsWith(prefix))?.[1];
