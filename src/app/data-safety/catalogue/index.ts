import { booksData } from './books';
import { financeData } from './finance';
import { inventoryData } from './inventory';
import { masterData } from './master-data';
import type { CatalogueEntry, DataKind, Protection, RetentionId } from './entry';
import { platformData } from './platform';
import { purchasingData } from './purchasing';
import { salesData } from './sales';

export type { CatalogueEntry, DataKind, Protection, RetentionId } from './entry';

/** Every table and column of the product: what it tells about people, how it is protected, how long it is kept. */
export const dataCatalogue: Readonly<Record<string, CatalogueEntry>> = {
  ...masterData,
  ...purchasingData,
  ...inventoryData,
  ...salesData,
  ...financeData,
  ...booksData,
  ...platformData,
};

export interface PersonalColumn {
  table: string;
  column: string;
  kind: DataKind;
  protection: Protection;
  retention: RetentionId;
}

/** The columns that tell about people, in the order of the catalogue. */
export const personalColumns = (): PersonalColumn[] =>
  Object.entries(dataCatalogue).flatMap(([table, { personal, retention }]) =>
    Object.entries(personal).map(([column, words]): PersonalColumn => {
      const [kind, protection] = words.split(' ') as [DataKind, Protection];
      return { table, column, kind, protection, retention };
    }),
  );
