import { defineMachine } from '../../../kernel';

/** `sent`: something of it is on the way. A transfer is done when each piece that left has been received, returned or written off. */
export const TRANSFER_STATES = ['draft', 'requested', 'approved', 'sent', 'done', 'rejected', 'cancelled'] as const;
export type TransferState = (typeof TRANSFER_STATES)[number];

export type TransferEvent =
  'request' | 'approve' | 'reject' | 'withdraw' | 'cancel' | 'send' | 'recall' | 'finish' | 'reopen';

/** `recall`: the sending was reversed; `reopen`: what ended the transfer was reversed. */
export const transferMachine = defineMachine<TransferState, TransferEvent>({
  name: 'transfer',
  initial: 'draft',
  final: ['done', 'rejected', 'cancelled'],
  transitions: {
    draft: { request: 'requested', approve: 'approved', cancel: 'cancelled' },
    requested: { approve: 'approved', reject: 'rejected', withdraw: 'draft', cancel: 'cancelled' },
    approved: { send: 'sent', withdraw: 'draft', cancel: 'cancelled' },
    sent: { finish: 'done', recall: 'approved' },
    done: { reopen: 'sent' },
    rejected: {},
    cancelled: {},
  },
});

/** What a posting of a transfer does: goods leave, arrive, go back to the sender, or are written off. */
export const STEP_KINDS = ['send', 'receive', 'return', 'loss'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** Where a device of a transfer is; `picked` ones have not left. */
export const TRANSFER_DEVICE_STATES = ['picked', 'sent', 'received', 'returned', 'lost'] as const;
export type TransferDeviceState = (typeof TRANSFER_DEVICE_STATES)[number];

export const endOf = (kind: Exclude<StepKind, 'send'>): TransferDeviceState => ENDS[kind];

const ENDS = { receive: 'received', return: 'returned', loss: 'lost' } as const;
