import type { Facts } from '../../../platform/views';
import type { ProtectionView } from '../queries/protection-page';
import type { ProtectionCtx } from './protection-parts';

/** What was asked for, what came of it and where it went in the books. */
export function protectionMoney({ t, f }: ProtectionCtx, { money }: ProtectionView): Facts {
  const { claimedFen = 0, agreedFen = null, taxFen = null, stockFen = null, settledFen = null } = money ?? {};
  return {
    money: true,
    facts: [
      {
        label: t('purchasing:protection.claimed'),
        value: f.moneyYuan(claimedFen),
        strong: agreedFen === null,
      },
      ...(agreedFen === null
        ? []
        : [
            { label: t('purchasing:protection.agreed'), value: f.moneyYuan(agreedFen), strong: true },
            { label: t('purchasing:protection.tax'), value: f.money(taxFen) },
            { label: t('purchasing:protection.toStock'), value: f.money(stockFen) },
            {
              label: t('purchasing:protection.toCost'),
              value: f.money(agreedFen - (taxFen ?? 0) - (stockFen ?? 0)),
            },
          ]),
      ...(settledFen === null
        ? []
        : [
            { label: t('purchasing:protection.settled'), value: f.money(settledFen) },
            { label: t('purchasing:protection.difference'), value: f.moneySigned(settledFen - (agreedFen ?? 0)) },
          ]),
    ],
  };
}
