import { type Reader, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { ReplenishmentRuleRow } from '../store/replenishment.table';
import { replenishmentRule } from '../store/replenishment.table';
import { VIEW_REPLENISHMENT } from './proposal-list';

export const RULE_LIST: ListSpec = {
  path: '/purchasing/replenishment/rules',
  id: 'r.id',
  filters: ['q', 'store'],
  sorts: { newest: { expression: 'r.id', type: 'number', direction: 'descending' } },
};

export interface RuleListRow extends ReplenishmentRuleRow {
  sortValue: number;
  storeName: string | null;
  skuCode: string | null;
  skuName: string | null;
}

/** One page of rules: those of the reader's stores, and those of all stores. */
export async function ruleList(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
): Promise<RuleListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  return read.all<RuleListRow>(
    sql`SELECT r.id, r.id AS sort_value, r.store_id, r.sku_id, r.rule_key, r.minimum, r.maximum, r.cover_days, r.lead_days,
        r.pack_size, r.version, t.name AS store_name, s.code AS sku_code, s.name AS sku_name
      FROM replenishment_rule r LEFT JOIN store t ON t.id = r.store_id LEFT JOIN sku s ON s.id = r.sku_id
      WHERE ${sql.all([
        sql`(r.store_id IS NULL OR ${inScope('r.store_id', actor.scope(VIEW_REPLENISHMENT))})`,
        storeId !== null && sql`r.store_id = ${storeId}`,
        ...searchTerms(query.filters['q'] ?? '').map(
          (term) => sql`(${sql.contains('s.search_key', term)} OR ${sql.contains('s.code', term.toUpperCase())})`,
        ),
        where,
      ])} ${orderBy} ${limit}`,
  );
}

export const ruleByKey = async (read: Reader, ruleKey: string): Promise<ReplenishmentRuleRow | undefined> =>
  (await read.find(replenishmentRule, { ruleKey }))[0];
