/** Why a scan was not taken, or where it went. */
export interface ScanReason {
  /** i18n key. */
  code: string;
  details: Record<string, unknown>;
}

/** A line of the receipt as scanning sees it. */
export interface ScanLine {
  id: number;
  lineNo: number;
  skuId: number;
  skuName: string;
  productId: number;
  tracking: string;
  quantity: number;
  /** No quantity was given: takes as many as come. */
  countsScans: boolean;
  received: number;
}

export type LineChoice =
  { line: ScanLine; overridden: boolean } | { reason: ScanReason; overridable?: boolean; addText?: string };

/** `productId` is null for a model whose product is not in the catalog. */
export interface Model {
  productId: number | null;
  name: string;
}

/**
 * The line a device goes into. A chosen line holds unless the device's type allocation code speaks of another product;
 * without one the code decides, if it leaves one line only. Several lines of one SKU are filled one after the other.
 */
export function chooseLine(
  lines: readonly ScanLine[],
  chosenId: number | null,
  model: Model | undefined,
  override: boolean,
): LineChoice {
  const serial = lines.filter((line) => line.tracking === 'serial');
  const chosen = chosenId === null ? undefined : lines.find((line) => line.id === chosenId);
  if (chosen && chosen.tracking !== 'serial')
    return refuse('purchasing:scan.line_not_serial', { line: chosen.lineNo, name: chosen.skuName });
  if (chosen) {
    const differs = model !== undefined && model.productId !== null && model.productId !== chosen.productId;
    if (differs && !override) {
      const details = { model: model.name, line: chosen.lineNo, name: chosen.skuName };
      return { ...refuse('purchasing:scan.other_model', details), overridable: true };
    }
    return withRoom(
      serial.filter((line) => line.skuId === chosen.skuId),
      chosen,
      differs,
    );
  }
  if (serial.length === 0)
    return { ...refuse('purchasing:scan.no_lines', { model: model?.name ?? '' }), addText: model?.name ?? '' };
  const candidates =
    model?.productId === null || model === undefined
      ? serial
      : serial.filter((line) => line.productId === model.productId);
  if (candidates.length === 0 && model)
    return { ...refuse('purchasing:scan.model_missing', { model: model.name }), addText: model.name };
  const skus = new Set(candidates.map((line) => line.skuId));
  const first = candidates[0];
  if (skus.size !== 1 || !first) return refuse('purchasing:scan.choose_line', { count: skus.size });
  return withRoom(candidates, first, false);
}

function withRoom(lines: readonly ScanLine[], preferred: ScanLine, overridden: boolean): LineChoice {
  const hasRoom = (line: ScanLine): boolean => line.countsScans || line.received < line.quantity;
  const line = hasRoom(preferred) ? preferred : lines.find(hasRoom);
  if (line) return { line, overridden };
  const { lineNo, skuName, quantity } = preferred;
  return refuse('purchasing:scan.line_full', { line: lineNo, name: skuName, count: quantity });
}

function refuse(code: string, details: Record<string, unknown>): { reason: ScanReason } {
  return { reason: { code, details } };
}
