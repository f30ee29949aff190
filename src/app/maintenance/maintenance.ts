import { DomainError } from '../../kernel';
import { duplicateKey, type Reader, sql } from '../../platform/database';
import type { Actor } from '../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../platform/unit-of-work';
import { maintenanceState, type MaintenanceKind } from './tables';

export const MAINTENANCE_PERMISSION = 'system.maintenance.manage';
const SHOP = 'shop';

export interface Maintenance {
  kind: Exclude<MaintenanceKind, 'off'>;
  note: string | null;
  /** Epoch milliseconds. */
  since: number;
  byName: string | null;
  token: string | null;
}

/** Null: people work as usual. */
export async function readMaintenance(read: Reader): Promise<Maintenance | null> {
  const [row] = await read.find(maintenanceState, { id: SHOP });
  if (!row || row.kind === 'off') return null;
  const { kind, note, since, byName, token } = row;
  return { kind, note, since, byName, token };
}

export interface SwitchOn {
  kind: Maintenance['kind'];
  note?: string | undefined;
  token?: string | undefined;
}

/**
 * Closes the system for everybody but its administrators. The caller has checked the right. By hand a second time only the note
 * changes; 'maintenance:error.upgrading' while an upgrade has it.
 */
export async function switchMaintenanceOn(
  uow: UnitOfWork,
  actor: Actor,
  { kind, note, token }: SwitchOn,
  options?: RunOptions,
): Promise<void> {
  const write = () =>
    uow.run(
      actor,
      async (unit) => {
        const before = await readMaintenance(unit);
        if (before?.kind === 'upgrade' && before.token !== token)
          throw new DomainError('maintenance:error.upgrading', { status: 409 });
        const values = {
          kind,
          note: note?.slice(0, 200) || null,
          byName: actor.name.slice(0, 80),
          token: token ?? null,
        };
        await writeState(unit, { ...values, since: before?.kind === kind ? before.since : unit.now });
        await unit.audit({
          action: 'system.maintenance.begin',
          detail: { kind, ...(values.note && { note: values.note }) },
        });
      },
      options,
    );
  // The very first time two may insert the row.
  await write().catch((error: unknown) => (duplicateKey(error) ? write() : Promise.reject(error)));
}

/** Opens the system again. With `token` only what that upgrade closed; without it never what an upgrade closed. */
export async function switchMaintenanceOff(
  uow: UnitOfWork,
  actor: Actor,
  { token }: { token?: string } = {},
  options?: RunOptions,
): Promise<boolean> {
  return uow.run(
    actor,
    async (unit) => {
      const before = await readMaintenance(unit);
      if (!before) return false;
      if (token !== undefined && before.token !== token) return false;
      if (token === undefined && before.kind === 'upgrade')
        throw new DomainError('maintenance:error.upgrading', { status: 409 });
      await writeState(unit, { kind: 'off', note: null, byName: null, token: null, since: unit.now });
      await unit.audit({ action: 'system.maintenance.end', detail: { kind: before.kind } });
      return true;
    },
    options,
  );
}

/**
 * Opens what any upgrade closed: data that were put back may still say so of an earlier one. The caller holds the lock under which
 * there is only one.
 */
export async function endUpgradeMaintenance(uow: UnitOfWork, actor: Actor): Promise<void> {
  const state = await readMaintenance(uow.database.read);
  if (state?.kind === 'upgrade' && state.token !== null) await switchMaintenanceOff(uow, actor, { token: state.token });
}

async function writeState(
  unit: Unit,
  state: { kind: MaintenanceKind; note: string | null; since: number; byName: string | null; token: string | null },
): Promise<void> {
  const { kind, note, since, byName, token } = state;
  const changed = await unit.execute(
    sql`UPDATE maintenance_state SET kind = ${kind}, note = ${note}, since = ${since}, by_name = ${byName}, token = ${token}
        WHERE id = ${SHOP}`,
  );
  if (changed === 0) await unit.insert(maintenanceState, [{ id: SHOP, ...state }]);
}

/** How long a server may go on as it was; what another server decided shows after this time. */
const KEPT_MS = 2000;

export interface MaintenanceWatch {
  /** As it was at most two seconds ago. When the database cannot say, as it was last. */
  now: () => Promise<Maintenance | null>;
  /** Looks again now, after a change on this server. */
  refresh: () => void;
}

export function watchMaintenance(read: Reader, clock: () => number = Date.now): MaintenanceWatch {
  let last: Maintenance | null = null;
  let kept: { until: number; state: Promise<Maintenance | null> } | undefined;
  return {
    now: () => {
      if (kept && kept.until > clock()) return kept.state;
      const state = readMaintenance(read).then(
        (found) => (last = found),
        () => last,
      );
      kept = { until: clock() + KEPT_MS, state };
      return state;
    },
    refresh: () => (kept = undefined),
  };
}
