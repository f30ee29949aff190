import { type FieldProblem, invalid, notFound } from '../../../kernel';
import { sql } from '../../../platform/database';
import { type Actor, authorise, authoriseEverywhere } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { storesByIds } from '../../organization';
import { replenishmentRule, type ReplenishmentRuleRow } from '../store/replenishment.table';
import { EDIT_REPLENISHMENT } from './compute-replenishment';

export interface RuleCommand {
  /** null: all stores, or all goods. */
  storeId: number | null;
  skuId: number | null;
  minimum: number | null;
  maximum: number | null;
  coverDays: number | null;
  leadDays: number | null;
  packSize: number | null;
}

const LIMITS = {
  minimum: [0, 100_000],
  maximum: [0, 100_000],
  coverDays: [1, 180],
  leadDays: [1, 180],
  packSize: [1, 10_000],
} as const;
const VALUES = Object.keys(LIMITS) as (keyof typeof LIMITS)[];

export const ruleKey = ({ storeId, skuId }: Pick<RuleCommand, 'storeId' | 'skuId'>): string =>
  `${storeId ?? 0}/${skuId ?? 0}`;

/** Sets the rule of a product, a store, both or everything; without any value the rule goes, and the wider one holds again. */
export async function saveReplenishmentRule(
  uow: UnitOfWork,
  actor: Actor,
  command: RuleCommand,
  options?: RunOptions,
): Promise<{ removed: boolean }> {
  if (command.storeId === null) authoriseEverywhere(actor, EDIT_REPLENISHMENT);
  else authorise(actor, EDIT_REPLENISHMENT, command.storeId);
  return uow.run(actor, (unit) => save(unit, command), options);
}

async function save(unit: Unit, command: RuleCommand): Promise<{ removed: boolean }> {
  const { storeId, skuId } = command;
  const fields: FieldProblem[] = [];
  for (const name of VALUES) {
    const [least, most] = LIMITS[name];
    const value = command[name];
    if (value !== null && (!Number.isSafeInteger(value) || value < least || value > most))
      fields.push({ path: name, code: 'purchasing:error.rule_range', details: { least, most } });
  }
  const { minimum, maximum } = command;
  if (skuId === null && minimum !== null) fields.push({ path: 'minimum', code: 'purchasing:error.rule_goods' });
  if (skuId === null && maximum !== null) fields.push({ path: 'maximum', code: 'purchasing:error.rule_goods' });
  if (minimum !== null && maximum !== null && maximum < minimum)
    fields.push({ path: 'maximum', code: 'purchasing:error.rule_order' });
  const card = skuId === null ? undefined : (await skusByIds(unit, [skuId])).get(skuId);
  if (skuId !== null && (!card || card.tracking === 'service'))
    fields.push({ path: 'sku', code: 'purchasing:error.sku_unknown' });
  if (storeId !== null && !(await storesByIds(unit, [storeId])).has(storeId))
    throw notFound('organization.store', storeId);
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  const [known] = await unit.find(replenishmentRule, { ruleKey: ruleKey(command) });
  const values = Object.fromEntries(VALUES.map((name) => [name, command[name]])) as Pick<
    RuleCommand,
    (typeof VALUES)[number]
  >;
  const removed = VALUES.every((name) => command[name] === null);
  if (known && removed) await unit.execute(sql`DELETE FROM replenishment_rule WHERE id = ${known.id}`);
  else if (known) await unit.update(replenishmentRule, known.id, values, known.version);
  else if (!removed) {
    const row: ReplenishmentRuleRow = {
      id: unit.takeIds(replenishmentRule),
      storeId,
      skuId,
      ruleKey: ruleKey(command),
      ...values,
      version: 1,
    };
    await unit.insert(replenishmentRule, [row]);
  }
  await unit.audit({
    action: removed ? 'purchasing.replenishment.remove_rule' : 'purchasing.replenishment.rule',
    storeId,
    detail: { sku: card?.code ?? null, ...values },
  });
  return { removed };
}
