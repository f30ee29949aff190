import type { Actor } from '../platform/permissions';
import type { Translate } from '../platform/i18n';
import type { Services } from '../platform/services';
import { refusal } from './serve';

export interface ProductParts {
  services: Services;
  t: Translate;
  /** Who the audit log names. */
  actor: Actor;
}

/** Opens the product for one command and closes it again. `file`: the configuration file. What the operator can mend is refused. */
export async function withProduct<T>(file: string | undefined, work: (parts: ProductParts) => Promise<T>): Promise<T> {
  const { loadConfig } = await import('../platform/config');
  const { silentLogger } = await import('../platform/logging');
  const { systemActor } = await import('../platform/permissions');
  const { openProduct } = await import('../app/product');
  const { terminalTexts } = await import('./words');
  const { services, close } = await openProduct(loadConfig({ file }), silentLogger()).catch((error: unknown) => {
    throw refusal(error) ?? error;
  });
  try {
    return await work({ services, t: terminalTexts(), actor: systemActor('command line') });
  } finally {
    await close();
  }
}
