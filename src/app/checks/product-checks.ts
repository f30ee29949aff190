import type { Check } from '../../platform/checks';
import { backupChecks } from './backup-checks';
import { bookChecks } from './book-checks';
import { connectionChecks } from './connection-checks';
import { keyChecks } from './key-checks';
import { peopleChecks } from './people-checks';
import { performanceChecks } from './performance-checks';
import type { ProductContext } from './product-context';
import { schemaChecks } from './schema-checks';
import { supportChecks } from './support-checks';
import { workChecks } from './work-checks';

const further = [
  ...bookChecks,
  ...keyChecks,
  ...peopleChecks,
  ...workChecks,
  ...performanceChecks,
  ...connectionChecks,
  ...backupChecks,
  ...supportChecks,
];

/** Checks of an installed product, file and schema first: what comes after needs them. Those of one category stand together. */
export const productChecks: readonly Check<ProductContext>[] = [
  ...schemaChecks,
  ...[...new Set(further.map(({ category }) => category))].flatMap((category) =>
    further.filter((check) => check.category === category),
  ),
];
