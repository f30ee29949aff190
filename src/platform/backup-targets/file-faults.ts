import { isDomainError } from '../../kernel';
import { StalledError } from './pump';
import { targetError, type TargetFault, type TargetIdentity } from './target';

const BY_CODE: Readonly<Record<string, TargetFault>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'readOnly',
  ENOENT: 'missing',
  ENOTDIR: 'noFolder',
  EEXIST: 'noFolder',
  EIO: 'vanished',
  ENODEV: 'vanished',
  ENXIO: 'vanished',
  ESTALE: 'vanished',
  ENOTCONN: 'vanished',
  EHOSTDOWN: 'vanished',
};

/** An error of the file system as a fault of the target; what is one already stays. */
export function fileFault(target: TargetIdentity, error: unknown): unknown {
  if (isDomainError(error)) return error;
  if (error instanceof StalledError) return targetError(target, 'stalled', { seconds: error.seconds }, error);
  const fault = BY_CODE[(error as NodeJS.ErrnoException).code ?? ''];
  return fault ? targetError(target, fault, { detail: (error as Error).message }, error) : error;
}
