import { defineMachine } from '../../../kernel';

/** `credited`: the supplier paid or set it off. Drafts may also be deleted: nothing of them is in the books. */
export type ProtectionState = 'draft' | 'submitted' | 'agreed' | 'credited' | 'refused' | 'reversed';

export type ProtectionStep = 'submit' | 'recall' | 'agree' | 'refuse' | 'settle' | 'unsettle' | 'reverse';

export const protectionMachine = defineMachine<ProtectionState, ProtectionStep>({
  name: 'price_protection',
  initial: 'draft',
  final: ['credited', 'refused', 'reversed'],
  transitions: {
    draft: { submit: 'submitted' },
    submitted: { recall: 'draft', agree: 'agreed', refuse: 'refused' },
    agreed: { settle: 'credited', reverse: 'reversed' },
    credited: { unsettle: 'agreed' },
    refused: {},
    reversed: {},
  },
});
