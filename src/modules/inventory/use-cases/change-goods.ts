import { DomainError, type FieldProblem } from '../../../kernel';
import { balancesFor, stockKeyText } from '../../../ledger';
import type { Unit } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import type { AdjustedGoods } from '../domain/adjustment-posting';
import { averageCosts } from '../queries/average-costs';
import type { StockChangeLineRow, StockChangeRow } from '../store/change.table';

export interface GoodsNow {
  line: StockChangeLineRow;
  goods: AdjustedGoods;
}

/** The goods of the lines with their balances, locked; every line that is short is named. */
export async function goodsNow(
  unit: Unit,
  { locationId, effect }: StockChangeRow,
  lines: readonly StockChangeLineRow[],
): Promise<GoodsNow[]> {
  const goods = lines
    .filter(({ deviceId }) => deviceId === null)
    .map((line) => ({
      line,
      key: {
        locationId,
        skuId: line.skuId,
        batchId: line.batchKey === 0 ? null : line.batchKey,
        bucket: line.bucket,
      },
    }));
  const skuIds = goods.map(({ line }) => line.skuId);
  const balances = await balancesFor(
    unit,
    goods.map(({ key }) => key),
  );
  const cards = await skusByIds(unit, skuIds);
  const averages = effect === 'gain' ? await averageCosts(unit, skuIds) : new Map<number, number>();
  // What is found was not there; a corrected cost holds for as many pieces as lie there now, if any do.
  const least = (line: StockChangeLineRow): number => ({ gain: 0, value: 1 })[effect as string] ?? line.quantity;
  const fields: FieldProblem[] = [];
  const now = goods.map(({ line, key }): GoodsNow => {
    const balance = balances.get(stockKeyText(key)) ?? { quantity: 0, valueFen: 0 };
    if (balance.quantity < least(line))
      fields.push({
        path: `line.${line.lineNo}`,
        code: 'inventory:error.change_line_short',
        details: { name: cards.get(line.skuId)?.name ?? '', wanted: line.quantity, left: balance.quantity },
      });
    const { quantity: pieces, unitCostFen } = line;
    return { line, goods: { ...key, pieces, balance, unitCostFen, averageFen: averages.get(line.skuId) ?? 0 } };
  });
  if (fields.length > 0)
    throw new DomainError('inventory:error.change_goods_short', {
      status: 409,
      details: { count: fields.length },
      fields,
    });
  return now;
}
