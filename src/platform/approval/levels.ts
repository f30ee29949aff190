export interface ApprovalLevel {
  name: string;
  /** Documents of this amount and above need it. */
  fromFen: number;
  /** Code of the role whose holders approve; null: everybody with the right to approve. */
  roleCode: string | null;
  /** May be approved by who submitted the document. */
  own: boolean;
}

/** The levels that a document of this amount goes through, the lowest first. */
export function levelsFor<L extends ApprovalLevel>(levels: readonly L[], amountFen: number): L[] {
  return levels.filter(({ fromFen }) => fromFen <= amountFen).sort((a, b) => a.fromFen - b.fromFen);
}

export interface Approver {
  userId: number | null;
  /** In each of the document’s stores. */
  roles: readonly string[];
}

export type ApprovalRefusal = 'own' | 'role';

/**
 * Why this person may not approve a level; null when they may. Who may approve a later level may approve the ones before it
 * as well. Who acts without an account (a command on the server) may approve everything.
 */
export function approvalRefusal(
  approver: Approver,
  submittedBy: number | null,
  level: ApprovalLevel,
  laterOnes: readonly ApprovalLevel[],
): ApprovalRefusal | null {
  if (approver.userId === null) return null;
  if (!level.own && approver.userId === submittedBy) return 'own';
  const holds = ({ roleCode }: ApprovalLevel): boolean => roleCode === null || approver.roles.includes(roleCode);
  // A later level for everybody gives nobody the say of a role before it.
  return holds(level) || laterOnes.some((later) => later.roleCode !== null && holds(later)) ? null : 'role';
}
