import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SetupEnvironment } from '../../installer/steps';
import type { PayloadState } from '../../src/platform/release';
import { version as ownVersion } from '../../src/platform/version';

/** A file that the setup takes for the packaged program that is running; `payload` says in what state it finds itself. */
export function packagedLookAlike(
  folder: string,
  { version = ownVersion, payload = {} }: { version?: string; payload?: Partial<PayloadState> } = {},
): SetupEnvironment['program'] {
  const file = path.join(folder, `phone-erp-${version}`);
  writeFileSync(file, `program ${version}`, { mode: 0o755 });
  const whole: PayloadState = {
    kind: 'packaged',
    files: 3,
    findings: [],
    signature: { state: 'release', keyId: 'test' },
  };
  return { version, file, payload: () => ({ ...whole, ...payload }) };
}
