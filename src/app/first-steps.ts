import type { Ctx } from '../platform/http';
import type { Reader } from '../platform/database';
import { sql } from '../platform/database';
import type { Action } from '../platform/views';

export interface FirstStep {
  title: string;
  hint: string;
  done: boolean;
  /** Absent when it is done, or for others to do. */
  action: Action | null;
}

interface Step {
  id: string;
  module: string;
  permission: string;
  href: string;
  /** The table whose first row says that it was done. */
  table: string;
}

const STEPS: readonly Step[] = [
  {
    id: 'stores',
    module: 'organization',
    permission: 'organization.store.edit',
    href: '/organization/stores',
    table: 'store',
  },
  {
    id: 'staff',
    module: 'organization',
    permission: 'organization.staff.edit',
    href: '/organization/staff',
    table: 'staff',
  },
  {
    id: 'products',
    module: 'catalog',
    permission: 'catalog.product.edit',
    href: '/imports/catalog.products',
    table: 'sku',
  },
  {
    id: 'stock',
    module: 'inventory',
    permission: 'inventory.opening.post',
    href: '/imports/inventory.opening',
    table: 'posting',
  },
  { id: 'registers', module: 'sales', permission: 'sales.register.edit', href: '/sales/registers', table: 'register' },
  { id: 'sale', module: 'sales', permission: 'sales.sale.create', href: '/sales/till', table: 'sale' },
];

/** What to do before the first sale, in order; empty once anything was sold, or when nobody can sell here. */
export async function firstSteps(
  ctx: Pick<Ctx, 'read' | 't' | 'can'>,
  active: ReadonlySet<string>,
): Promise<FirstStep[]> {
  const { t } = ctx;
  const steps = STEPS.filter(({ module }) => active.has(module));
  const last = steps.at(-1);
  if (!last || last.table !== 'sale' || (await hasRows(ctx.read, last.table))) return [];
  const done = new Map<string, boolean>();
  for (const { id, table } of steps) done.set(id, await hasRows(ctx.read, table));
  // One filled button: the first thing that is missing.
  const next = steps.find(({ id }) => !done.get(id))?.id;
  return steps.map(({ id, permission, href }) => ({
    title: t(`system:first.${id}.title`),
    hint: t(`system:first.${id}.hint`),
    done: done.get(id) ?? false,
    action:
      done.get(id) || !ctx.can(permission)
        ? null
        : { label: t(`system:first.${id}.verb`), href, look: id === next ? ('primary' as const) : ('plain' as const) },
  }));
}

async function hasRows(read: Reader, table: string): Promise<boolean> {
  return (
    (await read.one<{ id: number }>(sql`SELECT id FROM ${sql.identifier(table)} ORDER BY id ${sql.limit(1)}`)) !==
    undefined
  );
}
