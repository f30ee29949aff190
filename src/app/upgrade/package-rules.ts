import { DomainError } from '../../kernel';
import { payloadSignature, type ReleaseReport } from '../../platform/release';

/**
 * Refuses a package that is not what its maker published. What was changed is refused always; who signed it can be let through.
 * The development key is known to everybody: a program that a release key signed takes nothing that was signed with it.
 */
export function refusePackage({ findings, signature }: ReleaseReport, unsignedAllowed: boolean): void {
  const listed = findings.filter(({ problem }) => problem !== 'no-list' && problem !== 'unlisted');
  const [wrong] = listed;
  if (wrong)
    throw new DomainError('upgrade:error.package_changed', { details: { file: wrong.file, problem: wrong.problem } });
  if (unsignedAllowed) return;
  if (findings.length > 0) throw new DomainError('upgrade:error.no_list', { status: 409 });
  const strict = payloadSignature()?.state === 'release';
  if (signature.state === 'release' || (signature.state === 'development' && !strict)) return;
  throw new DomainError('upgrade:error.signature', { status: 409, details: { state: signature.state } });
}
