import { rmSync } from 'node:fs';
import { ensureOwnCertificate, type OwnCertificateOptions, type OwnCertificateState } from '../../src/platform/tls';
import { makeScratch } from './scratch-folder';

/** Call inside describe(): folders of own certificates, removed after each test. */
export function certificateFolders(): {
  folder: () => string;
  make: (folder: string, options?: Partial<OwnCertificateOptions>) => Promise<OwnCertificateState>;
} {
  const made: string[] = [];
  afterEach(() => made.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));
  return {
    folder: () => {
      const folder = makeScratch('tls');
      made.push(folder);
      return folder;
    },
    make: (folder, options = {}) =>
      ensureOwnCertificate(folder, { names: { dns: ['localhost'], addresses: ['127.0.0.1'] }, ...options }),
  };
}
