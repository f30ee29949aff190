import type { Facts, KeyFigures, Life, PageHead } from '../components';
import { stateLabel } from '../states';
import type { Say } from './say';

export interface SampleDevicePage {
  head: PageHead;
  figures: KeyFigures;
  life: Life;
  numbers: Facts;
  warranty: Facts;
  cost: Facts;
}

function life({ say, f }: Say): Life {
  const at = (dateOn: string, time: string) => `${f.date(dateOn)} ${time}`;
  return {
    entries: [
      {
        icon: 'user-check',
        tone: 'ok',
        at: at('2026-10-20', '16:12'),
        what: say('device.handedOver'),
        document: { href: '#repair', label: 'WX261016-NJ01-0004' },
        say: say('device.handedOverSay'),
      },
      {
        icon: 'replace',
        tone: 'repair',
        at: at('2026-10-19', '11:40'),
        what: say('device.boardReplaced'),
        say: say('device.oldNumberFinds'),
        imei: '352099004128977',
      },
      {
        icon: 'tool',
        tone: 'repair',
        at: at('2026-10-16', '14:05'),
        what: say('device.intake'),
        say: say('device.intakeSay'),
        amount: f.money(0),
      },
      {
        icon: 'receipt',
        tone: 'gone',
        at: at('2026-08-09', '15:27'),
        what: say('device.sold'),
        document: { href: '#sale', label: 'XS260809-NJ01-0031' },
        say: say('device.soldSay'),
        amount: f.moneySigned(624900),
      },
      {
        icon: 'bookmark',
        tone: 'hold',
        at: at('2026-08-08', '20:11'),
        what: say('device.reserved'),
        say: say('device.reservedSay'),
        amount: f.money(20000),
      },
      {
        icon: 'discount',
        tone: 'ok',
        at: at('2026-08-05', '09:30'),
        what: say('device.priceProtection'),
        document: { href: '#claim', label: 'JB260805-ZC01-0002' },
        amount: f.money(-15000),
      },
      {
        icon: 'truck-delivery',
        tone: 'way',
        at: at('2026-07-23', '17:50'),
        what: say('device.sent'),
        document: { href: '#transfer', label: 'DB260723-ZC01-0011' },
      },
      {
        icon: 'truck-loading',
        tone: 'ok',
        at: at('2026-07-22', '11:03'),
        what: say('device.received'),
        document: { href: '#receipt', label: 'RK260722-ZC01-0005' },
        say: '深圳华盛通讯',
        amount: f.money(531200),
      },
    ],
  };
}

/** A device that was sold and repaired; its number changed with the board. */
export function sampleDevicePage(voice: Say): SampleDevicePage {
  const { say, t, f } = voice;
  return {
    head: {
      crumbs: [{ label: say('list.title'), href: '#devices' }],
      title: 'iPhone 17 256G 薰衣草紫',
      state: stateLabel(t, 'sold', true),
      say: say('device.say'),
      actions: [
        { look: 'quiet', icon: 'printer', label: t('common:action.print'), href: '#print', wideOnly: true },
        { icon: 'replace', label: say('device.swap'), href: '#swap' },
        { look: 'primary', icon: 'tool', label: say('device.repair'), href: '#repair' },
      ],
    },
    figures: {
      label: say('device.figures'),
      cells: [
        { label: t('common:imei.imei1'), imei: '352099004129058', note: say('device.sinceSwap') },
        { label: say('list.cost'), figure: '¥5,162', small: '.00', note: say('device.costNote') },
        { label: say('device.netPrice'), figure: '¥5,530', small: '.09', note: say('device.grossNote') },
        {
          label: say('device.margin'),
          figure: '¥368',
          small: '.09',
          note: say('device.marginNote'),
          change: { direction: 'up', text: f.percent(670), good: true },
        },
        { label: say('device.warranty'), figure: '259', small: say('device.days'), note: say('device.until') },
      ],
    },
    life: life(voice),
    numbers: {
      facts: [
        { label: t('common:imei.imei1'), imei: '352099004129058' },
        { label: t('common:imei.imei2'), imei: '352099004129132' },
        { label: t('common:imei.serialNumber'), imei: 'F4KX9Q2LMD' },
        {
          label: t('common:imei.old'),
          imei: '352099004128977',
          muted: true,
          sub: t('common:imei.until', { date: f.date('2026-10-19') }),
        },
      ],
    },
    warranty: {
      facts: [
        {
          label: say('device.maker'),
          value: `${f.date('2026-08-09')} – ${f.date('2027-08-08')}`,
          meter: { value: 105, max: 365, label: say('device.warranty') },
        },
        {
          label: say('device.repairWarranty'),
          value: say('device.board'),
          meter: { value: 33, max: 90, label: say('device.repairWarranty') },
        },
        { label: say('device.screen'), value: t('common:none') },
      ],
    },
    cost: {
      money: true,
      facts: [
        { label: say('device.receivedCost'), value: f.money(531200) },
        { label: say('device.priceProtection'), value: f.money(-15000) },
        { label: say('list.cost'), value: f.money(516200), strong: true },
        { label: say('device.gross'), value: f.money(624900) },
        { label: say('device.outputTax'), value: f.money(-71891) },
        { label: say('device.netPrice'), value: f.money(553009), strong: true },
        { label: say('device.margin'), value: f.money(36809), strong: true, tone: 'ok' },
      ],
    },
  };
}
