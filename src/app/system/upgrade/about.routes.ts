import { page, redirect, type Route } from '../../../platform/http';
import { payloadSignature } from '../../../platform/release';
import { version } from '../../../platform/version';
import type { Facts } from '../../../platform/views';
import { programUpgrade } from '../../maintenance';
import { releaseNotes } from '../../upgrade/look';
import { chapterOf } from '../manual';
import type { SystemPages } from '../system-pages';

export const ABOUT = '/about';
const access = 'signed-in';
const SHOWN = 10;

/** 关于: which version this is, what it brought, and the versions before it. Seen once, its news leaves the top of the pages. */
export function aboutRoutes({ news }: SystemPages): Route[] {
  return [
    {
      method: 'get',
      path: ABOUT,
      access,
      handler: async (ctx) => {
        const { t, f, locale, read, services } = ctx;
        const notes = releaseNotes();
        const text = notes[locale] ?? notes['zh-CN'];
        const signature = payloadSignature();
        const upgrades = await read.find(programUpgrade, {});
        const facts: Facts['facts'] = [
          { label: t('upgrade:about.version'), value: version, strong: true },
          { label: t('upgrade:about.edition'), value: t(`common:edition.${services.config.edition}`) },
          {
            label: t('upgrade:about.signature'),
            value: signature
              ? t(`release:signature.${signature.state}`, { keyId: signature.keyId ?? '' })
              : t('upgrade:about.source'),
          },
          ...upgrades
            .sort((a, b) => b.finishedAt - a.finishedAt)
            .slice(0, SHOWN)
            .map(({ fromVersion, toVersion, finishedAt }) => ({
              label: t('upgrade:about.upgraded', { from: fromVersion, to: toVersion }),
              value: f.dateTime(finishedAt),
            })),
        ];
        return page('upgrade/about', t('upgrade:about.title'), {
          head: { title: t('upgrade:about.title'), say: t('common:product') },
          facts: { facts },
          html: text === undefined ? '' : chapterOf('release', text).html,
        });
      },
    },
    {
      method: 'post',
      path: `${ABOUT}/news-seen`,
      access,
      handler: async ({ uow, actor, body }) => {
        await news.putAway(uow, actor);
        return redirect(body['to'] === 'about' ? ABOUT : '/');
      },
    },
  ];
}
