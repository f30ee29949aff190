import type { Check } from '../../platform/checks';
import { backupChecks } from './backup-checks';
import { bookChecks } from './book-checks';
import { connectionChecks } from './connection-checks';
import { keyChecks } from './key-checks';
import { peopleChecks } from './people-checks';
import type { ProductContext } from './product-context';
import { schemaChecks } from './schema-checks';
import { workChecks } from './work-checks';

/** Checks of an installed product, file and schema first: what comes after needs them. */
export const productChecks: readonly Check<ProductContext>[] = [
  ...schemaChecks,
  ...bookChecks,
  ...keyChecks,
  ...peopleChecks,
  ...workChecks,
  ...connectionChecks,
  ...backupChecks,
];
