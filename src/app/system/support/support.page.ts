import { listContacts, SUPPORT_BUNDLE, SUPPORT_DIAGNOSE, SUPPORT_MANAGE, type SupportContactRow } from '../../support';
import type { Ctx } from '../../../platform/http';
import { version } from '../../../platform/version';
import type { Action, Facts, List, PageHead } from '../../../platform/views';
import { GUIDES } from './guides';

export const SUPPORT = '/support';
export const CONTACTS = '/administration/contacts';

export interface SupportPage {
  head: PageHead;
  contacts: List;
  guides: { title: string; say: string; href: string; icon: string }[];
  bundle: { title: string; say: string; action: Action } | null;
  facts: Facts['facts'];
}

/** For everybody: whom to ask, and what to tell them. What only administrators may do stands below for them alone. */
export async function supportPage(ctx: Ctx): Promise<SupportPage> {
  const { t } = ctx;
  const mayManage = ctx.can(SUPPORT_MANAGE);
  const add: Action = { label: t('support:add'), href: `${CONTACTS}/new`, icon: 'plus', look: 'primary' };
  return {
    head: { title: t('support:title'), say: t('support:say'), actions: mayManage ? [add] : [] },
    contacts: {
      table: contactTable(ctx, await listContacts(ctx.read), mayManage),
      empty: { title: t('support:none'), text: t(mayManage ? 'support:noneHint' : 'support:noneHintOthers') },
    },
    guides: ctx.can(SUPPORT_DIAGNOSE)
      ? GUIDES.map(({ id, icon, href }) => ({
          title: t(`support:guide.${id}.title`),
          say: t(`support:guide.${id}.say`),
          icon,
          href,
        }))
      : [],
    bundle: ctx.can(SUPPORT_BUNDLE)
      ? {
          title: t('support:bundle.title'),
          say: t('support:bundle.say'),
          action: {
            label: t('support:bundle.make'),
            href: '/administration/support-bundle',
            method: 'post',
            icon: 'download',
          },
        }
      : null,
    facts: [
      { label: t('support:version'), value: version },
      { label: t('support:edition'), value: t(`common:edition.${ctx.services.config.edition}`) },
    ],
  };
}

function contactTable(ctx: Ctx, contacts: readonly SupportContactRow[], mayManage: boolean): List['table'] {
  const { t } = ctx;
  return {
    id: 'contacts',
    caption: t('support:contacts'),
    columns: [
      { key: 'name', label: t('support:field.name'), card: 'title' },
      { key: 'kind', label: t('support:field.kind'), card: 'state' },
      { key: 'phone', label: t('support:field.phone'), card: 'full' },
      { key: 'mail', label: t('support:field.mail'), card: 'full' },
      { key: 'online', label: t('support:field.onlineService'), card: 'full' },
      { key: 'hours', label: t('support:field.hours'), card: 'full' },
    ],
    rows: contacts.map((row) => ({
      id: row.id,
      cells: [
        {
          text: row.name,
          ...(row.duty ? { sub: row.duty } : {}),
          strong: true,
          ...(mayManage ? { href: `${CONTACTS}/${row.id}` } : {}),
        },
        {
          state: {
            tone: row.kind === 'vendor' ? ('way' as const) : ('ok' as const),
            text: t(`support:kind.${row.kind}`),
          },
        },
        row.phone ? { text: row.phone, href: `tel:${row.phone.replace(/[^\d+]/g, '')}` } : '',
        row.mail ? { text: row.mail, href: `mailto:${row.mail}` } : '',
        row.onlineService
          ? { text: row.onlineService, ...(isAddress(row.onlineService) ? { href: row.onlineService } : {}) }
          : '',
        row.hours ?? '',
      ],
    })),
  };
}

const isAddress = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text);
