import { chunked, type Reader, sql } from '../../../platform/database';

export interface TacModel {
  /** '' when the table does not say. */
  brandText: string;
  modelText: string;
  productId: number | null;
}

/** What the first eight digits of IMEIs say about the models; keys are the TACs that are known. */
export async function modelsByTac(read: Reader, imeis: readonly string[]): Promise<Map<string, TacModel>> {
  const found = new Map<string, TacModel>();
  const codes = [...new Set(imeis.map((imei) => imei.slice(0, 8)))].filter((code) => /^\d{8}$/.test(code));
  for (const chunk of chunked(codes)) {
    const rows = await read.all<Omit<TacModel, 'brandText'> & { code: string; brandText: string | null }>(
      sql`SELECT code, brand_text, model_text, product_id FROM tac WHERE code IN (${sql.list(chunk)})`,
    );
    for (const { code, brandText, ...model } of rows) found.set(code, { ...model, brandText: brandText ?? '' });
  }
  return found;
}
